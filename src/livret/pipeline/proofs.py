"""Proofs: the pages of a part, from the very fragment that is bound, on the sheet of a slip that asks for an answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import Any

from livret.book.plan import Setting, book_plan
from livret.content.press.profile import read_press_profile
from livret.content.schema.model import Catalogue, Initiative
from livret.control.approvals.state import PartState
from livret.findings import Finding, Location, Report, warning
from livret.pages.compose import picture_findings
from livret.pages.compose.composer import Composer
from livret.pages.compose.slip import FRAME, ProofLayout, SlipText, slip_galley
from livret.pages.flatplan import Part, Side, select
from livret.pages.galley import Facts, Fragment, Galley, Spot
from livret.pages.pagination import Pagination, Sheet
from livret.pages.pool.pressroom import PressRoom
from livret.pages.pool.store import Store
from livret.pipeline.approvals import SignOffs
from livret.pipeline.options import DEFAULT, Proof, Running
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
    # What is wrong with a part is no reason not to show it.
    known = report.findings
    edition = select(catalogue, wanted.edition)
    composer = Composer(project, edition, ProofLayout(project, edition))
    states = sign_offs.chosen(wanted.selection)
    if not states:
        return ()
    # What binding needs is loaded while workers typeset.
    Thread(target=import_module, args=["livret.book.binding.proof_sheets"], daemon=True).start()
    with PressRoom(project, Store(project), running.jobs, running.cluster) as press_room:
        guessed = _guessed_slip(composer, catalogue, states, wanted, known)
        parts = [one.part for one in states]
        fragments = _typeset(composer, parts, guessed, press_room, report, running.display("proof"))
        report.add(press_room.store.findings())
        # One that took too much time or memory is told, and the others go on.
        states = tuple(one for one in states if one.part.anchor in fragments)
        settings = {one.path: _alone(one.part, fragments[one.part.anchor]) for one in states}
        galleys = []
        report.add(_uncorrected(states))
        for one in states:
            found = (*_found(composer, catalogue, settings[one.path]), *_read_of(one, known))
            report.add(found)
            galleys.append(_slip(composer, one, fragments[one.part.anchor].facts, found, wanted))
        slips = press_room.fragments(galleys)
        report.add(press_room.lost(galleys))
    return tuple(
        _bound(composer, one, settings[one.path], slips[galley.anchor], wanted.ppi)
        for one, galley in zip(states, galleys, strict=True)
        if galley.anchor in slips
    )


def _slip(composer: Composer, one: PartState, facts: Facts, found: Sequence[Finding], wanted: Proof) -> Galley:
    text = SlipText(
        version=one.number,
        code=one.version.content[:CODE],
        day=wanted.day or composer.edition.dated,
        answer_by=wanted.answer_by,
        findings=tuple(found),
    )
    return slip_galley(composer, one.part, facts, text)


def _guessed_slip(
    composer: Composer, catalogue: Catalogue, states: Sequence[PartState], wanted: Proof, known: Sequence[Finding]
) -> tuple[Galley, ...]:
    """The slip of a single card as it will be if its text fits where it probably does, and nothing is found.

    A second worker typesets it beside the card. When the card comes out in another way, another slip is typeset.
    """
    (one, *others) = states
    # Without a budget of copy the slip counts the words, which are not known yet.
    if others or not isinstance(one.part.subject, Initiative) or not composer.layout.file.copy_room:
        return ()
    sides = composer.layout.card_sides
    galley, _ = composer.galley(one.part, composer.layout.paginate((one.part,), {one.part.anchor: sides}))
    facts = Facts(sides, (), {}, 0, 0, 0, galley.likely_fit, {}, b"", ())
    found = (*_pictures(composer, catalogue, one.part), *_read_of(one, known))
    return (_slip(composer, one, facts, found, wanted),)


def _typeset(
    composer: Composer,
    wanted: Sequence[Part],
    besides: Sequence[Galley],
    press_room: PressRoom,
    report: Report,
    progress: Progress | None,
) -> Mapping[str, Fragment]:
    """The fragments of these parts, the very ones that the edition binds, and of some galleys `besides`.

    A part that prints folios of others needs them settled, and so the whole edition typeset; else only
    the parts asked for are.
    """
    edition, layout = composer.edition, composer.layout
    parts = layout.flatplan(edition)
    sides: dict[str, tuple[Side, ...]] = {
        part.anchor: layout.card_sides if part.kind == "card" else ("any",) for part in parts
    }
    pagination = layout.paginate(parts, sides)
    composed = [composer.galley(part, pagination) for part in wanted]
    if any(prints_folios for _, prints_folios in composed):
        profile, found = read_press_profile(composer.project, edition.press)
        report.add(found)
        # What was found before, of other parts perhaps, does not stop it.
        own = Report()
        try:
            return settle(composer, profile.pages.multiple if profile else 1, press_room, own, progress).fragments
        finally:
            report.add(own.findings)
    galleys = [galley for galley, _ in composed]
    fragments = dict(press_room.fragments([*galleys, *besides], counting(progress, len(galleys))))
    # A card that does not fit where several share a page has a page of its own.
    alone = {anchor for anchor in pagination.downs if anchor in fragments and len(fragments[anchor].facts.sides) > 1}
    if alone:
        apart = layout.paginate(parts, sides, alone=alone)
        whole = [composer.galley(part, apart)[0] for part in wanted if part.anchor in alone]
        fragments |= press_room.fragments(whole)
        galleys += whole
    report.add(press_room.lost(galleys))
    return fragments


def _alone(part: Part, fragment: Fragment) -> Setting:
    """A part as a book of its own."""
    pages = len(fragment.facts.sides)
    pagination = Pagination(
        tuple(Sheet(index, part, index) for index in range(pages)), {part.anchor: 0}, {part.anchor: pages - 1}
    )
    return Setting((part,), pagination, {part.anchor: fragment}, ())


def _found(composer: Composer, catalogue: Catalogue, setting: Setting) -> tuple[Finding, ...]:
    """What typesetting found about a part, and what is said of its pictures."""
    (part,) = setting.parts
    found = [*_pictures(composer, catalogue, part), *findings_of(setting)]
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
    return tuple(finding for finding in known if finding.where and finding.where.path == one.file)


def _bound(composer: Composer, one: PartState, setting: Setting, slip: Fragment, ppi: int | None) -> Proofed:
    """Bind the proof of a part."""
    from livret.book.binding.form_fields import AnswerForm
    from livret.book.binding.proof_sheets import ProofPlan, bind_proof

    project, part = composer.project, one.part
    labels = composer.layout.labels(composer.language(part), composer.edition.language)
    captions = {name: labels[f"answer_{name}"] for name in _FIELDS}
    plan = ProofPlan(
        book=book_plan(composer.navigation, setting, project.build_date(composer.edition.dated)),
        slip=slip.path,
        structure=slip.facts.structure,
        language=composer.layout.language_of(composer.language(part), composer.edition.language),
        frames=frames_of(slip.facts),
        form=AnswerForm(form_name(one, composer.edition.id), captions, labels["answer"]),
    )
    target = project.output / "proofs" / f"{part.id if part.kind == 'card' else part.anchor}.pdf"
    with replacing(target) as beside:
        bind_proof(plan, beside)
    if ppi is None:
        return Proofed(one, target)
    from livret.control.raster import rasterise

    return Proofed(one, target, rasterise(target, target.with_suffix(""), ppi))


def form_name(one: PartState, edition: str) -> str:
    """The name of the form on a proof: which version of which part it answers. It has no full stop (12.7.3.2)."""
    return f"livret:{edition}:{one.path}:{one.number}:{one.version.content}"


def frames_of(facts: Facts) -> Mapping[int, Spot]:
    """The upper left corner of the frame of each page, by its number from 0."""
    return {int(name.removeprefix(FRAME)) - 1: spot for name, spot in facts.anchors.items() if name.startswith(FRAME)}
