"""The slip of a proof: the sheet on which the pages of a part are shown, with all that its people need to answer.

The slip is a galley of its own, typeset from `layouts/proof/slip.html`. It has an empty frame, named `page-1`, `page-2`
..., for each page of the part, and a link `livret-field:NAME` for each form field. Binding puts the pages into the
frames, and fields in place of the links.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from livret.content.language_tags import main_subtag
from livret.content.schema.model import EditorialPage, Initiative, Partner
from livret.findings import Finding, Severity
from livret.pages.compose.composer import Composer
from livret.pages.compose.copy_budget import budgets
from livret.pages.compose.formatting import direction, direction_of, part_view
from livret.pages.flatplan import Edition, Hand, Part, Side
from livret.pages.galley import Facts, Galley, Stylesheet
from livret.pages.layout import Layout
from livret.project import Project
from livret.translation import in_language

FOLDER = "proof"
# The anchor of the slip, and the part of a frame's name before its number.
ANCHOR, FRAME = "slip", "page-"
# The kind of the part that is the whole book.
BOOK = "book"

# ISO 216, landscape, in millimetres: the smallest that holds the spread and the slip is taken.
_SHEETS = ((420, 297), (594, 420), (841, 594), (1189, 841))
# Where the spread stands on the sheet, and what the slip needs at its side and below it, in millimetres.
_LEFT, _TOP, _SIDE, _BELOW = 14, 22, 110, 60
_GAP, _FOOT = 14, 11


@dataclass(frozen=True)
class FitLine:
    """One line about how the copy fits; `is_over` when words are too many."""

    text: str
    is_over: bool = False


@dataclass(frozen=True)
class SecondTitle:
    """The title of a part in the second language of its booklet."""

    text: str
    language: str
    direction: str


@dataclass(frozen=True)
class SlipFinding:
    """A finding of the part, in the language of the slip if messages are written in it, else in English."""

    severity: str
    text: str
    language: str


@dataclass(frozen=True)
class SlipFrame:
    """The place of a page of the part on its spread."""

    number: int
    side: Side
    hand: Hand


@dataclass(frozen=True)
class SlipText:
    """What the slip of a part says besides what the part itself tells. `code` is the short digest.

    A book has no version, which is 0. `folios` are those of the part's pages; None as long as nobody knows them.
    `side` is the side that the part begins on and was typeset for; a book has its own.
    """

    version: int
    code: str
    day: date | None = None
    answer_by: date | None = None
    findings: tuple[Finding, ...] = field(default=())
    folios: range | None = None
    side: Side | None = None


class ProofLayout(Layout):
    """A printed layout together with `layouts/proof/`, in which the slip is. The layout's own files come first."""

    def __init__(self, project: Project, edition: Edition) -> None:
        """Read the layout of an edition. Raises as Layout does."""
        super().__init__(project, edition.layout, edition.colours)
        self._printed = self.folders
        self.folders = (*self.folders, *project.layout_folders(FOLDER))

    @cached_property
    def words(self) -> Mapping[str, Mapping[str, str]]:
        """The words of both; in a language of the slip that the printed layout lacks, its English ones."""
        printed = self._read_words("labels.yaml", self._printed)
        both = self._read_words("labels.yaml", self.folders)
        return {tag: own if tag in printed else {**printed.get("en", {}), **own} for tag, own in both.items()}

    def sheet(self) -> Stylesheet:
        """The size of the sheet and the places on it, as CSS."""
        trim = self.file.trim
        width, height = trim.width * 2, trim.height
        sheet_width, sheet_height = next(
            (one for one in _SHEETS if width + _SIDE <= one[0] and height + _BELOW <= one[1]), _SHEETS[-1]
        )
        top = _TOP + height + _GAP
        right = sheet_width - _LEFT - width
        return Stylesheet(
            "sheet",
            f"@page {{ size: {sheet_width}mm {sheet_height}mm; bleed: 0 }}"
            f"@page slip {{ margin: {_TOP}mm {_LEFT}mm {_FOOT}mm }}"
            f"@page slip:first {{ margin: {top:g}mm {right:g}mm {_FOOT}mm {_LEFT}mm }}"
            "@page further { margin: 0 }"
            ".slip { page: slip }"
            f":root {{ --sheet-width: {sheet_width}mm; --sheet-height: {sheet_height}mm; --spread-width: {width:g}mm;"
            f" --spread-height: {height:g}mm; --spread-left: {_LEFT}mm; --spread-top: {_TOP}mm;"
            f" --margin-left: {_LEFT}mm; --margin-top: {top:g}mm }}",
            None,
        )


