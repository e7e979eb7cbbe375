"""Replacements in the engine: the same pages to the byte, in bounded memory, with a switch to leave them out."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from livret.content.catalogue.reader import read_catalogue
from livret.pages.compose.composer import Composer
from livret.pages.flatplan import select
from livret.pages.galley import Galley, Stylesheet
from livret.pages.layout import Layout
from livret.pages.pagination import paginate
from livret.pages.pool import forkserver
from livret.project import Project

ROOT = Path(__file__).resolve().parents[1]
# Of the demonstration: a long card and a short one, a partner, and all that stands once. Each is typeset three times
# here.
CARDS = {"aajt", "mjc-brianconnais"}
PARTNERS = {"hcr"}

# Galleys, fonts and the engine's list of fonts.
Galleys = tuple[list[Galley], tuple[Path, ...], Path]

# Typesets galleys in one process, as a worker does, and says what became of each, and how much was kept.
PROGRAM = """
import gc, hashlib, json, pickle, sys
import weasyprint
galleys, fonts, engine, limits = pickle.load(open(sys.argv[1], "rb"))
weasyprint.__version__ = engine or weasyprint.__version__
from livret.pages.engine import line_cache, style_cache, svg_cache, typeset
for module in (line_cache, style_cache, svg_cache):
    vars(module).update(limits)
# What was loaded is not looked at each time that kept things are counted.
gc.collect()
gc.freeze()

def kept(kind):
    gc.collect()
    return [made for made in gc.get_objects() if type(made) is kind]

made, styles = [], []
for galley in galleys:
    pdf, facts, files = typeset.typeset(galley, fonts)
    told = json.dumps([facts.as_dict(), files], sort_keys=True)
    made.append([galley.anchor, hashlib.sha256(pdf).hexdigest(), told])
    styles.append(sum(1 + len(own.pseudo) for own in kept(style_cache._KeptStyles)))
print(json.dumps({"made": made, "styles": styles, "drawings": len(kept(svg_cache._Drawn)),
                  "lines": len(kept(line_cache._Line))}))
