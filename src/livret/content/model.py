"""What a catalogue is made of: one frozen model per kind of file, and the whole Catalogue.

The descriptions of the fields are printed in docs/content.md (see `reference`), so they are written for the
people who fill the files in. A field's type carries a `Kind`, which says in words what belongs there and lets
other modules find every picture, every text in Markdown and every reference without naming fields.

Checks on one value stand in `values`, checks that need another file in `lint`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar, Literal, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from livret.content import values
from livret.content.values import Kind
from livret.content.values import website_url as website_url
from livret.findings import Location

SECTION_NAMES = Literal[
    "cover",
    "imprint",
    "foreword",
    "pages",
    "partners",
    "legend",
    "contents",
    "initiatives",
    "index",
    "back-cover",
]
DEFAULT_SECTIONS: tuple[SECTION_NAMES, ...] = get_args(SECTION_NAMES)

TEXT = Kind("text", "text", "texts", '"..."')
MARKDOWN = Kind("markdown", "text (Markdown)", "texts (Markdown)", "|")

Text = Annotated[str, TEXT, AfterValidator(values.plain)]
Markdown = Annotated[str, MARKDOWN, AfterValidator(values.markdown)]
PicturePath = Annotated[
    str,
    Kind("picture", "the path of a picture", "paths of pictures", "images/aajt.svg"),
    AfterValidator(values.plain),
]
FilePath = Annotated[
    str,
    Kind("file", "the path of a file", "paths of files", "editions/paca-foreword.yaml"),
    AfterValidator(values.plain),
]
PictogramName = Annotated[
    str,
    Kind("pictogram", "the name of a pictogram", "names of pictograms", "logement"),
    AfterValidator(values.plain),
]
LayoutName = Annotated[
    str, Kind("layout", "the name of a layout", "names of layouts", "forum"), AfterValidator(values.plain)
]
ThemeRef = Annotated[str, Kind("theme", "a theme id", "theme ids", "logement"), AfterValidator(values.plain)]
PartnerRef = Annotated[str, Kind("partner", "a partner id", "partner ids", "diair"), AfterValidator(values.plain)]
InitiativeRef = Annotated[str, Kind("initiative", "a card id", "card ids", "aajt"), AfterValidator(values.plain)]
NewId = Annotated[str, Kind("id", "an id", "ids", "logement"), AfterValidator(values.new_id)]
Email = Annotated[
    str,
    Kind("email", "an e-mail address", "e-mail addresses", "contact@example.org"),
    AfterValidator(values.email),
]
Website = Annotated[
    str,
    Kind("website", "the address of a website", "addresses of websites", "https://www.example.org"),
    AfterValidator(values.website),
]
Phone = Annotated[
    str, Kind("phone", "a telephone number", "telephone numbers", '"01 99 00 12 34"'), AfterValidator(values.plain)
]
Color = Annotated[str, Kind("color", "a colour", "colours", '"#1a7f5a"'), AfterValidator(values.color)]
Language = Annotated[
    str,
    Kind("language", "a language code", "language codes", "fr"),
    AfterValidator(values.language),
]
TerritoryCode = Annotated[
    str,
    Kind("territory", "the code of a territory", "codes of territories", "FR-PAC"),
    AfterValidator(values.territory),
]
Flag = Annotated[bool, Kind("flag", "true or false", "true or false", "true"), BeforeValidator(values.flag)]
Day = Annotated[date, Kind("day", "a date", "dates", "2019-04-30"), BeforeValidator(values.day)]
Section = Annotated[SECTION_NAMES, Kind("section", "the name of a section", "names of sections", "cover")]
Scope = Annotated[Literal["national", "regional"], Kind("scope", "a scope", "scopes", "regional")]


class Model(BaseModel):
    """What all models share: frozen, no unknown field, and words for messages."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    one: ClassVar[str] = "a group of fields"
    many: ClassVar[str] = "groups of fields"


class Entity(Model):
    """What comes from a file of its own; the reader sets these two fields, a file cannot."""

    id: str = Field(default="", description="The file's name without its ending.")
    source: Location = Field(default=Location(""), description="The file.")


# Fields of Entity: unknown to a file that types them.
SET_BY_READER = frozenset({"id", "source"})


