"""The web edition: what is in the folder, and what a reader finds who opens it in Chromium."""

from __future__ import annotations

import http.server
import json
import os
import re
import shutil
import threading
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache, partial
from html import unescape
from itertools import pairwise
from pathlib import Path
from statistics import median
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image

from colour import contrast
from conftest import FILES, SVG, CatalogueFolder
from livret.content.catalogue.reader import read_catalogue
from livret.content.contrast import on, readable, readable_on_dark
from livret.content.schema.model import Catalogue, Initiative
from livret.findings import LivretError, OutputError, Report
from livret.project import Project
from livret.web import filters, site
from livret.web.assets import Assets
from livret.web.compose import attributes
from livret.web.fonts import stacks
from livret.web.site import WebEdition, build_web
from press import livret_here
from raw_content import MARKDOWN, PLACES, REGION_OF, File, RawContent, blocks, raw_content
from web import WCAG, Browser, Tab, address, chromium

TOP = Path(__file__).resolve().parents[1]
WIDTHS = (360, 1280)
# The cards of one theme in one region.
CHOICE = "#?theme=logement&place=FR-PAC"
# The cards of the forum of 2019 in the order of the printed booklet.
ORDER = (
    "aajt ab-refugies-social adoma aidaphi coallia cos ddcspp-correze elia fit forum-refugies france-terre-d-asile caec"
    " habitat-et-humanisme kodiko la-cimade le-refuge mission-locale-troyes mjc-brianconnais primo-levi samusocial sos"
).split()


@pytest.fixture
def chrome(chromium: Browser) -> Iterator[Browser]:
    """Chromium, whose pages are closed after each test."""
    yield chromium
    chromium.close()


@cache
def demonstration() -> Catalogue:
    catalogue, _ = read_catalogue(Project.at(TOP))
    assert catalogue is not None
    return catalogue


@cache
def typed() -> RawContent:
    """The demonstration as it was typed, with its cards in the order of the booklet."""
    content = raw_content(TOP / "catalogue")
    return replace(content, cards={name: content.cards[name] for name in ORDER})


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory, packed_fonts: Path) -> Path:
    """The page of the demonstration catalogue, in a folder that nobody changes."""
    output = tmp_path_factory.mktemp("web")
    shutil.copytree(packed_fonts, output / ".store" / "web-fonts")
    return build_web(Project.at(TOP, output), demonstration(), "full", Report()).page


@pytest.fixture
def catalogue_folder(catalogue_folder: CatalogueFolder, packed_fonts: Path) -> CatalogueFolder:
    """The small catalogue, with fonts that are already packed."""
    shutil.copytree(packed_fonts, catalogue_folder.root / "output" / ".store" / "web-fonts")
    return catalogue_folder


@pytest.fixture(scope="module")
def rich(tmp_path_factory: pytest.TempPathFactory, packed_fonts: Path) -> Path:
    """The page of a small catalogue that has what the demonstration lacks: pictures, other languages, hostile text."""
    folder = CatalogueFolder(tmp_path_factory.mktemp("rich") / "project")
    for name, content in FILES.items():
        folder.write(name, content)
    for name, size, mode in (("a.jpg", (2400, 1600), "RGB"), ("b.tif", (80, 50), "CMYK"), ("c.png", (60, 80), "RGBA")):
        Image.new(mode, size).save(folder.path(f"images/{name}"))
    folder.change(
        "initiatives/kodiko.yaml",
        "scope: national\n",
        """\
scope: national
summary: Avec [AAJT](card:aajt), [le Diair](partner:diair), [une autre](page:note) et [un site](https://example.org/?a=b).
description: |
  <script>alert(1)</script> et <img src="https://example.org/x.png" onerror="alert(2)">, **gras**.
images:
  - {file: images/a.jpg, caption: Un atelier vu de haut, credit: Photographe}
  - {file: images/b.tif, alt: Une cour, caption: À Paris}
  - {file: images/c.png, caption: "\\"><script>alert(3)</script>"}
figures:
  - {value: "1 234 567 personnes", label: accompagnées}
""",
    )
    folder.write(
        "initiatives/noor.yaml",
        """\
pilot: {name: جمعية النور, about: تعمل الجمعية منذ سنة 2010.}
contacts: [{phones: ["01 99 00 12 34"], email: noor@noor.example.org}]
title: بيت للجميع
language: ar
themes: [logement]
territories: [FR-971]
""",
    )
    folder.write(
        "foreword.yaml",
        """\
title: Une voix
body: Bonjour à tous.
portrait: images/c.png
signature: {name: Jeanne Dupont, role: Déléguée, image: images/c.png}
contact: {name: Un service, email: service@example.org}
""",
    )
    folder.write("pages/note.yaml", "title: Note\nbody: Un mot.\n")
    folder.change("catalogue.yaml", '"#17704f"', '"#ffe066"')
    shutil.copytree(packed_fonts, folder.root / "output" / ".store" / "web-fonts")
    return build(folder).page


def build(folder: CatalogueFolder, name: str = "full", report: Report | None = None) -> WebEdition:
    return build_web(folder.project, folder.catalogue(), name, report or Report())


def opened(chrome: Browser, page: Path, width: int = 1280, state: str = "", *, scripts: bool = True) -> Tab:
    tab = chrome.tab(scripts=scripts)
    tab.size(width)
    return tab.open(address(page) + state)


def shown(tab: Tab) -> list[str]:
    """The ids of the cards that are shown; the list beside them shows the same."""
    cards = tab.run("[...document.querySelectorAll('.card')].filter((c) => c.checkVisibility()).map((c) => c.id)")
    lines = (
        "[...document.querySelectorAll('[data-card]')].filter((c) => c.checkVisibility()).map((c) => c.dataset.card)"
    )
    assert tab.run(lines) == cards
    return [str(card).removeprefix("card-") for card in cards]


def plain(text: str) -> str:
    """A text as it may be compared: letters and digits alone, for typography changes what is between them."""
    text = unicodedata.normalize("NFKD", unescape(text)).replace("œ", "oe").replace("Œ", "OE")
    return re.sub(r"[\W_]+", "", "".join(c for c in text if not unicodedata.combining(c))).casefold()


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


