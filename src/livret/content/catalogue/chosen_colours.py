"""Checks on the colours that a catalogue chooses."""

from __future__ import annotations

import math
from collections.abc import Iterator

from livret.content.contrast import BLACK, ENOUGH, doubts, nearest_good, on, six_digits
from livret.content.messages import quoted
from livret.content.schema.validators import BadValueError, color
from livret.content.yaml.tree import Scalar
from livret.findings import Finding, warning
from livret.translation import joined, say


def check_colour(scalar: Scalar) -> Iterator[Finding]:
    """A warning when a colour cannot be read in each of its uses, with the nearest one that can."""
    try:
        colour = six_digits(color(scalar.text))
    except BadValueError:
        # The model tells of what is no colour.
        return
    doubtful = doubts(colour)
    if not doubtful:
        return
    # Rounded down: 4.48 would else be told as the 4.5 that is needed.
    told = joined(
        say("{ratio} to 1 as {use}", ratio=math.floor(ratio * 10) / 10, use=use) for use, ratio in doubtful.items()
    )
    nearest = nearest_good(colour)
    meanwhile = (
        say("areas keep this colour, text in it is set in a darker shade, and text on it in black")
        if on(colour) == BLACK
        else say("areas keep this colour, text in it is set in a darker shade")
    )
    yield warning(
        "low-contrast",
        say(
            "{colour} cannot be read everywhere: {told}; {enough} to 1 is needed",
            colour=quoted(scalar.text.strip()),
            told=told,
            enough=ENOUGH,
        ),
        scalar.where,
        say('the nearest colour that can is "{nearest}"', nearest=nearest),
        meanwhile,
    )
