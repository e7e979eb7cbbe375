"""Changes a fragment to meet PDF/A-3 before it is bound into an archive (ISO 19005-3)."""

from __future__ import annotations

import re
from typing import Any

from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

# Four numbers and the operator that fills or strokes in CMYK, or the name of the space itself.
_CMYK = re.compile(rb"(?:[-+.\d]+\s+){4}[kK]\s|/DeviceCMYK\b")
# Entries of streams that are not content: pictures, fonts, profiles.
_NO_CONTENT = ("/Width", "/Length1", "/N")


def make_archivable(fragment: Pdf, cmyk: bytes) -> None:
    """Change an open fragment so that an archive may contain it.

    Pictures lose their interpolation (6.2.8). If anything is in CMYK, the ICC profile `cmyk` defines its colours
    (6.2.4.3), because the output intent of the archive is sRGB and does not define CMYK.
    """
    objects = [item for item in fragment.objects if isinstance(item, Dictionary | Stream)]
    for item in objects:
        if item.get("/Subtype") == "/Image" and "/Interpolate" in item:
            del item["/Interpolate"]
    if not any(map(_is_cmyk, objects)):
        return
    space = fragment.make_indirect(Array([Name.ICCBased, fragment.make_stream(cmyk, N=4)]))
    for item in objects:
        resources: Any = item.get("/Resources")
        if isinstance(resources, Dictionary):
            if "/ColorSpace" not in resources:
                resources["/ColorSpace"] = Dictionary()
            resources["/ColorSpace"]["/DefaultCMYK"] = space


def _is_cmyk(item: Object) -> bool:
    """Whether an object may use DeviceCMYK. Text that looks like an operator also counts. This does no harm."""
    entries = item.stream_dict if isinstance(item, Stream) else item
    if b"/DeviceCMYK" in entries.unparse(resolved=True):
        return True
    is_content = isinstance(item, Stream) and not any(name in item for name in _NO_CONTENT)
    return is_content and bool(_CMYK.search(item.read_bytes()))
