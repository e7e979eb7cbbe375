"""Several cards on a page: `per_page` in layout.yaml."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pikepdf
import pytest
from pypdf import PdfReader

from conftest import CatalogueFolder, two_cards
from inspector import Inspector
from livret.pages.flatplan import Part, Side
from livret.pages.pagination import Sharing, paginate
from press import change, livret_here
from verapdf import assert_compliant

CARD = """\
pilot:
  name: {name}
  about: |
    {about}
contacts:
  - organisation: {name}
    email: bonjour@{id}.example.org
themes: [emploi]
scope: national
"""
SHORT = "Une phrase suffit."
LONG = " ".join(["Une association qui a beaucoup à dire le dit ici, sans rien laisser de côté, et continue."] * 30)
NAMES = ("Abri", "Brise", "Cime", "Dune", "Écho")


def directory(root: Path, texts: Sequence[str] = (SHORT,) * 5, per_page: int = 2) -> CatalogueFolder:
    """Five cards with these texts, in a copy of the pocket layout."""
    folder = two_cards(root)
    for name in ("aajt", "kodiko"):
        folder.remove(f"initiatives/{name}.yaml")
    for name, about in zip(NAMES, texts, strict=True):
        identifier = name.lower().replace("é", "e")
        folder.write(f"initiatives/{identifier}.yaml", CARD.format(name=name, id=identifier, about=about))
    assert livret_here("-C", folder.root, "new", "layout", "annuaire", "--from", "pocket").code == 0
    settings = folder.root / "layouts" / "annuaire" / "layout.yaml"
    change(settings, "card: {pages: 1}", f"card: {{pages: 1, per_page: {per_page}}}")
    catalogue = folder.path("catalogue.yaml")
    catalogue.write_text(
        catalogue.read_text(encoding="utf-8") + "layout: annuaire\nsections: [contents, initiatives]\n",
        encoding="utf-8",
    )
    return folder


def card_pages(pdf: Path) -> dict[str, tuple[int, float]]:
    """By name of a card: the index of the page with its address, and how high that stands, in points."""
    book = Inspector(pdf)
    found = {}
    for index in range(len(book)):
        for link in book.links(index):
            if str(link.uri).startswith("mailto:bonjour@"):
                found[str(link.uri)[15:].partition(".")[0]] = (index, link.rect.y0)
    return found


def text_of(pdf: Path) -> str:
    book = Inspector(pdf)
    return " ".join(book.text(page) for page in range(len(book)))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory whose third card has too much text for half a page."""
    folder = directory(tmp_path_factory.mktemp("shared") / "project", (SHORT, SHORT, LONG, SHORT, SHORT))
    done = livret_here("-C", folder.root, "build", "--for", "both", "--format", "json")
    assert done.code == 0, done.out
    assert not [one for one in done.told["findings"] if one["rule"] in {"overset-text", "clipped-text", "empty-page"}]
    return folder.root / "output" / "full"


def test_cards_fill_pages_in_order_and_one_that_needs_more_has_its_own() -> None:
    parts = [Part("index", "", "any"), *(Part("card", name, "any") for name in "abcdef"), Part("notes", "1", "any")]
    sides: dict[str, tuple[Side, ...]] = {part.anchor: ("any",) for part in parts}
    sharing = Sharing(3, 100, alone=frozenset({"card-e"}))
    sheets = paginate(parts, sides, sharing=sharing).sheets
    assert [[part.id for part in sheet.parts] for sheet in sheets] == [
        [""],
        ["a", "b", "c"],
        ["d"],
        ["e"],
        ["f"],
        ["1"],
    ]
    pages = paginate(parts, sides, sharing=sharing)
    assert pages.downs == {"card-a": 0, "card-b": 100, "card-c": 200, "card-d": 0, "card-f": 0}
    assert [pages.folio(f"card-{name}") for name in "abcdef"] == [2, 2, 2, 3, 4, 5]
    assert [part.id for part in pages.parts] == ["", "a", "b", "c", "d", "e", "f", "1"]


