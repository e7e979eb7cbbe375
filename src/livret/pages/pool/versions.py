"""What can change a byte of a fragment, besides its galley: versions of programs, libraries and of Livret's own code.

There is one list. The store puts it into its keys, and a cluster's workers must have the same one. It loads no engine.
"""

from __future__ import annotations

import ctypes
import os
import platform
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Final

from livret import __version__
from livret.project import code_digest, digest, file_digest, installed

# Pairs of a name and a version, as a finding shows them.
Versions = tuple[tuple[str, str], ...]

# WeasyPrint, and every package that it needs, and resvg, which draws what it cannot. A test compares the list with what
# the packages themselves declare.
PACKAGES: Final = (
    "weasyprint",
    "brotli",
    "cffi",
    "cssselect2",
    "fonttools",
    "pillow",
    "pydyf",
    "pyphen",
    "resvg-py",
    "tinycss2",
    "tinyhtml5",
    "webencodings",
    "zopfli",
)

# The files and folders of Livret's code that run while a galley is typeset, from the folder of the package. A test
# compares the list with what a worker has loaded.
CODE: Final = (
    "findings.py",
    "measure.py",
    "project.py",
    "translation.py",
    "content/font_files.py",
    "content/language/headings.py",
    "content/messages.py",
    "content/missing_glyphs.py",
    "content/pictures",
    "pages/galley.py",
    "pages/structure_tree.py",
    "pages/engine",
)

# The same for what is made of fragments: plates, books, press files and their contact sheets.
BOOK_PACKAGES: Final = ("pikepdf", "pillow", "fonttools", "pypdfium2")
BOOK_CODE: Final = (
    "measure.py",
    "project.py",
    "content/pictures",
    "pages/structure_tree.py",
    "book",
    "control/raster.py",
)


def book_digest() -> str:
    """A digest of all that can change a byte of what is made of fragments, besides the fragments."""
    package = Path(__file__).parents[2]
    return digest(
        __version__, code_digest(*(package / place for place in BOOK_CODE)), *map(package_version, BOOK_PACKAGES)
    )


def versions() -> Versions:
    """Name and version of all that can change a byte of a fragment."""
    package = Path(__file__).parents[2]
    code = code_digest(*(package / place for place in CODE))
    return (
        ("Livret", f"{__version__} ({code[:12]})"),
        ("Python", f"{platform.python_version()} on {platform.machine()}"),
        ("zlib", zlib.ZLIB_RUNTIME_VERSION),
        *((name, package_version(name)) for name in PACKAGES),
        # Without it, pictures in HEIC are refused.
        ("pillow-heif", package_version("pillow-heif")),
        # The profile of inks that have none.
        ("FOGRA39L", file_digest(installed("press") / "FOGRA39L_coated.icc")[:12]),
        *system_versions(),
    )


def surroundings() -> Iterator[str]:
    """Whatever may change a byte of anything: Python, and all packages that are installed."""
    yield sys.version
    for folder in dict.fromkeys(sys.path):
        with suppress(OSError):
            yield from sorted(name for name in os.listdir(folder) if name.endswith((".dist-info", ".egg-info")))


def system_versions() -> Versions:
    """Name and version of the libraries of the system that typeset."""
    return (
        ("Pango", _text(_library("pango-1.0"), "pango_version_string")),
        ("HarfBuzz", _text(_library("harfbuzz"), "hb_version_string")),
        ("Fontconfig", _number(_library("fontconfig", 1), "FcGetVersion")),
    )


# What is loaded does not change while a process runs.
@cache
def package_version(name: str) -> str:
    """The version of an installed package, read from a file of its own; "none" where it is not installed."""
    # Imported when it is used: a command in which nothing changed does not ask.
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(name)
    except PackageNotFoundError:
        # Python implementations differ in the packages they need: PyPy has brotlicffi, not brotli.
        return "none"


def _library(name: str, number: int = 0) -> ctypes.CDLL | None:
    """A library of the system by the names that WeasyPrint looks for; None when it is not there."""
    for file in (f"lib{name}.so.{number}", f"lib{name}.{number}.dylib", f"lib{name}.dylib"):
        with suppress(OSError):
            return ctypes.CDLL(file)
    return None


def _text(library: ctypes.CDLL | None, function: str) -> str:
    if library is None:
        return "none"
    asked: Callable[[], bytes] = getattr(library, function)
    asked.restype = ctypes.c_char_p  # type: ignore[attr-defined]
    return asked().decode()


def _number(library: ctypes.CDLL | None, function: str) -> str:
    return "none" if library is None else str(getattr(library, function)())
