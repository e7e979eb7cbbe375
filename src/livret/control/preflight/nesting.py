"""Checks which elements stand in which: headings, lists, contents, tables, notes, figures."""

from __future__ import annotations

from livret.control.preflight.pdf_objects import Pdf, members, name, numbers, whole
from livret.control.preflight.rules import Remarks
from livret.control.preflight.structure_tree import OwnedContent, StructureTree, Thing, TreeElement
from livret.translation import say, say_number

# The kinds that each kind may hold (ISO 32000-1, 14.8.4.2 and 14.8.4.3). A kind that is not listed may hold any kind.
# NonStruct and Private may stand anywhere, because they have no meaning.
KIDS = {
    "L": frozenset({"L", "LI", "Caption"}),
    "LI": frozenset({"Lbl", "LBody", "L"}),
    "TOC": frozenset({"TOC", "TOCI", "Caption"}),
    "TOCI": frozenset({"Lbl", "Reference", "P", "TOC", "Link", "Span"}),
    "Table": frozenset({"TR", "THead", "TBody", "TFoot", "Caption"}),
    "THead": frozenset({"TR"}),
    "TBody": frozenset({"TR"}),
    "TFoot": frozenset({"TR"}),
    "TR": frozenset({"TH", "TD"}),
}
# The kinds that may stand only in these kinds.
HOLDERS = {
    "LI": frozenset({"L"}),
    "LBody": frozenset({"LI"}),
    "TOCI": frozenset({"TOC"}),
    "THead": frozenset({"Table"}),
    "TBody": frozenset({"Table"}),
    "TFoot": frozenset({"Table"}),
    "TR": frozenset({"Table", "THead", "TBody", "TFoot"}),
    "TH": frozenset({"TR"}),
    "TD": frozenset({"TR"}),
}
RULE_OF = {"L": "list-shape", "LI": "list-shape", "LBody": "list-shape"} | dict.fromkeys(
    ("TOC", "TOCI"), "contents-shape"
)
MEANINGLESS = frozenset({"NonStruct", "Private"})
LEVELS = {f"H{level}": level for level in range(1, 7)}
# Allows for the rounding of the engine.
TOLERANCE = 1.0
LONGEST_SPAN = 1000


def check_shapes(remarks: Remarks, pdf: Pdf, tree: StructureTree) -> None:
    """Check for each element of the tree what it holds and where it stands; breaches go into `remarks`."""
    _check_headings(remarks, pdf, tree)
    for element in tree.elements:
        _check_kids(remarks, element)
        if element.kind == "Table":
            _check_table(remarks, element)
        elif element.kind == "Figure":
            _check_figure(remarks, pdf, element)
        elif element.kind == "Formula" and not _described(element):
            remarks.add("figure-without-alt", say("{place} has no alternative text", place=element.place))
        elif element.kind == "Note" and not element.string("/ID"):
            remarks.add("note-without-id", say("{place} has no ID", place=element.place))


def _check_headings(remarks: Remarks, pdf: Pdf, tree: StructureTree) -> None:
    """Check that headings start at level 1 and that no level is skipped (ISO 14289-1, 7.4.2)."""
    before = 0
    unnumbered = None
    for element in tree.elements:
        if element.kind == "H":
            unnumbered = unnumbered or element
        level = LEVELS.get(element.kind)
        if level is None:
            continue
        if before == 0 and level > 1:
            remarks.add("first-heading", say("{place} is the first heading, and not an H1", place=element.place))
        elif level > before + 1:
            remarks.add("skipped-heading", say("{place} follows an H{before}", place=element.place, before=before))
        before = level
    if before and unnumbered:
        remarks.add("mixed-headings", say("{place} has no level, and other headings have one", place=unnumbered.place))
    if not before and not unnumbered and len(pdf.pages) > 1:
        remarks.add("no-headings", say("no heading in the whole file"))


def _check_kids(remarks: Remarks, element: TreeElement) -> None:
    holders = HOLDERS.get(element.kind)
    if holders and (element.holder is None or element.holder.kind not in holders):
        above = element.holder.place if element.holder else say("the root")
        remarks.add(
            RULE_OF.get(element.kind, "table-shape"), say("{place} is inside {above}", place=element.place, above=above)
        )
    allowed = KIDS.get(element.kind)
    if allowed is None:
        return
    rule = RULE_OF.get(element.kind, "table-shape")
    for kid in element.kids:
        if isinstance(kid, OwnedContent | Thing):
            if element.kind != "TOCI":
                remarks.add(rule, say("{place} holds content that no element inside it owns", place=element.place))
                return
        elif kid.kind not in allowed | MEANINGLESS and kid.kind not in HOLDERS:
            # A kind that may stand only in certain kinds has a check of its own.
            remarks.add(rule, say("{place} holds {other}", place=element.place, other=kid.place))
    if element.kind == "L":
        _check_list(remarks, element)


