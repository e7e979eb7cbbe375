"""The pipeline: editions from a folder of cards to PDFs, and proofs of single cards."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from livret.content.catalogue.salvage import read_what_can_be as read_what_can_be
    from livret.pipeline.answers import Answers as Answers
    from livret.pipeline.approvals import SignOffs as SignOffs
    from livret.pipeline.book_proof import proof_book as proof_book
    from livret.pipeline.built import Built as Built
    from livret.pipeline.earlier import project_at as project_at
    from livret.pipeline.options import Proof as Proof
    from livret.pipeline.options import Running as Running
    from livret.pipeline.options import Wanted as Wanted
    from livret.pipeline.proof_letters import pack as pack
    from livret.pipeline.proof_selection import Selection as Selection
    from livret.pipeline.proofs import Proofed as Proofed
    from livret.pipeline.proofs import proof as proof
    from livret.pipeline.run import build as build
    from livret.pipeline.run import check as check
    from livret.pipeline.run import read as read
    from livret.web.site import build_web as build_web

# Imported when they are first asked for: a command waits only for what it uses.
_LATER = {
    "Answers": "answers",
    "Built": "built",
    "Proof": "options",
    "Proofed": "proofs",
    "Running": "options",
    "Selection": "proof_selection",
    "SignOffs": "approvals",
    "Wanted": "options",
    "build": "run",
    "build_web": "livret.web.site",
    "check": "run",
    "pack": "proof_letters",
    "project_at": "earlier",
    "proof": "proofs",
    "proof_book": "book_proof",
    "read": "run",
    "read_what_can_be": "livret.content.catalogue.salvage",
}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = _LATER[name]
    return getattr(import_module(module if "." in module else f"{__name__}.{module}"), name)
