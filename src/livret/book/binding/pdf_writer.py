"""Writes a PDF from start to end. Written objects are not kept, so a book of any size needs little memory."""

from __future__ import annotations

import hashlib
import sys
import zlib
from array import array as machine_array
from typing import IO

from livret.book.binding.pdf_syntax import Reference, array, dictionary, text

# Objects in one object stream. To read one of them, a reader unpacks the whole stream (ISO 32000-1, 7.5.7).
TOGETHER = 200
# Kinds of rows in the cross-reference stream (7.5.8.3): free, at an offset, or in an object stream.
# A row has three columns of these many bytes, 8 in all.
FREE, PLACED, PACKED = 0, 1, 2
COLUMNS = (1, 5, 2)


class Writer:
    """Writes a PDF 1.7 into a file, each object as soon as it is complete.

    Objects are numbered in the order of reservation. Objects that are not streams go into object streams.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._length = 0
        self._digest = hashlib.sha256()
        # One row for each object, as in the cross-reference stream. Object 0 is always free, with generation 65535.
        self._rows = machine_array("Q", [0xFFFF])
        self._waiting: list[tuple[int, bytes]] = []
        self._shared: dict[bytes, Reference] = {}
        self._write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")

    def reserve(self) -> Reference:
        """Return a reference to an object that will be added later."""
        self._rows.append(_row(FREE))
        return Reference(b"%d 0 R" % (len(self._rows) - 1))

    def add(self, value: bytes, reference: Reference | None = None) -> Reference:
        """Write an object that is not a stream, given as bytes. Return the reference to it."""
        reference = reference or self.reserve()
        self._waiting.append((_number(reference), value))
        if len(self._waiting) == TOGETHER:
            self._pack()
        return reference

    def add_stream(self, data: bytes, entries: bytes = b"<<>>", reference: Reference | None = None) -> Reference:
        """Write a stream. Return the reference to it.

        `data` is written unchanged. `entries` is its dictionary, without the length.
        """
        reference = reference or self.reserve()
        self._rows[_number(reference)] = _row(PLACED, self._length)
        head = b"%d 0 obj\n%s/Length %d>>\nstream\n" % (_number(reference), entries.removesuffix(b">>"), len(data))
        self._write(head, data, b"\nendstream\nendobj\n")
        return reference

    def share(self, value: bytes, data: bytes | None = None) -> Reference:
        """Return the reference to an object, or to a stream if it has data. Equal ones are written only once."""
        told = hashlib.sha256(value)
        if data is not None:
            told.update(b" stream ")
            told.update(data)
        key = told.digest()
        if key not in self._shared:
            self._shared[key] = self.add(value) if data is None else self.add_stream(data, value)
        return self._shared[key]

    def close(self, root: Reference, info: Reference) -> None:
        """Write the cross-reference stream and the end of the PDF. The file object stays open.

        /ID (ISO 32000-1, 14.4) is the digest of all objects, so that it depends only on the content.
        """
        if self._waiting:
            self._pack()
        missing = self._rows.count(_row(FREE))
        assert not missing, f"{missing} objects were promised and never written"
        start = self._length
        own = self.reserve()
        self._rows[_number(own)] = _row(PLACED, start)
        rows = self._rows[:]
        if sys.byteorder == "little":
            rows.byteswap()
        entries = dictionary(
            Type=b"/XRef",
            Size=b"%d" % len(rows),
            W=array(b"%d" % column for column in COLUMNS),
            Root=root,
            Info=info,
            ID=array([text(self._digest.digest()[:16])] * 2),
            Filter=b"/FlateDecode",
        )
        self.add_stream(zlib.compress(rows.tobytes()), entries, own)
        self._write(b"startxref\n%d\n%%%%EOF\n" % start)

    def _pack(self) -> None:
        """Write the waiting objects as an object stream: first their numbers and offsets, then the objects."""
        holder = self.reserve()
        offset, head = 0, []
        for index, (number, value) in enumerate(self._waiting):
            head.append(b"%d %d" % (number, offset))
            self._rows[number] = _row(PACKED, _number(holder), index)
            offset += len(value) + 1
        first = b" ".join(head) + b"\n"
        body = b"\n".join(value for _, value in self._waiting)
        count = b"%d" % len(self._waiting)
        entries = dictionary(Type=b"/ObjStm", N=count, First=b"%d" % len(first), Filter=b"/FlateDecode")
        self._waiting.clear()
        self.add_stream(zlib.compress(first + body), entries, holder)

    def _write(self, *pieces: bytes) -> None:
        for piece in pieces:
            self._file.write(piece)
            self._digest.update(piece)
            self._length += len(piece)


def _number(reference: Reference) -> int:
    return int(reference.removesuffix(b" 0 R"))


def _row(kind: int, place: int = 0, index: int = 0) -> int:
    """Return a row of the cross-reference stream as one number of 8 bytes."""
    return (kind << 56) | (place << 16) | index
