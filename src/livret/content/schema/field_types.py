"""The types of fields: each with its name in messages, an example, and the check of its values."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, BeforeValidator

from livret.content.schema import dates, isbn, validators
from livret.content.schema.dates import EventDate
from livret.content.schema.validators import Kind
from livret.content.territories import Territory

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
PICTURE = Kind("picture", "the path of a picture", "paths of pictures", "images/aajt.svg")

Text = Annotated[str, TEXT, AfterValidator(validators.plain)]
Markdown = Annotated[str, MARKDOWN, AfterValidator(validators.markdown)]
PicturePath = Annotated[str, PICTURE, AfterValidator(validators.plain)]
Focus = Annotated[
    tuple[float, float],
    Kind("focus", "a point in the picture", "points in pictures", "[0.5, 0.3]"),
    BeforeValidator(validators.focus),
]
Fit = Annotated[Literal["cover", "contain"], Kind("fit", "a way to fit the frame", "ways to fit the frame", "contain")]
FilePath = Annotated[
    str,
    Kind("file", "the path of a file", "paths of files", "editions/paca-foreword.yaml"),
    AfterValidator(validators.plain),
]
PictogramName = Annotated[
    str,
    Kind("pictogram", "the name of a pictogram", "names of pictograms", "logement"),
    AfterValidator(validators.plain),
]
LayoutName = Annotated[
    str, Kind("layout", "the name of a layout", "names of layouts", "forum"), AfterValidator(validators.plain)
]
PressProfileName = Annotated[
    str,
    Kind("press-profile", "the name of a press profile", "names of press profiles", "coated-fogra39"),
    AfterValidator(validators.plain),
]
ThemeRef = Annotated[str, Kind("theme", "a theme id", "theme ids", "logement"), AfterValidator(validators.plain)]
PartnerRef = Annotated[str, Kind("partner", "a partner id", "partner ids", "diair"), AfterValidator(validators.plain)]
InitiativeRef = Annotated[str, Kind("initiative", "a card id", "card ids", "aajt"), AfterValidator(validators.plain)]
NewId = Annotated[str, Kind("id", "an id", "ids", "logement"), AfterValidator(validators.new_id)]
Email = Annotated[
    str,
    Kind("email", "an e-mail address", "e-mail addresses", "contact@example.org"),
    AfterValidator(validators.plain),
]
Website = Annotated[
    str,
    Kind("website", "the address of a website", "addresses of websites", "https://www.example.org"),
    AfterValidator(validators.plain),
]
Phone = Annotated[
    str, Kind("phone", "a telephone number", "telephone numbers", '"01 99 00 12 34"'), AfterValidator(validators.plain)
]
Color = Annotated[str, Kind("color", "a colour", "colours", '"#17704f"'), AfterValidator(validators.color)]
Inks = Annotated[
    tuple[float, float, float, float],
    Kind("inks", "four shares of ink in percent", "shares of ink", "[100, 80, 0, 45]"),
    BeforeValidator(validators.inks),
]
Language = Annotated[
    str,
    Kind("language", "a language code", "language codes", "fr"),
    AfterValidator(validators.language),
]
TerritoryRef = Annotated[
    Territory,
    Kind("territory", "the code of a territory", "codes of territories", "FR-PAC"),
    BeforeValidator(validators.territory),
]
CountryCode = Annotated[
    Literal["FR", "BE", "CH", "LU", "CA-QC"], Kind("country", "the code of a country", "codes of countries", "BE")
]
NewTerritory = Annotated[
    str,
    Kind("own-territory", "a code of your own", "codes of your own", "saint-denis"),
    AfterValidator(validators.own_territory),
]
TileSpot = Annotated[
    tuple[int, int],
    Kind("tile", "a column and a row of the tile map", "columns and rows", "[2, 0]"),
    BeforeValidator(validators.tile),
]
Flag = Annotated[bool, Kind("flag", "true or false", "true or false", "true"), BeforeValidator(validators.flag)]
Day = Annotated[date, Kind("day", "a date", "dates", "2019-04-30"), BeforeValidator(dates.day)]
EventDay = Annotated[
    EventDate,
    Kind("event-date", "a date, or the first and the last day", "dates", "2019-04-30"),
    BeforeValidator(dates.event_date),
]
Month = Annotated[str, Kind("month", "a month", "months", "2019-04"), AfterValidator(dates.month)]
PrintingDate = Annotated[
    str,
    Kind("printing-date", "a month or a date", "months or dates", "2019-04"),
    AfterValidator(dates.printing_date),
]
Price = Annotated[str, Kind("price", "a price", "prices", "12 €"), AfterValidator(validators.price)]
Isbn = Annotated[str, Kind("isbn", "an ISBN", "ISBNs", "978-67-00000-00-7"), AfterValidator(isbn.isbn)]
Issn = Annotated[str, Kind("issn", "an ISSN", "ISSNs", "1234-5679"), AfterValidator(isbn.issn)]
RuleName = Annotated[
    str, Kind("rule", "the name of a rule", "names of rules", "missing-isbn"), AfterValidator(validators.new_id)
]
Filler = Annotated[Literal["notes", "blank"], Kind("filler", "a filler", "fillers", "notes")]
SignOff = Annotated[
    Literal["required", "optional"], Kind("sign-off", "a kind of sign-off", "kinds of sign-off", "required")
]
Section = Annotated[SECTION_NAMES, Kind("section", "the name of a section", "names of sections", "cover")]
Scope = Annotated[
    Literal["regional", "national", "international", "online", "none"], Kind("scope", "a scope", "scopes", "regional")
]
