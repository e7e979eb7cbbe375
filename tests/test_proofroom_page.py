"""The page of the proof room in Chromium: one server and one browser for all tests, which go on from each other."""

from __future__ import annotations

import base64
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import FILES, two_cards
from serving import Served, printed, save, serve, until_printed
from web import Browser, Tab

CARD = "#/full/forum/card-aajt"
TITLE = "document.querySelector('#part-title')?.textContent"
ALERTS = "document.getElementById('alerts').textContent"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = two_cards(tmp_path_factory.mktemp("page") / "project").root
    # A layout of the project's own, for a designer to change.
    top = Path(__file__).resolve().parents[1]
    shutil.copytree(top / "layouts" / "forum", folder / "layouts" / "forum")
    with serve(folder) as started:
        started.until_settled()
        yield started


@pytest.fixture
def tab(chromium: Browser, served: Served) -> Iterator[Tab]:
    """The wall in English, in the light scheme."""
    yield opened(chromium, served)
    chromium.close()


def opened(chromium: Browser, served: Served, hash_: str = "", language: str = "en", scheme: str = "light") -> Tab:
    tab = chromium.tab()
    tab.size(1280, 900)
    tab.ask("Network.setExtraHTTPHeaders", headers={"Accept-Language": language})
    tab.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
    tab.open(served.address + hash_)
    tab.until(TITLE if "card" in hash_ else "document.querySelectorAll('.wall a').length > 5")
    return tab


def go(tab: Tab, hash_: str) -> None:
    tab.run(f"location.hash = {hash_!r}")
    tab.until(TITLE if "card" in hash_ else "document.querySelector('.wall') !== null")


def test_the_wall_shows_every_spread_in_the_order_of_the_book(tab: Tab) -> None:
    folios = tab.run("[...document.querySelectorAll('.wall .folio')].map((one) => Number(one.textContent))")
    assert folios == list(range(1, len(folios) + 1))
    names = tab.run("[...document.querySelectorAll('.wall a')].map((one) => one.dataset.part)")
    assert names.index("card-aajt") < names.index("card-kodiko")
    tab.until("[...document.querySelectorAll('.wall img')].filter((one) => one.naturalWidth > 100).length > 4")
    assert tab.events("Log.entryAdded") == []
    assert tab.events("Runtime.exceptionThrown") == []


def test_the_folios_of_two_pages_do_not_touch_what_stands_before_them(tab: Tab) -> None:
    apart = """[...document.querySelectorAll('.wall .left + .right')].map((right) => {
        const before = right.previousElementSibling.querySelector('.caption').lastElementChild;
        return right.querySelector('.folio').getBoundingClientRect().left - before.getBoundingClientRect().right })"""
    gaps = tab.run(apart)
    assert len(gaps) > 1
    assert min(gaps) > 4


def test_pictures_are_asked_for_when_they_come_into_sight(tab: Tab, served: Served) -> None:
    tab.size(400, 300)
    tab.open(served.address)
    asked = "[...document.querySelectorAll('.wall img')].map((one) => one.getAttribute('src') !== null)"
    tab.until(f"{asked}[0]")
    assert tab.run(f"{asked}.at(-1)") is False
    tab.run("document.querySelector('.wall').lastElementChild.scrollIntoView()")
    tab.until(f"{asked}.at(-1)")


def test_filters_leave_what_fits_and_escape_brings_all_back(tab: Tab) -> None:
    shown = "[...document.querySelectorAll('.wall li:not([hidden]) a:not(.dim)')].map((one) => one.dataset.part)"
    all_of_them = tab.run(shown)
    tab.press("/", *"ponctuelle")
    tab.until("document.querySelector('.count').textContent === 'Found: 1'")
    assert tab.run(shown) == ["card-aajt"]
    tab.press("Escape")
    tab.until(f"{shown}.length === {len(all_of_them)}")
    for name, value, found in (
        ("Theme", "logement", ["card-aajt"]),
        ("Territory", "national", ["card-kodiko"]),
        ("Territory", "FR-PAC", ["card-aajt"]),
        ("State", "approved", []),
    ):
        select = f"document.querySelector('[aria-label={name}]')"
        tab.run(f"{select}.value = '{value}'; {select}.dispatchEvent(new Event('change'))")
        assert tab.run(shown) == found, (name, value)
        tab.run(f"{select}.value = ''; {select}.dispatchEvent(new Event('change'))")


