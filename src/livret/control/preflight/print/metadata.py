"""What a file says of itself: version, Info, XMP metadata and identity (ISO 15930-7, 6.1, 6.10 and 6.11)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Final
from xml.parsers import expat

from livret.control.preflight.pdf_objects import Pdf, data, entry, is_dictionary, members, name, raw, resolve, text
from livret.control.preflight.print.breach import Breach
from livret.translation import say

_XML: Final = "http://www.w3.org/XML/1998/namespace"
_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
PDFX = "http://www.npes.org/pdfx/ns/id/ GTS_PDFXVersion"
TITLE = "http://purl.org/dc/elements/1.1/ title"
TRAPPED = "http://ns.adobe.com/pdf/1.3/ Trapped"
_DATES = {
    "CreationDate": "http://ns.adobe.com/xap/1.0/ CreateDate",
    "ModDate": "http://ns.adobe.com/xap/1.0/ ModifyDate",
}
_IDENTITY = {name: f"http://ns.adobe.com/xap/1.0/mm/ {name}" for name in ("DocumentID", "VersionID", "RenditionClass")}
_PDF_DATE = re.compile(r"D?:?(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:(Z)|([+-])(\d\d)'?(\d\d)?'?)?.*")
_XMP_DATE = re.compile(
    r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?)?(?:(Z)|([+-])(\d\d):?(\d\d))?"
)
_LANGUAGE = re.compile("\x1b[A-Za-z]{2,4}\x1b")
# A packet that is longer than this is not read: it is no description of a booklet.
_LONGEST_PACKET = 4 << 20


class BadPacket(Exception):
    """The XMP metadata is not well-formed."""


def properties(packet: bytes) -> Mapping[str, str]:
    """The properties of an XMP packet, by "namespace name", each as text; of alternatives, x-default or the first.

    Raises BadPacket when it is no well-formed XML.
    """
    reader = _Packet()
    try:
        reader.parser.Parse(_decoded(packet), True)
    except (expat.ExpatError, ValueError, LookupError) as problem:
        raise BadPacket(str(problem)) from problem
    return reader.found


def _decoded(packet: bytes) -> str | bytes:
    """A packet for the XML reader, which knows UTF-16 only by a mark at the start. Most packets have none."""
    forms = (
        ("utf-32-be", b"\0\0\xfe\xff", b"\0\0\0<"),
        ("utf-32-le", b"\xff\xfe\0\0", b"<\0\0\0"),
        ("utf-16-be", b"\xfe\xff", b"\0<"),
        ("utf-16-le", b"\xff\xfe", b"<\0"),
    )
    for form, mark, start in forms:
        if packet.startswith((mark, start)):
            return packet.decode(form).strip("\ufeff\x00 \r\n\t")
    return packet.strip(b"\x00 \r\n\t")


class _Packet:
    """Collects the properties of a packet while its XML is read. Entities are not followed."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}
        self._stack: list[str] = []
        self._property: tuple[str, int] | None = None
        self._text: list[str] = []
        self._is_default = False
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text.append
        self.parser.EntityDeclHandler = self._refuse

    def _refuse(self, *declared: object) -> None:
        raise ValueError(say("the metadata declares entities"))

    def _start(self, tag: str, attributes: Mapping[str, str]) -> None:
        above = self._stack[-1] if self._stack else ""
        self._stack.append(tag)
        if tag == f"{_RDF} Description" and above in ("", f"{_RDF} RDF"):
            for key, value in attributes.items():
                if " " in key and not key.startswith((_RDF, _XML)):
                    self.found.setdefault(key, value)
        elif above == f"{_RDF} Description" and self._property is None and self._stack[-3:-2] == [f"{_RDF} RDF"]:
            self._property = (tag, len(self._stack))
        if tag == f"{_RDF} li":
            self._is_default = attributes.get(f"{_XML} lang") == "x-default"
        self._text.clear()

    def _end(self, tag: str) -> None:
        told = "".join(self._text).strip()
        self._text.clear()
        if self._property and tag in (f"{_RDF} li", self._property[0]):
            key = self._property[0]
            if told and (self._is_default or key not in self.found):
                self.found[key] = told
            elif tag == key:
                self.found.setdefault(key, told)
        if self._property and len(self._stack) == self._property[1]:
            self._property = None
        self._stack.pop()


def check_metadata(pdf: Pdf, header: bytes) -> Iterator[Breach]:
    """Whether version, Info, XMP and identity are what PDF/X-4 asks for. `header` is how the file begins."""
    yield from _version(pdf, header)
    yield from _identity(pdf)
    info = entry(pdf.trailer, "/Info")
    trapped = name(raw(info, "/Trapped"))
    if trapped not in ("True", "False"):
        written = raw(info, "/Trapped")
        told = say("is missing") if written is None else say('is "{trapped}"', trapped=trapped or resolve(written))
        yield Breach("trapped", say("Trapped {told} in Info; it is the name True or False", told=told))
    stream = raw(pdf.root, "/Metadata")
    if not is_dictionary(stream):
        yield Breach("no-xmp", say("the file has no XMP metadata"))
        return
    if entry(stream, "/Filter") is not None:
        yield Breach("compressed-xmp", say("the XMP metadata is compressed, so that other programs cannot read it"))
    packet = data(stream)
    try:
        if len(packet) > _LONGEST_PACKET:
            raise BadPacket(say("{number} bytes are too many", number=len(packet)))
        told_there = properties(packet)
    except BadPacket as problem:
        yield Breach("bad-xmp", say("the XMP metadata cannot be read: {problem}", problem=problem))
        return
    yield from _xmp(told_there)
    yield from _agreement(info, told_there, trapped)


