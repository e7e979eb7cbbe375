"""The report on what differs between PDFs: one HTML file in English or French, with each page before and after."""

from __future__ import annotations

import base64
import html
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from PIL import Image, ImageDraw

from livret.control.comparison.changes import BookChange, PageChange
from livret.control.comparison.pages import Box, ComparedFile, as_png
from livret.translation import in_language, joined, say, say_number

# A picture adds about 60 kB to the file. If more pages than these differ, only the first ones get pictures.
MOST_PICTURES = 150
PPI = 84
# Around what came, and around what went: colours that are rare in print, told apart by all.
_CAME, _WENT = "#0a7d2c", "#c2185b"
_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; color: #1b1b1b; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin: 2.5rem 0 .5rem; border-bottom: 2px solid; }
h3 { font-size: 1rem; margin: 1.75rem 0 .25rem; } dt, ins { font-weight: 600; } figure, dd { margin: 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; } dd { overflow-wrap: anywhere; }
.pages { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; align-items: start; }
figure img { width: 100%; border: 1px solid #bbb; } figcaption { font-size: .85rem; color: #555; }
del { color: #a3123f; background: #fde8ef; } ins { color: #085f22; background: #e4f5e9; text-decoration: none; }
.words { max-width: 45rem; } table { border-collapse: collapse; }
td, th { padding: .2rem .75rem .2rem 0; text-align: left; }
@media (max-width: 40rem) { .pages { grid-template-columns: 1fr; } }
@media print { .pages, figure { break-inside: avoid; } }
"""


def html_report(found: Sequence[tuple[str, BookChange]], language: str, *, by_part: bool = False) -> str:
    """The report on some pairs of files; each has a name. It needs no other file.

    Raises LivretError when a file is gone since it was compared.
    """

    title = _text(say("What changed"), language)
    body = "".join(part for name, change in found for part in _book(name, change, language, by_part))
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width">\n<title>{title}</title>\n'
        f"<style>{_STYLE}</style></head>\n<body>\n<h1>{title}</h1>\n{body}</body>\n</html>\n"
    )


def summary(change: BookChange) -> Iterator[str]:
    """How many pages differ, and how, a sentence each."""
    if not change.changes:
        yield say_number("{number} page, no difference", "{number} pages, no difference", number=change.pages[1])
        return
    yield from _counted(change.changes)
    yield say_number("{number} page the same", "{number} pages the same", number=change.same)


def part_summary(changes: Sequence[PageChange]) -> Iterator[str]:
    """How many pages of a part differ, and how, and how many words of those that stay."""
    yield from _counted(changes)
    words = sum(one.changed_words for one in changes)
    if words:
        yield say_number("{number} word", "{number} words", number=words)


def _counted(changes: Sequence[PageChange]) -> Iterator[str]:
    kinds = [one.kind for one in changes]
    counts = {kind: kinds.count(kind) for kind in ("changed", "moved", "added", "removed")}
    said = {
        "changed": say_number("{number} page changed", "{number} pages changed", number=counts["changed"]),
        "moved": say_number("{number} page moved", "{number} pages moved", number=counts["moved"]),
        "added": say_number("{number} page added", "{number} pages added", number=counts["added"]),
        "removed": say_number("{number} page taken out", "{number} pages taken out", number=counts["removed"]),
    }
    yield from (said[kind] for kind, count in counts.items() if count)


def headline(change: PageChange) -> str:
    """What happened to a page, in one line: `page 12: changed`."""
    first, second = change.folios[0] or str(change.first), change.folios[1] or str(change.second)
    if change.kind == "added":
        return say("page {folio}: added", folio=second)
    if change.kind == "removed":
        return say("page {folio}: taken out", folio=first)
    if change.kind == "moved":
        return say("page {folio}: moved, was page {before}", folio=second, before=first)
    return say("page {folio}: changed", folio=second) if first == second else say(
        "page {folio} (was {before}): changed", folio=second, before=first
    )  # fmt: skip


def stale_lines(change: PageChange) -> Iterator[str]:
    """The numbers of pages on a page that did not follow, a sentence each."""
    for text, now in change.stale:
        if now is None:
            yield say('"{reference}" stays, and that page was taken out', reference=text)
        else:
            yield say('"{reference}" stays, and that page is {now} now', reference=text, now=now)


def _text(value: str, language: str) -> str:
    return html.escape(in_language(value, language))


def _book(name: str, change: BookChange, language: str, by_part: bool) -> Iterator[str]:
    text = partial(_text, language=language)
    if name:
        yield f"<h2>{html.escape(name)}</h2>\n"
    rows = ((say("Before"), change.first, change.pages[0]), (say("After"), change.second, change.pages[1]))
    yield "<dl>"
    for label, file, pages in rows:
        count = say_number("{number} page", "{number} pages", number=pages)
        yield f"<dt>{text(label)}</dt><dd>{html.escape(Path(file).name)}, {text(count)}</dd>"
    yield f"</dl>\n<p>{text(joined(summary(change), say('; ')))}</p>\n"
    if by_part:
        yield from _parts(change, language)
    if len(change.changes) > MOST_PICTURES:
        told = say("Only the first {most} pages that differ are shown as pictures.", most=MOST_PICTURES)
        yield f"<p>{text(told)}</p>\n"
    with ComparedFile(Path(change.first)) as first, ComparedFile(Path(change.second)) as second:
        part = None
        for place, one in enumerate(change.changes):
            if one.part != part:
                part = one.part
                yield f"<h2>{html.escape(part)}</h2>\n" if part else ""
            yield f"<h3>{text(headline(one))}</h3>\n"
            yield from _words(one)
            yield from (f"<p>{text(line)}</p>\n" for line in stale_lines(one))
            if place < MOST_PICTURES:
                yield from _pictures(one, first, second, text(say("Before")), text(say("After")))


def _parts(change: BookChange, language: str) -> Iterator[str]:
    yield "<table>\n"
    for part, ones in change.by_part().items():
        name = part or in_language(say("without a title"), language)
        told = _text(joined(part_summary(ones)), language)
        yield f"<tr><th>{html.escape(name)}</th><td>{told}</td></tr>\n"
    yield "</table>\n"


def _words(change: PageChange) -> Iterator[str]:
    """The words that changed, with a few around them."""
    if not any(not run.is_same for run in change.runs):
        return
    shown = []
    for place, run in enumerate(change.runs):
        if run.is_same:
            words = run.old.split()
            before = words[:6] if place else []
            after = words[-6:] if place < len(change.runs) - 1 else []
            is_short = len(words) <= 12 and 0 < place < len(change.runs) - 1
            shown.append(html.escape(" ".join(words if is_short else [*before, "…", *after])))
            continue
        shown += [f"<del>{html.escape(run.old)}</del>"] if run.old else []
        shown += [f"<ins>{html.escape(run.new)}</ins>"] if run.new else []
    yield f'<p class="words">{" ".join(shown)}</p>\n'


def _pictures(change: PageChange, first: ComparedFile, second: ComparedFile, before: str, after: str) -> Iterator[str]:
    yield '<div class="pages">'
    sides: tuple[tuple[ComparedFile, int | None, tuple[Box, ...], str, str], ...] = (
        (first, change.first, change.places_before, _WENT, before),
        (second, change.second, change.places, _CAME, after),
    )
    for file, number, places, colour, label in sides:
        if number is None:
            yield "<div></div>"
            continue
        picture = _framed(file.picture(number - 1, PPI), file.size(number - 1), places, colour)
        data = base64.b64encode(as_png(picture)).decode()
        yield f'<figure><img alt="" src="data:image/png;base64,{data}"><figcaption>{label}</figcaption></figure>'
    yield "</div>\n"


def _framed(picture: Image.Image, size: tuple[float, float], places: Sequence[Box], colour: str) -> Image.Image:
    across, down = picture.width / size[0], picture.height / size[1]
    draw = ImageDraw.Draw(picture)
    for left, bottom, right, top in places:
        edges = (left * across - 3, (size[1] - top) * down - 3, right * across + 3, (size[1] - bottom) * down + 3)
        draw.rectangle(edges, outline=colour, width=2)
    return picture


def pairs_of_files(
    first: Path, second: Path
) -> tuple[Mapping[str, tuple[Path, Path]], tuple[str, ...], tuple[str, ...]]:
    """The PDFs of two output folders by their path in them; and those that only one has.

    Proofs, and copies for the web, are left out. Two folders with one PDF each are one pair, whatever its name.
    """
    before, after = _pdfs(first), _pdfs(second)
    if len(before) == len(after) == 1:
        ((name, new),) = after.items()
        (old,) = before.values()
        return {name: (old, new)}, (), ()
    both = {name: (before[name], after[name]) for name in after if name in before}
    gone, come = (tuple(name for name in one if name not in both) for one in (before, after))
    return both, gone, come


def _pdfs(folder: Path) -> dict[str, Path]:
    found = {path.relative_to(folder): path for path in sorted(folder.rglob("*.pdf")) if path.is_file()}
    return {
        shown.as_posix(): path
        for shown, path in found.items()
        if shown.parts[0] != "proofs"
        and "web" not in shown.parts[:-1]
        and not any(part.startswith(".") for part in shown.parts)
    }
