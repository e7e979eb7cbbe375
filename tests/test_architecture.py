"""The house rules, read from the imports: packages import only packages above them, and each library has one home."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from conftest import CatalogueFolder

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "livret"
LINES = 400

# From the ground up; a package may import those before it and itself.
PACKAGES = (
    "translation",
    "findings",
    "interruption",
    "measure",
    "project",
    "content",
    "pages",
    "starter",
    "web",
    "book",
    "control",
    "pipeline",
    "proofroom",
    "cli",
)
# Inside a package, subpackages and files in tiers: each may import those of tiers before its own, nothing beside it.
TIERS = {
    "content": (
        ("messages", "language_tags", "font_files", "missing_glyphs", "contrast"),
        ("language_names",),
        ("territories",),
        ("yaml",),
        ("schema",),
        ("language",),
        ("press", "pictures"),
        ("catalogue",),
        ("editing",),
    ),
    "pages": (
        ("structure_tree", "flatplan"),
        ("pagination",),
        ("galley", "palette"),
        ("layout_file",),
        ("layout",),
        ("compose", "engine"),
        ("pool",),
    ),
    "book": (("plan", "saving"), ("subset_tag", "xmp"), ("binding", "separation", "pressfile"), ("plates",)),
}
# Not packages: the version, and the door of `python -m livret`.
DOORS = {"": (), "__main__": ("cli",)}
STANDARD_ONLY = ("findings", "interruption", "measure", "project")

# The modules, or packages, that may import each library; every library that the package imports stands here.
HOMES = {
    "anyascii": ("content.schema.validators",),
    "babel": ("translation", "pages.compose.dates_by_language"),
    "click": ("cli",),
    "dask": ("pages.pool.cluster",),
    "distributed": ("pages.pool.cluster", "pages.pool.cluster_worker"),
    "email_validator": ("content.schema.contacts",),
    "cssselect2": ("content.pictures.drawing_styles",),
    "fontTools": (
        "content.font_files",
        "pages.engine",
        "web.fonts",
        "book.pressfile.slug",
        "control.preflight.print.font_programs",
    ),
    "jinja2": ("pages.compose.templates",),
    "markdown_it": ("content.language.markdown", "content.language.commonmark"),
    "markupsafe": ("pages.compose", "web.compose"),
    "phonenumbers": ("content.schema.contacts",),
    "PIL": (
        "content.pictures",
        "pages.engine",
        "book.separation",
        "control.raster",
        "control.page_pictures",
        "control.comparison",
        "control.preflight.print",
        "web.assets",
    ),
    "pikepdf": ("content.pictures.jpeg_data", "book", "control.answers"),
    "pillow_heif": ("content.pictures.raster",),
    "pydantic": ("content", "pages.palette", "pages.layout", "pages.layout_file", "web.layout"),
    "pypdf": ("control.preflight",),
    "pypdfium2": (
        "control.raster",
        "control.page_pictures",
        "control.comparison",
        "control.completeness",
        "control.printed_text",
        "control.answers",
        "control.field_places",
    ),
    "h11": ("proofroom.server",),
    "icu": ("content.language.collation",),
    "pyuca": ("content.language.collation",),
    "resvg_py": ("content.pictures.drawing_pixels",),
    "segno": ("pages.compose.drawings",),
    "starlette": ("proofroom",),
    "stdnum": ("content.schema.isbn",),
    "pydyf": ("pages.engine",),
    "tinycss2": ("content.pictures", "pages.compose.stylesheet_syntax"),
    "uvicorn": ("proofroom.server",),
    "watchfiles": ("pipeline.watch", "proofroom.watcher"),
    "weasyprint": ("pages.engine",),
    "yaml": ("content.yaml.reader", "content.yaml.spans"),
}


@dataclass(frozen=True)
class Import:
    """A module of the package, without `livret.`, what it imports, in full, and where."""

    importer: str
    imported: str
    line: int


def imports(package: Path) -> Iterator[Import]:
    """Every import below a folder, those inside functions too."""
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package).with_suffix("").parts
        module = ".".join(part for part in parts if part != "__init__")
        folder = parts[:-1]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                above = ("livret", *folder)[: len(folder) + 2 - node.level] if node.level else ()
                start = ".".join((*above, *([node.module] if node.module else [])))
                names = [f"{start}.{alias.name}" for alias in node.names]
            else:
                continue
            yield from (Import(module, name, node.lineno) for name in names)


def faults(root: Path) -> list[str]:
    """What in a package goes against the packages and the homes."""
    found = []
    for one in imports(root):
        told = f"{one.importer or '__init__'}:{one.line} imports {one.imported}"
        library, _, rest = one.imported.partition(".")
        package = one.importer.partition(".")[0]
        if library == "livret":
            other = rest.partition(".")[0]
            if other == "__version__":
                continue
            if other not in PACKAGES:
                found.append(f"{told}: not a package")
            elif package in DOORS:
                if other not in DOORS[package]:
                    found.append(f"{told}: not through this door")
            elif package not in PACKAGES:
                found.append(f"{told}: {package} is not a package")
            elif PACKAGES.index(other) > PACKAGES.index(package):
                found.append(f"{told}: below it")
            elif other == package in TIERS and (fault := _out_of_order(package, one.importer, rest)):
                found.append(f"{told}: {fault}")
        elif library not in sys.stdlib_module_names:
            homes = HOMES.get(library)
            if homes is None:
                found.append(f"{told}: no home is named for it")
            elif not any(one.importer == home or one.importer.startswith(f"{home}.") for home in homes):
                found.append(f"{told}: its home is {', '.join(homes)}")
            if package in STANDARD_ONLY:
                found.append(f"{told}: only the standard library here")
    return found


def _out_of_order(package: str, importer: str, imported: str) -> str:
    """What is wrong with one import inside a package; empty when nothing is. Both are named without `livret.`"""
    tier = {name: number for number, names in enumerate(TIERS[package]) for name in names}
    mine, theirs = (f"{name}.".split(".")[1] for name in (importer, imported))
    for name in filter(None, (mine, theirs)):
        if name not in tier:
            return f"{package}/{name} has no tier"
    if not mine or not theirs or mine == theirs or tier[theirs] < tier[mine]:
        return ""
    return f"{package}/{theirs} is {'beside' if tier[mine] == tier[theirs] else 'below'} {package}/{mine}"


def test_rooms_and_homes_are_kept() -> None:
    assert faults(PACKAGE) == []


def test_the_checker_sees_the_package() -> None:
    seen = {(one.importer, one.imported) for one in imports(PACKAGE)}
    assert ("pages.engine.typeset", "weasyprint") in seen
    assert ("cli.build", "livret.pipeline") in seen, "imports inside functions count"
    assert {one.importer.partition(".")[0] for one in imports(PACKAGE)} >= set(PACKAGES) - {"measure"}


@pytest.mark.parametrize(
    ("module", "line", "told"),
    [
        ("findings", "import livret.project", "below it"),
        ("findings", "import yaml", "only the standard library"),
        ("content/schema/model", "from livret.pages import flatplan", "below it"),
        ("content/schema/model", "from livret import pipeline", "below it"),
        ("content/schema/model", "from ...pages.flatplan import select", "below it"),
        ("pages/pool/store", "def f() -> None:\n    from livret.book.binding.bind import bind", "below it"),
        ("pipeline", "from livret.cli import main", "below it"),
        ("pipeline", "import click", "its home is cli"),
        (
            "content/catalogue/reader",
            "from yaml import safe_load",
            "its home is content.yaml.reader, content.yaml.spans",
        ),
        ("pages/layout", "from jinja2.sandbox import SandboxedEnvironment", "its home is pages.compose.templates"),
        ("pages/pool/pressroom", "import weasyprint", "its home is pages.engine"),
        ("control/raster", "import pypdf", "its home is control.preflight"),
        ("book/binding/bind", "import pypdfium2", "its home is control.raster"),
        (
            "pages/compose/composer",
            "import pydantic",
            "its home is content, pages.palette, pages.layout, pages.layout_file, web.layout",
        ),
        ("book/binding/bind", "import borb", "no home"),
        (
            "content/yaml/reader",
            "from livret.content.schema.model import Model",
            "content/schema is below",
        ),
        ("pages/engine/typeset", "from livret.pages.compose import drawings", "pages/compose is beside pages/engine"),
        ("book/pressfile/marks", "from livret.book.binding import bind", "book/binding is beside book/pressfile"),
        ("book/binding/bind", "from livret.book.vault import bind", "book/vault has no tier"),
        ("attic", "from livret.findings import error", "attic is not a package"),
        ("content/schema/model", "from livret.attic import box", "not a package"),
        ("__main__", "from livret.pipeline import build", "not through this door"),
    ],
)
def test_the_checker_catches_a_planted_fault(tmp_path: Path, module: str, line: str, told: str) -> None:
    path = tmp_path / f"{module}.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("import re\nfrom typing import Any\n")
    assert not any(told in fault for fault in faults(tmp_path))
    path.write_text(path.read_text() + line + "\n")
    assert any(told in fault for fault in faults(tmp_path)), faults(tmp_path)


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_file_is_too_long_to_read(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LINES


# --- the page that describes all this ---

TOP = PACKAGE.parents[1]
PAGE = (TOP / "ARCHITECTURE.md").read_text(encoding="utf-8")
# Neither described nor missed: the doors, and what tools leave behind.
UNTOLD = frozenset({"__init__.py", "__main__.py", "__pycache__", "py.typed"})


def told_tree(page: str) -> set[str]:
    """The files and folders that the first listing of the page's tree names, by their paths below src/livret."""
    listing = page.split("## The tree")[1].split("Around it:")[0]
    found, above = set(), [""]
    for indent, name in re.findall(r"^    ( *)([\w./]+)(?:  .*)?$", listing, re.MULTILINE):
        depth = len(indent) // 2
        if depth:
            path = above[depth - 1] + name
            found.add(path.rstrip("/"))
            above[depth:] = [path]
    return found


