"""One file of a catalogue, checked before it is written: the others are as they stand on disk."""

from __future__ import annotations

from dataclasses import replace

from livret.content.catalogue import lint
from livret.content.catalogue.folder import Folder, read_folder, source_of
from livret.content.catalogue.reader import entity_of, territories_of
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
    others = tuple(one for one in folder.sources if one.path != path)
    folder = Folder((*others, source), folder.paths | {path})
    territories, faults = territories_of(folder)
    own = [] if source.role == "territories" else entity_of(source, territories)[1]
    findings = (*found, *faults, *own, *lint.findings(project, folder, territories or shipped()))
    here = {finding for finding in findings if finding.where and finding.where.path == source.shown}
    return tuple(sorted(here, key=lambda finding: finding.sort_key))