def test_a_card_of_two_pages_is_not_shared() -> None:
    parts = [Part("card", name, "any") for name in "abc"]
    sheets = paginate(
        parts, {"card-a": ("any",), "card-b": ("any", "any"), "card-c": ("any",)}, sharing=Sharing(2, 100)
    ).sheets
    assert [[part.id for part in sheet.parts] for sheet in sheets] == [["a"], ["b"], ["b"], ["c"]]


def test_what_begins_on_a_verso_does_so_after_cards_that_share_pages() -> None:
    parts = [*(Part("card", name, "any") for name in "abcd"), Part("legend", "", "verso"), Part("index", "", "any")]
    sides: dict[str, tuple[Side, ...]] = {part.anchor: ("any",) for part in parts}
    for per_page, shown in ((2, ["a", "c", "-", "", ""]), (3, ["a", "d", "-", "", ""]), (4, ["a", "", ""])):
        sheets = paginate(parts, sides, sharing=Sharing(per_page, 100)).sheets
        assert [sheet.part.id if sheet.part else "-" for sheet in sheets] == shown
        assert [sheet.side for sheet in sheets if sheet.part and sheet.part.kind == "legend"] == ["verso"]


def test_two_cards_stand_on_a_page_one_at_its_head_and_one_lower(built: Path) -> None:
    found = card_pages(built / "full-screen.pdf")
    assert list(found) == ["abri", "brise", "cime", "dune", "echo"]
    first = found["abri"][0]
    assert [page - first for page, _ in found.values()] == [0, 0, 1, 2, 2]
    # 37 lines of 10 pt and 2 between: 19 lines from one card to the next.
    assert found["abri"][1] - found["brise"][1] == pytest.approx(190, abs=0.1)
    assert found["dune"][1] - found["echo"][1] == pytest.approx(190, abs=0.1)


def test_the_links_of_a_lower_card_lie_on_its_words(built: Path) -> None:
    book = Inspector(built / "full-screen.pdf")
    page = card_pages(built / "full-screen.pdf")["brise"][0]
    (link,) = (one for one in book.links(page) if one.uri == "mailto:bonjour@brise.example.org")
    assert book.text_in(page, link.rect).strip() == "bonjour@brise.example.org"


def test_contents_lead_to_the_place_of_a_card_on_its_page(built: Path) -> None:
    reader = PdfReader(built / "full-screen.pdf")
    upper, lower = (reader.named_destinations[f"card-{name}"] for name in ("abri", "brise"))
    assert upper.page == lower.page
    assert float(str(upper["/Top"])) == pytest.approx(419.53, abs=0.01)
    # 148 mm less a head of 11.2 mm is 387.78 pt; a gap of 20 pt above it, and 190 pt lower.
    assert float(str(lower["/Top"])) == pytest.approx(217.78, abs=0.01)


def test_the_tags_are_whole(built: Path) -> None:
    assert_compliant([built / "full-screen.pdf"])


def test_every_card_is_an_article_of_its_own(built: Path) -> None:
    with pikepdf.open(built / "full-screen.pdf") as pdf:
        parts = pdf.Root.StructTreeRoot.K[0].K
        assert [str(part.S) for part in parts].count("/Art") == 5


def test_the_proof_of_the_book_shows_all_cards_of_a_page(built: Path) -> None:
    folder = built.parents[1]
    assert livret_here("-C", folder, "proof", "--book", "brise").code == 0
    text = text_of(folder / "output" / "proofs" / "full-book.pdf")
    assert [text.count(f"bonjour@{name}.example.org") for name in ("abri", "brise", "cime", "dune", "echo")] == [1] * 5
    text = text_of(folder / "output" / "proofs" / "brise.pdf")
    assert "bonjour@brise.example.org" in text
    assert "bonjour@abri.example.org" not in text


