"""The rules of the PDF/UA profile, each with its severity and the clause it stands on, and the remarks they lead to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from livret.findings import Finding, Location, Severity

# What is wrong everywhere is told a few times and then counted.
MOST_OF_A_RULE = 20

UA = "ISO 14289-1"
PDF = "ISO 32000-1"

_ERROR, _WARNING, _NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE


@dataclass(frozen=True)
class Rule:
    """How bad a breach is, and the standard and clause that say so."""

    severity: Severity
    standard: str
    clause: str


RULES: dict[str, Rule] = {
    # The file as a whole
    "unreadable-file": Rule(_ERROR, "", ""),
    "not-a-pdf": Rule(_ERROR, PDF, "7.5.2"),
    "broken-pdf": Rule(_ERROR, PDF, "7.5"),
    "mended-pdf": Rule(_WARNING, PDF, "7.5"),
    "protected-pdf": Rule(_ERROR, UA, "7.16"),
    "untagged-pdf": Rule(_ERROR, UA, "7.1"),
    "suspect-tags": Rule(_ERROR, UA, "7.1"),
    "no-pdfua-mark": Rule(_ERROR, UA, "5"),
    "no-title": Rule(_ERROR, UA, "7.1"),
    "title-not-shown": Rule(_ERROR, UA, "7.1"),
    "no-language": Rule(_ERROR, UA, "7.2"),
    "bad-language": Rule(_ERROR, UA, "7.2"),
    "tab-order": Rule(_ERROR, UA, "7.18.3"),
    # Fonts
    "font-not-embedded": Rule(_ERROR, UA, "7.21.4.1"),
    "font-without-unicode": Rule(_ERROR, UA, "7.21.7"),
    # Content and who owns it
    "unmarked-content": Rule(_ERROR, UA, "7.1"),
    "unowned-content": Rule(_ERROR, UA, "7.1"),
    "artifact-in-content": Rule(_ERROR, UA, "7.1"),
    "content-in-artifact": Rule(_ERROR, UA, "7.1"),
    "unbalanced-marks": Rule(_ERROR, PDF, "14.6.1"),
    "repeated-mcid": Rule(_ERROR, PDF, "14.7.4.2"),
    "shared-mcid": Rule(_ERROR, PDF, "14.7.4.2"),
    "missing-mcid": Rule(_ERROR, PDF, "14.7.4.2"),
    "mcid-gap": Rule(_WARNING, PDF, "14.7.4.4"),
    "parent-tree": Rule(_ERROR, PDF, "14.7.4.4"),
    # The tree
    "tag-met-twice": Rule(_ERROR, PDF, "14.7.2"),
    "wrong-parent": Rule(_ERROR, PDF, "14.7.2"),
    "unknown-tag": Rule(_ERROR, UA, "7.1"),
    "empty-tag": Rule(_WARNING, UA, "7.1"),
    "repeated-id": Rule(_ERROR, PDF, "14.7.2"),
    "id-tree": Rule(_ERROR, PDF, "14.7.2"),
    "note-without-id": Rule(_ERROR, UA, "7.9"),
    "torn-paragraph": Rule(_WARNING, PDF, "14.8.4.3.2"),
    "reading-order": Rule(_NOTE, PDF, "14.8.2.3"),
    # Headings, lists, contents, tables, figures
    "no-headings": Rule(_WARNING, UA, "7.4"),
    "first-heading": Rule(_ERROR, UA, "7.4.2"),
    "skipped-heading": Rule(_ERROR, UA, "7.4.2"),
    "mixed-headings": Rule(_ERROR, UA, "7.4.4"),
    "list-shape": Rule(_ERROR, UA, "7.6"),
    "list-in-list": Rule(_WARNING, PDF, "14.8.4.3.3"),
    "contents-shape": Rule(_ERROR, PDF, "14.8.4.2"),
    "table-shape": Rule(_ERROR, UA, "7.5"),
    "ragged-table": Rule(_WARNING, UA, "7.5"),
    "table-without-headers": Rule(_ERROR, UA, "7.5"),
    "header-without-scope": Rule(_ERROR, UA, "7.5"),
    "figure-without-alt": Rule(_ERROR, UA, "7.3"),
    "figure-without-box": Rule(_WARNING, PDF, "14.8.5.4.3"),
    "figure-box": Rule(_ERROR, PDF, "14.8.5.4.3"),
    # Links and other annotations
    "untagged-annotation": Rule(_ERROR, UA, "7.18.1"),
    "untagged-link": Rule(_ERROR, UA, "7.18.5"),
    "annotation-without-parent": Rule(_ERROR, PDF, "14.7.4.4"),
    "annotation-without-description": Rule(_ERROR, UA, "7.18.1"),
    "link-without-description": Rule(_ERROR, UA, "7.18.5"),
    "link-without-text": Rule(_ERROR, UA, "7.18.5"),
    "link-is-address": Rule(_WARNING, UA, "7.18.5"),
    "repeated-link": Rule(_NOTE, UA, "7.18.5"),
    # veraPDF's part
    "verapdf": Rule(_ERROR, "", ""),
    "verapdf-not-run": Rule(_NOTE, "", ""),
}


@dataclass
class Remarks:
    """What the rules have to say of one file, collected in any order."""

    where: Location
    _findings: list[Finding] = field(default_factory=list)
    _counts: Counter[str] = field(default_factory=Counter)

    def add(self, rule: str, message: str, *hints: str) -> None:
        """A breach of a rule; the clause is added to the message."""
        self._counts[rule] += 1
        if self._counts[rule] > MOST_OF_A_RULE:
            return
        known = RULES[rule]
        clause = f" ({known.standard}, {known.clause})" if known.clause else ""
        self._findings.append(Finding(known.severity, rule, message + clause, self.where, hints))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything found; for a rule that has much to say, the first breaches and how many more there are."""
        more = tuple(
            Finding(RULES[rule].severity, rule, f"and {count - MOST_OF_A_RULE} more of this kind", self.where)
            for rule, count in self._counts.items()
            if count > MOST_OF_A_RULE
        )
        return (*self._findings, *more)
