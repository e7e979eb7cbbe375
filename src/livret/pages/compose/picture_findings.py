"""What is to be told of the pictures of an edition in its layout: what is cut off, and logos that cannot be seen."""

from __future__ import annotations

from collections.abc import Iterator

from livret.content.contrast import luminance_ratio, relative_luminance
from livret.content.pictures.tones import luminances
from livret.content.schema.base import Entity
from livret.content.schema.design import Framing
from livret.content.schema.model import Catalogue
from livret.findings import Finding, LivretError, Location, warning
from livret.pages.compose.framing import FramedSize
from livret.pages.compose.picture_frames import PictureFrames
from livret.pages.flatplan import Edition
from livret.pages.layout import Layout
from livret.pages.layout_file import Frame
from livret.project import PICTURE_LIMIT, Project
from livret.translation import say

# Below this ratio of contrast a shape can hardly be told from its ground; WCAG 2.1 asks for 3 (1.4.11).
LEAST_CONTRAST = 2.0


def findings(catalogue: Catalogue, edition: Edition, project: Project, layout: Layout) -> tuple[Finding, ...]:
    """The findings of an edition's pictures. Raises LivretError when `layout.yaml` names a colour that is not there."""
    frames = PictureFrames(project, layout)
    found: list[Finding] = []
    for framing, name, entities in _shown(catalogue, edition, layout):
        frame = layout.pictures.frames.get(name)
        if frame is None:
            continue
        where = next((one.named_pictures[framing.file] for one in entities if framing.file in one.named_pictures), None)
        if frame.fills:
            found += _cut(framing, frames.placed(framing, name), frames.crop, where)
        if frame.ground:
            found += _unseen(framing, _ground(layout, frame), project, where)
    return tuple(dict.fromkeys(found))


def _shown(catalogue: Catalogue, edition: Edition, layout: Layout) -> Iterator[tuple[Framing, str, tuple[Entity, ...]]]:
    """The pictures of an edition, the frame of each, and the files that may name it."""
    volumes = (*(one for one in catalogue.editions if one.id == edition.id), catalogue.publication)
    if "cover" in edition.sections:
        if edition.cover.image:
            yield edition.cover.image, "cover", volumes
        if edition.publisher and edition.publisher.logo:
            yield edition.publisher.logo, "publisher", volumes
    pieces = layout.drawings(edition.art)
    for name in ("cover", "opener", "back", "page"):
        if piece := getattr(pieces, name):
            yield piece, f"art-{name}", volumes
    for partner in edition.partners if "partners" in edition.sections else ():
        if partner.logo:
            yield partner.logo, "logo", (partner,)
    for card in edition.initiatives if "initiatives" in edition.sections else ():
        if card.pilot.logo:
            yield card.pilot.logo, "logo", (card,)


def _cut(framing: Framing, found: FramedSize | None, crop: float, where: Location | None) -> Iterator[Finding]:
    if not found or framing.fit or framing.focus or found.most_lost <= crop + 0.001:
        return
    across, down = found.left + found.right, found.top + found.bottom
    sides = say("at the left and the right") if across > down else say("at the top and the bottom")
    yield warning(
        "cut-picture",
        say(
            'the picture "{file}" loses about {share:.0f} % {sides}',
            file=framing.file,
            share=100 * max(across, down),
            sides=sides,
        ),
        where,
        say("say which point must stay in sight: {{file: {file}, focus: [0.5, 0.3]}}", file=framing.file),
        say("or give a picture of {width:g} x {height:g} mm", width=found.width, height=found.height),
    )


def _ground(layout: Layout, frame: Frame) -> str:
    assert frame.ground
    if frame.ground not in layout.palette:
        raise LivretError(
            say(
                'layout.yaml of the layout {layout}: the palette has no colour "{ground}"',
                layout=layout.name,
                ground=frame.ground,
            )
        )
    cover = layout.file.cover_ground
    return layout.colours.cover if cover and cover.solid == frame.ground else layout.colours.rgb[frame.ground]


def _unseen(framing: Framing, ground: str, project: Project, where: Location | None) -> Iterator[Finding]:
    try:
        tones = luminances(project.read(project.inside_catalogue(framing.file), PICTURE_LIMIT))
    except (LivretError, OSError, ValueError):
        # What is wrong with a picture is told where it is read to be printed.
        return
    behind = relative_luminance(*(int(ground[index : index + 2], 16) / 255 for index in (1, 3, 5)))
    best = max((luminance_ratio(tone, behind) for tone in tones), default=LEAST_CONTRAST)
    if best < LEAST_CONTRAST:
        yield warning(
            "unseen-logo",
            say(
                'the logo "{file}" can hardly be seen: it is dark, on {ground}',
                file=framing.file,
                ground=ground,
            )
            if behind < 0.5
            else say(
                'the logo "{file}" can hardly be seen: it is light, on {ground}',
                file=framing.file,
                ground=ground,
            ),
            where,
            say("ask for the logo for dark grounds") if behind < 0.5 else say("ask for the logo for light grounds"),
        )
