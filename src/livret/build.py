"""The pipeline: read, select, compose, typeset, bind; one edition from a folder of cards to a PDF."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from livret import __version__
from livret.book.plan import Setting, book_plan, labels
from livret.content.model import Catalogue
from livret.content.reader import read_catalogue
from livret.control.report import report_html
from livret.findings import Finding, Location, Report, error, warning
from livret.pages import fit
from livret.pages.compose import Composer
from livret.pages.flatplan import Pagination, Part, Sheet, Side, edition_names, paginate, select
from livret.pages.galley import Fragment, Galley
from livret.pages.layout import Layout
from livret.pages.press import PressRoom
from livret.pages.store import Store
from livret.project import Project, digest, replacing, write
from livret.web.site import build_web as build_web

# Contents and index print folios and take pages themselves; five rounds settle any that can be settled.
ROUNDS = 5

# What is guessed to take a spread before it was ever typeset.
SPREADS = frozenset({"card", "opener"})

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Built:
    """What was made for an edition."""

    edition: str
    pdf: Path
    pages: int
    cards: int
    typeset: int
    reused: int
    bound: bool

    def as_dict(self) -> dict[str, Any]:
        """For `--format json`."""
        return {**self.__dict__, "pdf": str(self.pdf)}


def read(project: Project, report: Report, *, thorough: bool = False) -> Catalogue:
    """The catalogue. Raises FoundErrors when it has errors; all of them are in the report."""
    catalogue, findings = read_catalogue(project, thorough=thorough)
    report.add(findings)
    report.stop_on_errors()
    assert catalogue is not None
    return catalogue


def check(project: Project, report: Report) -> dict[str, int]:
    """Everything that can be said of a catalogue without typesetting it, into the report; gives what it holds.

    Raises FoundErrors when there are errors, LivretError when a layout is not right.
    """
    catalogue = read(project, report, thorough=True)
    names = edition_names(catalogue)
    layouts = {name: Layout(project, name) for name in sorted({select(catalogue, name).layout for name in names})}
    for layout in layouts.values():
        report.add(fit.findings(catalogue, layout))
    return {
        "initiatives": len(catalogue.initiatives),
        "partners": len(catalogue.partners),
        "themes": len(catalogue.publication.themes),
        "editions": len(names),
    }


def build(
    project: Project,
    catalogue: Catalogue,
    name: str,
    report: Report,
    *,
    jobs: int | None = None,
    layout: str | None = None,
    archive: bool = False,
    sources: bool = False,
    progress: Progress | None = None,
) -> Built:
    """Build the screen edition `output/NAME/NAME-screen.pdf` and its report.

    With `archive` also writes NAME-archive.pdf, the same book as PDF/A-3u; with `sources` too, the files of the
    catalogue ride along in it.

    Raises FoundErrors when a stage found errors (the last good PDF stays as it was), SystemLibraryMissing
    when the engine cannot be loaded, OutputError when something cannot be written.
    """
    edition = select(catalogue, name)
    composer = Composer(project, edition, Layout(project, layout or edition.layout))
    store = Store(project)
    with PressRoom(project, store, jobs) as press:
        setting = settle(composer, store, press, report, progress)
        counts = (press.typeset, press.reused)
    report.add(findings_of(setting))
    report.stop_on_errors()
    target = project.output / name / f"{name}-screen.pdf"
    bound = bind_book(project, composer, setting, store, target, report)
    if archive:
        kept = target.with_name(f"{name}-archive.pdf")
        carried = catalogue_files(project) if sources else ()
        bind_book(project, composer, setting, store, kept, report, is_archive=True, sources=carried)
    built = Built(name, target, len(setting.pagination.sheets), len(edition.initiatives), *counts, bound)
    write_report(project, composer, setting, built, report)
    store.prune()
    return built


def catalogue_files(project: Project) -> tuple[tuple[str, bytes], ...]:
    """The text files of the catalogue, by their path in it."""
    paths = sorted(path for path in project.catalogue.rglob("*.y*ml") if path.is_file())
    return tuple((path.relative_to(project.catalogue).as_posix(), project.read(path)) for path in paths)


def settle(
    composer: Composer, store: Store, press: PressRoom, report: Report, progress: Progress | None = None
) -> Setting:
    """Typeset all parts and the furniture, again where folios moved, until the pages stand still.

    The first guess is the last build's, so that mostly one round is enough. Folios that have not settled
    after five rounds are an error in the report.
    """
    parts = composer.layout.flatplan(composer.edition)
    note = f"sides-{composer.edition.id}-{composer.layout.name}"
    known: Mapping[str, Any] = store.recall(note)
    guess = composer.layout.card_sides
    sides: dict[str, tuple[Side, ...]] = {
        part.anchor: tuple(known.get(part.anchor, guess if part.kind in SPREADS else ("any",))) for part in parts
    }
    galleys: dict[str, Galley] = {}
    fragments: dict[str, Fragment] = {}
    fixed: dict[str, str] = {}
    for _ in range(ROUNDS):
        pagination = paginate(parts, sides)
        changed: list[Galley] = []
        furniture = composer.furniture(pagination)
        if galleys.get("furniture") != furniture:
            galleys["furniture"] = furniture
            changed.append(furniture)
        for part in parts:
            side = pagination.side(part.anchor)
            if fixed.get(part.anchor) == side:
                continue
            galley, prints_folios = composer.galley(part, pagination)
            if not prints_folios:
                fixed[part.anchor] = side
            if galleys.get(part.anchor) != galley:
                galleys[part.anchor] = galley
                changed.append(galley)
        fragments.update(press.fragments(changed, _counting(progress, len(changed))))
        found = {part.anchor: fragments[part.anchor].facts.sides for part in parts}
        if found == sides:
            break
        sides = found
    else:
        report.add([error("unsettled-reference", f"page numbers did not settle in {ROUNDS} rounds")])
    store.remember(note, dict(sides))
    return Setting(parts, pagination, fragments, fragments["furniture"])


def _counting(progress: Progress | None, total: int) -> Callable[[str], None] | None:
    if progress is None:
        return None
    done = 0

    def count(anchor: str) -> None:
        nonlocal done
        done += 1
        progress(anchor, done, total)

    return count


def findings_of(setting: Setting) -> list[Finding]:
    """What typesetting found, and each card whose text runs over its spread."""
    findings = list(setting.furniture.facts.findings) if setting.furniture else []
    for part in setting.parts:
        facts = setting.fragments[part.anchor].facts
        findings += facts.findings
        if facts.overset:
            place = part.subject.source if part.subject else Location(part.anchor)
            findings += [warning("overset-text", told, place, *hints) for told, *hints in _overset(part, setting)]
    return findings


def _overset(part: Part, setting: Setting) -> Iterator[tuple[str, str, str]]:
    """For each page of a part whose text runs over: how many words, and where they go on."""
    facts, start = setting.fragments[part.anchor].facts, setting.pagination.starts[part.anchor]
    folios = [sheet.folio for sheet in setting.pagination.sheets[start:] if sheet.part is part]
    for side in dict.fromkeys(facts.sides):
        first, *further = (index for index, stands in enumerate(facts.sides) if stands == side)
        if further:
            words = sum(facts.words[index] for index in further)
            told = f"{words} words too many for page {folios[first]}"
            hint = f"they go on to page {folios[further[0]]}; nothing is lost"
            yield told, hint, f"take about {words} words out, or let the layout set the card smaller"


def proof(
    project: Project,
    catalogue: Catalogue,
    name: str,
    cards: Sequence[str],
    report: Report,
    *,
    jobs: int | None = None,
    ppi: int | None = None,
    progress: Progress | None = None,
) -> tuple[Path, ...]:
    """Write `output/proofs/CARD.pdf` for each card from the fragment that the edition binds, and PNGs at `ppi`.

    A card that prints folios of others needs them settled, and so the whole edition typeset; else only
    the cards asked for are. Raises as `build` does.
    """
    from livret.book.bind import bind
    from livret.control.proof import rasterise

    edition = select(catalogue, name)
    composer = Composer(project, edition, Layout(project, edition.layout))
    store = Store(project)
    with PressRoom(project, store, jobs) as press:
        parts = tuple(part for part in composer.layout.flatplan(edition) if part.kind == "card")
        wanted = tuple(part for part in parts if part.id in set(cards))
        pagination = paginate(parts, {part.anchor: composer.layout.card_sides for part in parts})
        composed = {part.anchor: composer.galley(part, pagination) for part in wanted}
        if any(prints_folios for _, prints_folios in composed.values()):
            fragments = settle(composer, store, press, report, progress).fragments
        else:
            galleys = [galley for galley, _ in composed.values()]
            fragments = press.fragments(galleys, _counting(progress, len(galleys)))
    files: list[Path] = []
    for part in wanted:
        fragment = fragments[part.anchor]
        alone = Pagination(
            tuple(Sheet(index, part, index) for index in range(len(fragment.facts.sides))),
            {part.anchor: 0},
            {part.anchor: len(fragment.facts.sides) - 1},
        )
        setting = Setting((part,), alone, fragments, None)
        report.add(findings_of(setting))
        target = project.output / "proofs" / f"{part.id}.pdf"
        with replacing(target) as beside:
            bind(book_plan(composer, setting, fragment.key, project.build_date(edition.date)), beside)
        files.append(target)
        if ppi is not None:
            files += rasterise(target, target.with_suffix(""), ppi)
    report.stop_on_errors()
    return tuple(files)


def bind_book(
    project: Project,
    composer: Composer,
    setting: Setting,
    store: Store,
    target: Path,
    report: Report,
    *,
    is_archive: bool = False,
    sources: tuple[tuple[str, bytes], ...] = (),
) -> bool:
    """Bind the book into `target` unless that file is already this very book; gives whether it was written."""
    pages = [
        (fragment.key if (fragment := setting.fragment(index)) else "", label)
        for index, label in enumerate(labels(setting.pagination))
    ]
    edition = composer.edition
    date = project.build_date(edition.date)
    titles = [composer.lists.title(part) for part in setting.parts]
    publisher = edition.publisher.name if edition.publisher else ""
    identity = [
        pages,
        setting.furniture.key if setting.furniture else None,
        titles,
        edition.title,
        edition.subtitle,
        publisher,
        edition.language,
    ]
    source = [path.read_bytes() for path in sorted((Path(__file__).parent / "book").glob("*.py"))]
    key = digest(
        json.dumps([*identity, date.isoformat(), __version__, is_archive]),
        *source,
        *(part for pair in sources for part in pair),
    )
    note = f"book-{composer.layout.name}-{target.stem}"
    kept = store.recall(note)
    if kept.get("key") == key and target.is_file() and _file_digest(target) == kept.get("digest"):
        return False
    # pypdf is only loaded when there is something to bind.
    from livret.book.bind import bind

    with replacing(target) as beside:
        plan = replace(book_plan(composer, setting, key, date), is_archive=is_archive, sources=sources)
        report.add(bind(plan, beside))
        report.stop_on_errors()
    store.remember(note, {"key": key, "digest": _file_digest(target)})
    return True


def _file_digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_report(project: Project, composer: Composer, setting: Setting, built: Built, report: Report) -> None:
    """`report.json` and `report.html`: pages, how each part was fitted, every finding; and the contact sheet."""
    parts = []
    for part in setting.parts:
        facts = setting.fragments[part.anchor].facts
        folios = setting.pagination.folios(part.anchor)
        parts.append(
            {
                "anchor": part.anchor,
                "title": composer.lists.title(part),
                "folios": [folios[0], folios[-1]],
                "words": list(facts.words),
                "fit": facts.fit or None,
                "overset": facts.overset,
                "fragment": setting.fragments[part.anchor].key,
            }
        )
    content = {
        "edition": built.edition,
        "layout": composer.layout.name,
        "pdf": built.pdf.name,
        "pages": built.pages,
        "cards": built.cards,
        "parts": parts,
        "findings": [finding.as_dict() for finding in report.findings],
    }
    folder = built.pdf.parent
    write(folder / "report.json", json.dumps(content, ensure_ascii=False, indent=2) + "\n")
    sheet = folder / f"{built.edition}-sheet.png"
    if built.bound or not sheet.is_file():
        from livret.control.proof import contact_sheet

        contact_sheet(built.pdf, sheet)
    write(folder / "report.html", report_html(content, sheet.name))
