"""The report of a build for people: one HTML page beside the PDF, with no script and no address outside the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from livret.findings import Finding, Severity
from livret.translation import Text, in_language, say, say_number

NEWLINE = "\n"
STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 62rem; padding: 0 1rem; color: #111 }
h1 { font-size: 1.6rem; margin-bottom: 0 } h2 { font-size: 1.2rem; margin-top: 2rem }
table { border-collapse: collapse; width: 100% } td, th { padding: .2rem .6rem .2rem 0; text-align: left }
tr { border-bottom: 1px solid #ccc } td.number, th.number { text-align: right; font-variant-numeric: tabular-nums }
.error { color: #a40000 } .warning { color: #7a4b00 } img { max-width: 100%; height: auto }
li { margin-bottom: .6rem } code { font-size: .95em }
"""


def report_html(
    content: Mapping[str, Any], sheet: str | None, findings: Sequence[Finding] = (), language: str = "en"
) -> str:
    """The HTML page for the content of report.json, in English or in French.

    `sheet` is the file name of the contact sheet, None for none; `findings` are those of the content.
    """
    pages = say_number("{number} page", "{number} pages", number=content["pages"])
    cards = say_number("{number} card", "{number} cards", number=content["cards"])
    told = say("{edition}: {pages}, {cards}", edition=content["edition"], pages=pages, cards=cards)
    title = in_language(told, language)
    names = map(escape, content["files"].values())
    links = ", ".join(f'<a href="{name}">{name}</a>' for name in names)
    parts = [
        f"<p>{links}; {_told(say('layout {name}', name=content['layout']), language)}</p>",
        f"<h2>{_told(say('Findings'), language)}</h2>",
        _findings([finding.as_dict(language) for finding in findings], language),
        f"<h2>{_told(say('Pages'), language)}</h2>",
        _parts(content["parts"], language),
    ]
    if content["leaves_out"]:
        told = say("The layout leaves out on purpose: {fields}.", fields=", ".join(content["leaves_out"]))
        parts[0] += f"\n<p>{_told(told, language)}</p>"
    if sheet:
        alt = _told(say("All pages of the book as small pictures"), language)
        parts.insert(1, f'<p><img src="{escape(sheet)}" alt="{alt}"></p>')
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head><meta charset="utf-8"><title>{escape(title)}</title>\n'
        f"<style>{STYLE}</style></head>\n<body>\n<h1>{escape(title)}</h1>\n{NEWLINE.join(parts)}\n</body>\n</html>\n"
    )


def table_html(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]], language: str) -> str:
    """A page with one table, in the style of the report; its words are in `language` already."""
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in heads)
    lines = ["<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows]
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head><meta charset="utf-8"><title>{escape(title)}</title>\n'
        f"<style>{STYLE}</style></head>\n<body>\n<h1>{escape(title)}</h1>\n"
        f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{NEWLINE.join(lines)}\n</tbody>\n</table>\n</body>\n</html>\n"
    )


def _told(text: Text, language: str) -> str:
    return escape(in_language(text, language))


def _findings(findings: Sequence[Mapping[str, Any]], language: str) -> str:
    if not findings:
        return f"<p>{_told(say('None.'), language)}</p>"
    lines = []
    for finding in findings:
        place = finding["file"] or ""
        if finding["line"]:
            place += f":{finding['line']}"
        hints = "".join(f"<br>{escape(hint)}" for hint in finding["hints"])
        kind = Severity(finding["severity"])
        word = f'<strong class="{kind.value}">{_told(kind.word, language)}</strong>'
        line = say("{severity}: {message} [{rule}]", severity="\0", message=finding["message"], rule=finding["rule"])
        told = _told(line, language).replace("\0", word)
        lines.append(f"<li><code>{escape(place)}</code> {told}{hints}</li>")
    return f"<ul>\n{NEWLINE.join(lines)}\n</ul>"


def _parts(parts: Sequence[Mapping[str, Any]], language: str) -> str:
    rows = []
    for part in parts:
        first, last = part["folios"]
        folios = str(first) if first == last else f"{first}–{last}"
        overset = _told(say("{number} too many", number=part["overset"]), language) if part["overset"] else ""
        cells = [
            f'<td class="number">{folios}</td><td>{escape(part["title"])}</td>',
            f'<td class="number">{sum(part["words"])}</td><td>{escape(part["fit"] or "")}</td><td>{overset}</td>',
        ]
        rows.append(f"<tr>{''.join(cells)}</tr>")
    pages, heading, words, fit, excess = (
        _told(head, language) for head in (say("Pages"), say("Part"), say("Words"), say("Fit"), say("Overset"))
    )
    head = (
        f'<tr><th class="number">{pages}</th><th>{heading}</th><th class="number">{words}</th><th>{fit}</th>'
        f"<th>{excess}</th></tr>"
    )
    return f"<table>\n{head}\n{NEWLINE.join(rows)}\n</table>"
