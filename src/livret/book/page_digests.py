"""Names for the pages of a PDF by all that their text depends on: two pages of one name show the same text."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pikepdf

from livret.project import digest

# What a page takes from its own dictionary. Links and tags draw nothing.
_DRAWN = ("/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Contents", "/Resources")
# What a page of a press file draws: the page of the book, as one form.
_ARTWORK = "/Artwork"
_AROUND = ("/MediaBox", "/BleedBox", "/TrimBox", "/Group")
_REFERENCE = re.compile(rb"(\d+) (\d+) R\b")


def page_digests(pdf: Path) -> tuple[str, ...]:
    """A digest of each page: its content, and the fonts, forms and pictures that it names, down to their bytes.

    The numbers of objects do not count: they are others in each file.
    """
    with pikepdf.open(pdf) as document:
        read = _Objects(document)
        return tuple(read.page(page.obj) for page in document.pages)


class _Objects:
    """The digests of the objects of a document, each worked out once."""

    def __init__(self, document: pikepdf.Pdf) -> None:
        self._document = document
        self._known: dict[tuple[int, int], str] = {}

    def page(self, page: pikepdf.Object) -> str:
        """The digest of what a page draws."""
        forms = page.get("/Resources", pikepdf.Dictionary()).get("/XObject", pikepdf.Dictionary())
        if _ARTWORK not in forms:
            return digest(*(self.of(page[name]) for name in _DRAWN if name in page))
        # The slug line of a press file is another in each file, and stands outside the page.
        content, slug, _ = page.Contents.read_bytes().partition(b"\nBT ")
        return digest(content, slug, self.of(forms), *(self.of(page[name]) for name in _AROUND if name in page))

    def of(self, one: Any) -> str:
        """The digest of an object and of all that it refers to."""
        if not isinstance(one, pikepdf.Object):
            return digest(repr(one))
        return self._numbered(one.objgen) if one.is_indirect else self._written(one)

    def _numbered(self, number: tuple[int, int]) -> str:
        if number not in self._known:
            # An object that leads back to itself.
            self._known[number] = "within"
            self._known[number] = self._written(self._document.get_object(number))
        return self._known[number]

    def _written(self, one: pikepdf.Object) -> str:
        if isinstance(one, pikepdf.Stream):
            return digest(self._entries(one.stream_dict), one.read_raw_bytes())
        return digest(self._entries(one))

    def _entries(self, one: pikepdf.Object) -> bytes:
        """An object as it is written, with the digest of each other one in place of its number."""
        return _REFERENCE.sub(
            lambda found: self._numbered((int(found[1]), int(found[2]))).encode(), one.unparse(resolved=True)
        )
