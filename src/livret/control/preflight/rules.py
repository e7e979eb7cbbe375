"""The rules of the PDF/UA profile, each with its severity and its clause, and the remarks that breaches lead to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from livret.findings import Finding, Location, Severity
from livret.translation import Text, say

# A breach that occurs often is reported this many times; the others are counted.
MOST_OF_A_RULE = 20

UA = "ISO 14289-1"
PDF = "ISO 32000-1"

_ERROR, _WARNING, _NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE


@dataclass(frozen=True)
class PreflightRule:
    """The severity of a breach, and the standard and clause that the rule comes from."""

    severity: Severity
    standard: str
    clause: str


RULES: dict[str, PreflightRule] = {
    # The file as a whole
    "unreadable-file": PreflightRule(_ERROR, "", ""),
    "not-a-pdf": PreflightRule(_ERROR, PDF, "7.5.2"),
    "broken-pdf": PreflightRule(_ERROR, PDF, "7.5"),
    "mended-pdf": PreflightRule(_WARNING, PDF, "7.5"),
    "protected-pdf": PreflightRule(_ERROR, UA, "7.16"),
    "untagged-pdf": PreflightRule(_ERROR, UA, "7.1"),
    "suspect-tags": PreflightRule(_ERROR, UA, "7.1"),
    "no-pdfua-mark": PreflightRule(_ERROR, UA, "5"),
    "no-title": PreflightRule(_ERROR, UA, "7.1"),
    "title-not-shown": PreflightRule(_ERROR, UA, "7.1"),
    "no-language": PreflightRule(_ERROR, UA, "7.2"),
    "bad-language": PreflightRule(_ERROR, UA, "7.2"),
    "tab-order": PreflightRule(_ERROR, UA, "7.18.3"),
    # Fonts
    "font-not-embedded": PreflightRule(_ERROR, UA, "7.21.4.1"),
    "font-without-unicode": PreflightRule(_ERROR, UA, "7.21.7"),
    # Content and the elements that own it
    "unmarked-content": PreflightRule(_ERROR, UA, "7.1"),
    "unowned-content": PreflightRule(_ERROR, UA, "7.1"),
    "artifact-in-content": PreflightRule(_ERROR, UA, "7.1"),
    "content-in-artifact": PreflightRule(_ERROR, UA, "7.1"),
    "unbalanced-marks": PreflightRule(_ERROR, PDF, "14.6.1"),
    "repeated-mcid": PreflightRule(_ERROR, PDF, "14.7.4.2"),
    "shared-mcid": PreflightRule(_ERROR, PDF, "14.7.4.2"),
    "missing-mcid": PreflightRule(_ERROR, PDF, "14.7.4.2"),
    "mcid-gap": PreflightRule(_WARNING, PDF, "14.7.4.4"),
    "parent-tree": PreflightRule(_ERROR, PDF, "14.7.4.4"),
    # The tree
    "tag-met-twice": PreflightRule(_ERROR, PDF, "14.7.2"),
    "wrong-parent": PreflightRule(_ERROR, PDF, "14.7.2"),
    "unknown-tag": PreflightRule(_ERROR, UA, "7.1"),
    "empty-tag": PreflightRule(_WARNING, UA, "7.1"),
    "repeated-id": PreflightRule(_ERROR, PDF, "14.7.2"),
    "id-tree": PreflightRule(_ERROR, PDF, "14.7.2"),
    "note-without-id": PreflightRule(_ERROR, UA, "7.9"),
    "torn-paragraph": PreflightRule(_WARNING, PDF, "14.8.4.3.2"),
    "reading-order": PreflightRule(_NOTE, PDF, "14.8.2.3"),
    # Headings, lists, contents, tables, figures
    "no-headings": PreflightRule(_WARNING, UA, "7.4"),
    "first-heading": PreflightRule(_ERROR, UA, "7.4.2"),
    "skipped-heading": PreflightRule(_ERROR, UA, "7.4.2"),
    "mixed-headings": PreflightRule(_ERROR, UA, "7.4.4"),
    "list-shape": PreflightRule(_ERROR, UA, "7.6"),
    "list-in-list": PreflightRule(_WARNING, PDF, "14.8.4.3.3"),
    "contents-shape": PreflightRule(_ERROR, PDF, "14.8.4.2"),
    "table-shape": PreflightRule(_ERROR, UA, "7.5"),
    "ragged-table": PreflightRule(_WARNING, UA, "7.5"),
    "table-without-headers": PreflightRule(_ERROR, UA, "7.5"),
    "header-without-scope": PreflightRule(_ERROR, UA, "7.5"),
    "figure-without-alt": PreflightRule(_ERROR, UA, "7.3"),
    "figure-without-box": PreflightRule(_WARNING, PDF, "14.8.5.4.3"),
    "figure-box": PreflightRule(_ERROR, PDF, "14.8.5.4.3"),
    # Links and other annotations
    "untagged-annotation": PreflightRule(_ERROR, UA, "7.18.1"),
    "untagged-link": PreflightRule(_ERROR, UA, "7.18.5"),
    "annotation-without-parent": PreflightRule(_ERROR, PDF, "14.7.4.4"),
    "annotation-without-description": PreflightRule(_ERROR, UA, "7.18.1"),
    "link-without-description": PreflightRule(_ERROR, UA, "7.18.5"),
    "link-without-text": PreflightRule(_ERROR, UA, "7.18.5"),
    "link-is-address": PreflightRule(_WARNING, UA, "7.18.5"),
    "repeated-link": PreflightRule(_NOTE, UA, "7.18.5"),
    # veraPDF's part
    "verapdf": PreflightRule(_ERROR, "", ""),
    "verapdf-not-run": PreflightRule(_NOTE, "", ""),
}


@dataclass
class Remarks:
    """The breaches of rules in one file, collected in any order."""

    where: Location
    _findings: list[Finding] = field(default_factory=list)
    _counts: Counter[str] = field(default_factory=Counter)

    def add(self, rule: str, message: Text, *hints: Text) -> None:
        """Add a breach of a rule. The clause is added to the message."""
        self._counts[rule] += 1
        if self._counts[rule] > MOST_OF_A_RULE:
            return
        known = RULES[rule]
        if known.clause:
            message = say("{message} ({law})", message=message, law=f"{known.standard}, {known.clause}")
        self._findings.append(Finding(known.severity, rule, message, self.where, hints))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All breaches as findings. Of a rule with many breaches, the first few and the number of the others."""
        more = tuple(
            Finding(
                RULES[rule].severity,
                rule,
                say("and {number} more of this kind", number=count - MOST_OF_A_RULE),
                self.where,
            )
            for rule, count in self._counts.items()
            if count > MOST_OF_A_RULE
        )
        return (*self._findings, *more)
