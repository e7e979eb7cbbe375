"""Writing in the proof room: Chromium types, clicks and undoes; the file on disk is read after it.

One server and one browser for all tests; each begins with the file as it was.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from conftest import FILES, two_cards
from serving import (
    HELD,
    Served,
    control,
    fate,
    open_form,
    printed,
    serve,
    until_file,
    until_printed,
    write,
)
from web import Browser, Tab

CARD = "#/full/forum/card-aajt"
TEXT = FILES["initiatives/aajt.yaml"]
assert isinstance(TEXT, str)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 1"><path d="M0 0h2v1z"/></svg>'


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serve(two_cards(tmp_path_factory.mktemp("writing") / "project").root) as started:
        started.remember("aajt")
        yield started


@pytest.fixture
def card(served: Served) -> Path:
    """The card as it was typed first."""
    path = served.card("aajt")
    if path.read_text(encoding="utf-8") != TEXT:
        served.restore("aajt", str(TEXT))
    return path


@pytest.fixture
def tab(chromium: Browser, served: Served, card: Path) -> Iterator[Tab]:
    yield writing(chromium, served)
    chromium.close()


def writing(chromium: Browser, served: Served, language: str = "en", scheme: str = "light") -> Tab:
    """A window with the form of the card."""
    tab = chromium.tab()
    tab.size(1280, 900)
    tab.ask("Network.setExtraHTTPHeaders", headers={"Accept-Language": language})
    tab.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
    open_form(tab, served.address + CARD)
    return tab


def write_and_hold(tab: Tab, text: str, *path: str | int) -> None:
    """Type over what stands in a field; what is typed is saved when `release()` is called."""
    fate(tab, f"what === 'PUT /api/form' ? {HELD} : go()")
    write(tab, text, *path)
    tab.until("typeof release === 'function'")
    fate(tab, "go()")


def put(served: Served, content: Any, path: str = "/api/form") -> tuple[int, Any]:
    headers = {"content-type": "application/json", "origin": f"http://127.0.0.1:{served.port}"}
    status, body, _ = served.ask(path, "PUT", json.dumps(content).encode(), headers)
    return status, json.loads(body)


FILE = "catalogue/initiatives/aajt.yaml"


def test_a_word_typed_in_a_field_stands_in_the_file_and_on_the_page(tab: Tab, served: Served, card: Path) -> None:
    write(tab, "Coup de Printemps", "title")
    until_file(card, TEXT.replace("title: Coup de Pouce", "title: Coup de Printemps"))
    until_printed(tab, served, "Printemps")
    assert tab.events("Runtime.exceptionThrown") == []
    assert tab.events("Log.entryAdded") == []


@pytest.mark.parametrize(
    ("file", "path", "names"),
    [
        (FILE, ("scope",), ["Certains territoires", "Tout le pays", "Plusieurs pays", "En ligne", "Aucun lieu"]),
        (FILE, ("images", "fit"), ["L’image remplit le cadre, quitte à être rognée", "L’image entière est montrée"]),
        ("catalogue/catalogue.yaml", ("binding",), ["À gauche", "À droite"]),
    ],
)
def test_every_choice_says_what_it_is_in_french(
    served: Served, file: str, path: tuple[str, ...], names: list[str]
) -> None:
    fields = served.json("/api/form", edition="full", layout="forum", file=file, language="fr")["fields"]
    for name in path:
        field = next(one for one in fields if one["name"] == name)
        fields = field["fields"]
    assert [one["name"] for one in field["choices"]] == names


def test_no_choice_of_a_form_is_called_as_it_is_typed_in_the_file(served: Served) -> None:
    for file in (FILE, "catalogue/catalogue.yaml"):
        fields = list(served.json("/api/form", edition="full", layout="forum", file=file, language="fr")["fields"])
        for field in fields:
            fields += field["fields"]
            for one in field["choices"]:
                assert one["name"][0].isupper(), (field["name"], one)


def test_what_word_pastes_beside_letters_is_saved_as_lines_or_left_out(tab: Tab, card: Path) -> None:
    write(tab, "Un\vdeux\u2028trois\f\ufeffquatre\x07 Saint\x1eDenis \U0001f3e0", "results")
    tab.until(f"{control('results')}.value === 'Un\\ndeux\\ntrois\\nquatre Saint-Denis \U0001f3e0'")
    assert tab.run(f"[{control('results')}.selectionStart, {control('results')}.value.length]") == [35, 35]
    write(tab, "Coup de\vPrintemps\u2028", "title")
    end = time.monotonic() + 60
    while "trois" not in card.read_text() or "Printemps" not in card.read_text():
        assert time.monotonic() < end, card.read_text()
        time.sleep(0.02)
    assert "title: Coup de Printemps\n" in card.read_text()
    assert "results: |\n  Un\n  deux\n  trois\n  quatre Saint-Denis \U0001f3e0\n" in card.read_text()


def test_a_click_on_a_paragraph_puts_the_cursor_into_its_field(tab: Tab, card: Path) -> None:
    tab.until("document.querySelectorAll('[data-field=description]').length === 2")
    tab.run("document.querySelectorAll('.panes button')[0].click()")
    x, y = tab.run(
        "(() => { const box = document.querySelectorAll('[data-field=description]')[1].getBoundingClientRect();"
        " return [box.x + box.width / 2, box.y + box.height / 2] })()"
    )
    for kind in ("mousePressed", "mouseReleased"):
        tab.ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)
    tab.until("document.activeElement.matches('textarea')")
    assert tab.run(f"document.activeElement === {control('description')}")
    assert tab.run("document.activeElement.value.slice(document.activeElement.selectionStart)").startswith("Avec [Kod")


def test_an_empty_field_that_has_to_be_filled_in_says_so(tab: Tab, card: Path) -> None:
    write(tab, "", "pilot", "name")
    told = f"{control('pilot', 'name')}.closest('.field').querySelector('.told-here')"
    tab.until(f"{told}.innerText.trim() === 'Error This field has to be filled in'")
    assert tab.run(f"{control('pilot', 'name')}.ariaInvalid") == "true"


def test_a_click_on_a_finding_puts_the_cursor_into_its_field(tab: Tab, card: Path) -> None:
    card.write_text(str(TEXT).replace("role: Direction", 'role: "[to write] Qui ?"'), encoding="utf-8")
    tab.run("document.querySelectorAll('.panes button')[0].click()")
    place = "[...document.querySelectorAll('.found li')].find((one) => one.innerText.includes('not written yet'))"
    tab.until(f"{place} !== undefined")
    assert tab.run(f"{place}.querySelector('.place').innerText").startswith("line ")
    tab.run(f"{place}.querySelector('.place button').click()")
    tab.until(f"document.activeElement === {control('contacts', 0, 'role')}")
    assert tab.run("document.activeElement.closest('details').open")


def test_a_folded_group_opens_for_a_click_on_the_page_and_for_an_error(tab: Tab, card: Path) -> None:
    contacts = "[...document.querySelectorAll('details.fold')].find((one) => one.innerText.startsWith('Contacts'))"
    tab.until(f"{contacts}?.open === true && document.querySelectorAll('[data-field=\"contacts.0.email\"]').length > 0")
    tab.run(f"{contacts}.open = false")
    tab.run("document.querySelector('[data-field=\"contacts.0.email\"]').click()")
    tab.until(f"{contacts}.open && document.activeElement === {control('contacts', 0, 'email')}")
    tab.run(f"document.activeElement.blur(); {contacts}.open = false")
    card.write_text(TEXT.replace("role: Direction", "role: " + "Direction " * 99), encoding="utf-8")
    tab.until(f"{contacts}.open && {contacts}.querySelector('[aria-invalid]') !== null")


def test_every_text_of_the_card_can_be_clicked(tab: Tab, card: Path) -> None:
    tab.until("document.querySelectorAll('.field-place').length > 8")
    found = set(tab.run("[...document.querySelectorAll('.field-place')].map((one) => one.dataset.field)"))
    assert found >= {
        "pilot.name", "pilot.about", "contacts.0.role", "contacts.0.phones.0", "contacts.0.email", "title",
        "description", "figures.0.value", "figures.0.label", "themes.0", "images.0.caption",
    }  # fmt: skip


def test_undo_and_redo_give_the_file_back_to_the_byte(tab: Tab, card: Path) -> None:
    other = TEXT.replace("role: Direction", "role: Présidence")
    write(tab, "Présidence", "contacts", 0, "role")
    until_file(card, other)
    tab.until("!document.querySelectorAll('.edit-top button')[0].disabled")
    tab.run("document.querySelectorAll('.edit-top button')[0].click()")
    until_file(card, TEXT)
    again = "document.querySelectorAll('.edit-top button')[1]"
    tab.until(f"{control('contacts', 0, 'role')}.value === 'Direction' && !{again}.disabled")
    tab.run(f"{again}.click()")
    until_file(card, other)


def test_a_change_on_disk_is_shown_as_a_conflict_and_never_overwritten(tab: Tab, card: Path) -> None:
    theirs = TEXT.replace("role: Direction", "role: Accueil").replace("title: Coup", "title: Un coup")
    write_and_hold(tab, "Mon titre", "title")
    card.write_text(theirs, encoding="utf-8")
    tab.run("release()")
    tab.until("!!document.querySelector('.differences')")
    assert card.read_text(encoding="utf-8") == theirs
    rows = tab.run("[...document.querySelectorAll('.differences tbody tr')].map((row) => row.innerText.split('\\t'))")
    assert ["Title", "Mon titre", "Un coup de Pouce"] in rows
    assert ["Contacts 1, Function", "Direction", "Accueil"] in rows
    tab.run("document.querySelector('.edit-alert .main').click()")
    # Mine goes into the field that I changed, theirs stays in all others.
    until_file(card, theirs.replace("title: Un coup de Pouce", "title: Mon titre"))


def test_what_somebody_else_saved_in_another_field_stays_and_nobody_is_asked(tab: Tab, card: Path) -> None:
    theirs = TEXT.replace("role: Direction", "role: Accueil")
    write_and_hold(tab, "Mon titre", "title")
    card.write_text(theirs, encoding="utf-8")
    tab.run("release()")
    until_file(card, theirs.replace("title: Coup de Pouce", "title: Mon titre"))
    tab.until(f"{control('contacts', 0, 'role')}.value === 'Accueil'")
    assert tab.run("document.querySelector('.edit-alert').textContent") == ""


def test_no_field_of_a_form_makes_the_page_itself_scroll(tab: Tab) -> None:
    tab.run("for (const one of document.querySelectorAll('.edit-form details')) one.open = true")
    assert tab.run("document.documentElement.scrollHeight <= innerHeight")


def test_a_field_that_is_only_looked_at_shows_what_somebody_else_saved(tab: Tab, card: Path) -> None:
    tab.run(f"{control('title')}.focus()")
    card.write_text(TEXT.replace("title: Coup", "title: Un coup"), encoding="utf-8")
    tab.until(f"{control('title')}.value === 'Un coup de Pouce'")
    tab.run(f"{control('title')}.setSelectionRange(16, 16)")
    tab.ask("Input.insertText", text=" !")
    until_file(card, TEXT.replace("title: Coup de Pouce", "title: Un coup de Pouce !"))


def test_lines_that_one_types_stay_while_the_file_is_saved(tab: Tab, card: Path) -> None:
    write(tab, "Une\n", "description")
    tab.until("document.querySelector('.saved').textContent === 'Saved'")
    tab.ask("Input.insertText", text="\nDeux")
    tab.until("document.querySelector('.saved').textContent === 'Saved'")
    assert tab.run(f"{control('description')}.value") == "Une\n\nDeux"
    whole = TEXT.replace("  Une aide ponctuelle.\n\n  Avec [Kodiko](card:kodiko).\n", "  Une\n\n  Deux\n")
    until_file(card, whole)


def test_words_typed_while_the_file_is_deleted_stay_on_the_page(tab: Tab, card: Path) -> None:
    wall = "fetch('/api/wall?edition=full&layout=forum').then((one) => one.json())"
    try:
        write_and_hold(tab, "Des mots que personne d'autre n'a", "title")
        card.unlink()
        tab.run("release()")
        tab.until("document.querySelector('.edit-alert strong')?.textContent === 'This file is no longer there.'")
        tab.until(f"{wall}.then((wall) => !wall.parts['card-aajt'])")
        # The page learns of it a moment later.
        time.sleep(1)
        assert tab.run(f"{control('title')}.value") == "Des mots que personne d'autre n'a"
    finally:
        card.write_text(TEXT, encoding="utf-8")
    tab.until(f"{wall}.then((wall) => wall.parts['card-aajt'])")
    tab.run("[...document.querySelectorAll('.edit-alert .buttons button')].at(-1).click()")
    tab.until(f"{control('title')}.value === 'Coup de Pouce'")


def test_two_windows_on_one_card_show_the_same(tab: Tab, chromium: Browser, served: Served, card: Path) -> None:
    other = writing(chromium, served)
    write(tab, "Ensemble", "title")
    other.until(f"{control('title')}.value === 'Ensemble'")
    write(other, "À deux", "title")
    until_file(card, TEXT.replace("Coup de Pouce", "À deux"))
    tab.run("document.activeElement.blur()")
    tab.until(f"{control('title')}.value === 'À deux'")


def test_a_wrong_value_has_its_finding_at_its_field_and_the_page_stays(tab: Tab, served: Served, card: Path) -> None:
    tab.run(f"{control('pilot', 'name')}.focus(); {control('pilot', 'name')}.select(); document.execCommand('delete')")
    told = f"{control('pilot', 'name')}.closest('.field').querySelector('.told-here').textContent"
    tab.until(f"{told}.includes('This field has to be filled in')")
    assert tab.run(f"{control('pilot', 'name')}.getAttribute('aria-invalid')") == "true"
    assert "Une aide ponctuelle" in printed(tab, served)
    write(tab, "Nouveau nom", "pilot", "name")
    tab.until(f"!{told}")
    until_printed(tab, served, "Nouveau")


def test_a_broken_file_is_mended_in_the_page_and_saved_only_when_it_can_be_read(
    tab: Tab, served: Served, card: Path
) -> None:
    box = "document.querySelector('.mend:not([hidden]) textarea')"
    broken = TEXT.replace("title: Coup de Pouce", 'title: "Coup de Pouce').replace("\n", "\r\n")
    card.write_bytes(broken.encode())
    tab.until("document.querySelector('.alert .place')?.textContent.includes('aajt.yaml:')")
    tab.run("document.querySelector('.alert .place').click()")
    tab.until(f"{box} !== null && document.querySelector('.mend-lines .wrong') !== null")
    assert tab.run("document.querySelector('.edit-form').hidden")
    tab.run("document.querySelector('.mend .main').click()")
    tab.until("document.querySelector('.mend .told-here').textContent.includes('line 1')")
    tab.until("document.querySelector('.mend').ariaBusy === null")
    assert card.read_bytes() == broken.encode()
    tab.run(f"{box}.value = {box}.value.replace('\"Coup', 'Coup'); document.querySelector('.mend .main').click()")
    tab.until("!document.querySelector('.edit-form').hidden && document.querySelector('.mend').hidden")
    assert card.read_bytes() == TEXT.replace("\n", "\r\n").encode()
    tab.until(f"{control('title')}.value === 'Coup de Pouce'")
    assert tab.events("Runtime.exceptionThrown") == []


def test_no_page_is_wider_than_a_tablet(tab: Tab, card: Path) -> None:
    for width in (1024, 820):
        tab.size(width, 1100)
        tab.until(f"innerWidth === {width}")
        assert tab.run("document.documentElement.scrollWidth") == width
    tab.run("document.getElementById('overlays').open = true")
    assert tab.run("document.querySelector('#overlays .sheet').getBoundingClientRect().right") <= 820


def test_a_card_that_is_too_large_is_told_as_a_finding_and_forgotten_when_it_is_mended(
    tab: Tab, served: Served, card: Path
) -> None:
    card.write_text(TEXT.replace("Une aide ponctuelle.", "Une aide ponctuelle. " * 100_000), encoding="utf-8")
    tab.until("document.getElementById('alerts').textContent.includes('limit of 2 MB')")
    assert served.json("/api/room")["problem"] is None
    card.write_text(TEXT, encoding="utf-8")
    tab.until("!document.getElementById('alerts').textContent")


def test_words_are_counted_against_the_room_while_one_types(tab: Tab, card: Path) -> None:
    write(tab, "Un **deux** [trois](https://quatre.example.org) cinq", "description")
    count = f"{control('description')}.closest('.field').querySelector('.count').textContent"
    assert tab.run(count) == "Words: 4"
    flow = f"{control('description')}.closest('.field').querySelector('.flow').textContent"
    tab.until(f"{flow}.startsWith('Page of the project: 4 of about ')")


def test_rows_are_added_and_themes_put_in_another_order(tab: Tab, card: Path) -> None:
    tab.run(
        "[...document.querySelectorAll('button.small')].find((one) => one.textContent === 'Add: Telephones').click()"
    )
    tab.ask("Input.insertText", text="01 99 00 12 35")
    more = TEXT.replace('phones: ["01 99 00 12 34"]', 'phones: ["01 99 00 12 34", "01 99 00 12 35"]')
    until_file(card, more)
    second = "document.querySelectorAll('.picks-field .picks')[0].children[1]"
    tab.run(f"{second}.querySelector('button').click()")
    until_file(card, more.replace("themes: [emploi, logement]", "themes: [logement, emploi]"))


def test_the_keyboard_picks_one_territory_and_none_of_those_it_passes(tab: Tab, card: Path) -> None:
    tab.run(f"{control('territories')}.focus()")
    tab.press(*["ArrowDown"] * 3, "Escape")
    tab.run(f"{control('territories')}.focus()")
    tab.press(*["ArrowDown"] * 3)
    name = tab.run(f"{control('territories')}.selectedOptions[0].value")
    tab.press("Enter")
    until_file(card, TEXT.replace("territories: [FR-PAC, FR-13]", f"territories: [FR-PAC, FR-13, {name}]"))


def test_a_new_card_is_begun_and_opened_for_writing(tab: Tab, served: Served, card: Path) -> None:
    tab.run("document.getElementById('new').click()")
    tab.until("!!document.querySelector('dialog[open]')")
    tab.ask("Input.insertText", text="Les Ateliers du Lien")
    tab.press("Enter")
    tab.until("document.querySelector('#part-title')?.textContent === 'Les Ateliers du Lien'")
    made = served.card("les-ateliers-du-lien")
    assert "name: Les Ateliers du Lien" in made.read_text(encoding="utf-8")
    tab.until(f"{control('pilot', 'name')}?.value === 'Les Ateliers du Lien'")


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("fr", "dark")])
def test_axe_finds_no_violation_in_a_form(
    chromium: Browser, served: Served, card: Path, language: str, scheme: str
) -> None:
    tab = writing(chromium, served, language, scheme)
    assert tab.violations() == []
    chromium.close()


def test_a_dropped_picture_is_kept_and_what_is_none_is_refused(served: Served) -> None:
    headers = {"origin": f"http://127.0.0.1:{served.port}", "content-type": "application/octet-stream"}
    name = quote("../Été à Paris.svg")
    status, body, _ = served.ask(f"/api/picture?name={name}", "POST", SVG, headers)
    assert (status, json.loads(body)) == (200, {"path": "images/ete-a-paris.svg"})
    assert (served.folder / "catalogue" / "images" / "ete-a-paris.svg").read_bytes() == SVG
    status, body, _ = served.ask("/api/picture?name=a.png", "POST", b"%PDF-1.7", headers)
    assert status == 409
    assert "is a PDF" in json.loads(body)["error"]
    foreign = {**headers, "origin": "http://evil.example"}
    assert served.ask("/api/picture?name=b.svg", "POST", SVG, foreign)[0] == 403
    assert not (served.folder / "catalogue" / "images" / "b.svg").exists()


def request(**changed: Any) -> dict[str, Any]:
    change = {"path": ["title"], "value": "x"}
    return {"edition": "full", "layout": "forum", "file": FILE, "digest": "0" * 64, "changes": [change], **changed}


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({}, 409),
        ({"file": "catalogue/../../etc/passwd"}, 404),
        ({"file": "/etc/passwd"}, 404),
        ({"file": "layouts/forum/layout.yaml"}, 404),
        ({"file": 7}, 400),
        ({"more": "x"}, 400),
        ({"changes": [{"path": [], "value": "x"}]}, 400),
        ({"changes": [{"path": ["title"], "value": 7}]}, 400),
        ({"changes": [{"path": ["title"], "value": None}]}, 400),
        ({"changes": [{"path": ["contacts", -1], "value": "x"}]}, 400),
        ({"changes": [{"path": ["a"] * 9, "value": "x"}]}, 400),
        ({"changes": ["x"]}, 400),
        ({"changes": [{"path": ["title"], "value": "x"}] * 51}, 413),
        ({"changes": [{"path": ["themes"], "value": ["a"] * 6000}]}, 413),
    ],
)
def test_a_request_that_is_not_right_changes_nothing(
    served: Served, card: Path, changed: dict[str, Any], status: int
) -> None:
    assert put(served, request(**changed))[0] == status
    assert card.read_text(encoding="utf-8") == TEXT


@pytest.mark.parametrize(
    ("path", "value", "status"),
    [
        (["nothing"], "x", 404),
        (["title", "deeper"], "x", 404),
        (["title"], "a\u2028b", 409),
        (["title"], "\ud800", 409),
    ],
)
def test_what_the_format_does_not_know_is_not_written(
    served: Served, card: Path, path: list[str], value: str, status: int
) -> None:
    digest = served.json("/api/form", edition="full", layout="forum", file=FILE)["digest"]
    assert put(served, request(digest=digest, changes=[{"path": path, "value": value}]))[0] == status
    assert card.read_text(encoding="utf-8") == TEXT


def test_a_card_that_grows_past_its_pages_is_shown_with_what_is_too_much(served: Served, card: Path) -> None:
    served.post("/api/look", {"edition": "full", "layout": "forum", "part": "card-aajt"})
    served.listen()
    card.write_text(TEXT.replace("ponctuelle.", "ponctuelle. " + "Il y a beaucoup à dire. " * 300), encoding="utf-8")
    assert served.event("part", anchor="card-aajt")["pages"] > 2
    served.event("book")
    wall = served.until_settled()
    assert wall["parts"]["card-aajt"]["overset"] > 500
    assert [page["part"] for page in wall["pages"]].count("card-aajt") > 2


def look_at_card(served: Served) -> None:
    """Ask for the pictures of the two pages of the card as they are now."""
    key = served.wall()["parts"]["card-aajt"]["fragment"]
    for number in range(2):
        assert served.ask(f"/picture/{key}-{number}.jpg?width=900")[0] == 200


def test_five_hundred_edits_in_a_row_leave_the_file_as_typed_and_no_process_or_memory(
    served: Served, card: Path
) -> None:
    typed = "# Léa\r\n" + TEXT.replace("\n", "\r\n").replace("title: Coup de Pouce", "title: 'Coup'   # court")
    card.write_bytes(typed.encode())
    digest = served.json("/api/form", edition="full", layout="forum", file=FILE)["digest"]
    for number in range(500):
        if number == 100:
            served.until_settled()
            memory, processes = served.megabytes, served.processes
        changes = [{"path": ["title"], "value": f"L'an {number}"}]
        status, state = put(served, request(digest=digest, changes=changes))
        assert status == 200, state
        digest = state["digest"]
        if number % 10 == 0:
            look_at_card(served)
    assert card.read_bytes() == typed.replace("'Coup'", "'L''an 499'").encode()
    served.until_settled()
    assert served.processes == processes
    assert served.megabytes < memory + 40


def test_a_point_in_a_picture_is_typed_as_numbers_and_stays_when_its_caption_changes(tab: Tab, card: Path) -> None:
    text = TEXT.replace("images/atelier.svg, ", "images/atelier.svg, focus: [0.5, 0.3], ")
    card.write_text(text, encoding="utf-8")
    box = control("images", 0, "focus")
    tab.until(f"{box}?.value === '0.5, 0.3'")
    write(tab, "Un autre", "images", 0, "caption")
    until_file(card, text.replace("caption: Un atelier", "caption: Un autre"))
    # As a Frenchman types it.
    write(tab, "0,25 ; 1", "images", 0, "focus")
    until_file(card, text.replace("caption: Un atelier", "caption: Un autre").replace("[0.5, 0.3]", "[0.25, 1]"))
    write(tab, "à gauche", "images", 0, "focus")
    tab.until(
        "[...document.querySelectorAll('.told-here')].some((one) => one.innerText.includes('write 0.5, 0.3: half'))"
    )
    assert tab.run(f"{box}.placeholder") == "0.5, 0.3"
