"""Checks that the marked content of the pages, the structure tree and the ParentTree agree.

veraPDF finds content that is not marked. It does not find marked content that no element owns. It does not check the
ParentTree either, with which a reader gets from a place on the page to its element (ISO 32000-1, 14.7.4).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from livret.control.preflight.content_stream import Mark, Scan
from livret.control.preflight.pdf_objects import Pdf, identity, members, number, raw, resolve, whole
from livret.control.preflight.rules import Remarks
from livret.control.preflight.structure_tree import OwnedContent, StructureTree, TreeElement
from livret.translation import Text, joined, say, say_number

Key = tuple[int, int]

MOST_NAMED = 5


@dataclass(frozen=True)
class Holder:
    """A page or a form XObject that has marked content."""

    key: int
    reference: object
    page: int
    place: str


def owned(tree: StructureTree) -> dict[Key, list[TreeElement]]:
    """The elements that own each marked content, by holder and MCID."""
    found: dict[Key, list[TreeElement]] = {}
    for element in tree.elements:
        for kid in element.kids:
            if isinstance(kid, OwnedContent):
                found.setdefault((kid.holder, kid.mcid), []).append(element)
    return found


def drawn(scans: Iterable[Scan]) -> dict[Key, list[Mark]]:
    """The marks that the pages draw, by holder and MCID."""
    found: dict[Key, list[Mark]] = {}
    for scan in scans:
        for mark in scan.marks:
            found.setdefault((mark.holder, mark.mcid), []).append(mark)
    return found


def check_painting(remarks: Remarks, pdf: Pdf, scans: tuple[Scan, ...]) -> None:
    """Check that all that is painted is tagged or an artifact, not both, and that each stream closes its sequences."""
    for page, scan in zip(pdf.pages, scans, strict=True):
        for form, count in sorted(scan.loose.items()):
            place = say("{place}: inside form XObject {number}", place=page.place, number=form) if form else page.place
            message = say_number(
                "{place}: one piece of content neither tagged nor an artifact, as {sample}",
                "{place}: {number} pieces of content neither tagged nor an artifact, as {sample}",
                number=count,
                place=place,
                sample=scan.sample,
            )
            remarks.add("unmarked-content", message)
        if scan.artifacts_inside:
            remarks.add(
                "artifact-in-content",
                say_number(
                    "{place}: {number} artifact inside tagged content",
                    "{place}: {number} artifacts inside tagged content",
                    place=page.place,
                    number=scan.artifacts_inside,
                ),
            )
        if scan.content_inside:
            remarks.add(
                "content-in-artifact",
                say_number(
                    "{place}: {number} tagged content inside artifacts",
                    "{place}: {number} tagged contents inside artifacts",
                    place=page.place,
                    number=scan.content_inside,
                ),
            )
        if scan.unbalanced:
            remarks.add(
                "unbalanced-marks",
                say_number(
                    "{place}: {number} mark without its end or beginning",
                    "{place}: {number} marks without their end or beginning",
                    place=page.place,
                    number=scan.unbalanced,
                ),
            )


def check_ownership(remarks: Remarks, pdf: Pdf, tree: StructureTree, scans: tuple[Scan, ...]) -> None:
    """Check that one element owns each marked content, that no content is missing, and that the ParentTree agrees."""
    marks, owners = drawn(scans), owned(tree)
    holders = {holder.key: holder for holder in _holders(pdf, scans)}
    of_holder: dict[int, list[int]] = {}
    for key, mcid in sorted(marks.keys() | owners.keys()):
        of_holder.setdefault(key, []).append(mcid)
    _check_elements(remarks, tree, marks, owners, holders)
    seen: dict[int, Holder] = {}
    for key, holder in holders.items():
        mcids = of_holder.get(key, [])
        present = [mcid for mcid in mcids if (key, mcid) in marks]
        loose = [mcid for mcid in present if (key, mcid) not in owners]
        if loose:
            told = _sample(marks[key, mcid][0].text for mcid in loose)
            message = say(
                "{place}: no element owns the marked content {numbers}{told}",
                place=holder.place,
                numbers=_listed(loose),
                told=told,
            )
            remarks.add("unowned-content", message)
        twice = [mcid for mcid in present if len(marks[key, mcid]) > 1]
        if twice:
            remarks.add(
                "repeated-mcid",
                say(
                    "{place}: marked content {numbers} is there more than once",
                    place=holder.place,
                    numbers=_listed(twice),
                ),
            )
        if present:
            _check_parents(remarks, tree, holder, present, owners, seen)


def _holders(pdf: Pdf, scans: tuple[Scan, ...]) -> Iterator[Holder]:
    """Every page, and every form once, with the first page that draws it."""
    seen = set()
    for page, scan in zip(pdf.pages, scans, strict=True):
        yield Holder(identity(page.reference), page.reference, page.index, page.place)
        for key, form in scan.forms.items():
            if key not in seen:
                seen.add(key)
                yield Holder(
                    key, form, page.index, say("{place}, form XObject {number}", place=page.place, number=number(form))
                )


def _check_elements(
    remarks: Remarks,
    tree: StructureTree,
    marks: Mapping[Key, list[Mark]],
    owners: Mapping[Key, list[TreeElement]],
    holders: Mapping[int, Holder],
) -> None:
    for element in tree.elements:
        absent = [
            kid.mcid for kid in element.kids if isinstance(kid, OwnedContent) and (kid.holder, kid.mcid) not in marks
        ]
        if absent:
            remarks.add(
                "missing-mcid",
                say(
                    "{place} owns the marked content {numbers}, which is nowhere",
                    place=element.place,
                    numbers=_listed(absent),
                ),
            )
    for (key, mcid), elements in owners.items():
        if len(elements) > 1:
            place = holders[key].place if key in holders else say("nowhere")
            told = joined((element.place for element in elements[:2]), say(" and "))
            remarks.add(
                "shared-mcid",
                say("{place}: marked content {mcid} belongs to {told}", place=place, mcid=mcid, told=told),
            )


def _check_parents(
    remarks: Remarks,
    tree: StructureTree,
    holder: Holder,
    mcids: list[int],
    owners: Mapping[Key, list[TreeElement]],
    seen: dict[int, Holder],
) -> None:
    """Check that the ParentTree's array for a page or form leads from each MCID to the element that owns it."""
    # One array after all that can be wrong with it: the messages make it long.
    index = whole(raw(holder.reference, "/StructParents"))
    if index is None:
        remarks.add("parent-tree", say("{place}: has marked content, but no StructParents", place=holder.place))
        return
    if index in seen:
        remarks.add(
            "parent-tree",
            say(
                "{place}: has StructParents {index}, as has {other}",
                place=holder.place,
                index=index,
                other=seen[index].place,
            ),
        )
        return
    seen[index] = holder
    if index not in tree.parents:
        remarks.add("parent-tree", say("{place}: the ParentTree has no entry {index}", place=holder.place, index=index))
        return
    parents = members(tree.parents[index])
    wrong = []
    for mcid in mcids:
        found = parents[mcid] if mcid < len(parents) else None
        for owner in owners.get((holder.key, mcid), [])[:1]:
            if resolve(found) is None:
                wrong.append(say("has nothing for the marked content {mcid} of {place}", mcid=mcid, place=owner.place))
            elif identity(found) != owner.key:
                other = tree.by_key.get(identity(found))
                told = other.place if other else say("object {number}, which is not in the tree", number=number(found))
                wrong.append(
                    say(
                        "leads from the marked content {mcid} of {place} to {told}",
                        mcid=mcid,
                        place=owner.place,
                        told=told,
                    )
                )
    drawn_here = set(mcids)
    stale = [mcid for mcid, found in enumerate(parents) if mcid not in drawn_here and resolve(found) is not None]
    if stale:
        wrong.append(say("leads on from the marked content {numbers}, which is not there", numbers=_listed(stale)))
    if wrong:
        message = say("{place}: the ParentTree {is_wrong}", place=holder.place, is_wrong=wrong[0])
        if wrong[1:]:
            message = say("{message} ({number} such)", message=message, number=len(wrong))
        remarks.add("parent-tree", message)
    gaps = sorted(set(range(len(parents))) - drawn_here - set(stale))
    if gaps:
        remarks.add(
            "mcid-gap",
            say_number(
                "{place}: the ParentTree has {number} gap, for {numbers}",
                "{place}: the ParentTree has {number} gaps, as for {numbers}",
                place=holder.place,
                number=len(gaps),
                numbers=_listed(gaps),
            ),
        )


