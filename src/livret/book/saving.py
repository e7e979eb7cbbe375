"""Writes a PDF so that a full disk raises an error and does not end the process."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any, BinaryIO, cast

import pikepdf

_BUFFER = 1 << 16


class _Output(io.RawIOBase):
    """A file that never raises an error while it is written. It keeps the first error in `problem`.

    After a failed write, QPDF writes again while it cleans up. If this second write raises, C++ ends the process.
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
    """Write a PDF to `target`. `options` are those of `pikepdf.Pdf.save`. Raises OSError when writing fails."""
    with target.open("wb") as file:
        output = _Output(file)
        # QPDF writes a few bytes at a time.
        buffered = io.BufferedWriter(output, _BUFFER)
        pdf.save(cast(BinaryIO, buffered), **options)
        buffered.flush()
        if output.problem is not None:
            raise output.problem
