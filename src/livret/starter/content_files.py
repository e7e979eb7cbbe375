"""A new card, partner or edition in a catalogue: commented, right, and in the language of the catalogue."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from livret.content.catalogue.folder import publication, read_folder
from livret.content.catalogue.reader import territories_of
from livret.content.catalogue.single_file import findings_of
from livret.content.schema.model import DEFAULT_EDITION
from livret.content.schema.validators import as_id
from livret.content.territories import shipped
from livret.content.yaml.tree import Mapping, Scalar, Sequence
from livret.findings import has_errors
from livret.project import Project
from livret.starter.listing import list_partner
from livret.starter.writing import NotWrittenError, filled, free_id, quoted_list, quoted_value, words_of, write_new
from livret.translation import say


@dataclass(frozen=True)
class NewCard:
    """What a new card says. Without themes it has the first of the catalogue; without territories it is national."""

    pilot: str
    acronym: str = ""
    title: str = ""
    themes: tuple[str, ...] = ()
    territories: tuple[str, ...] = ()
    language: str = ""
    id: str = ""


@dataclass(frozen=True)
class NewPartner:
    """What a new partner says."""

    name: str
    acronym: str = ""
    website: str = ""
    id: str = ""


@dataclass(frozen=True)
class NewEdition:
    """What a new edition says. Without territories and themes it has every card."""

    title: str
    subtitle: str = ""
    territories: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    id: str = ""


def new_card(project: Project, card: NewCard) -> Path:
    """Write initiatives/ID.yaml; the id comes from acronym, title or name. Raises NotWrittenError, OutputError."""
    id = free_id(project, "initiatives", card.id, (card.acronym, card.title, card.pilot), "card")
    known = themes_of(project)
    named = replace(card, themes=_by_ids(card.themes, known))
    return _write(
        project, f"initiatives/{id}.yaml", card_text(named, known, _language_of(project), example_codes(project))
    )


def _by_ids(themes: Iterable[str], known: dict[str, str]) -> tuple[str, ...]:
    """Themes by their ids, which may be told by their names as well. What is neither stays, for the check to tell."""
    ids = {as_id(name): id for id, name in known.items()}
    return tuple(theme if theme in known else ids.get(as_id(theme), theme) for theme in themes)


def card_text(card: NewCard, themes: Iterable[str], language: str, codes: str) -> str:
    """The text of a new card of a catalogue with these themes, in this language and with codes like these."""
    words, known = words_of(card.language, language), tuple(themes)
    return filled("card", words, {
        "pilot": quoted_value(card.pilot),
        "acronym": _optional(card.acronym),
        "title": _optional(card.title),
        "known": ", ".join(known),
        "themes": quoted_list(card.themes or known[:1]),
        "places": _places(card.territories, words, codes),
        "language": "" if card.language == language else _optional(card.language),
    })  # fmt: skip


def _places(territories: tuple[str, ...], words: str, codes: str) -> str:
    told = {
        "fr": (
            "# Les codes de ses territoires ; pour tout le pays, écrivez à la place : scope: national",
            f"# Elle vaut pour tout le pays. Sinon, écrivez à la place : territories: [{codes}]",
        ),
        "en": (
            "# The codes of its territories; for the whole country write in its place: scope: national",
            f"# It covers the whole country. If not, write in its place: territories: [{codes}]",
        ),
    }
    placed, national = told[words]
    return f"{placed}\nterritories: {quoted_list(territories)}" if territories else f"{national}\nscope: national"


def new_partner(project: Project, partner: NewPartner) -> Path:
    """Write partners/ID.yaml, and list it in catalogue.yaml; the id comes from acronym or name.

    Raises NotWrittenError, OutputError.
    """
    id = free_id(project, "partners", partner.id, (partner.acronym, partner.name), "partner")
    values = {
        "name": quoted_value(partner.name),
        "acronym": _optional(partner.acronym),
        "website": _optional(partner.website),
    }
    path = _write(project, f"partners/{id}.yaml", filled("partner", words_of(_language_of(project)), values))
    list_partner(project, id)
    return path


def new_edition(project: Project, edition: NewEdition) -> Path:
    """Write editions/ID.yaml; the id comes from the title. Raises NotWrittenError, OutputError."""
    known = themes_of(project)
    id = free_id(project, "editions", edition.id, (edition.title,), "edition")
    if id == DEFAULT_EDITION:
        # Its file would change the main booklet. Who wants that writes the file by hand.
        raise NotWrittenError(
            say('"{id}" is the edition with every card, and already there', id=id),
            say("choose another id with --id"),
        )
    values = {
        "id": id,
        "title": quoted_value(edition.title),
        "subtitle": _optional(edition.subtitle),
        "known": ", ".join(known),
        "first": next(iter(known), ""),
        "territories": quoted_list(edition.territories) if edition.territories else "",
        "themes": quoted_list(_by_ids(edition.themes, known)) if edition.themes else "",
    }
    return _write(project, f"editions/{id}.yaml", filled("edition", words_of(_language_of(project)), values))


def _optional(text: str) -> str:
    return quoted_value(text) if text.strip() else ""


def _write(project: Project, path: str, text: str) -> Path:
    findings = findings_of(project, path, text.encode())
    if has_errors(findings):
        raise NotWrittenError.by(findings)
    return write_new(project.catalogue / path, text)


def themes_of(project: Project) -> dict[str, str]:
    """The themes of the catalogue: names by id, in order; read even if other files have errors."""
    themes = tree.value("themes") if (tree := _publication(project)) else None
    groups = [item for item in themes.items if isinstance(item, Mapping)] if isinstance(themes, Sequence) else []
    return {id: _text(group, "name") for group in groups if (id := _text(group, "id"))}


def example_codes(project: Project) -> str:
    """What the codes of territories look like in the catalogue, as a list in YAML has them."""
    territories, _, _ = territories_of(read_folder(project)[0])
    return (territories or shipped()).example_codes


def _language_of(project: Project) -> str:
    return _text(_publication(project), "language") or "fr"


def _publication(project: Project) -> Mapping | None:
    source = publication(project)
    return source.tree if source else None


def _text(tree: Mapping | None, field: str) -> str:
    value = tree.value(field) if tree else None
    return value.text.strip() if isinstance(value, Scalar) else ""