def _check_list(remarks: Remarks, element: TreeElement) -> None:
    """Check that a list inside a list stands in an item, and that a list does not hold only lists."""
    kinds = [kid.kind for kid in element.elements]
    if "L" not in kinds:
        return
    if "LI" in kinds:
        remarks.add(
            "list-in-list",
            say_number(
                "{place} holds {number} list beside its entries, not in them",
                "{place} holds {number} lists beside its entries, not in them",
                place=element.place,
                number=kinds.count("L"),
            ),
        )
    else:
        remarks.add("list-shape", say("{place} holds a list and no entry", place=element.place))


def _check_figure(remarks: Remarks, pdf: Pdf, element: TreeElement) -> None:
    if not _described(element):
        remarks.add("figure-without-alt", say("{place} has no alternative text", place=element.place))
    box = numbers(element.attribute("/BBox"))
    if len(box) != 4:
        remarks.add("figure-without-box", say("{place} does not say where it is (BBox)", place=element.place))
        return
    if element.page is None:
        return
    x0, y0, x1, y1 = pdf.pages[element.page].media
    outside = (
        min(box[0], box[2]) < min(x0, x1) - TOLERANCE
        or min(box[1], box[3]) < min(y0, y1) - TOLERANCE
        or max(box[0], box[2]) > max(x0, x1) + TOLERANCE
        or max(box[1], box[3]) > max(y0, y1) + TOLERANCE
    )
    if outside or box[0] == box[2] or box[1] == box[3]:
        shown = " ".join(f"{value:.0f}" for value in box)
        message = (
            say("{place}: its box {box} is not on its page", place=element.place, box=shown)
            if outside
            else say("{place}: its box {box} has no extent", place=element.place, box=shown)
        )
        remarks.add("figure-box", message)


def _described(element: TreeElement) -> bool:
    return any((element.string(key) or "").strip() for key in ("/Alt", "/ActualText"))


def _check_table(remarks: Remarks, table: TreeElement) -> None:
    """Check that rows have the same length, and that headers say which cells they head (ISO 14289-1, 7.5)."""
    rows = [
        row
        for kid in table.elements
        for row in ((kid,) if kid.kind == "TR" else kid.elements if kid.kind in {"THead", "TBody", "TFoot"} else ())
        if row.kind == "TR"
    ]
    cells = [[cell for cell in row.elements if cell.kind in {"TH", "TD"}] for row in rows]
    headers = [cell for row in cells for cell in row if cell.kind == "TH"]
    if not rows:
        remarks.add("table-shape", say("{place} has no rows", place=table.place))
        return
    if not headers:
        remarks.add("table-without-headers", say("{place} has no header cell (TH)", place=table.place))
    named = any(members(cell.attribute("/Headers")) for row in cells for cell in row)
    for cell in headers:
        if not named and name(cell.attribute("/Scope")) not in {"Row", "Column", "Both"}:
            remarks.add(
                "header-without-scope", say("{place} does not say whether it heads a row or a column", place=cell.place)
            )
    widths = _widths(cells)
    if len(set(widths)) > 1:
        remarks.add(
            "ragged-table",
            say("{place} has rows of {least} to {most} cells", place=table.place, least=min(widths), most=max(widths)),
        )


def _widths(rows: list[list[TreeElement]]) -> list[int]:
    """How many columns each row covers, with the cells that reach down from rows above."""
    widths: list[int] = []
    # For each cell that reaches down: how many columns it covers, and how many more rows.
    hanging: dict[int, tuple[int, int]] = {}
    for row in rows:
        width = sum(columns for columns, _ in hanging.values())
        hanging = {key: (columns, left - 1) for key, (columns, left) in hanging.items() if left > 1}
        for cell in row:
            columns, down = (_span(cell, key) for key in ("/ColSpan", "/RowSpan"))
            width += columns
            if down > 1:
                hanging[cell.key] = (columns, down - 1)
        widths.append(width)
    return widths


def _span(cell: TreeElement, key: str) -> int:
    return max(1, min(LONGEST_SPAN, whole(cell.attribute(key)) or 1))
