"""Checks separated pages against the limits of a press profile: pictures, text, lines, and things near the trim.

Pages are checked after separation, so the inks are those that are printed. Each limit gives one finding a page, for the
worst case on it. Each picture gives its own finding.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pikepdf

from livret.book.plates.grounds import OVER, PageGrounds, grounds
from livret.book.plates.knock_out import knock_out
from livret.book.plates.overlaps import most_ink, too_dark
from livret.book.plates.painted import PLAIN, Painted, painted, shared
from livret.book.saving import save
from livret.book.separation.images import NAMELESS
from livret.content.press.profile import PressProfile
from livret.findings import Finding, error, warning
from livret.measure import POINTS_PER_MM, Rect
from livret.project import replacing
from livret.translation import Text, say

Small = Literal["text", "lines"]

# Tolerance, because findings show rounded sizes.
ROUNDED = 0.005
# Things that end this near to the trim are told with a distance of 0.
TOUCHING = 0.01
_TOLD: Mapping[str, Text] = {
    "text": say("text"),
    "line": say("a line"),
    "fill": say("a shape"),
    "picture": say("a picture"),
}


def check_file(
    path: Path, profile: PressProfile, names: Mapping[str, str] = NAMELESS, is_layer: bool = False
) -> tuple[tuple[Finding, ...], tuple[PageGrounds, ...]]:
    """Return a finding for all in a separated file that is below the limits of a profile, and the grounds of its pages.

    `names` are the names of the files of pictures, by their resource without its first and last letter. Black that
    would pass the ink limit together with what is below it knocks out from now on: the file is written anew.
    """
    with pikepdf.open(path) as pdf:
        pages = _read(pdf)
        limit = (profile.ink_limit or math.inf) / 100 + OVER
        dark = [(page, found) for page, things in pages if (found := too_dark(things, limit))]
        for page, found in dark:
            knock_out(pdf, page, found)
        if dark:
            with replacing(path) as beside:
                save(pdf, beside, deterministic_id=True)
            pages = _read(pdf)
        kept = tuple(grounds(things, profile.ink_limit or math.inf, is_layer) for _, things in pages)
        told = (one for number, page in enumerate(pages, 1) for one in _page_findings(number, *page, profile, names))
        return tuple(dict.fromkeys(told)), kept


def _read(pdf: pikepdf.Pdf) -> list[tuple[pikepdf.Page, list[Painted]]]:
    return [(page, list(painted(page))) for page in pdf.pages]


def _page_findings(
    number: int, page: pikepdf.Page, things: list[Painted], profile: PressProfile, names: Mapping[str, str]
) -> Iterator[Finding]:
    x0, y0, x1, y1 = map(float, page.obj.get("/TrimBox", page.obj.MediaBox))
    checks = _PageChecks(profile, say("page {number}", number=number), Rect(x0, y0, x1, y1), names)
    for one in things:
        checks.look_at(one)
    yield from checks.told()
    yield from _too_much_ink(things, profile, checks.place)


def _too_much_ink(things: list[Painted], profile: PressProfile, place: str) -> Iterator[Finding]:
    """Yield a warning when things that mix may have more ink together than the profile takes."""
    limit = profile.ink_limit
    overlap = most_ink(things) if any(one.blend not in PLAIN for one in things) else None
    if overlap is None or not overlap.blend or limit is None or overlap.ink * 100 <= limit + OVER * 100:
        return
    what = _TOLD["fill" if overlap.kind == "line" else overlap.kind]
    message = say(
        "{place}: {what} mixes by {mode} with what is below it, and both may have {ink:.0f} % of ink together; "
        "the press profile {profile} takes {limit:g}",
        place=place,
        what=what,
        mode=overlap.blend,
        ink=overlap.ink * 100,
        profile=profile.id,
        limit=limit,
    )
    hint = say("put it over something lighter, or print it in fewer inks")
    yield warning("overlapping-inks", message, None, hint)


@dataclass
class _PageChecks:
    """The checks of one page."""

    profile: PressProfile
    place: str
    trim: Rect
    names: Mapping[str, str]
    findings: list[Finding] = field(default_factory=list)
    # The smallest size under its limit, by kind and by whether it is white or in several inks.
    least: dict[tuple[Small, bool], float] = field(default_factory=dict)
    # What ends near to the trim and does not bleed.
    near: list[Painted] = field(default_factory=list)
    # The rectangles that were filled, with their inks: in the same inks on them, nothing is seen.
    grounds: list[tuple[tuple[float, ...], Rect]] = field(default_factory=list)

    def look_at(self, one: Painted) -> None:
        """Check one thing."""
        if one.kind == "text":
            self._small("text", one.size, one.inks)
        elif one.kind == "line" or one.is_rule:
            self._small("lines", one.size, one.inks)
        elif one.kind == "picture":
            self._picture(one)
        is_paper = one.inks is not None and not any(one.inks)
        is_hidden = any(one.inks == inks and shared(one.box, box) == one.box for inks, box in self.grounds)
        if one.is_whole and one.opacity == 1 and one.blend in PLAIN:
            self.near = [other for other in self.near if shared(other.box, one.box) != other.box]
            if one.inks is not None:
                self.grounds.append((one.inks, one.box))
        if self._distance(one) < math.inf and (one.kind == "text" or not (is_paper or is_hidden)):
            self.near.append(one)

    def _small(self, kind: Small, size: float, inks: tuple[float, ...] | None) -> None:
        limits = self.profile.text if kind == "text" else self.profile.lines
        is_reversed = inks is not None and sum(share > 0 for share in inks) != 1
        if size < (limits.least_reversed if is_reversed else limits.least) - ROUNDED:
            self.least[kind, is_reversed] = min(size, self.least.get((kind, is_reversed), math.inf))

    def _distance(self, one: Painted) -> float:
        """Return how far inside the trim a thing ends, in points. On sides where it goes across the trim, it bleeds.

        A shape in the window of a drawing that bleeds is a part of that drawing.
        """
        nearest = math.inf
        for side, window in zip(self._away(one.box), self._away(one.window), strict=True):
            is_part = one.kind in ("fill", "line") and -math.inf < window < -TOUCHING
            if -TOUCHING <= side < self.profile.safe_margin_points - 0.5 and not is_part:
                nearest = min(nearest, max(side, 0.0))
        return nearest

    def _away(self, box: Rect) -> tuple[float, float, float, float]:
        """Return how far inside the trim each side of a box is, in points."""
        trim = self.trim
        return box.x0 - trim.x0, trim.x1 - box.x1, box.y0 - trim.y0, trim.y1 - box.y1

    def _picture(self, one: Painted) -> None:
        a, b, c, d, _, _ = one.matrix
        wide, high = math.hypot(a, b), math.hypot(c, d)
        if not wide or not high:
            return
        pixels = int(one.source["/Width"]), int(one.source["/Height"])
        ppi = round(min(pixels[0] / wide, pixels[1] / high) * 72)
        limits = self.profile.pictures
        is_bit = bool(one.source.get("/ImageMask", False)) or int(one.source.get("/BitsPerComponent", 8)) == 1
        least, wanted = (limits.one_bit_least, limits.one_bit_wanted) if is_bit else (limits.least, limits.wanted)
        if ppi >= wanted:
            return
        picture = self.names.get(one.name[2:-1], say("a picture"))
        message = say(
            "{place}: {picture} of {across} x {down} pixels is printed {wide:.0f} x {high:.0f} mm large, "
            "at {resolution} pixels an inch",
            place=self.place,
            picture=picture,
            across=pixels[0],
            down=pixels[1],
            wide=wide / POINTS_PER_MM,
            high=high / POINTS_PER_MM,
            resolution=ppi,
        )
        hint = say("give a larger picture, or print it smaller")
        own = self.profile.id
        if ppi < least:
            told = say(
                "{message}; the press profile {profile} takes {least:g} or more",
                message=message,
                profile=own,
                least=least,
            )
            self.findings.append(error("low-print-resolution", told, None, hint))
        else:
            told = say(
                "{message}; the press profile {profile} asks for {wanted:g}",
                message=message,
                profile=own,
                wanted=wanted,
            )
            self.findings.append(warning("low-print-resolution", told, None, hint))

    def told(self) -> Iterator[Finding]:
        """Yield the findings of the page."""
        yield from self.findings
        for (kind, is_reversed), size in sorted(self.least.items()):
            limits = self.profile.text if kind == "text" else self.profile.lines
            limit = limits.least_reversed if is_reversed else limits.least
            if kind == "text":
                what = say("text white or in several inks") if is_reversed else say("text in one ink")
            else:
                what = say("a line white or in several inks") if is_reversed else say("a line in one ink")
            message = say(
                "{place}: {what} has {size:.3g} pt; the press profile {profile} takes {limit:g} or more",
                place=self.place,
                what=what,
                size=size,
                profile=self.profile.id,
                limit=limit,
            )
            if kind == "text":
                yield warning("small-text", message)
            else:
                # A line in one ink prints with gaps. All other findings are things that are hard to read or to see.
                yield (warning if is_reversed else error)("thin-line", message)
        if self.near:
            nearest = min(self.near, key=self._distance)
            what, away = _TOLD[nearest.kind], self._distance(nearest) / POINTS_PER_MM
            message = say(
                "{place}: {what} is {away:.1f} mm from the trim and does not bleed",
                place=self.place,
                what=what,
                away=away,
            )
            hint = say(
                "the press profile {profile} asks for {margin:g} mm, or for bleed",
                profile=self.profile.id,
                margin=self.profile.safe_margin,
            )
            yield warning("unsafe-margin", message, None, hint)