# --- for everyone: WCAG, keyboard, without scripts ---


# Slow, because axe-core looks at every text of 21 cards: once at all of them, then at a choice.
@pytest.mark.parametrize(("state", "width"), [("", 360), (CHOICE, 1280), ("#?words=zzz", 360)])
def test_axe_finds_nothing(chrome: Browser, page: Path, state: str, width: int) -> None:
    tab = opened(chrome, page, width, state)
    assert tab.violations(*WCAG, "best-practice") == []


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("state", ["", "#card-aajt"])
def test_axe_finds_nothing_where_there_are_pictures_and_other_languages(
    chrome: Browser, rich: Path, width: int, state: str
) -> None:
    assert opened(chrome, rich, width, state).violations(*WCAG, "best-practice") == []


def test_axe_sees_a_planted_fault(chrome: Browser, rich: Path) -> None:
    tab = opened(chrome, rich)
    tab.run("document.querySelector('h3').style.color = '#ddd'")
    tab.run("document.querySelector('#words').previousElementSibling.remove()")
    tab.run("document.querySelector('#words').removeAttribute('placeholder')")
    told = " ".join(tab.violations())
    assert "color-contrast" in told
    assert "label" in told


@pytest.mark.parametrize("width", [320, *WIDTHS])
def test_nothing_is_wider_than_the_window(chrome: Browser, page: Path, rich: Path, width: int) -> None:
    for one in (page, rich):
        # Words are wider in the fonts of the system, which stand in until those of the page are there.
        asked = "document.fonts.ready.then(() => document.documentElement.scrollWidth)"
        assert opened(chrome, one, width).run(asked) == width


def test_headings_skip_no_level_and_one_is_first(chrome: Browser, page: Path, rich: Path) -> None:
    for one in (page, rich):
        levels = opened(chrome, one).run(
            "[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map((h) => +h.tagName[1])"
        )
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(below <= above + 1 for above, below in pairwise(levels))


def test_the_page_has_its_landmarks_and_every_card_is_named(chrome: Browser, page: Path) -> None:
    tab = opened(chrome, page)
    for selector in ("body > header", "body > nav[aria-label]", "body > main", "body > footer", "form[role=search]"):
        assert tab.run(f"document.querySelectorAll('{selector}').length") == 1, selector
    named = "[...document.querySelectorAll('[aria-labelledby]')].map((e) => e.getAttribute('aria-labelledby'))"
    assert tab.run(f"{named}.every((id) => document.getElementById(id).textContent.trim())")
    ids = tab.run("[...document.querySelectorAll('[id]')].map((e) => e.id)")
    assert len(ids) == len(set(ids))
    targets = "[...document.querySelectorAll('a[href^=\"#\"], use')].map((a) => a.getAttribute('href').slice(1))"
    assert set(tab.run(targets)) <= set(ids)


def test_the_first_tab_stop_skips_to_the_content(chrome: Browser, page: Path) -> None:
    tab = opened(chrome, page)
    tab.press("Tab")
    assert tab.run("document.activeElement.className") == "skip"
    assert tab.run("document.activeElement.getBoundingClientRect().top") >= 0
    tab.press("Enter")
    tab.until("document.activeElement.id === 'content'")


def test_tab_goes_through_the_page_in_its_order_and_the_focus_is_seen(chrome: Browser, page: Path) -> None:
    tab = opened(chrome, page)
    stops = "[...document.querySelectorAll('a[href], button, input, select')].filter((e) => e.checkVisibility())"
    assert tab.run(f"(window.stops = {stops}).length") > 100
    # A region that scrolls by itself may take a stop of its own; the first stops, and the filters, are enough.
    seen = []
    for _ in range(45):
        tab.press("Tab")
        found = tab.run(
            "(() => { const e = document.activeElement, s = getComputedStyle(e);"
            " return [stops.indexOf(e), s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2, e.tagName] })()"
        )
        if found[0] >= 0:
            seen.append(found[0])
            assert found[1], found
    assert seen == sorted(seen)
    assert len(set(seen)) > 40


def test_filters_are_worked_by_keyboard_and_say_how_many_cards_are_shown(chrome: Browser, page: Path) -> None:
    tab = opened(chrome, page)
    told = "document.getElementById('count').textContent"
    assert tab.run("document.getElementById('count').getAttribute('role')") == "status"
    tab.run("document.getElementById('words').focus()")
    tab.press(*"kodiko")
    tab.until(f"{told} !== document.getElementById('count').dataset.all.replace('{{total}}', 21)")
    assert "kodiko" in shown(tab)
    assert str(len(shown(tab))) in tab.run(told)
    tab.press("Tab", " ")
    assert tab.run("document.activeElement.checked")
    assert tab.run("document.activeElement.value") == "langue"
    tab.until(f"{told}.startsWith(document.querySelectorAll('.card:not([hidden])').length || 'Aucune')")
    tab.run("document.getElementById('reset').focus()")
    tab.press("Enter")
    tab.until("!document.querySelector('.card[hidden]')")
    tab.until(f"{told} === '21 initiatives'")
    assert tab.run("document.activeElement.id") == "count", "the button is gone, the focus is not lost"
    assert tab.run("document.getElementById('reset').hidden")


def test_without_scripts_everything_is_shown_and_no_dead_control(chrome: Browser, page: Path) -> None:
    tab = opened(chrome, page, scripts=False)
    tab.ask("DOM.enable")
    root = tab.ask("DOM.getDocument", depth=1)["root"]["nodeId"]

    def height(selector: str) -> list[float]:
        nodes = tab.ask("DOM.querySelectorAll", nodeId=root, selector=selector)["nodeIds"]
        found = []
        for node in nodes:
            styles = {one["name"]: one["value"] for one in _styles(tab, node)}
            found.append(0.0 if styles["display"] == "none" else float(styles["height"].removesuffix("px")))
        return found

    assert height("#filters") == [0]
    assert height("#reset") == [0]
    cards = height(".card")
    assert len(cards) == 21
    assert all(card > 200 for card in cards)
    assert len(height("[data-card]")) == 21


