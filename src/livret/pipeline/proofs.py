"""Proofs: the pages of a part, from the very fragment that is bound, on the sheet of a slip that asks for an answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import Any

from livret.book.plan import Setting, book_plan
from livret.content.language.bidi import is_right_to_left
from livret.content.schema.model import Catalogue, Initiative
from livret.control.approvals.state import PartState
from livret.findings import Finding, Location, Report, warning
from livret.pages.compose import picture_findings
from livret.pages.compose.composer import Composer
from livret.pages.compose.slip import FRAME, ProofLayout, SlipText, slip_galley
from livret.pages.flatplan import Part, select
from livret.pages.galley import Facts, Fragment, Galley, Spot
from livret.pages.pagination import Pagination, Sheet
from livret.pages.pool.pressroom import PressRoom, TypesettingOrder
from livret.pages.pool.store import Store
from livret.pipeline.approvals import SignOffs
from livret.pipeline.options import DEFAULT, Proof, Running
from livret.pipeline.proof_places import PlacesInBook
from livret.pipeline.resolution import low_resolutions
from livret.pipeline.settle import Progress, counting, findings_of, settle
from livret.project import Project, replacing
from livret.translation import say

# How many digits of the digest of a version stand on its slip; `livret approve --digest` takes as few.
CODE = 8
_FIELDS = ("approved", "corrections", "remarks", "name", "date")


@dataclass(frozen=True)
class Proofed:
    """A proof that was made: its PDF, pictures of its sheets, and what was proofed as it stood then."""

    state: PartState
    pdf: Path
    pictures: tuple[Path, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """For `--format json`; keys are stable."""
        return {"part": self.state.path, "version": self.state.number, "digest": self.state.version.content,
                "file": str(self.pdf), "pictures": [str(path) for path in self.pictures]}  # fmt: skip


def proof(
    project: Project,
    catalogue: Catalogue,
    sign_offs: SignOffs,
    wanted: Proof,
    report: Report,
    running: Running = DEFAULT,
) -> tuple[Proofed, ...]:
    """Write `output/proofs/CARD.pdf` for each part, and PNGs where a resolution is given.

    In: the sign-offs of the same edition; a report that may hold what reading found, errors too: a broken card is
    proofed with what is wrong with it, as far as it can be set. Raises SystemLibraryMissing as `build` does, and
    OutputError.
    """
    edition = select(catalogue, wanted.edition)
    composer = Composer(project, edition, ProofLayout(project, edition))
    states = sign_offs.chosen(wanted.selection)
    if not states:
        return ()
    with PressRoom(project, Store(project), running.jobs, running.cluster) as press_room:
        places = PlacesInBook(composer, press_room.store, [one.part for one in states])
        proofs = _Proofs(composer, catalogue, wanted, press_room, report, places)
        return proofs.made(states, running.display("proof"))


@dataclass(frozen=True)
class _Slipped:
    """A part that is typeset, and the slip and the furniture that are being typeset for it."""

    state: PartState
    fragment: Fragment
    order: TypesettingOrder


class _Proofs:
    """The proofs of some parts while they are made: workers set further parts while slips are composed and bound."""

    def __init__(
        self,
        composer: Composer,
        catalogue: Catalogue,
        wanted: Proof,
        press_room: PressRoom,
        report: Report,
        places: PlacesInBook,
    ) -> None:
        # The places are found once for all parts, from the store of the press room.
        self._composer, self._catalogue, self._wanted = composer, catalogue, wanted
        self._press_room, self._report = press_room, report
        # What is wrong with a part is no reason not to show it.
        self._known = report.findings
        self._places = places

    def made(self, states: Sequence[PartState], progress: Progress | None) -> tuple[Proofed, ...]:
        """The proofs, in this order. One that took too much time or memory is told, and the others go on."""
        sides = [self._places.side(one.part) for one in states]
        orders = self._typeset([one.part for one in states], progress)
        if len(states) == 1:
            # A second worker sets the slip as it probably will be, beside the card. If not, it is set again.
            self._press_room.order(self._guessed(states[0]))
        # What binding needs is loaded while workers typeset.
        Thread(target=import_module, args=["livret.book.binding.proof_sheets"], daemon=True).start()
        slipped = []
        for one, order, side in zip(states, orders, sides, strict=True):
            fragment = self._collected(one.part, order)
            # A card that does not fit where several share a page has a page of its own. Of a card that begins on any
            # side, the side is known when it is known how many pages the cards before it take.
            if fragment and (self._places.learn(one.part, fragment) or self._places.side(one.part) != side):
                galley, _ = self._composer.galley(one.part, self._places.pagination)
                fragment = self._collected(one.part, self._press_room.order((galley,)))
            if fragment is not None:
                slipped.append(self._slipped(one, fragment))
        self._report.add(self._press_room.store.findings())
        self._report.add(_uncorrected([one.state for one in slipped]))
        return tuple(made for one in slipped if (made := self._bound(one)))

    def _typeset(self, wanted: Sequence[Part], progress: Progress | None) -> Sequence[TypesettingOrder]:
        """Have these parts typeset, as the edition binds them.

        A part that prints folios of others needs them settled, and so the whole edition typeset; else only
        the parts asked for are.
        """
        count = counting(progress, len(wanted))
        orders = []
        for part in wanted:
            galley, prints_folios = self._composer.galley(part, self._places.pagination)
            if prints_folios:
                # What was ordered already is not set twice.
                return [self._settled(progress)] * len(wanted)
            # The first are typeset while the others are composed.
            orders.append(self._press_room.order((galley,), count))
        return orders

    def _settled(self, progress: Progress | None) -> TypesettingOrder:
        """The whole edition, typeset."""
        from livret.content.press.profile import read_press_profile

        profile, found = read_press_profile(self._composer.project, self._composer.edition.press)
        self._report.add(found)
        # What was found before, of other parts perhaps, does not stop it.
        own = Report()
        try:
            multiple = profile.pages.multiple if profile else 1
            setting = settle(self._composer, multiple, self._press_room, own, progress)
        finally:
            self._report.add(own.findings)
        self._places.settle(setting)
        return TypesettingOrder((), lambda: setting.fragments)

    def _collected(self, part: Part, order: TypesettingOrder) -> Fragment | None:
        """The fragment of a part; None when it was lost, which the report says."""
        fragment = order.collect().get(part.anchor)
        self._report.add(self._press_room.lost(order.galleys))
        return fragment

    def _guessed(self, one: PartState) -> tuple[Galley, ...]:
        """The slip of a card as it will be if its text fits where it probably does, and nothing is found."""
        composer, part = self._composer, one.part
        # Without a budget of copy the slip counts the words, which are not known yet.
        if not isinstance(part.subject, Initiative) or not composer.layout.file.copy_room:
            return ()
        galley, _ = composer.galley(part, self._places.pagination)
        facts = Facts(composer.layout.likely_sides(part), (), {}, 0, 0, 0, galley.likely_fit, {}, b"", ())
        found = (*_pictures(composer, self._catalogue, part), *_read_of(one, self._known))
        return (self._slip(one, facts, found), *self._furniture(part))

    def _slipped(self, one: PartState, fragment: Fragment) -> _Slipped:
        """A part whose slip and furniture are being set, now that its pages are there."""
        self._places.learn(one.part, fragment)
        alone = _alone(one.part, fragment, self._places.pagination_of(one.part))
        read = _read_of(one, self._known)
        # The engine misses a picture again that reading has missed, and knows no line.
        told = {(finding.rule, finding.message) for finding in read}
        typeset = _found(self._composer, self._catalogue, alone)
        found = (*(one for one in typeset if (one.rule, one.message) not in told), *read)
        self._report.add(found)
        galleys = (self._slip(one, fragment.facts, found), *self._furniture(one.part))
        return _Slipped(one, fragment, self._press_room.order(galleys))

    def _slip(self, one: PartState, facts: Facts, found: Sequence[Finding]) -> Galley:
        text = SlipText(
            version=one.number,
            code=one.version.content[:CODE],
            day=self._wanted.day or self._composer.edition.dated,
            answer_by=self._wanted.answer_by,
            findings=tuple(found),
            folios=self._places.folios(one.part),
            side=self._places.side(one.part),
        )
        return slip_galley(self._composer, one.part, facts, text)

    def _furniture(self, part: Part) -> tuple[Galley, ...]:
        has_folios = self._places.folios(part) is not None
        return self._composer.furniture_of(part, self._places.pagination, has_folios=has_folios)

    def _bound(self, one: _Slipped) -> Proofed | None:
        """Bind a proof when its slip is there; None when that was lost."""
        fragments = one.order.collect()
        self._report.add(self._press_room.lost(one.order.galleys))
        slip, *furniture = (fragments.get(galley.anchor) for galley in one.order.galleys)
        if slip is None:
            return None
        part = one.state.part
        alone = _alone(part, one.fragment)
        layers = tuple(piece for piece in furniture if piece)
        setting = replace(alone, furniture=layers if len(layers) == len(furniture) else ())
        return _bound(self._composer, one.state, setting, slip, self._wanted.ppi)


def _alone(part: Part, fragment: Fragment, pagination: Pagination | None = None) -> Setting:
    """A part as a book of its own; with a pagination, its pages are those of the book."""
    pages = len(fragment.facts.sides)
    own = pagination or Pagination(
        tuple(Sheet(index, part, index) for index in range(pages)), {part.anchor: 0}, {part.anchor: pages - 1}
    )
    return Setting((part,), own, {part.anchor: fragment}, ())


def _found(composer: Composer, catalogue: Catalogue, setting: Setting) -> tuple[Finding, ...]:
    """What typesetting found about a part, and what is said of its pictures."""
    (part,) = setting.parts
    found = [*_pictures(composer, catalogue, part), *findings_of(setting, composer.project)]
    return tuple(dict.fromkeys([*found, *low_resolutions(composer.project, setting)]))


def _pictures(composer: Composer, catalogue: Catalogue, part: Part) -> Iterator[Finding]:
    """What is said of the pictures of a card before it is typeset."""
    if isinstance(part.subject, Initiative):
        alone = replace(composer.edition, initiatives=(part.subject,), partners=(), pages=(), foreword=None)
        yield from picture_findings.findings(catalogue, alone, composer.project, composer.layout)


def _uncorrected(states: Sequence[PartState]) -> Iterator[Finding]:
    """A warning for each part that goes out again as it was when corrections were asked for."""
    for one in states:
        if one.standing == "corrections" and one.last and not one.changed:
            told = say(
                "{name} asked for corrections of {part}, and nothing has changed since", name=one.last.by, part=one.path
            )
            yield warning("uncorrected-part", told, Location(one.file))


def _read_of(one: PartState, known: Sequence[Finding]) -> tuple[Finding, ...]:
    """What reading found in the file of a part."""
    return tuple(finding for finding in known if finding.where and finding.where.path in one.files)


def _bound(composer: Composer, one: PartState, setting: Setting, slip: Fragment, ppi: int | None) -> Proofed:
    """Bind the proof of a part."""
    from livret.book.binding.form_fields import AnswerForm
    from livret.book.binding.proof_sheets import ProofPlan, bind_proof

    project, part = composer.project, one.part
    labels = composer.layout.labels(composer.language(part), composer.edition.language)
    spoken = composer.layout.language_of(composer.language(part), composer.edition.language)
    captions = {name: labels[f"answer_{name}"] for name in _FIELDS}
    plan = ProofPlan(
        book=book_plan(
            composer.navigation, setting, project.build_date(composer.edition.dated), composer.second_navigation
        ),
        slip=slip.path,
        structure=slip.facts.structure,
        language=spoken,
        frames=frames_of(slip.facts),
        form=AnswerForm(form_name(one, composer.edition.id), captions, labels["answer"], is_right_to_left(spoken)),
    )
    target = project.output / "proofs" / f"{part.id if part.kind == 'card' else part.anchor}.pdf"
    with replacing(target) as beside:
        bind_proof(plan, beside)
    if ppi is None:
        return Proofed(one, target)
    from livret.control.raster import rasterise

    return Proofed(one, target, rasterise(target, target.with_suffix(""), ppi))


def form_name(one: PartState, edition: str) -> str:
    """The name of the form on a proof: which version of which part it answers.

    It has no full stop (12.7.3.2): that before a language, as in initiatives/aajt.en, is written as a low line.
    """
    return f"livret:{edition}:{one.path.replace('.', '_')}:{one.number}:{one.version.content}"


def frames_of(facts: Facts) -> Mapping[int, Spot]:
    """The upper left corner of the frame of each page, by its number from 0."""
    return {int(name.removeprefix(FRAME)) - 1: spot for name, spot in facts.anchors.items() if name.startswith(FRAME)}
