"""Rules that a catalogue or an edition allows, each with a reason: their findings become notes with that reason."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from livret.content.messages import did_you_mean, quoted
from livret.content.schema.model import Allowed, Catalogue, CatalogueFile, EditionFile
from livret.findings import Finding, Location, Severity, warning

# The errors that may be allowed: nothing on the page is wrong, and the publisher may have a good reason.
ALLOWABLE = frozenset({"missing-legal-mention", "fictional-contact", "unassigned-isbn"})


def accept_allowed(findings: Iterable[Finding], allow: Iterable[Allowed]) -> tuple[Finding, ...]:
    """The findings, with each warning (and each error of `ALLOWABLE`) whose rule is allowed turned into a note."""
    reasons = {one.rule: one.reason for one in allow}
    return tuple(_noted(finding, reasons.get(finding.rule)) for finding in findings)


def _noted(finding: Finding, reason: str | None) -> Finding:
    if reason is None or not (finding.severity is Severity.WARNING or finding.rule in ALLOWABLE):
        return finding
    told = f"{finding.message} (allowed: {quoted(reason, 200)})"
    return replace(finding, severity=Severity.NOTE, message=told, hints=())


def unused(catalogue: Catalogue, name: str, findings: Collection[Finding]) -> tuple[Finding, ...]:
    """A finding for each rule that is allowed to an edition and found nothing in a build: perhaps it is misspelt.

    In: the name of the edition, and everything that the build found. A rule much like one that did find something is
    a warning, any other a note.
    """
    found = {finding.rule for finding in findings}
    told = []
    editions = [one for one in catalogue.editions if one.id == name]
    volumes: list[CatalogueFile | EditionFile] = [catalogue.publication, *editions]
    for volume in volumes:
        where = volume.places.get("allow", Location(volume.source.path))
        for rule in dict.fromkeys(one.rule for one in volume.allow):
            if rule in found:
                continue
            message, hints = f"nothing was found by the rule {quoted(rule)}", did_you_mean(rule, found)
            made = warning("unused-allow", message, where, *hints)
            told.append(made if hints else replace(made, severity=Severity.NOTE))
    return tuple(told)
