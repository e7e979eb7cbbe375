"""What a press profile asks of a layout and of a number of pages, before anything is separated."""

from __future__ import annotations

import re
from collections.abc import Mapping

from livret.content.press.profile import PressProfile
from livret.content.schema.model import Catalogue
from livret.content.yaml import tree
from livret.content.yaml.reader import parse
from livret.findings import Finding, Location, error, warning
from livret.measure import POINTS_PER_MM
from livret.pages.layout import Layout
from livret.translation import say

_COLOUR = re.compile(r"device-cmyk\(\s*" + r"[\s,]+".join([r"([\d.]+%?)"] * 4), re.IGNORECASE)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def bleed_findings(layout: Layout, profile: PressProfile) -> tuple[Finding, ...]:
    """An error when a press wants more bleed than the layout draws."""
    drawn = layout.file.bleed
    if profile.bleed <= drawn:
        return ()
    path = layout.find("layout.yaml")
    where = Location(layout.project.shown(path)) if path else None
    message = say(
        "the press profile {profile} wants {bleed:g} mm of bleed, the layout {layout} draws {drawn:g}",
        profile=profile.id,
        bleed=profile.bleed,
        layout=layout.name,
        drawn=drawn,
    )
    return (
        error("too-little-bleed", message, where, say("write bleed: {bleed:g} in layout.yaml", bleed=profile.bleed)),
    )


def ink_findings(layout: Layout, profile: PressProfile, chosen: Location | None = None) -> tuple[Finding, ...]:
    """An error at each colour whose inks are over the limit of the printing condition.

    `chosen` is where the catalogue gives the inks of its own colours.
    """
    if profile.ink_limit is None:
        return ()
    found = []
    for name, colour in layout.colours.recipes.items():
        total = sum(colour.cmyk)
        if total > profile.ink_limit:
            message = say(
                'the colour "{name}" has {total:g} % of ink; the press profile {profile} takes {limit:g} %',
                name=name,
                total=total,
                profile=profile.id,
                limit=profile.ink_limit,
            )
            hint = say(
                "write inks that make {ink_limit:g} or less, less cyan, magenta and yellow first",
                ink_limit=profile.ink_limit,
            )
            where = _colour_place(layout, name) if layout.palette.get(name) == colour else chosen
            found.append(
                error(
                    "too-much-ink",
                    message,
                    where,
                    hint,
                )
            )
    return tuple(found)


def colours_in_ink(layout: Layout) -> Mapping[str, Location]:
    """Where a layout writes each colour in CMYK first, by the colour as the separation writes it."""
    found: dict[str, Location] = {}
    files = {
        path for folder in layout.folders for path in folder.rglob("*") if path.suffix in (".css", ".html", ".svg")
    }
    for path in sorted(files):
        text = layout.project.read(path).decode("utf-8", "replace")
        for colour in _COLOUR.finditer(_COMMENT.sub(lambda one: re.sub(r"[^\n]", " ", one[0]), text)):
            shares = (float(one.rstrip("%")) * (1 if one.endswith("%") else 100) for one in colour.groups())
            name = " ".join(f"{round(min(max(share, 0), 100), 2):g}%" for share in shares)
            where = Location(layout.project.shown(path), text.count("\n", 0, colour.start()) + 1)
            found.setdefault(f"device-cmyk({name})", where)
    return found


def binding_findings(pages: int, trim: tuple[float, float], profile: PressProfile) -> tuple[Finding, ...]:
    """What the number of pages means for the binding, and an error when a page does not fit on the sheet.

    `trim` gives width and height in points.
    """
    found = []
    if pages > profile.pages.stitched:
        spine = pages / 2 * profile.caliper_points / POINTS_PER_MM
        message = say(
            "{pages} pages are more than the {most} that the press profile {profile} stitches",
            pages=pages,
            most=profile.pages.stitched,
            profile=profile.id,
        )
        hint = say("ask for a glued binding: its spine is {spine:.1f} mm thick on this paper", spine=spine)
        found.append(warning("too-many-pages-to-stitch", message, None, hint))
    room = 2 * profile.bleed_points
    wide, high = (side + room for side in trim)
    if min(wide, high) > min(profile.sheet_points) or max(wide, high) > max(profile.sheet_points):
        sizes = [f"{one / POINTS_PER_MM:.0f} x {other / POINTS_PER_MM:.0f} mm" for one, other in
                 ((wide, high), profile.sheet_points)]  # fmt: skip
        message = say(
            "a page with its bleed has {size}, the sheet of the press profile {profile} has {sheet}",
            size=sizes[0],
            profile=profile.id,
            sheet=sizes[1],
        )
        found.append(error("too-small-sheet", message, None, say("choose a press profile with a larger sheet")))
    return tuple(found)


def _colour_place(layout: Layout, name: str) -> Location | None:
    """Where a palette gives a colour: in a file of its own, or in layout.yaml."""
    own = layout.file.palette
    path = layout.find(own if isinstance(own, str) else "layout.yaml")
    if path is None:
        return None
    place = layout.project.shown(path)
    root, _ = parse(layout.project.read(path), place)
    if root is not None and not isinstance(own, str):
        inside = root.value("palette")
        root = inside if isinstance(inside, tree.Mapping) else None
    return root.entries[name].where if root is not None and name in root.entries else Location(place)


def colours_place(catalogue: Catalogue, name: str) -> Location | None:
    """Where the colours of an edition are chosen: in its own file, else in catalogue.yaml."""
    own = next((edition for edition in catalogue.editions if edition.id == name and edition.colours), None)
    return (own or catalogue.publication).places.get("colours")
