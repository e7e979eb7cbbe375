"""Soft proofs: a screen shows what the profile of the press says that the inks look like.

The colours are those that Adobe's CMM gives for FOGRA39L on coated paper, as designers know them.
"""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from livret.book.separation.soft_proof import write_soft_proof

ICC = (Path(__file__).resolve().parents[1] / "press" / "FOGRA39L_coated.icc").read_bytes()
CYAN, MAGENTA, YELLOW, BLACK = (0, 158, 227), (230, 0, 126), (255, 237, 0), (29, 29, 27)


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[int, int, int]]:
    """The middle of eight squares in a row, each drawn in another way."""
    folder = tmp_path_factory.mktemp("inks")
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(80, 10))
    name = pikepdf.Name
    picture = pdf.make_stream(bytes((0, 255, 0, 0)), Type=name("/XObject"), Subtype=name("/Image"), Width=1, Height=1,
                              BitsPerComponent=8, ColorSpace=name("/DeviceCMYK"))  # fmt: skip
    palette = pikepdf.Array([name("/Indexed"), name("/DeviceCMYK"), 0, pikepdf.String(bytes((0, 0, 255, 0)))])
    indexed = pdf.make_stream(b"\0", Type=name("/XObject"), Subtype=name("/Image"), Width=1, Height=1,
                              BitsPerComponent=8, ColorSpace=palette)  # fmt: skip
    form = pdf.make_stream(b"0 0 0 1 k 0 0 10 10 re f", Type=name("/XObject"), Subtype=name("/Form"),
                           BBox=[0, 0, 10, 10], Resources=pikepdf.Dictionary())  # fmt: skip
    even = pikepdf.Dictionary(FunctionType=2, Domain=[0, 1], C0=[1, 0, 0, 0], C1=[1, 0, 0, 0], N=1)
    shading = pikepdf.Dictionary(ShadingType=2, ColorSpace=name("/DeviceCMYK"), Coords=[0, 0, 80, 0], Function=even,
                                 Extend=[True, True])  # fmt: skip
    tint = pikepdf.Dictionary(FunctionType=2, Domain=[0, 1], C0=[0, 0, 0, 0], C1=[0, 1, 0, 0], N=1)
    spot = pikepdf.Array([name("/Separation"), name("/Gold"), name("/DeviceCMYK"), tint])
    page.Resources = pikepdf.Dictionary(
        XObject=pikepdf.Dictionary(P=picture, I=indexed, F=form), Shading=pikepdf.Dictionary(S=shading),
        ColorSpace=pikepdf.Dictionary(Gold=spot),
    )  # fmt: skip
    page.Contents = pdf.make_stream(
        b"1 0 0 0 k 0 0 10 10 re f  0 1 0 0 K 10 w 10 5 m 20 5 l S  q 10 0 0 10 20 0 cm /P Do Q"
        b" q 10 0 0 10 30 0 cm /I Do Q  q 1 0 0 1 40 0 cm /F Do Q  q 50 0 10 10 re W n /S sh Q"
        b" /Gold cs 1 scn 60 0 10 10 re f"
    )
    plates, proof = folder / "plates.pdf", folder / "proof.pdf"
    pdf.save(plates)
    write_soft_proof(plates, proof, ICC)
    shown = pypdfium2.PdfDocument(proof)[0].render(scale=1).to_pil().convert("RGB")
    return [shown.getpixel((10 * place + 5, 5)) for place in range(8)]


@pytest.mark.parametrize(
    ("place", "what", "colour"),
    [
        (0, "a fill", CYAN),
        (1, "a line", MAGENTA),
        (2, "a picture", MAGENTA),
        (3, "a picture with a palette", YELLOW),
        (4, "a form", BLACK),
        (5, "a gradient", CYAN),
        (6, "a spot colour", MAGENTA),
        (7, "paper", (255, 255, 255)),
    ],
)
def test_inks_are_seen_in_the_colours_of_the_press(
    seen: list[tuple[int, int, int]], place: int, what: str, colour: tuple[int, int, int]
) -> None:
    apart = max(abs(one - other) for one, other in zip(seen[place], colour, strict=True))
    assert apart <= 6, (what, seen[place])
