"""A catalogue that is read again and again while somebody writes in it.

A file with an error keeps the last good state that it had, so that its page stays in sight until the error is mended.
When one card changed, that file alone is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property

from livret.content.catalogue import lint
from livret.content.catalogue.entities import entity_of
from livret.content.catalogue.folder import Folder, SourceFile, load_source
from livret.content.catalogue.reader import allowed_in, by_role, catalogue_of, in_order, read_files
from livret.content.schema import introspection
from livret.content.schema.base import Entity
from livret.content.schema.model import Catalogue, Translation
from livret.content.territories import Territories, shipped
from livret.findings import Finding, has_errors
from livret.project import Project

# The roles of files that nothing but their own page is made from.
_ALONE = frozenset({"initiatives", "pages", "foreword", "forewords", "partners"})
# Findings in a file that come from its name or from other files. They stay when the file alone is read again.
_OF_THE_FOLDER = frozenset({"bad-id", "duplicate-id", "unlisted-partner", "unexpected-file"})


@dataclass(frozen=True)
class LiveReading:
    """What was read: the folder, the good state of each file by its path, and all that was found.

    `catalogue` is made of the good states; None when there never was a good `catalogue.yaml`. `changed` are the paths,
    as findings show them, of the files whose state is another than in the reading before. `territories` are those that
    the last good state of territories.yaml gives.
    """

    folder: Folder
    good: Mapping[str, Entity]
    found: tuple[Finding, ...]
    catalogue: Catalogue | None
    changed: frozenset[str]
    territories: Territories
    translations: tuple[Translation, ...] = ()

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Everything that was found, by place, with what the catalogue allows turned into notes."""
        return in_order(self.found, allowed_in(self.good.values()))


def read(project: Project, before: LiveReading | None = None) -> LiveReading:
    """Read the whole folder. Never raises, whatever it holds."""
    reading = read_files(project, before.territories if before else shipped())
    folder, known = reading.folder, reading.territories or (before.territories if before else shipped())
    wrong_files = {one.where.path for one in reading.found if one.where and has_errors((one,))}
    last = before.good if before else {}
    good: dict[str, Entity] = {}
    for source, entity in reading.files:
        if entity is None or source.shown in wrong_files or entity == last.get(source.path):
            # What is the same stays the same object, so that others see at once that nothing changed.
            entity = last.get(source.path)
        if entity is not None:
            good[source.path] = entity
    return _reading(folder, good, reading.found, (known, _kept(reading.translations, folder, before)), before)


def reread(project: Project, before: LiveReading, path: str) -> LiveReading | None:
    """Read one file again; None when others depend on it, so that the whole folder has to be read.

    `path` is relative to the catalogue folder.
    """
    at, source = next(((at, one) for at, one in enumerate(before.folder.sources) if one.path == path), (0, None))
    if source is None or source.role not in _ALONE or not (project.catalogue / path).is_file():
        return None
    if sum(one.path == path for one in before.folder.sources) > 1:
        return None
    if any((one.role, one.id) == (source.role, source.id) for one in before.folder.translations):
        return None
    read_again, found = load_source(project, source)
    sources = (*before.folder.sources[:at], read_again, *before.folder.sources[at + 1 :])
    folder = replace(before.folder, sources=sources)
    if read_again.tree is not None and _drawings(source) != _drawings(read_again):
        # Drawings are checked once, at the place that names them first.
        return None
    entity, wrong = entity_of(read_again, before.territories)
    new = (*found, *wrong, *lint.findings_in(read_again, lint.KnownNames(project, folder, before.territories)))
    kept = (one for one in before.found if not _is_of_file(one, source.shown))
    good = dict(before.good)
    if entity is not None and not has_errors(new):
        good[path] = entity
    return _reading(folder, good, (*kept, *new), (before.territories, before.translations), before)


def _kept(translations: tuple[Translation, ...], folder: Folder, before: LiveReading | None) -> tuple[Translation, ...]:
    """The translations, with the last good state of those that have an error now."""
    last = {one.entity.source.path: one for one in before.translations} if before else {}
    read = {one.entity.source.path: one for one in translations}
    found = []
    for source in folder.translations:
        now, then = read.get(source.shown), last.get(source.shown)
        kept = then if now is None or now == then else now
        if kept is not None:
            found.append(kept)
    return tuple(found)


def _is_of_file(finding: Finding, shown: str) -> bool:
    if finding.where is None or finding.where.path != shown:
        return False
    return finding.rule not in _OF_THE_FOLDER or finding.where.line > 0


def _drawings(source: SourceFile) -> frozenset[str]:
    """The pictures that a file names, as they are typed."""
    values = introspection.walk(source.model, source.tree) if source.tree else ()
    return frozenset(one.scalar.text for one in values if one.shape.kind and one.shape.kind.name == "picture")


def _reading(
    folder: Folder,
    good: Mapping[str, Entity],
    found: tuple[Finding, ...],
    around: tuple[Territories, tuple[Translation, ...]],
    before: LiveReading | None,
) -> LiveReading:
    last = before.good if before else {}
    paths = {path for path in {*good, *last} if good.get(path) != last.get(path)}
    shown = {source.path: source.shown for source in (*folder.sources, *(before.folder.sources if before else ()))}
    known, translations = around
    last_ones = before.translations if before else ()
    others = [one for one in (*translations, *last_ones) if one not in translations or one not in last_ones]
    changed = frozenset(shown.get(path, path) for path in paths) | {one.entity.source.path for one in others}
    entities = by_role((source, good.get(source.path)) for source in folder.sources)
    catalogue = before.catalogue if before else None
    if changed or catalogue is None:
        # Where a file is missing that another one names, the last good whole stays.
        with suppress(KeyError, ValueError):
            catalogue = catalogue_of(entities, known, translations)
    return LiveReading(folder, good, found, catalogue, changed, known, translations)
