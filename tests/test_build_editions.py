"""Many editions in one run, and both ends of each: what is shared, what fails alone, what is not made again."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from conftest import FILES, SVG, CatalogueFolder
from inspector import Inspector
from press import change, livret_here, plain_layout
from presscheck import faults

EDITIONS = {
    "paca": "title: Le forum en Provence\nterritories: [FR-PAC]\nnational: false\n",
    "emploi": "title: Emploi\nthemes: [emploi]\n",
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of two cards and three editions, built for screen and press; nobody changes it."""
    folder = CatalogueFolder(tmp_path_factory.mktemp("editions") / "project")
    for name, content in FILES.items():
        folder.write(name, content)
    for name, content in EDITIONS.items():
        folder.write(f"editions/{name}.yaml", content)
    (folder.root / "pictograms").mkdir()
    for name in ("logement", "emploi"):
        (folder.root / "pictograms" / f"{name}.svg").write_text(SVG)
    plain_layout(folder)
    done = livret_here("-C", folder.root, "build", "--all", "--format", "json")
    assert done.code == 0, done.err
    (folder.root / "told.json").write_text(done.out)
    return folder.root


@pytest.fixture
def project(built: Path, tmp_path: Path) -> Path:
    """A copy of the built project, to be changed."""
    return Path(shutil.copytree(built, tmp_path / "project"))


def test_all_makes_screen_and_press_of_every_edition(built: Path) -> None:
    told = {edition["edition"]: edition for edition in json.loads((built / "told.json").read_text())["editions"]}
    assert set(told) == {"full", *EDITIONS}
    for name, edition in told.items():
        assert set(edition["written"]) == {"screen", "press"}
        for end in ("screen", "press"):
            assert edition["files"][end] == str(built / "output" / name / f"{name}-{end}.pdf")
        book = Inspector(Path(edition["files"]["screen"]))
        assert edition["pages"] == len(book)
        assert len(book) % 4 == 0
        trim = book.box(0, "/TrimBox")
        assert faults(Path(edition["files"]["press"]), trim.width, trim.height, 72 / 25.4 * 3) == ()


def test_what_editions_share_is_typeset_once(built: Path, project: Path) -> None:
    shutil.rmtree(project / "output")
    done = livret_here("-C", project, "build", "full", "emploi", "--format", "json")
    full, emploi = done.told["editions"]
    cards = {"card-aajt", "card-kodiko"}
    keys = [
        {
            part["anchor"]: part["fragment"]
            for part in json.loads((project / "output" / name / "report.json").read_text())["parts"]
        }
        for name in ("full", "emploi")
    ]
    assert all(keys[0][card] == keys[1][card] for card in cards)
    assert full["reused"] == 0
    assert emploi["reused"] >= len(cards)
    assert emploi["typeset"] < full["typeset"]


def test_a_summary_ends_a_run_of_several(project: Path) -> None:
    done = livret_here("-C", project, "build", "--all")
    *files, summary = done.out.splitlines()
    assert len(files) == 6
    assert all(line.endswith(", unchanged)") for line in files)
    assert summary.startswith("3 editions: ")
    assert "typeset 0" in summary
    assert "editions:" not in livret_here("-C", project, "build").out


def test_an_edition_that_fails_does_not_stop_the_others(project: Path) -> None:
    shutil.copytree(project / "layouts" / "plain", project / "layouts" / "broken")
    card = project / "layouts" / "broken" / "card.html"
    change(card, "{{ locator(card) }}", "{{ nothing.here }}")
    with (project / "catalogue" / "editions" / "emploi.yaml").open("a") as file:
        file.write("layout: broken\n")
    before = (project / "output" / "emploi" / "emploi-screen.pdf").read_bytes()
    change(project / "catalogue" / "editions" / "paca.yaml", "en Provence", "dans le Sud")
    done = livret_here("-C", project, "build", "--all")
    assert done.code == 1
    assert "emploi: not built" in done.out
    assert "3 editions, 1 failed: " in done.out
    assert "the layout broken fails here" in done.err
    assert "Traceback" not in done.err
    assert Inspector(project / "output" / "paca" / "paca-screen.pdf").info["/Title"] == "Le forum dans le Sud"
    assert (project / "output" / "emploi" / "emploi-screen.pdf").read_bytes() == before


