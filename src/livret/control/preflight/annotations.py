"""Checks annotations: an element owns each, each has a description, and the text of a link names its target."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice, pairwise

from livret.control.preflight.parent_tree import check_annotation_parent
from livret.control.preflight.pdf_objects import Pdf, identity, listed, name, number, numbers, raw, text, whole
from livret.control.preflight.reading_order import Reading
from livret.control.preflight.rules import Remarks
from livret.control.preflight.structure_tree import OwnedContent, StructureTree, Thing, TreeElement, kept_in_order
from livret.translation import say

# A web address as it is printed. E-mail addresses and telephone numbers do not match: they already say who answers.
ADDRESS = re.compile(r"(https?://|www\.)\S+|[\w-]+(\.[\w-]+)+/\S*", re.IGNORECASE)
HIDDEN = 2
# Two boxes on one line that are nearer to each other than this belong together, in points.
NEAR = 2.0
LONGEST_LINK = 1000


@dataclass(frozen=True)
class PageAnnotation:
    """An annotation, the page it is on, and the element that owns it."""

    key: int
    reference: object
    kind: str
    page: int
    place: str
    box: tuple[float, ...]
    target: str
    owner: TreeElement | None


def check_annotations(remarks: Remarks, pdf: Pdf, tree: StructureTree, reading: Reading) -> None:
    """Check every annotation, page by page, except popups and hidden ones (ISO 14289-1, 7.18.1)."""
    owners: dict[int, TreeElement] = {}
    for element in tree.elements:
        for kid in element.kids:
            if isinstance(kid, Thing):
                owners.setdefault(kid.key, element)
    used: Counter[int] = Counter()
    found: dict[int, PageAnnotation] = {}
    for page in pdf.pages:
        for reference in listed(raw(page.reference, "/Annots")):
            kind = name(raw(reference, "/Subtype"))
            if kind in {"", "Popup"} or (whole(raw(reference, "/F")) or 0) & HIDDEN:
                continue
            shown = say("link") if kind == "Link" else say("{kind} annotation", kind=kind)
            place = say("{place}: {what}", place=page.place, what=shown)
            if number(reference):
                place = say("{what} (object {number})", what=place, number=number(reference))
            key = identity(reference)
            one = PageAnnotation(
                key, reference, kind, page.index, place, _box(reference), _target(reference), owners.get(key)
            )
            found[key] = one
            _check(remarks, tree, one, used)
    for element in tree.elements:
        if element.kind == "Link":
            _check_link(remarks, element, found, reading)
    _check_neighbours(remarks, tree, found)


def _check(remarks: Remarks, tree: StructureTree, one: PageAnnotation, used: Counter[int]) -> None:
    owner = one.owner
    description = (text(raw(one.reference, "/Contents")) or "").strip()
    if one.kind == "Link":
        if owner is None or "Link" not in {owner.kind, owner.holder.kind if owner.holder else ""}:
            told = say("belongs to {place}", place=owner.place) if owner else say("belongs to no element")
            remarks.add("untagged-link", say("{place} {told}", place=one.place, told=told))
        if not description:
            remarks.add("link-without-description", say("{place} has no Contents", place=one.place))
    else:
        if owner is None:
            remarks.add("untagged-annotation", say("{place} belongs to no element", place=one.place))
        alternative = owner is not None and (owner.string("/Alt") or "").strip()
        if one.kind != "Widget" and not description and not alternative:
            remarks.add(
                "annotation-without-description",
                say("{place} has neither Contents nor alternative text", place=one.place),
            )
    check_annotation_parent(remarks, tree, one.place, one.reference, owner, used)


def _check_link(remarks: Remarks, element: TreeElement, found: Mapping[int, PageAnnotation], reading: Reading) -> None:
    """Check that a link has text, or a picture with a text, that says where it leads."""
    things = [found[kid.key] for kid in element.kids if isinstance(kid, Thing) and kid.key in found]
    said = " ".join(reading.text(element).split())
    if not said:
        told = say(" to {target}", target=things[0].target) if things and things[0].target else ""
        remarks.add("link-without-text", say("{place}{told} has no text", place=element.place, told=told))
        return
    described = [(text(raw(one.reference, "/Contents")) or "").strip() for one in things]
    described += [(element.string("/Alt") or "").strip(), (element.string("/ActualText") or "").strip()]
    if ADDRESS.fullmatch(said) and not any(one and not _is_address(one, said) for one in described):
        hint = say("say in Contents or Alt where it leads")
        remarks.add(
            "link-is-address", say('{place} only says its address, "{said}"', place=element.place, said=said), hint
        )


def _is_address(description: str, said: str) -> bool:
    return bool(ADDRESS.fullmatch(description)) or description == said or ":" in description.split(" ")[0]


def _check_neighbours(remarks: Remarks, tree: StructureTree, found: Mapping[int, PageAnnotation]) -> None:
    """Check that no link is cut into pieces side by side: a screen reader reads each piece as a link of its own."""
    for element in tree.elements:
        if element.kind != "Link":
            kids = [kid for kid in element.elements if kid.kind == "Link"]
            for first, second in pairwise(kids):
                if _adjoin(_annotations(first, found)[-1:], _annotations(second, found)[:1]):
                    remarks.add(
                        "repeated-link", say("{place} leads where the link just before it leads", place=second.place)
                    )
            continue
        if element.holder is not None and element.holder.kind == "Link":
            continue
        for piece, following in pairwise(_annotations(element, found)):
            if _adjoin([piece], [following]):
                message = say(
                    "{place} has two annotations side by side for {target}", place=element.place, target=piece.target
                )
                remarks.add("repeated-link", message)
                break


def _annotations(element: TreeElement, found: Mapping[int, PageAnnotation]) -> list[PageAnnotation]:
    kept = islice(kept_in_order(element), LONGEST_LINK)
    return [found[kid.key] for kid in kept if not isinstance(kid, OwnedContent) and kid.key in found]


def _adjoin(before: list[PageAnnotation], after: list[PageAnnotation]) -> bool:
    """Whether two annotations have one target and touch on one line. Pieces on different lines are correct."""
    for one, other in zip(before, after, strict=False):
        if not one.target or one.target != other.target or one.page != other.page or not (one.box and other.box):
            continue
        height = min(one.box[3] - one.box[1], other.box[3] - other.box[1])
        common = min(one.box[3], other.box[3]) - max(one.box[1], other.box[1])
        apart = max(one.box[0], other.box[0]) - min(one.box[2], other.box[2])
        if common > height / 2 and apart <= NEAR:
            return True
    return False


def _box(reference: object) -> tuple[float, ...]:
    box = numbers(raw(reference, "/Rect"))
    if len(box) != 4:
        return ()
    return min(box[0], box[2]), min(box[1], box[3]), max(box[0], box[2]), max(box[1], box[3])


def _target(reference: object) -> str:
    """The target of a link, as text by which two links can be compared."""
    action = raw(reference, "/A")
    destination = raw(reference, "/Dest") or raw(action, "/D")
    address = text(raw(action, "/URI"))
    if address is not None:
        return address
    found = text(destination) or name(destination)
    if found:
        return found
    return " ".join(str(number(part) or part) for part in listed(destination))
