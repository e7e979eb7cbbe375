"""The start of a project: a new catalogue, card, partner, edition or layout, and the demonstration.

Everything that this room writes passes the check, and it never writes over a file.
"""

from livret.starter.catalogue import NewCatalogue, copy_demonstration, new_catalogue
from livret.starter.content_files import (
    NewCard,
    NewEdition,
    NewPartner,
    example_codes,
    new_card,
    new_edition,
    new_partner,
    themes_of,
)
from livret.starter.layouts import new_layout
from livret.starter.writing import NotWrittenError

__all__ = [
    "NewCard",
    "NewCatalogue",
    "NewEdition",
    "NewPartner",
    "NotWrittenError",
    "copy_demonstration",
    "example_codes",
    "new_card",
    "new_catalogue",
    "new_edition",
    "new_layout",
    "new_partner",
    "themes_of",
]
