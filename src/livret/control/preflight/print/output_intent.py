"""The printing condition that a file names, and the ICC profile that describes it (ISO 15930-7, 6.4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from livret.control.preflight.pdf_objects import Pdf, data, entry, is_dictionary, members, name, raw, text, whole
from livret.control.preflight.print.breach import Breach
from livret.translation import say

# Printing conditions of the ICC's registry begin so; others of it stand beside them.
_CHANNELS = {"GRAY": 1, "RGB ": 3, "CMYK": 4}


@dataclass(frozen=True)
class IccHeader:
    """What the first 128 bytes of an ICC profile say (ICC.1:2010, 7.2)."""

    size: int
    version: tuple[int, int]
    device_class: str
    space: str
    connection: str

    @classmethod
    def of(cls, profile: bytes) -> IccHeader | None:
        """The header; None where the bytes are no ICC profile."""
        if len(profile) < 132 or profile[36:40] != b"acsp":
            return None
        told = (profile[at : at + 4].decode("latin-1") for at in (12, 16, 20))
        device_class, space, connection = told
        size = int.from_bytes(profile[:4], "big")
        return cls(size, (profile[8], profile[9] >> 4), device_class, space, connection)


def intents(pdf: Pdf) -> list[object]:
    """The output intents for PDF/X."""
    found = members(raw(pdf.root, "/OutputIntents"))
    return [one for one in found if name(raw(one, "/S")) == "GTS_PDFX"]


def intent_space(pdf: Pdf) -> str:
    """The colour space of the printing condition: GRAY, RGB, CMYK, another, or empty where none can be read."""
    for intent in intents(pdf):
        header = IccHeader.of(data(raw(intent, "/DestOutputProfile")))
        if header:
            return header.space.strip()
    return ""


def check_output_intent(pdf: Pdf) -> Iterator[Breach]:
    """Whether there is one output intent for PDF/X, and whether its profile can be printed by."""
    found = intents(pdf)
    if not found:
        yield Breach("no-output-intent", say("the file names no printing condition (OutputIntents has no GTS_PDFX)"))
        return
    if len(found) > 1:
        yield Breach("several-output-intents", say("the file has {number} output intents for PDF/X", number=len(found)))
    intent = found[0]
    identifier = text(raw(intent, "/OutputConditionIdentifier"))
    if not (identifier or "").strip():
        yield Breach("intent-without-condition", say("the output intent has no OutputConditionIdentifier"))
    stream = raw(intent, "/DestOutputProfile")
    if is_dictionary(entry(intent, "/DestOutputProfileRef")) and not is_dictionary(stream):
        yield Breach(
            "no-output-profile", say("the output intent leads to a profile outside the file: that is PDF/X-4p")
        )
        return
    if not is_dictionary(stream):
        yield Breach("no-output-profile", say("the output intent has no ICC profile (DestOutputProfile)"))
        return
    yield from _profile(data(stream), whole(raw(stream, "/N")))
    yield from _same_profile(pdf, stream)


def _profile(profile: bytes, components: int | None) -> Iterator[Breach]:
    """What is wrong with the profile of the output intent."""
    header = IccHeader.of(profile)
    if header is None:
        yield Breach("bad-output-profile", say("the ICC profile of the output intent cannot be read"))
        return
    if header.size > len(profile):
        message = say(
            "the ICC profile of the output intent is cut off: {number} of {size} bytes",
            number=len(profile),
            size=header.size,
        )
        yield Breach("bad-output-profile", message)
    if header.device_class != "prtr":
        message = say(
            'the ICC profile of the output intent is of the class "{kind}", not "prtr" (printer)',
            kind=header.device_class,
        )
        yield Breach("output-profile-class", message)
    if header.space not in _CHANNELS:
        message = say(
            'the ICC profile of the output intent is for "{space}", not for CMYK, RGB or grey',
            space=header.space.strip(),
        )
        yield Breach("output-profile-colours", message)
    elif components is not None and components != _CHANNELS[header.space]:
        message = say(
            "the output intent says {components} colours (N), its profile has {channels}",
            components=components,
            channels=_CHANNELS[header.space],
        )
        yield Breach("output-profile-colours", message)
    elif components is None:
        yield Breach("output-profile-colours", say("the profile of the output intent does not say its colours (N)"))
    major, minor = header.version
    # PDF 1.6 reads ICC profiles up to ISO 15076-1:2005, which is version 4.2; later minor versions differ in nothing
    # that a reader of 4.2 would misunderstand.
    if not 2 <= major <= 4:
        message = say(
            "the ICC profile of the output intent has version {major}.{minor}; PDF 1.6 reads 2 and 4",
            major=major,
            minor=minor,
        )
        yield Breach("output-profile-version", message)


def _same_profile(pdf: Pdf, stream: object) -> Iterator[Breach]:
    """A second output intent, for PDF/A, has to name the same profile (ISO 32000-1, 14.11.5)."""
    own = data(stream)
    for other in members(raw(pdf.root, "/OutputIntents")):
        profile = raw(other, "/DestOutputProfile")
        if name(raw(other, "/S")) != "GTS_PDFX" and is_dictionary(profile) and data(profile) != own:
            yield Breach("several-output-intents", say("the output intents of the file name different ICC profiles"))
            return
