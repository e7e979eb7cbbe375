"""The types of fields: each with its name in messages, an example, and the check of its values."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, BeforeValidator

from livret.content.schema import dates, isbn, validators
from livret.content.schema.dates import EventDate
from livret.content.schema.validators import Kind
from livret.content.territories import Territory
from livret.translation import say

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

TEXT = Kind("text", say("text"), say("texts"), '"..."')
MARKDOWN = Kind("markdown", say("text (Markdown)"), say("texts (Markdown)"), "|")
PICTURE = Kind("picture", say("the path of a picture"), say("paths of pictures"), "images/photo.jpg")

Text = Annotated[str, TEXT, AfterValidator(validators.plain)]
Address = Annotated[str, TEXT, AfterValidator(validators.address)]
Markdown = Annotated[str, MARKDOWN, AfterValidator(validators.markdown)]
PicturePath = Annotated[str, PICTURE, AfterValidator(validators.plain)]
MapPath = Annotated[str, replace(PICTURE, example="images/map.svg"), AfterValidator(validators.plain)]
Focus = Annotated[
    tuple[float, float],
    Kind("focus", say("a point in the picture"), say("points in pictures"), "[0.5, 0.3]"),
    BeforeValidator(validators.focus),
]
Fit = Annotated[
    Literal["cover", "contain"], Kind("fit", say("a way to fit the frame"), say("ways to fit the frame"), "contain")
]
FilePath = Annotated[
    str,
    Kind("file", say("the path of a file"), say("paths of files"), "editions/paca-foreword.yaml"),
    AfterValidator(validators.plain),
]
PictogramName = Annotated[
    str,
    Kind("pictogram", say("the name of a pictogram"), say("names of pictograms"), "logement"),
    AfterValidator(validators.plain),
]
LayoutName = Annotated[
    str, Kind("layout", say("the name of a layout"), say("names of layouts"), "forum"), AfterValidator(validators.plain)
]
PressProfileName = Annotated[
    str,
    Kind("press-profile", say("the name of a press profile"), say("names of press profiles"), "coated-fogra39"),
    AfterValidator(validators.plain),
]
ThemeRef = Annotated[
    str, Kind("theme", say("a theme id"), say("theme ids"), "logement"), AfterValidator(validators.plain)
]
PartnerRef = Annotated[
    str, Kind("partner", say("a partner id"), say("partner ids"), "diair"), AfterValidator(validators.plain)
]
InitiativeRef = Annotated[
    str, Kind("initiative", say("a card id"), say("card ids"), "aajt"), AfterValidator(validators.plain)
]
NewId = Annotated[str, Kind("id", say("an id"), say("ids"), "logement"), AfterValidator(validators.new_id)]
Email = Annotated[
    str,
    Kind("email", say("an e-mail address"), say("e-mail addresses"), "contact@example.org"),
    AfterValidator(validators.plain),
]
Website = Annotated[
    str,
    Kind("website", say("the address of a website"), say("addresses of websites"), "https://www.example.org"),
    AfterValidator(validators.plain),
]
Phone = Annotated[
    str,
    Kind("phone", say("a telephone number"), say("telephone numbers"), '"01 99 00 12 34"'),
    AfterValidator(validators.plain),
]
Color = Annotated[str, Kind("color", say("a colour"), say("colours"), '"#17704f"'), AfterValidator(validators.color)]
Inks = Annotated[
    tuple[float, float, float, float],
    Kind("inks", say("four shares of ink in percent"), say("shares of ink"), "[100, 80, 0, 45]"),
    BeforeValidator(validators.inks),
]
Language = Annotated[
    str,
    Kind("language", say("a language code"), say("language codes"), "fr"),
    AfterValidator(validators.language),
]
TerritoryRef = Annotated[
    Territory,
    Kind("territory", say("the code of a territory"), say("codes of territories"), "FR-PAC"),
    BeforeValidator(validators.territory),
]
CountryCode = Annotated[
    Literal["FR", "BE", "CH", "LU", "CA-QC"],
    Kind("country", say("the code of a country"), say("codes of countries"), "BE"),
]
LegalCountry = Annotated[
    str,
    Kind("any-country", say("the code of a country, two capital letters"), say("codes of countries"), "BE"),
    AfterValidator(validators.country),
]
NewTerritory = Annotated[
    str,
    Kind("own-territory", say("a code of your own"), say("codes of your own"), "saint-denis"),
    AfterValidator(validators.own_territory),
]
TileSpot = Annotated[
    tuple[int, int],
    Kind("tile", say("a column and a row of the tile map"), say("columns and rows"), "[2, 0]"),
    BeforeValidator(validators.tile),
]
Flag = Annotated[
    bool, Kind("flag", say("true or false"), say("true or false"), "true"), BeforeValidator(validators.flag)
]
Day = Annotated[date, Kind("day", say("a date"), say("dates"), "2019-04-30"), BeforeValidator(dates.day)]
EventDay = Annotated[
    EventDate,
    Kind("event-date", say("a date, or the first and the last day"), say("dates"), "2019-04-30"),
    BeforeValidator(dates.event_date),
]
Month = Annotated[str, Kind("month", say("a month"), say("months"), "2019-04"), AfterValidator(dates.month)]
PrintingDate = Annotated[
    str,
    Kind("printing-date", say("a month or a date"), say("months or dates"), "2019-04"),
    AfterValidator(dates.printing_date),
]
Price = Annotated[str, Kind("price", say("a price"), say("prices"), "12 €"), AfterValidator(validators.price)]
Isbn = Annotated[str, Kind("isbn", say("an ISBN"), say("ISBNs"), "978-67-00000-00-7"), AfterValidator(isbn.isbn)]
Issn = Annotated[str, Kind("issn", say("an ISSN"), say("ISSNs"), "1234-5679"), AfterValidator(isbn.issn)]
RuleName = Annotated[
    str,
    Kind("rule", say("the name of a rule"), say("names of rules"), "missing-isbn"),
    AfterValidator(validators.new_id),
]
Filler = Annotated[Literal["notes", "blank"], Kind("filler", say("a filler"), say("fillers"), "notes")]
Binding = Annotated[
    Literal["left", "right"], Kind("binding", say("a side to bind on"), say("sides to bind on"), "right")
]
SignOff = Annotated[
    Literal["required", "optional"], Kind("sign-off", say("a kind of sign-off"), say("kinds of sign-off"), "required")
]
Section = Annotated[SECTION_NAMES, Kind("section", say("the name of a section"), say("names of sections"), "cover")]
Scope = Annotated[
    Literal["regional", "national", "international", "online", "none"],
    Kind("scope", say("a scope"), say("scopes"), "regional"),
]
