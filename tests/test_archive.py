"""The archive edition: the same book as PDF/A-3u, with the catalogue's files in it when asked for."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pypdf import PdfReader

from press import TOP, livret
from verapdf import assert_compliant


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("archive")
    shutil.copytree(TOP / "catalogue", folder / "catalogue")
    done = livret("-C", folder, "build", "--archive", "--sources")
    assert done.code == 0, done.err
    return folder


def archive(root: Path) -> Path:
    return root / "output" / "full" / "full-archive.pdf"


def test_the_archive_is_pdf_ua_and_pdf_a(root: Path) -> None:
    assert_compliant([archive(root)], "ua1")
    assert_compliant([archive(root)], "3u")


def test_the_catalogue_rides_along_whole(root: Path) -> None:
    catalogue = root / "catalogue"
    written = {path.relative_to(catalogue).as_posix(): path.read_bytes() for path in catalogue.rglob("*.yaml")}
    attached = {label: content for label, (content,) in PdfReader(archive(root)).attachments.items()}
    assert attached == written
    assert len(attached) > 30


def test_without_sources_there_are_none_and_the_pages_are_the_screen_edition_s(root: Path) -> None:
    before = archive(root).read_bytes()
    assert livret("-C", root, "build", "--archive").code == 0
    assert not PdfReader(archive(root)).attachments
    screen = PdfReader(root / "output" / "full" / "full-screen.pdf")
    for ours, theirs in zip(PdfReader(archive(root)).pages, screen.pages, strict=True):
        assert ours.extract_text() == theirs.extract_text()
    assert livret("-C", root, "build", "--archive", "--sources").code == 0
    assert archive(root).read_bytes() == before, "the same files give the same bytes"


def test_sources_go_with_an_archive(root: Path) -> None:
    done = livret("-C", root, "build", "--sources")
    assert done.code == 2
    assert "--archive" in done.err
