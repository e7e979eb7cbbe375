"""Press profiles: what a printer demands. One YAML file each, `press/NAME.yaml`, with the ICC file that it names.

Livret looks in a project's own `press/` first, then in the one installed with Livret. A press profile of the project
replaces an installed one of the same name completely. A file gives every value itself: there are no defaults.

The file gives lengths in millimetres, type and lines in points, as printers do; the properties give points.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

from pydantic import Field, ValidationError

from livret.content.messages import did_you_mean, listed, quoted
from livret.content.press.folder import FOLDER, press_profiles
from livret.content.press.icc import icc_conditions, icc_fault, named_conditions
from livret.content.press.profile_fields import (
    Bleed,
    Bulk,
    ColourMode,
    Grams,
    IccPath,
    Ink,
    LineWidth,
    Margin,
    Multiple,
    Ppi,
    Sheet,
    Stitched,
    TypeSize,
    Variant,
)
from livret.content.schema import errors
from livret.content.schema.base import SET_BY_READER, Entity, Model
from livret.content.schema.errors import Fault
from livret.content.schema.field_types import Flag, Text
from livret.content.schema.validators import is_id
from livret.content.yaml import tree
from livret.content.yaml.reader import parse
from livret.findings import Finding, Location, error, has_errors
from livret.measure import mm
from livret.project import Project, TooLarge
from livret.translation import say, system_reason

MARKS = ("crop", "registration", "colour_bar", "slug")
# The largest CMYK profiles in use have 2 to 3 MB; a larger file is something else.
ICC_LIMIT = 16 * 1024 * 1024


class Condition(Model):
    """The printing condition that the file is prepared for: its output intent."""

    one: ClassVar[str] = say("a printing condition")
    identifier: Text = Field(description="The name of the condition in its registry, such as FOGRA39.")
    registry: Text | None = Field(
        None, description="The address of the registry; left out for a condition that is the printer's own."
    )
    description: Text = Field(description="The condition in one line, for people.")


class Marks(Model):
    """What is printed outside the bleed for the printer, and where."""

    one: ClassVar[str] = say("the marks")
    crop: Flag = Field(description="Crop marks at the corners.")
    registration: Flag = Field(description="Registration crosses in the middle of each side.")
    colour_bar: Flag = Field(description="The colour bar.")
    slug: Flag = Field(description="The slug line: title, edition, page, date and digest.")
    offset: Bleed = Field(description="How far from the trim the marks begin; at least the bleed.")


class PictureLimits(Model):
    """The resolutions of pictures, at the size they are printed."""

    one: ClassVar[str] = say("resolutions of pictures")
    least: Ppi = Field(description="A photograph below this is an error.")
    wanted: Ppi = Field(description="A photograph below this is a warning.")
    one_bit_least: Ppi = Field(description="A drawing in pure black and white below this is an error.")
    one_bit_wanted: Ppi = Field(description="A drawing in pure black and white below this is a warning.")


class TextLimits(Model):
    """The least sizes of type."""

    one: ClassVar[str] = say("sizes of text")
    least: TypeSize = Field(description="The smallest text in one ink.")
    least_reversed: TypeSize = Field(description="The smallest text in white, or in more than one ink.")


class LineLimits(Model):
    """The least widths of lines."""

    one: ClassVar[str] = say("widths of lines")
    least: LineWidth = Field(description="The thinnest line in one ink.")
    least_reversed: LineWidth = Field(description="The thinnest line in white, or in more than one ink.")


class Paper(Model):
    """The paper of the inside pages; spine and creep are computed from it."""

    one: ClassVar[str] = say("a paper")
    weight: Grams = Field(description="Its weight.")
    bulk: Bulk = Field(description="Its bulk (main): thickness in micrometres divided by weight.")


class PageLimits(Model):
    """What the binding asks of the number of pages."""

    one: ClassVar[str] = say("limits of pages")
    multiple: Multiple = Field(description="The number of pages is a multiple of this.")
    stitched: Stitched = Field(description="The most pages that are saddle-stitched; above, the booklet has a spine.")


class PressProfile(Entity):
    """A file in press/. As read, `icc` is an absolute path; it is None in an RGB profile, which separates nothing."""

    one: ClassVar[str] = say("a press profile")
    title: Text = Field(description="What the press profile is for, in a few words.")
    colour: ColourMode = Field(description="The colours of the file: separated for a press, or left as they are.")
    variant: Variant | None = Field(
        None, description="The variant of GWG 2022 that preflight takes the other rules from: with cmyk sheetcmyk-cmyk."
    )
    condition: Condition | None = Field(None, description="The printing condition; required with cmyk, only there.")
    icc: IccPath | None = Field(
        None, description="The ICC file of the condition, as seen from press/; required with cmyk, only there."
    )
    ink_limit: Ink | None = Field(
        None, description="The most ink in all (TAC), over the four inks; required with cmyk, only there."
    )
    bleed: Bleed = Field(description="How far colour runs beyond the trim.")
    safe_margin: Margin = Field(description="How far text stays inside the trim.")
    marks: Marks = Field(description="What is printed for the printer, outside the bleed.")
    pictures: PictureLimits = Field(description="The least resolutions of pictures.")
    text: TextLimits = Field(description="The least sizes of text.")
    lines: LineLimits = Field(description="The least widths of lines.")
    sheet: Sheet = Field(description="The sheet that goes through the press.")
    paper: Paper = Field(description="The paper of the inside pages; spine and creep are computed from it.")
    pages: PageLimits = Field(description="What the binding asks of the number of pages.")

    @property
    def bleed_points(self) -> float:
        """The bleed in points."""
        return mm(self.bleed)

    @property
    def safe_margin_points(self) -> float:
        """The safe margin in points."""
        return mm(self.safe_margin)

    @property
    def marks_offset_points(self) -> float:
        """How far from the trim the marks begin, in points."""
        return mm(self.marks.offset)

    @property
    def sheet_points(self) -> tuple[float, float]:
        """Width and height of the sheet in points."""
        return mm(self.sheet[0]), mm(self.sheet[1])

    @property
    def caliper_points(self) -> float:
        """The thickness of one leaf in points: g/m2 x cm3/g is micrometres."""
        return mm(self.paper.weight * self.paper.bulk / 1000)

    def icc_bytes(self) -> bytes:
        """The ICC file. Raises OSError when it has gone since it was read, ValueError for an RGB profile."""
        if self.icc is None:
            raise ValueError(f"the press profile {self.id} separates nothing")
        return self.icc.read_bytes()


def read_press_profile(
    project: Project, name: str, where: Location | None = None
) -> tuple[PressProfile | None, tuple[Finding, ...]]:
    """Read a press profile and check its ICC file.

    In: a project, the name of the press profile, and where that name was typed, if in a file. Out: the press profile,
    or None when a finding is an error; and every finding. Never raises, whatever the files hold.
    """
    # Reading may end in five ways, each with its message: they make it long.
    known = press_profiles(project)
    if name not in known:
        hints = (*did_you_mean(name, known), say("the press profiles here are {known}", known=listed(known)))
        own = (
            say("one of your own is a file in {folder}/ with the ending .yaml; see docs/printers.md", folder=FOLDER)
            if is_id(name)
            else say(
                "one of your own is a file in {folder}/ with the ending .yaml: lower-case letters without accents, "
                "digits and hyphens; see docs/printers.md",
                folder=FOLDER,
            )
        )
        return None, (
            error(
                "unknown-press-profile", say("there is no press profile {name}", name=quoted(name)), where, *hints, own
            ),
        )
    path = next(path for folder in project.folders(FOLDER) if (path := folder / f"{name}.yaml").is_file())
    place = project.shown(path)
    try:
        root, found = parse(project.read(path), place)
    except TooLarge as large:
        return None, (
            error("file-too-large", say("this file is not read: {message}", message=large.message), Location(place)),
        )
    except OSError as problem:
        return None, (
            error(
                "unreadable-file",
                say("this file cannot be read: {reason}", reason=system_reason(problem)),
                Location(place),
            ),
        )
    if root is None:
        return None, found
    profile, wrong = _profile(name, root)
    icc, refused = _icc(project, path, root)
    every = (*found, *wrong, *refused)
    if profile is None or has_errors(every):
        return None, every
    if icc is not None and (unlike := _unlike_condition(profile, icc, root)):
        return None, (*every, unlike)
    return profile.model_copy(update={"icc": icc}), every


def screen_inks(project: Project, name: str) -> Path | None:
    """The ICC file of a press profile, by which CMYK without a profile is shown; None where it has none."""
    profile, _ = read_press_profile(project, name)
    return profile.icc if profile else None


def _profile(name: str, root: tree.Mapping) -> tuple[PressProfile | None, tuple[Finding, ...]]:
    values = tree.plain_values(root)
    wrong = [Fault("extra_forbidden", (field,), None, ()) for field in SET_BY_READER if field in values]
    wrong += _colour_fields(values)
    profile: PressProfile | None = None
    try:
        profile = PressProfile.model_validate(values | {"id": name, "source": Location(root.where.path)})
    except ValidationError as refused:
        wrong += [Fault.of(given) for given in refused.errors(include_url=False, include_input=False)]
    else:
        wrong += _contradictions(profile)
    return profile, errors.findings(PressProfile, root, wrong)


def _colour_fields(values: Mapping[str, Any]) -> Iterator[Fault]:
    """Fields that the colour mode needs and that are missing, or that it cannot have."""
    for field in ("condition", "icc", "ink_limit"):
        if values.get("colour") == "cmyk" and field not in values:
            yield Fault("missing", (field,), None, ())
        if values.get("colour") == "rgb" and field in values:
            message = say(
                'a press profile with colour: rgb cannot have "{field}", since nothing is separated', field=field
            )
            yield Fault("unknown-field", (field,), message, (say("delete it, or write colour: cmyk"),))


def _contradictions(profile: PressProfile) -> Iterator[Fault]:
    """Limits that contradict each other, and values that a file in RGB cannot have."""
    if profile.colour == "rgb":
        # Its pages are those of the screen edition: cropped to the trim, with nothing around them.
        drawn: list[tuple[str, ...]] = [("bleed",)] if profile.bleed else []
        drawn += [("marks", name) for name in MARKS if getattr(profile.marks, name)]
        for path in drawn:
            yield Fault(
                "out-of-range",
                path,
                say('a press profile with colour: rgb cannot have "{field}"', field=path[-1]),
                (say("write 0 or false"),),
            )
    if profile.marks.offset < profile.bleed:
        message = say(
            "marks {offset:g} mm from the trim are inside the bleed of {bleed:g} mm",
            offset=profile.marks.offset,
            bleed=profile.bleed,
        )
        yield Fault(
            "out-of-range", ("marks", "offset"), message, (say("write {bleed:g} or more", bleed=profile.bleed),)
        )
    for group, low, high in (
        ("pictures", "least", "wanted"),
        ("pictures", "one_bit_least", "one_bit_wanted"),
        ("text", "least", "least_reversed"),
        ("lines", "least", "least_reversed"),
    ):
        limits = getattr(profile, group)
        if getattr(limits, high) < getattr(limits, low):
            message = say(
                '"{high}" is below "{low}", which is {limit:g}', high=high, low=low, limit=getattr(limits, low)
            )
            yield Fault("out-of-range", (group, high), message, (say("were the two values exchanged?"),))


def _unlike_condition(profile: PressProfile, icc: Path, root: tree.Mapping) -> Finding | None:
    """An error when the ICC file is made for another printing condition than the one that is named."""
    named = named_conditions(profile.condition.identifier) if profile.condition else frozenset[str]()
    made_for = icc_conditions(icc.read_bytes())
    if not named or not made_for or named & made_for:
        return None
    message = say(
        "the condition is {named}, and the ICC file {icc} is made for {made_for}",
        named=listed(sorted(named)),
        icc=quoted(icc.name),
        made_for=listed(sorted(made_for)),
    )
    hints = (say("give the ICC file of that condition, or name the condition of the ICC file"),)
    return error("unlike-icc-file", message, root.entries["icc"].where, *hints)


def _icc(project: Project, path: Path, root: tree.Mapping) -> tuple[Path | None, tuple[Finding, ...]]:
    """The ICC file that a profile names: from the folder of the profile, else from one of the other press folders."""
    named = root.value("icc")
    if not isinstance(named, tree.Scalar):
        return None, ()
    where = root.entries["icc"].where
    text = named.text.strip()
    said = say('the ICC file {name} of the press profile "{profile}"', name=quoted(text), profile=path.stem)
    folders = tuple(dict.fromkeys((path.parent, *project.folders(FOLDER))))
    try:
        for folder in folders:
            full = folder / text
            if Path(text).is_absolute() or not full.resolve().is_relative_to(folder.resolve()):
                hint = say("put the file itself into {folder}/ and give its name", folder=FOLDER)
                return None, (
                    error(
                        "outside-project",
                        say("{said} is outside the folder {folder}", said=said, folder=FOLDER),
                        where,
                        hint,
                    ),
                )
            if full.is_file():
                fault = icc_fault(project.read(full, ICC_LIMIT))
                if not fault:
                    return full, ()
                told, *hints = fault
                message = say("{file} {is_wrong}", file=said, is_wrong=told)
                return full, (error("bad-icc-file", message, where, *hints),)
        near = did_you_mean(text, (each.name for folder in folders for each in folder.glob("*.ic[cm]")))
        hint = say("put it into {shown}/", shown=project.shown(path.parent))
        return None, (error("missing-file", say("{said} does not exist", said=said), where, *near, hint),)
    except TooLarge as large:
        return None, (
            error("file-too-large", say("{said} is not read: {message}", said=said, message=large.message), where),
        )
    except (OSError, RuntimeError) as problem:
        # A circle of links is an OSError since Python 3.13, a RuntimeError before.
        reason = system_reason(problem) if isinstance(problem, OSError) else problem
        return None, (
            error("unreadable-file", say("{said} cannot be read: {reason}", said=said, reason=reason), where),
        )
