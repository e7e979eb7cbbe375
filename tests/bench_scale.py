"""The benchmark of scale, `make scale`: a thousand cards beside one long document, and binding up to five thousand.

It takes about eight minutes. Every card is another one: its number stands in its name and in each of its texts, so that
nothing is found in the store or shared by its digest.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import pikepdf
import pypdfium2

import bench
from bench_processes import Broken, run, watched
from livret import pipeline
from livret.book.plan import BookPlan, BoundPage, PartStructure, book_plan
from livret.findings import Report
from livret.pages.compose.composer import Composer
from livret.pages.flatplan import select
from livret.pages.layout import Layout
from livret.pages.pool.pressroom import PressRoom, cores
from livret.pages.pool.store import Store
from livret.pipeline.settle import settle
from livret.project import Project

COLD_BOUND, EDITED_BOUND, MEGABYTES_BOUND = 0.4, 0.1, 700
SIZES = (100, 1000, 5000)
APART = 0.2


def many(folder: Path, cards: int) -> Path:
    """A project of so many different cards, made from the demonstration's."""
    project = bench.copy_project(folder / f"cards-{cards}")
    initiatives = project / "catalogue" / "initiatives"
    originals = {path.stem: path.read_text(encoding="utf-8") for path in sorted(initiatives.glob("*.yaml"))}
    names = list(originals)
    for number in range(cards - len(names)):
        text = originals[names[number % len(names)]]
        text = re.sub(r"(?m)^(  name: [^|>].+)$", rf"\1 {number}", text, count=1)
        text = re.sub(r"(?m)^(( *)\w+: \|\n\2  (?:- )?)", rf"\g<1>Fiche {number}. ", text)
        text = re.sub(r"(?m)^( +website: .+)$", rf"\1/{number}", text)
        (initiatives / f"{names[number % len(names)]}-{number}.yaml").write_text(text, encoding="utf-8")
    return project


def scale(folder: Path, cards: int) -> list[str]:
    """Build many cards cold and with one edited, and the same as one document; gives the bounds that do not hold."""
    project = many(folder, cards)
    seconds, processes = watched(bench.livret(project))
    pages = len(pypdfium2.PdfDocument(bench.book(project)))
    card = project / "catalogue" / "initiatives" / f"{bench.EDITED_CARD}.yaml"
    bench.edit(card, card.read_text(encoding="utf-8"), 1)
    edited = run(bench.livret(project))
    print(f"{cards} cards, {pages} pages: cold {seconds:.0f} s, one edited {edited:.1f} s; memory at most:", flush=True)
    for told in processes:
        print(f"  {told['process']:20}{told['megabytes']:8.0f} MB")
    peer = run(bench.write_peer(project, folder), bench.peer_environment(project, folder))
    print(
        f"  plain WeasyPrint, one document: {peer:.0f} s; ratios: cold {seconds / peer:.2f}, edited {edited / peer:.3f}"
    )
    # All that a cold build does, as if every core had been busy all the time: a little too much.
    unit = 1000 * seconds * cores() / cards
    print(f"  unit cost: {unit:.0f} ms of a core a card; so 100,000 cards take", end="")
    print(", ".join(f" {100 * unit / 3600 / number:.1f} h on {number} cores" for number in (2, 16, 64)), flush=True)
    most = max(told["megabytes"] for told in processes)
    checks = (
        ("cold", seconds / peer, COLD_BOUND),
        ("edited", edited / peer, EDITED_BOUND),
        ("megabytes", most, MEGABYTES_BOUND),
    )
    return [f"{cards} cards, {name}: {value:.2f}, over {bound}" for name, value, bound in checks if value > bound]


def fragments(folder: Path) -> BookPlan:
    """The plan of the demonstration's book, from fragments typeset now."""
    project = Project.at(bench.copy_project(folder / "bound"))
    report = Report()
    edition = select(pipeline.read(project, report), bench.EDITION)
    composer = Composer(project, edition, Layout(project, edition.layout))
    store = Store(project)
    with PressRoom(project, store) as press:
        setting = settle(composer, 4, press, report)
    return book_plan(composer.navigation, setting, project.build_date(edition.dated))


def grown(plan: BookPlan, cards: int, folder: Path) -> BookPlan:
    """The plan of a book of so many cards: copies of the cards there are, each a file of its own with other bytes."""
    structure = [part for part in plan.structure if part.anchor.startswith("card-")]
    first = plan.pages[structure[0].pages[0]].fragment
    assert first is not None
    pages: list[BoundPage] = []
    parts: list[PartStructure] = []
    starts: dict[str, int] = {}
    for number in range(cards):
        part = structure[number % len(structure)]
        anchor = f"{part.anchor}-{number}"
        source = plan.pages[part.pages[0]].fragment
        assert source is not None
        copy = folder / f"{source.stem}-{number}.pdf"
        if not copy.exists():
            with pikepdf.open(source) as pdf:
                for page in pdf.pages:
                    page.contents_coalesce()
                    page.Contents.write(page.Contents.read_bytes() + b"\n%% %d" % number)
                pdf.save(copy, deterministic_id=True)
        starts[anchor] = len(pages)
        for index in part.pages:
            own = plan.pages[index]
            pages.append(replace(own, fragment=copy, anchor=anchor, label=str(len(pages) + 1)))
        at = range(starts[anchor], len(pages))
        parts.append(replace(part, anchor=anchor, pages=tuple(at)))
    return replace(plan, pages=tuple(pages), structure=tuple(parts), starts=starts, outline=(), furniture=())


def bound(plan: BookPlan, end: str, target: Path) -> tuple[float, float]:
    """Bind in this process; gives the seconds and the most megabytes it ever took."""
    import resource

    from livret.book.binding.assemble import assemble
    from livret.book.binding.bind import bind
    from livret.book.pressfile.finish import save

    start = time.perf_counter()
    if end == "screen":
        bind(plan, target)
    else:
        with assemble(replace(plan, structure=())) as pdf:
            save(pdf, target)
    return time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def binding(folder: Path, sizes: tuple[int, ...]) -> list[str]:
    """Bind books of several sizes, each in a process of its own; gives the bounds that do not hold."""
    plan = fragments(folder)
    copies = folder / "copies"
    copies.mkdir()
    broken = []
    for end in ("screen", "press"):
        costs = {}
        for cards in sizes:
            big = grown(plan, cards, copies)
            with get_context("spawn").Pool(1) as pool:
                seconds, megabytes = min(pool.apply(bound, (big, end, folder / "book.pdf")) for _ in range(2))
            costs[cards] = 1000 * seconds / len(big.pages)
            print(
                f"  {end}: {cards:5} cards, {len(big.pages):6} pages: {costs[cards]:.2f} ms a page, {megabytes:.0f} MB"
            )
        if max(costs.values()) > (1 + APART) * costs[sizes[0]]:
            broken.append(f"{end}: the cost of a page grows by more than {APART:.0%}")
    return broken


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cards", type=int, default=1000, help="cards beside the peer (default: 1000); 0 for none")
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES, help="cards to bind (default: 100 1000 5000)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="livret-scale-") as name:
        broken = []
        try:
            if options.sizes:
                print("binding:")
                broken += binding(Path(name), tuple(options.sizes))
            if options.cards:
                broken += scale(Path(name), options.cards)
        except Broken as problem:
            broken.append(str(problem))
    for line in broken:
        print(f"BROKEN: {line}", file=sys.stderr)
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main())
