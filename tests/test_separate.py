"""Separation of content, resources and pictures: what is written, what overprints, what is told when one is wrong."""

from __future__ import annotations

import gc
import io
import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageCms

import softproof
import torture
from handmade import CMYK, GREY, RGB, Hand, axial, compressed, lab, power, write
from livret.book.separation import shading
from livret.book.separation.images import Converted
from livret.book.separation.separate import separate
from livret.findings import Finding, Severity
from press_walk import walk


def separated(hand: Hand, kept: Any = None) -> tuple[pikepdf.Pdf, tuple[Finding, ...]]:
    """A PDF after separation, and what was found."""
    file = io.BytesIO()
    hand.pdf.save(file)
    hand.made = pikepdf.open(file)
    return hand.made, separate(hand.made, softproof.inks(), kept)


def content(page: Any) -> str:
    """The operators of a page or a stream, without the black that a page begins with."""
    stream = page.obj["/Contents"] if isinstance(page, pikepdf.Page) else page
    text = bytes(stream.read_bytes()).decode("latin-1")
    return text.removeprefix("0 0 0 1 k\n0 0 0 1 K").strip()


def one_page(text: str, **resources: Any) -> str:
    """What becomes of a page with this content, which must be right."""
    hand = Hand()
    hand.page(text, **resources)
    pdf, findings = separated(hand)
    assert findings == ()
    return content(pdf.pages[0])


def resource(pdf: pikepdf.Pdf, category: str, name: str) -> Any:
    """A resource of the first page."""
    return pdf.pages[0].obj["/Resources"][category][name]


# --- colours ---


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ("0 0.509804 0.521569 rg", "0.9 0 0.38 0.3 k"),
        ("0.768627 0.078431 0.376471 RG", "0 0.97 0.22 0.2 K"),
        ("0 g", "0 0 0 1 k"),
        ("1 1 1 RG", "0 0 0 0 K"),
        ("0.443137 G", "0 0 0 0.7 K"),
        (".1 .2 .3 .4 k", "0.1 0.2 0.3 0.4 k"),
        ("/DeviceRGB cs 0 0 0 sc", "0 0 0 1 k\n0 0 0 1 k"),
        ("/DeviceCMYK CS .5 0 0 0 SCN", "0 0 0 1 K\n0.5 0 0 0 K"),
    ],
)
def test_colours_become_ink(source: str, written: str) -> None:
    assert one_page(source) == written


def test_a_page_begins_in_black_ink() -> None:
    hand = Hand()
    hand.page("0 0 10 10 re f")
    pdf, _ = separated(hand)
    assert bytes(pdf.pages[0].obj["/Contents"].read_bytes()) == b"0 0 0 1 k\n0 0 0 1 K\n0 0 10 10 re\nf"


def test_default_spaces_of_a_page_are_minded() -> None:
    hand = Hand()
    plain = one_page(".4 .1 .7 rg")
    cie = Array([Name.CalRGB, Dictionary(WhitePoint=[0.9505, 1, 1.089], Gamma=[1, 1, 1])])
    assert one_page(".4 .1 .7 rg", ColorSpace=Dictionary(DefaultRGB=cie)) != plain
    assert one_page(".4 .1 .7 rg", ColorSpace=Dictionary(DefaultRGB=hand.spot()[2])) == plain


def test_a_spot_colour_stays_and_its_equivalent_becomes_cmyk() -> None:
    hand = Hand()
    hand.page("/S cs .8 scn 0 0 9 9 re f", ColorSpace=Dictionary(S=hand.spot()))
    pdf, findings = separated(hand)
    assert findings == ()
    ((name, space),) = resource(pdf, "/ColorSpace", "/Spot0").as_list() and [
        ("/Spot0", resource(pdf, "/ColorSpace", "/Spot0"))
    ]
    assert content(pdf.pages[0]).startswith(f"{name} cs\n1 scn\n{name} cs\n0.8 scn")
    assert [str(space[0]), str(space[1]), str(space[2])] == ["/Separation", "/Orange", "/DeviceCMYK"]