def test_the_keyboard_alone_opens_a_card_turns_the_page_and_returns(tab: Tab) -> None:
    tab.run("document.querySelector('[data-part=card-aajt]').focus()")
    tab.press("Enter")
    tab.until(f"{TITLE} === 'AAJT'")
    tab.run("document.getElementById('main').focus()")
    tab.press("ArrowRight")
    tab.until(f"{TITLE} === 'Kodiko'")
    tab.press("Escape")
    tab.until("document.activeElement.dataset.part === 'card-kodiko'")
    tab.press("ArrowLeft")
    assert tab.run("document.activeElement.dataset.part") == "card-aajt"


def test_a_save_in_another_program_shows_the_new_word_in_both_windows(
    tab: Tab, chromium: Browser, served: Served
) -> None:
    other = opened(chromium, served, CARD)
    go(tab, CARD)
    card = served.card("aajt")
    card.write_text(FILES["initiatives/aajt.yaml"].replace("ponctuelle", "souveraine"), encoding="utf-8")
    until_printed(tab, served, "souveraine")
    until_printed(other, served, "souveraine")
    served.until_settled()


def test_a_broken_file_keeps_the_last_good_page_and_recovers(tab: Tab, served: Served) -> None:
    go(tab, CARD)
    until_printed(tab, served, "souveraine")
    card = served.card("aajt")
    good = card.read_text(encoding="utf-8")
    card.write_text(good.replace("title: Coup de Pouce", 'title: "Coup de Pouce'), encoding="utf-8")
    tab.until(f"{ALERTS}.includes('aajt.yaml')")
    assert "souveraine" in printed(tab, served)
    tab.until("document.querySelector('.beside .findings .error') !== null")
    card.write_text(good.replace("souveraine", "retrouvée"), encoding="utf-8")
    until_printed(tab, served, "retrouvée")
    tab.until(f"!{ALERTS}.includes('aajt.yaml')")


def test_an_approval_from_the_page_stands_in_the_register(tab: Tab, served: Served) -> None:
    served.until_bound()
    go(tab, CARD)
    tab.until("document.querySelector('.sign_off .main') !== null")
    tab.run("document.querySelector('.sign_off .main').click()")
    tab.run("document.querySelector('.signing input').value = 'Jeanne Martin'")
    tab.run("document.querySelector('.signing').requestSubmit()")
    tab.until("document.querySelector('.standing')?.textContent.includes('Approved by Jeanne Martin')")
    register = (served.folder / "catalogue" / "approvals.yaml").read_text(encoding="utf-8")
    assert "initiatives/aajt:" in register
    assert 'by: "Jeanne Martin"' in register
    tab.until("document.querySelector('.history').textContent.includes('Jeanne Martin')")
    status, _, headers = served.ask("/proof/full/card-aajt.pdf")
    assert (status, headers["content-type"]) == (200, "application/pdf")


@pytest.mark.parametrize(
    ("language", "told", "day"),
    [
        ("fr", "par Ahmed Benali, le 1er mai 2026", "1er mai 2026"),
        ("en", "by Ahmed Benali on 1 May 2026", "1 May 2026"),
    ],
)
def test_days_are_in_words_and_the_form_that_signs_is_seen_whole(
    chromium: Browser, served: Served, language: str, told: str, day: str
) -> None:
    register = served.folder / "catalogue" / "approvals.yaml"
    entry = "{state: approved, version: 1, on: 2026-05-01, by: Ahmed Benali, edition: full, content: aa, layout: bb}"
    register.write_text(f"initiatives/kodiko:\n  - {entry}\n", encoding="utf-8")
    tab = opened(chromium, served, "#/full/forum/card-kodiko", language)
    tab.size(1280, 600)
    tab.until("innerHeight === 600")
    tab.until("document.querySelector('.standing span') !== null")
    assert told in tab.run("document.querySelector('.standing').textContent")
    assert tab.run("document.querySelector('.events time').textContent") == day
    tab.run("localStorage.setItem('livret.name', 'Ahmed Benali')")
    tab.run("document.querySelector('.sign_off .buttons button:last-child').click()")
    assert tab.run("document.activeElement.name") == "note"
    bottom = "document.querySelector('.signing .buttons').getBoundingClientRect().bottom"
    assert tab.run(f"{bottom} <= innerHeight")
    tab.press("Escape")
    tab.until("document.querySelector('.signing') === null && document.activeElement.matches('.sign_off button')")
    chromium.close()


