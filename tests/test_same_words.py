"""Three readers find the same words on every page of the demonstration, though each reads in a way of its own."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from pathlib import Path

import pypdfium2
import pytest


def words(text: str) -> Counter[str]:
    """The words of a page. Readers differ on hyphens at line ends (PDFium gives U+FFFE), so none counts."""
    return Counter(re.findall(r"\w+", re.sub(r"[-\u2010\u00ad\ufffe\x02]\s*", "", text)))


def pages(*command: str | Path) -> list[str]:
    done = subprocess.run([*map(str, command)], capture_output=True, check=True)
    return done.stdout.decode("utf-8").split("\f")


@pytest.fixture(scope="module")
def book(built_demonstration: Path) -> Path:
    return built_demonstration / "output" / "full" / "full-screen.pdf"


@pytest.fixture(scope="module")
def read_by_pdfium(book: Path) -> list[Counter[str]]:
    found = [words(page.get_textpage().get_text_range()) for page in pypdfium2.PdfDocument(book)]
    assert sum(found[20].values()) > 100
    return found


@pytest.mark.parametrize(
    "command", [["pdftotext", "-enc", "UTF-8", "{}", "-"], ["mutool", "draw", "-q", "-F", "txt", "{}"]]
)
def test_readers_find_the_same_words(book: Path, read_by_pdfium: list[Counter[str]], command: list[str]) -> None:
    texts = pages(*(part.format(book) for part in command))
    for number, (found, expected) in enumerate(zip(map(words, texts), read_by_pdfium, strict=False), start=1):
        assert found == expected, f"page {number}: {found - expected} and not {expected - found}"
    assert len(texts) >= len(read_by_pdfium)
