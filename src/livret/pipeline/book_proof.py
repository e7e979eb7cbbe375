"""The proof of a whole book: every spread on a sheet, with folios, and a slip to sign by hand."""

from __future__ import annotations

from pathlib import Path

from livret.book.plan import book_plan
from livret.content.press.profile import read_press_profile
from livret.content.schema.model import Catalogue
from livret.findings import Report
from livret.pages.compose.composer import Composer
from livret.pages.compose.slip import ProofLayout, SlipText, slip_galley
from livret.pages.flatplan import Part, select
from livret.pages.galley import Facts
from livret.pages.pool.pressroom import PressRoom
from livret.pages.pool.store import Store
from livret.pipeline.options import DEFAULT, Proof, Running
from livret.pipeline.proofs import CODE, frames_of
from livret.pipeline.settle import findings_of, settle
from livret.project import Project, digest, replacing

NAME = "book"


def proof_book(
    project: Project, catalogue: Catalogue, wanted: Proof, report: Report, running: Running = DEFAULT
) -> tuple[Path, ...]:
    """Write `output/proofs/EDITION-book.pdf`, and PNGs where a resolution is given. Raises as `build` does."""
    from livret.book.binding.proof_sheets import ProofPlan, bind_proof
    from livret.control.raster import rasterise

    edition = select(catalogue, wanted.edition)
    composer = Composer(project, edition, ProofLayout(project, edition))
    profile, found = read_press_profile(project, edition.press)
    report.add(found)
    with PressRoom(project, Store(project), running.jobs, running.cluster) as press_room:
        multiple = profile.pages.multiple if profile else 1
        setting = settle(composer, multiple, press_room, report, running.display("proof"))
        told = findings_of(setting, project)
        report.add(told)
        sheets, fragments = setting.pagination.sheets, setting.fragments
        words = tuple(sum(fragment.facts.words) for fragment in fragments.values())
        facts = Facts(tuple(sheet.side for sheet in sheets), words, {}, 0, 0, 0, "", {}, b"", ())
        content = digest(*(fragments[part.anchor].key for part in setting.parts))
        text = SlipText(0, content[:CODE], wanted.day or edition.dated, wanted.answer_by, tuple(told))
        galley = slip_galley(composer, Part(NAME, "", "recto"), facts, text)
        slips = press_room.fragments([galley])
        report.add(press_room.lost([galley]))
        report.stop_on_errors()
    slip = slips[galley.anchor]
    plan = ProofPlan(
        book=book_plan(composer.navigation, setting, project.build_date(edition.dated), composer.second_navigation),
        slip=slip.path,
        structure=slip.facts.structure,
        language=composer.layout.language_of(edition.language),
        frames=frames_of(slip.facts),
        form=None,
    )
    target = project.output / "proofs" / f"{edition.id}-{NAME}.pdf"
    with replacing(target) as beside:
        bind_proof(plan, beside)
    if wanted.ppi is None:
        return (target,)
    return (target, *rasterise(target, target.with_suffix(""), wanted.ppi))
