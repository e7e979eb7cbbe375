"""What may happen to a file of the store: a bad disk, a full one, a neighbour."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path


def _rewrite(change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    def damage(path: Path) -> None:
        path.write_bytes(change(path.read_bytes()))

    return damage


def _replace(make: Callable[[Path], object]) -> Callable[[Path], None]:
    def damage(path: Path) -> None:
        path.unlink()
        make(path)

    return damage


def _replace_folder(make: Callable[[Path], object]) -> Callable[[Path], None]:
    def damage(path: Path) -> None:
        shutil.rmtree(path.parent)
        make(path.parent)

    return damage


def _flip(content: bytes) -> bytes:
    """Another bit in the middle."""
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 4]) + content[middle + 1 :] if content else b"x"


# By name: what is done to a file.
DAMAGES: dict[str, Callable[[Path], None]] = {
    "flipped bit": _rewrite(_flip),
    "flipped at the end": _rewrite(lambda content: content[:-1] + bytes([content[-1] ^ 1]) if content else b"x"),
    "cut": _rewrite(lambda content: content[: len(content) // 2]),
    "empty": _rewrite(lambda content: b""),
    "longer": _rewrite(lambda content: content + b"\n"),
    "not UTF-8": _rewrite(lambda content: b"\xff\xfe" + content),
    "zeros": _rewrite(lambda content: bytes(len(content))),
    "other JSON": _rewrite(
        lambda content: b'{"key": "../../x", "files": [], "facts": {}, "digest": "x", "findings": 1}'
    ),
    "gone": lambda path: path.unlink(),
    "folder": _replace(lambda path: (path / "within").mkdir(parents=True)),
    "dead link": _replace(lambda path: path.symlink_to("nowhere")),
    "link to itself": _replace(lambda path: path.symlink_to(path.name)),
    "link to a device": _replace(lambda path: path.symlink_to(os.devnull)),
    "pipe": _replace(os.mkfifo),
    "folder is gone": lambda path: shutil.rmtree(path.parent),
    "folder is a file": _replace_folder(lambda folder: folder.write_text("in the way")),
    "folder is a dead link": _replace_folder(lambda folder: folder.symlink_to("nowhere")),
}
