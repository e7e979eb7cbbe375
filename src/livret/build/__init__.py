"""The pipeline: editions from a folder of cards to PDFs, and proofs of single cards."""

from livret.build.books import Wanted as Wanted
from livret.build.pipeline import build as build
from livret.build.pipeline import check as check
from livret.build.pipeline import read as read
from livret.build.proofs import proof as proof
from livret.build.record import Built as Built
from livret.build.settle import settle as settle
from livret.web.site import build_web as build_web
