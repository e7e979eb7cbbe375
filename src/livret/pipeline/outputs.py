"""The files made of a settled edition, each made again only when something in it changed.

Binding loads libraries that take time. Where there are workers, one of them binds while the next edition is being
typeset. So a `FileOrder` holds all that binding needs. Whether the file that is there is already the right one is
decided before any of these libraries is loaded.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from livret.book.plan import BookPlan, Setting, book_plan, labels
from livret.content.press.profile import PressProfile
from livret.control.completeness import Expected, PrintedField, fields_of
from livret.findings import Finding, Location, has_errors
from livret.pages.compose.composer import Composer
from livret.pages.flatplan import FURNITURE_PAGES, Edition, Part
from livret.pages.pool.pressroom import PressRoom
from livret.pages.pool.versions import book_digest, surroundings
from livret.pipeline.field_findings import files_of
from livret.pipeline.options import Wanted
from livret.pipeline.press_checks import colours_in_ink
from livret.pipeline.press_places import PressPlaces
from livret.pipeline.press_preflight import preflight_digest, preflight_findings
from livret.pipeline.separation_jobs import SeparationJobs, SeparationRecipe, run_in_worker
from livret.project import Project, code_digest, digest, file_digest, installed, replacing

if TYPE_CHECKING:
    from livret.book.plates.grounds import Numbers
    from livret.control.raster import ContactSheet

# In an archive, the meaning of colours in CMYK where the press profile names no ICC file.
CMYK_PROFILE = Path("FOGRA39L_coated.icc")
# The length of the name of what a page shows.
SHOWN_NAME = 16
# Sets the slug line.
SLUG_FONT = Path("SourceSans3", "SourceSans3-Regular.ttf")


class NotBound(Exception):
    """The new file is not right, and the last good one stays. The arguments are the findings."""


@dataclass(frozen=True)
class Printing:
    """What the press wants of a file: the profile, the edition's id for the slug line, and the fonts that set it.

    `grounds` are those of the pages of each separated fragment, once they are known.
    """

    profile: PressProfile
    edition: str
    fonts: tuple[Path, ...]
    grounds: Mapping[Path, Numbers] = field(default_factory=dict)


@dataclass(frozen=True)
class FileOrder:
    """A file to bind: the plan, where the file goes, the cards that must be found in it, and the contact sheet.

    `key` is the digest of all that the file depends on, the code that binds included: the file is made again when it
    changes. `shown` names what each page shows, for the contact sheet. `printing` makes it a file for the press: then
    the fragments of the plan are separated ones. `judged_by` is what preflight judges it by before it replaces the last
    one.
    """

    plan: BookPlan
    key: str
    target: Path
    expected: tuple[Expected, ...]
    sheet: Path | None = None
    printing: Printing | None = None
    judged_by: PressProfile | None = None
    shown: tuple[str, ...] = ()
    # The contact sheet that is there, to take pictures of pages from: the digest of its file, and what its pages show.
    sheet_before: tuple[str, tuple[str, ...]] | None = None
    # Parts that were whole in the last file, by the name that the gate gives them; pages on which preflight found
    # nothing.
    found_whole: frozenset[str] = frozenset()
    found_sound: frozenset[str] = frozenset()


@dataclass(frozen=True)
class MadeFile:
    """What was found while a file was made, which parts are whole in it and which pages sound, by their names."""

    findings: tuple[Finding, ...]
    whole: tuple[str, ...]
    sound: tuple[str, ...] = ()


class PendingFile:
    """A file of an edition: being made by a worker, waiting for its plates, or already there and right."""

    def __init__(self, kind: str, order: FileOrder, press_room: PressRoom, plates: SeparationJobs | None) -> None:
        self.kind = kind
        self.order = order
        self._press_room = press_room
        self._plates = plates
        self._note = f"book-{order.target.stem}"
        self._gate = gate_digest()
        self._judge = digest(self._gate, preflight_digest(order.judged_by)) if order.judged_by else ""
        self._known = self._findings_of_last_build()
        self._job: Future[MadeFile] | None = None
        self.start_if_ready()

    def start_if_ready(self) -> None:
        """Have the file made once its plates are there; a worker must not be kept waiting for the work of others."""
        if self._known is not None or self._job or not (self._plates is None or self._plates.are_ready):
            return
        if self._plates is None or not has_errors(self._plates.wait()):
            if self._plates is not None and self.order.printing is not None:
                printing = replace(self.order.printing, grounds=self._plates.grounds)
                self.order = replace(self.order, printing=printing)
            self._job = run_in_worker(self._press_room, make, self.order)

    @property
    def is_ready(self) -> bool:
        """Whether `result` waits for nothing."""
        return self._known is not None or (self._job is not None and self._job.done())

    def _findings_of_last_build(self) -> tuple[Finding, ...] | None:
        """What was found when the file that is there was made; None when it is not the one that is ordered."""
        kept: Mapping[str, Any] = self._press_room.store.recall(self._note)
        shown, whole, sound = (_names(kept.get(name)) for name in ("shown", "whole", "sound"))
        if whole is not None and kept.get("gate") == self._gate:
            self.order = replace(self.order, found_whole=frozenset(whole))
        if sound is not None and kept.get("judge") == self._judge:
            self.order = replace(self.order, found_sound=frozenset(sound))
        if shown is not None:
            self.order = replace(self.order, sheet_before=(str(kept.get("sheet")), shown))
        target, sheet = self.order.target, self.order.sheet
        is_there = target.is_file() and (sheet is None or sheet.is_file())
        if not is_there or kept.get("key") != self.order.key or kept.get("digest") != file_digest(target):
            return None
        return tuple(map(Finding.from_stored, kept["findings"]))

    def result(self) -> tuple[tuple[Finding, ...], bool]:
        """Wait for the file; gives what was found, now or when it was made, and whether it was written.

        When the new file is not right and so not written, there is an error among the findings. Raises OutputError
        when it cannot be written, WorkerDied when its worker is killed twice.
        """
        found = self._plates.wait() if self._plates else ()
        if self._known is not None:
            return (*found, *self._known), False
        self.start_if_ready()
        if self._job is None:
            return found, False
        try:
            made = self._job.result()
        except NotBound as problem:
            return (*found, *problem.args), False
        note: dict[str, object] = {
            "key": self.order.key,
            "digest": file_digest(self.order.target),
            "findings": [finding.stored() for finding in made.findings],
            "gate": self._gate,
            "whole": made.whole,
            "judge": self._judge,
            "sound": made.sound,
        }
        if self.order.sheet is not None:
            note |= {"sheet": file_digest(self.order.sheet), "shown": self.order.shown}
        self._press_room.store.remember(self._note, note)
        return (*found, *made.findings), True


class Bindery:
    """Orders the files of one edition."""

    def __init__(
        self,
        project: Project,
        composer: Composer,
        setting: Setting,
        profile: PressProfile,
        press_room: PressRoom,
    ) -> None:
        self._project = project
        self._composer = composer
        self._setting = setting
        self._profile = profile
        self._press_room = press_room
        self._name = composer.edition.id
        self._is_judged = True

    def orders(self, wanted: Wanted) -> Iterator[PendingFile]:
        """Have the files bound that are wanted. Raises LivretError when the press wants more bleed than there is."""
        self._is_judged = wanted.preflight
        if wanted.press:
            yield self._for_press()
        if wanted.screen:
            sheet = self._project.output / self._name / f"{self._name}-sheet.png"
            yield self._pending("screen", self._plan(), sheet=sheet)
        if wanted.archive:
            sources = _sources(self._project) if wanted.sources else ()
            cmyk = self._profile.icc or installed("press") / CMYK_PROFILE
            plan = replace(self._plan(), cmyk_profile=cmyk, sources=sources)
            yield self._pending("archive", plan, cmyk.read_bytes(), *(part for pair in sources for part in pair))

    def _for_press(self) -> PendingFile:
        """The press file; a profile that separates nothing takes the pages as the screen has them."""
        profile = self._profile
        if profile.icc is None:
            return self._pending("press", self._plan())
        recipe = SeparationRecipe.of(self._composer.layout, profile)
        places = {
            self._setting.fragments[part.anchor].path: part.subject.source if part.subject else Location(part.anchor)
            for part in self._setting.parts
        }
        furniture = self._setting.furniture
        places |= {fragment.path: Location("furniture") for fragment in furniture}
        fragments = [one for one in self._setting.fragments.values() if one.path in places]
        pictures = {
            self._setting.fragments[part.anchor].path: _named_pictures(part)
            for part in self._setting.parts
            if part.subject
        }
        pointed = PressPlaces(self._project, places, pictures, colours_in_ink(self._composer.layout))
        plates = SeparationJobs(recipe, fragments, pointed, self._press_room, furniture)
        plan = self._plan()
        pages = tuple(
            replace(page, fragment=plates.path(page.fragment)) if page.fragment else page for page in plan.pages
        )
        stamped = tuple(plates.path(fragment.path) for fragment in furniture)
        shared = tuple(replace(card, fragment=plates.path(card.fragment)) for card in plan.shared)
        plan = replace(plan, pages=pages, shared=shared, furniture=stamped, structure=(), outline=())
        printing = Printing(profile, self._name, (installed("fonts") / SLUG_FONT, *self._project.fonts))
        asked = profile.model_dump_json(exclude={"icc", "source"})
        return self._pending("press", plan, recipe.key, plates.key, asked, printing=printing, plates=plates)

    def _pending(
        self,
        kind: str,
        plan: BookPlan,
        *parts: str | bytes,
        sheet: Path | None = None,
        printing: Printing | None = None,
        plates: SeparationJobs | None = None,
    ) -> PendingFile:
        """Order a file; `parts` are what it depends on beside its pages and metadata."""
        target = self._project.output / self._name / f"{self._name}-{kind}.pdf"
        date = plan.metadata.date.isoformat()
        expected = tuple(self._expected())
        # A text that the layout prints nowhere changes no fragment, and still has to be looked for.
        key = digest(book_digest(), self._content(), date, kind, repr(expected), *parts)
        judged_by = self._profile if kind == "press" and self._is_judged else None
        if judged_by:
            key = digest(key, preflight_digest(judged_by))
        shown = self._shown(plan) if sheet else ()
        order = FileOrder(plan, key, target, expected, sheet, printing, judged_by, shown)
        return PendingFile(kind, order, self._press_room, plates)

    def _plan(self) -> BookPlan:
        edition = self._composer.edition
        date = self._project.build_date(edition.dated)
        return book_plan(self._composer.navigation, self._setting, date, self._composer.second_navigation)

    def _content(self) -> str:
        """All that a book is made from: its fragments in order, and its metadata."""
        edition, setting = self._composer.edition, self._setting
        pages = [
            (*(fragment.key for fragment in setting.on_page(index)), label)
            for index, label in enumerate(labels(setting.pagination))
        ]
        titles = [self._composer.navigation.title(part) for part in setting.parts]
        if second := self._composer.second_navigation:
            titles += [second.description(part.second) for part in setting.parts if part.second]
        publisher = edition.publisher.name if edition.publisher else ""
        furniture = [fragment.key for fragment in setting.furniture]
        return json.dumps([pages, furniture, titles, edition.title, edition.subtitle, publisher, edition.language])

    def _shown(self, plan: BookPlan) -> tuple[str, ...]:
        """What each page shows, by name: a page of a fragment and one of the furniture, drawn by this code."""
        layers = [fragment.key for fragment in self._setting.furniture]
        code, shown = book_digest(), []
        for index, page in enumerate(plan.pages):
            layer, at = divmod(index, FURNITURE_PAGES)
            furniture = layers[layer] if layer < len(layers) else ""
            keys = " ".join(fragment.key for fragment in self._setting.on_page(index))
            name = digest(code, plan.binding, keys, str(page.page), furniture, str(at))
            shown.append(name[:SHOWN_NAME])
        return tuple(shown)

    def _expected(self) -> Iterator[Expected]:
        """What the completeness gate must find: every field of every part that comes from a file."""
        second = self._composer.second
        for part in self._setting.parts:
            if part.subject is not None:
                pages = tuple(folio - 1 for folio in self._setting.pagination.folios(part.anchor))
                fields = self._fields(part, self._composer.edition)
                if part.is_double and part.second and second:
                    fields += self._fields(part.second, second.edition)
                facts, key = self._setting.fragments[part.anchor].facts, self._setting.fragments[part.anchor].key
                source, files = part.subject.source, files_of(part, self._project)
                yield Expected(part.anchor, fields, source, pages, facts.structure, key, facts.footnotes, files)

    def _fields(self, part: Part, edition: Edition) -> tuple[PrintedField, ...]:
        themes = {theme.id: theme.name for theme in edition.themes}
        return fields_of(part.subject, themes, self._composer.layout.file.leaves_out) if part.subject else ()


def _named_pictures(part: Part) -> Mapping[str, Location]:
    """Where each picture of a part is named, in the first language or in the second."""
    named = dict(part.second.subject.named_pictures) if part.second and part.second.subject else {}
    return named | dict(part.subject.named_pictures if part.subject else {})


def is_shown(sheet: Path, shown: Sequence[str], before: tuple[str, tuple[str, ...]] | None) -> bool:
    """Whether the contact sheet that is there shows these pages; `before` is its digest and what it showed."""
    try:
        return before is not None and bool(shown) and (file_digest(sheet), tuple(shown)) == before
    except OSError:
        return False


def gate_digest() -> str:
    """A digest of all that binds, reads and compares texts: when it changes, every part is searched again."""
    package = Path(__file__).parents[1]
    gate = (
        package / "control" / f"{name}.py"
        for name in ("completeness", "printed_counts", "printed_search", "printed_text")
    )
    return digest(book_digest(), code_digest(*gate, package / "content" / "language"), *surroundings())


def _names(kept: object) -> tuple[str, ...] | None:
    """A list of names as a note keeps it; None when it is something else."""
    is_list = isinstance(kept, list) and all(isinstance(name, str) for name in kept)
    return tuple(kept) if is_list and isinstance(kept, list) else None


def make(order: FileOrder) -> MadeFile:
    """Bind a file, look whether every card is in it, and only then replace the last one.

    Raises NotBound when the new file is not right, OutputError when it cannot be written.
    """
    from livret.book.binding.bind import bind
    from livret.book.page_digests import page_digests
    from livret.control.completeness import sought

    sheet = _sheet(order)
    with replacing(order.target) as beside:
        if order.printing is None:
            findings = bind(order.plan, beside)
        else:
            findings = ()
            _print(order.plan, order.printing, beside)
        if sheet is not None:
            sheet.draw(beside, order.shown)
        stamped, known = order.plan.furniture, order.found_whole
        names = page_digests(beside)
        lost, whole = sought(beside, order.expected, stamped, known, names)
        findings, sound = (*findings, *lost), tuple[str, ...]()
        if order.judged_by is not None:
            from livret.control.preflight.print.known_pages import KnownPages

            pages, shown = KnownPages(names, order.found_sound), order.target.name
            findings += preflight_findings(beside, order.judged_by, order.plan, order.expected, shown, pages)
            sound = pages.sound
        if has_errors(findings):
            raise NotBound(*findings)
    if sheet is not None and order.sheet is not None:
        sheet.write(order.sheet)
    return MadeFile(findings, whole, sound)


def _sheet(order: FileOrder) -> ContactSheet | None:
    """A contact sheet to be made; None when the one that is there shows the same pages."""
    if order.sheet is None or is_shown(order.sheet, order.shown, order.sheet_before):
        return None
    from livret.control.raster import ContactSheet, KnownSheet

    before = KnownSheet(order.sheet, *order.sheet_before) if order.sheet_before else None
    return ContactSheet(before, is_from_right=order.plan.binding == "right")


def _print(plan: BookPlan, printing: Printing, target: Path) -> None:
    """Write the press file of a plan whose fragments are separated."""
    from livret.book.binding.assemble import assemble
    from livret.book.plates.grounds import knocked_out
    from livret.book.pressfile.finish import finish, save

    if printing.profile.ink_limit is not None:
        plan = replace(plan, knocked_out=knocked_out(plan, printing.grounds, printing.profile.ink_limit))
    with assemble(plan) as pdf:
        finish(pdf, plan, printing.profile, printing.edition, printing.fonts)
        save(pdf, target)


def _sources(project: Project) -> tuple[tuple[str, bytes], ...]:
    """The text files of the catalogue, by their path in it."""
    paths = sorted(path for path in project.catalogue.rglob("*.y*ml") if path.is_file())
    return tuple((path.relative_to(project.catalogue).as_posix(), project.read(path)) for path in paths)
