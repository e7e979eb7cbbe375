"""The kinds of values that fields hold: what each is called in messages, and the check that it passes."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, BeforeValidator

from livret.content import numbers, values
from livret.content.values import Kind

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
PressProfileName = Annotated[
    str,
    Kind("press-profile", "the name of a press profile", "names of press profiles", "coated-fogra39"),
    AfterValidator(values.plain),
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
Month = Annotated[str, Kind("month", "a month", "months", "2019-04"), AfterValidator(values.month)]
PrintingDate = Annotated[
    str, Kind("printing-date", "a month or a date", "months or dates", "2019-04"), AfterValidator(values.printing_date)
]
Price = Annotated[str, Kind("price", "a price", "prices", "12 €"), AfterValidator(values.price)]
Isbn = Annotated[str, Kind("isbn", "an ISBN", "ISBNs", "978-67-00000-00-7"), AfterValidator(numbers.isbn)]
Issn = Annotated[str, Kind("issn", "an ISSN", "ISSNs", "1234-5679"), AfterValidator(numbers.issn)]
RuleName = Annotated[
    str, Kind("rule", "the name of a rule", "names of rules", "missing-isbn"), AfterValidator(values.new_id)
]
Filler = Annotated[Literal["notes", "blank"], Kind("filler", "a filler", "fillers", "notes")]
Section = Annotated[SECTION_NAMES, Kind("section", "the name of a section", "names of sections", "cover")]
Scope = Annotated[Literal["national", "regional"], Kind("scope", "a scope", "scopes", "regional")]
