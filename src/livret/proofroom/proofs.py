"""The proof of one part with its slip, the very file that `livret proof` makes."""

from __future__ import annotations

import threading
from pathlib import Path

from livret.content.schema.model import Catalogue
from livret.findings import LivretError, Report
from livret.pages.flatplan import Part
from livret.pipeline import Proof, Running, SignOffs, proof
from livret.pipeline.proof_selection import Selection
from livret.project import Project
from livret.proofroom import sign_offs
from livret.translation import say

_one_at_a_time = threading.Lock()


def proof_of(project: Project, catalogue: Catalogue, edition: str, part: Part) -> Path:
    """Write `output/proofs/ID.pdf`; gives the file. Raises LivretError."""
    path = sign_offs.path(part)
    if path is None:
        raise LivretError(say("this part is not signed off"))
    report = Report()
    with _one_at_a_time:
        signing = SignOffs(project, catalogue, edition, report)
        (done,) = proof(project, catalogue, signing, Proof(edition, Selection((path,))), report, Running(jobs=1))
    return done.pdf
