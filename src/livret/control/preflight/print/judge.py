"""Judges a file by a profile for print: runs all rules, and makes findings of what they tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from livret.control.preflight.pdf_objects import Pdf, Unreadable, entry, forget, name, opened
from livret.control.preflight.print.boxes import check_boxes
from livret.control.preflight.print.breach import Breach
from livret.control.preflight.print.content_rules.checking import ContentCheck
from livret.control.preflight.print.fonts import FontCheck
from livret.control.preflight.print.ink import InkPage, NotMeasured, check_ink, measured
from livret.control.preflight.print.interactive import check_interactive, check_layers
from livret.control.preflight.print.known_pages import KnownPages
from livret.control.preflight.print.metadata import check_metadata
from livret.control.preflight.print.output_intent import check_output_intent, intent_space
from livret.control.preflight.print.pages import PrintPage, print_pages
from livret.control.preflight.print.print_finding import PrintFinding, placed, told_place
from livret.control.preflight.print.profiles import PrintProfile
from livret.control.preflight.print.rules import GWG
from livret.control.preflight.print.sweep import Sweep
from livret.findings import Location, Severity
from livret.measure import mm
from livret.translation import joined, say

# A rule that is broken more often than this in a file is told this many times; the others are counted.
MOST_OF_A_RULE = 50
HEAD = 1024

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Allowance:
    """A rule that may be broken in a file, and why."""

    rule: str
    because: str


@dataclass(frozen=True)
class Asked:
    """What a caller asks beside the profile: rules that may be broken, who is told of progress, whether ink counts.

    `progress` is called with the pages that are done and all pages. Ink is measured only where Ghostscript is installed
    and the profile limits it. Pages that are `known` are not read.
    """

    allowed: tuple[Allowance, ...] = ()
    progress: Progress | None = None
    with_ink: bool = True
    pages: KnownPages = field(default_factory=KnownPages)


@dataclass(frozen=True)
class PrintVerdict:
    """What was found in a file, its pages (none where it could not be read) and their ink, where it was measured."""

    findings: tuple[PrintFinding, ...]
    pages: tuple[PrintPage, ...] = ()
    ink: tuple[InkPage, ...] = ()

    def count(self, severity: Severity) -> int:
        """How many findings have this severity."""
        return sum(one.severity is severity for one in self.findings)


def judge(path: Path, profile: PrintProfile, shown: str | None = None, asked: Asked | None = None) -> PrintVerdict:
    """Judge a file. Findings name it `shown`. Never raises for what a file holds: what cannot be read is a finding."""
    asked = asked or Asked()
    shown = shown or str(path)
    try:
        pdf = opened(path)
        with path.open("rb") as file:
            head = file.read(HEAD)
    except Unreadable as problem:
        breach = Breach(_UNREADABLE.get(problem.rule, problem.rule), say("the file {message}", message=problem.message))
        return PrintVerdict(tuple(_findings([breach], (), profile, shown, asked.allowed)))
    pages = print_pages(pdf)
    # ISO 32000-1, table 150: a file says itself that it is read from right to left.
    from_right = name(entry(pdf.root, "/ViewerPreferences", "/Direction")) == "R2L"
    profile = replace(profile, limits=replace(profile.limits, bound_on_right=from_right))
    breaches = list(_breaches(pdf, head, pages, profile, asked))
    ink: list[InkPage] = []
    limits = profile.limits
    if asked.with_ink and (limits.ink_mean_most, limits.ink_peak_most) != (None, None):
        try:
            for one in measured(path, pages, mm(limits.ink_square_mm), asked.progress):
                ink.append(one)
                breaches += check_ink(one, limits)
        except NotMeasured as problem:
            breaches.append(Breach("ink-not-measured", say("the ink was not measured: {problem}", problem=problem)))
    return PrintVerdict(tuple(_findings(breaches, pages, profile, shown, asked.allowed)), pages, tuple(ink))


# What opening a file tells, by the rules of print.
_UNREADABLE = {"protected-pdf": "encrypted-file", "not-a-pdf": "unusable-file", "broken-pdf": "unusable-file",
               "unreadable-file": "unusable-file"}  # fmt: skip


def _breaches(
    pdf: Pdf, head: bytes, pages: tuple[PrintPage, ...], profile: PrintProfile, asked: Asked
) -> Iterator[Breach]:
    """Every breach of a rule, checked or not by the profile."""
    if pdf.mended:
        yield Breach(
            "repaired-file", say("the file is damaged, and was mended while reading: {mended}", mended=pdf.mended[0])
        )
    yield from check_metadata(pdf, head)
    yield from check_output_intent(pdf)
    if (space := intent_space(pdf)) and space != "CMYK":
        yield Breach(
            "output-intent-not-cmyk", say("the printing condition of the file is in {space}, not in CMYK", space=space)
        )
    yield from check_boxes(pages, profile.limits)
    yield from check_interactive(pdf, pages)
    yield from check_layers(pdf)
    yield from _page_breaches(pdf, pages, profile, asked)


def _page_breaches(pdf: Pdf, pages: tuple[PrintPage, ...], profile: PrintProfile, asked: Asked) -> Iterator[Breach]:
    """Everything for which pages are read: fonts, objects and content of a page together, so that it is read once."""
    fonts, objects, content = FontCheck(), Sweep(), ContentCheck(pdf, profile.limits)
    by_fonts: list[Breach] = []
    by_objects: list[Breach] = []
    by_content: list[Breach] = []
    for page in pages:
        if asked.pages.has(page.number):
            content.pass_over(page.page)
            continue
        by_fonts += fonts.page(page)
        by_objects += objects.page(page)
        by_content += content.page(page.page)
        if forget(pdf, page.number):
            fonts.forget()
            content.forget()
        if asked.progress is not None:
            asked.progress(page.number, len(pages))
    spots = [*content.end()]
    # A font or an object is looked at where it comes first, so that a page with a fault of it may seem sound.
    if not any(profile.severity(one.rule) for one in (*by_fonts, *by_objects, *spots)):
        asked.pages.keep(content.spotted | {one.page or 0 for one in by_content if profile.severity(one.rule)})
    yield from (*by_fonts, *by_objects, *by_content, *spots)


def _findings(
    breaches: Iterable[Breach],
    pages: tuple[PrintPage, ...],
    profile: PrintProfile,
    shown: str,
    allowed: Iterable[Allowance],
) -> Iterator[PrintFinding]:
    """What a profile makes of breaches, each once; of a rule that is broken often, the first few and their number."""
    reasons = {one.rule: one.because for one in allowed}
    every = [one for one in dict.fromkeys(breaches) if profile.severity(one.rule)]
    broken = {one.rule for one in every if profile.source(one.rule)[0] != GWG and one.rule not in reasons}
    base = sorted(rule for rule in broken if _is_base(rule, profile))
    if base and profile.severity("not-pdfx4"):
        told = joined(base[:3])
        if len(base) > 3:
            told = say("{names} and {number} more", names=told, number=len(base) - 3)
        every.append(Breach("not-pdfx4", say("the file breaks rules of PDF/X-4: {rules}", rules=told)))
    counts: Counter[str] = Counter()
    for breach in every:
        counts[breach.rule] += 1
        if counts[breach.rule] <= MOST_OF_A_RULE:
            yield _finding(breach, pages, profile, shown, reasons.get(breach.rule, ""))
    for rule, count in counts.items():
        if count > MOST_OF_A_RULE:
            more = Breach(rule, say("and {number} more of this kind", number=count - MOST_OF_A_RULE))
            yield _finding(more, pages, profile, shown, reasons.get(rule, ""))
    for rule in reasons:
        if rule not in counts:
            message = say('nothing in the file breaks the rule "{rule}", which is allowed', rule=rule)
            yield PrintFinding(Severity.WARNING, "unused-allow", message, Location(shown), file=shown)


def _is_base(rule: str, profile: PrintProfile) -> bool:
    return profile.severity(rule) is Severity.ERROR and profile.source(rule)[0] != "press profile"


def _finding(
    breach: Breach, pages: tuple[PrintPage, ...], profile: PrintProfile, shown: str, because: str
) -> PrintFinding:
    severity = profile.severity(breach.rule) or Severity.NOTE
    standard, clause = profile.source(breach.rule)
    page = pages[breach.page - 1] if breach.page and breach.page <= len(pages) else None
    box = placed(breach.box, page.trim or page.media) if page else None
    place = told_place(breach.page, page.folio if page else "", box)
    message = say("{place}: {message}", place=place, message=breach.message) if place else breach.message
    hints = breach.hints or (profile.hint(breach.rule),)
    found = PrintFinding(
        severity,
        breach.rule,
        say("{message} ({law})", message=message, law=joined([standard, clause])),
        Location(shown),
        hints,
    )
    if because:
        found = replace(
            found, severity=Severity.NOTE, hints=(say("allowed: {reason}", reason=because),), because=because
        )
    return replace(
        found,
        standard=standard,
        clause=clause,
        page=breach.page,
        folio=page.folio if page else "",
        box=breach.box,
        placed=box,
        file=shown,
    )