class Publisher(Model):
    """Who publishes the booklet; printed on the cover, the imprint page and the back cover."""

    one: ClassVar[str] = "a publisher"
    name: Text = Field(description="The full name of the publishing body.")
    parent: Text | None = Field(None, description="The ministry or group above it.")
    address: Text | None = Field(None, description="The postal address.")
    offices: Text | None = Field(None, description="Where the offices are, if elsewhere.")
    email: Email | None = Field(None, description="The e-mail address.")
    phone: Phone | None = Field(None, description="The telephone number, in quotes.")
    website: Website | None = Field(None, description="The website; it stands alone on the back cover.")
    logo: PicturePath | None = Field(None, description="The logo.")


class Cover(Model):
    """The picture on the cover."""

    one: ClassVar[str] = "a cover"
    image: PicturePath | None = Field(None, description="The picture on the cover.")
    credit: Text | None = Field(None, description="Who made the picture.")


class Theme(Model):
    """One of the themes that cards are marked with."""

    one: ClassVar[str] = "a theme"
    many: ClassVar[str] = "themes"
    id: NewId = Field(description="The short name that cards use: lower-case letters, digits and hyphens.")
    name: Text = Field(description="The name as it is printed in the legend.")
    pictogram: PictogramName | None = Field(None, description="A drawing from pictograms/, without its ending .svg.")
    color: Color | None = Field(None, description="The theme's colour; without it the layout's palette is used.")


class CatalogueFile(Entity):
    """catalogue.yaml: the publication, its names, its themes and the order of its sections."""

    title: Text = Field(description="The title on the cover.")
    subtitle: Text | None = Field(None, description="The subtitle on the cover.")
    date: Day | None = Field(None, description="The date of the event: year, month, day.")
    place: Text | None = Field(None, description="Where the event takes place.")
    language: Language = Field(
        "fr", description="The language of the texts; hyphenation, quotation marks and labels follow it."
    )
    publisher: Publisher | None = Field(None, description="Who publishes the booklet.")
    cover: Cover = Field(Cover(), description="The picture on the cover.")
    themes: tuple[Theme, ...] = Field(min_length=1, description="The themes, at least one, in the order of the legend.")
    partners: tuple[PartnerRef, ...] = Field((), description="The institutional partners, in the order of their pages.")
    sections: tuple[Section, ...] = Field(
        DEFAULT_SECTIONS, min_length=1, description="The parts of the booklet, in their order."
    )
    layout: LayoutName = Field("forum", description="The layout: the name of a folder in layouts/.")
    imprint: Markdown | None = Field(
        None,
        description="What the imprint page says besides the publisher: printer, legal deposit, ISBN, thanks.",
    )
    demonstration: Flag = Field(
        False, description="Says that contacts may be fictional (example.org, reserved telephone numbers)."
    )


class Signature(Model):
    """Who signs a page."""

    one: ClassVar[str] = "a signature"
    name: Text | None = Field(None, description="The name under the text.")
    role: Text | None = Field(None, description="The function or functions, on one line.")
    image: PicturePath | None = Field(None, description="A picture of the handwritten signature.")


class Contact(Model):
    """Whom to write to about a page."""

    one: ClassVar[str] = "a contact"
    name: Text | None = Field(None, description="A person or a service.")
    email: Email | None = Field(None, description="The e-mail address.")
    website: Website | None = Field(None, description="The website.")


class EditorialPage(Entity):
    """foreword.yaml, a file in pages/, or the foreword of an edition."""

    title: Text | None = Field(None, description="The heading of the page.")
    body: Markdown = Field(description="The text of the page.")
    signature: Signature | None = Field(None, description="Who signs it.")
    portrait: PicturePath | None = Field(None, description="A photograph of the person who signs or is presented.")
    contact: Contact | None = Field(None, description="Whom to write to.")


class Partner(Entity):
    """A file in partners/: an institutional partner and its page."""

    name: Text = Field(description="The full name.")
    acronym: Text | None = Field(None, description="The acronym, as it is written in running text.")
    logo: PicturePath | None = Field(None, description="The logo.")
    website: Website | None = Field(None, description="The website.")
    body: Markdown = Field(description="The text of the page.")