def slip_galley(composer: Composer, part: Part, facts: Facts, text: SlipText) -> Galley:
    """The galley of the slip of a part that is typeset. `composer` must compose with a ProofLayout.

    Raises LivretError when the template fails.
    """
    layout = composer.layout
    assert isinstance(layout, ProofLayout)
    spoken = layout.language_of(composer.language(part), composer.edition.language)
    labels = layout.labels(spoken, composer.edition.language)
    subject, title = part.subject, composer.edition.title
    view = {
        "heading": _heading(composer, part),
        "second": _second(composer, part),
        "pilot": subject.pilot.name if isinstance(subject, Initiative) and subject.title else "",
        "edition": title,
        "edition_direction": direction_of(title),
        "date": text.day,
        "version": text.version,
        "has_form": part.kind != BOOK,
        "code": text.code,
        "qr": composer.code(_named(part, text)),
        "checks": tuple(_checks(part)),
        "fit": tuple(_fit(composer, part, facts, labels)),
        "findings": tuple(_told(text.findings, "fr" if main_subtag(spoken) == "fr" else "en")),
        "pages": _pages(text.folios),
        "spreads": spreads(composer.edition, part, facts, text.side),
        "answer_by": text.answer_by,
        "answer_to": composer.edition.publisher.email if composer.edition.publisher else None,
    }
    shown = part_view("slip", "", ANCHOR, spoken)
    sheets = layout.stylesheets("slip")
    return Galley(
        anchor=f"{ANCHOR}-{part.anchor}",
        place=part.subject.source.path if part.subject else part.kind,
        html=composer.render("slip", {"part": shown, "labels": labels, "slip": view}),
        stylesheets=(sheets[0], layout.sheet(), *sheets[1:]),
        base=composer.project.catalogue,
        roots=(),
    )


def _pages(folios: range | None) -> str:
    if not folios:
        return ""
    return f"{folios[0]}–{folios[-1]}" if len(folios) > 1 else str(folios[0])


def _named(part: Part, text: SlipText) -> str:
    """What the QR code says."""
    version = f" v{text.version}" if text.version else ""
    return f"{part.id or part.kind}{version} {text.code}"


def _heading(composer: Composer, part: Part) -> str:
    subject = part.subject
    if part.kind == BOOK:
        return composer.edition.title
    if isinstance(subject, Initiative):
        return subject.title or subject.pilot.name
    return subject.name if isinstance(subject, Partner) else composer.navigation.title(part)


def _second(composer: Composer, part: Part) -> SecondTitle | None:
    """The heading in the second language of a part that has pages in two."""
    if not (part.is_double and part.second and composer.second):
        return None
    language = composer.second.language(part.second)
    return SecondTitle(_heading(composer.second, part.second), language, direction(language))


def spreads(
    edition: Edition, part: Part, facts: Facts, begins: Side | None = None
) -> tuple[tuple[SlipFrame, ...], ...]:
    """The pages of a part as they face each other when it begins on this side; without one, on that of the part."""
    first = begins or part.side
    found: list[tuple[SlipFrame, ...]] = []
    for index, side in enumerate(facts.sides):
        before = found[-1][-1].side if found else ""
        stands = side if side != "any" else first if not found else "recto" if before == "verso" else "verso"
        frame = SlipFrame(index + 1, stands, edition.hand(stands))
        if stands == "recto" and before == "verso":
            found[-1] = (*found[-1], frame)
        else:
            found.append((frame,))
    return tuple(found)


def _checks(part: Part) -> Iterator[str]:
    """What to check, as the ends of the names of labels: only what the part has."""
    subject = part.subject
    has: Mapping[str, object] = {"text": True}
    if isinstance(subject, Initiative):
        has = {
            "logo": subject.pilot.logo,
            "about": True,
            "partners": subject.partners,
            "contacts": subject.contacts,
            "text": subject.description or subject.results or subject.summary,
            "figures": subject.figures,
            "images": subject.images,
            "places": True,
        }
    elif isinstance(subject, Partner):
        has = {"logo": subject.logo, "text": True, "contacts": subject.website}
    elif isinstance(subject, EditorialPage):
        has = {"text": True, "contacts": subject.contact, "signature": subject.signature}
    if part.kind == BOOK:
        yield from ("order", "folios", "legal")
        return
    yield "names"
    yield from (name for name, value in has.items() if value)


def _fit(composer: Composer, part: Part, facts: Facts, labels: Mapping[str, str]) -> Iterator[FitLine]:
    layout = composer.layout.file
    known = budgets(part.subject, layout.copy_room) if isinstance(part.subject, Initiative) else ()
    if known and part.is_double and part.second and isinstance(part.second.subject, Initiative) and composer.second:
        # Which page is on the left depends on the layout, so the words of each language are counted together.
        both = ((composer, part, known), (composer.second, part.second, budgets(part.second.subject, layout.copy_room)))
        for in_one, half, flows in both:
            words, room = sum(one.words for one in flows), sum(one.room for one in flows)
            told = labels["fit_language"] % (in_one.language(half).upper(), words, room)
            yield FitLine(told, any(one.words > one.room for one in flows))
    for budget in known if not part.is_double else ():
        yield FitLine(labels[f"fit_{budget.flow}"] % (budget.words, budget.room), budget.words > budget.room)
    if not known:
        yield FitLine(labels["fit_words"] % sum(facts.words))
    if facts.fit and facts.fit in layout.fit:
        steps = layout.fit.index(facts.fit) + 1
        told = labels["fit_step"] % len(layout.fit) if steps == 1 else labels["fit_steps"] % (steps, len(layout.fit))
        yield FitLine(told)
    elif facts.fit:
        yield FitLine(labels["fit_continued"])
    elif layout.fit and part.kind == "card":
        yield FitLine(labels["fit_plain"])
    if facts.overset:
        yield FitLine(labels["fit_over"] % facts.overset, is_over=True)


def _told(findings: Sequence[Finding], language: str) -> Iterator[SlipFinding]:
    for one in sorted(findings, key=lambda one: (one.severity.rank, one.sort_key)):
        if one.severity is not Severity.NOTE:
            yield SlipFinding(one.severity.value, in_language(one.message, language), language)
