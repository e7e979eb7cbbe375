"""What the page is told of an edition: the wall with all spreads, and one spread, as values for JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from livret.content.editing.form_words import in_form, named
from livret.content.schema.contacts import contact_url
from livret.content.schema.model import Catalogue, Initiative
from livret.control.approvals.state import PartState
from livret.findings import Finding, Severity
from livret.measure import POINTS_PER_MM
from livret.pages.compose.copy_budget import budgets
from livret.pages.flatplan import FURNITURE_PAGES, Part, Subject, edition_names, select
from livret.pages.galley import Fragment
from livret.proofroom.edition_view import View
from livret.translation import in_language


def room(catalogue: Catalogue | None, layouts: Iterable[str]) -> dict[str, Any]:
    """What can be looked at: editions and layouts."""
    if catalogue is None:
        return {"title": None, "editions": [], "layouts": []}
    editions = []
    for name in edition_names(catalogue):
        edition = select(catalogue, name)
        told = {"title": edition.title, "subtitle": edition.subtitle, "layout": edition.layout, "file": edition.file}
        editions.append({"id": name, **told})
    return {"title": catalogue.publication.title, "editions": editions, "layouts": list(layouts)}


def wall(view: View, told: Mapping[str, list[Finding]], language: str) -> dict[str, Any]:
    """The flatplan: every page in order, and what is known of every part; `told` has findings by file."""
    layout, composer = view.composer.layout, view.composer
    spec = layout.file
    shown = {place for part in view.parts for place in getattr(part.subject, "territories", ())}
    areas = {place.region.code: place.region.in_language(view.edition.language) for place in shown}
    return {
        "version": view.version,
        "edition": view.edition.id,
        "layout": layout.name,
        "title": view.edition.title,
        "language": view.edition.language,
        "binding": view.edition.binding,
        "settled": view.is_settled,
        "bound": view.is_bound,
        "page": {
            "width": spec.trim.width,
            "height": spec.trim.height,
            "bleed": spec.bleed,
            "safe": spec.safe_margin,
            "baseline": spec.baseline,
            "margins": spec.margins.model_dump(),
        },
        "themes": [
            {"id": one.id, "name": one.name, "color": one.color, "on": one.on} for one in composer.themes.values()
        ],
        "territories": [{"code": code, "name": areas[code].name} for code in sorted(areas)],
        "pages": [
            {
                "folio": sheet.folio,
                "part": sheet.part.anchor if sheet.part else None,
                "page": sheet.page,
                "over": _over(view, sheet.index),
                "below": [_below(view, part) for part in sheet.below],
            }
            for sheet in view.pagination.sheets
        ],
        "parts": {part.anchor: part_row(view, part, told, language) for part in view.parts},
        "findings": [in_form(one).as_dict(language) for one in dict.fromkeys((*view.others, *_in_style_sheets(view)))],
    }


def _in_style_sheets(view: View) -> Iterator[Finding]:
    """What typesetting found in files of the layout: it is the same for many parts."""
    for findings in view.found.values():
        yield from (one for one in findings if one.where and one.where.path.endswith(".css"))


def _below(view: View, part: Part) -> dict[str, Any]:
    """A card below others on a page: how far below, and which room it has on its own page, in millimetres."""
    lengths = (view.pagination.downs[part.anchor], *view.pagination.sharing.room)
    down, bottom, top = (round(length / POINTS_PER_MM, 3) for length in lengths)
    return {"part": part.anchor, "down": down, "bottom": bottom, "top": top}


def _over(view: View, index: int) -> str:
    """The page of the furniture that lies over a page of the book."""
    piece, page = divmod(index, FURNITURE_PAGES)
    is_there = index < view.furnished and piece < len(view.furniture)
    return f"{view.furniture[piece].key}-{page}" if is_there else ""


def part_row(view: View, part: Part, told: Mapping[str, list[Finding]], language: str) -> dict[str, Any]:
    """What the wall says of one part."""
    fragment = view.fragments.get(part.anchor)
    subjects = _subjects(view, part)
    found = [*view.found.get(part.anchor, ()), *_in_files(subjects, told)]
    card = part.subject if isinstance(part.subject, Initiative) else None
    sign_off = view.states.get(part.anchor)
    places = card.territories if card else ()
    navigation = view.composer.navigation
    return {
        "kind": part.kind,
        "id": part.id,
        "title": navigation.title(part),
        "description": navigation.description(part),
        "file": part.subject.source.path if part.subject else None,
        "files": _files(view, part, subjects),
        "folio": view.pagination.folio(part.anchor),
        "fragment": fragment.key if fragment else None,
        "pages": len(fragment.facts.sides) if fragment else 0,
        "themes": list(card.themes) if card else [],
        "territories": sorted({place.region.code for place in places}),
        "national": bool(card and card.scope != "regional"),
        "state": sign_off.standing if sign_off else None,
        "overset": fragment.facts.overset if fragment else 0,
        "errors": sum(one.severity is Severity.ERROR for one in found),
        "warnings": sum(one.severity is Severity.WARNING for one in found),
    }


def _files(view: View, part: Part, subjects: Iterable[tuple[Subject, str]]) -> list[dict[str, Any]]:
    """The files that a part is written in; with an empty name it is catalogue.yaml.

    A part without a subject, such as the cover, is written in the file of its edition first: what is typed there
    changes this edition alone.
    """
    if part.subject:
        return [{"file": one.source.path, "language": one.language or language} for one, language in subjects]
    own = view.edition.file
    return [{"file": own, "is_shared": False}, {"file": "", "is_shared": True}] if own else []


def _subjects(view: View, part: Part) -> list[tuple[Subject, str]]:
    """What a part prints, with the language of its edition; two where it has pages in two."""
    found = [(part.subject, view.edition.language)] if part.subject else []
    if part.is_double and part.second and part.second.subject and view.edition.second:
        found.append((part.second.subject, view.edition.second.language))
    return found


def _in_files(subjects: Iterable[tuple[Subject, str]], told: Mapping[str, list[Finding]]) -> list[Finding]:
    return [one for subject, _ in subjects for one in told.get(subject.source.path, ())]


def spread(
    view: View, part: Part, told: Mapping[str, list[Finding]], history: list[dict[str, Any]], language: str
) -> dict[str, Any]:
    """All that stands beside a spread."""
    fragment = view.fragments.get(part.anchor)
    found = [*_in_files(_subjects(view, part), told), *view.found.get(part.anchor, ())]
    sign_off = view.states.get(part.anchor)
    return {
        **part_row(view, part, told, language),
        "anchor": part.anchor,
        "version": view.version,
        "findings": [in_form(one).as_dict(language) for one in sorted(set(found), key=lambda one: one.sort_key)],
        "budgets": _budgets(view, part, fragment),
        "contacts": _contacts(part),
        "sign_off": _sign_off(sign_off, language),
        "history": history,
        "fit": fragment.facts.fit if fragment else "",
    }


def _budgets(view: View, part: Part, fragment: Fragment | None) -> list[dict[str, Any]]:
    """For each flow of a card: its words, about how many fit, and how many are too many. In two languages, for each."""
    if not isinstance(part.subject, Initiative):
        return []
    file = view.composer.layout.file
    subjects = _subjects(view, part)
    if len(subjects) > 1:
        # Which page is on the left depends on the layout, so the words of each language are counted together.
        of_cards = [(one, language) for one, language in subjects if isinstance(one, Initiative)]
        flows = [(budgets(card, file.copy_room), card.language or language) for card, language in of_cards]
        return [
            {
                "language": language,
                "words": sum(one.words for one in found),
                "room": sum(one.room for one in found),
                "over": 0,
            }
            for found, language in flows
            if found
        ]
    over = fragment.facts.over if fragment else {}
    return [
        {
            "flow": one.flow,
            "words": one.words,
            "room": one.room,
            "over": over.get(file.sides.get(f"card-{one.flow}", "any"), 0),
        }
        for one in budgets(part.subject, file.copy_room)
    ]


def _contacts(part: Part) -> list[dict[str, Any]]:
    if not isinstance(part.subject, Initiative):
        return []
    return [
        {
            "name": one.name or one.role or one.organisation,
            "role": one.role if one.name else None,
            "links": [
                {"text": text, "address": contact_url(text)} for text in (*one.phones, one.email, one.website) if text
            ],
        }
        for one in part.subject.contacts
    ]


def _sign_off(state: PartState | None, language: str) -> dict[str, Any] | None:
    if state is None:
        return None
    return {**state.as_dict(), "changed": [in_language(named(one), language) for one in state.changed]}


def by_file(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """Findings by the file that they are in."""
    told: dict[str, list[Finding]] = {}
    for one in findings:
        told.setdefault(one.where.path if one.where else "", []).append(one)
    return told