def test_pages_do_not_depend_on_what_was_built_before(built: Path, tmp_path: Path) -> None:
    folder = directory(tmp_path / "project")
    assert livret_here("-C", folder.root, "build").code == 0
    pages = [page for page, _ in card_pages(folder.root / "output/full/full-screen.pdf").values()]
    assert [page - pages[0] for page in pages] == [0, 0, 1, 1, 2]
    card = folder.path("initiatives/cime.yaml")
    change(card, SHORT, LONG)
    assert livret_here("-C", folder.root, "build").code == 0
    assert (folder.root / "output/full/full-screen.pdf").read_bytes() == (built / "full-screen.pdf").read_bytes()


def test_cards_that_have_no_line_left_are_refused(tmp_path: Path) -> None:
    folder = directory(tmp_path / "project")
    settings = folder.root / "layouts/annuaire/layout.yaml"
    # 37 lines, and 37 more between: two cards have 37 each, of which none is left.
    change(settings, "per_page: 2}", "per_page: 2, gap: 37}")
    done = livret_here("-C", folder.root, "check")
    assert done.code != 0
    assert "2 cards a page and a gap of 37 between them have no room on 37 lines" in done.err + done.out
    change(settings, "gap: 37}", "gap: 35}")
    assert livret_here("-C", folder.root, "check").code == 0


def test_full_has_a_share_for_each_class_of_fit(tmp_path: Path) -> None:
    folder = directory(tmp_path / "project")
    settings = folder.root / "layouts/annuaire/layout.yaml"
    change(settings, "full: [0.945, 0.93, 0.98]", "full: [0.9]")
    done = livret_here("-C", folder.root, "check")
    assert done.code != 0
    assert "full has 1 shares of a page for 3 classes of fit" in done.err + done.out


def test_cards_of_a_spread_cannot_share_a_page(tmp_path: Path) -> None:
    folder = directory(tmp_path / "project")
    change(
        folder.root / "layouts/annuaire/layout.yaml", "card: {pages: 1, per_page: 2}", "card: {pages: 2, per_page: 2}"
    )
    done = livret_here("-C", folder.root, "check")
    assert done.code != 0
    assert "per_page" in done.err + done.out
    assert "pages: 1" in done.err + done.out


# --- proofs ---


def placed(sheet: Path) -> float:
    """How far from the left of its sheet the first page of a proof stands, in millimetres."""
    with pikepdf.open(sheet) as pdf:
        drawn = b"".join(stream.read_bytes() for stream in list(pdf.pages[0].Contents))
    found = re.search(rb"q 1 0 0 1 (\S+) \S+ cm /Page0 Do", drawn)
    assert found
    return float(found[1]) * 25.4 / 72


def test_proofs_show_cards_on_the_sides_and_with_the_folios_of_the_book(tmp_path: Path) -> None:
    """One is alone on its page, one goes on over two pages: what follows depends on both."""
    folder = directory(tmp_path / "project", (SHORT, LONG, LONG + LONG[: len(LONG) // 2], SHORT, SHORT))
    done = livret_here("-C", folder.root, "proof", "--all", "--edition", "full")
    assert done.code == 0, done.err
    proofs = folder.root / "output" / "proofs"
    before = {name: placed(proofs / f"{name}.pdf") for name in ("abri", "brise", "cime", "dune", "echo")}
    assert livret_here("-C", folder.root, "build").code == 0
    pages = {name: page for name, (page, _) in card_pages(folder.root / "output/full/full-screen.pdf").items()}
    assert (pages["brise"] - pages["abri"], pages["dune"] - pages["cime"]) == (1, 2), "as the texts were made for"
    assert before == {name: pytest.approx(14 + 105 * (page % 2 == 0), abs=0.1) for name, page in pages.items()}
    assert livret_here("-C", folder.root, "proof", "dune").code == 0
    assert f"Pages {pages['dune'] + 1}, à ce jour" in " ".join(text_of(proofs / "dune.pdf").split())
