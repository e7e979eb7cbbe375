"""The proof room asked over HTTP, by its own page and by those who mean harm. One server for all tests."""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pypdfium2
import pytest

from conftest import two_cards
from livret.project import Project
from livret.proofroom import application, guard, history, server
from livret.proofroom.server import ProofRoom, Serving
from livret.proofroom.watcher import Watcher

# Nobody waits as long as this unless something is wrong.
PATIENCE = 90.0


@contextmanager
def running(folder: Path, host: str = "127.0.0.1") -> Iterator[tuple[ProofRoom, list[str]]]:
    """A proof room in a thread of this process, and what it says."""
    said: list[str] = []
    room = ProofRoom(Project.at(folder), Serving(host, 18600, 1, said.append))
    thread = threading.Thread(target=room.run)
    thread.start()
    try:
        end = time.monotonic() + PATIENCE
        while not any("http:" in line for line in said):
            assert time.monotonic() < end
            time.sleep(0.02)
        yield room, said
    finally:
        room.stop()
        thread.join(PATIENCE)
        assert not thread.is_alive()


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProofRoom]:
    with running(two_cards(tmp_path_factory.mktemp("room") / "project").root) as (started, _):
        yield started


Headers = dict[str, str]


def ask(
    room: ProofRoom, path: str, method: str = "GET", body: bytes | None = None, headers: Headers | None = None
) -> tuple[int, bytes, Headers]:
    """Status, body and headers; with the Host header of a browser unless `headers` has another."""
    connection = http.client.HTTPConnection("127.0.0.1", room.door.port, timeout=PATIENCE)
    given = {"Host": f"127.0.0.1:{room.door.port}", **(headers or {})}
    try:
        connection.putrequest(method, path, skip_host=True)
        for name, value in given.items():
            connection.putheader(name, value)
        if body is not None and "Content-Length" not in given and "Transfer-Encoding" not in given:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders()
        if body is not None:
            connection.send(body)
        answer = connection.getresponse()
        return answer.status, answer.read(), {name.lower(): value for name, value in answer.getheaders()}
    finally:
        connection.close()


def own(room: ProofRoom) -> Headers:
    """The headers of the page's own requests."""
    return {"Origin": f"http://127.0.0.1:{room.door.port}", "Content-Type": "application/json"}


def is_alive(room: ProofRoom) -> bool:
    return ask(room, "/api/words")[0] == 200


def test_the_page_may_use_nothing_but_this_server(room: ProofRoom) -> None:
    status, body, headers = ask(room, "/")
    assert status == 200
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    page = body.decode()
    assert "<style" not in page
    assert "style=" not in page
    assert " on" not in page.replace(" on ", "")
    assert "//" not in page


@pytest.mark.parametrize(
    "path",
    [
        "/static/../server.py",
        "/static/..%2fserver.py",
        "/static/%2e%2e%2f%2e%2e%2fproject.py",
        "/static/..%5cserver.py",
        "/static//etc/passwd",
        "/static/%00",
        "/fonts/../../catalogue/catalogue.yaml",
        "/fonts/..%2f..%2fcatalogue%2fcatalogue.yaml",
        "/picture/..%2f..%2f..%2fetc%2fpasswd?width=200",
        "/picture/" + "a" * 64 + "-0.jpg?width=200",
        "/picture/blank-0.jpg?width=99999999",
        "/picture/blank-0.jpg?width=200&over=../../x-0",
        "/proof/full/..%2f..%2fcatalogue.pdf",
        "/proof/..%2f..%2fx/card-aajt.pdf",
        "/book/..%2f..%2fcatalogue.pdf",
        "/catalogue/catalogue.yaml",
        "/.store/notes",
    ],
)
def test_nothing_but_the_page_and_pictures_is_served(room: ProofRoom, path: str) -> None:
    status, body, _ = ask(room, path)
    assert status == 404
    assert b"Le forum" not in body
    assert b"import" not in body


