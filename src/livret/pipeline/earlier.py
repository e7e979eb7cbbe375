"""A project as it was at a commit of git, in a folder that is gone afterwards; what is built of it is kept."""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from livret.content.messages import quoted
from livret.findings import LivretError
from livret.project import Project
from livret.translation import say

# Where, below the output folder, editions of earlier states are built.
FOLDER = ".since"
# A commit is named by a hash, a tag or a branch, with ~ and ^; a name that begins with a hyphen would be an option.
_LONGEST = 200
# Git is asked for seconds, and for minutes where it writes a whole project.
_SECONDS, _LONG = 20, 300


@contextmanager
def project_at(project: Project, commit: str) -> Iterator[Project]:
    """The project at a commit, a tag or a branch.

    Raises LivretError when there is no git, the folder is in no repository, or there is no such commit, or no catalogue
    at it.
    """
    if commit.startswith("-") or len(commit) > _LONGEST or not commit.isprintable():
        raise LivretError(say("{commit} is no commit, tag or branch", commit=quoted(commit, 40)))
    prefix = _git(project.root, "rev-parse", "--show-prefix").strip()
    asked = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{commit}^{{commit}}")
    name = _git(project.root, *asked, what=commit).strip()
    with tempfile.TemporaryDirectory(prefix="livret-") as folder:
        packed = Path(folder, "project.tar")
        place = f"{name}:{prefix}" if prefix else name
        _git(project.root, "archive", "--format=tar", f"--output={packed}", place, what=commit, seconds=_LONG)
        root = Path(folder, "project")
        root.mkdir()
        with tarfile.open(packed) as archive:
            _unpack(archive, Path(os.path.realpath(root)))
        packed.unlink()
        if not (root / "catalogue").is_dir():
            raise LivretError(say("there was no catalogue at {commit}", commit=commit))
        yield Project.at(root, project.output / FOLDER / name[:12])


def _unpack(archive: tarfile.TarFile, root: Path) -> None:
    """Write the folders, files and links of an archive; nothing outside the folder, and no link that leads out of it.

    Debian 12 has Python 3.11.2, whose tarfile has no filter that would do it.
    """
    links = []
    for member in archive:
        path = root / member.name
        if not Path(os.path.realpath(path)).is_relative_to(root):
            continue
        if member.isdir():
            path.mkdir(parents=True, exist_ok=True)
        elif member.issym():
            path.symlink_to(member.linkname)
            links.append(path)
        elif content := archive.extractfile(member):
            with content, path.open("wb") as file:
                shutil.copyfileobj(content, file)
    for link in links:
        if not Path(os.path.realpath(link)).is_relative_to(root):
            link.unlink()


def _git(folder: Path, *words: str, what: str = "", seconds: int = _SECONDS) -> str:
    """What git prints. Raises LivretError."""
    try:
        done = subprocess.run(  # noqa: S603 - without a shell; a commit cannot be an option
            ["git", "-C", str(folder), *words],  # noqa: S607 - the user's own git
            capture_output=True,
            timeout=seconds,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except FileNotFoundError:
        raise LivretError(say("git is not installed")) from None
    except subprocess.TimeoutExpired:
        raise LivretError(say("git takes too long")) from None
    if done.returncode == 0:
        return done.stdout.decode("utf-8", "replace")
    if not what:
        raise LivretError(say("{folder} is in no repository of git", folder=folder))
    raise LivretError(
        say("{commit} is no commit, tag or branch", commit=quoted(what)),
        say('"git log --oneline" and "git tag" list what there is'),
    )
