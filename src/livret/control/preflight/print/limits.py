"""The numbers that a profile sets. None is a limit that the profile does not set, so that nothing is checked by it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PrintLimits:
    """The limits of one profile. Lengths are in points unless the name says millimetres.

    Values are compared as they would be printed: text rounded to 1 decimal, resolutions to 0, lines to 3, halves
    upwards. What a name with `least` or `wanted` says is still right, and so is what a name with `most` says.
    """

    # GWG 2022, R0009 to R0012: black text and black lines smaller than this overprint, and are not in DeviceGray.
    black_text_below: float | None = None
    black_lines_below: float | None = None
    # R0015: text with at least this much black has no more than this much of all inks together; 1 is 100 %.
    rich_black_from: float | None = None
    rich_black_most: float | None = None
    # R0016, R0017, and the smallest text in any colour.
    text_white_least: float | None = None
    text_inks_least: float | None = None
    text_least: float | None = None
    # R0018, R0019, and the thinnest line in any colour.
    line_white_least: float | None = None
    line_inks_least: float | None = None
    line_least: float | None = None
    # R0020: how many spot colours the file may use.
    spot_colours_most: int | None = None
    # R0031 to R0033, pixels an inch; a picture of at most this many pixels each way is left alone.
    image_least: int | None = None
    image_wanted: int | None = None
    one_bit_least: int | None = None
    one_bit_wanted: int | None = None
    page_image_least: int | None = None
    page_image_wanted: int | None = None
    image_small_pixels: int = 16
    # R0026: percent of CMYK together, the mean of any square with this side, and what no place may exceed.
    ink_mean_most: float | None = None
    ink_square_mm: float = 15
    ink_peak_most: float | None = None
    # R0006: how many pages the file may have.
    pages_most: int | None = None
    # What only press profiles ask for.
    bleed: float | None = None
    safe_margin: float | None = None
    page_multiple: int | None = None
    # The trims of facing pages touch: what runs over the fold must agree, pages 2 and 3, 4 and 5 ...
    facing_pages: bool = False
    # In a book bound on the right the recto, which has an odd number, is the page on the left.
    bound_on_right: bool = False

    def fold(self, number: int) -> str:
        """The edge of a page at the fold: `left` or `right`, or empty where pages do not face each other."""
        if not self.facing_pages:
            return ""
        return "left" if bool(number % 2) != self.bound_on_right else "right"
