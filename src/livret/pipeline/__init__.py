"""The pipeline: editions from a folder of cards to PDFs, and proofs of single cards."""

from livret.pipeline.build_report import Built as Built
from livret.pipeline.outputs import Wanted as Wanted
from livret.pipeline.proofs import proof as proof
from livret.pipeline.run import build as build
from livret.pipeline.run import check as check
from livret.pipeline.run import read as read
from livret.pipeline.settle import settle as settle
from livret.web.site import build_web as build_web
