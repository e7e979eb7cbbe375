"""The pipeline: editions from a folder of cards to PDFs, and proofs of single cards."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from livret.pipeline.build_report import Built as Built
from livret.pipeline.options import Proof as Proof
from livret.pipeline.options import Running as Running
from livret.pipeline.options import Wanted as Wanted
from livret.pipeline.run import build as build
from livret.pipeline.run import check as check
from livret.pipeline.run import read as read
from livret.pipeline.settle import settle as settle

if TYPE_CHECKING:
    from livret.pipeline.approvals import SignOffs as SignOffs
    from livret.pipeline.proofs import proof as proof
    from livret.web.site import build_web as build_web

# Imported when they are first asked for: most builds are for the screen, and these take a tenth of all imports.
_LATER = {
    "SignOffs": "livret.pipeline.approvals",
    "proof": "livret.pipeline.proofs",
    "build_web": "livret.web.site",
}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_LATER[name]), name)
