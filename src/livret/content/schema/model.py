"""The models of a catalogue: one frozen model for each kind of file, and the whole Catalogue.

The descriptions of the fields are printed in docs/content.md (see `field_tables`), so they are written for the
people who fill the files in. A field's type, from `field_types`, has a `Kind`, which says in words what belongs there.
By it other modules find every picture, every Markdown text and every reference, without a list of field names.

Checks on one value are in `validators` and `isbn`, checks that need another file in `lint`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from pydantic import Field, field_validator

from livret.content.language_tags import main_subtag
from livret.content.schema import validators
from livret.content.schema.base import Entity, Model, Volume
from livret.content.schema.design import Art, Colours, Cover, Framing, PictureField
from livret.content.schema.field_types import (
    DEFAULT_SECTIONS,
    Address,
    Binding,
    Color,
    Day,
    Email,
    EventDay,
    FilePath,
    Filler,
    Flag,
    InitiativeRef,
    Isbn,
    Issn,
    Language,
    LayoutName,
    LegalCountry,
    Markdown,
    Month,
    NewId,
    PartnerRef,
    Phone,
    PictogramName,
    PressProfileName,
    Price,
    PrintingDate,
    RuleName,
    Scope,
    Section,
    SignOff,
    TerritoryRef,
    Text,
    ThemeRef,
    Website,
)
from livret.content.territories import Territories, shipped
from livret.translation import say

# The edition that there always is; editions/full.yaml may say what differs in it from catalogue.yaml.
DEFAULT_EDITION = "full"


class Publisher(Model):
    """Who publishes the booklet; printed on the cover, the imprint page and the back cover."""

    one: ClassVar[str] = say("a publisher")
    name: Text = Field(description="The full name of the publishing body.")
    parent: Text | None = Field(None, description="The ministry or group above it.")
    address: Address | None = Field(None, description="The postal address.")
    offices: Text | None = Field(None, description="Where the offices are, if elsewhere.")
    email: Email | None = Field(None, description="The e-mail address.")
    phone: Phone | None = Field(None, description="The telephone number, in quotes.")
    website: Website | None = Field(None, description="The website; it is printed alone on the back cover.")
    logo: PictureField | None = Field(None, description="The logo.")


class Printer(Model):
    """Who prints the booklet."""

    one: ClassVar[str] = say("a printer")
    name: Text = Field(description="The full name of the printing house.")
    address: Address | None = Field(None, description="Its postal address; with the country, if it is not France.")


class Responsible(Model):
    """Who answers for what is printed: in Belgium the éditeur responsable, in Switzerland the responsible editor."""

    one: ClassVar[str] = say("a responsible person")
    name: Text = Field(description="The full name.")
    address: Address | None = Field(None, description="The postal address, which Belgium asks for.")


class Legal(Model):
    """The mentions that the law asks for in a printed booklet; the imprint page prints them."""

    one: ClassVar[str] = say("legal mentions")
    country: LegalCountry | None = Field(
        None, description="The country whose law is asked, that of the publisher; France if it is left out."
    )
    responsible: Responsible | None = Field(
        None, description="Who answers for what is printed; asked for in Belgium, and in Switzerland of periodicals."
    )
    printer: Printer | None = Field(None, description="Who prints the booklet.")
    printed: PrintingDate | None = Field(None, description="When printing ends: the month, or the day as 2019-04-26.")
    deposit: Month | None = Field(None, description="The month of the legal deposit.")
    isbn: Isbn | None = Field(
        None, description="The ISBN, with its hyphens. That of catalogue.yaml belongs to the edition `full` alone."
    )
    issn: Issn | None = Field(None, description="The ISSN of the series, if the booklet belongs to one.")
    price: Price | None = Field(None, description="The price with its currency, or `gratuit`.")


class Allowed(Model):
    """A rule whose findings are known and accepted."""

    one: ClassVar[str] = say("an allowed rule")
    many: ClassVar[str] = say("allowed rules")
    rule: RuleName = Field(description="The name of the rule, as written in brackets after a finding.")
    reason: Text = Field(description="Why; every report repeats it.")


class Theme(Model):
    """One of the themes that cards are marked with."""

    one: ClassVar[str] = say("a theme")
    many: ClassVar[str] = say("themes")
    id: NewId = Field(description="The short name that cards use: lower-case letters, digits and hyphens.")
    name: Text = Field(description="The name as it is printed in the legend.")
    pictogram: PictogramName | None = Field(None, description="A drawing from pictograms/, without its ending .svg.")
    color: Color | None = Field(None, description="The theme's colour; without it the layout's palette is used.")


class CatalogueFile(Volume):
    """catalogue.yaml: the publication, its names, its themes and the order of its sections."""

    title: Text = Field(description="The title on the cover.")
    subtitle: Text | None = Field(None, description="The subtitle on the cover.")
    date: EventDay | None = Field(
        None, description="The date of the event: a day, or its first and last day, with times if you like."
    )
    issued: Day | None = Field(
        None, description="The date of the booklet itself, kept in its files; without it that of the event."
    )
    place: Text | None = Field(None, description="Where the event takes place.")
    language: Language = Field(
        "fr", description="The language of the texts; hyphenation, quotation marks and labels follow it."
    )
    publisher: Publisher | None = Field(None, description="Who publishes the booklet.")
    cover: Cover = Field(Cover(), description="The picture on the cover.")
    art: Art = Field(Art(), description="The drawings of the publication.")
    colours: Colours = Field(Colours(), description="The colours of the publication.")
    themes: tuple[Theme, ...] = Field(min_length=1, description="The themes, at least one, in the order of the legend.")
    partners: tuple[PartnerRef, ...] = Field((), description="The institutional partners, in the order of their pages.")
    sections: tuple[Section, ...] = Field(
        DEFAULT_SECTIONS, min_length=1, description="The parts of the booklet, in their order."
    )
    layout: LayoutName = Field("forum", description="The layout: the name of a folder in layouts/.")
    imprint: Markdown | None = Field(
        None,
        description="What the imprint page says besides the publisher and the legal mentions: thanks, sources.",
    )
    legal: Legal = Field(Legal(), description="Printer, legal deposit, ISBN, price; printed on the imprint page.")
    press: PressProfileName = Field(
        "coated-fogra39", description="The press profile: the name of a file in press/, without its ending."
    )
    filler: Filler = Field(
        "notes", description="What is on the pages that are added until the number of pages suits the printer."
    )
    binding: Binding | None = Field(
        None, description="The side it is bound on; without it the right for a language read from there, else the left."
    )
    sign_off: SignOff = Field(
        "optional", description="With `required`, nothing goes to press that its people have not approved as it is."
    )
    allow: tuple[Allowed, ...] = Field((), description="Rules whose findings are accepted, each with the reason.")
    demonstration: Flag = Field(
        False, description="Says that contacts may be fictional (example.org, reserved telephone numbers)."
    )


class Signature(Model):
    """Who signs a page."""

    one: ClassVar[str] = say("a signature")
    name: Text | None = Field(None, description="The name under the text.")
    role: Text | None = Field(None, description="The function or functions, on one line.")
    image: PictureField | None = Field(None, description="A picture of the handwritten signature.")


class Contact(Model):
    """Whom to write to about a page."""

    one: ClassVar[str] = say("a contact")
    name: Text | None = Field(None, description="A person or a service.")
    email: Email | None = Field(None, description="The e-mail address.")
    website: Website | None = Field(None, description="The website.")


class EditorialPage(Entity):
    """foreword.yaml, a file in pages/, or the foreword of an edition."""

    title: Text | None = Field(None, description="The heading of the page.")
    body: Markdown = Field(description="The text of the page.")
    signature: Signature | None = Field(None, description="Who signs it.")
    portrait: PictureField | None = Field(None, description="A photograph of the person who signs or is presented.")
    contact: Contact | None = Field(None, description="Whom to write to.")
    language: Language | None = Field(None, description="The language of the page, where it is not the catalogue's.")


class Partner(Entity):
    """A file in partners/: an institutional partner and its page."""

    name: Text = Field(description="The full name.")
    acronym: Text | None = Field(None, description="The acronym, as it is written in running text.")
    logo: PictureField | None = Field(None, description="The logo.")
    website: Website | None = Field(None, description="The website.")
    body: Markdown = Field(description="The text of the page.")
    language: Language | None = Field(None, description="The language of the page, where it is not the catalogue's.")


class Pilot(Model):
    """The organisation that carries an initiative."""

    one: ClassVar[str] = say("a pilot")
    name: Text = Field(description="The full name of the organisation.")
    acronym: Text | None = Field(None, description="The acronym; the card is filed under it.")
    sort_as: Text | None = Field(
        None, description="The name to file the card under, if neither acronym nor name is right."
    )
    logo: PictureField | None = Field(None, description="The logo.")
    about: Markdown = Field(description="What the organisation is and does.")


class CardContact(Model):
    """Whom to call or write to about an initiative."""

    one: ClassVar[str] = say("a contact")
    many: ClassVar[str] = say("contacts")
    name: Text | None = Field(None, description="The person.")
    role: Text | None = Field(None, description="The person's function.")
    organisation: Text | None = Field(None, description="The service or organisation.")
    address: Address | None = Field(None, description="The address, or the town.")
    phones: tuple[Phone, ...] = Field((), description="The telephone numbers, each in quotes.")
    email: Email | None = Field(None, description="The e-mail address.")
    website: Website | None = Field(None, description="The website.")


class Figure(Model):
    """A key figure of the results panel."""

    one: ClassVar[str] = say("a key figure")
    many: ClassVar[str] = say("key figures")
    value: Text = Field(description="The number as it is printed, with its unit.")
    label: Text = Field(description="What the number counts, in a few words.")
    pictogram: PictogramName | None = Field(None, description="A drawing from pictograms/ beside the number.")


class Picture(Framing):
    """A photograph or drawing on a card."""

    one: ClassVar[str] = say("a picture")
    many: ClassVar[str] = say("pictures")
    alt: Text | None = Field(None, description="What is seen, for readers who cannot see it; it is not printed.")
    caption: Text | None = Field(None, description="What is printed below; read aloud too where there is no alt.")
    credit: Text | None = Field(None, description="Who made the picture.")


class Initiative(Entity):
    """A file in initiatives/: the card of one initiative, two facing pages."""

    pilot: Pilot = Field(description="The organisation that carries the initiative.")
    partners: Markdown | None = Field(None, description="Who takes part; usually a list.")
    contacts: tuple[CardContact, ...] = Field((), description="Whom to call or write to.")
    title: Text | None = Field(
        None, description="The title of the initiative; without it the card is headed by its pilot."
    )
    summary: Markdown | None = Field(None, description="The aim, a sentence or two set in bold above the description.")
    description: Markdown | None = Field(None, description="What is done.")
    results: Markdown | None = Field(None, description="What came of it.")
    figures: tuple[Figure, ...] = Field((), description="Key figures, shown as a panel.")
    themes: tuple[ThemeRef, ...] = Field(min_length=1, description="The ids of the themes; the first is the main one.")
    scope: Scope = Field(
        "regional",
        description="Where the initiative is: in the territories named, "
        "in the whole country, in several countries, online, or bound to no place.",
    )
    territories: tuple[TerritoryRef, ...] = Field(
        (), description="Territories by their code; required when the scope is regional."
    )
    images: tuple[Picture, ...] = Field((), description="Photographs or drawings.")
    language: Language | None = Field(None, description="The language of the card, where it is not the catalogue's.")

    @property
    def filing_name(self) -> str:
        """The name the card is filed under: `sort_as`, else the acronym, else the name."""
        return self.pilot.sort_as or self.pilot.acronym or self.pilot.name


class EditionFile(Volume):
    """A file in editions/: one edition of the booklet; what it leaves out comes from catalogue.yaml."""

    title: Text | None = Field(None, description="Replaces the title.")
    subtitle: Text | None = Field(None, description="Replaces the subtitle.")
    date: EventDay | None = Field(None, description="Replaces the date of the event.")
    issued: Day | None = Field(None, description="Replaces the date of the booklet.")
    place: Text | None = Field(None, description="Replaces the place.")
    publisher: Publisher | None = Field(None, description="Replaces the publisher as a whole.")
    cover: Cover | None = Field(None, description="Replaces the cover as a whole.")
    art: Art | None = Field(None, description="Replaces the drawings as a whole.")
    colours: Colours | None = Field(None, description="Replaces the colours as a whole.")
    partners: tuple[PartnerRef, ...] | None = Field(None, description="Replaces the list of partners.")
    sections: tuple[Section, ...] | None = Field(None, min_length=1, description="Replaces the list of sections.")
    layout: LayoutName | None = Field(None, description="Replaces the layout.")
    language: Language | None = Field(None, description="Replaces the language: that of labels, dates and hyphenation.")
    languages: tuple[Language, ...] = Field(
        (), description="Two languages: every page in the first one faces the same page in the second."
    )
    legal: Legal = Field(Legal(), description="Replaces the legal mentions it gives; the others stay.")
    press: PressProfileName | None = Field(None, description="Replaces the press profile.")
    filler: Filler | None = Field(None, description="Replaces the filler.")
    binding: Binding | None = Field(None, description="Replaces the side it is bound on.")
    sign_off: SignOff | None = Field(None, description="Replaces what is said of sign-offs.")
    allow: tuple[Allowed, ...] = Field((), description="Further rules whose findings are accepted in this edition.")
    territories: tuple[TerritoryRef, ...] = Field(
        (), description="Keeps the cards placed in one of these territories or anywhere inside it."
    )
    themes: tuple[ThemeRef, ...] = Field((), description="Keeps the cards with one of these themes.")
    national: Flag = Field(True, description="Whether cards that are not regional are kept too.")
    include: tuple[InitiativeRef, ...] = Field((), description="Cards that are always in, whatever the filters say.")
    exclude: tuple[InitiativeRef, ...] = Field((), description="Cards that are always out.")
    foreword: FilePath | None = Field(None, description="The file of a foreword of its own.")

    _two_languages = field_validator("languages")(validators.languages)


@dataclass(frozen=True)
class Translation:
    """A file in another language, whole: what its base says, in that language where the translation gives it.

    `missing` are the fields that have no text in this language; `fields` is the number of those that need one. Texts of
    missing fields tell the language that they are in (`TextIn`).
    """

    role: str
    language: str
    entity: Entity
    fields: int
    missing: tuple[str, ...]

    @property
    def is_begun(self) -> bool:
        """Whether any text is in this language, or none needs to be."""
        return len(self.missing) < self.fields or not self.fields


@dataclass(frozen=True)
class Catalogue:
    """Everything that was read, checked and put in order; nothing in it changes afterwards.

    `pages` are in order of their ids, `partners` by id (listed ones first, in order), `initiatives` in collation
    order, `editions` by id, `forewords` the forewords of editions by edition id, `geography` the
    territories that it knows.
    """

    publication: CatalogueFile
    foreword: EditorialPage | None
    pages: tuple[EditorialPage, ...]
    partners: Mapping[str, Partner]
    initiatives: tuple[Initiative, ...]
    editions: tuple[EditionFile, ...]
    forewords: Mapping[str, EditorialPage]
    geography: Territories = field(default_factory=shipped)
    translations: tuple[Translation, ...] = ()

    def translated(self, language: str) -> dict[tuple[str, str], Translation]:
        """The translations for a language, by role and id: its own, else those of another form of it."""
        alike = [one for one in self.translations if main_subtag(one.language) == main_subtag(language)]
        alike.sort(key=lambda one: one.language == language)
        return {(one.role, one.entity.id): one for one in alike}
