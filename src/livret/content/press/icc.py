"""Checks that an ICC file is made for a printing press: reads its header and its table of tags, not its colours."""

from __future__ import annotations

import re
import struct

# The classes of profiles and some colour spaces (ICC.1:2001-04, 6.1).
_CLASSES = {b"mntr": "a display", b"scnr": "a scanner or camera", b"prtr": "a printer", b"link": "a chain of devices"}
_SPACES = {b"RGB ": "RGB", b"GRAY": "grey", b"CMYK": "CMYK", b"Lab ": "Lab", b"XYZ ": "XYZ"}


# Fogra's numbers for the characterisation data that common profiles were made from, where they do not name them.
_KNOWN = {
    "iso coated v2": "FOGRA39",
    "pso coated v3": "FOGRA51",
    "pso uncoated v3": "FOGRA52",
    "pso uncoated iso12647": "FOGRA47",
    "pso lwc improved": "FOGRA45",
}


def icc_conditions(raw: bytes) -> frozenset[str]:
    """The printing conditions of Fogra that an ICC file says it is made for, as `FOGRA39`; empty where it says none.

    Its description and its target data are read (ICC.1:2001-04, 6.4.14 and 6.4.7).
    """
    texts = []
    for number in range(struct.unpack_from(">I", raw, 128)[0]):
        name, offset, length = struct.unpack_from(">4sII", raw, 132 + 12 * number)
        if name in (b"desc", b"targ"):
            # In ASCII or in UTF-16: without the zeros both read alike. Target data begin with what they are.
            texts.append(raw[offset : offset + min(length, 8192)].replace(b"\0", b"").decode("latin-1").lower())
    words = " ".join(texts).replace("_", " ")
    named = {f"FOGRA{found}" for found in re.findall(r"fogra ?(\d{2})", words)}
    return frozenset(named | {condition for title, condition in _KNOWN.items() if title in words})


def icc_fault(raw: bytes) -> tuple[str, ...]:
    """Why an ICC file cannot be used as a CMYK output profile, and hints; empty when it can.

    The header and the table of tags are read (ICC.1:2001-04, 6.1 and 6.2); whether the colours are right is not.
    """
    ask = "ask the printer for the ICC profile of the printing condition, a file of 100 kB to 3 MB"
    if len(raw) < 132 or raw[36:40] != b"acsp":
        return "is not an ICC profile", ask
    size, count = struct.unpack_from(">I", raw, 0)[0], struct.unpack_from(">I", raw, 128)[0]
    if size > len(raw):
        return f"is cut short: it has {len(raw):,} bytes of {size:,}", "copy or download it again"
    # PDF/X-4 (ISO 15930-7) points to ISO 15076-1, which is version 4, and to what came before; iccMAX came later.
    if raw[8] not in (2, 4):
        return f"has version {raw[8]}, and PDF/X-4 takes 2 and 4", "ask the printer for a profile of version 2 or 4"
    kind, space = raw[12:16], raw[16:20]
    if kind != b"prtr" or space != b"CMYK":
        made_for = f"{_CLASSES.get(kind, 'another use')} in {_SPACES.get(space, 'other colours')}"
        return f"is a profile for {made_for}, not for a printing press in CMYK", ask
    # A table of tags that runs beyond the end is not read.
    fitting = count if 132 + 12 * count <= size else 0
    tags = [struct.unpack_from(">4sII", raw, 132 + 12 * number) for number in range(fitting)]
    if fitting < count or any(offset + length > size for _, offset, length in tags):
        return "is damaged: a part of it lies beyond its end", "copy or download it again"
    names = {name for name, _, _ in tags}
    # The colorimetric table (1) is used, and the perceptual one (0) stands in for it where it is missing.
    if not names & {b"B2A1", b"B2A0"} or not names & {b"A2B1", b"A2B0"}:
        return "has no tables between colours and inks", ask
    return ()