"""

CSS = """
@page { size: 100mm 150mm; bleed: 3mm; margin: 10mm; @bottom-center { content: counter(page) } }
body { font: 10pt/12pt "Source Sans 3"; hyphens: auto; overflow: hidden }
p::first-letter { font-size: 20pt }
p::first-line { font-weight: 600; letter-spacing: 1pt }
.by { float: right; width: 30mm }
li::before { content: "a " attr(class) }
table { border-collapse: collapse } td { border: 1pt solid; padding: 2pt; vertical-align: middle }
a { text-decoration: underline line-through }
.note { float: footnote }
.first, .second { color: var(--ink, #123456) }
.just { text-align: justify; word-spacing: 1pt } .pre { white-space: pre-line }
.cut { overflow: hidden; text-overflow: ellipsis; white-space: nowrap } .two { max-lines: 2; block-ellipsis: auto }
.caps { font-variant-caps: small-caps; font-variant-numeric: oldstyle-nums; text-transform: uppercase }
.flex { display: flex; gap: 2mm } .flex > * { flex: 1 1 auto; min-width: 0; padding: 0 5% }
.grid { display: grid; grid-template-columns: 1fr 2fr; height: 60% } .grid > * { box-sizing: border-box; padding: 1mm }
.columns { columns: 2; column-gap: 4mm; max-height: 50%; margin: 0 auto; width: calc(50% + 4mm) }
.box { border: 2pt solid #123; border-radius: 3mm 0; background: #eef linear-gradient(#fff, #ddd);
  box-sizing: border-box; width: 40mm; min-height: 30mm; padding: 2mm 5% 1mm 2mm } .box.gone { visibility: hidden }
.by.shown { background: #ffe; max-width: 20%; min-height: 5mm }
.placed { position: absolute; right: 0; top: 0 } .moved { position: relative; left: 3pt }
"""
WIDE = """
@page wide { size: 140mm 150mm }
.wide { page: wide }
.half { background: #ddd; height: 10vh; width: 50vw }
"""
LONG = "Une association accueille chaque semaine des personnes réfugiées dans les ateliers de la ville. " * 4
# A page of another name begins there.
NAMED = 'style="page: other"'
MARKER = '<marker id="end"><circle r="1"/></marker>'
DRAWING = (
    f'<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20" viewBox="0 0 20 20"><defs>{MARKER}</defs>'
    '<path d="M2 2L10 4l3 9z" marker-mid="url(#end)"/><path d="M2 2a4 4 0 1 0 8 8" fill="none" stroke="#123"/></svg>'
)
PLAIN = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20" viewBox="0 0 20 20" fill="#008285"><title>a</title>'
    '<g transform="rotate(3)"><path d="M2 2L10 4l3 9z"/><circle r="3" fill="none" stroke="#9d6100"/></g></svg>'
)
LETTERS = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="20" viewBox="0 0 90 20" font-family="Source Sans 3">'
    '<text x="2" y="9" letter-spacing="1">un mot</text><text y="19" text-anchor="end" x="80">fin</text></svg>'
)
# No style sheet but one within a drawing names what is in it: where there is none, a class says nothing.
NAMED_SHAPES = PLAIN.replace("<path ", '<path class="box" ').replace("<svg ", '<svg class="first" ', 1)
STYLED_SHAPES = NAMED_SHAPES.replace("<title>", "<style>.box { fill: #c8102e }</style><title>")
SEEN = PLAIN.replace('r="3"', 'r="3" stroke-opacity="0.4"')
BODIES = {
    "plain": f'<p id="one">{LONG}</p><p class="first" style="--ink: #900">{LONG}</p><p class="first">{LONG}</p>',
    "other-id": f'<p id="two">{LONG}</p><p class="second" style="--ink: #090">{LONG}</p><a id="x" href="#two">ici</a>',
    "floats": f'<div class="by">{LONG}<span class="placed">x</span></div><p>{LONG}</p><p class="moved">{LONG}</p>',
    "lists": '<ul><li class="a">un<li class="b">deux</ul><ol lang="ar" dir="rtl"><li>واحد<li>اثنان</ol>',
    "table": "<table><tr><td>a<td>b<tr><td colspan=2>c</table>",
    "words": f'<p class="caps">Écrits <a href="https://example.org">en 1914</a></p><p lang="en">{LONG}</p>',
    "cut": f'<p class="cut">{LONG}</p><div class="two">{LONG}</div>',
    "cut-again": f'<div class="columns"><div class="two">{LONG}</div><p class="cut">{LONG}</p></div>'
    f'<div class="two">{LONG} un mot</div><div class="two">{LONG[:-9]}</div>',
    "ends": f'<p class="just">{LONG}<br>{LONG}</p><p class="pre">a\nb\n\nc</p>',
    "notes": f'<p>{LONG}<span class="note">une note</span></p>',
    "drawing": f"<p>{DRAWING}{DRAWING}</p>",
    "plain-drawing": f"<p>{PLAIN}{PLAIN}{SEEN}{PLAIN.replace('20', '30')}</p>",
    "two-drawings": f"<p>{SEEN}{PLAIN}{DRAWING}{PLAIN}</p>",
    "named-shapes": f"<p>{NAMED_SHAPES}{NAMED_SHAPES}{STYLED_SHAPES}</p>",
    "text-in-drawing": f"<p>{LETTERS}{LETTERS}</p>",
    "flex": f'<div class="flex"><div>{LONG}</div><div>deux</div>trois</div>',
    "grid": f'<div class="grid"><div>{LONG}</div>deux<i>trois</i></div>',
    "columns": f'<div class="columns">{LONG}<p>{LONG}</p></div><div class="columns">{LONG}</div>',
    "boxes": f'<div class="box">a</div><div class="box gone">b</div><div class="by shown">Un mot</div><p>{LONG}</p>',
    "named-pages": f'<div><div class="by">{LONG}</div><p {NAMED}>{LONG}</p></div><div><i>a</i><p>{LONG}</p></div>'
    f'<section><p {NAMED}>un</p><p>deux</p><div class="by" {NAMED}>trois</div></section>'
    f'<p {NAMED}>{LONG}</p><div><i class="by" {NAMED}>a</i><p>b</p></div><p {NAMED}>c</p>',
    "right-to-left": f'<div dir="rtl" class="box"><p>{LONG}</p><div class="by">واحد</div>اثنان</div>'
    '<p dir="rtl">ثلاثة</p>',
    "viewport": '<div class="half">a</div>',
    "viewport-wide": '<div class="wide"><div class="half">a</div></div>',
    "viewport-again": '<div class="half">a</div>',
}


def handmade(project: Project) -> list[Galley]:
    """Galleys with what the demonstration does not have."""
    own, wide = Stylesheet("own.css", CSS, None), Stylesheet("wide.css", WIDE, None)
    return [
        Galley(
            name,
            "own.yaml",
            f'<!DOCTYPE html><html lang="fr"><head><title>x</title></head><body class="part">{body}</body></html>',
            (own, wide) if "half" in body else (own,),
            project.catalogue,
            (project.catalogue,),
        )
        for name, body in BODIES.items()
    ]


def demonstration(project: Project) -> list[Galley]:
    """Furniture, every kind of part, and cards short and long."""
    catalogue, _ = read_catalogue(project)
    assert catalogue is not None
    edition = select(catalogue, "full")
    composer = Composer(project, edition, Layout(project, "forum"))
    few = {"card": CARDS, "partner": PARTNERS}
    planned = [part for part in composer.layout.flatplan(edition) if part.id in few.get(part.kind, {part.id})]
    pagination = paginate(planned, {part.anchor: ("any",) for part in planned}, 4)
    parts = pagination.parts
    return [*composer.furniture(pagination), *(composer.galley(part, pagination)[0] for part in parts)]


@pytest.fixture(scope="module")
def galleys(tmp_path_factory: pytest.TempPathFactory) -> Galleys:
    project = Project.at(ROOT, tmp_path_factory.mktemp("output"))
    own = handmade(project)
    return [*own, *demonstration(project), *own], project.fonts, forkserver.fonts_conf(project)


def typeset(galleys: Galleys, folder: Path, engine: str = "", left_out: str = "", **limits: int) -> dict[str, Any]:
    """What a fresh process makes of them: with an engine of another version, without some groups, within limits."""
    made, fonts, conf = galleys
    packed = folder / "galleys.pickle"
    packed.write_bytes(pickle.dumps((made, fonts, engine, limits)))
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(packed)],
        env={"FONTCONFIG_FILE": str(conf), "LIVRET_NO_PATCHES": left_out},
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.returncode, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


@pytest.fixture(scope="module")
def plain(galleys: Galleys, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Typeset without any replacement that is only for speed."""
    return typeset(galleys, tmp_path_factory.mktemp("plain"), left_out="1")


def test_the_engine_is_loaded_without_another_program() -> None:
    """Its search for libraries would start ldconfig, gcc and ld some fifty times."""
    code = """
import sys
def refuse(event, arguments):
    if event in {"subprocess.Popen", "os.fork", "os.posix_spawn", "os.system"}: sys.exit(f"{event} {arguments}")
sys.addaudithook(refuse)
from livret.pages.engine import typeset
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_pillow_fills_no_picture_that_is_cut_short_when_the_engine_is_loaded() -> None:
    code = "from livret.pages.engine import typeset; from PIL import ImageFile; print(ImageFile.LOAD_TRUNCATED_IMAGES)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout == "False\n"


def test_the_installed_engine_is_one_that_replacements_are_for() -> None:
    from livret.pages.engine import patches

    assert version("weasyprint") in patches.VERSIONS


def test_pages_and_facts_are_those_of_the_engine_alone(galleys: Galleys, plain: dict[str, Any], tmp_path: Path) -> None:
    assert (plain["styles"][-1], plain["drawings"], plain["lines"]) == (0, 0, 0), "nothing was replaced"
    told = typeset(galleys, tmp_path)
    assert told["drawings"] > 0
    assert told["lines"] > 0
    plain_ones = len(BODIES) - 3
    assert told["styles"][-4] == told["styles"][-4 - plain_ones], "styles were taken from before"
    for (anchor, *expected), (_, *found) in zip(plain["made"], told["made"], strict=True):
        assert found == expected, anchor


def test_a_drawing_whose_shapes_have_classes_is_kept_where_no_style_names_them(
    galleys: Galleys, tmp_path: Path
) -> None:
    made, fonts, conf = galleys
    alone = next(galley for galley in made if galley.anchor == "named-shapes")
    assert typeset(([alone], fonts, conf), tmp_path)["drawings"] == 1


def test_what_is_kept_is_limited_and_pages_stay_the_same(
    galleys: Galleys, plain: dict[str, Any], tmp_path: Path
) -> None:
    made, fonts, conf = galleys
    own = 2 * len(BODIES)
    told = typeset((made[-own:], fonts, conf), tmp_path, STYLES=200, DRAWINGS=3, LINES=20)
    grown = max(after - before for before, after in zip(told["styles"], told["styles"][1:], strict=False))
    assert max(told["styles"]) <= 200 + grown
    assert told["drawings"] <= 3
    assert told["lines"] <= 20
    assert told["made"] == plain["made"][-own:]


def test_a_named_group_is_left_out_alone(galleys: Galleys, plain: dict[str, Any], tmp_path: Path) -> None:
    made, fonts, conf = galleys
    own = len(BODIES)
    told = typeset((made[-own:], fonts, conf), tmp_path, left_out="styles,lines")
    assert told["styles"][-1] == 0
    assert told["drawings"] > 0
    assert told["made"] == plain["made"][-own:]


def test_an_engine_of_another_version_typesets_and_says_once_what_is_lacking(galleys: Galleys, tmp_path: Path) -> None:
    made, fonts, conf = galleys
    told = typeset((made[:3], fonts, conf), tmp_path, engine="99.1")
    assert (told["styles"][-1], told["drawings"]) == (0, 0), "nothing is replaced"
    found = [
        [finding for finding in json.loads(facts)[0]["findings"] if finding["rule"] == "engine-version"]
        for _, _, facts in told["made"]
    ]
    assert found[0] == found[1] == found[2], "the report tells equal findings once"
    slower, lacking = found[0]
    assert (slower["severity"], lacking["severity"]) == ("note", "warning")
    # The store keeps what a message says and its values, so that each reader is told in her language.
    assert slower["message"]["values"] == {"engine": "WeasyPrint 99.1"}
    assert "twice as long" in slower["message"]["template"]
    assert "screen readers" in lacking["message"]["template"]
    assert slower["file"] is None


def test_workers_parse_and_import_nothing_that_their_parent_could_have(galleys: Galleys, tmp_path: Path) -> None:
    made, fonts, conf = galleys
    packed = tmp_path / "galleys.pickle"
    packed.write_bytes(pickle.dumps((made[: -len(BODIES)], fonts)))
    program = """
import pickle, sys
from livret.pages.engine import typeset
typeset.prepare()
from weasyprint.text.ffi import ffi
asked = []
parse = ffi._parser.parse_type
ffi._parser.parse_type = lambda name: asked.append(name) or parse(name)
galleys, fonts = pickle.load(open(sys.argv[1], "rb"))
before = set(sys.modules)
for galley in galleys:
    typeset.typeset(galley, fonts)
print(*asked, *sorted(name for name in set(sys.modules) - before if name.startswith(("livret.", "PIL."))), sep=", ")
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(packed)],
        env={"FONTCONFIG_FILE": str(conf)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == ""


def test_what_is_prepared_before_workers_are_forked_uses_no_pango() -> None:
    program = """
import sys
from weasyprint.text import ffi as libraries
from livret.pages.engine import typeset
class Untouchable:
    def __init__(self, library): self._library = library
    def __dir__(self): return dir(self._library)
    def __getattr__(self, name):
        found = getattr(self._library, name)
        if not callable(found): return found
        return lambda *given: sys.exit(f"{name} was called")
typeset.pango = Untouchable(libraries.pango)
typeset.prepare()
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
