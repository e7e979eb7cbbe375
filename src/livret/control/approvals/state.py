"""What each part of an edition looks like today, beside what its people last said of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import PurePosixPath
from typing import Any, Literal

from livret.content.messages import listed
from livret.content.schema import introspection
from livret.content.schema.approval import Event, State
from livret.content.schema.base import Model
from livret.content.schema.design import FramedPicture
from livret.content.schema.introspection import Shape
from livret.control.approvals.register import Register
from livret.findings import Finding, LivretError, Location, Severity, warning
from livret.pages.compose.composer import Composer
from livret.pages.flatplan import Part
from livret.pages.pagination import Extents
from livret.project import PICTURE_LIMIT, Project, digest
from livret.translation import say

# Sixteen hexadecimal digits name a version, eight a field: enough to tell apart what stands in one register.
_CONTENT, _FIELD = 16, 8
# The folder of the file of a part, as paths in the register begin.
FOLDERS = {"card": "initiatives", "partner": "partners", "page": "pages"}

_NOT_SIGNED = frozenset({"unsigned", "changed-since-approval"})

Standing = Literal["missing", "sent", "corrections", "approved", "changed"]
STANDINGS: tuple[Standing, ...] = ("missing", "sent", "corrections", "changed", "approved")


@dataclass(frozen=True)
class Version:
    """The content of a part as it is now: its digest, and that of each field."""

    content: str
    fields: Mapping[str, str]


@dataclass(frozen=True)
class PartState:
    """A part and where its sign-off stands.

    `path` is its name in the register, such as `initiatives/aajt`. `number` is that of its version as it is now; what
    was said last may be about an older one. `changed` names the fields that differ from those of the last event.
    `is_laid_out_anew` says that the content is the same and the layout is not.
    """

    part: Part
    path: str
    name: str
    file: str
    version: Version
    number: int
    last: Event | None
    changed: tuple[str, ...]
    is_laid_out_anew: bool

    @property
    def files(self) -> frozenset[str]:
        """All files with words of this part: in both languages, and what a translation does not say is of its card."""
        second = self.part.second if self.part.is_double else None
        subjects = [one.subject for one in (self.part, second) if one and one.subject]
        paths = [PurePosixPath(one.source.path) for one in subjects]
        return frozenset(
            str(one) for path in paths for one in (path, path.with_name(f"{path.name.split('.')[0]}.yaml"))
        )

    @property
    def standing(self) -> Standing:
        """In one word. `changed` is what was approved and is no longer the same."""
        if self.last is None:
            return "missing"
        return "changed" if self.last.state == "approved" and self.changed else self.last.state

    def as_dict(self) -> dict[str, Any]:
        """For `--format json`; keys are stable."""
        last = self.last
        return {
            "part": self.path,
            "name": self.name,
            "file": self.file,
            "state": self.standing,
            "version": self.number,
            "said_of": last.version if last else None,
            "digest": self.version.content,
            "by": last.by if last else None,
            "on": str(last.on) if last else None,
            "note": last.note if last else None,
            "changed": list(self.changed),
            "layout_changed": self.is_laid_out_anew,
        }


def states(composer: Composer, register: Register, only: Collection[str] = ()) -> Iterator[PartState]:
    """The state of every part of an edition that somebody signs off: cards, partner pages, pages, the foreword.

    In: the names in the register of those that are wanted; none for all. They are in the order of the book. Raises
    LivretError when a template fails.
    """
    for part in _parts(composer):
        path = path_of(part)
        if part.subject is None or (only and path not in only):
            continue
        version = _version(composer, part)
        last = register.last(path)
        differing = changed(last.marks, version) if last else ()
        yield PartState(
            part,
            path,
            composer.navigation.title(part),
            part.subject.source.path,
            version,
            (last.version + (last.content != version.content)) if last else 1,
            last,
            differing,
            last is not None and not differing and last.layout != layout_digest(composer, part),
        )


def changed(before: Mapping[str, str], now: Version) -> tuple[str, ...]:
    """The fields whose digests are not those of before."""
    names = [*now.fields, *(name for name in before if name not in now.fields)]
    return tuple(name for name in names if before.get(name) != now.fields.get(name))


def parts(composer: Composer) -> dict[str, Part]:
    """The parts of an edition that somebody signs off, by their names in the register, in the order of the book."""
    return {path_of(part): part for part in _parts(composer)}


def _parts(composer: Composer) -> Iterator[Part]:
    return (part for part in composer.layout.flatplan(composer.edition) if part.subject is not None)


def path_of(part: Part) -> str:
    """The name of a part in the register: initiatives/aajt, partners/diair, pages/mode-d-emploi, foreword.

    A translation is signed off by itself: initiatives/aajt.en. Two languages that face each other are signed off
    together: initiatives/aajt+aajt.ar.
    """
    if part.is_double and part.second and part.second.subject:
        return f"{path_of(replace(part, is_double=False))}+{PurePosixPath(part.second.subject.source.path).stem}"
    name = f"{FOLDERS[part.kind]}/{part.id}" if part.kind in FOLDERS else part.anchor
    stem = PurePosixPath(part.subject.source.path).stem if part.subject else ""
    return f"{name}{stem.removeprefix(part.id)}" if part.id and stem.startswith(f"{part.id}.") else name


def event(composer: Composer, state: PartState, word: State, by: str | None, on: date, note: str | None) -> Event:
    """The event that says something of a part as it is now, in the edition of the composer."""
    return Event.model_construct(
        state=word,
        version=state.number,
        on=on,
        by=by,
        note=note,
        edition=composer.edition.id,
        content=state.version.content,
        layout=layout_digest(composer, state.part),
        fields=tuple(f"{name} {mark}" for name, mark in state.version.fields.items()),
    )


def marks_of(project: Project, subject: Model) -> dict[str, str]:
    """The digest of each field of a card, partner or page as it stands in its file."""
    return _marks((name, value) for name, value in _values(project, type(subject), subject, "") if name != "language")


def _marks(fields: Iterable[tuple[str, str]]) -> dict[str, str]:
    return {name: digest(value)[:_FIELD] for name, value in fields}


def _version(composer: Composer, part: Part) -> Version:
    found = dict(_fields_of(composer, part))
    if part.is_double and part.second and composer.second:
        language = composer.second.edition.language
        found |= {f"{language}.{name}": value for name, value in _fields_of(composer, part.second)}
    marks = _marks(found.items())
    return Version(digest(*(word for mark in marks.items() for word in mark))[:_CONTENT], marks)


def _fields_of(composer: Composer, part: Part) -> Iterator[tuple[str, str]]:
    assert part.subject is not None
    for name, value in _values(composer.project, type(part.subject), part.subject, ""):
        # An edition in another language tells each card the catalogue's; nobody typed that, so it is no change.
        if name != "language" or part.subject.language != composer.edition.written:
            yield name, value


def layout_digest(composer: Composer, part: Part) -> str:
    """A digest of all that is on the pages of a part; of two with the same content, it differs with the layout.

    The part is composed alone, so that folios of other parts do not count: they move whenever a card is added.
    """
    sides = composer.layout.likely_sides(part)
    galley, _ = composer.galley(part, composer.layout.paginate((part,), Extents({part.anchor: sides})))
    root = str(composer.project.root)
    sheets = [text.replace(root, "") for sheet in galley.stylesheets for text in (sheet.name, sheet.text)]
    return digest(galley.html.replace(root, ""), *sheets)[:_CONTENT]


def _values(project: Project, model: type[Model], group: Model, above: str) -> Iterator[tuple[str, str]]:
    """Each field that is filled in, with its value as text. A picture also counts by what is in its file.

    Fields at their default are left out, so that a field that a later Livret adds changes nothing.
    """
    for name, shape in introspection.fields(model).items():
        value, default = getattr(group, name), model.model_fields[name].default
        if value in (None, (), default):
            continue
        if shape.model and not shape.kind and isinstance(value, Model):
            yield from _values(project, shape.model, value, f"{above}{name}.")
        else:
            yield above + name, "\n".join(_plain(project, shape, value))


def _plain(project: Project, shape: Shape, value: Any) -> Iterator[str]:
    """A value as lines that are equal only for equal values, the content of pictures included."""
    if isinstance(value, tuple) and shape.item:
        for number, item in enumerate(value):
            yield f"{number}:"
            yield from _plain(project, shape.item, item)
    elif isinstance(value, FramedPicture):
        yield f"{value.file!r} {value.focus} {value.fit} {_picture(project, value.file)}"
    elif isinstance(value, Model) and shape.model:
        for name, inner in introspection.fields(type(value)).items():
            given = getattr(value, name)
            if given not in (None, ()):
                yield f"{name}="
                yield from _plain(project, inner, given)
    elif shape.kind and shape.kind.name == "picture":
        yield f"{value!r} {_picture(project, str(value))}"
    else:
        yield repr(str(value))


def _picture(project: Project, path: str) -> str:
    try:
        return digest(project.read(project.inside_catalogue(path), PICTURE_LIMIT))
    except (OSError, LivretError):
        return "unreadable"


def findings(found: Iterable[PartState], *, is_required: bool) -> tuple[Finding, ...]:
    """A finding for each part that is not approved as it is now: errors when a sign-off `is_required`."""
    told: list[Finding] = []
    for one in found:
        where = Location(one.file, 1)
        last = one.last
        match one.standing:
            case "missing":
                hint = say("livret approve {path} --by NAME", path=one.path)
                told.append(warning("unsigned", say("nobody has approved this part yet"), where, hint))
            case "sent":
                message = say("this part was sent on {date}, without an answer", date=last and last.on)
                anew = say("since then changed: {fields}; send it again", fields=listed(one.changed))
                told.append(warning("unsigned", message, where, *([anew] if one.changed else [])))
            case "corrections":
                asked = say(
                    "corrections were asked for by {name} on {date}", name=last and last.by, date=last and last.on
                )
                if last and last.note:
                    # A finding is one line.
                    asked = say("{place}: {what}", place=asked, what=" ".join(last.note.split()))
                told.append(warning("unsigned", asked, where))
            case "changed":
                message = say(
                    "this part changed after {name} approved it: {changed}",
                    name=last and last.by,
                    changed=listed(one.changed),
                )
                hint = say("send it again, or bring back what was approved")
                told.append(warning("changed-since-approval", message, where, hint))
        if one.is_laid_out_anew and last and last.state == "approved":
            message = say(
                "the layout of this part changed after {name} approved it; its content is the same", name=last.by
            )
            told.append(warning("layout-since-approval", message, where))
    if is_required:
        told = [replace(one, severity=Severity.ERROR) if one.rule in _NOT_SIGNED else one for one in told]
    return tuple(told)
