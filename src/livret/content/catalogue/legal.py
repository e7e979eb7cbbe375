"""What the law of a country asks to be printed in a booklet, and what is missing when an edition goes to press.

France: the law of 29 July 1881, article 3: printed matter made public carries the printer's name and address; without
them it may not be given out. The order of 12 January 1995, article 1, for what is subject to legal deposit: publisher
and printer with their addresses, the date printing ended, ISBN and, in a series, ISSN, the price, "Dépôt légal" with
month and year.

Belgium: articles 299 and 300 of the penal code of 1867 punish who gives out printed matter without the true name and
address of its author or printer. So everything bears an "éditeur responsable" with an address.

Switzerland: article 322, paragraph 2, of the penal code (SR 311.0) asks newspapers and magazines to name the seat of
the publisher and the responsible editor. Of other printed matter nothing is asked since 1 April 1998.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from livret.content.catalogue.suppressions import accept_allowed
from livret.content.schema.base import Volume
from livret.content.schema.model import (
    DEFAULT_EDITION,
    Allowed,
    Catalogue,
    CatalogueFile,
    EditionFile,
    Legal,
    Publisher,
)
from livret.findings import Finding, Location, Severity, error, note, warning
from livret.translation import Text, say

PRINTER_LAW = say("law of 29 July 1881, article 3")
DEPOSIT_ORDER = say("order of 12 January 1995, article 1")
BELGIAN_CODE = say("Belgium, penal code of 1867, articles 299 and 300")
SWISS_CODE = say("Switzerland, penal code, article 322")

# A draft may hold these, so reading only warns. A press file may not.
RESERVED = frozenset({"fictional-contact", "unassigned-isbn", "unwritten-text"})


def legal_of(publication: CatalogueFile, edition: EditionFile | None) -> Legal:
    """The legal mentions of an edition: field by field its own, else those of catalogue.yaml.

    An ISBN is the number of one book: that of catalogue.yaml is inherited by the edition `full` alone.
    """
    if edition is None:
        return publication.legal
    inherited = publication.legal
    if edition.id != DEFAULT_EDITION:
        inherited = inherited.model_copy(update={"isbn": None})
    return inherited.model_copy(update={name: value for name, value in edition.legal if value is not None})


def allow_of(publication: CatalogueFile, edition: EditionFile | None) -> tuple[Allowed, ...]:
    """The rules allowed to an edition: those of catalogue.yaml and its own."""
    return (*publication.allow, *(edition.allow if edition else ()))


def press_findings(
    catalogue: Catalogue, name: str, found: Iterable[Finding], printed: Collection[str]
) -> tuple[Finding, ...]:
    """Why an edition cannot go to press: legal mentions that are missing, and contacts that are not real.

    In: the name of the edition; what reading the catalogue found; the paths of the files whose words the edition
    prints (see `flatplan.sources`). Out: errors, and a warning for a missing ISBN; notes, if the catalogue is a
    demonstration; what the edition allows, as notes.
    """
    publication = catalogue.publication
    edition = next((one for one in catalogue.editions if one.id == name), None)
    volumes: list[Volume] = [edition, publication] if edition else [publication]
    files = {*printed, *(volume.source.path for volume in volumes)}
    told = list(_missing(publication, edition, volumes))
    if publication.demonstration:
        told = [replace(finding, severity=Severity.NOTE) for finding in told]
    told += (
        replace(finding, severity=Severity.ERROR)
        for finding in found
        if finding.rule in RESERVED
        and finding.severity is not Severity.NOTE
        and finding.where is not None
        and finding.where.path in files
    )
    return accept_allowed(told, allow_of(publication, edition))


def _missing(publication: CatalogueFile, edition: EditionFile | None, volumes: list[Volume]) -> Iterator[Finding]:
    # One mention after the other, as the law lists them: the messages make it long.
    legal = legal_of(publication, edition)
    publisher = edition.publisher if edition and edition.publisher else publication.publisher
    sections = edition.sections if edition and edition.sections else publication.sections
    place = _place(volumes, "legal")
    match legal.country or "FR":
        case "FR":
            law = DEPOSIT_ORDER
        case "BE":
            law = BELGIAN_CODE
        case "CH" if legal.issn:
            law = SWISS_CODE
        case "CH":
            return
        case country:
            message = say("Livret does not know what the law of {country} asks to be printed", country=country)
            yield note("unknown-law", message, place, say("ask the printer or the national library"))
            return
    if "imprint" not in sections:
        where = _place(volumes, "sections")
        yield _mention(say("the booklet has no imprint page"), law, where, say("add imprint to sections:"))
    if law is not DEPOSIT_ORDER:
        yield from _responsible(legal, publisher, volumes, law)
        return
    if publisher is None:
        hint = say("publisher: {{name: ..., address: ...}}")
        yield _mention(say("the imprint has no publisher"), DEPOSIT_ORDER, _place(volumes, "publisher"), hint)
    elif not publisher.address:
        where, hint = _place(volumes, "publisher"), say("add to publisher: address: ...")
        yield _mention(say("the imprint has no address of the publisher"), DEPOSIT_ORDER, where, hint)
    if legal.printer is None:
        hint = say("add to legal: printer: {{name: ..., address: ...}}")
        yield _mention(say("the imprint has no printer"), PRINTER_LAW, place, hint)
    elif not legal.printer.address:
        hint = say("add to printer, in legal: address: ...")
        yield _mention(say("the imprint has no address of the printer"), PRINTER_LAW, place, hint)
    if not legal.printed:
        yield _mention(
            say("the imprint has no printing date"), DEPOSIT_ORDER, place, say("add to legal: printed: 2019-04")
        )
    if not legal.deposit:
        yield _mention(
            say("the imprint has no legal deposit"), DEPOSIT_ORDER, place, say("add to legal: deposit: 2019-04")
        )
    if not legal.price:
        hints = [say("add to legal: price: gratuit"), say("or with its currency: 12 €")]
        yield _mention(say("the imprint has no price"), DEPOSIT_ORDER, place, *hints)
    if not (legal.isbn or legal.issn):
        hints = [
            say("add to legal: isbn: 978-...; in France the Afnil gives it"),
            say("or, for one in a series, issn: ..."),
        ]
        if edition and publication.legal.isbn:
            hints.append(
                say("the ISBN in catalogue.yaml belongs to the edition full; each edition has a number of its own")
            )
        yield warning(
            "missing-isbn",
            say("the imprint has neither ISBN nor ISSN ({law})", law=DEPOSIT_ORDER),
            place,
            *hints,
        )


def _responsible(legal: Legal, publisher: Publisher | None, volumes: list[Volume], law: Text) -> Iterator[Finding]:
    """Belgium: somebody with an address answers for it. Switzerland: an editor, and the seat of the publisher."""
    place = _place(volumes, "legal")
    hint = say("add to legal: responsible: {{name: ..., address: ...}}")
    if legal.responsible is None:
        yield _mention(say("the imprint names nobody who is responsible"), law, place, hint)
    elif law is BELGIAN_CODE and not legal.responsible.address:
        yield _mention(say("the imprint has no address of the responsible person"), law, place, hint)
    if law is SWISS_CODE and not (publisher and publisher.address):
        hint = say("publisher: {{name: ..., address: ...}}")
        yield _mention(say("the imprint has no address of the publisher"), law, _place(volumes, "publisher"), hint)


def _mention(message: Text, law: Text, where: Location, *hints: Text) -> Finding:
    # What other countries ask was not checked by a jurist.
    told = error if law in {DEPOSIT_ORDER, PRINTER_LAW} else warning
    return told("missing-legal-mention", say("{message} ({law})", message=message, law=law), where, *hints)


def _place(volumes: list[Volume], field: str) -> Location:
    """Where a field stands, in the edition's file before catalogue.yaml; the top of catalogue.yaml if in neither."""
    given = (volume.places[field] for volume in volumes if field in volume.places)
    return next(given, Location(volumes[-1].source.path, 1))
