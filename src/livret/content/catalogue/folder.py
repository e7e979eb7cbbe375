"""The files of a catalogue folder: what each one is, which ones are not read, and the reading itself."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from livret.content.language_tags import canonical
from livret.content.messages import listed, quoted
from livret.content.schema.base import Entity
from livret.content.schema.model import CatalogueFile, EditionFile, EditorialPage, Initiative, Partner
from livret.content.schema.own_territories import TerritoriesFile
from livret.content.schema.validators import as_id, id_fault, is_language
from livret.content.yaml.reader import parse
from livret.content.yaml.tree import Mapping, Scalar
from livret.findings import Finding, Location, error, warning
from livret.project import OutsideProject, Project, TooLarge
from livret.translation import say, system_reason

ENDINGS = (".yaml", ".yml")
SINGLE_FILES: dict[str, type[Entity]] = {
    "catalogue": CatalogueFile,
    "foreword": EditorialPage,
    "territories": TerritoriesFile,
}
FOLDERS: dict[str, type[Entity]] = {
    "pages": EditorialPage,
    "partners": Partner,
    "initiatives": Initiative,
    "editions": EditionFile,
}
# The register of sign-offs, which is no content and is read by the commands that need it.
_REGISTER = "approvals.yaml"
# What editors, file managers and sync programs leave behind.
_LEFT_BEHIND_ENDINGS = ("~", ".bak", ".orig", ".swp", ".swo", ".tmp")
_LEFT_BEHIND_NAMES = frozenset({"thumbs.db", "desktop.ini"})


@dataclass(frozen=True)
class SourceFile:
    """One file of content: `role` is its folder or, at the top, its name; `shown` its path as findings print it.

    `path` is relative to the catalogue folder. `tree` is None until it is read, or when it could not be. `language` is
    that of a translation, whose id is that of the file it translates; else empty.
    """

    role: str
    id: str
    path: str
    shown: str
    model: type[Entity]
    tree: Mapping | None = None
    language: str = ""


@dataclass(frozen=True)
class Folder:
    """The content files by role, their translations, and the paths of all files, relative to the catalogue folder."""

    sources: tuple[SourceFile, ...]
    paths: frozenset[str]
    translations: tuple[SourceFile, ...] = ()

    def of(self, role: str) -> tuple[SourceFile, ...]:
        """The content files of one role, by id."""
        return tuple(source for source in self.sources if source.role == role)

    def ids(self, role: str) -> tuple[str, ...]:
        """Their ids."""
        return tuple(source.id for source in self.of(role))


def read_folder(project: Project) -> tuple[Folder, tuple[Finding, ...]]:
    """Find and parse every content file.

    A file that an edition names as its foreword has the role `forewords` and its path as id, wherever it lies.
    Never raises, whatever the folder holds.
    """
    paths, findings = _all_paths(project)
    editions = [_load(project, source, findings) for source in _sources(project, paths) if source.role == "editions"]
    forewords, missing = _forewords(project, editions, paths)
    findings += missing
    taken = {source.path for source in forewords}
    kept = [source for source in _sources(project, paths) if source.path not in taken and not source.language]
    translations = tuple(_load(project, source, findings) for source in _sources(project, paths) if source.language)
    by_path = {source.path: source for source in editions}
    loaded = [by_path.get(source.path) or _load(project, source, findings) for source in kept]
    loaded += [_load(project, source, findings) for source in forewords if source.path not in by_path]
    loaded += [replace(source, tree=by_path[source.path].tree) for source in forewords if source.path in by_path]
    findings += _names(kept)
    if not any(source.role == "catalogue" for source in kept):
        findings.append(
            error(
                "missing-file",
                say("there is no catalogue.yaml"),
                Location(_shown(project, "catalogue.yaml")),
                say("it holds the title, the publisher and the themes; docs/content.md shows how"),
            )
        )
    known = {source.path for source in (*kept, *forewords, *translations)}
    findings += (_unexpected(project, path) for path in sorted(paths) if _is_unexpected(path, known))
    return Folder(tuple(loaded), paths, translations), tuple(findings)


def _all_paths(project: Project) -> tuple[frozenset[str], list[Finding]]:
    """Every file of the catalogue that is not hidden or left behind by a program, as a path with slashes.

    A folder that cannot be read is an error: without it cards would be missing and nobody would know.
    """
    paths, findings = _walk(project, project.catalogue, "")
    for path in (name for name in FOLDERS if (project.catalogue / name).is_symlink()):
        if (project.catalogue / path).is_dir() and not project.is_outside_catalogue(path):
            # A link to another folder of the catalogue is followed, once.
            more, found = _walk(project, project.inside_catalogue(path), path)
            paths |= more
            findings += found
    for path in sorted(paths & FOLDERS.keys()):
        where = Location(_shown(project, path))
        findings.append(error("unreadable-file", say("this must be a folder"), where, say("its files end in .yaml")))
    return frozenset(paths - FOLDERS.keys()), findings


def _walk(project: Project, top: Path, prefix: str) -> tuple[set[str], list[Finding]]:
    """The files below one folder, whose paths begin with `prefix`, without following links to other folders."""
    paths: set[str] = set()
    findings: list[Finding] = []

    def path_of(folder: str, name: str = "") -> str:
        return posixpath.normpath(posixpath.join(prefix, Path(folder, name).relative_to(top).as_posix()))

    def refused(problem: OSError) -> None:
        message = say("this folder cannot be read: {reason}", reason=system_reason(problem))
        findings.append(error("unreadable-file", message, Location(_shown(project, path_of(problem.filename)))))

    for folder, folders, names in os.walk(top, onerror=refused):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in folders:
            findings += _folder_faults(project, path_of(folder, name))
        paths.update(path_of(folder, name) for name in names if not _is_left_behind(name))
    return paths, findings


def _is_left_behind(name: str) -> bool:
    lower = name.lower()
    hidden = name.startswith((".", "#", "~$"))
    return hidden or lower.endswith(_LEFT_BEHIND_ENDINGS) or lower in _LEFT_BEHIND_NAMES


def _folder_faults(project: Project, path: str) -> Iterator[Finding]:
    """What is wrong with a folder below the catalogue: it has the name of a content file, or is a link."""
    where = Location(_shown(project, path))
    above, _, name = path.rpartition("/")
    stem, ending = posixpath.splitext(name)
    if ending.lower() in ENDINGS and (above in FOLDERS or (not above and stem in SINGLE_FILES)):
        yield error(
            "unreadable-file", say("this is a folder, but it has the name of a content file"), where, say("rename it")
        )
    if path.split("/")[0] in FOLDERS and (project.catalogue / path).is_symlink():
        if project.is_outside_catalogue(path):
            message = say("this folder is a link to a place outside the catalogue folder")
            yield error("outside-project", message, where, say("put the folder itself here"))
        elif above:
            yield warning("unexpected-file", say("this folder is a link and is not read"), where)


def _sources(project: Project, paths: frozenset[str]) -> list[SourceFile]:
    return [source for path in sorted(paths) if (source := source_of(project, path))]


def source_of(project: Project, path: str) -> SourceFile | None:
    """What a path in the catalogue folder is read as, by its place and name alone; None when it is not read."""
    folder, _, name = path.rpartition("/")
    stem, ending = posixpath.splitext(name)
    if ending not in ENDINGS:
        return None
    stem, language = _language_of(stem, folder)
    model, role = (SINGLE_FILES.get(stem), stem) if not folder else (FOLDERS.get(folder), folder)
    return SourceFile(role, stem, path, _shown(project, path), model, language=language) if model else None


def _language_of(stem: str, folder: str) -> tuple[str, str]:
    """The name of a file without the language that it is a translation into, and this language; editions have none."""
    name, dot, tag = stem.rpartition(".")
    if not dot or not name or folder == "editions" or name == "territories" or not is_language(tag):
        return stem, ""
    return name, canonical(tag)


def _shown(project: Project, path: str) -> str:
    # A name that is not UTF-8 on disk reaches Python with surrogates, which no terminal prints.
    text = project.shown(project.catalogue / path)
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _load(project: Project, source: SourceFile, findings: list[Finding]) -> SourceFile:
    try:
        path = project.inside_catalogue(source.path)
        tree, found = parse(project.read(path), source.shown)
    except OutsideProject:
        tree, found = (
            None,
            (
                error(
                    "outside-project",
                    say("this file is a link to a place outside the catalogue folder"),
                    Location(source.shown),
                    say("put the file itself here"),
                ),
            ),
        )
    except TooLarge as large:
        tree, found = (
            None,
            (
                error(
                    "file-too-large",
                    say("this file is not read: {message}", message=large.message),
                    Location(source.shown),
                    say("is it a picture?"),
                ),
            ),
        )
    except OSError as fault:
        reason = system_reason(fault)
        tree, found = (
            None,
            (
                error(
                    "unreadable-file", say("this file cannot be read: {reason}", reason=reason), Location(source.shown)
                ),
            ),
        )
    findings.extend(found)
    return replace(source, tree=tree)


def load_source(project: Project, source: SourceFile) -> tuple[SourceFile, tuple[Finding, ...]]:
    """Read one content file again; gives it with its tree, and what is wrong with it."""
    findings: list[Finding] = []
    return _load(project, source, findings), tuple(findings)


def publication(project: Project) -> SourceFile | None:
    """catalogue.yaml, read without the other files; None if there is none."""
    for name in sorted(f"catalogue{ending}" for ending in ENDINGS):
        source = source_of(project, name)
        if source and (project.catalogue / name).is_file():
            return load_source(project, source)[0]
    return None


def _forewords(
    project: Project, editions: list[SourceFile], paths: frozenset[str]
) -> tuple[list[SourceFile], list[Finding]]:
    """The files that editions name as their forewords, once each, and what is wrong with the names."""
    found: dict[str, SourceFile] = {}
    findings = []
    for edition in editions:
        named = edition.tree.value("foreword") if edition.tree else None
        if not isinstance(named, Scalar):
            continue
        path = foreword_path(named.text)
        if path in paths and path != edition.path:
            found[path] = SourceFile("forewords", path, path, _shown(project, path), EditorialPage)
            continue
        outside = path.startswith(("../", "/")) or path == ".."
        findings.append(
            error(
                "outside-project",
                say("the foreword {named} is outside the catalogue folder", named=quoted(named.text)),
                named.where,
            )
            if outside
            else error(
                "missing-file",
                say("the foreword {named} does not exist", named=quoted(named.text)),
                named.where,
                say("give its path from the catalogue folder, for example editions/paca-foreword.yaml"),
            )
        )
    return list(found.values()), findings


def foreword_path(text: str) -> str:
    """The path of an edition's foreword as files are listed: `./editions/x.yaml` is `editions/x.yaml`."""
    return posixpath.normpath(text.strip())


