"""Checks that an ICC file is made for a printing press: reads its header and its table of tags, not its colours."""

from __future__ import annotations

import re
import struct

from livret.translation import Text, say

# The classes of profiles and some colour spaces (ICC.1:2001-04, 6.1).
_CLASSES = {
    b"mntr": say("a display"),
    b"scnr": say("a scanner or camera"),
    b"prtr": say("a printer"),
    b"link": say("a chain of devices"),
}
_SPACES = {b"RGB ": "RGB", b"GRAY": say("grey"), b"CMYK": "CMYK", b"Lab ": "Lab", b"XYZ ": "XYZ"}


# Printing conditions by the titles of the profiles in use, where these do not say the name in the registry of the ICC
# (www.color.org/chardata). Titles are compared in lower case, with single spaces and without underscores.
_KNOWN = {
    r"iso ?coated(?! ?v2)|euroscale coated": "FOGRA27",
    r"iso ?webcoated": "FOGRA28",
    r"(?<!pso )iso ?uncoated(?! ?yellowish)": "FOGRA29",
    r"iso ?uncoated ?yellowish": "FOGRA30",
    r"iso ?coated ?v2": "FOGRA39",
    r"pso ?sc paper|(?<!pso )\bsc paper": "FOGRA40",
    r"pso ?mfc paper": "FOGRA41",
    r"pso ?snp paper": "FOGRA42",
    r"pso ?coated npscreen": "FOGRA43",
    r"pso ?uncoated npscreen": "FOGRA44",
    r"pso ?lwc improved": "FOGRA45",
    r"pso ?lwc standard": "FOGRA46",
    r"pso ?uncoated iso ?12647": "FOGRA47",
    r"pso ?inp paper": "FOGRA48",
    r"pso ?coated ?v2 300% glossy": "FOGRA49",
    r"pso ?coated ?v2 300% matt": "FOGRA50",
    r"pso ?coated ?v3": "FOGRA51",
    r"pso ?uncoated ?v3": "FOGRA52",
    r"ecicmyk(?! ?v2)": "FOGRA53",
    r"pso ?sc-?b paper ?v3": "FOGRA54",
    r"pso ?lwc ?plus": "FOGRA55",
    r"ecicmyk ?v2": "FOGRA59",
    r"web coated \(swop\)|\btr ?001\b": "CGATS TR 001",
    r"swop ?2006 ?coated ?3|swop 2006 grade 3|\btr ?003\b": "CGATS TR 003",
    r"swop ?2006 ?coated ?5|swop 2006 grade 5|\btr ?005\b": "CGATS TR 005",
    r"gracol ?2006|gracol coated|coated gracol|\btr ?006\b": "CGATS TR 006",
    r"gracol ?2013(?! ?uncoated)(?!.{0,8}crpc)": "CGATS21-2-CRPC6",
    r"gracol ?2013 ?uncoated": "CGATS21-2-CRPC3",
    r"japan ?color 2001 coated|jc ?200103": "JC200103",
    r"japan ?color 2001 uncoated|jc ?200104": "JC200104",
    r"japan ?color 2002 newspaper|jcn ?2002": "JCN2002",
    r"japan ?color 2003 web ?coated|japan web coated|jcw ?2003": "JCW2003",
    r"japan ?color 2011 coated|jc ?201103": "JC201103",
    r"iso ?newspaper ?26|ifra ?26": "IFRA26",
    r"iso ?newspaper ?30|ifra ?30": "IFRA30",
}


def named_conditions(text: str) -> frozenset[str]:
    """The printing conditions of the registry of the ICC that a text names, such as `FOGRA39` or `CGATS TR 006`."""
    words = " ".join(text.lower().replace("_", " ").split())
    found = {f"FOGRA{number}" for number in re.findall(r"fogra ?(\d{2})", words)}
    found |= {f"CGATS21-2-CRPC{number}" for number in re.findall(r"crpc ?([1-7])", words)}
    # A number of Fogra says more than a title, which its owner may give to several profiles.
    return frozenset(found or {condition for title, condition in _KNOWN.items() if re.search(title, words)})


def icc_conditions(raw: bytes) -> frozenset[str]:
    """The printing conditions that an ICC file says it is made for; empty where it says none.

    Its description and its target data are read (ICC.1:2001-04, 6.4.14 and 6.4.7).
    """
    texts = []
    for number in range(struct.unpack_from(">I", raw, 128)[0]):
        name, offset, length = struct.unpack_from(">4sII", raw, 132 + 12 * number)
        if name in (b"desc", b"targ"):
            # In ASCII or in UTF-16: without the zeros both read alike. Target data begin with what they are.
            texts.append(raw[offset : offset + min(length, 8192)].replace(b"\0", b"").decode("latin-1"))
    return frozenset().union(*map(named_conditions, texts))


def icc_fault(raw: bytes) -> tuple[Text, ...]:
    """Why an ICC file cannot be used as a CMYK output profile, and hints; empty when it can.

    The header and the table of tags are read (ICC.1:2001-04, 6.1 and 6.2); whether the colours are right is not.
    """
    ask = say("ask the printer for the ICC profile of the printing condition, a file of 100 kB to 3 MB")
    if len(raw) < 132 or raw[36:40] != b"acsp":
        return say("is not an ICC profile"), ask
    size, count = struct.unpack_from(">I", raw, 0)[0], struct.unpack_from(">I", raw, 128)[0]
    if size > len(raw):
        return say("is cut short: it has {number:,} bytes of {size:,}", number=len(raw), size=size), say(
            "copy or download it again"
        )
    # PDF/X-4 (ISO 15930-7) points to ISO 15076-1, which is version 4, and to what came before; iccMAX came later.
    if raw[8] not in (2, 4):
        return say("has version {version}, and PDF/X-4 takes 2 and 4", version=raw[8]), say(
            "ask the printer for a profile of version 2 or 4"
        )
    kind, space = raw[12:16], raw[16:20]
    if kind != b"prtr" or space != b"CMYK":
        told = say(
            "is a profile for {device} in {space}, not for a printing press in CMYK",
            device=_CLASSES.get(kind, say("another use")),
            space=_SPACES.get(space, say("other colours")),
        )
        return told, ask
    # A table of tags that runs beyond the end is not read.
    fitting = count if 132 + 12 * count <= size else 0
    tags = [struct.unpack_from(">4sII", raw, 132 + 12 * number) for number in range(fitting)]
    if fitting < count or any(offset + length > size for _, offset, length in tags):
        return say("is damaged: its end is missing"), say("copy or download it again")
    names = {name for name, _, _ in tags}
    # The colorimetric table (1) is used, and the perceptual one (0) stands in for it where it is missing.
    if not names & {b"B2A1", b"B2A0"} or not names & {b"A2B1", b"A2B0"}:
        return say("has no tables between colours and inks"), ask
    return ()