def test_marked_content_tags_links_and_names_go() -> None:
    hand = Hand()
    page = hand.page("/P <</MCID 0>> BDC 0 0 9 9 re f EMC /Artifact BMC EMC")
    link = Dictionary(Subtype=Name.Link, Rect=[0, 0, 9, 9])
    page.obj["/Annots"] = Array([hand.pdf.make_indirect(link)])
    page.obj["/StructParents"] = 0
    for name in ("/StructTreeRoot", "/MarkInfo", "/Names", "/Outlines", "/ViewerPreferences", "/PageLabels"):
        hand.pdf.Root[name] = Dictionary()
    pdf, findings = separated(hand)
    assert findings == ()
    assert content(pdf.pages[0]) == "0 0 9 9 re\nf"
    assert set(pdf.Root.keys()) == {"/Type", "/Pages"}
    assert set(pdf.pages[0].obj.keys()) == {"/Type", "/Parent", "/MediaBox", "/Contents", "/Resources"}


def test_a_page_gets_only_the_resources_it_uses() -> None:
    hand = Hand()
    states = Dictionary(A=Dictionary(ca=0.5), B=Dictionary(ca=0.4))
    hand.page("/A gs 0 0 9 9 re f", ExtGState=states, ColorSpace=Dictionary(L=lab()))
    pdf, _ = separated(hand)
    assert pdf.pages[0].obj["/Resources"] == Dictionary(ExtGState=Dictionary(A=Dictionary(ca=0.5)))


def test_unbalanced_states_are_balanced() -> None:
    assert one_page("Q q q 0 0 9 9 re f Q") == "q\nq\n0 0 9 9 re\nf\nQ\nQ"


# --- overprint ---


def painted(text: str, **resources: Any) -> list[tuple[str, bool]]:
    """What a page paints after separation: the kind, and whether it overprints."""
    hand = Hand()
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    hand.page(text, Font=Dictionary(F=font), **resources)
    pdf, findings = separated(hand)
    assert findings == ()
    return [(one.kind, one.overprints) for one in walk(pdf).painted]


@pytest.mark.parametrize(
    ("text", "overprints"),
    [
        ("0 g BT /F 11.9 Tf (a) Tj ET", True),
        ("0 g BT /F 12 Tf (a) Tj ET", False),
        ("0 0 0 rg BT 1 0 0 -1 5 5 Tm /F 9 Tf [(a) 9 (b)] TJ ET", True),
        ("0 g .75 0 0 .75 0 0 cm BT /F 15.9 Tf (a) Tj ET", True),
        ("0 g BT 2 0 0 2 5 5 Tm /F 6 Tf (a) Tj ET", False),
        ("0 g BT /F 1 Tf 11 0 0 11 0 0 Tm (a) Tj ET", True),
        ("1 g BT /F 9 Tf (a) Tj ET", False),
        (".44 g BT /F 9 Tf (a) Tj ET", False),
        ("1 0 0 rg BT /F 9 Tf (a) Tj ET", False),
        ("0 0 0 1 k BT /F 9 Tf (a) Tj ET", True),
    ],
)
def test_small_black_text_overprints(text: str, overprints: bool) -> None:
    assert painted(text) == [("text", overprints)]


@pytest.mark.parametrize(
    ("text", "overprints"),
    [
        ("0 G 1.9 w 0 0 m 9 9 l S", True),
        ("0 G 2 w 0 0 m 9 9 l S", False),
        ("0 G 4 w .25 0 0 .25 0 0 cm 0 0 m 9 9 l S", True),
        ("0 G 0 w 0 0 9 9 re s", True),
        ("1 G .5 w 0 0 m 9 9 l S", False),
        ("0 0 1 RG .5 w 0 0 m 9 9 l S", False),
        ("0 G /W gs 0 0 m 9 9 l S", True),
    ],
)
def test_thin_black_lines_overprint(text: str, overprints: bool) -> None:
    assert painted(text, ExtGState=Dictionary(W=Dictionary(LW=0.5))) == [("line", overprints)]


def test_what_follows_small_black_text_knocks_out() -> None:
    text = "0 g BT /F 9 Tf (a) Tj 1 g (b) Tj ET 0 g 0 0 9 9 re f 0 G 1 w 0 0 9 9 re B BT /F 9 Tf (c) Tj ET"
    kinds = [("text", True), ("text", False), ("fill", False), ("fill", False), ("line", True), ("text", True)]
    assert painted(text) == kinds