def _names(sources: list[SourceFile]) -> list[Finding]:
    """Names that cannot be ids, and files with the same id."""
    findings = []
    first: dict[tuple[str, str], SourceFile] = {}
    for source in sources:
        fault = id_fault(source.id)
        if fault:
            nearest = as_id(source.id)
            findings.append(
                error(
                    "bad-id",
                    say("the name of this file cannot be an id: {fault}", fault=fault),
                    Location(source.shown),
                    *([say("rename it to {nearest}.yaml", nearest=nearest)] if nearest else []),
                )
            )
        other = first.setdefault((source.role, source.id), source)
        if other is not source:
            findings.append(
                error(
                    "duplicate-id",
                    say(
                        "this file and {other} have the same name but for the ending",
                        other=posixpath.basename(other.path),
                    ),
                    Location(source.shown),
                    say("keep the one that ends in .yaml")
                    if other.path.endswith(".yaml")
                    else say("keep one of the two"),
                )
            )
    return findings


def _is_unexpected(path: str, known: set[str]) -> bool:
    if path in known or path == _REGISTER:
        return False
    # Other files, such as a README or a spreadsheet, may stand at the top, but not among the cards.
    return path.lower().endswith(ENDINGS) or path.split("/")[0] in FOLDERS


def _unexpected(project: Project, path: str) -> Finding:
    folder, _, name = path.rpartition("/")
    stem, ending = posixpath.splitext(name)
    if ending.lower() not in ENDINGS:
        hint = say(
            "files in {folder}/ end in .yaml; move others elsewhere, pictures to images/", folder=folder.split("/")[0]
        )
    elif ending not in ENDINGS:
        hint = say("rename it to {stem}{ending}", stem=stem, ending=ending.lower())
    elif folder.split("/")[0] in FOLDERS:
        hint = say("move it up into {folder}/: folders inside it are not read", folder=folder.split("/")[0])
    else:
        hint = say(
            "content is read from catalogue.yaml, foreword.yaml, {folders}",
            folders=listed(f"{known}/" for known in FOLDERS),
        )
    return warning("unexpected-file", say("this file is not read"), Location(_shown(project, path)), hint)