def _styles(tab: Tab, node: int) -> list[dict[str, str]]:
    tab.ask("CSS.enable")
    styles: list[dict[str, str]] = tab.ask("CSS.getComputedStyleForNode", nodeId=node)["computedStyle"]
    return styles


@pytest.mark.parametrize("reduced", [True, False])
def test_motion_follows_the_readers_wish(chrome: Browser, page: Path, reduced: bool) -> None:
    tab = chrome.tab()
    wish = "reduce" if reduced else "no-preference"
    tab.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-reduced-motion", "value": wish}])
    tab.open(address(page))
    assert tab.run("getComputedStyle(document.documentElement).scrollBehavior") == ("auto" if reduced else "smooth")


# --- the filters ---

# The regions of the demonstration by name, each followed by its departments.
OFFERED = (
    "FR-ARA FR-69M FR-69 FR-BFC FR-25 FR-CVL FR-36 FR-37 FR-41 FR-45 FR-GES FR-10 FR-54 FR-HDF FR-02 FR-59 FR-60"
    " FR-62 FR-80 FR-IDF FR-75C FR-77 FR-NOR FR-76 FR-NAQ FR-19 FR-33 FR-OCC FR-30 FR-34 FR-PDL FR-44 FR-49"
    " FR-PAC FR-13 FR-05"
)


def nationals() -> list[str]:
    return [name for name, card in typed().cards.items() if card["scope"] == "national"]


def answers(card: File, code: str) -> bool:
    """Whether a card acts in a place: it names it or, of a region, a part of it; or it acts in the whole region."""
    named = card.get("territories", [])
    regions = {REGION_OF[one] for one in named}
    if REGION_OF[code] == code:
        return code in regions
    parts = [one for one in named if REGION_OF[one] == REGION_OF[code] != one]
    return code in parts or (REGION_OF[code] in regions and not parts)


@pytest.mark.parametrize("theme", "langue logement droits soins emploi culture lien".split())
def test_a_theme_shows_its_cards(chrome: Browser, page: Path, theme: str) -> None:
    tab = opened(chrome, page)
    tab.run(f"document.querySelector('[name=theme][value={theme}]').click()")
    assert shown(tab) == [name for name, card in typed().cards.items() if theme in card["themes"]]
    assert tab.run("location.hash") == f"#?theme={theme}"


def test_themes_add_up_and_a_place_narrows(chrome: Browser, page: Path) -> None:
    cards = typed().cards
    tab = opened(chrome, page, state="#?theme=logement+soins&place=FR-PAC&national=no")
    wanted = [
        name for name, card in cards.items() if {"logement", "soins"} & set(card["themes"]) and answers(card, "FR-PAC")
    ]
    assert shown(tab) == wanted
    assert wanted
    tab.run("document.querySelector('[name=national]').click()")
    also = {name for name in nationals() if {"logement", "soins"} & set(cards[name]["themes"])}
    assert shown(tab) == [name for name in cards if name in {*wanted, *also}]
    tab.run("location.hash = '?place=FR-PAC'")
    tab.until("!document.querySelector('[name=theme]:checked')")
    assert nationals()
    assert set(nationals()) < set(shown(tab)), "they are everywhere"


def test_every_place_that_is_offered_shows_its_cards(chrome: Browser, page: Path) -> None:
    cards = typed().cards
    tab = opened(chrome, page)
    codes = OFFERED.split()
    assert tab.run("[...document.querySelector('#place').options].map((o) => o.value)") == ["", "national", *codes]
    for code in codes:
        tab.run(f"location.hash = '?place={code}&national=no'")
        tab.until(f"document.querySelector('#place').value === '{code}'")
        wanted = [name for name, card in cards.items() if answers(card, code)]
        assert shown(tab) == wanted
        assert wanted, code
    tab.run("location.hash = '?place=national'")
    tab.until("document.querySelector('#place').value === 'national'")
    assert shown(tab) == nationals()


@pytest.mark.parametrize(
    "typed", ["AAJT", "éducation populaire", "EDUCATION  populaire", "vœu d'être là", "kodiko paris"]
)
def test_a_search_finds_words_whatever_their_case_accents_and_spaces(chrome: Browser, page: Path, typed: str) -> None:
    tab = opened(chrome, page)
    tab.run(f"document.querySelector('#words').value = {json.dumps(typed)}")
    tab.run("document.querySelector('#words').dispatchEvent(new Event('input', {bubbles: true}))")
    tab.until("location.hash.includes('words=')")
    texts = tab.run("[...document.querySelectorAll('.card')].map((c) => [c.id.slice(5), c.textContent])")
    words = [plain(word) for word in typed.replace("d'", "d’").split()]
    wanted = [card for card, text in texts if all(word in plain(text) for word in words)]
    assert shown(tab) == wanted
    assert parse_qs(tab.run("location.hash.slice(2)"))["words"] == [typed]


def test_a_tile_of_the_legend_sets_the_filter(chrome: Browser, page: Path) -> None:
    tab = opened(chrome, page)
    tab.run("document.querySelector('a[data-theme=soins]').click()")
    tab.until("document.querySelector('[name=theme][value=soins]').checked")
    assert shown(tab) == [name for name, card in typed().cards.items() if "soins" in card["themes"]]
    assert tab.run("document.activeElement.value") == "soins"


def test_an_address_with_a_choice_leads_to_the_filters(chrome: Browser, page: Path) -> None:
    for width in WIDTHS:
        tab = opened(chrome, page, width, "#?theme=soins")
        tab.run("document.fonts.ready.then(() => 1)")
        tab.until("Math.abs(document.querySelector('#initiatives').getBoundingClientRect().top) < 100")


def test_a_link_to_a_hidden_card_shows_it_and_keeps_its_address(chrome: Browser, page: Path) -> None:
    tab = opened(chrome, page, state="#?theme=soins")
    assert "aajt" not in shown(tab)
    tab.run("location.hash = 'card-aajt'")
    tab.until("document.querySelector('#card-aajt').checkVisibility()")
    assert len(shown(tab)) == 21
    tab.until("Math.abs(document.querySelector('#card-aajt').getBoundingClientRect().top) < 200")
    assert tab.run("location.hash") == "#card-aajt"


