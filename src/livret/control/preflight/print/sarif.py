"""Findings as SARIF 2.1.0, the format in which code hosts take what checkers found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from livret import __version__
from livret.control.preflight.print.print_finding import PrintFinding
from livret.control.preflight.print.profiles import EVERY_RULE, PrintProfile
from livret.findings import Finding

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def sarif(findings: Sequence[Finding], profile: PrintProfile) -> dict[str, Any]:
    """The findings as one run. A page and its box stand in the properties: a PDF has no lines."""
    rules = sorted({finding.rule for finding in findings})
    driver = {
        "name": "Livret",
        "version": __version__,
        "rules": [_rule(rule, profile) for rule in rules],
    }
    results = [_result(finding, rules.index(finding.rule)) for finding in findings]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(rule: str, profile: PrintProfile) -> dict[str, Any]:
    if rule not in EVERY_RULE:
        return {"id": rule}
    standard, clause = profile.source(rule)
    severity = profile.severity(rule)
    told: dict[str, Any] = {"id": rule, "help": {"text": profile.hint(rule) or rule}}
    told["properties"] = {"standard": standard, "clause": clause}
    if severity:
        told["defaultConfiguration"] = {"level": severity.value}
    return told


def _result(finding: Finding, index: int) -> dict[str, Any]:
    told: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": finding.severity.value,
        "message": {"text": "\n".join((finding.message, *finding.hints))},
    }
    if finding.where:
        place: dict[str, Any] = {"artifactLocation": {"uri": finding.where.path.replace("\\", "/")}}
        if finding.where.line:
            place["region"] = {"startLine": finding.where.line}
        told["locations"] = [{"physicalLocation": place}]
    if isinstance(finding, PrintFinding):
        if finding.page:
            own = finding.as_dict()
            told["properties"] = {key: own[key] for key in ("page", "folio", "box", "box_mm") if own[key] is not None}
        if finding.because:
            told["suppressions"] = [{"kind": "external", "justification": finding.because}]
    return told
