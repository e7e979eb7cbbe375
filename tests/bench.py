"""The benchmark: `make bench`. Livret beside its peer, plain WeasyPrint, on the same text and in one run.

Every time is that of a fresh process with its imports, the least of several rounds that take turns, on a
copy of the demonstration. The peer typesets one document made of the same galleys, with the same style
sheets and fonts; its contents and index get their folios from `target-counter`. The peer is let off what
Livret does besides: reading the catalogue, trying out copyfitting (it is told the result), thumb tabs, tags.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import sys
import tempfile
from collections import Counter
from html import escape
from pathlib import Path
from typing import Any

import pypdfium2

import bench_bare
from bench_processes import ENVIRONMENT, Broken, run, watched
from livret import pipeline
from livret.findings import Report
from livret.pages.compose.composer import Composer
from livret.pages.flatplan import Part, select
from livret.pages.layout import Layout
from livret.pages.pagination import Pagination
from livret.pages.pool.forkserver import list_fonts
from livret.pages.pool.pressroom import PressRoom
from livret.pages.pool.store import Store
from livret.pipeline.settle import settle
from livret.project import Project

ROOT = Path(__file__).resolve().parents[1]
EDITION = "full"
PARTS = ("demonstration", "scale", "lengths")
EDITED_CARD = "kodiko"

# Measured against the peer in the same run; see CONTRIBUTING.md.
BOUNDS = {"cold": 1.0, "unchanged": 0.2, "edited": 0.4}
# The peer's book must be the same book: as many pages, and all but a few of its words.
PAGES_APART, WORDS_APART = 0.1, 0.05
SCALE_CARDS = 400
# Binding and tagging, contact sheet and report included, in milliseconds a page.
BIND_BOUND = 15
SCALE_MEGABYTES = 600

PEER = """
import sys
import weasyprint
weasyprint.HTML(sys.argv[1], base_url=sys.argv[2]).write_pdf(sys.argv[3])
"""

# Page numbers and running heads, which Livret stamps as furniture.
PEER_CSS = """
@page :left { @bottom-left { FOLIO } @bottom-center { HEAD; text-align: left } }
@page :right { @bottom-right { FOLIO } @bottom-center { HEAD; text-align: right } }
@page cover { @bottom-right { content: none } @bottom-center { content: none } }
@page back-cover { @bottom-left { content: none } @bottom-center { content: none } }
body { margin: 0 }
[data-head] { string-set: head attr(data-head) }
[data-to]::after { content: target-counter(attr(data-to), page) }
""".replace("FOLIO", "content: counter(page); font: 700 9pt 'Source Sans 3'").replace(
    "HEAD", "content: string(head); font: 400 7.5pt 'Source Sans 3'; width: 90%; white-space: nowrap; overflow: hidden"
)


def copy_project(folder: Path) -> Path:
    """The repository's project in a folder of its own."""
    for name in ("catalogue", "layouts", "fonts", "pictograms", "press"):
        shutil.copytree(ROOT / name, folder / name)
    return folder


def livret(project: Path) -> list[str]:
    """The command that builds the book of a project."""
    return [sys.executable, "-m", "livret", "-C", str(project), "-q", "build", EDITION]


def book(project: Path) -> Path:
    """The PDF that it writes."""
    return project / "output" / EDITION / f"{EDITION}-screen.pdf"


# The peer's document


def write_peer(root: Path, folder: Path) -> list[str]:
    """Write the peer's document for a project that has been built; gives the command that typesets it."""
    project = Project.at(root)
    report = Report()
    edition = select(pipeline.read(project, report), EDITION)
    layout = Layout(project, edition.layout)
    composer = Composer(project, edition, layout)
    store = Store(project)
    with PressRoom(project, store) as press:
        setting = settle(composer, 4, press, report)
    sheets: dict[str, str] = {}
    bodies = []
    for part in setting.parts:
        galley, _ = composer.galley(part, setting.pagination)
        sheets |= {sheet.name: sheet.text for sheet in galley.stylesheets if sheet.name not in {"verso", "recto"}}
        fit = setting.fragments[part.anchor].facts.fit
        bodies.append(peer_part(part, galley.html, composer.navigation.title(part), fit, setting.pagination))
    # Beside the layout's own sheets, so that addresses in them lead where they should.
    css = layout.folders[0] / "peer.css"
    css.write_text("\n".join([*sheets.values(), PEER_CSS]), encoding="utf-8")
    html = folder / "peer.html"
    html.write_text(
        f'<!DOCTYPE html>\n<html lang="{edition.language}"><head><meta charset="utf-8">'
        f'<title>{escape(edition.title)}</title><link rel="stylesheet" href="{css.as_uri()}"></head>'
        f"<body>\n{''.join(bodies)}</body></html>\n",
        encoding="utf-8",
    )
    return [sys.executable, "-c", PEER, str(html), project.catalogue.as_uri() + "/", str(folder / "peer.pdf")]