class Pilot(Model):
    """The organisation that carries an initiative."""

    one: ClassVar[str] = "a pilot"
    name: Text = Field(description="The full name of the organisation.")
    acronym: Text | None = Field(None, description="The acronym; the card is filed under it.")
    sort_as: Text | None = Field(
        None, description="The name to file the card under, if neither acronym nor name is right."
    )
    logo: PicturePath | None = Field(None, description="The logo.")
    about: Markdown = Field(description="What the organisation is and does.")


class CardContact(Model):
    """Whom to call or write to about an initiative."""

    one: ClassVar[str] = "a contact"
    many: ClassVar[str] = "contacts"
    name: Text | None = Field(None, description="The person.")
    role: Text | None = Field(None, description="The person's function.")
    organisation: Text | None = Field(None, description="The service or organisation.")
    address: Text | None = Field(None, description="The address, or the town.")
    phones: tuple[Phone, ...] = Field((), description="The telephone numbers, each in quotes.")
    email: Email | None = Field(None, description="The e-mail address.")
    website: Website | None = Field(None, description="The website.")


class Figure(Model):
    """A key figure of the results panel."""

    one: ClassVar[str] = "a key figure"
    many: ClassVar[str] = "key figures"
    value: Text = Field(description="The number as it is printed, with its unit.")
    label: Text = Field(description="What the number counts, in a few words.")
    pictogram: PictogramName | None = Field(None, description="A drawing from pictograms/ beside the number.")


class Picture(Model):
    """A photograph or drawing on a card."""

    one: ClassVar[str] = "a picture"
    many: ClassVar[str] = "pictures"
    file: PicturePath = Field(description="The picture.")
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
    scope: Scope = Field("regional", description="Whether the initiative covers the whole country.")
    territories: tuple[TerritoryCode, ...] = Field(
        (), description="Regions and départements by their code; required when the scope is regional."
    )
    images: tuple[Picture, ...] = Field((), description="Photographs or drawings.")
    language: Language | None = Field(None, description="The language of the card, where it is not the catalogue's.")

    @property
    def filing_name(self) -> str:
        """The name the card is filed under: `sort_as`, else the acronym, else the name."""
        return self.pilot.sort_as or self.pilot.acronym or self.pilot.name


class EditionFile(Entity):
    """A file in editions/: one edition of the booklet; what it leaves out comes from catalogue.yaml."""

    title: Text | None = Field(None, description="Replaces the title.")
    subtitle: Text | None = Field(None, description="Replaces the subtitle.")
    date: Day | None = Field(None, description="Replaces the date.")
    place: Text | None = Field(None, description="Replaces the place.")
    publisher: Publisher | None = Field(None, description="Replaces the publisher as a whole.")
    cover: Cover | None = Field(None, description="Replaces the cover as a whole.")
    partners: tuple[PartnerRef, ...] | None = Field(None, description="Replaces the list of partners.")
    sections: tuple[Section, ...] | None = Field(None, min_length=1, description="Replaces the list of sections.")
    layout: LayoutName | None = Field(None, description="Replaces the layout.")
    language: Language | None = Field(None, description="Replaces the language: that of labels, dates and hyphenation.")
    territories: tuple[TerritoryCode, ...] = Field(
        (), description="Keeps the cards placed in one of these territories or anywhere inside it."
    )
    themes: tuple[ThemeRef, ...] = Field((), description="Keeps the cards with one of these themes.")
    national: Flag = Field(True, description="Whether cards of national scope are kept too.")
    include: tuple[InitiativeRef, ...] = Field((), description="Cards that are always in, whatever the filters say.")
    exclude: tuple[InitiativeRef, ...] = Field((), description="Cards that are always out.")
    foreword: FilePath | None = Field(None, description="The file of a foreword of its own.")


@dataclass(frozen=True)
class Catalogue:
    """Everything that was read, checked and put in order; nothing in it changes afterwards.

    `pages` are in order of their ids, `partners` by id (listed ones first, in order), `initiatives` in collation
    order, `editions` by id, `forewords` the forewords of editions by edition id.
    """

    publication: CatalogueFile
    foreword: EditorialPage | None
    pages: tuple[EditorialPage, ...]
    partners: Mapping[str, Partner]
    initiatives: tuple[Initiative, ...]
    editions: tuple[EditionFile, ...]
    forewords: Mapping[str, EditorialPage]
