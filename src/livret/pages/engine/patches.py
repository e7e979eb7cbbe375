"""The register of what Livret replaces in WeasyPrint; docs/engine.md says of each group what it replaces and why.

Two kinds are kept apart. What is needed for right output is always there. What is only for speed gives the same bytes
with and without, and can be left out: `LIVRET_NO_PATCHES=1` leaves out all of it, `LIVRET_NO_PATCHES=styles,drawings`
these groups.

All is written for the versions named here. With any other version nothing is replaced, and each part says what is then
slower and what is missing.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping

import weasyprint
from PIL import ImageFile

from livret.content.font_files import NamedFace
from livret.findings import Finding, note, warning
from livret.translation import say

VERSIONS = frozenset({"70.0"})
SWITCH = "LIVRET_NO_PATCHES"

# WeasyPrint switches this on for the whole process when it is loaded. Pillow then fills a picture that is cut short
# with grey. Livret refuses such a picture, so Pillow must read as it does without WeasyPrint.
ImageFile.LOAD_TRUNCATED_IMAGES = False


def load() -> None:
    """Import all that `apply` and `speed_groups` need. Nothing is replaced."""
    if weasyprint.__version__ not in VERSIONS:
        return
    from livret.pages.engine import (  # noqa: F401
        box_patches,
        drawing_patches,
        fault_patches,
        filter_patches,
        font_maps,
        hyphen_limits,
        line_cache,
        mask_patches,
        raster_patches,
        right_to_left,
        style_cache,
        svg_cache,
        tag_patches,
        text_patches,
    )


def apply(named: Mapping[str, NamedFace]) -> None:
    """Replace functions of the engine that is loaded. Call it once a process, before anything is laid out.

    `named` has the fonts of the project by their names.
    """
    if weasyprint.__version__ not in VERSIONS:
        return
    # Another version may lack what these modules import.
    from livret.pages.engine import (
        drawing_patches,
        fault_patches,
        filter_patches,
        font_maps,
        hyphen_limits,
        mask_patches,
        raster_patches,
        right_to_left,
        tag_patches,
        words,
    )

    fault_patches.apply()
    tag_patches.apply()
    drawing_patches.apply(named)
    mask_patches.apply()
    filter_patches.apply(named)
    raster_patches.apply()
    font_maps.apply()
    words.apply()
    hyphen_limits.apply()
    right_to_left.apply()
    asked = os.environ.get(SWITCH, "")
    for name, group in speed_groups().items():
        if asked != "1" and name not in asked.split(","):
            group()


def speed_groups() -> dict[str, Callable[[], None]]:
    """What is only for speed: the name of each group, and what puts it in place. For the versions named above."""
    from livret.pages.engine import box_patches, line_cache, style_cache, svg_cache, text_patches

    return {
        "styles": style_cache.apply,
        "boxes": box_patches.shorten_questions,
        "text": text_patches.keep_text_setup,
        "lines": line_cache.keep_lines,
        "drawings": svg_cache.keep_drawings,
        "c-arrays": text_patches.share_array_types,
    }


def findings() -> Iterator[Finding]:
    """What a user should know when the engine has a version that nothing here was written for."""
    if weasyprint.__version__ not in VERSIONS:
        known = ", ".join(sorted(VERSIONS))
        engine = f"WeasyPrint {weasyprint.__version__}"
        hint = say("install WeasyPrint {known}", known=known)
        yield note(
            "engine-version",
            say("{engine} is not known to Livret: typesetting takes up to twice as long", engine=engine),
            None,
            hint,
        )
        yield warning(
            "engine-version",
            say(
                "{engine} is not known to Livret: words broken at line ends, hidden elements and changes "
                "of language are not marked for screen readers, and pictures lose quality",
                engine=engine,
            ),
            None,
            hint,
        )
