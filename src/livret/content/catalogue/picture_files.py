"""Looks at the files of pictures: whether each can be printed, and what a person should know of it.

Decoding a photograph takes some hundredths of a second. So what was found is kept beside what a build has kept, by the
bytes of the picture. Pillow is loaded when the first picture is decoded.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from livret.content.messages import listed
from livret.content.pictures.kinds import FileKind, kind_of
from livret.content.pictures.readers import readers_digest
from livret.findings import Finding, OutputError, error, note
from livret.project import PICTURE_LIMIT, Project, TooLarge, code_digest, digest, write
from livret.translation import say, system_reason

_SAVE = say("save it as {formats}", formats=listed(("SVG", "PNG", "JPEG", "TIFF"), "or"))
# What to do with files that are often given for pictures; anything else is saved in another format.
_HINTS = {
    "a web page": say("open the address in a browser, and save the picture itself"),
    "an empty file": say("copy or download the file again"),
    "a PDF": say("export the page as SVG or PNG"),
}


class PictureFiles:
    """What was found of pictures: in this run by their paths, and in earlier ones by their bytes."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._found: dict[Path, tuple[Finding, ...]] = {}

    def findings(self, path: Path) -> tuple[Finding, ...]:
        """What is to be said of a file that is there: findings without a place, whose messages follow its name."""
        if path not in self._found:
            self._found[path] = tuple(self._look(path))
        return self._found[path]

    def _look(self, path: Path) -> Iterator[Finding]:
        try:
            content = self._project.read(path, PICTURE_LIMIT)
        except TooLarge:
            told = say("is larger than the {limit} MB that Livret reads", limit=PICTURE_LIMIT // 2**20)
            yield error("file-too-large", told, None, say("save it smaller, or as JPEG"))
            return
        except OSError as problem:
            yield error("missing-picture", say("cannot be read: {reason}", reason=system_reason(problem)))
            return
        kind = kind_of(content)
        if not kind.is_taken:
            hint = _HINTS.get(kind.name, _SAVE)
            yield error("picture-format", say("is {kind}", kind=kind.name), None, hint)
            return
        ending = path.suffix[1:].lower()
        if ending not in kind.endings:
            hint = say("call it {stem}.{ending}; Livret prints it as it is", stem=path.stem, ending=kind.endings[0])
            if ending:
                told = say("is {kind}, and its name ends in .{ending}", kind=kind.name, ending=ending)
            else:
                told = say("is {kind}, and its name has no ending", kind=kind.name)
            yield note("picture-ending", told, None, hint)
        if kind.is_raster:
            yield from self.pixels(content)

    def pixels(self, content: bytes) -> tuple[Finding, ...]:
        """What is found when a picture made of pixels is decoded, or was in an earlier run."""
        name = digest(readers_digest(), code_digest(Path(__file__)), content)
        path = self._project.output / ".store" / "decoded" / name[:2] / f"{name}.json"
        # Whoever can write to the output folder can put anything there.
        with suppress(OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError, TooLarge):
            kept = json.loads(self._project.read(path))
            if kept["seal"] == digest(name, json.dumps(kept["findings"])):
                return tuple(map(Finding.from_stored, kept["findings"]))
        found = tuple(_raster_findings(content, kind_of(content)))
        # Reading a catalogue writes nothing where nothing was built.
        if (self._project.output / ".store").is_dir():
            told = [finding.stored() for finding in found]
            with suppress(OutputError):
                write(path, json.dumps({"seal": digest(name, json.dumps(told)), "findings": told}))
        return found


def _raster_findings(content: bytes, kind: FileKind) -> Iterator[Finding]:
    from livret.content.pictures.headers import PictureFault
    from livret.content.pictures.raster import examine

    try:
        found = examine(content)
    except PictureFault as fault:
        yield error(fault.rule, fault.message, None, *fault.hints)
        return
    if found.pages > 1:
        is_paged = "TIFF" in kind.name
        told = (
            say("has several pages; the first is printed")
            if is_paged
            else say("has several frames; the first is printed")
        )
        hint = say("save the picture that is meant alone, if it is another")
        yield note("several-pictures", told, None, hint)
    if found.is_halved:
        told = say(
            "has {width} x {height} pixels; it is printed with half of them, across and down",
            width=found.width,
            height=found.height,
        )
        yield note("reduced-picture", told)
