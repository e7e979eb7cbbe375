"""One file of a catalogue, checked before it is written: the others are as they stand on disk."""

from __future__ import annotations

from dataclasses import replace

from livret.content.catalogue import lint
from livret.content.catalogue.entities import entity_of
from livret.content.catalogue.folder import Folder, SourceFile, read_folder, source_of
from livret.content.catalogue.reader import territories_of
from livret.content.catalogue.translations import translations_of
from livret.content.territories import shipped
from livret.content.yaml.reader import parse
from livret.findings import Finding
from livret.project import Project


def findings_of(project: Project, path: str, raw: bytes) -> tuple[Finding, ...]:
    """What reading would find in the file at `path`, relative to the catalogue folder, if it held these bytes.

    Never raises, whatever the bytes are. Out: nothing for a path that is not read as content.
    """
    known = source_of(project, path)
    if known is None:
        return ()
    tree, found = parse(raw, known.shown)
    source = replace(known, tree=tree)
    folder, _ = read_folder(project)
    folder = _with(folder, source)
    territories, _, faults = territories_of(folder)
    own = () if source.role == "territories" or source.language else entity_of(source, territories)[1]
    translated = translations_of(folder, territories)[1]
    findings = (*found, *faults, *own, *translated, *lint.findings(project, folder, territories or shipped(), source))
    here = {finding for finding in findings if finding.where and finding.where.path == source.shown}
    return tuple(sorted(here, key=lambda finding: finding.sort_key))


def _with(folder: Folder, source: SourceFile) -> Folder:
    """The folder, with this file in place of the one of its path."""
    others, translations = (
        tuple(one for one in files if one.path != source.path) for files in (folder.sources, folder.translations)
    )
    if source.language:
        return Folder(others, folder.paths | {source.path}, (*translations, source))
    return Folder((*others, source), folder.paths | {source.path}, translations)