def test_a_sign_off_is_shown_at_once_also_while_pages_are_set(served: Served) -> None:
    names = {"edition": "full", "layout": "forum", "part": "card-kodiko"}
    digest = served.json("/api/spread", **names)["sign_off"]["digest"]
    # Another layout begins to be set.
    served.wall("full", "pocket")
    for word, told in (("correct", "corrections"), ("approve", "approved")):
        assert served.post(f"/api/{word}", {**names, "by": "Ada", "note": "Bien.", "digest": digest})[0] == 200
        assert served.json("/api/spread", **names)["sign_off"]["state"] == told


def test_a_saved_style_sheet_sets_the_spread_that_is_seen_and_an_error_in_a_template_is_told(
    tab: Tab, served: Served
) -> None:
    go(tab, CARD)
    tab.until("document.querySelector('.sheet-pair img')?.src > ''")
    before = tab.run("document.querySelector('.sheet-pair img').src")
    sheet = served.folder / "layouts" / "forum" / "card.css"
    sheet.write_text(sheet.read_text(encoding="utf-8") + "\np { color: #0c2d64 }\n", encoding="utf-8")
    tab.until(f"document.querySelector('.sheet-pair img').src !== {before!r}")
    template = served.folder / "layouts" / "forum" / "card.html"
    good = template.read_text(encoding="utf-8")
    template.write_text(good + "\n{% if %}\n", encoding="utf-8")
    # The last good page stays.
    tab.until(f"{ALERTS}.includes('layouts/forum/card.html:')")
    tab.until("document.querySelector('.sheet-pair img').naturalWidth > 300")
    template.write_text(good, encoding="utf-8")
    tab.until(f"!{ALERTS}.includes('card.html')")


def test_what_is_wrong_with_a_layout_is_told_in_the_language_of_the_browser_at_once(
    chromium: Browser, served: Served
) -> None:
    texts = {
        "fr": "baseline: ce doit être un nombre\u202f; ici se trouve «\u00a0dix\u00a0»",
        "en": 'baseline: this must be a number; here is "dix"',
    }
    tabs = {language: opened(chromium, served, CARD, language) for language in texts}
    path = served.folder / "layouts" / "forum" / "layout.yaml"
    good = path.read_text(encoding="utf-8")
    path.write_text(re.sub("baseline: [0-9.]+", "baseline: dix", good), encoding="utf-8")
    # Of a file that is being written, something else may be told for a moment.
    for language, told in texts.items():
        tabs[language].until(f"{ALERTS}.includes({json.dumps(told)})")
    path.write_text(good, encoding="utf-8")
    for tab in tabs.values():
        tab.until(f"{ALERTS} === ''")
    chromium.close()


def test_many_faults_of_a_layout_stand_in_order_with_hints_and_all_can_be_seen(tab: Tab, served: Served) -> None:
    go(tab, CARD)
    sheet = served.folder / "layouts" / "forum" / "card.css"
    good = sheet.read_text(encoding="utf-8")
    sheet.write_text("".join(f"p {{ colour: #{number}00 }}\n" for number in range(1, 8)) + good, encoding="utf-8")
    rows = "[...document.querySelectorAll('#alerts .layout li')].map((one) => one.textContent)"
    tab.until(f"{rows}.length === 7")
    assert [one.partition(" ")[0] for one in tab.run(rows)] == [
        f"layouts/forum/card.css:{line}" for line in range(1, 8)
    ]
    assert tab.run(f"{rows}[0]").endswith('does not know this property did you mean "color"?')
    more = "document.querySelector('#alerts .layout details')"
    assert tab.run(f"[{more}.open, {more}.querySelector('summary').textContent]") == [False, "and 2 more"]
    tab.run(f"{more}.querySelector('summary').click()")
    # What is there already is not read aloud again, and stays unfolded.
    served.wall()
    go(tab, "#/full/forum/card-kodiko")
    go(tab, CARD)
    tab.until(f"{more}.open && {rows}.length === 7")
    assert tab.violations() == []
    sheet.write_text(good, encoding="utf-8")
    tab.until(f"!{ALERTS}.includes('card.css')")


@pytest.mark.parametrize("wrong", ["p > > a { color: red }", "@import 'none.css';"])
def test_what_typesetting_finds_in_a_style_sheet_is_told_with_its_line(tab: Tab, served: Served, wrong: str) -> None:
    go(tab, CARD)
    sheet = served.folder / "layouts" / "forum" / "card.css"
    good = sheet.read_text(encoding="utf-8")
    sheet.write_text(f"\n{wrong}\n{good}", encoding="utf-8")
    tab.until(f"{ALERTS}.includes('layouts/forum/card.css:2')")
    sheet.write_text(good, encoding="utf-8")
    tab.until(f"!{ALERTS}.includes('card.css')")


