"""The pages of the torture that the engine does not make, written operator by operator."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageCms

from torture import SIZE, photograph

RGB, GREY, CMYK = Name.DeviceRGB, Name.DeviceGray, Name.DeviceCMYK


class Hand:
    """Writes pages whose content and resources are given."""

    def __init__(self) -> None:
        self.pdf = pikepdf.new()
        # What became of it: objects of a PDF live no longer than the PDF.
        self.made: pikepdf.Pdf | None = None

    def page(self, content: str | bytes, **resources: Any) -> pikepdf.Page:
        """A page with this content and these resources."""
        page = self.pdf.add_blank_page(page_size=SIZE)
        page.obj["/Contents"] = self.pdf.make_stream(content.encode() if isinstance(content, str) else content)
        page.obj["/Resources"] = Dictionary(**resources)
        return page

    def stream(self, raw: str | bytes, **entries: Any) -> Any:
        """A stream with these entries."""
        made: Any = self.pdf.make_stream(raw.encode() if isinstance(raw, str) else raw)
        for name, value in entries.items():
            made[f"/{name}"] = value
        return made

    def picture(self, raw: bytes, space: Any, bits: int = 8, size: tuple[int, int] = (64, 48), **entries: Any) -> Any:
        """A picture; its space is None for a stencil."""
        entries |= {"Type": Name.XObject, "Subtype": Name.Image, "Width": size[0], "Height": size[1]}
        return self.stream(raw, BitsPerComponent=bits, **({} if space is None else {"ColorSpace": space}), **entries)

    def form(self, content: str, resources: Any = None, **entries: Any) -> Any:
        """A form of the size of the page."""
        entries |= {"Type": Name.XObject, "Subtype": Name.Form, "BBox": Array([0, 0, *SIZE])}
        return self.stream(content, Resources=resources or Dictionary(), **entries)

    def group(self, content: str, resources: Any = None, space: Any = RGB) -> Any:
        """A form that is a transparency group."""
        return self.form(content, resources, Group=Dictionary(S=Name.Transparency, CS=space, I=True))

    def program(self, text: str, inputs: int, outputs: int, domain: list[float] | None = None) -> Any:
        """A function of type 4 whose outputs are 0 to 1."""
        limits = {"Domain": Array(domain or [0, 1] * inputs), "Range": Array([0, 1] * outputs)}
        return self.stream(text, FunctionType=4, **limits)

    # --- colour spaces ---

    def profiled(self) -> Array:
        """sRGB by its ICC profile."""
        raw = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
        return Array([Name.ICCBased, self.stream(raw, N=3, Alternate=RGB)])

    def spot(self) -> Array:
        """A spot colour with an alternate in RGB."""
        return Array(
            [
                Name.Separation,
                Name("/Orange"),
                RGB,
                self.program("{dup .3 mul 1 exch sub exch 1 exch sub 1 index dup mul exch}", 1, 3),
            ]
        )

    def mixed(self) -> Array:
        """Two spot colours with an alternate in RGB."""
        program = self.program("{2 copy add 2 div 1 exch sub 3 1 roll 1 exch sub exch 1 exch sub}", 2, 3)
        return Array([Name.DeviceN, Array([Name("/Un"), Name("/Deux")]), RGB, program])


def lab() -> Array:
    """CIE L*a*b*; other ranges than this are not read alike by all readers."""
    return Array([Name.Lab, Dictionary(WhitePoint=[0.9642, 1, 0.8249], Range=[-128, 127, -128, 127])])


def calibrated() -> Array:
    """CalRGB with the primaries of sRGB and a gamma of 2.2."""
    matrix = [0.4124, 0.2126, 0.0193, 0.3576, 0.7152, 0.1192, 0.1805, 0.0722, 0.9505]
    return Array([Name.CalRGB, Dictionary(WhitePoint=[0.9505, 1, 1.089], Gamma=[2.2, 2.2, 2.2], Matrix=matrix)])


def spaces(hand: Hand) -> None:
    """Colours in every kind of space, tiling patterns with colours and without."""
    table = pikepdf.String(bytes([200, 0, 0, 0, 150, 0, 30, 30, 220]))
    named = Dictionary(
        L=lab(),
        C=calibrated(),
        I=hand.profiled(),
        S=hand.spot(),
        N=hand.mixed(),
        G=Array([Name.CalGray, Dictionary(WhitePoint=[0.9505, 1, 1.089], Gamma=2.2)]),
        X=Array([Name.Indexed, RGB, 2, table]),
        U=Array([Name.Pattern, RGB]),
    )
    tile = {"PatternType": 1, "TilingType": 1, "BBox": Array([0, 0, 10, 10]), "XStep": 10, "YStep": 10}
    stencil = hand.stream("0 0 5 5 re 5 5 5 5 re f", PaintType=2, Resources=Dictionary(), **tile)
    tiles = "1 0 0 rg 0 0 5 5 re f 0 .4 .2 rg 5 5 5 5 re f"
    coloured = hand.stream(tiles, PaintType=1, Resources=Dictionary(), **tile)
    cells = (
        "/L cs 60 50 30 sc", "/C cs .8 .3 .1 sc", "/I cs .2 .5 .8 sc", "/S cs .8 scn", "/N cs .9 .3 scn",
        "/G cs .5 sc", "/X cs 2 sc", ".9 .2 .5 rg", ".6 g", "/L cs 30 -40 20 sc", "/U cs .1 .4 .7 /T scn",
        "/Pattern cs /P scn", "/DeviceRGB cs", "/DeviceRGB cs 0 .5 0 sc", "/I cs",
    )  # fmt: skip
    hand.page(_cells(cells, "66 50 re f"), ColorSpace=named, Pattern=Dictionary(T=stencil, P=coloured))


def _cells(cells: tuple[str, ...], paint: str) -> str:
    places = ((10 + 77 * (n % 3), 260 - 60 * (n // 3)) for n in range(len(cells)))
    return "".join(f"q {cell} {x} {y} {paint} Q\n" for cell, (x, y) in zip(cells, places, strict=True))


# --- pictures ---


def samples(picture: Image.Image, bits: int) -> bytes:
    """The components of a picture with so many bits each, rows padded to bytes."""
    raw = picture.tobytes()
    if bits == 16:
        return b"".join(bytes((value, value)) for value in raw)
    row = len(picture.getbands()) * picture.width
    lines = (
        "".join(f"{value >> (8 - bits):0{bits}b}" for value in raw[at : at + row]) for at in range(0, len(raw), row)
    )
    padded = [line + "0" * (-len(line) % 8) for line in lines]
    return b"".join(int(line, 2).to_bytes(len(line) // 8, "big") for line in padded)


def as_lab(picture: Image.Image) -> bytes:
    """A picture in L*a*b*, a and b from -128."""
    screen, cie = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
    made = ImageCms.profileToProfile(picture, screen, cie, outputMode="LAB")
    assert made is not None
    return Image.merge("RGB", made.split()).tobytes()


def compressed(picture: Image.Image, kind: str, **options: Any) -> bytes:
    """A picture as a file."""
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def pictures(hand: Hand) -> None:
    """Pictures in every kind of space, of every width, with every mask."""
    photo = photograph((64, 48))
    raw, grey, bilevel, few = photo.tobytes(), photo.convert("L"), photo.convert("1"), photo.quantize(16)
    table = pikepdf.String(bytes(few.getpalette() or ())[:48])
    scaled = Image.frombytes("L", few.size, bytes(value << 4 for value in few.tobytes()))
    stencil = hand.picture(bilevel.tobytes(), None, 1, ImageMask=True)
    soft = hand.picture(grey.tobytes(), GREY)
    both = bytes(value for one in grey.tobytes() for value in (one, 255 - one))
    images = {
        "A": hand.picture(raw, RGB, Mask=stencil),
        "B": hand.picture(samples(photo, 16), RGB, 16, SMask=soft),
        "C": hand.picture(samples(photo, 4), RGB, 4),
        "D": hand.picture(raw, RGB, Mask=Array([15, 35, 15, 35, 15, 35])),
        "E": hand.picture(raw, RGB, Decode=Array([1, 0, 0, 1, 0, 0.5])),
        "F": hand.picture(compressed(photo, "JPEG", quality=95), hand.profiled(), Filter=Name.DCTDecode),
        "G": hand.picture(samples(scaled, 4), Array([Name.Indexed, RGB, 15, table]), 4),
        "H": hand.picture(as_lab(photo), lab()),
        "I": hand.picture(raw, calibrated()),
        "J": hand.picture(grey.tobytes(), hand.spot()),
        "K": hand.picture(both, hand.mixed()),
        "L": hand.picture(compressed(photo, "JPEG2000"), None, Filter=Name.JPXDecode),
        "M": hand.picture(bilevel.tobytes(), GREY, 1),
        "N": hand.picture(samples(grey, 2), GREY, 2, Decode=Array([1, 0])),
        "O": stencil,
    }
    places = {name: (8 + 77 * (n % 3), 260 - 62 * (n // 3)) for n, name in enumerate(images)}
    shown = (f"q .1 .5 .4 rg 70 0 0 52 {x} {y} cm /{name} Do Q\n" for name, (x, y) in places.items())
    hand.page("".join(shown), XObject=Dictionary(**images))


def inline(hand: Hand) -> None:
    """Pictures inside the content, glyphs of Type 3, forms in forms, a form used twice."""
    photo = photograph((16, 12))
    raw = photo.tobytes().hex().encode()
    content = b"q 100 0 0 75 10 235 cm BI /W 16 /H 12 /CS /RGB /BPC 8 /F /AHx ID " + raw + b"> EI Q\n"
    content += b"q 100 0 0 75 130 235 cm BI /W 2 /H 2 /CS /Few /BPC 8 /F /AHx ID 00010200> EI Q\n"
    content += b".6 .1 .3 rg q 100 0 0 75 10 150 cm BI /W 8 /H 2 /IM true /F /AHx ID aa55> EI Q\n"
    content += b"BT /T3 40 Tf 130 160 Td .1 .3 .7 rg (ab) Tj ET q /Outer Do Q q .4 0 0 .4 130 10 cm /Outer Do Q\n"
    glyphs = Dictionary(
        a=hand.stream("1000 0 0 0 750 750 d1 0 0 750 750 re 200 200 300 300 re f*"),
        b=hand.stream("1000 0 d0 1 0 0 rg 0 0 750 375 re f 0 0 .6 rg 0 375 750 375 re f"),
    )
    font = Dictionary(
        Type=Name.Font, Subtype=Name.Type3, FontBBox=[0, 0, 750, 750], FontMatrix=[0.001, 0, 0, 0.001, 0, 0],
        FirstChar=97, LastChar=98, Widths=[1000, 1000], CharProcs=glyphs, Resources=Dictionary(),
        Encoding=Dictionary(Type=Name.Encoding, Differences=[97, Name.a, Name.b]),
    )  # fmt: skip
    inner = hand.form("0 .5 .3 rg 20 20 60 60 re f .5 G 4 w 20 20 60 60 re S", Matrix=Array([1, 0, 0, 1, 10, 10]))
    outer = hand.form("1 .8 0 rg 10 10 100 120 re f /Inner Do", Dictionary(XObject=Dictionary(Inner=inner)))
    table = pikepdf.String(bytes([220, 60, 20, 20, 120, 60, 250, 220, 120]))
    named = Dictionary(Few=Array([Name.Indexed, RGB, 2, table]))
    hand.page(content, ColorSpace=named, XObject=Dictionary(Outer=outer), Font=Dictionary(T3=font))


# --- gradients ---


def mesh(pieces: Sequence[tuple[Sequence[float], Sequence[float]]], flags: bool = True) -> bytes:
    """Corners or patches of a mesh: coordinates of 0 to 100 in 16 bits, colours of 0 to 1 in 8."""
    made = b""
    for points, colours in pieces:
        made += b"\0" if flags else b""
        made += b"".join(round(value / 100 * 65535).to_bytes(2, "big") for value in points)
        made += bytes(round(value * 255) for value in colours)
    return made


def power(start: list[float], end: list[float], exponent: float = 1) -> Dictionary:
    """A function of type 2 from 0 to 1."""
    return Dictionary(FunctionType=2, Domain=[0, 1], C0=start, C1=end, N=exponent)


def axial(space: Any, function: Any, coords: tuple[int, ...] = (0, 0, 100, 0)) -> Dictionary:
    """A gradient along a line."""
    return Dictionary(ShadingType=2, ColorSpace=space, Coords=list(coords), Function=function, Extend=[True, True])


def shadings(hand: Hand) -> list[Any]:
    """A gradient of each kind, on a square of 100 by 100; meshes with colours and with a function."""
    red, green, blue, gold = [0.8, 0.1, 0.1], [0.1, 0.6, 0.2], [0.1, 0.2, 0.8], [1, 0.8, 0.1]

    def meshed(kind: int, raw: bytes, components: int = 3, **entries: Any) -> Any:
        widths = {"BitsPerCoordinate": 16, "BitsPerComponent": 8, "BitsPerFlag": 8}
        decode = Array([0, 100, 0, 100] + [0, 1] * components)
        return hand.stream(raw, ShadingType=kind, ColorSpace=RGB, Decode=decode, **widths, **entries)

    raw = bytes([255, 240, 200, 30, 140, 160, 60, 20, 90, 10, 10, 20])
    table = hand.stream(raw, FunctionType=0, Domain=[0, 1], Range=[0, 1] * 3, Size=[4], BitsPerSample=8)
    parts = Array([power(red, gold, 1.5), table, power(blue, green)])
    stitched = Dictionary(FunctionType=3, Domain=[0, 1], Bounds=[0.3, 0.6], Encode=[0, 1, 1, 0, 0, 1], Functions=parts)
    single = Array([power([a], [b]) for a, b in zip(blue, gold, strict=True)])
    plane = hand.program("{2 copy mul 3 1 roll 100 div exch 100 div exch 3 2 roll 10000 div}", 2, 3, [0, 100, 0, 100])
    edge = [10, 10, 0, 40, 20, 70, 10, 90, 40, 100, 60, 80, 90, 90, 100, 60, 80, 30, 90, 10, 60, 0, 40, 20]
    inner = [40, 40, 40, 60, 60, 60, 60, 40]
    corners = [([5, 5], red), ([95, 5], green), ([5, 95], blue), ([95, 95], gold)]
    radial = Dictionary(
        ShadingType=3, ColorSpace=RGB, Coords=[30, 70, 5, 50, 50, 50], Function=table, Background=[0.9, 0.9, 1]
    )
    return [
        Dictionary(ShadingType=1, ColorSpace=RGB, Domain=[0, 100, 0, 100], Matrix=[1, 0, 0, 1, 0, 0], Function=plane),
        axial(RGB, stitched),
        axial(RGB, single, (0, 0, 100, 100)),
        radial,
        meshed(4, mesh(corners[:3])),
        meshed(5, mesh(corners, flags=False), VerticesPerRow=2),
        meshed(6, mesh([(edge, [*red, *green, *blue, *gold])])),
        meshed(7, mesh([([*edge, *inner], [*gold, *blue, *red, *green])])),
        meshed(4, mesh([([5, 5], [0]), ([95, 5], [1]), ([50, 95], [0.5])]), 1, Function=table),
        axial(GREY, power([0], [1])),
        axial(lab(), power([40, 60, 30], [80, -40, 40])),
        axial(hand.spot(), power([0], [1])),
    ]


def gradients(hand: Hand) -> None:
    """Gradients painted over a clip, and one as a pattern for a line."""
    made = dict(zip("ABCDEFGHIJKL", shadings(hand), strict=True))
    places = {name: (10 + 77 * (n % 3), 250 - 70 * (n // 3)) for n, name in enumerate(made)}
    shown = (f"q .66 0 0 .6 {x} {y} cm 0 0 100 100 re W n /{name} sh Q\n" for name, (x, y) in places.items())
    pattern = Dictionary(PatternType=2, Shading=made["B"], Matrix=[2.2, 0, 0, 1, 10, 0])
    line = "/Pattern CS /P SCN 10 w 10 20 m 230 20 l S"
    hand.page("".join(shown) + line, Shading=Dictionary(**made), Pattern=Dictionary(P=pattern))


def masks(hand: Hand) -> None:
    """Soft masks by luminosity and by alpha, with colours, gradients, pictures and backdrops in them.

    What is masked is black, so that what shows on the black plate is the mask itself.
    """
    shade = axial(RGB, power([1, 0, 0], [0.2, 1, 1]), (0, 0, 240, 0))
    photo = hand.picture(photograph((64, 48)).tobytes(), RGB)
    pale = Dictionary(ExtGState=Dictionary(G=Dictionary(ca=0.6)))
    by_light = {
        "A": hand.group("1 0 0 rg 10 230 100 40 re f 0 1 0 rg 10 270 100 40 re f"),
        "B": hand.group("/S sh", Dictionary(Shading=Dictionary(S=shade))),
        "C": hand.group("100 0 0 75 10 130 cm /P Do", Dictionary(XObject=Dictionary(P=photo))),
        "E": hand.group("0 0 .4 rg 30 50 60 40 re f"),
        "F": hand.group("0 0 0 .3 k 130 30 100 75 re f", space=CMYK),
    }
    groups = {name: Dictionary(S=Name.Luminosity, G=group) for name, group in by_light.items()}
    groups["D"] = Dictionary(S=Name.Alpha, G=hand.group("/G gs 0 0 1 rg 130 130 100 75 re f", pale))
    groups["E"]["/BC"] = Array([1, 1, 0])
    groups = dict(sorted(groups.items()))
    places = ((10, 230), (130, 230), (10, 130), (130, 130), (10, 30), (130, 30))
    shown = "".join(f"q /{name} gs 0 g {x} {y} 100 80 re f Q\n" for name, (x, y) in zip(groups, places, strict=True))
    states = Dictionary()
    for name, mask in groups.items():
        states[f"/{name}"] = Dictionary(SMask=mask)
    hand.page(shown, ExtGState=states)


def write(path: Path) -> None:
    """Write all pages that are made by hand."""
    hand = Hand()
    for make in (spaces, pictures, inline, gradients, masks):
        make(hand)
    hand.pdf.save(path, static_id=True)