def test_the_page_names_every_file_and_folder_and_no_other() -> None:
    paths = [path for path in PACKAGE.rglob("*") if not UNTOLD & set(path.relative_to(PACKAGE).parts)]
    assert told_tree(PAGE) == {path.relative_to(PACKAGE).as_posix() for path in paths}


def test_the_page_names_every_folder_of_the_top() -> None:
    told = set(re.findall(r"^    ([\w.]+)/ ", PAGE.split("Around it:")[1].split("## ")[0], re.MULTILINE))
    tracked = subprocess.run(["git", "ls-files"], cwd=TOP, capture_output=True, text=True, check=True).stdout.split()
    folders = {path.partition("/")[0] for path in tracked if "/" in path}
    assert told == folders - {"src", ".githooks"}


def test_the_page_tells_the_order_of_imports_as_it_is_tested() -> None:
    rows = re.findall(r"^\| `(\w+)` \|(.*) \|$", PAGE.split("## Imports")[1].split("One third-party")[0], re.MULTILINE)
    assert [package for package, _ in rows] == list(PACKAGES)
    inside = {package: [set(re.findall(r"`(\w+)`", tier)) for tier in order.split("<")] for package, order in rows}
    assert {package: tiers for package, tiers in inside.items() if tiers != [set()]} == {
        package: [set(names) for names in tiers] for package, tiers in TIERS.items()
    }


