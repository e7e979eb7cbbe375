"""Writes the web edition: the page and the files it needs, in one folder that is replaced as a whole."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from livret.content.schema.model import Catalogue
from livret.findings import Location, OutputError, Report, warning
from livret.pages.flatplan import select
from livret.project import Project
from livret.translation import Text, say, system_reason
from livret.web.compose import WebComposer
from livret.web.layout import WebLayout


@dataclass(frozen=True)
class WebEdition:
    """The files written for an edition."""

    edition: str
    page: Path
    cards: int
    files: int
    bytes: int

    def as_dict(self) -> dict[str, Any]:
        """The files as plain values, for `--format json`."""
        return {**self.__dict__, "page": str(self.page)}


def build_web(
    project: Project, catalogue: Catalogue, name: str, report: Report, *, layout: str | None = None
) -> WebEdition:
    """Build the web edition `output/NAME/web/`, with the screen edition beside it if that was built.

    Raises LivretError when a template, a font or a picture has an error, FoundErrors under `--strict`, OutputError
    when something cannot be written; the last good folder stays as it was.
    """
    edition = select(catalogue, name)
    composer = WebComposer(project, edition, WebLayout(project, layout or edition.layout, edition.colours))
    folder = project.output / name / "web"
    pdf = project.output / name / f"{name}-screen.pdf"
    content: dict[str, bytes] = {}
    download = None
    if pdf.is_file():
        report.add([warning("stale-pdf", *told) for told in _stale(project, pdf)])
        content[pdf.name] = pdf.read_bytes()
        download = {"name": pdf.name, "size": len(content[pdf.name])}
    report.stop_on_errors()
    page = composer.page(download)
    content |= {"index.html": page.encode(), **composer.assets.files}
    with replacing_folder(folder) as beside:
        _fill(beside, content)
    size = sum(map(len, content.values()))
    return WebEdition(name, folder / "index.html", len(edition.initiatives), len(content), size)


def _stale(project: Project, pdf: Path) -> Iterator[tuple[Text, Location, Text]]:
    """A finding if the catalogue changed after the last build. A build writes its report even if the PDF stays."""
    made = max(path.stat().st_mtime for path in (pdf, pdf.with_name("report.json")) if path.is_file())
    newer = [path for path in sorted(project.catalogue.rglob("*")) if path.is_file() and path.stat().st_mtime > made]
    if newer:
        shown = say("{pdf} is older than {shown}", pdf=pdf.name, shown=project.shown(newer[0]))
        yield shown, Location(project.shown(pdf)), say("build it again, then the web edition: livret build")


def _fill(folder: Path, content: Mapping[str, bytes]) -> None:
    for name in sorted(content):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content[name])


@contextmanager
def replacing_folder(folder: Path) -> Iterator[Path]:
    """Give an empty folder beside `folder`. Without an error, it replaces `folder` at the end; else it is removed.

    Raises OutputError when something cannot be written; `folder` is then as it was.
    """
    beside = former = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
        # mkdtemp makes a private folder. The output must have the usual permissions.
        umask = os.umask(0)
        os.umask(umask)
        beside.chmod(0o777 & ~umask)
        yield beside
        if folder.exists():
            former = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
            os.replace(folder, former / folder.name)
        os.replace(beside, folder)
    except OSError as problem:
        if former is not None and not folder.exists():
            os.replace(former / folder.name, folder)
        raise OutputError(
            say("cannot write {folder}: {reason}", folder=folder, reason=system_reason(problem)),
            say("is the disk full, or the folder read-only?"),
        ) from problem
    finally:
        for left in (beside, former):
            if left is not None:
                shutil.rmtree(left, ignore_errors=True)