def _version(pdf: Pdf, header: bytes) -> Iterator[Breach]:
    found = re.search(rb"%PDF-(\d)\.(\d)", header)
    version = (int(found[1]), int(found[2])) if found else (0, 0)
    own = re.fullmatch(r"(\d)\.(\d)", name(raw(pdf.root, "/Version")))
    if own:
        version = max(version, (int(own[1]), int(own[2])))
    told = say("{major}.{minor}", major=version[0], minor=version[1])
    if version < (1, 6) or version >= (2, 0):
        yield Breach("pdf-version", say("the file is PDF {told}; PDF/X-4 is built on PDF 1.6", told=told))
    elif version > (1, 6):
        yield Breach(
            "newer-pdf-version",
            say("the file is PDF {told}; a program that knows PDF 1.6 alone may misread it", told=told),
        )


def _identity(pdf: Pdf) -> Iterator[Breach]:
    parts = members(raw(pdf.trailer, "/ID"))
    if len(parts) != 2 or not all(text(part) for part in parts):
        yield Breach("no-file-id", say("the file has no ID of two strings in its trailer"))


def _xmp(told: Mapping[str, str]) -> Iterator[Breach]:
    """What the metadata alone has to say."""
    version = told.get(PDFX)
    if version is None:
        yield Breach("no-pdfx-mark", say("the metadata does not say that the file is PDF/X-4 (pdfxid:GTS_PDFXVersion)"))
    elif version != "PDF/X-4":
        yield Breach(
            "no-pdfx-mark", say('the metadata says that the file is "{version}", not "PDF/X-4"', version=version)
        )
    if not told.get(TITLE):
        yield Breach("no-document-title", say("the metadata has no title (dc:title)"))
    for key, date in _DATES.items():
        written = date.partition(" ")[2]
        if not told.get(date):
            yield Breach(
                "no-document-date", say("the metadata has no date {written} (Info: {key})", written=written, key=key)
            )
        elif _moment(told[date], _XMP_DATE) is None:
            yield Breach(
                "bad-date", say('{written} in the metadata is no date: "{told}"', written=written, told=told[date])
            )
    missing = [key for key, property_name in _IDENTITY.items() if not told.get(property_name)]
    if missing:
        yield Breach(
            "no-document-id",
            say("the metadata does not have {missing}", missing=", ".join(f"xmpMM:{key}" for key in missing)),
        )


def _agreement(info: object, told: Mapping[str, str], trapped: str) -> Iterator[Breach]:
    """Whether Info and the metadata say the same, where both say something."""
    title = text(raw(info, "/Title"))
    # A text in UTF-16 may name its language between two escapes (ISO 32000-1, 7.9.2.2).
    title = None if title is None else _LANGUAGE.sub("", title)
    if title is not None and told.get(TITLE) and title.strip() != told[TITLE].strip():
        yield Breach(
            "metadata-differs",
            say('the title is "{title}" in Info and "{told}" in the metadata', title=title, told=told[TITLE]),
        )
    for key, date in _DATES.items():
        written = text(raw(info, f"/{key}"))
        if not written or not told.get(date):
            continue
        one = _moment(written, _PDF_DATE)
        other = _moment(told[date], _XMP_DATE) or _moment(told[date], _PDF_DATE)
        if one is None:
            yield Breach("bad-date", say('{key} in Info is no date: "{written}"', key=key, written=written))
        elif other is not None and not _same_moment(one, other):
            yield Breach(
                "metadata-differs",
                say(
                    '{key} is "{written}" in Info and "{told}" in the metadata',
                    key=key,
                    written=written,
                    told=told[date],
                ),
            )
    if TRAPPED in told and trapped in ("True", "False") and told[TRAPPED] != trapped:
        message = say(
            'Trapped is "{trapped}" in Info and "{told}" in the metadata', trapped=trapped, told=told[TRAPPED]
        )
        yield Breach("metadata-differs", message)


def _moment(written: str, form: re.Pattern[str]) -> datetime | None:
    """A date as it is written in Info or in XMP; without a time zone where none is told. None when it is no date."""
    found = form.fullmatch(written.strip())
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(part) if part else 0 for part in found.groups()[:6])
    zulu, sign, hours, minutes = found.groups()[6:]
    zone = None
    if zulu:
        zone = UTC
    elif sign:
        offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
        zone = timezone(offset if sign == "+" else -offset) if offset < timedelta(hours=24) else None
    try:
        return datetime(year, month or 1, day or 1, hour, minute, second, tzinfo=zone)
    except ValueError:
        return None


# Time zones of the world differ from each other by quarters of an hour, up to 26 hours.
_QUARTER, _WIDEST = timedelta(minutes=15), timedelta(hours=26)


def _same_moment(one: datetime, other: datetime) -> bool:
    """Whether two dates may be the same to the minute: some programs leave the seconds out, or the time zone."""
    exact = timedelta(seconds=1 if one.second and other.second else 60)
    if (one.tzinfo is None) != (other.tzinfo is None):
        # Written without a zone, a date may be in any.
        apart = abs(one.replace(tzinfo=None) - other.replace(tzinfo=None))
        return apart <= _WIDEST and min(apart % _QUARTER, -apart % _QUARTER) < exact
    return abs(one - other) < exact