def test_overprint_follows_the_graphics_state() -> None:
    text = "q 0 g BT /F 9 Tf (a) Tj ET Q 1 0 0 rg BT /F 9 Tf (a) Tj ET q 0 g BT /F 9 Tf (a) Tj ET 0 0 9 9 re f Q"
    assert painted(text) == [("text", True), ("text", False), ("text", True), ("fill", False)]


def test_overprint_of_the_source_is_not_believed() -> None:
    states = Dictionary(O=Dictionary(OP=True, op=True, OPM=1, SA=True))
    assert painted("/O gs 1 0 0 rg 0 0 9 9 re f", ExtGState=states) == [("fill", False)]


def test_nothing_stands_inside_a_path() -> None:
    written = one_page("0 G .5 w 0 0 m 5 5 l 1 1 9 9 re S")
    assert written.splitlines()[-5:] == ["/Overprint0 gs", "0 0 m", "5 5 l", "1 1 9 9 re", "S"]


# --- forms, patterns, glyphs ---


def test_a_form_is_separated_once_unless_its_scale_decides() -> None:
    hand = Hand()
    font = Dictionary(F=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    plain = hand.form("1 0 0 rg 0 0 9 9 re f")
    words = hand.form("0 g BT /F 9 Tf (a) Tj ET", Dictionary(Font=font))
    hand.page("/P Do /W Do", XObject=Dictionary(P=plain, W=words))
    hand.page("2 0 0 2 0 0 cm /P Do /W Do", XObject=Dictionary(P=plain, W=words))
    pdf, findings = separated(hand)
    assert findings == ()
    first, second = (page.obj["/Resources"]["/XObject"] for page in pdf.pages)
    assert first["/P"].objgen == second["/P"].objgen
    assert first["/W"].objgen != second["/W"].objgen
    assert "gs" in content(first["/W"])
    assert "gs" not in content(second["/W"])


def test_a_form_takes_the_colour_of_who_draws_it() -> None:
    hand = Hand()
    font = Dictionary(F=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    words = hand.form("BT /F 9 Tf (a) Tj ET", Dictionary(Font=font))
    hand.page("0 g /W Do", XObject=Dictionary(W=words))
    hand.page("1 0 0 rg /W Do", XObject=Dictionary(W=words))
    pdf, _ = separated(hand)
    first, second = (content(page.obj["/Resources"]["/XObject"]["/W"]) for page in pdf.pages)
    assert ("gs" in first, "gs" in second) == (True, False)


def test_a_group_mixes_inks_and_the_group_of_a_mask_grey() -> None:
    hand = Hand()
    mask = Dictionary(S=Name.Luminosity, G=hand.group(".2 .4 .6 rg 0 0 9 9 re f"))
    hand.page(
        "/M gs /G Do",
        XObject=Dictionary(G=hand.group("1 0 0 rg 0 0 9 9 re f")),
        ExtGState=Dictionary(M=Dictionary(SMask=mask)),
    )
    pdf, _ = separated(hand)
    made = resource(pdf, "/ExtGState", "/M")["/SMask"]["/G"]
    assert resource(pdf, "/XObject", "/G")["/Group"]["/CS"] == "/DeviceCMYK"
    assert (made["/Group"]["/CS"], content(made)) == ("/DeviceGray", "0.362 g\n0 0 9 9 re\nf")


def test_one_form_may_be_ink_here_and_mask_there() -> None:
    hand = Hand()
    form = hand.group("1 0 0 rg 0 0 9 9 re f")
    states = Dictionary(M=Dictionary(SMask=Dictionary(S=Name.Luminosity, G=form)))
    hand.page("/F Do /M gs 0 0 9 9 re f", XObject=Dictionary(F=form), ExtGState=states)
    pdf, _ = separated(hand)
    assert " k" in content(resource(pdf, "/XObject", "/F"))
    assert content(resource(pdf, "/ExtGState", "/M")["/SMask"]["/G"]).startswith("0.3 g")


def test_glyphs_that_take_a_colour_bring_none() -> None:
    hand = Hand()
    glyphs = Dictionary(
        a=hand.stream("9 0 0 0 9 9 d1 1 0 0 rg 0 0 9 9 re f"), b=hand.stream("9 0 d0 1 0 0 rg 0 0 9 9 re f")
    )
    font = Dictionary(
        Type=Name.Font, Subtype=Name.Type3, FontBBox=[0, 0, 9, 9], FontMatrix=[0.1, 0, 0, 0.1, 0, 0], FirstChar=97,
        LastChar=98, Widths=[9, 9], CharProcs=glyphs, Encoding=Dictionary(Differences=[97, Name.a, Name.b]),
    )  # fmt: skip
    hand.page("BT /F 9 Tf (a) Tj ET", Font=Dictionary(F=font))
    pdf, findings = separated(hand)
    assert findings == ()
    made = resource(pdf, "/Font", "/F")["/CharProcs"]
    assert content(made["/a"]) == "9 0 0 0 9 9 d1\n0 0 9 9 re\nf"
    assert content(made["/b"]) == "9 0 d0\n0 0.9686 0.9843 0 k\n0 0 9 9 re\nf"


# --- pictures ---


def shown(picture: Any, hand: Hand, kept: Any = None) -> Any:
    """What becomes of a picture, which must be right."""
    hand.page("9 0 0 9 0 0 cm /P Do", XObject=Dictionary(P=picture))
    pdf, findings = separated(hand, kept)
    assert findings == ()
    return resource(pdf, "/XObject", "/P")


def pixels(picture: Any) -> bytes:
    """The samples of a lossless picture."""
    return bytes(picture.read_bytes())


def test_a_picture_without_hue_becomes_grey() -> None:
    hand = Hand()
    made = shown(hand.picture(bytes([0, 0, 0, 113, 113, 113, 255, 255, 255]), RGB, size=(3, 1)), hand)
    assert made["/ColorSpace"] == "/DeviceGray"
    tones = softproof.inks().tones
    assert pixels(made) == bytes([0, tones[113], 255])


def test_lines_of_one_bit_stay_as_they_are() -> None:
    hand = Hand()
    made = shown(hand.picture(b"\xa0", GREY, 1, (3, 1), Decode=Array([1, 0])), hand)
    assert (made["/BitsPerComponent"], pixels(made), list(made["/Decode"])) == (1, b"\xa0", [1, 0])


def test_the_table_of_an_indexed_picture_is_converted_and_its_pixels_stay() -> None:
    hand = Hand()
    table = pikepdf.String(bytes([255, 0, 0, 0, 0, 255]))
    made = shown(hand.picture(b"\x40", Array([Name.Indexed, RGB, 1, table]), 1, (3, 1)), hand)
    family, base, high, entries = made["/ColorSpace"].as_list()
    assert (str(family), str(base), int(high), pixels(made)) == ("/Indexed", "/DeviceCMYK", 1, b"\x40")
    red, blue = (softproof.inks().rgb(colour) for colour in ((1, 0, 0), (0, 0, 1)))
    assert bytes(entries) == bytes(round(255 * ink) for ink in (*red, *blue))


def test_a_colour_key_becomes_a_stencil() -> None:
    hand = Hand()
    raw = bytes([200, 0, 0, 0, 200, 0, 0, 0, 200])
    made = shown(hand.picture(raw, RGB, size=(3, 1), Mask=Array([0, 9, 190, 210, 0, 9])), hand)
    stencil = made["/Mask"]
    assert stencil["/ImageMask"]
    assert pixels(stencil)[0] >> 5 == 0b010, "1 hides"


def test_a_jpeg_becomes_a_jpeg_of_four_inks() -> None:
    hand = Hand()
    raw = compressed(torture.photograph(), "JPEG", quality=90)
    made = shown(hand.picture(raw, RGB, size=(160, 120), Filter=Name.DCTDecode), hand)
    assert (str(made["/Filter"]), list(made["/Decode"])) == ("/DCTDecode", [1, 0] * 4)
    opened = Image.open(io.BytesIO(bytes(made.read_raw_bytes())))
    assert (opened.mode, opened.size) == ("CMYK", (160, 120))
    # Pillow has undone the inversion that /Decode tells of.
    off = softproof.apart(softproof.seen(opened), softproof.proofed(Image.open(io.BytesIO(raw))))
    assert softproof.mean(off) < 1.5


def test_rounding_in_a_jpeg_takes_no_pixel_over_the_ink_limit() -> None:
    # Colours that change from pixel to pixel, near black, are rounded most.
    noise = random.Random(4)
    picture = Image.frombytes("RGB", (64, 64), bytes(noise.choice((0, 10, 60)) for _ in range(64 * 64 * 3)))
    hand = Hand()
    made = shown(hand.picture(compressed(picture, "JPEG", quality=95), RGB, size=(64, 64), Filter=Name.DCTDecode), hand)
    printed = Image.open(io.BytesIO(bytes(made.read_raw_bytes())))
    most = max(sum(pixel) for pixel in zip(*(band.tobytes() for band in printed.split()), strict=True)) / 2.55
    assert 290 < most <= 301


def test_cmyk_stays_unless_it_is_of_another_press() -> None:
    foreign = ImageCms.ImageCmsProfile(str(softproof.UNCOATED)).tobytes()
    # 200 % of ink at most.
    tone = Image.linear_gradient("L").resize((64, 48)).point([value // 2 for value in range(256)])
    picture = Image.merge("CMYK", [tone] * 4)
    for profile, stays in ((b"", True), (softproof.PROFILE.read_bytes(), True), (foreign, False)):
        hand = Hand()
        raw = compressed(picture, "JPEG", quality=95, icc_profile=profile or None)
        made = shown(hand.picture(raw, CMYK, Filter=Name.DCTDecode, Decode=Array([1, 0] * 4)), hand)
        assert (bytes(made.read_raw_bytes()) == raw) is stays
        assert str(made["/ColorSpace"]) == "/DeviceCMYK"


def test_a_jpeg_is_read_by_the_profile_inside_it() -> None:
    lab_profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = bytearray(lab_profile)
    red, blue = swapped.find(b"rXYZ"), swapped.find(b"bXYZ")
    # A profile whose red is blue: the primaries of sRGB, exchanged.
    swapped[red : red + 4], swapped[blue : blue + 4] = b"bXYZ", b"rXYZ"
    photo = torture.photograph((64, 48))
    results = []
    for profile in (lab_profile, bytes(swapped)):
        hand = Hand()
        raw = compressed(photo, "JPEG", quality=95, icc_profile=profile)
        results.append(bytes(shown(hand.picture(raw, RGB, Filter=Name.DCTDecode), hand).read_raw_bytes()))
    assert results[0] != results[1]


class Shelf:
    """Keeps pictures in memory, and counts what was asked for."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        self.found = 0

    def get(self, key: str) -> bytes | None:
        self.found += key in self.kept
        return self.kept.get(key)

    def put(self, key: str, value: bytes) -> None:
        self.kept[key] = value


def test_a_picture_is_converted_once() -> None:
    shelf = Shelf()
    results = []
    for _ in range(2):
        hand = Hand()
        picture = hand.picture(torture.photograph((64, 48)).tobytes(), RGB, Mask=Array([0, 1] * 3))
        made = shown(picture, hand, shelf)
        results.append((pixels(made), pixels(made["/Mask"]), str(made["/ColorSpace"])))
    assert results[0] == results[1]
    assert (len(shelf.kept), shelf.found) == (1, 1)


def test_what_was_kept_and_is_damaged_is_made_again() -> None:
    shelf = Shelf()
    hand = Hand()
    whole = pixels(shown(hand.picture(torture.photograph((64, 48)).tobytes(), RGB), hand, shelf))
    ((key, value),) = shelf.kept.items()
    for damaged in (b"", b"{}\n", value[:-1], value[:-1] + b"?", b"not json\n"):
        assert Converted.unpack(damaged) is None
        shelf.kept[key] = damaged
        hand = Hand()
        assert pixels(shown(hand.picture(torture.photograph((64, 48)).tobytes(), RGB), hand, shelf)) == whole
        assert shelf.kept[key] == value


# --- what is wrong is told ---


def told(make: Any) -> list[tuple[str, str]]:
    """The rules and messages of a page that a function writes."""
    hand = Hand()
    make(hand)
    pdf, findings = separated(hand)
    assert walk(pdf).strangers == {}
    assert all(finding.message.startswith("page 1: ") for finding in findings if finding.rule != "layered-content")
    return [(finding.rule, finding.message) for finding in findings if finding.severity is Severity.ERROR]


def _endless(hand: Hand) -> None:
    form = hand.pdf.make_indirect(hand.form("1 0 0 rg 0 0 9 9 re f /F Do"))
    form["/Resources"]["/XObject"] = Dictionary(F=form)
    hand.page("/F Do", XObject=Dictionary(F=form))


def _picture(hand: Hand, *arguments: Any, **entries: Any) -> None:
    hand.page("/P Do", XObject=Dictionary(P=hand.picture(*arguments, **entries)))


WRONG: dict[str, tuple[Any, str]] = {
    "a resource that is missing": (lambda hand: hand.page("/F Do"), "damaged-part"),
    "an unknown space": (lambda hand: hand.page("/Nothing cs 0 0 9 9 re f"), "unknown-colour-space"),
    "too few components": (lambda hand: hand.page("1 0 rg"), "damaged-part"),
    "an unknown operator": (lambda hand: hand.page("1 2 frobnicate"), "unknown-operator"),
    "content that ends too soon": (lambda hand: hand.page("q (abc"), "damaged-part"),
    "a form inside itself": (_endless, "endless-content"),
    "a PostScript object": (
        lambda hand: hand.page("/P Do", XObject=Dictionary(P=hand.stream("showpage", Subtype=Name.PS))),
        "unknown-part",
    ),
    "a short picture": (lambda hand: _picture(hand, b"123", RGB), "damaged-picture"),
    "a picture that is none": (lambda hand: _picture(hand, b"nothing", RGB, Filter=Name.DCTDecode), "damaged-picture"),
    "half a JPEG": (
        lambda hand: _picture(hand, compressed(torture.photograph((64, 48)), "JPEG")[:900], RGB, Filter=Name.DCTDecode),
        "damaged-picture",
    ),
    "an endless picture": (lambda hand: _picture(hand, b"1", RGB, size=(30000, 30000)), "picture-too-large"),
    "a gradient of no kind": (
        lambda hand: hand.page("/S sh", Shading=Dictionary(S=Dictionary(ShadingType=9, ColorSpace=RGB))),
        "damaged-part",
    ),
    "a function that does not fit": (
        lambda hand: hand.page("/S sh", Shading=Dictionary(S=axial(RGB, power([0], [1])))),
        "damaged-part",
    ),
    "layers": (
        lambda hand: (hand.page(""), hand.pdf.Root.__setitem__("/OCProperties", Dictionary())),
        "layered-content",
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_a_finding(what: str) -> None:
    make, rule = WRONG[what]
    assert [one for one, _ in told(make)] == [rule]


def test_the_rest_of_a_page_with_a_fault_is_separated() -> None:
    hand = Hand()
    hand.page("/F Do 1 0 0 rg 0 0 9 9 re f")
    pdf, findings = separated(hand)
    assert len(findings) == 1
    assert content(pdf.pages[0]) == "0 0.9686 0.9843 0 k\n0 0 9 9 re\nf"


def test_a_note_that_would_print_is_missed() -> None:
    hand = Hand()
    page = hand.page("")
    note = Dictionary(Subtype=Name.Stamp, Rect=[0, 0, 9, 9], AP=Dictionary(N=hand.form("1 0 0 rg 0 0 9 9 re f")))
    page.obj["/Annots"] = Array([hand.pdf.make_indirect(note)])
    assert [finding.rule for finding in separated(hand)[1]] == ["lost-annotation"]


def _parts(source: Any, seen: set[tuple[int, int]]) -> Iterator[Any]:
    """Every array, dictionary and stream below an object, once."""
    if isinstance(source, pikepdf.Array):
        yield source
        for one in list(source):
            yield from _parts(one, seen)
    elif isinstance(source, pikepdf.Dictionary | pikepdf.Stream) and source.objgen not in seen:
        if source.objgen != (0, 0):
            seen.add(source.objgen)
        yield source
        for name in sorted(set(source.keys()) - {"/Parent"}):
            yield from _parts(source[name], seen)


def _spoil(pdf: pikepdf.Pdf, chance: random.Random) -> None:
    """Put something else in one place of a file."""
    seen: set[tuple[int, int]] = set()
    part = chance.choice([part for page in pdf.pages for part in _parts(page.obj, seen)])
    junk = chance.choice([-1, 0, 10**12, 1.5, True, Name.Foo, pikepdf.String("x"), Array([1, 2]), Dictionary()])
    if isinstance(part, pikepdf.Array):
        if len(part):
            part[chance.randrange(len(part))] = junk
    elif isinstance(part, pikepdf.Stream) and chance.random() < 0.4:
        raw = bytes(part.read_raw_bytes())
        filters = {name: part[name] for name in ("/Filter", "/DecodeParms") if name in part}
        part.write(raw[: chance.randrange(len(raw) + 1)])
        for name, value in filters.items():
            part[name] = value
    else:
        names = sorted(set(part.keys()) - {"/Parent", "/Length"})
        if names:
            part[chance.choice(names)] = junk


def test_no_spoilt_file_gives_a_traceback_or_leaves_a_stranger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Half of the time would go into the 4,225 samples of one shading, which is spoilt as well by 81.
    monkeypatch.setattr(shading, "PLANE", 9)
    path = tmp_path / "hand.pdf"
    write(path)
    chance = random.Random(5)
    rules: set[str] = set()
    for _ in range(600 if "LIVRET_EVERYTHING" in os.environ else 20):
        with pikepdf.open(path) as pdf:
            _spoil(pdf, chance)
            _spoil(pdf, chance)
            rules |= {finding.rule for finding in separate(pdf, softproof.inks())}
            pdf.save(tmp_path / "spoilt.pdf")
        with pikepdf.open(tmp_path / "spoilt.pdf") as pdf:
            assert _families(pdf) <= {"/DeviceCMYK", "/DeviceGray", "/Separation", "/Indexed", "/Pattern"}
    assert "damaged-part" in rules


def _families(pdf: pikepdf.Pdf) -> set[str]:
    """Every name of a family of colour spaces that stands anywhere in the objects of a file."""
    known = {"/DeviceRGB", "/CalRGB", "/CalGray", "/Lab", "/ICCBased", "/DeviceN", "/DeviceCMYK", "/DeviceGray",
             "/Separation", "/Indexed", "/Pattern"}  # fmt: skip
    found = set()
    seen: set[tuple[int, int]] = set()
    for page in pdf.pages:
        for part in _parts(page.obj, seen):
            values = part if isinstance(part, pikepdf.Array) else [part[name] for name in part if name != "/Parent"]
            found |= {str(one) for one in values if isinstance(one, pikepdf.Name)} & known
    return found


# --- the demonstration ---


@pytest.fixture(scope="module")
def fragments(built_demonstration: Path) -> list[Path]:
    """Every fragment of the demonstration."""
    return sorted((built_demonstration / "output" / ".store" / "fragments").rglob("*.pdf"))


def test_the_demonstration_leaves_only_colours_of_the_press(fragments: list[Path]) -> None:
    body = 0
    for path in fragments:
        with pikepdf.open(path) as pdf:
            assert walk(pdf).strangers, "it was typeset in RGB"
            findings = separate(pdf, softproof.inks())
            assert [finding for finding in findings if finding.severity is Severity.ERROR] == []
            found = walk(pdf)
        assert found.strangers == {}
        for one in found.painted:
            assert one.space == "DeviceCMYK"
            if one.colour == (0, 0, 0, 1) and one.kind in ("text", "line"):
                assert one.overprints is (one.size < (12 if one.kind == "text" else 2))
                body += one.kind == "text"
            else:
                assert not one.overprints
    assert body > 1000


def test_the_colours_of_the_demonstration_are_the_recipes(fragments: list[Path]) -> None:
    recipes = {tuple(share / 100 for share in colour.cmyk) for colour in softproof.PALETTE.values()}
    seen: set[Any] = set()
    for path in fragments:
        with pikepdf.open(path) as pdf:
            separate(pdf, softproof.inks())
            seen |= {one.colour for one in walk(pdf).of("text")}
    assert seen <= recipes
    assert len(seen) > 5


def test_nothing_holds_a_pdf_when_it_is_separated() -> None:
    """Else the photographs of many fragments would pile up in a worker."""

    def held() -> int:
        return sum(isinstance(one, pikepdf.Pdf) for one in gc.get_objects())

    gc.collect()
    gc.disable()
    try:
        before = held()
        one_page("0.2 0.4 0.6 rg 1 1 9 9 re f q 0 g 0 0 5 5 re f Q")
        assert held() == before
    finally:
        gc.enable()
