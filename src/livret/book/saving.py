"""Writing a PDF in such a way that a full disk is an error, and not the end of the process."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any, BinaryIO, cast

import pikepdf


class _Output(io.RawIOBase):
    """A file that fails silently, and keeps why.

    QPDF is still writing when it clears up after a failure. If that fails as well, C++ ends the process.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.problem: OSError | None = None

    def writable(self) -> bool:
        return True

    def write(self, content: Any, /) -> int:
        if self.problem is None:
            try:
                self._file.write(content)
            except OSError as problem:
                self.problem = problem
        return memoryview(content).nbytes


def save(pdf: pikepdf.Pdf, target: Path, **options: Any) -> None:
    """Write a PDF with pikepdf's options. Raises OSError."""
    with target.open("wb") as file:
        output = _Output(file)
        pdf.save(cast(BinaryIO, output), **options)
        if output.problem is not None:
            raise output.problem
