"""What the proof room says when something is refused: why, where it belongs, and with the ways out that there are."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import FILES, SVG, two_cards
from serving import Served, form_field, open_form, serve
from web import Browser, Tab

TEXT = FILES["initiatives/aajt.yaml"]
assert isinstance(TEXT, str)
STATUS = "document.querySelector('.saved').textContent"
ALERT = "document.querySelector('.edit-alert')"
SEEN = "[...document.querySelectorAll('.pane .buttons button')].filter((one) => one.offsetParent)"
BUTTONS = f"{SEEN}.map((one) => one.textContent)"
DIGEST = (
    "fetch('/api/spread?edition=full&layout=forum&part=card-aajt').then((one) => one.json())"
    ".then((one) => one.sign_off.digest)"
)
LOST = "The proof room does not answer; the page tries again"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serve(two_cards(tmp_path_factory.mktemp("refusals") / "project").root) as started:
        started.remember("aajt")
        yield started


@pytest.fixture
def tab(chromium: Browser, served: Served, card: Path) -> Iterator[Tab]:
    """The card with its form."""
    tab = chromium.tab()
    tab.size(1280, 900)
    open_form(tab, f"{served.address}#/full/forum/card-aajt")
    yield tab
    chromium.close()


def told(*path: str | int) -> str:
    return f"{form_field(*path)}.querySelector(':scope > .told-here').textContent"


def write(tab: Tab, text: str) -> None:
    """Type another title, and leave the field."""
    box = f"{form_field('title')}.querySelector('input')"
    tab.run(f"{box}.focus(); {box}.select()")
    tab.ask("Input.insertText", text=text)
    tab.run(f"{box}.blur()")


def drop(tab: Tab, name: str, content: str, *path: str | int) -> None:
    """Drop a file onto a field; `content` is an expression of JavaScript."""
    tab.run(
        f"(() => {{ const data = new DataTransfer(); data.items.add(new File([{content}], {name!r}));"
        f" {form_field(*path)}.dispatchEvent(new DragEvent('drop', {{ dataTransfer: data, bubbles: true }})); }})()"
    )


def silent(tab: Tab, path: str) -> None:
    """Requests to this path get no answer from now on."""
    tab.ask("Network.setBlockedURLs", urlPatterns=[{"urlPattern": f"http://*:*{path}*", "block": True}])


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("plan.png", "'%PDF-1.7'", 'Error the picture "plan.png" is a PDF'),
        ("photo.jpg", "new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 16])", 'Error the picture "photo.jpg" '),
        (
            "vast.png",
            "new ArrayBuffer(64 * 2 ** 20 + 1)",
            'Error the picture "vast.png" is larger than the 64 MB that Livret reads save it smaller, or as JPEG',
        ),
    ],
)
def test_a_picture_that_is_refused_is_told_at_its_field_and_no_choice_is_offered(
    tab: Tab, card: Path, name: str, content: str, why: str
) -> None:
    for path in (("pilot", "logo"), ("images", 0, "file")):
        drop(tab, name, content, *path)
        tab.until(f"{STATUS} === 'Not saved'")
        tab.until(f"{told(*path)}.startsWith({why!r})")
        assert tab.run(f"{ALERT}.textContent") == ""
        assert tab.run(BUTTONS) == []
    assert card.read_text(encoding="utf-8") == TEXT
    drop(tab, "neuf.svg", repr(SVG), "pilot", "logo")
    tab.until(f"{STATUS} === 'Saved'")
    assert tab.run(told("pilot", "logo")) == ""
    assert card.read_text(encoding="utf-8") == TEXT.replace("logo: images/aajt.svg", "logo: images/neuf.svg")


def test_a_value_that_cannot_be_written_is_told_at_its_field_with_the_way_back(tab: Tab, card: Path) -> None:
    twice = TEXT.replace("title: Coup de Pouce", "title: &title Coup de Pouce\nresults: *title")
    card.write_text(twice, encoding="utf-8")
    tab.until(f"{form_field('results')}.querySelector('textarea').value === 'Coup de Pouce'")
    write(tab, "Un titre")
    tab.until(f"{STATUS} === 'Not saved'")
    assert tab.run(told("title")).startswith("Error ")
    assert tab.run(f"{form_field('title')}.querySelector('input').getAttribute('aria-invalid')") == "true"
    assert tab.run(f"{ALERT}.textContent") == ""
    assert tab.run(BUTTONS) == ["Take what is in the file"]
    tab.run(f"{form_field('title')}.querySelector('.buttons button').click()")
    tab.until(f"{form_field('title')}.querySelector('input').value === 'Coup de Pouce'")


def test_a_save_without_an_answer_is_tried_again_by_a_button(tab: Tab, card: Path) -> None:
    silent(tab, "/api/form")
    write(tab, "Un titre")
    tab.until(f"{ALERT}.textContent.includes({LOST!r})")
    assert tab.run(BUTTONS) == ["Try again", "Take what is in the file"]
    tab.ask("Network.setBlockedURLs", urlPatterns=[])
    # By then, the page may have tried by itself.
    tab.run(f"{ALERT}.querySelector('button')?.click()")
    tab.until(f"{STATUS} === 'Saved'")
    assert card.read_text(encoding="utf-8") == TEXT.replace("Coup de Pouce", "Un titre")


def test_an_undo_that_does_not_go_offers_nothing_of_a_conflict(tab: Tab, card: Path) -> None:
    write(tab, "Un titre")
    tab.until(f"{STATUS} === 'Saved'")
    silent(tab, "/api/undo")
    tab.run("document.querySelector('.edit-top button').click()")
    tab.until(f"{ALERT}.textContent === {LOST!r}")


def test_a_form_that_does_not_come_is_asked_for_by_a_button(chromium: Browser, served: Served, card: Path) -> None:
    tab = chromium.tab()
    tab.open(f"{served.address}#/full/forum/card-aajt")
    tab.until("document.querySelectorAll('.panes button').length > 1")
    silent(tab, "/api/form")
    tab.run("document.querySelectorAll('.panes button')[1].click()")
    tab.until(f"{ALERT}?.textContent.includes({LOST!r})")
    assert tab.run(BUTTONS) == ["Try again"]
    tab.ask("Network.setBlockedURLs", urlPatterns=[])
    tab.run(f"{ALERT}.querySelector('button')?.click()")
    tab.until("document.querySelectorAll('.edit-form .field').length > 10")
    assert tab.run(f"{ALERT}.textContent") == ""
    chromium.close()


@pytest.mark.parametrize(("choice", "is_mine"), [("Put mine into the file", True), ("Take what is in the file", False)])
def test_a_broken_file_that_was_changed_elsewhere_too_is_mended_as_she_chooses(
    tab: Tab, card: Path, choice: str, is_mine: bool
) -> None:
    broken = TEXT.replace("title: Coup de Pouce", 'title: "Coup de Pouce')
    box = "document.querySelector('.mend:not([hidden]) textarea')"
    card.write_text(broken, encoding="utf-8")
    tab.until(f"{box}?.value.includes('\"Coup')")
    tab.run(f"{box}.value = {box}.value.replace('\"Coup', 'Mon coup')")
    other = broken.replace('"Coup', '"Leur coup')
    card.write_text(other, encoding="utf-8")
    tab.run("document.querySelector('.mend .main').click()")
    tab.until(f"{BUTTONS}.includes({choice!r})")
    assert card.read_text(encoding="utf-8") == other
    tab.run(f"{SEEN}.find((o) => o.textContent === {choice!r}).click()")
    if is_mine:
        tab.until(f"{STATUS} === 'Saved'")
        assert card.read_text(encoding="utf-8") == TEXT.replace("Coup", "Mon coup")
    else:
        tab.until(f"{box}.value.includes('\"Leur coup')")
        assert card.read_text(encoding="utf-8") == other


def test_who_signs_a_text_that_has_changed_is_told_so_and_can_sign_what_is_there_now(
    tab: Tab, served: Served, card: Path
) -> None:
    tab.run("document.querySelectorAll('.panes button')[0].click()")
    tab.until("document.querySelector('.sign_off .main') !== null")
    tab.run("document.querySelector('.sign_off .main').click()")
    digest = tab.run(DIGEST)
    card.write_text(TEXT.replace("Coup de Pouce", "Un titre"), encoding="utf-8")
    tab.until(f"{DIGEST}.then((now) => now !== {digest!r})")
    sign = "document.querySelector('.signing input').value = 'Ada'; document.querySelector('.signing').requestSubmit()"
    tab.run(sign)
    tab.until(
        "document.querySelector('.signing .problem')?.textContent"
        " === 'The text has changed meanwhile: look at it again, then sign'"
    )
    served.until_settled()
    tab.run("document.querySelector('.sign_off').dataset.old = ''")
    tab.run("document.querySelector('.signing button[type=button]').click()")
    # What is there now has been asked for, and is shown.
    tab.until("document.querySelector('.sign_off:not([data-old]) .main') !== null && pending === 0")
    tab.run(f"document.querySelector('.sign_off .main').click(); {sign}")
    tab.until("document.querySelector('.standing')?.textContent.includes('Approved by Ada')")


# What may come in place of an answer of the proof room, and what is told of it.
NO_ANSWERS = {
    "a fault of the server": "new Response('Internal Server Error', { status: 500 })",
    "an error page": "new Response('<!doctype html><title>Bad gateway</title>', { status: 502 })",
    "no reason": "new Response('{}', { status: 500, headers: { 'content-type': 'application/json' } })",
    "a page of another program": "new Response('<!doctype html>', { headers: { 'content-type': 'text/html' } })",
    "an answer that breaks off": "new Response('{\"file\"', { headers: { 'content-type': 'application/json' } })",
}


@pytest.mark.parametrize("answer", NO_ANSWERS.values(), ids=NO_ANSWERS)
def test_a_failure_without_a_message_is_told_with_what_to_do(tab: Tab, answer: str) -> None:
    tab.run(
        f"const real = fetch; window.fetch = async (...asked) => asked[1]?.method === 'PUT' ? {answer} : real(...asked)"
    )
    write(tab, "Jamais")
    tab.until(f"{ALERT}.textContent.startsWith('The proof room answered with an error (')")
    assert "What is saved stays. Try again; if it fails again, start livret serve again." in tab.run(
        f"{ALERT}.textContent"
    )


def test_a_fault_of_the_page_is_told_in_the_page(tab: Tab) -> None:
    tab.run("setTimeout(() => { Promise.reject(new TypeError('odd')) }); undefined")
    tab.until("document.querySelector('#alerts .page-fault') !== null")
    said = tab.run("document.querySelector('#alerts .page-fault').textContent")
    assert said == "This page has failed: odd. What is saved stays. Load it again.Load the page again"


def test_what_cannot_be_begun_is_told_with_the_labels_of_the_form(served: Served) -> None:
    status, told = served.post("/api/new", {"kind": "card", "name": ""})
    assert (status, told["error"]) == (422, 'the field "Name" in "Organisation" is empty')


@pytest.mark.parametrize(
    ("path", "status", "told"),
    [
        ("/nothing", 404, "cela n’existe pas, ou plus ; rechargez la page"),
        ("/proof/full/card-none.pdf", 404, "cela n’existe pas, ou plus ; rechargez la page"),
        ("/api/approve", 400, "la salle d’épreuves ne comprend pas cette demande ; rechargez la page"),
    ],
)
def test_what_is_refused_is_told_in_the_language_of_the_browser(
    served: Served, path: str, status: int, told: str
) -> None:
    own = {"accept-language": "fr", "origin": served.address.rstrip("/"), "content-type": "application/json"}
    method, body = ("POST", b"[]") if status == 400 else ("GET", None)
    answer = served.ask(path, method, body, own)
    assert (answer[0], json.loads(answer[1])["error"].replace("\N{NARROW NO-BREAK SPACE}", " ")) == (status, told)
    # Whoever opens a PDF in a window of its own reads a sentence.
    answer = served.ask(path, method, body, {**own, "accept": "text/html"})
    assert answer[1].decode().replace("\N{NARROW NO-BREAK SPACE}", " ") == told
