"""Names of pages: the same for the same page in another file, others when anything is drawn otherwise."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Dictionary, Name

from livret.book.page_digests import page_digests

Change = Callable[[pikepdf.Pdf, pikepdf.Page], None]


def written(path: Path, before: int = 0, change: Change = lambda *_: None) -> Path:
    """A PDF with one page that has a font, a form and a picture, after so many other pages."""
    with pikepdf.new() as pdf:
        for _ in range(before):
            pdf.add_blank_page()
        page = pdf.add_blank_page(page_size=(100, 100))
        letters = pdf.make_stream(b"1 beginbfchar <0041> <0041> endbfchar")
        font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type0, ToUnicode=letters))
        inner = Dictionary(Font=Dictionary(F1=font))
        form = pdf.make_stream(b"BT (A) Tj ET", Subtype=Name.Form, BBox=[0, 0, 9, 9], Resources=inner)
        page.obj.Resources = Dictionary(Font=Dictionary(F1=font), XObject=Dictionary(X1=form))
        page.Contents = pdf.make_stream(b"BT /F1 9 Tf <0041> Tj ET /X1 Do")
        change(pdf, page)
        pdf.save(path)
    return path


def test_a_page_has_the_same_name_in_another_file_with_other_numbers(tmp_path: Path) -> None:
    alone = page_digests(written(tmp_path / "a.pdf"))
    behind = page_digests(written(tmp_path / "b.pdf", before=3))
    assert len(behind) == 4
    assert behind[3:] == alone
    assert behind[0] == behind[1] != behind[3]


def test_links_and_tags_do_not_count(tmp_path: Path) -> None:
    def link(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
        page.obj.Annots = pdf.make_indirect(pikepdf.Array([Dictionary(Subtype=Name.Link, P=page.obj)]))
        page.obj.StructParents = 7

    assert page_digests(written(tmp_path / "a.pdf", change=link)) == page_digests(written(tmp_path / "b.pdf"))


def test_what_leads_back_to_itself_is_read_once(tmp_path: Path) -> None:
    def circle(_: pikepdf.Pdf, page: pikepdf.Page) -> None:
        form = page.obj.Resources.XObject.X1
        form.Resources.XObject = Dictionary(X1=form)

    assert len(page_digests(written(tmp_path / "a.pdf", change=circle))) == 1


def content(_: pikepdf.Pdf, page: pikepdf.Page) -> None:
    page.Contents.write(b"BT /F1 9 Tf <0042> Tj ET /X1 Do")


def letters(_: pikepdf.Pdf, page: pikepdf.Page) -> None:
    page.obj.Resources.Font.F1.ToUnicode.write(b"1 beginbfchar <0041> <0042> endbfchar")


def form(_: pikepdf.Pdf, page: pikepdf.Page) -> None:
    page.obj.Resources.XObject.X1.write(b"BT (B) Tj ET")


def place(_: pikepdf.Pdf, page: pikepdf.Page) -> None:
    page.obj.Resources.XObject.X1.Matrix = [1, 0, 0, 1, 200, 0]


def names(_: pikepdf.Pdf, page: pikepdf.Page) -> None:
    fonts = page.obj.Resources.Font
    fonts.F1 = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Symbol)


def box(_: pikepdf.Pdf, page: pikepdf.Page) -> None:
    page.obj.MediaBox = [0, 0, 50, 50]


@pytest.mark.parametrize("change", [content, letters, form, place, names, box])
def test_a_page_that_is_drawn_otherwise_has_another_name(tmp_path: Path, change: Change) -> None:
    assert page_digests(written(tmp_path / "a.pdf", change=change)) != page_digests(written(tmp_path / "b.pdf"))


def press_page(path: Path, content: bytes, drawn: bytes = b"1 0 0 0 k 0 0 9 9 re f") -> Path:
    """A page as press files have it: its content is a form, and the slug line is another in each file."""
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(100, 100))
        artwork = pdf.make_stream(drawn, Subtype=Name.Form, BBox=[0, 0, 9, 9], Resources=Dictionary())
        letters = pdf.make_stream(content)
        page.obj.Resources = Dictionary(XObject=Dictionary(Artwork=artwork), Font=Dictionary(Slug0=letters))
        page.Contents = pdf.make_stream(content)
        pdf.save(path)
    return path


def test_the_slug_line_of_a_press_file_does_not_count(tmp_path: Path) -> None:
    slug = b"/Artwork Do\nBT /Registration cs 1 scn 9 9 Td /Slug0 5 Tf <%s> Tj ET"
    name = page_digests(press_page(tmp_path / "a.pdf", slug % b"0001"))
    assert page_digests(press_page(tmp_path / "b.pdf", slug % b"0002")) == name
    assert page_digests(press_page(tmp_path / "c.pdf", slug % b"0001", b"0 1 0 0 k 0 0 9 9 re f")) != name
    moved = slug.replace(b"/Artwork Do", b"1 0 0 1 9 9 cm /Artwork Do")
    assert page_digests(press_page(tmp_path / "d.pdf", moved % b"0001")) != name
    assert page_digests(press_page(tmp_path / "e.pdf", b"/Artwork Do")) != name