def check_annotation_parent(
    remarks: Remarks, tree: StructureTree, place: str, annotation: object, owner: TreeElement | None, used: Counter[int]
) -> None:
    """Check that the ParentTree leads from an annotation to its element (ISO 32000-1, 14.7.4.3)."""
    index = whole(raw(annotation, "/StructParent"))
    if index is None:
        remarks.add("annotation-without-parent", say("{place} has no StructParent", place=place))
        return
    used[index] += 1
    found = tree.parents.get(index)
    if used[index] == 2:
        remarks.add(
            "parent-tree", say("{place} has StructParent {index}, as has another annotation", place=place, index=index)
        )
    elif resolve(found) is None:
        remarks.add("parent-tree", say("{place}: the ParentTree has no entry {index}", place=place, index=index))
    elif owner is not None and identity(found) != owner.key:
        other = tree.by_key.get(identity(found))
        told = other.place if other else say("object {number}, which is not in the tree", number=number(found))
        remarks.add(
            "parent-tree",
            say(
                "{place}: the ParentTree leads to {told}, but it belongs to {other}",
                place=place,
                told=told,
                other=owner.place,
            ),
        )


def _listed(mcids: list[int]) -> Text:
    shown = joined(map(str, mcids[:MOST_NAMED]))
    more = len(mcids) - MOST_NAMED
    return say("{names} and {number} more", names=shown, number=more) if more > 0 else shown


def _sample(texts: Iterable[str]) -> str:
    found = next((" ".join(one.split()) for one in texts if one.strip()), "")
    return f' ("{found[:40]}")' if found else ""
