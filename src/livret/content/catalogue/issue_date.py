"""The date of a booklet, kept in its files: which one it is, and a note where nobody has said it."""

from __future__ import annotations

from livret.content.schema.base import Volume
from livret.content.schema.model import Catalogue, EditionFile
from livret.findings import Finding, Location, note
from livret.project import source_date
from livret.translation import say


def issue_date_findings(catalogue: Catalogue, name: str) -> tuple[Finding, ...]:
    """A note when the files of an edition get the date of the event, or none of the catalogue's, as their own.

    In: the name of the edition. Raises LivretError for a wrong SOURCE_DATE_EPOCH.
    """
    publication = catalogue.publication
    edition = next((one for one in catalogue.editions if one.id == name), None)
    if source_date() or publication.issued or (edition and edition.issued):
        return ()
    event = edition.date if edition and edition.date else publication.date
    message = (
        say("the files are dated {first}, the date of the event", first=event.first)
        if event
        else say("the files are dated 2000-01-01")
    )
    volumes: list[EditionFile | Volume] = [edition, publication] if edition else [publication]
    places = (volume.places["date"] for volume in volumes if "date" in volume.places)
    where = next(places, Location(publication.source.path, 1))
    return (note("no-issue-date", message, where, say("add issued: 2019-04-30 with the date of the booklet itself")),)
