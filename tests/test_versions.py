"""The list of all that can change a byte of a fragment, by which the store and the cluster know what may be used."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.metadata import requires
from pathlib import Path

import livret
from livret.pages.pool import versions as module
from livret.pages.pool.versions import CODE, PACKAGES, versions

PACKAGE = Path(livret.__file__).parent


def needed(name: str, extras: frozenset[str] = frozenset()) -> set[str]:
    """The packages that a package needs when it runs, and those that these need."""
    found = {name}
    for line in requires(name) or ():
        declared, _, marker = line.partition(";")
        if "PyPy" in marker or '!= "CPython"' in marker:
            continue
        if "extra ==" in marker and not any(f'extra == "{extra}"' in marker for extra in extras):
            continue
        if match := re.match(r"([\w.-]+)(?:\[([\w,]+)\])?", declared):
            found |= needed(match[1].casefold(), frozenset((match[2] or "").split(",")))
    return found


def test_every_package_that_the_engine_needs_is_listed() -> None:
    # These read C declarations before anything is typeset.
    assert set(PACKAGES) == needed("weasyprint") - {"pycparser"} | {"resvg-py"}


def test_all_code_that_a_worker_has_loaded_is_listed() -> None:
    code = (
        "import sys, livret.pages.engine.typeset\n"
        "print(*(m.__file__ for n, m in sys.modules.items() if n.startswith('livret') and m.__file__), sep='\\n')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    loaded = [Path(line) for line in done.stdout.splitlines()]
    assert PACKAGE / "pages" / "engine" / "typeset.py" in loaded
    listed = [PACKAGE / place for place in CODE]
    assert all(path.exists() for path in listed)
    others = [
        path.relative_to(PACKAGE).as_posix()
        for path in loaded
        if not any(path.is_relative_to(place) for place in listed) and path.name != "__init__.py"
    ]
    assert others == []


def test_the_systems_libraries_are_told_without_the_engine() -> None:
    code = (
        "import sys; from livret.pages.pool.versions import versions; v = dict(versions());"
        "print(v['Pango'], v['HarfBuzz'], v['Fontconfig'], 'weasyprint' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    assert re.fullmatch(r"1\.\d+\.\d+ \d+\.\d+\.\d+ 2\d{4} False\n", done.stdout)


def test_a_library_that_is_not_there_has_no_version() -> None:
    assert module._text(module._library("no-such-library"), "version") == "none"
    assert module._number(module._library("no-such-library"), "version") == "none"


def test_each_name_is_there_once() -> None:
    names = [name for name, _ in versions()]
    assert len(names) == len(set(names))
    assert {"Livret", "Python", "zlib", "weasyprint", "tinycss2", "tinyhtml5", "cssselect2"} <= set(names)