def peer_part(part: Part, html: str, title: str, fit: str, pagination: Pagination) -> str:
    """The body of a galley as a division of the peer's document, its links within the document, its folios by CSS."""
    found = re.search(r"<body\b[^>]*>(.*)</body>", html, re.DOTALL)
    assert found is not None

    def link(match: re.Match[str]) -> str:
        before, anchor, after, inside = match.groups()
        counter = f'<span data-to="#{anchor}"></span>'
        inside, count = re.subn(
            rf'(^|<span class="folio">\D*){pagination.folio(anchor)}\b', rf"\1{counter}", inside, count=1
        )
        if part.kind in {"contents", "index"} and not count:
            raise Broken(f'no folio found in the link "{match[0]}"')
        return f'<a{before}href="#{anchor}"{after}>{inside}</a>'

    body = re.sub(r'<a\b([^>]*)href="livret:([^"]+)"([^>]*)>(.*?)</a>', link, found[1], flags=re.DOTALL)
    side = {"any": "page", "verso": "left", "recto": "right"}[part.side]
    attributes = f'class="part part-{part.kind}" id="{part.anchor}" style="break-before: {side}"'
    return f'<div class="{fit}"><div {attributes} data-head="{escape(title)}">{body}</div></div>\n'


def peer_environment(root: Path, folder: Path) -> dict[str, str]:
    """The peer sees the same fonts; its fontconfig cache is its own and stays from round to round."""
    folders = dict.fromkeys(path.parent for path in Project.at(root).fonts)
    return ENVIRONMENT | {"FONTCONFIG_FILE": str(list_fonts(folders, folder / "fonts.conf"))}


def pages_and_words(pdf: Path) -> tuple[int, Counter[str]]:
    """The number of pages and the words on them; words broken at the end of a line are joined again."""
    words: Counter[str] = Counter()
    document = pypdfium2.PdfDocument(pdf)
    for page in document:
        text = page.get_textpage().get_text_bounded()
        joined = re.sub(r"[-\u2010]\r?\n|[\u00ad\ufffe\x02](\r?\n)?", "", text)
        words.update(word for word in joined.split() if any(map(str.isalnum, word)))
    return len(document), words


# The four times


def edit(card: Path, original: str, number: int) -> None:
    """Append a sentence to the description of a card, which is a block or in quotes."""
    block = re.search(r"(?m)^description: (?:\|\n(?:(?: .*)?\n)+|.*\n(?:(?: .*)?\n)*)", original)
    assert block is not None, f"{card.name} has no description"
    text, quote = block[0].rstrip(), ""
    if text[-1] in "\"'":
        text, quote = text[:-1], text[-1]
    longer = f"{text}{' ' if quote else chr(10) + '  '}Relu pour la {number}e fois.{quote}\n"
    card.write_text(original.replace(block[0], longer), encoding="utf-8")


def compare(folder: Path, rounds: int) -> dict[str, Any]:
    """Peer, cold, unchanged and edited builds in turn, `rounds` times; gives the least seconds of each, and more."""
    project = copy_project(folder / "project")
    run(livret(project))
    peer = write_peer(project, folder)
    environment = peer_environment(project, folder)
    card = project / "catalogue" / "initiatives" / f"{EDITED_CARD}.yaml"
    original = card.read_text(encoding="utf-8")
    times: dict[str, list[float]] = {name: [] for name in ("peer", *BOUNDS)}
    digests = set()
    for number in range(1, rounds + 1):
        times["peer"].append(run(peer, environment))
        shutil.rmtree(project / "output")
        times["cold"].append(run(livret(project)))
        digests.add(hashlib.sha256(book(project).read_bytes()).hexdigest())
        times["unchanged"].append(run(livret(project)))
        if number == rounds:
            pages, words = pages_and_words(book(project))
        edit(card, original, number)
        times["edited"].append(run(livret(project)))
        card.write_text(original, encoding="utf-8")
    peer_pages, peer_words = pages_and_words(folder / "peer.pdf")
    run(livret(project))
    least = {name: min(seconds) for name, seconds in times.items()}
    return {
        "seconds": least,
        "all_seconds": times,
        "ratios": {name: least[name] / least["peer"] for name in BOUNDS},
        "pages": {"livret": pages, "peer": peer_pages},
        "words": {"livret": words.total(), "peer": peer_words.total(), "shared": (words & peer_words).total()},
        "same_bytes": len(digests) == 1,
        "bind": binding(project),
    }


# Memory


def binding(project: Path) -> float:
    """Milliseconds a page that binding takes: a build whose PDF is gone against one with nothing to do."""
    pages = len(pypdfium2.PdfDocument(book(project)))
    seconds = []
    for _ in range(2):
        # A build in which nothing changed would stop at once: it is given nothing to go by.
        for note in (project / "output" / ".store" / "notes").glob("build-*"):
            note.unlink()
        unchanged = run(livret(project))
        book(project).unlink()
        seconds.append(run(livret(project)) - unchanged)
    return 1000 * min(seconds) / pages


