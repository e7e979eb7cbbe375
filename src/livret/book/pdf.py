"""Small makers of PDF objects, for the modules of this room."""

from __future__ import annotations

from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    PdfObject,
    StreamObject,
)


def name(text: str) -> NameObject:
    """A name, given with its slash."""
    return NameObject(text)


def numbers(*values: float) -> ArrayObject:
    """An array of numbers, to a ten-thousandth of a point."""
    return ArrayObject([FloatObject(round(value, 4)) for value in values])


def dictionary(**entries: PdfObject) -> DictionaryObject:
    """A dictionary; keys are given without their slash."""
    return DictionaryObject({name(f"/{key}"): value for key, value in entries.items()})


def entries(value: PdfObject | None) -> DictionaryObject:
    """A dictionary, also behind a reference."""
    found = value.get_object() if value is not None else None
    assert isinstance(found, DictionaryObject)
    return found


def stream(data: bytes) -> StreamObject:
    """An uncompressed stream."""
    made = StreamObject()
    made._data = data
    return made
