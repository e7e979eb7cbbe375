"""A small catalogue that is right in every detail, for tests to read and to break."""

from __future__ import annotations

import fcntl
import gc
import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from engine_bench import Bench
from livret.content.catalogue.reader import read_catalogue
from livret.content.schema.model import Catalogue
from livret.findings import Finding
from livret.pages.pool.forkserver import fonts_conf
from livret.project import Project
from web import Browser, browser

if TYPE_CHECKING:
    from serving import Served

# Whatever the terminal speaks: tests compare English sentences.
os.environ["LIVRET_LANG"] = "en"

# Whatever the shell says: hundreds of processes would else compile all of Livret again, which takes 1.7 seconds each.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# No test is timed: a busy machine must not fail one. The same examples every time, so that a red test stays red.
settings.register_profile("livret", deadline=None, derandomize=True)
settings.load_profile("livret")

# The tests of `make quick`: they start no engine, no worker, no browser, no Java and no program of the system.
QUICK = frozenset(
    f"test_{name}.py"
    for name in (
        "collation compare_checkouts compose contacts content_fuzz content_reader docs editions field_tables "
        "findings fit flatplan gradients ink language_tags layout markdown marks palette press_profile "
        "project starter territories typography yaml_reader"
    ).split()
)


# The files of tests that take longest, longest first: begun late, one of them would run alone at the end.
LONGEST = tuple(
    f"test_{name}.py"
    for name in (
        "writing_page build proofroom_page web writing_lost stress_pages cluster outside_faults room_refusals soak "
        "writing_editions patches room_faults writing_meanwhile press_book answers limits cli pdfua live_editions "
        "room_late other_lengths preflight proofs preflight_print drawing_effects pressroom ink_plates packaging "
        "architecture binding_side upstream shared_pages removing separate commonmark build_editions first_page "
        "print_limits pictures torture pages_look typeset settle archive kept_compositions language_editions store "
        "other_countries editions preflight_print_content press_preflight unchanged proofroom completeness "
        "two_languages approvals watch preflight_reports editing picture_files starter proofing_round text_checks "
        "pressfile tags catalogue_folder proofs_in_languages compose typography preflight_print_broken book"
    ).split()
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """With `--no-loadscope-reorder`, processes take files in this order."""
    places = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path.name, len(places)))


def pytest_collection_finish() -> None:
    """Some 6,000 tests and their modules stay to the end: the garbage collector need not look at them again.

    It looks for other garbage as seldom as in the commands of Livret.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--quick", action="store_true", help="only the tests that need neither engine, browser nor Java")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """With --quick, leave out every file of tests that is not among them."""
    is_test = collection_path.name.startswith("test_") and collection_path.suffix == ".py"
    return True if config.getoption("--quick") and is_test and collection_path.name not in QUICK else None


def pytest_assertrepr_compare(op: str, left: object, right: object) -> list[str] | None:
    """Say where two files differ: pytest would look for the nearest way from one to the other, for many minutes."""
    if op == "==" and isinstance(left, bytes) and isinstance(right, bytes) and max(len(left), len(right)) > 1000:
        unlike = (place for place, (one, other) in enumerate(zip(left, right, strict=False)) if one != other)
        start = next(unlike, min(len(left), len(right)))
        return [
            f"{len(left)} bytes == {len(right)} bytes",
            f"from byte {start}: {left[start : start + 60]!r} and {right[start : start + 60]!r}",
        ]
    if op == "==" and isinstance(left, dict) and isinstance(right, dict) and bytes in map(type, left.values()):
        differing = [name for name in left.keys() | right.keys() if left.get(name) != right.get(name)]
        return [f"{len(left)} files == {len(right)} files", f"these differ: {sorted(map(str, differing))}"]
    return None


@pytest.hookimpl(wrapper=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Iterator[None]:
    """Name what failed in the last lines, each cut short: a build server may keep only these.

    pytest's own list, which -rN leaves out, holds whole messages there.
    """
    yield
    for report in (report for outcome in ("failed", "error") for report in terminalreporter.stats.get(outcome, ())):
        crash = getattr(report.longrepr, "reprcrash", None)
        said = crash.message if crash else str(report.longrepr)
        terminalreporter.write_line(f"failed: {report.nodeid}: {' '.join(said.split())}"[:240])


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A quick test that loads the engine is not quick: the run fails."""
    if session.config.getoption("--quick") and "weasyprint" in sys.modules:
        raise pytest.UsageError("one of the quick tests has loaded the engine")


SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="M4 12h16M12 4v16"/></svg>\n'

FILES = {
    "catalogue.yaml": """\
title: Le forum
date: 2019-04-30
language: fr
publisher:
  name: Délégation à l'accueil
  email: contact@diair.example.org
themes:
  - id: logement
    name: Accès au logement
    pictogram: logement
  - id: emploi
    name: Accès à l'emploi
    color: "#17704f"
partners: [diair]
demonstration: true
""",
    "partners/diair.yaml": """\
name: Délégation à l'accueil
acronym: Diair
body: |
  Elle coordonne l'action de l'État.
""",
    "initiatives/aajt.yaml": """\
pilot:
  name: Association d'aide aux jeunes travailleurs
  acronym: AAJT
  logo: images/aajt.svg
  about: |
    L'association accueille de jeunes travailleurs.
contacts:
  - role: Direction
    phones: ["01 99 00 12 34"]
    email: direction@aajt.example.org
title: Coup de Pouce
description: |
  Une aide ponctuelle.

  Avec [Kodiko](card:kodiko).
figures:
  - {value: "97 %", label: de sorties, pictogram: emploi}
themes: [emploi, logement]
territories: [FR-PAC, FR-13]
images:
  - {file: images/atelier.svg, caption: Un atelier}
""",
    "initiatives/kodiko.yaml": """\
pilot:
  name: Kodiko
  about: |
    Kodiko réunit salariés et réfugiés.
contacts:
  - organisation: Kodiko
    email: bonjour@kodiko.example.org
themes: [emploi]
scope: national
""",
    "images/aajt.svg": SVG,
    "images/atelier.svg": SVG,
}