def test_an_address_that_nobody_wrote_breaks_nothing(chrome: Browser, rich: Path) -> None:
    for state in (
        "#?theme=x%3Cb&place=%22&words=%3Cscript%3E",
        "#?%E0%A4%A",
        "#nowhere",
        "#%",
        "#?place=FR-ZZZ&theme=logement",
    ):
        tab = opened(chrome, rich, state=state)
        assert tab.events("Runtime.exceptionThrown") == []
        assert shown(tab) or "words" in state


def test_typing_is_answered_at_once_among_400_cards(chrome: Browser, page: Path) -> None:
    html = page.read_text(encoding="utf-8")
    card = re.compile(r'<article class="card .*?</article>', re.DOTALL)
    line = re.compile(r'<li class="[^"]*" data-card=".*?</li>', re.DOTALL)

    def many(match: re.Match[str], times: int = 20) -> str:
        return match[0] + "".join(
            re.sub(r'(id|data-card|labelledby)="card-', rf'\1="card-{n}-', match[0]) for n in range(times)
        )

    big = page.with_name("many.html")
    big.write_text(line.sub(many, card.sub(many, html)), encoding="utf-8")
    tab = opened(chrome, big)
    assert tab.run("document.querySelectorAll('.card').length") == 441
    tab.ask("Performance.enable", timeDomain="threadTicks")
    tab.run("new Promise((done) => setTimeout(done, 500))")

    def busy() -> float:
        """The seconds that the page has worked."""
        metrics = {one["name"]: one["value"] for one in tab.ask("Performance.getMetrics")["metrics"]}
        return float(metrics["TaskDuration"])

    def spent(job: Callable[[], object]) -> float:
        """The processor's time until the page is drawn again, for another program may hold it up."""
        before = busy()
        job()
        tab.run("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
        return busy() - before

    def typed(letter: str) -> None:
        tab.press(letter)
        tab.until(f"location.hash.endsWith({letter!r})")

    tab.run("document.querySelector('#words').focus({preventScroll: true})")
    letters = [spent(partial(typed, letter)) for letter in "logement"]
    assert 0 < tab.run("[...document.querySelectorAll('.card')].filter((c) => !c.hidden).length") < 441
    # A letter costs about as much as to show the other cards in place of these; how much that is, the machine says.
    turn = "for (const one of document.querySelectorAll('.card')) one.hidden = !one.hidden; document.body.offsetHeight"
    turns = [spent(partial(tab.run, turn)) for _ in range(8)]
    assert median(letters) < 4 * median(turns), (letters, turns)


# --- dark, and on paper ---


def emulated(chrome: Browser, page: Path, state: str = "", width: int = 1280, **media: str) -> Tab:
    tab = chrome.tab()
    tab.size(width)
    features = [{"name": f"prefers-{name.replace('_', '-')}", "value": value} for name, value in media.items()]
    tab.ask("Emulation.setEmulatedMedia", features=features)
    return tab.open(address(page) + state)


def test_axe_finds_nothing_on_the_dark_page(chrome: Browser, page: Path, rich: Path) -> None:
    for one, state in ((page, CHOICE), (rich, "")):
        tab = emulated(chrome, one, state, color_scheme="dark")
        assert tab.run("getComputedStyle(document.body).backgroundColor") == "rgb(21, 24, 29)"
        assert tab.violations() == []


@pytest.mark.parametrize("colour", ["#000000", "#0c2d64", "#ffe066", "#922a07", "#ffffff", "#7f7f7f"])
def test_shades_on_dark_can_be_read(colour: str) -> None:
    assert contrast(readable_on_dark(colour, "#15181d", "#20252c"), "#20252c") >= 4.5
    # A colour that can be read is left as it is.
    assert readable_on_dark("#ffe066", "#15181d") == "#ffe066"


@pytest.mark.parametrize("card", ["aajt", "sos"])
def test_a_linked_card_is_not_under_the_menu(chrome: Browser, page: Path, card: str) -> None:
    for width in WIDTHS:
        tab = emulated(chrome, page, f"#card-{card}", width, reduced_motion="reduce")
        tab.run("document.fonts.ready.then(() => 1)")
        top = f"document.querySelector('#card-{card}').getBoundingClientRect().top"
        tab.until(f"{top} >= Math.max(0, document.querySelector('.bar').getBoundingClientRect().bottom) && {top} < 400")


def test_paper_names_the_choice_and_has_the_chosen_cards_alone(chrome: Browser, page: Path) -> None:
    tab = opened(chrome, page, state="#?words=centre&theme=soins")
    assert "Choix" not in tab.run("document.body.innerText")
    tab.ask("Emulation.setEmulatedMedia", media="print")
    told = tab.run("document.body.innerText")
    assert "Choix\xa0: «\xa0centre\xa0» · Accès aux soins – 1 initiative sur 21" in told
    assert "Partenaires institutionnels" not in told
    assert tab.run("getComputedStyle(document.querySelector('.card:not([hidden])')).contentVisibility") == "visible"
    for name in shown_cards(tab):
        assert "soins" in typed().cards[name]["themes"]


def test_paper_without_a_choice_has_everything_and_names_none(chrome: Browser, page: Path) -> None:
    tab = opened(chrome, page)
    tab.ask("Emulation.setEmulatedMedia", media="print")
    told = tab.run("document.body.innerText")
    assert "Choix" not in told
    assert len(shown_cards(tab)) == 21
    assert "Éditorial" in told


def shown_cards(tab: Tab) -> list[str]:
    """The ids of the cards that paper shows; the list of cards is not there."""
    script = "[...document.querySelectorAll('.card')].filter((c) => c.checkVisibility()).map((c) => c.id.slice(5))"
    return [str(name) for name in tab.run(script)]


# --- alone: no request leaves ---


def test_the_page_asks_for_files_of_its_folder_and_no_others(chrome: Browser, page: Path, rich: Path) -> None:
    for one in (page, rich):
        tab = opened(chrome, one, 360)
        tab.run("document.fonts.ready.then(() => 1)")
        tab.run(
            "Promise.all([...document.images].map((i) => { i.loading = 'eager'; return i.decode().catch(() => 0) }))"
        )
        asked = [event["request"]["url"] for event in tab.events("Network.requestWillBeSent")]
        assert len(asked) > 4
        assert all(url.startswith(one.parent.as_uri()) for url in asked), asked
        assert tab.events("Network.loadingFailed") == []
        assert tab.events("Log.entryAdded") == [], "the policy refuses nothing of ours"
        assert tab.events("Runtime.exceptionThrown") == []
        assert tab.run("[...document.images].every((i) => i.naturalWidth > 0)")
        families = tab.run("[...document.fonts].filter((f) => f.status === 'loaded').map((f) => f.family)")
        assert len(set(families)) >= 3


def test_the_policy_refuses_what_is_not_ours(chrome: Browser, page: Path) -> None:
    tab = opened(chrome, page)
    tab.run(
        "window.refused = []; addEventListener('securitypolicyviolation', (e) => refused.push(e.effectiveDirective))"
    )
    picture = '<img src="https://example.org/x.png" onerror="window.bad = 1">'
    tab.run(f"document.body.insertAdjacentHTML('beforeend', {json.dumps(picture)})")
    tab.run("{ const s = document.createElement('script'); s.textContent = 'window.bad = 1'; document.body.append(s) }")
    tab.run("{ const s = document.createElement('style'); s.textContent = '*{}'; document.body.append(s) }")
    tab.run("fetch('https://example.org/').catch(() => 0)")
    tab.until("refused.length >= 4")
    assert {"img-src", "script-src-elem", "style-src-elem", "connect-src"} <= set(tab.run("refused"))
    assert tab.run("window.bad") is None


def test_it_works_from_a_server_too(chrome: Browser, page: Path) -> None:
    handler = partial(_Quiet, directory=str(page.parent))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        tab = chrome.tab().open(f"http://127.0.0.1:{server.server_port}/#?theme=soins")
        assert shown(tab) == [name for name, card in typed().cards.items() if "soins" in card["themes"]]
        tab.run("document.fonts.ready.then(() => 1)")
        assert tab.run("[...document.fonts].some((f) => f.status === 'loaded')")
        assert tab.events("Log.entryAdded") == [], "nothing is refused, nothing is missing"
        server.shutdown()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


def test_links_out_are_links_and_nothing_else_names_an_address(page: Path, rich: Path) -> None:
    for one in (page, rich):
        html = one.read_text(encoding="utf-8")
        assert "style=" not in re.sub(r"<(style|script)>.*?</\1>", "", html, flags=re.DOTALL)
        for match in re.finditer(r'\s(src|href|srcset|action|data|poster)="([^"]*)"', html):
            scheme = urlsplit(unescape(match[2])).scheme
            assert scheme in {"", "http", "https", "mailto", "tel"}
            if scheme:
                assert match[1] == "href"
            elif not match[2].startswith("#"):
                assert (one.parent / match[2]).is_file(), match[2]
        css = "".join(re.findall(r"<style>(.*?)</style>", html, re.DOTALL))
        assert all((one.parent / url).is_file() for url in re.findall(r'url\("([^"]+)"\)', css))
        assert "@import" not in css


# --- the same content ---


# What the booklet says in other ways than as it was typed, or not at all.
NOT_WORDS = frozenset(
    "id scope color pictogram logo image portrait file language layout sections demonstration sort_as press filler"
    " allow legal date issued phone national art colours sign_off".split()
)


def sentences(value: object, name: str = "") -> Iterator[str]:
    """Every sentence, name and address that was typed below a field."""
    if isinstance(value, dict):
        for field, below in value.items():
            if field not in NOT_WORDS:
                yield from sentences(below, field)
    elif isinstance(value, list):
        # Of themes and partners, a list names ids.
        if name != "partners" and (name != "themes" or isinstance(value[0], dict)):
            for one in value:
                yield from sentences(one, name)
    elif name == "territories":
        yield PLACES[str(value)]
    else:
        for block in blocks(str(value)) if name in MARKDOWN else [re.sub("^https?://|/$", "", str(value))]:
            yield from re.split(r"(?<=[.!?…]) ", block)


def test_every_sentence_of_the_content_is_in_the_page(chrome: Browser, page: Path) -> None:
    tab = opened(chrome, page)
    # Cards that nobody has come near have no text that is shown yet.
    tab.run("for (const card of document.querySelectorAll('.card')) card.style.contentVisibility = 'visible'")
    text = plain(tab.run("document.body.innerText"))
    content = typed()
    files = [content.publication, content.foreword]
    files += [*content.pages.values(), *content.partners.values(), *content.cards.values()]
    wanted = [sentence for file in files for sentence in sentences(file)]
    assert len(wanted) > 800
    assert [sentence for sentence in wanted if plain(sentence) not in text] == []


def test_cards_keep_their_anchors_and_their_order(page: Path) -> None:
    found = re.findall(r'<article class="card[^>]* id="card-([\w-]+)"', page.read_text(encoding="utf-8"))
    assert found == ORDER


def test_contacts_are_links_to_act_on(page: Path) -> None:
    html = page.read_text(encoding="utf-8")
    assert 'href="tel:+33465712014"' in html
    assert 'href="mailto:direction@elia.example.org"' in html
    assert re.search(r'href="https?://aajt\.example\.org/?" rel="noopener noreferrer"', html)


def test_french_spaces_and_quotes_are_set(page: Path) -> None:
    html = page.read_text(encoding="utf-8")
    assert "«\u00a0Coup de Pouce\u00a0»" in html
    assert "\u202f;" in html
    assert "l'" not in re.sub(r"<(style|script)>.*?</\1>|<[^>]*>", "", html, flags=re.DOTALL)


def test_cards_in_other_languages_say_so(chrome: Browser, rich: Path) -> None:
    tab = opened(chrome, rich)
    found = tab.run("(({lang, dir}) => [lang, dir])(document.querySelector('#card-noor'))")
    assert found == ["ar", "rtl"]
    # Labels are in the language of the card, where the layout has them in it.
    assert tab.run("document.querySelector('#card-noor .label').closest('[lang]').lang") == "ar"
    assert tab.run("document.querySelector('[data-card=card-noor] a').lang") == "ar"
    assert tab.run("getComputedStyle(document.querySelector('#card-noor .way a')).direction") == "ltr"


def test_labels_on_a_card_whose_language_has_none_are_marked(catalogue_folder: CatalogueFolder) -> None:
    """In Swahili there are no labels yet, so they are those of the catalogue."""
    catalogue_folder.change("initiatives/aajt.yaml", "pilot:\n", "language: sw\npilot:\n")
    catalogue_folder.change("initiatives/aajt.yaml", "caption: Un atelier", "caption: Picha, credit: Juma")
    html = build(catalogue_folder).page.read_text(encoding="utf-8")
    card = html[html.index('id="card-aajt"') : html.index('id="card-kodiko"')]
    assert 'lang="sw"' in card
    for label in (
        "Pilote",
        "Contact",
        "Chiffres clés",
        "Territoires",
        "Téléphone",
        "Courriel",
        "Photo",
        "Accès à l’emploi",
    ):
        assert _language_around(card, f">{label}") == "fr", label
    assert _language_around(card, 'href="#list"') == "fr"
    assert _language_around(card, ">Picha") == _language_around(card, " Juma") == "sw"


def _language_around(html: str, words: str) -> str:
    """The language of the innermost element that is open where some words stand, and tells one."""
    open_tags: list[str] = []
    for tag in re.finditer(r"<(/?)(\w+)([^>]*?)(/?)>", html[: html.index(words) + 1] + ">"):
        if tag[1]:
            open_tags.pop()
        elif not tag[4] and tag[2] not in ("img", "br", "path", "use", "rect", "circle"):
            open_tags.append((re.findall(r'\blang="([^"]*)"', tag[3]) or [open_tags[-1] if open_tags else "sw"])[0])
    return open_tags[-1]


def test_html_in_the_content_stays_text(chrome: Browser, rich: Path) -> None:
    tab = opened(chrome, rich)
    assert "<script>alert(1)</script>" in tab.run("document.querySelector('#card-kodiko').textContent")
    assert tab.run("document.scripts.length") == 1
    assert tab.run("[...document.images].every((i) => !i.src.includes('example.org'))")
    handlers = (
        "[...document.querySelectorAll('*')].flatMap((e) => e.getAttributeNames()).filter((n) => n.startsWith('on'))"
    )
    assert tab.run(handlers) == []


def test_references_lead_to_parts_of_the_page(rich: Path) -> None:
    html = rich.read_text(encoding="utf-8")
    for anchor, text in (("card-aajt", "AAJT"), ("partner-diair", "le Diair"), ("page-note", "une autre")):
        assert f'<a href="#{anchor}">{text}</a>' in html
        assert f'id="{anchor}"' in html
    assert "livret:" not in html
    assert re.search(r'\S <a href="https://example\.org/\?a=b">un site</a>', html), "the space stands before the link"


def test_a_reference_to_what_the_edition_lacks_keeps_its_words(catalogue_folder: CatalogueFolder) -> None:
    catalogue_folder.write(
        "editions/paca.yaml", "territories: [FR-PAC]\nnational: false\nsections: [cover, initiatives]\n"
    )
    html = build(catalogue_folder, "paca").page.read_text(encoding="utf-8")
    assert "Avec Kodiko." in re.sub(r"<[^>]*>", "", html)
    assert "#card-kodiko" not in html
    assert 'id="legend"' not in html
    assert 'id="imprint"' not in html


# --- files ---


def test_two_builds_give_the_same_bytes(catalogue_folder: CatalogueFolder) -> None:
    def build_with_new_fonts() -> dict[str, bytes]:
        for font in packed:
            # Fonts of other tests, which this catalogue does not need, stay away.
            font.unlink(missing_ok=True)
        return files(build(catalogue_folder).page.parent)

    # Only the small ones: to pack all fonts takes 20 seconds.
    fonts = (catalogue_folder.root / "output" / ".store" / "web-fonts").glob("*.woff2")
    packed = [font for font in fonts if font.stat().st_size < 70_000]
    once = build_with_new_fonts()
    assert files(build(catalogue_folder).page.parent) == once
    assert build_with_new_fonts() == once, "fonts that are packed anew are the same"


def test_fonts_travel_with_their_licence_and_only_those_that_are_needed(page: Path, rich: Path) -> None:
    names = set(files(page.parent / "fonts"))
    assert {"SourceSans3-Regular.woff2", "SourceSerif4SmText-Regular.woff2", "SourceSans3-OFL.md"} <= names
    assert not [name for name in names if "Arabic" in name]
    assert {"NotoNaskhArabic-Regular.woff2", "NotoNaskhArabic-OFL.md"} <= set(files(rich.parent / "fonts"))


def test_pictures_are_shown_in_forms_that_browsers_know(rich: Path) -> None:
    pictures = {path.name.rsplit("-", 1)[0]: path for path in (rich.parent / "pictures").iterdir()}
    assert {path.suffix for path in pictures.values()} == {".jpg", ".png", ".svg"}
    with Image.open(pictures["a"]) as wide, Image.open(pictures["b"]) as printed:
        assert wide.size == (1800, 1200)
        assert printed.mode == "RGB"
    html = rich.read_text(encoding="utf-8")
    assert 'width="1800" height="1200" alt="Un atelier vu de haut"' in html
    assert 'alt="Une cour"' in html
    assert 'alt="Association d’aide aux jeunes travailleurs"' in html, "a logo is called as its organisation"


# What a drawing may not hold, in the many ways it can be written, and what is said of it.
OUTSIDE = [
    ("<script>1</script>", "holds a script"),
    ('<g onclick="x()"/>', "holds a script"),
    ("<foreignObject/>", "holds <foreignObject>"),
    ('<a href="https://x.example/"><path d="M0 0"/></a>', "refers to"),
    ('<a href="javascript:x()"/>', "refers to"),
    ('<image href="https://x.example/a.png"/>', "refers to"),
    ('<image href="//x.example/a.png"/>', "refers to"),
    ('<image href="a.png"/>', "refers to"),
    ('<image href="file:///etc/passwd"/>', "refers to"),
    ('<image href="data:image/svg+xml;base64,PHN2Zy8+"/>', "refers to"),
    ('<use xmlns:l="http://www.w3.org/1999/xlink" l:href="https://x.example/a.svg#b"/>', "refers to"),
    ('<g xml:base="https://x.example/"/>', "refers to"),
    ('<path fill="url(https://x.example/a.svg#b)"/>', "refers to"),
    ("<path style=\"fill: URL( '//x.example/a' )\"/>", "refers to"),
    ('<path style="fill: u\\72l(https://x.example)"/>', "refers to"),
    ('<path style="fill: ur/**/l(https://x.example)"/>', "refers to"),
    ("<style>@import 'a.css';</style>", "refers to"),
    ("<style>@\\69mport 'a.css';</style>", "refers to"),
    ("<style>path { background: image-set('https://x.example/a.png' 1x) }</style>", "refers to"),
    ('<animate attributeName="href" values="#a;javascript:x()"/>', "refers to"),
    ('<set attributeName="href" to="b.png"/>', "refers to"),
    ('<animate xmlns:l="http://www.w3.org/1999/xlink" attributeName="l:href" values="b.png"/>', "refers to"),
    ('<set attributeName="onload" to="x()"/>', "refers to"),
    ("<style>a { background: cross-fade('b.png', red) }</style>", "refers to"),
    # In a page, browsers read a drawing as HTML: names in capitals are the same names, and namespaces are unknown.
    ("<SCRIPT>x()</SCRIPT>", "holds a script"),
    ('<h:Script xmlns:h="https://x.example/h">x()</h:Script>', "holds a script"),
    ("<FOREIGNOBJECT/>", "holds <FOREIGNOBJECT>"),
    ('<IFRAME srcdoc="a"/>', "holds <IFRAME>"),
    ('<img srcset="b.png 1x"/>', "holds <img>"),
    ('<h:link xmlns:h="http://www.w3.org/1999/xhtml" imagesrcset="b.png" as="image"/>', "holds <link>"),
    ('<meta http-equiv="refresh" content="0; url=b.html"/>', "holds <meta>"),
    ('<form action="b"/>', "holds <form>"),
    ('<image HREF="b.png"/>', "refers to"),
    ("<STYLE>path { background: url(b.png) }</STYLE>", "refers to"),
    # Comments end earlier there.
    ("<!--><script>x()</script>-->", "holds markup inside a comment"),
    ("<!---><script>x()</script>-->", "holds markup inside a comment"),
    ("<?x ><script>x()</script>?>", "holds markup inside a comment"),
    ("<title><![CDATA[><script>x()</script>]]></title>", "holds markup inside a comment"),
]


@pytest.mark.parametrize(("bad", "told"), OUTSIDE)
def test_a_drawing_that_reaches_outside_itself_is_not_published(
    catalogue_folder: CatalogueFolder, bad: str, told: str
) -> None:
    catalogue_folder.write("images/aajt.svg", SVG.replace("</svg>", f"{bad}</svg>"))
    with pytest.raises(LivretError, match=rf"images/aajt\.svg: this drawing {re.escape(told)}.* cannot be published"):
        Assets(catalogue_folder.project).picture("images/aajt.svg")


@pytest.mark.parametrize(
    "before", ["<!DOCTYPE svg [<!ENTITY a 'b'>]>", '<?xml-stylesheet href="https://x.example/a.css"?>']
)
def test_a_drawing_with_entities_or_a_style_sheet_of_its_own_is_not_published(
    catalogue_folder: CatalogueFolder, before: str
) -> None:
    catalogue_folder.write("images/aajt.svg", before + SVG)
    with pytest.raises(LivretError, match="cannot be published"):
        Assets(catalogue_folder.project).picture("images/aajt.svg")


@pytest.mark.parametrize("text", ["<html><body><svg/></body></html>", "<svg><g></svg>", "no drawing", ""])
def test_what_is_not_svg_is_told(catalogue_folder: CatalogueFolder, text: str) -> None:
    catalogue_folder.write("images/aajt.svg", text)
    with pytest.raises(LivretError, match=r"is not SVG|cannot be read: it is"):
        Assets(catalogue_folder.project).picture("images/aajt.svg")


@pytest.mark.parametrize(
    "good",
    [
        '<linearGradient id="a"/><path fill="url(#a)"/><use href="#a"/>',
        '<image href="data:image/png;base64,iVBORw0KGgo="/>',
        "<style>.a { fill: url('#a'); font: 12px serif }</style>",
        '<metadata xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" r:about="http://x.example"/>',
        '<title>https://x.example</title><g aria-label="https://x.example"/>',
        "<!-- Generator: a program --><!-- <path d='M0 0'/> -> old --><?a b?>",
        "<style><![CDATA[g > path { fill: red }]]></style>",
        '<animate attributeName="fill" values="red;blue"/>',
    ],
)
def test_a_drawing_may_refer_to_its_own_parts(catalogue_folder: CatalogueFolder, good: str) -> None:
    catalogue_folder.write("images/aajt.svg", SVG.replace("</svg>", f"{good}</svg>"))
    assert Assets(catalogue_folder.project).picture("images/aajt.svg").startswith("pictures/aajt-")


@pytest.mark.parametrize("declared", ["onload: x()", "ONCLICK:x()", "href: b.png", "src:b.png"])
def test_a_style_that_becomes_attributes_runs_and_loads_nothing(declared: str) -> None:
    turned = attributes(f'<image style="fill: red; {declared}; stroke: blue"/>')
    assert turned == '<image fill="red" stroke="blue"/>'


def test_pictograms_are_looked_at_too(catalogue_folder: CatalogueFolder) -> None:
    folder = catalogue_folder.root / "pictograms"
    folder.mkdir(exist_ok=True)
    (folder / "phone.svg").write_text(SVG.replace("</svg>", '<image href="https://x.example/a.png"/></svg>'))
    with pytest.raises(LivretError, match=r"pictograms/phone\.svg: this drawing refers to"):
        build(catalogue_folder)


@pytest.mark.parametrize("name", ["x.png", "x.jpg", "x.tif"])
def test_a_picture_that_is_none_is_told(catalogue_folder: CatalogueFolder, name: str) -> None:
    path = catalogue_folder.write(f"images/{name}", b"no picture")
    assets = Assets(catalogue_folder.project)
    with pytest.raises(LivretError, match="cannot be read"):
        assets.picture(str(path.relative_to(catalogue_folder.path(""))))


def test_a_bad_build_leaves_the_old_folder(catalogue_folder: CatalogueFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = build(catalogue_folder).page.parent
    before = files(folder)
    own = catalogue_folder.root / "layouts" / "web"
    own.mkdir(parents=True)
    (own / "card.html").write_text("{{ card.nothing }}")
    with pytest.raises(LivretError, match=r"layouts/web/card\.html:1"):
        build(catalogue_folder)
    (own / "card.html").unlink()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(site, "_fill", full)
    with pytest.raises(OutputError, match="No space left"):
        build(catalogue_folder)
    assert files(folder) == before
    assert [path.name for path in folder.parent.iterdir()] == ["web"]


def test_the_folder_is_replaced_as_a_whole(catalogue_folder: CatalogueFolder) -> None:
    folder = build(catalogue_folder).page.parent
    (folder / "left.txt").write_text("from an older build")
    build(catalogue_folder)
    assert not (folder / "left.txt").exists()
    assert folder.stat().st_mode & 0o777 == 0o777 & ~_umask()


def _umask() -> int:
    umask = os.umask(0)
    os.umask(umask)
    return umask


def test_the_pdf_lies_beside_the_page_when_it_was_built(catalogue_folder: CatalogueFolder) -> None:
    assert ".pdf" not in build(catalogue_folder).page.read_text(encoding="utf-8")
    pdf = catalogue_folder.root / "output" / "full" / "full-screen.pdf"
    pdf.write_bytes(b"%PDF" + b"0" * 1_250_000)
    report = Report()
    page = build(catalogue_folder, report=report).page
    assert (page.parent / pdf.name).read_bytes() == pdf.read_bytes()
    assert f'href="{pdf.name}"' in page.read_text(encoding="utf-8")
    assert "PDF, 1,3\u00a0Mo" in page.read_text(encoding="utf-8")
    assert report.findings == ()


def test_a_pdf_older_than_the_catalogue_is_told(catalogue_folder: CatalogueFolder) -> None:
    pdf = catalogue_folder.root / "output" / "full" / "full-screen.pdf"
    pdf.parent.mkdir(parents=True)
    pdf.write_bytes(b"%PDF")
    os.utime(pdf, (1_000_000_000, 1_000_000_000))
    report = Report()
    build(catalogue_folder, report=report)
    assert [finding.rule for finding in report.findings] == ["stale-pdf"]


def test_the_command_line_builds_it(catalogue_folder: CatalogueFolder) -> None:
    done = livret_here("-C", catalogue_folder.root, "build", "--for", "web")
    assert done.code == 0, done.err
    assert re.search(r"output/full/web/index\.html: 2 cards, \d+ files, [\d.]+ MB", done.out)
    done = livret_here("-C", catalogue_folder.root, "build", "--for", "web", "--format", "json")
    (told,) = json.loads(done.out)["editions"]
    assert Path(told["page"]).is_file()
    assert told["cards"] == 2
    assert not list((catalogue_folder.root / "output" / "full").glob("*.pdf")), "nothing is typeset for it"


def test_a_project_may_change_one_file_of_the_web_layout(catalogue_folder: CatalogueFolder) -> None:
    own = catalogue_folder.root / "layouts" / "web"
    own.mkdir(parents=True)
    (own / "print.css").write_text("/* mine */")
    assert "/* mine */" in build(catalogue_folder).page.read_text(encoding="utf-8")
    (own / "base.css").write_text(':root { --serif: "No Such Font" }')
    with pytest.raises(LivretError, match='no font of the family "No Such Font"'):
        build(catalogue_folder)


@pytest.mark.parametrize("layout", ["pocket", "forum"])
def test_every_printed_layout_lends_its_colours(catalogue_folder: CatalogueFolder, layout: str) -> None:
    made = build_web(catalogue_folder.project, catalogue_folder.catalogue(), "full", Report(), layout=layout)
    assert "--ink: #" in made.page.read_text(encoding="utf-8")


def test_missing_chromium_is_told_with_the_line_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(AssertionError, match="apt-get install -y --no-install-recommends chromium"):
        chromium()


# --- small things ---


@pytest.mark.parametrize("colour", ["#ffe066", "#17704f", "#ffffff", "#000000", "#9d6100"])
def test_shades_to_write_in_can_be_read(colour: str) -> None:
    # WCAG 2.2, 1.4.3: 4.5 to 1.
    assert contrast(readable(colour, "#ffffff", "#fff7ea"), "#fff7ea") >= 4.5
    assert contrast(on(colour), colour) >= 4.5


def test_style_attributes_of_drawings_become_attributes() -> None:
    given = '<svg><path d="M0 0" style="fill:#fff; stroke : none"/></svg>'
    assert attributes(given) == '<svg><path d="M0 0" fill="#fff" stroke="none"/></svg>'


def test_a_card_of_a_whole_region_answers_to_all_that_is_in_it() -> None:
    def card(*codes: str) -> Initiative:
        return Initiative.model_validate({"pilot": {"name": "A", "about": "B"}, "themes": ["a"], "territories": codes})

    whole, part, elsewhere = card("FR-PAC"), card("FR-PAC", "FR-13"), card("FR-06")
    offered = filters.choices([whole, part, elsewhere], "fr")
    assert [(choice.place.code, [place.code for place in choice.children]) for choice in offered] == [
        ("FR-PAC", ["FR-06", "FR-13"])
    ]
    assert filters.answers(whole, offered) == ("FR-06", "FR-13", "FR-PAC")
    assert filters.answers(part, offered) == ("FR-13", "FR-PAC")
    assert filters.answers(elsewhere, offered) == ("FR-06", "FR-PAC")


def test_stacks_of_families_are_read_from_custom_properties() -> None:
    css = ':root { --serif: "A B", "C", serif; --space: 1rem }\n.x { --sans: "D" }'
    assert list(stacks(css)) == [("A B", "C"), ("D",)]