def test_a_link_in_the_output_folder_leads_to_nothing_outside_it(room: ProofRoom, tmp_path: Path) -> None:
    secret = tmp_path / "secret.pdf"
    secret.write_text("secret")
    book = room.session.project.output / "full" / "full-screen.pdf"
    book.parent.mkdir(parents=True, exist_ok=True)
    book.unlink(missing_ok=True)
    book.symlink_to(secret)
    status, body, _ = ask(room, "/book/full.pdf")
    book.unlink()
    assert status == 404
    assert b"secret" not in body


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:{port}", "127.0.0.1.evil.example:{port}", "127.0.0.1:1", "", "10.0.0.1:{port}"],
)
def test_another_host_is_refused_so_that_no_name_can_be_rebound(room: ProofRoom, host: str) -> None:
    status, body, _ = ask(room, "/api/room", headers={"Host": host.format(port=room.door.port)})
    assert status == 421
    assert b"forum" not in body


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1:{port}", "http://127.0.0.1:1"])
def test_another_origin_changes_nothing_and_reads_nothing(room: ProofRoom, origin: str) -> None:
    headers = {"Origin": origin.format(port=room.door.port), "Content-Type": "application/json"}
    assert ask(room, "/api/look", "POST", b"{}", headers)[0] == 403
    assert ask(room, "/api/room", headers=headers)[0] == 403


def test_a_change_without_an_origin_is_refused(room: ProofRoom) -> None:
    assert ask(room, "/api/look", "POST", b"{}", {"Content-Type": "application/json"})[0] == 403


def test_another_site_cannot_embed_what_is_here_but_may_link_to_it(room: ProofRoom) -> None:
    assert ask(room, "/api/room", headers={"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"})[0] == 403
    assert ask(room, "/", headers={"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"})[0] == 200


def test_two_hosts_in_one_request_are_refused(room: ProofRoom) -> None:
    with socket.create_connection(("127.0.0.1", room.door.port), PATIENCE) as client:
        port = room.door.port
        client.sendall(f"GET /api/room HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nHost: evil.example\r\n\r\n".encode())
        assert b" 400 " in client.recv(200).partition(b"\r\n")[0]


def test_a_form_of_another_page_is_no_json(room: ProofRoom) -> None:
    headers = own(room) | {"Content-Type": "text/plain"}
    assert ask(room, "/api/look", "POST", b'{"edition": "full"}', headers)[0] == 415


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'{"a": 1}', b'{"edition": 3}', b"\xff\xfe", b"[" * 100_000, b'{"part": null}']
)
def test_json_that_is_not_right_is_refused(room: ProofRoom, body: bytes) -> None:
    status, answer, _ = ask(room, "/api/look", "POST", body, own(room))
    assert status == 400
    assert json.loads(answer)["error"]
    assert is_alive(room)


def test_a_body_over_one_megabyte_is_refused_before_it_is_read(room: ProofRoom) -> None:
    assert ask(room, "/api/look", "POST", b"{}", own(room) | {"Content-Length": "1048577"})[0] == 413
    assert is_alive(room)


def test_a_body_without_a_length_is_counted(room: ProofRoom) -> None:
    chunk = b"40000\r\n" + b"x" * 0x40000 + b"\r\n"
    status = ask(room, "/api/look", "POST", chunk * 5 + b"0\r\n\r\n", own(room) | {"Transfer-Encoding": "chunked"})[0]
    assert status == 413
    assert is_alive(room)


