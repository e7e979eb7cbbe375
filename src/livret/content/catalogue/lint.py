"""Checks that need more than one value: references between files, pictures on disk, texts, contacts.

They look at the trees and not at the models, so that all mistakes of a file are reported, not only the first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from livret.content.catalogue.chosen_colours import check_colour
from livret.content.catalogue.drawings import check_drawings
from livret.content.catalogue.folder import Folder, SourceFile
from livret.content.catalogue.own_territories import map_faults
from livret.content.catalogue.picture_files import PictureFiles
from livret.content.catalogue.picture_paths import check_picture
from livret.content.catalogue.reference_messages import HOMES, no_target, nothing, removed
from livret.content.catalogue.reserved_contacts import find_reserved
from livret.content.language import markdown, pasted, typography
from livret.content.messages import did_you_mean, listed, quoted
from livret.content.press.folder import press_profiles
from livret.content.schema import contacts, dates, introspection, isbn
from livret.content.schema.model import Initiative
from livret.content.schema.validators import MARKDOWN_LENGTH, NO, clean
from livret.content.territories import Territories, is_bare_number
from livret.content.yaml.tree import Mapping, Scalar, Sequence
from livret.findings import Finding, Location, error, note, warning
from livret.project import Project
from livret.translation import say, say_number

# Lists in which the same value twice is a mistake.
_SETS = frozenset({"theme", "partner", "initiative", "section", "territory"})
_FEW = 12
# What stands before each text that `livret new` wrote to be replaced.
UNWRITTEN = ("[à écrire]", "[to write]")


@dataclass(frozen=True)
class KnownNames:
    """What the references of a catalogue may name. None where that is not known."""

    project: Project
    folder: Folder
    territories: Territories

    @cached_property
    def publication(self) -> Mapping | None:
        """The tree of `catalogue.yaml`."""
        return next((source.tree for source in self.folder.of("catalogue")), None)

    @cached_property
    def themes(self) -> tuple[str, ...] | None:
        """The ids of the themes."""
        listed_themes = self.publication.value("themes") if self.publication else None
        if not isinstance(listed_themes, Sequence):
            return None
        groups = [item for item in listed_themes.items if isinstance(item, Mapping)]
        return tuple(found.text.strip() for group in groups if isinstance(found := group.value("id"), Scalar))

    @cached_property
    def pictograms(self) -> tuple[str, ...]:
        """The names of all drawings of pictograms."""
        folders = self.project.folders("pictograms")
        return tuple(sorted({path.stem for folder in folders for path in folder.glob("*.svg")}))

    @cached_property
    def pictures(self) -> PictureFiles:
        """What is known of picture files."""
        return PictureFiles(self.project)

    @cached_property
    def is_demonstration(self) -> bool:
        """Whether contacts may be fictional; also when catalogue.yaml does not say so in a way that can be read."""
        if self.publication is None:
            return True
        said = self.publication.value("demonstration")
        return said is not None and not (isinstance(said, Scalar) and clean(said.text).lower() in NO)

    def names(self, kind: str) -> tuple[str, ...] | None:
        """What a reference of this kind may name; None when that is not known, or when this kind is no reference."""
        match kind:
            case "theme":
                return self.themes
            case "partner":
                return self.folder.ids("partners")
            case "initiative" | "card":
                return self.folder.ids("initiatives")
            case "page":
                return self.folder.ids("pages")
            case "pictogram":
                return self.pictograms
            case "layout":
                return self.project.layouts()
            case "press-profile":
                return press_profiles(self.project)
        return None


def findings(
    project: Project, folder: Folder, territories: Territories, only: SourceFile | None = None
) -> tuple[Finding, ...]:
    """The findings of all checks on a folder that was read; with `only`, of those that look at one file in this alone.

    Never raises, whatever the files hold.
    """
    known = KnownNames(project, folder, territories)
    sources = (only,) if only else (*folder.sources, *folder.translations)
    found = [finding for source in sources for finding in findings_in(source, known)]
    drawings = (*check_drawings(project, folder, known.pictures), *map_faults(project, folder, territories))
    return (*found, *_unlisted_partners(known), *drawings)


def guesses(folder: Folder) -> tuple[Finding, ...]:
    """A note for each place where the micro-typography had to guess, with what is printed there."""
    publication = next((source.tree for source in folder.of("catalogue")), None)
    language = _language(publication) or "fr"
    found = []
    for source in (*folder.sources, *folder.translations):
        if source.tree is None:
            continue
        own = source.language or _language(source.tree) or language
        for value in introspection.walk(source.model, source.tree):
            if value.shape.kind and value.shape.kind.name in ("text", "markdown"):
                text = value.scalar.text
                for guess in typography.guesses(text, own):
                    stands = quoted(guess.before)
                    told = say("{stands} is printed as {after}", stands=stands, after=quoted(guess.after))
                    if guess.before == guess.after:
                        told = say("{stands} is printed as written", stands=stands)
                    where = value.scalar.line(text.count("\n", 0, guess.offset))
                    found.append(note("typography", say("{told} ({rule})", told=told, rule=guess.rule), where))
    return tuple(found)


def _language(tree: Mapping | None) -> str | None:
    said = tree.value("language") if tree else None
    return clean(said.text) if isinstance(said, Scalar) and not said.is_empty else None


def findings_in(source: SourceFile, known: KnownNames) -> Iterator[Finding]:
    """The findings of all checks on one file."""
    if source.tree is None:
        return
    values = tuple(introspection.walk(source.model, source.tree))
    for value in values:
        yield from _value(value, known)
    yield from _repeated(values, known.territories)
    yield from _unwritten(values)
    if source.model is Initiative and not source.language:
        yield from _card(source.tree, source.shown, known.territories)


def _value(value: introspection.FoundValue, known: KnownNames) -> Iterator[Finding]:
    assert value.shape.kind
    kind = value.shape.kind.name
    if kind in ("text", "markdown", "phone", "email", "website") and not known.is_demonstration:
        yield from _fictional(value.scalar, is_text=kind in ("text", "markdown"))
    match kind:
        case "theme" | "partner" | "initiative" | "pictogram" | "layout" | "press-profile":
            yield from _reference(kind, value.scalar, known)
        case "picture":
            yield from check_picture(known.project, known.folder.paths, value.scalar, known.pictures)
        case "markdown":
            yield from _text(value.scalar, known)
        case "text":
            yield from _pasted(value.scalar, is_markdown=False)
        case "email" | "website" | "phone":
            yield from _doubt(kind, value.scalar)
        case "day" | "event-date" if read := dates.understood(value.scalar.text):
            message = say("{text} is read as {read}", text=quoted(clean(value.scalar.text)), read=read)
            yield note("read-date", message, value.scalar.where, say("the day comes before the month"))
        case "color":
            yield from check_colour(value.scalar)
        case "territory" if is_bare_number(value.scalar.text):
            yield from _bare_number(value.scalar, known.territories)
        case "isbn" if not known.is_demonstration and isbn.is_unassigned(value.scalar.text):
            yield warning(
                "unassigned-isbn",
                say(
                    "{text} is not a real ISBN: no country has ISBNs that begin like this",
                    text=quoted(value.scalar.text),
                ),
                value.scalar.where,
                say("write the number that was given to this booklet; in France the Afnil gives ISBNs"),
            )


def _doubt(kind: str, scalar: Scalar) -> Iterator[Finding]:
    """Contacts that may be wrong: they are printed as they were typed, so a person should look."""
    text = clean(scalar.text)
    match kind:
        case "email" if hint := contacts.email_doubt(text):
            yield warning(
                "bad-email", say("{text} may not be an e-mail address", text=quoted(text)), scalar.where, hint
            )
        case "website" if hint := contacts.website_doubt(text):
            yield warning(
                "bad-website", say("{text} may not be the address of a website", text=quoted(text)), scalar.where, hint
            )
        case "phone" if hint := contacts.phone_doubt(text):
            yield warning(
                "bad-phone", say("{text} may not be a telephone number", text=quoted(text)), scalar.where, hint
            )


# The rule for a name that leads nowhere.
_UNKNOWN = {
    "theme": "unknown-theme",
    "partner": "unknown-partner",
    "initiative": "unknown-initiative",
    "pictogram": "unknown-pictogram",
    "layout": "unknown-layout",
    "press-profile": "unknown-press-profile",
}


def _reference(kind: str, scalar: Scalar, known: KnownNames) -> Iterator[Finding]:
    names, text = known.names(kind), clean(scalar.text)
    if names is None or text in names:
        return
    hints = removed(known.project, kind, text) or did_you_mean(text, names)
    if not hints and 0 < len(names) <= _FEW:
        hints = (say("choose from {names}", names=listed(sorted(set(names)), "or")),)
    yield error(
        _UNKNOWN[kind],
        nothing(kind, quoted(text)),
        scalar.where,
        *hints,
        HOMES[kind],
    )


def _text(scalar: Scalar, known: KnownNames) -> Iterator[Finding]:
    if len(scalar.text) > MARKDOWN_LENGTH:
        return
    deep = markdown.too_deep(scalar.text)
    if deep is not None:
        message = say("lists and quotations are nested too deep here to be printed")
        yield error(
            "text-too-deep", message, scalar.line(deep), say("30 levels of lists are possible; begin a new list")
        )
    elif lost := markdown.lost_words(scalar.text):
        message = say("these words would not be printed: {lost}", lost=quoted(" ".join(lost)))
        yield error(
            "lost-words", message, scalar.where, say("write them in another way: without [, ], ` or > before them")
        )
    yield from _pasted(scalar, is_markdown=True)
    for problem in markdown.problems(scalar.text):
        yield warning(problem.rule, problem.message, scalar.line(problem.line), problem.hint)
    for reference in markdown.references(scalar.text):
        names = known.names(reference.kind) or ()
        if reference.id not in names:
            target = f"{reference.kind}:{reference.id}"
            yield error(
                "unknown-reference",
                no_target(reference.kind, quoted(target)),
                scalar.line(reference.line),
                *(removed(known.project, reference.kind, reference.id) or did_you_mean(reference.id, names)),
            )


def _pasted(scalar: Scalar, is_markdown: bool) -> Iterator[Finding]:
    """What was pasted and is set as it was meant is a note; what cannot be set so is a warning."""
    for problem in pasted.problems(scalar.text, is_markdown):
        make = note if problem.is_mended else warning
        yield make(problem.rule, problem.message, scalar.line(problem.line), problem.hint)


def _bare_number(scalar: Scalar, territories: Territories) -> Iterator[Finding]:
    region = territories.find(scalar.text)
    if region:
        number, code = scalar.text.strip(), region.code
        yield note(
            "insee-number",
            say(
                '"{number}" is read as the region {region} ({code}), not as a département',
                number=number,
                region=region.name,
                code=code,
            ),
            scalar.where,
            say("write {code} for the region, or FR-{number} for the département", code=code, number=number),
        )


def _fictional(scalar: Scalar, is_text: bool) -> Iterator[Finding]:
    text = scalar.text[:MARKDOWN_LENGTH]
    for fiction, offset in find_reserved(text):
        yield warning(
            "fictional-contact",
            say(
                "{text} is reserved for fiction: nobody can be reached there",
                text=quoted(fiction if is_text else clean(text)),
            ),
            scalar.line(text.count("\n", 0, offset)),
            say("write the real one, or demonstration: true in catalogue.yaml"),
        )


def _unwritten(values: tuple[introspection.FoundValue, ...]) -> Iterator[Finding]:
    """What `livret new` wrote to be replaced: one finding for each file, at the first such text."""
    texts = [value.scalar for value in values if any(mark in value.scalar.text for mark in UNWRITTEN)]
    if texts:
        text = texts[0].text
        offset = min(place for mark in UNWRITTEN if (place := text.find(mark)) >= 0)
        yield warning(
            "unwritten-text",
            say_number(
                "{number} text of this file is not written yet: {text}",
                "{number} texts of this file are not written yet; the first is {text}",
                number=len(texts),
                text=quoted(text[offset:]),
            ),
            texts[0].line(text.count("\n", 0, offset)),
            say("write it in place of these words, or delete the field"),
        )


def _repeated(values: tuple[introspection.FoundValue, ...], territories: Territories) -> Iterator[Finding]:
    """Values that stand twice in a list of ids, codes or names; and themes defined twice."""
    first: dict[tuple[object, ...], Location] = {}
    for value in values:
        assert value.shape.kind
        kind, text = value.shape.kind.name, clean(value.scalar.text)
        if kind == "territory":
            text = str(territories.find(text) or text)
        is_new_id = kind in ("id", "own-territory")
        if not is_new_id and not (kind in _SETS and isinstance(value.path[-1], int)):
            continue
        # Themes are groups in a list, so their ids have paths that differ by the position.
        place = tuple(step for step in value.path if isinstance(step, str))
        before = first.setdefault((place, text), value.scalar.where)
        if before is not value.scalar.where:
            yield error(
                "duplicate-id" if is_new_id else "duplicate-item",
                say("{text} is listed twice, first on line {line}", text=quoted(text), line=before.line),
                value.scalar.where,
                say("give each one an id of its own") if is_new_id else say("delete one of the two"),
            )


def _card(tree: Mapping, path: str, territories: Territories) -> Iterator[Finding]:
    scope = tree.value("scope")
    places = tree.value("territories")
    is_placed = places is not None and not (isinstance(places, Sequence) and not places.items)
    # An unknown scope has a finding of its own.
    is_regional = scope is None or (isinstance(scope, Scalar) and scope.text.strip() == "regional")
    if not is_placed and is_regional:
        entry = tree.entries.get("territories") or tree.entries.get("scope")
        yield error(
            "missing-territory",
            say("this card names no territory, and its scope is regional"),
            entry.where if entry else Location(path, 1),
            say("add territories: [{codes}] with the codes of its territories", codes=territories.example_codes),
            say("or write scope: national, international or online; write scope: none if the card belongs to no place"),
        )
    images = tree.value("images")
    for image in images.items if isinstance(images, Sequence) else ():
        if isinstance(image, Mapping) and not (image.value("alt") or image.value("caption")):
            yield warning(
                "missing-alt",
                say("this picture has no description for readers who cannot see it"),
                image.where,
                say("add alt: with what is seen, in a sentence"),
            )
    contacts = tree.value("contacts")
    if contacts is None or (isinstance(contacts, Sequence) and not contacts.items):
        entry = tree.entries.get("contacts")
        yield warning(
            "no-contact",
            say("this card has no contact to call or write to"),
            entry.where if entry else Location(path, 1),
            say("add contacts: with role, phones or email"),
        )


def _unlisted_partners(known: KnownNames) -> Iterator[Finding]:
    if known.publication is None:
        return
    trees = (source.tree for role in ("catalogue", "editions") for source in known.folder.of(role))
    lists = [tree.value("partners") for tree in trees if tree]
    named = {
        item.text.strip()
        for entry in lists
        if isinstance(entry, Sequence)
        for item in entry.items
        if isinstance(item, Scalar)
    }
    for source in known.folder.of("partners"):
        if source.id not in named:
            yield warning(
                "unlisted-partner",
                say('the page of the partner "{partner}" is not printed', partner=source.id),
                Location(source.shown),
                say("add the id to partners: in catalogue.yaml"),
            )
