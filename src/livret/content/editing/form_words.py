"""What a finding says to somebody who writes in a form: its fields by their labels, and no word of how a file is typed.

A sentence is known by its template. One that is not named here says the same in a form and in a file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from livret.content.editing.labels import LABELS
from livret.findings import Finding
from livret.translation import Text, joined, say

_Values = Mapping[str, Any]

# Steps of a path, as sentences write it: contacts, contacts 2, contacts[2].address.
_STEP = re.compile(r"([a-z_]+)|(\d+)")
# What can be done about a name of nothing.
_BEGIN = say('begin it with "{button}", or take its name out here', button=say("New"))
# Where fields of the whole catalogue are.
_SHARED = say('on the cover, under "All editions"')


def in_form(finding: Finding) -> Finding:
    """The finding in words of the form."""
    hints = tuple(dict.fromkeys(map(hint, finding.hints)))
    return replace(finding, message=_message(finding.message), hints=hints)


def hint(text: Text) -> Text:
    """A hint, or why something was refused, in words of the form."""
    change = _HINTS.get(text.template)
    return change(text.values) if change is not None else _message(text)


def named(path: str) -> Text:
    """A field in words of the form: "Contacts 2, Address" for contacts[2].address; a name of no field stays."""
    words: list[str] = []
    for name, number in _STEP.findall(path):
        if number and words:
            words[-1] = joined([words[-1], number], " ")
        elif name:
            words.append(LABELS.get(name, name))
    return joined(words or [path])


def _message(text: Text) -> Text:
    change = _MESSAGES.get(text.template)
    if change is not None:
        return change(text.values)
    # A sentence may hold another one.
    values = {name: _message(value) if isinstance(value, Text) else value for name, value in text.values.items()}
    return Text(text.template, values, text.many, text.number) if values != text.values else text


def _group(value: Any) -> Any:
    """A path that a sentence quotes, step by step, with labels."""
    if not isinstance(value, Text):
        return value
    if value.template == '"{text}"':
        return Text(value.template, {"text": LABELS.get(str(value.values["text"]), value.values["text"])})
    return Text(value.template, {name: _group(inner) for name, inner in value.values.items()})


def _with(template: str, *names: str) -> tuple[str, Callable[[_Values], Text]]:
    """The same sentence, with labels for the values of these names."""

    def change(values: _Values) -> Text:
        told = {name: named(str(values[name])) if type(values[name]) is str else _group(values[name]) for name in names}
        return Text(template, {**values, **told})

    return template, change


def _number(one: str, many: str) -> tuple[str, Callable[[_Values], Text]]:
    def change(values: _Values) -> Text:
        fields = joined([named(name) for name in str(values["fields"]).split(", ")])
        return Text(one, {**values, "fields": fields}, many, int(values["number"]))

    return one, change


def _fill(*fields: str, example: str = "", where: Text | None = None) -> Callable[[_Values], Text]:
    """Fill in a field, inside another, with an example."""
    path = joined([LABELS[name] for name in fields])
    named_ = say('"{text}"', text=path)
    place = say("{field}, {where}", field=named_, where=where) if where else named_
    told = say("fill in {field}: {example}", field=place, example=example) if example else None
    return lambda _: told or say("fill in {field}", field=place)


def _same(text: Text) -> Callable[[_Values], Text]:
    return lambda _: text


def _added(values: _Values) -> Text:
    return say("fill in {field}", field=say('"{text}"', text=named(str(values["name"]))))


def _point(values: _Values) -> Text:
    return say('say in "{field}" which point must stay in sight: 0.5, 0.3', field=LABELS["focus"])


_MESSAGES = dict(
    (
        _with('the field "{name}" is missing', "name"),
        _with('the field "{name}" is missing in {group}', "name", "group"),
        _with('the field "{name}" is empty', "name"),
        _with('the field "{name}" in {group} is empty', "name", "group"),
        _with("{path} is an empty list", "path"),
        _with("{name} must be {words}; here is {described}", "name"),
        _with('the field "{field}": {message}', "field"),
        _with('{anchor}: the field "{name}" is not printed whole; missing from "{shown}" on', "name"),
        _with('{anchor}: the field "{field}" is not printed in order; {told}', "field"),
        _with('"{field}" on {message}', "field"),
        _with("{field} is the same in all languages", "field"),
        _number(
            "{number} field has no text in this language: {fields}",
            "{number} fields have no text in this language: {fields}",
        ),
    )
)

_HINTS: dict[str, Callable[[_Values], Text]] = {
    "choose another id with --id": _same(say("choose another name")),
    "add {name}: {example}": _added,
    "add {name}: | and the text below it, indented": _added,
    "add alt: with what is seen, in a sentence": _same(
        say('write what is seen, in a sentence, in "{field}"', field=LABELS["alt"])
    ),
    "add territories: [{codes}] with the codes of its territories": _same(
        say('choose its territories in "{field}"', field=LABELS["territories"])
    ),
    "or write scope: national, international or online; write scope: none if the card belongs to no place": _same(
        say('or choose another "{field}", such as the whole country', field=LABELS["scope"])
    ),
    "add contacts: with role, phones or email": _same(
        say('add a row to "{field}", with a function, a telephone or an e-mail address', field=LABELS["contacts"])
    ),
    "add the id to partners: in catalogue.yaml": _same(
        say('choose it in "{field}", {where}', field=LABELS["partners"], where=_SHARED)
    ),
    "write the real one, or demonstration: true in catalogue.yaml": _same(
        say('write the real one, or choose "yes" in "{field}", {where}', field=LABELS["demonstration"], where=_SHARED)
    ),
    "write it in place of these words, or delete the field": _same(
        say("write it in place of these words, or empty the field")
    ),
    "say which point must stay in sight: {{file: {file}, focus: [0.5, 0.3]}}": _point,
    "write [0.5, 0.3]: half way from the left, a third from the top": _same(
        say("write 0.5, 0.3: half way from the left, a third from the top")
    ),
    "write [2, 0]: third column from the west, first row from the north": _same(
        say("write 2, 0: third column from the west, first row from the north")
    ),
    "write the percent of cyan, magenta, yellow and black: [100, 80, 0, 45]": _same(
        say("write the percent of cyan, magenta, yellow and black: 100, 80, 0, 45")
    ),
    'write it as "#17704f", a hash sign and 3 or 6 digits from 0 to f, in quotes': _same(
        say("write it as #17704f, a hash sign and 3 or 6 digits from 0 to f")
    ),
    "name two that differ, such as [fr, ar]; for one language, write language: fr": _same(
        say(
            'name two that differ, such as fr and ar; for one language, fill in "{field}" alone',
            field=LABELS["language"],
        )
    ),
    "pictures belong in fields such as images, logo or portrait": _same(
        say('pictures belong in "{images}" or "{logo}"', images=LABELS["images"], logo=LABELS["logo"])
    ),
    "long text belongs in a Markdown field such as description or body": _same(
        say('long text belongs in a field such as "{field}"', field=LABELS["description"])
    ),
    "this looks like an e-mail address: it belongs in email": _same(
        say('this looks like an e-mail address: it belongs in "{field}"', field=LABELS["email"])
    ),
    "themes are listed in catalogue.yaml": _same(
        say('themes are listed in "{field}", {where}', field=LABELS["themes"], where=_SHARED)
    ),
    "each partner has a file partners/ID.yaml": _same(_BEGIN),
    "each card has a file initiatives/ID.yaml": _same(_BEGIN),
    "add issued: 2019-04-30 with the date of the booklet itself": _fill("issued", example="2019-04-30", where=_SHARED),
    "add imprint to sections:": _same(
        say('add "{section}" to "{field}"', section=say("Imprint"), field=LABELS["sections"])
    ),
    "publisher: {{name: ..., address: ...}}": _fill("publisher", where=_SHARED),
    "add to publisher: address: ...": _fill("publisher", "address", where=_SHARED),
    "add to legal: responsible: {{name: ..., address: ...}}": _fill("legal", "responsible"),
    "add to legal: printer: {{name: ..., address: ...}}": _fill("legal", "printer"),
    "add to printer, in legal: address: ...": _fill("legal", "printer", "address"),
    "add to legal: printed: 2019-04": _fill("legal", "printed", example="2019-04"),
    "add to legal: deposit: 2019-04": _fill("legal", "deposit", example="2019-04"),
    "add to legal: price: gratuit": _fill("legal", "price", example="gratuit"),
    "add to legal: isbn: 978-...; in France the Afnil gives it": _same(
        say('fill in "{field}"; in France the Afnil gives it', field=joined([LABELS["legal"], LABELS["isbn"]]))
    ),
    "or, for one in a series, issn: ...": _same(say('or, for one in a series, "{field}"', field=LABELS["issn"])),
    "the ISBN in catalogue.yaml belongs to the edition full; each edition has a number of its own": _same(
        say("the ISBN of all editions belongs to the one with all cards; each edition has a number of its own")
    ),
}