def test_a_request_that_tells_its_length_in_two_ways_is_refused_and_nothing_after_it_is_read(room: ProofRoom) -> None:
    top = f"Host: 127.0.0.1:{room.door.port}\r\n"
    first = f"POST /api/look HTTP/1.1\r\n{top}Origin: http://127.0.0.1:{room.door.port}\r\n"
    both = "Content-Type: application/json\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    with socket.create_connection(("127.0.0.1", room.door.port), PATIENCE) as client:
        client.sendall(f"{first}{both}GET /api/words HTTP/1.1\r\n{top}\r\n".encode())
        answer = b"".join(iter(lambda: client.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert answer.count(b"HTTP/1.1 ") == 1


def test_methods_that_nobody_needs_are_refused(room: ProofRoom) -> None:
    assert ask(room, "/", "TRACE")[0] == 405
    assert ask(room, "/api/approve")[0] == 405


def test_two_hundred_connections_at_once_leave_the_server_alive(room: ProofRoom) -> None:
    clients = [socket.create_connection(("127.0.0.1", room.door.port), PATIENCE) for _ in range(200)]
    for client in clients:
        client.close()
    end = time.monotonic() + PATIENCE
    while not is_alive(room):
        assert time.monotonic() < end


def test_a_client_that_sends_its_head_too_slowly_is_left(room: ProofRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "HEAD_SECONDS", 0.5)
    with socket.create_connection(("127.0.0.1", room.door.port), PATIENCE) as client:
        client.sendall(b"GET / HTTP/1.1\r\n")
        client.settimeout(PATIENCE)
        assert client.recv(100) == b""
    # A busy machine may need longer to send a head that is right.
    monkeypatch.undo()
    assert is_alive(room)


def test_a_client_that_sends_its_body_too_slowly_is_left(room: ProofRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "BODY_SECONDS", 0.5)
    with socket.create_connection(("127.0.0.1", room.door.port), PATIENCE) as client:
        head = f"POST /api/look HTTP/1.1\r\nHost: 127.0.0.1:{room.door.port}\r\nContent-Length: 100\r\n"
        client.sendall(head.encode() + "".join(f"{name}: {value}\r\n" for name, value in own(room).items()).encode())
        client.sendall(b"\r\n{")
        client.settimeout(PATIENCE)
        assert b" 408 " in client.recv(100)
    assert is_alive(room)


def test_a_port_in_use_is_said_and_the_next_one_taken(room: ProofRoom, tmp_path: Path) -> None:
    said: list[str] = []
    other = ProofRoom(
        Project.at(two_cards(tmp_path / "project").root), Serving("127.0.0.1", room.door.port, 1, said.append)
    )
    assert other.door.port > room.door.port
    assert said == [f"port {room.door.port} is in use; {other.door.port} is taken"]
    other.close()


def test_another_address_asks_for_the_token_that_is_printed(tmp_path: Path) -> None:
    with running(two_cards(tmp_path / "project").root, "0.0.0.0") as (room, said):
        token = said[-1].partition("?token=")[2].partition(" ")[0]
        assert len(token) >= 32
        assert ask(room, "/")[0] == 403
        assert ask(room, "/?token=wrong")[0] == 403
        status, body, headers = ask(room, "/", headers={"Accept": "text/html", "Accept-Language": "fr"})
        assert (status, headers["content-type"]) == (403, "text/plain; charset=utf-8")
        assert body.decode().endswith("ouvrir l’adresse que livret serve a affichée")
        status, _, headers = ask(room, f"/?token={token}")
        assert status == 200
        cookie = headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie
        assert ask(room, "/api/room", headers={"Cookie": cookie.partition(";")[0]})[0] == 200
        assert ask(room, "/api/room", headers={"Host": f"evil.example:{room.door.port}"})[0] == 421


def test_a_proof_has_what_was_saved_last_though_that_is_still_to_be_read(room: ProofRoom) -> None:
    proof = "/proof/full/card-kodiko.pdf"
    end = time.monotonic() + PATIENCE
    while ask(room, proof)[0] != 200:
        assert time.monotonic() < end
        time.sleep(0.2)
    held = threading.Event()
    room.session.desk.urgent(held.wait)
    card = room.session.project.catalogue / "initiatives" / "kodiko.yaml"
    card.write_text(card.read_text(encoding="utf-8").replace("réunit", "rassemble"), encoding="utf-8")
    room.session.changed([card])
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(ask, room, proof)
        wait([answer], 1)
        held.set()
    document = pypdfium2.PdfDocument(answer.result()[1])
    assert any("rassemble" in page.get_textpage().get_text_bounded() for page in document)
    document.close()


def test_an_edition_whose_first_page_takes_long_is_to_be_asked_for_again(
    room: ProofRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(application, "FIRST_SECONDS", 0.1)
    monkeypatch.setattr(room.session, "live", lambda *_: SimpleNamespace(view=None))
    status, _, headers = ask(room, "/api/wall?edition=full&layout=forum")
    assert (status, headers["retry-after"]) == (503, "1")


def test_the_words_of_the_page_are_in_the_language_of_the_browser(room: ProofRoom) -> None:
    told = {
        asked: json.loads(ask(room, "/api/words", headers={"Accept-Language": asked})[1])
        for asked in ("fr-CA,fr;q=0.9,en;q=0.5", "de,en;q=0.8,fr;q=0.7", "ja", "")
    }
    assert [one["language"] for one in told.values()] == ["fr", "en", "en", "en"]
    assert told["fr-CA,fr;q=0.9,en;q=0.5"]["words"]["all_themes"] == "Tous les thèmes"
    assert told["ja"]["words"]["all_themes"] == "All themes"


def test_git_knows_who_changed_a_card_and_nothing_is_said_without_git(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "PATIENCE", PATIENCE)
    folder = two_cards(tmp_path / "project")
    assert history.changes(folder.project, "catalogue/initiatives/aajt.yaml") == []
    commands = (
        ["init", "-q"],
        ["add", "."],
        ["-c", "user.name=Jeanne", "-c", "user.email=j@example.org", "commit", "-qm", "Première version"],
    )
    for command in commands:
        subprocess.run(["git", *command], cwd=folder.root, check=True)
    (found,) = history.changes(folder.project, "catalogue/initiatives/aajt.yaml")
    assert (found["by"], found["text"]) == ("Jeanne", "Première version")


class Seen:
    """In place of a session: what the watcher tells."""

    def __init__(self) -> None:
        self.paths: list[str] = []

    def changed(self, paths: list[Path]) -> None:
        self.paths += [path.name for path in paths]

    def until(self, name: str) -> None:
        end = time.monotonic() + PATIENCE
        while name not in self.paths:
            assert time.monotonic() < end, self.paths
            time.sleep(0.02)


def test_what_is_saved_is_seen_also_in_a_folder_that_is_made_meanwhile(tmp_path: Path) -> None:
    folder, seen = two_cards(tmp_path / "project"), Seen()
    watcher = Watcher(folder.project, seen)  # type: ignore[arg-type]
    watcher.start()
    try:
        # It is not known when the system has begun to watch.
        end = time.monotonic() + PATIENCE
        while not seen.paths:
            assert time.monotonic() < end
            folder.write("initiatives/premier.yaml", "pilot: {name: Premier}\n")
            time.sleep(0.1)
        folder.write("initiatives/.aajt.yaml.swp", "")
        folder.write("initiatives/neuf.yaml", "pilot: {name: Neuf}\n")
        seen.until("neuf.yaml")
        assert ".aajt.yaml.swp" not in seen.paths
        own = folder.root / "layouts" / "own"
        own.mkdir(parents=True)
        (own / "card.css").write_text("p { color: red }", encoding="utf-8")
        seen.until("card.css")
        for number in range(20):
            # Written before the system can watch the new folder.
            folder.write(f"pages-{number}/note-{number}.yaml", "title: Note\n")
            seen.until(f"note-{number}.yaml")
    finally:
        watcher.close()


def test_a_card_in_two_languages_has_a_budget_of_words_for_each(tmp_path: Path) -> None:
    folder = two_cards(tmp_path / "project")
    folder.write("initiatives/aajt.en.yaml", "title: A Helping Hand\ndescription: A little help, once.\n")
    folder.write("editions/both.yaml", "languages: [fr, en]\n")
    asked = "/api/spread?edition=both&layout=forum&part=card-aajt"
    with running(folder.root) as (room, _):
        end = time.monotonic() + PATIENCE
        while (answer := ask(room, asked))[0] != 200:
            assert time.monotonic() < end, answer
            time.sleep(0.2)
        budgets = json.loads(answer[1])["budgets"]
    assert [(one["language"], one["words"]) for one in budgets] == [("fr", 10), ("en", 9)]
