"""tools/compare-checkouts sees what differs on a page, and with --content nothing that only says which file it is."""

from __future__ import annotations

from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from typing import Any

import pikepdf
import pytest

TOOL = Path(__file__).resolve().parents[1] / "tools" / "compare-checkouts"


@pytest.fixture(scope="module")
def tool() -> Any:
    loader = SourceFileLoader("compare_checkouts", str(TOOL))
    spec = spec_from_loader(loader.name, loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


def saved(path: Path, content: bytes, title: str, identity: bytes) -> Path:
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(100, 100))
    pdf.pages[0].Contents = pdf.make_stream(content)
    pdf.docinfo["/Title"] = title
    pdf.trailer.ID = pikepdf.Array([pikepdf.String(identity), pikepdf.String(identity)])
    pdf.save(path)
    return path


PAGE = b"1 0 0 rg 0 0 50 50 re f BT /Slug 6 Tf 1 2 Td <0001> Tj ET"


@pytest.mark.parametrize(
    ("content", "title", "identity", "is_same_file", "is_same_content"),
    [
        (PAGE, "Livret", b"0" * 16, True, True),
        (PAGE, "Livret", b"1" * 16, False, True),
        (PAGE, "Cahier", b"0" * 16, False, True),
        (PAGE.replace(b"<0001>", b"<0002>"), "Livret", b"0" * 16, False, True),
        (PAGE.replace(b"50 50", b"50 51"), "Livret", b"0" * 16, False, False),
        (PAGE.replace(b"/Slug 6", b"/F1 6"), "Livret", b"0" * 16, False, False),
    ],
)
def test_what_counts_as_a_difference(
    tool: Any, tmp_path: Path, content: bytes, title: str, identity: bytes, is_same_file: bool, is_same_content: bool
) -> None:
    one = saved(tmp_path / "one.pdf", PAGE, "Livret", b"0" * 16)
    other = saved(tmp_path / "other.pdf", content, title, identity)
    assert (tool.digest(one, content=False) == tool.digest(other, content=False)) is is_same_file
    assert (tool.digest(one, content=True) == tool.digest(other, content=True)) is is_same_content
