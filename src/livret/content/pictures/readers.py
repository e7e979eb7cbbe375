"""What decides how a picture is read, beside the picture: the libraries, and the code here. It loads none of them."""

from __future__ import annotations

from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from livret.project import code_digest, digest

_PACKAGES = ("pillow", "pillow-heif")


@lru_cache(maxsize=1)
def readers_digest() -> str:
    """A digest of all that decodes and converts pictures."""
    found = []
    for package in _PACKAGES:
        try:
            found.append(version(package))
        except PackageNotFoundError:
            found.append("none")
    return digest(*found, code_digest(Path(__file__).parent))