def test_the_page_tells_the_home_of_every_library() -> None:
    rows = re.findall(r"^\| (\w+) \| (`.*`) \|$", PAGE.split("| Library | Home |")[1].split("##")[0], re.MULTILINE)
    assert {library: tuple(re.findall(r"`([\w.]+)`", homes)) for library, homes in rows} == HOMES


def test_a_class_name_stands_once_in_the_tree() -> None:
    found: dict[str, list[str]] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                found.setdefault(node.name.lstrip("_"), []).append(f"{path.relative_to(PACKAGE)}:{node.lineno}")
    assert {name: places for name, places in found.items() if len(places) > 1} == {}


# --- what is loaded when ---

LOADED = """
import sys
from livret.cli import main
try:
    main({arguments!r})
except SystemExit as end:
    assert not end.code, end.code
print(*sorted(name for name in sys.modules if "." not in name), file=sys.stderr)
"""


def loaded(folder: CatalogueFolder, *arguments: str) -> set[str]:
    """The packages that a command has loaded when it ends."""
    code = LOADED.format(arguments=["-C", str(folder.root), *arguments])
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return set(done.stderr.splitlines()[-1].split())


def test_a_build_with_nothing_to_do_loads_neither_the_engine_nor_pikepdf(catalogue_folder: CatalogueFolder) -> None:
    first = loaded(catalogue_folder, "build")
    assert not first & {"weasyprint", "cffi", "pikepdf"}, "workers typeset and bind"
    (catalogue_folder.project.output / "full" / "full-screen.pdf").unlink()
    assert "pikepdf" in loaded(catalogue_folder, "build"), "binding alone is not worth a worker"
    again = loaded(catalogue_folder, "build")
    assert not again & {"weasyprint", "cffi", "fontTools", "PIL", "pikepdf", "pypdf", "pypdfium2"}


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("build", "--help")])
def test_help_loads_nothing_but_click(catalogue_folder: CatalogueFolder, arguments: tuple[str, ...]) -> None:
    assert not loaded(catalogue_folder, *arguments) & set(HOMES) - {"click"}


def test_a_check_loads_no_engine(catalogue_folder: CatalogueFolder) -> None:
    assert not loaded(catalogue_folder, "check") & {"weasyprint", "cffi", "PIL", "pikepdf", "pypdf", "pypdfium2"}


def test_a_picture_is_decoded_once_where_something_was_built(catalogue_folder: CatalogueFolder) -> None:
    catalogue_folder.write("images/photo.gif", b"GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\1\0\1\0\0\2\2D\1\0;")
    catalogue_folder.change("initiatives/aajt.yaml", "images/atelier.svg", "images/photo.gif")
    assert "PIL" in loaded(catalogue_folder, "check")
    assert not catalogue_folder.project.output.exists(), "nothing is written where nothing was built"
    (catalogue_folder.project.output / ".store").mkdir(parents=True)
    assert "PIL" in loaded(catalogue_folder, "check")
    assert "PIL" not in loaded(catalogue_folder, "check")