@dataclass(frozen=True)
class CatalogueFolder:
    """A project folder with a catalogue; paths are relative to the catalogue."""

    root: Path

    @property
    def project(self) -> Project:
        return Project.at(self.root)

    def path(self, name: str) -> Path:
        return self.root / "catalogue" / name

    def write(self, name: str, content: str | bytes) -> Path:
        """Write a file of the catalogue, with the folders above it."""
        path = self.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def change(self, name: str, old: str, new: str) -> None:
        """Replace the one place where `old` stands; fails when it stands nowhere or twice."""
        text = self.path(name).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        self.write(name, text.replace(old, new))

    def remove(self, name: str) -> None:
        self.path(name).unlink()

    def findings(self) -> tuple[Finding, ...]:
        """What reading finds."""
        return read_catalogue(self.project)[1]

    def catalogue(self) -> Catalogue:
        """The catalogue; fails when reading finds an error."""
        catalogue, findings = read_catalogue(self.project)
        assert catalogue is not None, "\n".join(finding.text() for finding in findings)
        return catalogue


@contextmanager
def _once_in_a_run(factory: pytest.TempPathFactory, name: str) -> Iterator[Path]:
    """A folder for all processes of a run; one process at a time is inside."""
    shared = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield shared / name


@pytest.fixture(scope="session")
def built_demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project folder with the demonstration catalogue, whose edition `full` was built from nothing for the screen.

    Nobody changes it: copy it with `press.copied`. Beside it, said.json holds what the command said. It is built once
    for all processes of a run, because it takes a third of a minute on one core.
    """
    from press import TOP, livret

    with _once_in_a_run(tmp_path_factory, "demonstration") as folder:
        root, said = folder / "project", folder / "said.json"
        if not said.exists():
            for part in ("catalogue", "layouts", "pictograms"):
                shutil.copytree(TOP / part, root / part)
            done = livret("-C", root, "--format", "json", "build")
            assert done.code == 0, done.out + done.err
            said.write_text(json.dumps(asdict(done)), encoding="utf-8")
    return root


@pytest.fixture(scope="session")
def packed_fonts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder `web-fonts` of a store, with all fonts of Livret; a web edition packs none again.

    To pack them as Livret does takes 20 seconds. Here Brotli tries less hard (9, not 11), which takes 5.
    """
    from fontTools.ttLib import woff2

    from livret.pages.pool.store_files import StoreFiles
    from livret.web.fonts import faces_of
    from press import TOP

    with _once_in_a_run(tmp_path_factory, "packed-fonts") as folder:
        if not folder.exists():
            compress = woff2.brotli.compress
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(woff2.brotli, "compress", lambda data, mode: compress(data, mode=mode, quality=9))
                for face in faces_of(Project.at(TOP, folder)):
                    face.packed(StoreFiles(folder))
    return folder / "web-fonts"


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The engine, used in this process, sees the fonts of Livret and no others."""
    from livret.pages.pool.forkserver import fonts_conf

    folder = CatalogueFolder(tmp_path_factory.mktemp("fonts"))
    folder.path("").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FONTCONFIG_FILE", str(fonts_conf(folder.project)))
        yield


def two_cards(root: Path) -> CatalogueFolder:
    """A valid catalogue of 2 cards, 1 partner and 2 themes, with its own pictograms, in a new project folder."""
    folder = CatalogueFolder(root)
    for name, content in FILES.items():
        folder.write(name, content)
    pictograms = folder.root / "pictograms"
    pictograms.mkdir()
    for name in ("logement", "emploi"):
        (pictograms / f"{name}.svg").write_text(SVG, encoding="utf-8")
    return folder


@pytest.fixture
def catalogue_folder(tmp_path: Path) -> CatalogueFolder:
    """The catalogue of `two_cards`, to be changed."""
    return two_cards(tmp_path / "project")


@pytest.fixture(scope="module")
def fonts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, ...]]:
    """The fonts of Livret, and no other, for the engine in this process."""
    root = tmp_path_factory.mktemp("fonts")
    (root / "catalogue").mkdir()
    project = Project.at(root)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FONTCONFIG_FILE", str(fonts_conf(project)))
        yield project.fonts


@pytest.fixture
def bench(tmp_path: Path, fonts: tuple[Path, ...]) -> Bench:
    for folder in ("catalogue", "layouts/own"):
        (tmp_path / "project" / folder).mkdir(parents=True)
    return Bench(Project.at(tmp_path / "project"), fonts)


@pytest.fixture(scope="session")
def chromium_in_english() -> Iterator[Browser]:
    """Chromium takes a second to start, and another for its first page: one for all files of tests of a process."""
    with browser(["--accept-lang=en"]) as started:
        yield started


@pytest.fixture
def card(served: Served) -> Iterator[Path]:
    """The first card of `two_cards` in the proof room of a module, which remembers it; it is put back as it was."""
    yield served.card("aajt")
    served.restore("aajt", str(FILES["initiatives/aajt.yaml"]))


@pytest.fixture(scope="module")
def chromium(chromium_in_english: Browser) -> Iterator[Browser]:
    """Chromium in English, for all tests of a module; no page of theirs is left."""
    yield chromium_in_english
    chromium_in_english.close()
