"""Black text and black lines over something dark knock out, where both would pass the ink limit.

Small black text and thin black lines overprint, so that no paper shows at their edges (GWG 2022, R0009 and R0010).
Over 280 % of other inks they would make 380 %. There they replace what is below them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pikepdf

from livret.book.binding.assemble import knocking_out
from livret.book.plates.painted import Painted


def knock_out(pdf: pikepdf.Pdf, page: pikepdf.Page, things: Sequence[Painted]) -> None:
    """Have these things of a separated page knock out, and nothing else. Of a form, all that it holds does."""
    old = page.obj["/Resources"]
    states, drawn = _copied(old, "/ExtGState"), _copied(old, "/XObject")
    before: dict[int, pikepdf.Name] = {}
    after: dict[int, pikepdf.Name] = {}
    instructions: list[Any] = list(pikepdf.parse_content_stream(page))
    for one in things:
        begin, at = one.at
        if str(instructions[at].operator) == "Do":
            name = instructions[at].operands[0]
            knocked = pikepdf.Name(f"{name}Knockout") if not str(name).endswith("Knockout") else name
            if str(knocked) not in drawn:
                drawn[str(knocked)] = _form(pdf, drawn[str(name)])
            instructions[at] = pikepdf.ContentStreamInstruction([knocked], pikepdf.Operator("Do"))
        else:
            before[begin] = _state(states, False, False)
            after[at] = _state(states, *one.both_overprint)
    written = []
    for index, instruction in enumerate(instructions):
        if index in before:
            written.append(_switch(before[index]))
        written.append(instruction)
        if index in after:
            written.append(_switch(after[index]))
    resources = pikepdf.Dictionary(dict(old.items()))
    resources["/ExtGState"], resources["/XObject"] = pikepdf.Dictionary(states), pikepdf.Dictionary(drawn)
    page.obj["/Resources"] = resources
    page.obj["/Contents"] = pdf.make_stream(pikepdf.unparse_content_stream(written))


def _copied(resources: Any, group: str) -> dict[str, Any]:
    return dict(resources[group].items()) if group in resources else {}


def _state(states: dict[str, Any], stroke: bool, fill: bool) -> pikepdf.Name:
    name = f"/Knockout{stroke:d}{fill:d}"
    states[name] = pikepdf.Dictionary(Type=pikepdf.Name("/ExtGState"), OP=stroke, op=fill, OPM=1)
    return pikepdf.Name(name)


def _switch(state: pikepdf.Name) -> pikepdf.ContentStreamInstruction:
    return pikepdf.ContentStreamInstruction([state], pikepdf.Operator("gs"))


def _form(pdf: pikepdf.Pdf, form: Any) -> Any:
    """Return a copy of a form in which nothing overprints."""
    entries = pikepdf.Dictionary({name: value for name, value in form.items() if name not in ("/Length", "/Filter")})
    if "/Resources" in form:
        entries["/Resources"] = knocking_out(pdf, form["/Resources"])
    return pdf.make_stream(form.read_bytes(), entries)