LATE = """
const real = window.fetch;
window.late = 0;
window.fetch = async (...asked) => {
  const found = await real(...asked);
  if (!window.late && String(asked[0]).includes("/api/wall")) {
    window.late = 1;
    await new Promise((done) => setTimeout(done, 700));
    setTimeout(() => { window.late = 2; }, 200);
  }
  return found;
};
location.hash = "#/full/pocket";
setTimeout(() => { location.hash = "#/full/pocket/card-aajt"; }, 100);
"""


def test_the_address_that_was_asked_for_last_is_shown_when_the_first_is_answered_late(tab: Tab) -> None:
    tab.run(LATE)
    tab.until("window.late === 2 && document.querySelector('.spread-room') !== null")
    assert tab.run("document.querySelector('.wall') === null")


def test_an_error_in_a_palette_a_label_or_a_pictogram_is_told_on_the_last_good_page_until_it_is_mended(
    tab: Tab, served: Served
) -> None:
    go(tab, CARD)
    image = "document.querySelector('.sheet-pair img')"
    newest = served.until_settled()["parts"]["card-aajt"]["fragment"]
    tab.until(f"{image}?.src.includes({newest!r}) && {image}.naturalWidth > 300")
    before = tab.run(f"{image}.src")
    for name, good, bad, told in (
        ("layouts/forum/palette.yaml", '{rgb: "#', '{rgb: "#zz', "layouts/forum/palette.yaml:1"),
        ("layouts/forum/labels.yaml", "fr:\n", "fr: [\n", "layouts/forum/labels.yaml:"),
        ("pictograms/logement.svg", "</svg>", "", "pictograms/logement.svg:"),
    ):
        path = served.folder / name
        text = path.read_text(encoding="utf-8")
        save(path, text.replace(good, bad, 1))
        tab.until(f"{ALERTS}.includes({told!r})")
        assert tab.run(f"{image}.src") == before
        save(path, text)
        tab.until(f"{ALERTS} === ''")


def test_the_first_page_is_seen_before_all_others_are_looked_at(served: Served) -> None:
    with serve(served.folder) as again:
        status = 0
        while status != 200:
            status, body, _ = again.ask("/api/wall?edition=full&layout=forum")
        wall = json.loads(body)
    assert wall["parts"][wall["pages"][0]["part"]]["fragment"]


def test_layout_view_and_guides_are_switched_from_the_page(tab: Tab, served: Served) -> None:
    shown = (
        "[document.querySelectorAll('.page:not(:empty)').length, [...document.querySelectorAll('.guide-bleed')]"
        ".filter((one) => one.checkVisibility()).length]"
    )
    pages, guides = tab.run(shown)
    assert (pages > 8, guides) == (True, 0)
    tab.run("document.querySelector('#overlays input[value=bleed]').click()")
    assert tab.run("document.getElementById('main').dataset.guides") == "bleed"
    assert tab.run(shown) == [pages, pages]
    layout = "document.getElementById('layout')"
    tab.run(f"{layout}.value = 'pocket'; {layout}.dispatchEvent(new Event('change'))")
    tab.until("document.querySelector('.wall a')?.href.includes('/pocket/')")
    assert "pocket" in tab.run("location.hash")
    # Pages that were drawn later have them too, on the wall and in a spread.
    pages, guides = tab.run(shown)
    assert pages == guides > 8
    go(tab, "#/full/pocket/card-aajt")
    tab.until(f"(([pages, guides]) => pages > 0 && pages === guides)({shown})")


def chosen(tab: Tab, box: str, value: str) -> None:
    """Choose in a box, as somebody does."""
    tab.until(f"[...{box}.options].some((one) => one.value === {value!r})")
    tab.run(f"{box}.value = {value!r}; {box}.dispatchEvent(new Event('change', {{ bubbles: true }}))")


def test_a_new_edition_can_be_picked_and_is_shown_in_its_own_layout(tab: Tab, served: Served) -> None:
    chosen(tab, "document.getElementById('layout')", "pocket")
    tab.until("location.hash.includes('pocket')")
    status, made = served.post("/api/new", {"kind": "edition", "name": "Logement"})
    assert (status, made["id"]) == (200, "logement")
    chosen(tab, "document.getElementById('edition')", "logement")
    tab.until("document.querySelector('.wall a')?.href.includes('#/logement/forum')")
    assert tab.run("document.getElementById('layout').value") == "forum"