def scale(folder: Path) -> dict[str, Any]:
    """Build 400 cards cold, and watch how much memory each process takes at most."""
    project = copy_project(folder / "scale")
    cards = sorted((project / "catalogue" / "initiatives").glob("*.yaml"))
    for number in range(SCALE_CARDS - len(cards)):
        card = cards[number % len(cards)]
        shutil.copyfile(card, card.with_name(f"{card.stem}-{number // len(cards) + 2}.yaml"))
    seconds, processes = watched(livret(project))
    pages = len(pypdfium2.PdfDocument(book(project)))
    return {"cards": SCALE_CARDS, "seconds": seconds, "pages": pages, "processes": processes, "bind": binding(project)}


# What is printed


def against_peer(compared: dict[str, Any]) -> list[str]:
    """Every bound of the comparison with the peer that does not hold."""
    broken = [
        f"{name}/peer is {compared['ratios'][name]:.2f}, over {bound}"
        for name, bound in BOUNDS.items()
        if compared["ratios"][name] > bound
    ]
    pages, words = compared["pages"], compared["words"]
    if abs(pages["livret"] - pages["peer"]) > PAGES_APART * pages["livret"]:
        broken.append("the peer's book has not as many pages")
    if words["shared"] < (1 - WORDS_APART) * max(words["livret"], words["peer"]):
        broken.append("the peer's book has not the same words")
    if not compared["same_bytes"]:
        broken.append("two cold builds differ")
    return broken


def verdict(compared: dict[str, Any] | None, scaled: dict[str, Any] | None) -> list[str]:
    """Every bound that does not hold."""
    broken = against_peer(compared) if compared else []
    for told in filter(None, (compared, scaled)):
        if told["bind"] > BIND_BOUND:
            broken.append(f"binding takes {told['bind']:.1f} ms a page, over {BIND_BOUND}")
    if scaled is not None:
        most = max((process["megabytes"] for process in scaled["processes"]), default=0)
        if most > SCALE_MEGABYTES:
            broken.append(f"a process took {most:.0f} MB, over {SCALE_MEGABYTES} MB")
    return broken


def show(compared: dict[str, Any]) -> None:
    pages, words, seconds = compared["pages"], compared["words"], compared["seconds"]
    print(f"{'':24}{'seconds':>8}{'ratio':>8}{'bound':>8}{'pages':>8}{'words':>8}")
    print(f"{'plain WeasyPrint (peer)':24}{seconds['peer']:8.2f}{1:8.2f}{'':8}{pages['peer']:8}{words['peer']:8}")
    for name, bound in BOUNDS.items():
        counts = f"{pages['livret']:8}{words['livret']:8}" if name == "cold" else ""
        print(f"{'livret, ' + name:24}{seconds[name]:8.2f}{compared['ratios'][name]:8.2f}{bound:8.2f}{counts}")
    print(f"words in both books: {words['shared']}; cold builds: {'same' if compared['same_bytes'] else 'OTHER'} bytes")
    print(f"binding and tagging: {compared['bind']:.1f} ms a page, bound {BIND_BOUND}")


def show_scale(scaled: dict[str, Any]) -> None:
    cards, pages, seconds = scaled["cards"], scaled["pages"], scaled["seconds"]
    print(f"\n{cards} cards, {pages} pages, built cold in {seconds:.0f} s, bound at {scaled['bind']:.1f} ms a page;")
    print("memory at most:")
    for process in scaled["processes"]:
        print(f"{'  ' + process['process']:24}{process['megabytes']:8.0f} MB")
    if not scaled["processes"]:
        print("  not measured: this system has no /proc")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, help="how often each time is taken (default: 3)")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), help="measure only these parts")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers to a file")
    options = parser.parse_args()
    busy = os.getloadavg()[0]
    if busy > 0.5:
        print(f"other programs are running (load {busy:.1f}): a build on two cores looks slower than it is\n")
    compared, scaled, lengths = None, None, None
    try:
        with tempfile.TemporaryDirectory(prefix="livret-bench-") as name:
            folder = Path(name)
            if "demonstration" in options.only:
                compared = compare(folder, options.rounds)
                show(compared)
            if "scale" in options.only:
                scaled = scale(folder)
                show_scale(scaled)
        if "lengths" in options.only:
            lengths = bench_bare.measure_and_show(rounds=options.rounds)
    except Broken as problem:
        print(problem, file=sys.stderr)
        return 1
    broken = [*verdict(compared, scaled), *(line for told in lengths or () for line in bench_bare.broken(told))]
    if options.json:
        told = {**(compared or {}), "bounds": BOUNDS, "scale": scaled, "lengths": lengths, "broken": broken}
        options.json.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    for line in broken:
        print(f"BROKEN: {line}", file=sys.stderr)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
