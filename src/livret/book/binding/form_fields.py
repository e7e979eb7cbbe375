"""Writes the form of a proof: one answer with its state, name, date and remarks (ISO 32000-1, 12.7).

The name of the form says which version of which part it answers. Fields have appearance streams, so that a reader need
not make them, and a tooltip, which a screen reader says (ISO 14289-1, 7.18.1).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from livret.book.binding.links import LinkAnnotation
from livret.book.binding.pdf_syntax import Reference, array, dictionary, name, number, numbers, text
from livret.book.binding.pdf_writer import Writer
from livret.measure import Rect

# Field flags (tables 226 and 228).
_MULTILINE, _RADIO = 1 << 12, 1 << 15
# How many characters a field takes, and the size of its text in points.
_LENGTHS = {"remarks": 4000, "name": 120, "date": 40}
_SIZE, _INSET = 10, 2.5
# A circle of radius 1 as four curves; this is how far their control points are.
_BEND = 0.5523
_STATES = ("approved", "corrections")
_CHOICE = "state"


@dataclass(frozen=True)
class AnswerForm:
    """The form of a proof: its name, the caption of each field by its name, and that of the choice."""

    name: str
    captions: Mapping[str, str]
    choice: str
    # Whether what is typed stands on the right.
    is_right_to_left: bool = False


class FormWriter:
    """Writes the fields of one form. Their annotations are written by the caller, who adds their place in the tags."""

    def __init__(self, writer: Writer, form: AnswerForm) -> None:
        self._writer = writer
        self._form = form
        self._root, self._choice = writer.reserve(), writer.reserve()
        self._states: list[Reference] = []
        self._fields: list[Reference] = []

    def widget(self, field: str, box: Rect, page: Reference) -> LinkAnnotation | None:
        """The annotation of a field in this box; None for a name that the form does not have."""
        if field not in self._form.captions:
            return None
        reference = self._writer.reserve()
        entries = {
            "Type": b"/Annot",
            "Subtype": b"/Widget",
            "Rect": numbers(box.x0, box.y0, box.x1, box.y1),
            "F": b"4",
            "P": page,
            "TU": text(self._form.captions[field]),
        }
        if field not in _STATES:
            # What is typed keeps away from the edges of the box.
            box = box.grown(-_INSET)
            entries["Rect"] = numbers(box.x0, box.y0, box.x1, box.y1)
        if field in _STATES:
            self._states.append(reference)
            marks = {"On": self._mark(box, is_on=True), "Off": self._mark(box, is_on=False)}
            shown = dictionary(**{field if key == "On" else key: value for key, value in marks.items()})
            entries |= {"Parent": self._choice, "AS": b"/Off", "AP": dictionary(N=shown)}
            entries["MK"] = dictionary(CA=text("l"))
            return LinkAnnotation(reference, entries)
        self._fields.append(reference)
        entries |= {
            "FT": b"/Tx",
            "T": text(field),
            "Parent": self._root,
            "DA": text(f"/Helv {_SIZE} Tf 0 g"),
            "AP": dictionary(N=self._drawn(box, b"/Tx BMC EMC")),
            "MaxLen": b"%d" % _LENGTHS[field],
        }
        if self._form.is_right_to_left:
            entries["Q"] = b"2"
        if field == "remarks":
            entries["Ff"] = b"%d" % _MULTILINE
        return LinkAnnotation(reference, entries)

    def _mark(self, box: Rect, *, is_on: bool) -> Reference:
        """What is drawn in the circle of the slip: a dot, or nothing."""
        if not is_on:
            return self._drawn(box, b"")
        dot = _circle(box.width / 2, box.height / 2, min(box.width, box.height) * 0.28)
        return self._drawn(box, b"0 g %s f" % dot)

    def _drawn(self, box: Rect, operators: bytes) -> Reference:
        entries = dictionary(
            Type=b"/XObject", Subtype=b"/Form", BBox=numbers(0, 0, box.width, box.height), Resources=b"<<>>"
        )
        return self._writer.share(entries, operators)

    def close(self) -> Reference:
        """Write the fields above the annotations. Gives what the catalog names as /AcroForm."""
        writer = self._writer
        writer.add(
            dictionary(
                FT=b"/Btn",
                T=text(_CHOICE),
                TU=text(self._form.choice),
                Ff=b"%d" % _RADIO,
                V=b"/Off",
                Parent=self._root,
                Kids=array(self._states),
            ),
            self._choice,
        )
        kids = array([self._choice, *self._fields])
        writer.add(dictionary(T=text(self._form.name), TU=text(self._form.choice), Kids=kids), self._root)
        # Viewers write what is typed with this font; it is in none of our pages.
        helvetica = writer.add(
            dictionary(Type=b"/Font", Subtype=b"/Type1", BaseFont=name("/Helvetica"), Encoding=name("/WinAnsiEncoding"))
        )
        fonts = dictionary(Font=dictionary(Helv=helvetica))
        return writer.add(dictionary(Fields=array([self._root]), DR=fonts, DA=text(f"/Helv {_SIZE} Tf 0 g")))


def _circle(x: float, y: float, radius: float) -> bytes:
    bend = radius * _BEND
    curves = (
        (radius, bend, bend, radius, 0, radius),
        (-bend, radius, -radius, bend, -radius, 0),
        (-radius, -bend, -bend, -radius, 0, -radius),
        (bend, -radius, radius, -bend, radius, 0),
    )
    path = [b"%s %s m" % (number(x + radius), number(y))]
    for curve in curves:
        points = (number(value + (y if index % 2 else x)) for index, value in enumerate(curve))
        path.append(b" ".join(points) + b" c")
    return b" ".join(path)
