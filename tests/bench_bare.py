"""Real lengths, part of `make bench`: Livret beside "bare", on cards as long as those that organisations send.

    python tests/bench.py --only lengths                 # 20 and 100 cards of tests/stress.py
    python tests/bench_bare.py --sizes 1000 --only bare edited

Bare is plain WeasyPrint, which sets the same words by a plain style sheet, as one document with the same fonts; its
contents get their folios from `target-counter`. It has no tags, no layout and no press edition. `peer` is the peer of
bench.py, which has Livret's own pages; it is told the copyfitting steps. Wall time and the processor time of all
processes are the least of several rounds that take turns.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from typing import Any

import bench
import stress
from bench_processes import Broken, Cost, measured
from livret import pipeline
from livret.content.language.markdown import to_html
from livret.content.schema.model import CardContact, Catalogue, Initiative
from livret.findings import Report
from livret.pages.compose.composer import Composer
from livret.pages.flatplan import Edition, select
from livret.pages.layout import Layout
from livret.pages.pool.pressroom import PressRoom
from livret.pages.pool.store import Store
from livret.pipeline.settle import settle
from livret.project import Project

SIZES = (20, 100)
PARTS = ("bare", "peer", "cold", "unchanged", "edited")
EDITED_CARD = "mediane"
# Wall time beside bare's, by the number of cards.
BOUNDS = {
    20: {"cold": 1.5},
    100: {"cold": 0.8, "edited": 0.15, "unchanged": 0.05},
    1000: {"edited": 0.02},
}
# Layouts a card. In pocket up to half of these cards go on, and are laid out twice in any case.
LAYOUTS_BOUNDS = {"forum": 1.3, "pocket": 1.7}

BARE_CSS = """
@page { size: 148mm 210mm; margin: 15mm; @bottom-center { content: counter(page) } }
html { font: 9pt/12pt 'Source Serif 4'; hyphens: auto }
h1 { font-size: 16pt; line-height: 20pt; margin: 0 0 12pt }
h2 { font-size: 11pt; line-height: 14pt; margin: 12pt 0 0 }
p, ul, ol { margin: 0 0 6pt }
a { color: inherit; text-decoration: none }
section { break-before: page }
.contents a::after { content: leader('.') target-counter(attr(href), page) }
.figures b { font-size: 14pt }
"""


# The bare document


def write_bare(root: Path, folder: Path) -> list[str]:
    """Write the words of a project as one plain document; gives the command that typesets it."""
    project = Project.at(root)
    catalogue = pipeline.read(project, Report())
    edition = select(catalogue, bench.EDITION)
    sections = list(_sections(catalogue, edition))
    entries = "".join(f'<li><a href="#s{i}">{escape(title)}</a></li>' for i, (title, _) in enumerate(sections))
    bodies = "".join(
        f'<section id="s{i}"><h1>{escape(title)}</h1>{body}</section>\n' for i, (title, body) in enumerate(sections)
    )
    html = folder / "bare.html"
    html.write_text(
        f'<!DOCTYPE html>\n<html lang="{edition.language}"><head><meta charset="utf-8"><title>{escape(edition.title)}'
        f"</title><style>{BARE_CSS}</style></head><body><h1>{escape(edition.title)}</h1>"
        f'<section class="contents"><ul>{entries}</ul></section>\n{bodies}</body></html>\n',
        encoding="utf-8",
    )
    return [sys.executable, "-c", bench.PEER, str(html), project.catalogue.as_uri() + "/", str(folder / "bare.pdf")]


def _sections(catalogue: Catalogue, edition: Edition) -> Iterator[tuple[str, str]]:
    for page in (catalogue.foreword, *catalogue.pages):
        if page is not None:
            signed = page.signature.name if page.signature and page.signature.name else ""
            yield page.title or "Page", _markdown(page.body) + f"<p>{escape(signed)}</p>"
    for partner in edition.partners:
        yield partner.name, _markdown(partner.body) + f"<p>{escape(partner.website or '')}</p>"
    themes = {theme.id: theme.name for theme in edition.themes}
    for card in edition.initiatives:
        yield card.title or card.pilot.name, "".join(_card(card, themes))


def _card(card: Initiative, themes: dict[str, str]) -> Iterator[str]:
    yield f"<p>{escape(' · '.join(themes[theme] for theme in card.themes))}</p>"
    yield f"<h2>{escape(card.pilot.name)}</h2>{_markdown(card.pilot.about)}"
    if card.partners:
        yield f"<h2>Partenaires</h2>{_markdown(card.partners)}"
    yield f"<h2>Contact</h2>{''.join(map(_contact, card.contacts))}"
    yield f"<p>{escape(', '.join(place.name for place in card.territories))}</p>"
    yield _markdown(card.summary) + _markdown(card.description)
    if card.figures or card.results:
        yield "<h2>Résultats</h2>"
    if card.figures:
        entries = "".join(f"<li><b>{escape(one.value)}</b> {escape(one.label)}</li>" for one in card.figures)
        yield f'<ul class="figures">{entries}</ul>'
    yield _markdown(card.results)


def _contact(contact: CardContact) -> str:
    texts = (contact.name, contact.role, contact.organisation, contact.address, *contact.phones)
    addresses = (contact.email, contact.website)
    return f"<p>{'<br>'.join(escape(text) for text in (*texts, *addresses) if text)}</p>"


def _markdown(text: str | None) -> str:
    return to_html(text, 3) if text else ""


# Layouts


def layouts(root: Path, layout: str) -> float:
    """How many layouts a card takes in a layout."""
    project = Project.at(root)
    report = Report()
    edition = select(pipeline.read(project, report), bench.EDITION)
    with PressRoom(project, Store(project)) as press:
        setting = settle(Composer(project, edition, Layout(project, layout)), 4, press, report)
    cards = [setting.fragments[part.anchor].facts.layouts for part in setting.parts if part.kind == "card"]
    return sum(cards) / len(cards)


def layouts_in_a_process(root: Path, layout: str) -> float:
    """As `layouts`: `measured` waits for all that this process has started, so workers must not be its own."""
    code = f"import sys, pathlib; sys.path.insert(0, {str(Path(__file__).parent)!r}); import bench_bare as bench;"
    code += f" print(bench.layouts(pathlib.Path({str(root)!r}), {layout!r}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    if done.returncode:
        raise Broken(done.stderr[-2000:])
    return float(done.stdout.split()[-1])


# The times


def both_ends(project: Path) -> list[str]:
    return [*bench.livret(project), "--for", "both"]


def compare(folder: Path, cards: int, parts: Sequence[str], rounds: int) -> dict[str, Any]:
    """The costs of the parts at a number of cards, in turn, `rounds` times; the least of each."""
    project = stress.write(folder / f"cards-{cards}", cards)
    measured(bench.livret(project))
    bare = write_bare(project, folder)
    peer = bench.write_peer(project, folder) if "peer" in parts else []
    environment = bench.peer_environment(project, folder)
    card = project / "catalogue" / "initiatives" / f"{EDITED_CARD}.yaml"
    original = card.read_text(encoding="utf-8")
    costs: dict[str, list[Cost]] = {part: [] for part in parts}
    for number in range(1, rounds + 1):
        if "bare" in parts:
            costs["bare"].append(measured(bare, environment))
        if peer:
            costs["peer"].append(measured(peer, environment))
        if "cold" in parts:
            shutil.rmtree(project / "output")
            costs["cold"].append(measured(both_ends(project)))
        if "unchanged" in parts:
            # The build before was of both ends. Nothing changed since the last one of the same command.
            measured(bench.livret(project))
            costs["unchanged"].append(measured(bench.livret(project)))
        if "edited" in parts:
            bench.edit(card, original, number)
            costs["edited"].append(measured(bench.livret(project)))
            card.write_text(original, encoding="utf-8")
    measured(bench.livret(project))
    least = {
        part: {"wall": min(cost.wall for cost in taken), "processor": min(cost.processor for cost in taken)}
        for part, taken in costs.items()
    }
    # They are the same for more cards.
    taken = {name: layouts_in_a_process(project, name) for name in LAYOUTS_BOUNDS} if cards <= max(SIZES) else {}
    return {"cards": cards, "costs": least, "layouts": taken}


def broken(told: dict[str, Any]) -> list[str]:
    """Every bound that does not hold."""
    costs, cards = told["costs"], told["cards"]
    found = []
    for part, bound in BOUNDS.get(cards, {}).items():
        if part in costs and "bare" in costs and costs[part]["wall"] / costs["bare"]["wall"] > bound:
            found.append(
                f"{cards} cards, {part}/bare is {costs[part]['wall'] / costs['bare']['wall']:.3f}, over {bound}"
            )
    for layout, number in told["layouts"].items():
        if number > LAYOUTS_BOUNDS[layout]:
            found.append(f"{cards} cards take {number:.2f} layouts each in {layout}, over {LAYOUTS_BOUNDS[layout]}")
    return found


def show(told: dict[str, Any]) -> None:
    costs, bounds = told["costs"], BOUNDS.get(told["cards"], {})
    taken = ", ".join(f"{number:.2f} in {layout}" for layout, number in told["layouts"].items())
    print(f"\n{told['cards']} cards of real lengths; layouts a card: {taken or 'not measured'}")
    print(f"{'':24}{'seconds':>9}{'/bare':>8}{'bound':>8}{'/peer':>8}{'processor':>11}{'/bare':>8}{'/peer':>8}")
    names = {"bare": "plain WeasyPrint, bare", "peer": "plain WeasyPrint, peer", "cold": "livret, both ends cold"}
    for part, cost in costs.items():
        line = f"{names.get(part, f'livret, {part}'):24}{cost['wall']:9.2f}{_ratio(costs, part, 'bare', 'wall')}"
        line += f"{bounds.get(part, ''):>8}{_ratio(costs, part, 'peer', 'wall')}{cost['processor']:11.2f}"
        print(line + _ratio(costs, part, "bare", "processor") + _ratio(costs, part, "peer", "processor"), flush=True)


def _ratio(costs: dict[str, dict[str, float]], part: str, beside: str, kind: str) -> str:
    return f"{costs[part][kind] / costs[beside][kind]:8.3f}" if beside in costs else f"{'':8}"


def measure_and_show(
    sizes: Sequence[int] = SIZES, parts: Sequence[str] = PARTS, rounds: int = 2
) -> list[dict[str, Any]]:
    """Measure each number of cards and print the costs. Raises Broken when a command fails."""
    told = []
    for cards in sizes:
        with tempfile.TemporaryDirectory(prefix="livret-bench-") as name:
            told.append(compare(Path(name), cards, parts, rounds))
        show(told[-1])
    return told


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="numbers of cards (default: 20 100)")
    parser.add_argument("--rounds", type=int, default=2, help="how often each time is taken (default: 2)")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="measure only these")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers to a file")
    options = parser.parse_args()
    try:
        told = measure_and_show(options.sizes, options.only, options.rounds)
    except Broken as problem:
        print(problem, file=sys.stderr)
        return 1
    lines = [line for one in told for line in broken(one)]
    for line in lines:
        print(f"BROKEN: {line}", file=sys.stderr)
    if options.json:
        options.json.write_text(json.dumps({"sizes": told, "broken": lines}, indent=2) + "\n", encoding="utf-8")
    return int(bool(lines))


if __name__ == "__main__":
    sys.exit(main())
