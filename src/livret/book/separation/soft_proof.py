"""The soft proof of a separation: a copy for the screen, whose inks name the ICC profile of the press.

A viewer shows CMYK as it likes. Where colours name a profile, it shows what that profile says that the press prints.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf

from livret.book.saving import save

# The name of the space among the resources of each stream.
SPACE = pikepdf.Name("/OnThePress")
_INKS = pikepdf.Name("/DeviceCMYK")
_OPERATORS = {"k": "cs", "K": "CS"}


def write_soft_proof(plates: Path, target: Path, icc: bytes) -> None:
    """Write the soft proof of separated pages. Raises OSError when they cannot be read, or writing fails."""
    with pikepdf.open(plates) as pdf:
        profile = pdf.make_stream(icc, N=4, Alternate=_INKS)
        space = pdf.make_indirect(pikepdf.Array([pikepdf.Name("/ICCBased"), profile]))
        for one in list(pdf.objects):
            if isinstance(one, pikepdf.Dictionary | pikepdf.Array | pikepdf.Stream) and one.objgen != profile.objgen:
                _name_space(one, space)
        for stream, resources in _contents(pdf):
            _name_inks(stream, resources, space)
        save(pdf, target)


def _name_space(value: Any, space: pikepdf.Object) -> None:
    """Put the space in the place of CMYK in pictures, gradients, palettes and spot colours."""
    if isinstance(value, pikepdf.Array):
        is_icc = len(value) > 0 and value[0] == pikepdf.Name("/ICCBased")
        places: list[Any] = [] if is_icc else list(range(len(value)))
    else:
        # Transparency is blended in the space of its group, which a viewer does not show.
        places = [name for name in value.keys() if name != "/CS" and name != "/Alternate"]  # noqa: SIM118
    for place in places:
        inner = value[place]
        if inner == _INKS:
            value[place] = space
        elif isinstance(inner, pikepdf.Dictionary | pikepdf.Array) and not inner.is_indirect:
            _name_space(inner, space)


def _contents(pdf: pikepdf.Pdf) -> Iterator[tuple[Any, Any]]:
    """All streams that draw, each with its resources."""
    for page in pdf.pages:
        page.contents_coalesce()
        if isinstance(page.obj.get("/Contents"), pikepdf.Stream):
            yield page.obj["/Contents"], page.obj["/Resources"]
    for one in list(pdf.objects):
        if isinstance(one, pikepdf.Stream) and "/Resources" in one:
            yield one, one["/Resources"]
        elif isinstance(one, pikepdf.Dictionary) and one.get("/Subtype") == "/Type3" and "/Resources" in one:
            for glyph in one["/CharProcs"].values():
                yield glyph, one["/Resources"]


def _name_inks(stream: Any, resources: Any, space: pikepdf.Object) -> None:
    """Have the operators of CMYK name the space."""
    made: list[Any] = []
    is_changed = False
    for one in pikepdf.parse_content_stream(stream):
        named = _OPERATORS.get(str(one.operator))
        if named is None:
            made.append(one)
            continue
        is_changed = True
        made.append(([SPACE], pikepdf.Operator(named)))
        made.append((one.operands, pikepdf.Operator("sc" if named == "cs" else "SC")))
    if is_changed:
        stream.write(pikepdf.unparse_content_stream(made))
        if "/ColorSpace" not in resources:
            resources["/ColorSpace"] = pikepdf.Dictionary()
        resources["/ColorSpace"][SPACE] = space