def test_fiction_keeps_a_real_catalogue_from_the_press_alone(project: Path) -> None:
    change(project / "catalogue" / "catalogue.yaml", "demonstration: true\n", "sign_off: required\n")
    shutil.rmtree(project / "output")
    done = livret_here("-C", project, "build", "--for", "both")
    assert done.code == 1
    assert "catalogue/initiatives/aajt.yaml:1: error: nobody has approved this part yet [unsigned]" in done.err
    assert "[fictional-contact]" in done.err
    assert "[missing-legal-mention]" in done.err
    assert "catalogue/catalogue.yaml" in done.err
    assert (project / "output" / "full" / "full-screen.pdf").is_file()
    assert not (project / "output" / "full" / "full-press.pdf").exists()


def test_a_profile_that_is_not_there_is_a_finding(project: Path) -> None:
    done = livret_here("-C", project, "build", "--for", "press", "--press", "coated-fogra93")
    assert done.code == 1
    assert "[unknown-press-profile]" in done.err
    assert 'did you mean "coated-fogra39"' in done.err
    assert livret_here("-C", project, "build", "--press", "office").code == 2, "without --for press"


def test_a_press_that_wants_more_bleed_than_is_drawn_is_refused(built: Path, project: Path) -> None:
    own = project / "press"
    own.mkdir()
    shipped = Path(__file__).resolve().parents[1] / "press" / "coated-fogra39.yaml"
    text = shipped.read_text(encoding="utf-8")
    (own / "ours.yaml").write_text(text.replace("bleed: 3", "bleed: 5").replace("offset: 3", "offset: 5"))
    done = livret_here("-C", project, "build", "--for", "press", "--press", "ours")
    assert done.code == 1
    assert "wants 5 mm of bleed, the layout plain draws 3 [too-little-bleed]" in done.err


def test_the_office_profile_separates_nothing(project: Path) -> None:
    done = livret_here("-C", project, "build", "--for", "press", "--press", "office")
    assert done.code == 0, done.err
    screen, press = (Inspector(project / "output" / "full" / f"full-{end}.pdf") for end in ("screen", "press"))
    assert press.box(0, "/MediaBox") == screen.box(0, "/TrimBox")
    assert [press.text(page) for page in range(len(press))] == [screen.text(page) for page in range(len(screen))]


def test_the_office_profile_limits_texts_lines_and_margins_too(project: Path) -> None:
    with (project / "layouts" / "plain" / "base.css").open("a", encoding="utf-8") as style:
        style.write("p { font-size: 3pt !important; border-bottom: 0.05pt solid #000 }\n")
    done = livret_here("-C", project, "--format", "json", "build", "--for", "press", "--press", "office")
    told = {one["rule"]: one["message"] for one in done.told["findings"]}
    assert "3.0 pt high, less than 5 pt" in told["small-text"]
    assert "less than 0.25 pt" in told["hairline"]
    assert "5 mm are safe" in told["unsafe-content"]


def test_the_profile_and_the_sign_offs_of_an_edition_are_its_own(project: Path) -> None:
    with (project / "catalogue" / "editions" / "paca.yaml").open("a") as file:
        file.write("press: office\nsign_off: required\n")
    done = livret_here("-C", project, "build", "paca", "--for", "press", "--allow", "unsigned", "--because", "Lundi")
    assert done.code == 0, done.err
    report = json.loads((project / "output" / "paca" / "report.json").read_text(encoding="utf-8"))
    reasons = [one["message"] for one in report["findings"] if one["rule"] == "unsigned"]
    assert reasons
    assert all(reason.endswith('(allowed: "Lundi")') for reason in reasons)
    press = Inspector(project / "output" / "paca" / "paca-press.pdf")
    assert press.box(0, "/MediaBox") == press.box(0, "/TrimBox")


def test_a_card_that_is_not_in_the_text_of_the_book_is_missed(project: Path) -> None:
    card = project / "layouts" / "plain" / "card.html"
    before = (project / "output" / "full" / "full-screen.pdf").read_bytes()
    change(card, "{{ card.pilot.about|md(level=2) }}", "")
    done = livret_here("-C", project, "build")
    assert done.code == 1
    # The first words of the field stand below its name.
    told = 'kodiko.yaml:4: error: card-kodiko: the field "pilot.about" is not printed whole; missing from "réunit'
    assert told in done.err
    # The first hint is for who writes the cards, the last for who makes the layout.
    assert "type them again in a simple way" in done.err
    assert "in a layout of your own, print the field" in done.err
    assert "[missing-text]" in done.err
    assert (project / "output" / "full" / "full-screen.pdf").read_bytes() == before


def test_findings_of_a_file_are_told_again_when_it_is_unchanged(project: Path) -> None:
    with (project / "catalogue" / "initiatives" / "kodiko.yaml").open("a") as file:
        file.write("description: |\n  Voir [la page](page:absente).\n")
    first, second = (livret_here("-C", project, "build", "--format", "json").told for _ in range(2))
    assert second["findings"] == first["findings"]
