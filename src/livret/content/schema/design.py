"""What a catalogue says of how it looks: framing of pictures, cover, drawings, colours."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import BeforeValidator, Field

from livret.content.schema.base import Model
from livret.content.schema.field_types import PICTURE, Color, Fit, Focus, Inks, LayoutName, PicturePath, Text
from livret.translation import say


class Framing(Model):
    """How a picture stands in its frame."""

    file: PicturePath = Field(description="The picture.")
    focus: Focus | None = Field(
        None,
        description="The point that stays in sight where the picture is cut: `[x, y]`, from `[0, 0]` at the top left "
        "to `[1, 1]` at the bottom right.",
    )
    fit: Fit | None = Field(
        None,
        description="`cover` fills the frame and cuts off what does not fit; `contain` shows the whole picture. "
        "Without it the layout shows the whole, or cuts off only a little.",
    )

    def __str__(self) -> str:
        return self.file


class FramedPicture(Framing):
    """A picture in a field that takes a path too."""

    one: ClassVar[str] = say("a picture with its framing")
    many: ClassVar[str] = say("pictures with their framing")


def _framed(value: object) -> object:
    """A path alone is a picture without framing."""
    return {"file": value} if isinstance(value, str) else value


# The path of a picture, or the path with its framing.
PictureField = Annotated[FramedPicture, PICTURE, BeforeValidator(_framed)]


class Cover(Model):
    """The picture on the cover."""

    one: ClassVar[str] = say("a cover")
    image: PictureField | None = Field(None, description="The picture on the cover.")
    credit: Text | None = Field(None, description="Who made the picture.")


class ArtPieces(Model):
    """The drawings and pictures of a publication, each for the whole of a page or a spread."""

    one: ClassVar[str] = say("drawings")
    cover: PictureField | None = Field(
        None,
        description="The cover, where it has no `image`: 154 x 216 mm with 3 mm of bleed. The words are printed on "
        "its upper third.",
    )
    opener: PictureField | None = Field(
        None,
        description="The spread before the cards: 302 x 216 mm. Its title is printed on the upper third of the "
        "first page.",
    )
    back: PictureField | None = Field(
        None, description="The back cover: 154 x 216 mm. An address is printed on its upper third."
    )
    page: PictureField | None = Field(
        None,
        description="Behind the text of a page with little text: 154 x 216 mm. What a drawing paints in `currentColor` "
        "is in the pale colour of the card's theme.",
    )


class LayoutArt(ArtPieces):
    """The drawings for one layout."""

    one: ClassVar[str] = say("the drawings for a layout")
    many: ClassVar[str] = say("drawings for a layout")
    layout: LayoutName = Field(description="The layout that they are for.")


class Art(ArtPieces):
    """The drawings of a publication. For what is not named, the layout draws signs and colours of the themes."""

    layouts: tuple[LayoutArt, ...] = Field(
        (), description="Other drawings for some layouts. There, none of the drawings above is used."
    )

    def in_layout(self, *names: str) -> ArtPieces:
        """The drawings that are used in a layout: those for the first of these names that has its own."""
        named = {one.layout: one for one in reversed(self.layouts)}
        return next((named[name] for name in names if name in named), self)


class Colours(Model):
    """The colours of the publication itself."""

    one: ClassVar[str] = say("colours")
    ground: Color | None = Field(
        None,
        description="The ground of cover, openers and back cover; also the colour of titles and labels that belong to "
        "no theme. Without it the layout's colour is used.",
    )
    ground_inks: Inks | None = Field(
        None,
        description="What the press prints for it: percent of cyan, magenta, yellow and black. Without it the press "
        "profile decides.",
    )
