"""The pipeline: editions from a folder of cards to PDFs, and proofs of single cards."""

from livret.pipeline.approvals import enter_approval as enter_approval
from livret.pipeline.approvals import status as status
from livret.pipeline.build_report import Built as Built
from livret.pipeline.options import Proof as Proof
from livret.pipeline.options import Running as Running
from livret.pipeline.options import Wanted as Wanted
from livret.pipeline.proofs import proof as proof
from livret.pipeline.run import build as build
from livret.pipeline.run import check as check
from livret.pipeline.run import read as read
from livret.pipeline.settle import settle as settle
from livret.web.site import build_web as build_web
