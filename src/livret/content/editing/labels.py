"""What the fields of the content are called in forms, and a word of help where the name does not say enough."""

from __future__ import annotations

from collections.abc import Mapping

from livret.content.schema.base import Model
from livret.translation import Text, say

# By the name of the field; with the name of its model before it where the same name means something else there.
LABELS: Mapping[str, Text] = {
    "about": say("About the organisation"),
    "acronym": say("Acronym"),
    "address": say("Address"),
    "allow": say("Accepted findings"),
    "alt": say("Description for those who cannot see it"),
    "art": say("Drawings"),
    "back": say("Back cover"),
    "body": say("Text"),
    "caption": say("Caption"),
    "color": say("Colour"),
    "colours": say("Colours"),
    "contact": say("Contact"),
    "contacts": say("Contacts"),
    "cover": say("Cover"),
    "credit": say("Credit"),
    "date": say("Date of the event"),
    "demonstration": say("Demonstration"),
    "deposit": say("Month of the legal deposit"),
    "description": say("Description"),
    "email": say("E-mail"),
    "exclude": say("Cards that are always out"),
    "figures": say("Key figures"),
    "file": say("Picture"),
    "filler": say("Pages at the end"),
    "fit": say("How it fills the frame"),
    "focus": say("Point that stays in sight"),
    "foreword": say("Foreword"),
    "ground": say("Ground colour"),
    "ground_inks": say("Inks of the ground colour"),
    "id": say("Short name"),
    "image": say("Picture"),
    "images": say("Pictures"),
    "imprint": say("Text of the imprint"),
    "include": say("Cards that are always in"),
    "isbn": say("ISBN"),
    "issn": say("ISSN"),
    "issued": say("Date of the booklet"),
    "label": say("What it counts"),
    "language": say("Language"),
    "layout": say("Layout"),
    "layouts": say("Drawings for other layouts"),
    "legal": say("Legal mentions"),
    "logo": say("Logo"),
    "name": say("Name"),
    "national": say("Also cards for the whole country"),
    "offices": say("Offices"),
    "opener": say("Spread before the cards"),
    "organisation": say("Organisation"),
    "page": say("Behind pages with little text"),
    "parent": say("Ministry or group above it"),
    "partners": say("Partners"),
    "phone": say("Telephone"),
    "phones": say("Telephones"),
    "pictogram": say("Pictogram"),
    "pilot": say("Organisation"),
    "place": say("Place"),
    "portrait": say("Portrait"),
    "press": say("Press profile"),
    "price": say("Price"),
    "printed": say("End of printing"),
    "printer": say("Printer"),
    "publisher": say("Publisher"),
    "reason": say("Reason"),
    "results": say("Results"),
    "role": say("Function"),
    "rule": say("Rule"),
    "scope": say("Scope"),
    "sections": say("Order of the booklet"),
    "sign_off": say("Sign-off"),
    "signature": say("Signature"),
    "sort_as": say("File under"),
    "subtitle": say("Subtitle"),
    "summary": say("In short"),
    "territories": say("Territories"),
    "themes": say("Themes"),
    "title": say("Title"),
    "value": say("Figure"),
    "website": say("Website"),
}

HELP: Mapping[str, Text] = {
    "about": say("What the organisation is and does."),
    "CardContact.address": say("The address, or the town."),
    "CardContact.name": say("A person, if one is to be named."),
    "Figure.label": say("In a few words."),
    "Figure.value": say("As it is printed, with its unit."),
    "Initiative.partners": say("Who takes part; usually a list."),
    "Initiative.themes": say("The first one is the main one: it gives the card its colour."),
    "Initiative.title": say("Without it the card is headed by its organisation."),
    "Initiative.territories": say("Regions and departments; not needed for the whole country."),
    "acronym": say("As it is written in running text."),
    "alt": say("What is seen, in a sentence; it is read aloud and not printed."),
    "credit": say("Who made the picture."),
    "description": say("What is done."),
    "focus": say("Two shares: from the left, from the top."),
    "foreword": say("The file of a foreword of its own."),
    "issued": say("Without it, the date of the event."),
    "language": say("Where it is not that of the catalogue."),
    "national": say("Whether cards for the whole country are kept too."),
    "phone": say("As it is printed."),
    "results": say("What came of it."),
    "sort_as": say("Where neither the acronym nor the name is right."),
    "summary": say("A sentence or two, in bold above the description."),
    "EditionFile.territories": say("Keeps the cards in one of these territories."),
    "EditionFile.themes": say("Keeps the cards with one of these themes."),
}


def label(model: type[Model], name: str) -> str:
    """What a field is called."""
    return LABELS.get(f"{model.__name__}.{name}") or LABELS.get(name) or name


def help_text(model: type[Model], name: str) -> str:
    """A word of help; may be empty."""
    return HELP.get(f"{model.__name__}.{name}") or HELP.get(name) or ""
