"""Rules that a catalogue or an edition allows, each with a reason: their findings become notes with that reason."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from livret.content.messages import did_you_mean, quoted
from livret.content.schema.model import Allowed, Catalogue, CatalogueFile, EditionFile
from livret.findings import Finding, Location, Severity, warning
from livret.translation import say

# The errors that may be allowed: nothing on the page is wrong, and the publisher may have a good reason.
ALLOWABLE = frozenset(
    {"missing-legal-mention", "fictional-contact", "unassigned-isbn", "unsigned", "changed-since-approval"}
)


def accept_allowed(findings: Iterable[Finding], allow: Iterable[Allowed]) -> tuple[Finding, ...]:
    """The findings, with each warning (and each error of `ALLOWABLE`) whose rule is allowed turned into a note."""
    reasons = {one.rule: one.reason for one in allow}
    return tuple(_noted(finding, reasons.get(finding.rule)) for finding in findings)


def _noted(finding: Finding, reason: str | None) -> Finding:
    if reason is None or not (finding.severity is Severity.WARNING or finding.rule in ALLOWABLE):
        return finding
    told = say("{message} (allowed: {reason})", message=finding.message, reason=quoted(reason, 200))
    return replace(finding, severity=Severity.NOTE, message=told, hints=())


def unused_allowances(catalogue: Catalogue, found: Mapping[str, Collection[Finding]]) -> tuple[Finding, ...]:
    """A finding for each allowed rule that found nothing: perhaps it is misspelt, perhaps its reason is gone.

    In: for each edition that was built, by its name, everything that was found. What catalogue.yaml allows is unused
    when no edition needed it. A rule much like one that did find something is a warning, any other a note.
    """
    everywhere = {finding.rule for findings in found.values() for finding in findings}
    told = list(_unused(catalogue.publication, everywhere))
    for edition in catalogue.editions:
        if edition.id in found:
            told += _unused(edition, {finding.rule for finding in found[edition.id]})
    return tuple(told)


def _unused(volume: CatalogueFile | EditionFile, rules: Collection[str]) -> Iterator[Finding]:
    where = volume.places.get("allow", Location(volume.source.path))
    for rule in dict.fromkeys(one.rule for one in volume.allow):
        if rule not in rules:
            message = say("nothing was found by the allowed rule {rule}", rule=quoted(rule))
            hints = did_you_mean(rule, sorted(rules))
            made = warning("unused-allow", message, where, *hints)
            yield made if hints else replace(made, severity=Severity.NOTE)
