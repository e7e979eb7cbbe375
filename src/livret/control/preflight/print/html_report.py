"""The report that an editor sends to a printer: one HTML file in French or English, with a picture of each finding."""

from __future__ import annotations

import base64
import html
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from livret.control.preflight.print.breach import Box
from livret.control.preflight.print.ink import InkPage
from livret.control.preflight.print.judge import PrintVerdict
from livret.control.preflight.print.print_finding import PrintFinding
from livret.control.preflight.print.profiles import PrintProfile
from livret.control.preflight.print.titles import TITLES
from livret.control.raster import Cut, cut_out
from livret.findings import Severity
from livret.measure import mm
from livret.translation import in_language, say

LANGUAGES = ("fr", "en")
# Pictures make the file large; of a file with more findings the first ones have one.
MOST_PICTURES = 120
PICTURE_WIDTH = 360
# So much of the page is shown around a finding.
AROUND = mm(12)

_WORDS = {
    "title": say("Preflight report"),
    "file": say("File"),
    "profile": say("Judged by"),
    "pages": say("Pages"),
    "good": say("Nothing prevents printing."),
    "bad": say("This file must not be printed as it is."),
    "error": say("Errors"),
    "warning": say("Warnings"),
    "note": say("Notes"),
    "allowed": say("Allowed:"),
    "whole": say("The file as a whole"),
    "card": say("Card"),
    "field": say("field"),
    "ink": say("Ink"),
    "ink_told": say("Mean of the densest square of 15 × 15 mm, and the densest square millimetre."),
    "do": say("What to do:"),
}
_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1b1b1b; }
h1 { font-size: 1.6rem; } h2 { margin-top: 2.5rem; border-bottom: 3px solid; } h3 { margin: 1.5rem 0 .25rem; }
.error { border-color: #b00020; } .warning { border-color: #b56a00; } .note { border-color: #30618c; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; } dt { font-weight: 600; }
dd { margin: 0; overflow-wrap: anywhere; } .verdict { font-size: 1.2rem; font-weight: 600; }
article { display: grid; grid-template-columns: 1fr 20rem; gap: 1rem; padding: .75rem 0; border-top: 1px solid #ccc; }
article img { max-width: 100%; max-height: 22rem; border: 1px solid #bbb; } .place { font-weight: 600; }
.source { color: #555; } .heat { display: flex; flex-wrap: wrap; gap: .75rem; }
.heat figure { margin: 0; width: 8rem; font-size: .85rem; } .heat img { width: 100%; border: 1px solid #bbb; }
@media (max-width: 40rem) { article { grid-template-columns: 1fr; } }
@media print { article, figure { break-inside: avoid; } }
"""


@dataclass(frozen=True)
class Judged:
    """A file that was judged: how it is called, where it is, its digest, and what was found."""

    shown: str
    path: Path
    digest: str
    verdict: PrintVerdict


def html_report(files: Sequence[Judged], profile: PrintProfile, language: str) -> str:
    """The report on some files; it needs no other file."""
    words = {key: in_language(word, language) for key, word in _WORDS.items()}
    body = "".join(part for one in files for part in _file(one, profile, words, language))
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width">\n<title>{_text(words["title"])}</title>\n'
        f"<style>{_STYLE}</style></head>\n<body>\n<h1>{_text(words['title'])}</h1>\n{body}</body>\n</html>\n"
    )


def _text(value: object) -> str:
    return html.escape(str(value))


def _file(judged: Judged, profile: PrintProfile, words: Mapping[str, str], language: str) -> Iterator[str]:
    verdict = judged.verdict
    rows = (
        (words["file"], judged.shown),
        (words["profile"], in_language(profile.title, language)),
        (words["pages"], len(verdict.pages)),
        ("SHA-256", judged.digest),
    )
    yield "<dl>" + "".join(f"<dt>{_text(key)}</dt><dd>{_text(value)}</dd>" for key, value in rows) + "</dl>\n"
    yield f'<p class="verdict">{_text(words["bad" if verdict.count(Severity.ERROR) else "good"])}</p>\n'
    pictures = _pictures(judged)
    ordered = sorted(verdict.findings, key=lambda one: (one.severity.rank, bool(one.because), one.sort_key))
    for severity, group in groupby(ordered, lambda one: one.severity):
        found = list(group)
        yield f'<section><h2 class="{severity.value}">{_text(words[severity.value])} ({len(found)})</h2>\n'
        for rule, same in groupby(found, lambda one: one.rule):
            yield from _rule(rule, list(same), words, language, pictures)
        yield "</section>\n"
    yield from _heat(verdict.ink, words, language)


def _rule(
    rule: str,
    findings: list[PrintFinding],
    words: Mapping[str, str],
    language: str,
    pictures: Mapping[PrintFinding, bytes],
) -> Iterator[str]:
    first = findings[0]
    yield f"<h3>{_text(_capital(in_language(TITLES.get(rule, rule), language)))}</h3>\n"
    source = f"{in_language(first.standard, language)} {first.clause}".strip()
    yield f'<p class="source">{_text(source)} <code>{_text(rule)}</code></p>\n'
    to_do = " / ".join(_capital(in_language(hint, language)) + "." for hint in first.hints)
    if first.because:
        yield f"<p><strong>{_text(words['allowed'])}</strong> {_text(first.because)}</p>\n"
    elif to_do:
        yield f"<p><strong>{_text(words['do'])}</strong> {_text(to_do)}</p>\n"
    for finding in findings:
        picture = pictures.get(finding, b"")
        image = f'<img alt="" src="data:image/png;base64,{base64.b64encode(picture).decode()}">' if picture else ""
        yield f'<article><div><p class="place">{_place(finding, words, language)}</p>'
        yield f"<p>{_text(in_language(finding.message, language))}</p></div>"
        yield f"<div>{image}</div></article>\n"


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _place(finding: PrintFinding, words: Mapping[str, str], language: str) -> str:
    if finding.page is None:
        return _text(words["whole"])
    told = say("Page {page}", page=finding.page)
    if finding.folio and finding.folio != str(finding.page):
        told = say("Page {page} (folio {folio})", page=finding.page, folio=finding.folio)
    parts = [in_language(told, language)]
    if finding.placed:
        left, top, width, height = finding.placed
        box = say(
            "{width:.0f} × {height:.0f} mm, at {left:.0f} mm from the left and {top:.0f} mm from the top",
            width=width,
            height=height,
            left=left,
            top=top,
        )
        parts.append(in_language(box, language))
    if finding.where and str(finding.where) != finding.file:
        field = f", {words['field']} {finding.field}" if finding.field else ""
        parts.append(f"{words['card']} {finding.where}{field}")
    return "<br>".join(_text(part) for part in parts)


def _pictures(judged: Judged) -> dict[PrintFinding, bytes]:
    """A picture of each finding that has a page, its place framed."""
    pages = judged.verdict.pages
    placed = [one for one in judged.verdict.findings if one.page and one.page <= len(pages)][:MOST_PICTURES]
    cuts = []
    for finding in placed:
        assert finding.page is not None, "only findings with a page are here"
        media = pages[finding.page - 1].media
        cuts.append(Cut(finding.page, _around(finding.box, media) if finding.box else media, finding.box))
    return dict(zip(placed, cut_out(judged.path, cuts, PICTURE_WIDTH), strict=True)) if cuts else {}


def _around(box: Box, media: Box) -> Box:
    grown = (box[0] - AROUND, box[1] - AROUND, box[2] + AROUND, box[3] + AROUND)
    return (*map(max, grown[:2], media[:2]), *map(min, grown[2:], media[2:]))  # type: ignore[return-value]


def _heat(ink: Sequence[InkPage], words: Mapping[str, str], language: str) -> Iterator[str]:
    if not ink:
        return
    yield f"<section><h2>{_text(words['ink'])}</h2>\n<p>{_text(words['ink_told'])}</p>\n<div class='heat'>\n"
    for one in ink:
        told = in_language(say("Page {page}", page=one.page), language)
        yield f'<figure><img alt="" src="data:image/png;base64,{base64.b64encode(one.heat).decode()}">'
        yield f"<figcaption>{_text(told)}: {one.mean:.0f} %, {one.peak:.0f} %</figcaption></figure>\n"
    yield "</div></section>\n"
