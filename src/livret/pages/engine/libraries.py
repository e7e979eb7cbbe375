"""Loads WeasyPrint; on Linux without the search for libraries that starts some fifty programs.

WeasyPrint asks for each library by its names on different systems. For a name that the system does not know, cffi calls
`ctypes.util.find_library`, which starts ldconfig, gcc and ld.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import sys

# The names of the libraries on Linux, which WeasyPrint asks for too.
LIBRARIES = (
    "libgobject-2.0.so.0",
    "libpango-1.0.so.0",
    "libpangoft2-1.0.so.0",
    "libharfbuzz.so.0",
    "libharfbuzz-subset.so.0",
    "libfontconfig.so.1",
)


def load() -> None:
    """Import WeasyPrint. Raises OSError when a library is missing."""
    search = ctypes.util.find_library
    if _system_knows_all():
        # Then a search for the other names is in vain.
        ctypes.util.find_library = _nothing
    try:
        import weasyprint  # noqa: F401
    finally:
        ctypes.util.find_library = search


def _system_knows_all() -> bool:
    """Whether the loader of the system finds each library by its name."""
    if sys.platform != "linux":
        return False
    try:
        for name in LIBRARIES:
            ctypes.CDLL(name)
    except OSError:
        return False
    return True


def _nothing(name: str) -> None:
    """What `find_library` answers when it finds nothing."""
