"""Preflight: checks a finished PDF by the rules of a profile.

This is the only part of `control/` that reads PDFs with pypdf. The file may be from any program and may be broken: what
cannot be read becomes a finding.

`check` and `validate` are for accessibility, the profile `pdfua`. For print, `print_profile_named` gives the profile of
a name and `judge` what it finds in a file; docs/preflight.md has an example.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from livret.control.preflight import verapdf
from livret.control.preflight.pdf_objects import Pdf, Unreadable, opened
from livret.control.preflight.pdfua import check_pdfua
from livret.control.preflight.print.judge import Allowance, Asked, PrintVerdict, judge
from livret.control.preflight.print.print_finding import PrintFinding
from livret.control.preflight.print.profiles import PDFX4, VARIANTS, PrintProfile
from livret.control.preflight.rules import Remarks
from livret.findings import Finding, Location
from livret.project import Project
from livret.translation import say

__all__ = (
    "DEFAULT_PROFILE",
    "PRINT_PROFILES",
    "PROFILES",
    "UNREADABLE",
    "Allowance",
    "Asked",
    "PrintFinding",
    "PrintProfile",
    "PrintVerdict",
    "Profile",
    "check",
    "judge",
    "print_profile_named",
    "validate",
)


@dataclass(frozen=True)
class Profile:
    """What a file is checked by: our own rules, and the flavour that veraPDF validates."""

    title: str
    check: Callable[[Remarks, Pdf], None]
    flavour: verapdf.Flavour | None


PROFILES: Mapping[str, Profile] = {"pdfua": Profile("PDF/UA-1", check_pdfua, "ua1")}
DEFAULT_PROFILE = "pdfua"

# Profiles for print by the standards; press profiles of a project are others, see `print_profile_named`.
PRINT_PROFILES: Mapping[str, PrintProfile] = {PDFX4.name: PDFX4, **VARIANTS}

# After a breach of these rules the check ends, and veraPDF is not run.
UNREADABLE = frozenset({"unreadable-file", "not-a-pdf", "broken-pdf", "protected-pdf"})


def print_profile_named(name: str, folder: Path | None = None) -> tuple[PrintProfile | None, tuple[Finding, ...]]:
    """The profile for print of a name: one of PRINT_PROFILES, or a press profile of the folder or of Livret.

    Gives also what is wrong with the press profile; with an error there is no profile.
    """
    if name in PRINT_PROFILES:
        return PRINT_PROFILES[name], ()
    from livret.content.press.profile import read_press_profile
    from livret.control.preflight.print.press_profile import print_profile

    root = (folder or Path()).resolve()
    press, found = read_press_profile(Project(root, root / "output"), name)
    return (print_profile(press) if press else None), found


def check(path: Path, profile: str = DEFAULT_PROFILE, shown: str | None = None) -> tuple[Finding, ...]:
    """What our own rules find in a file. Findings name it `shown`. Raises KeyError for an unknown profile."""
    rules = PROFILES[profile]
    remarks = Remarks(Location(shown or str(path)))
    try:
        pdf = opened(path)
    except Unreadable as problem:
        hint = (say("remove the protection with qpdf --decrypt"),) if problem.rule == "protected-pdf" else ()
        remarks.add(problem.rule, say("the file {message}", message=problem.message), *hint)
        return remarks.findings
    rules.check(remarks, pdf)
    if pdf.mended:
        remarks.add(
            "mended-pdf", say("the file is damaged, and was mended while reading: {mended}", mended=pdf.mended[0])
        )
    return remarks.findings


def validate(
    paths: Mapping[str, Path], profile: str = DEFAULT_PROFILE
) -> tuple[dict[str, verapdf.Verdict], tuple[Finding, ...]]:
    """Validate files with veraPDF. `paths` gives each file by the name that findings show.

    Gives the verdict on each file, by that name, and the findings. If veraPDF cannot be run, there is no verdict, and a
    note says why.
    """
    flavour = PROFILES[profile].flavour
    if flavour is None or not paths:
        return {}, ()
    try:
        verdicts = dict(zip(paths, verapdf.validate(tuple(paths.values()), flavour), strict=True))
    except verapdf.NoVerapdf as problem:
        remarks = Remarks(Location(""))
        remarks.add(
            "verapdf-not-run",
            say("veraPDF was not run, only Livret's own rules: {problem}", problem=problem),
            *problem.hints,
        )
        return {}, tuple(Finding(one.severity, one.rule, one.message, None, one.hints) for one in remarks.findings)
    found: list[Finding] = []
    for shown, verdict in verdicts.items():
        remarks = Remarks(Location(shown))
        if verdict.problem:
            remarks.add("verapdf", say("veraPDF cannot read the file: {problem}", problem=verdict.problem))
        for failure in verdict.failures:
            times = "" if failure.count == 1 else f", {failure.count} times"
            told = say(
                "{message} (veraPDF, clause {clause}, test {test}{times})",
                message=failure.message or failure.says,
                clause=failure.clause,
                test=failure.test,
                times=times,
            )
            remarks.add("verapdf", told, say("first at {where}", where=failure.where))
        found += remarks.findings
    return verdicts, tuple(found)