def test_the_press_view_shows_soft_proofs_of_the_separation(tab: Tab, served: Served) -> None:
    tab.run("document.querySelector('#press input[value=press]').click()")
    image = "document.querySelector('.wall [data-part=card-aajt] img')"
    tab.until(f"{image}.src.includes('view=press') && {image}.complete && {image}.naturalWidth > 100")
    assert list((served.folder / "output" / ".store" / "separated").glob("*/*-seen.pdf"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_axe_finds_no_violation(chromium: Browser, served: Served, language: str, scheme: str) -> None:
    tab = opened(chromium, served, "", language, scheme)
    assert tab.run("document.documentElement.lang") == language
    assert tab.violations() == []
    go(tab, CARD)
    tab.until("document.querySelector('.sign_off .main') !== null")
    tab.run("document.querySelector('.sign_off .buttons button:last-child').click()")
    assert tab.violations() == []
    chromium.close()


def test_a_page_that_was_left_open_says_what_to_do_when_the_token_is_another_and_goes_on(
    chromium: Browser, served: Served
) -> None:
    tab = chromium.tab()
    tab.ask("Fetch.enable", patterns=[{"urlPattern": "*/events"}, {"urlPattern": "*/api/room"}])
    tab.ask("Page.navigate", url=served.address)
    refused = base64.b64encode(b'{"error": "open the address that livret serve has printed"}').decode()
    for path, is_refused in (("/api/room", False), ("/events", True), ("/api/room", True)):
        asked = tab.pipe.wait("Fetch.requestPaused", tab.session)["params"]
        assert asked["request"]["url"].endswith(path)
        if not is_refused:
            tab.ask("Fetch.continueRequest", requestId=asked["requestId"])
            continue
        headers = [{"name": "content-type", "value": "application/json"}]
        tab.ask("Fetch.fulfillRequest", requestId=asked["requestId"], responseCode=403, responseHeaders=headers,
                body=refused)  # fmt: skip
    tab.until(f"{ALERTS} === 'open the address that livret serve has printed'")
    # The new address was opened in another window, and both have its cookie.
    tab.ask("Fetch.disable")
    tab.until(f"{ALERTS} === ''")
    chromium.close()


def test_in_a_layout_that_is_not_the_editions_own_it_is_said_where_the_pdf_is(tab: Tab, served: Served) -> None:
    """It is bound in the layout of the edition alone."""
    book = "document.getElementById('book')"
    tab.open(f"{served.address}#/full/pocket")
    tab.until(f"!{book}.hidden && {book}.textContent === 'Booklet as PDF: in forum'")
    assert tab.run(f"{book}.title").startswith(
        "The PDF of this edition is made in the layout forum. Another layout is "
    )
    tab.run(f"{book}.click()")
    tab.until(f"location.hash === '#/full/forum' && !{book}.hidden && {book}.textContent === 'Booklet as PDF'")
    assert tab.run(f"new URL({book}.href).pathname") == "/book/full.pdf"
    assert tab.run(f"{book}.title") == ""


def test_whoever_signs_with_the_keyboard_stays_there(tab: Tab, served: Served) -> None:
    """A pane that is drawn anew took the cursor to the top of the page."""
    go(tab, "#/full/forum/card-kodiko")
    here = "document.activeElement.textContent"
    tab.until("document.querySelector('.sign_off .buttons button') !== null")
    tab.run("document.querySelector('.sign_off .buttons button:last-child').focus()")
    assert tab.run(here) == "Ask for corrections"
    tab.press("Enter")
    tab.press("Escape")
    tab.until(f"{here} === 'Approve'")
    tab.press("Enter")
    tab.ask("Input.insertText", text="Ada")
    tab.press("Enter")
    tab.until("document.querySelector('.signing') === null && document.querySelector('.standing.approved') !== null")
    tab.until(f"{here} === 'Approve'")
    tab.until("document.getElementById('said').textContent === 'The approval is noted'")
    tab.run("document.querySelector('.sign_off .buttons button:last-child').focus()")
    # As after any change that is told meanwhile.
    tab.run("dispatchEvent(new HashChangeEvent('hashchange'))")
    tab.until(f"{here} === 'Ask for corrections'")
