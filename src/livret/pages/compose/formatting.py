"""Turns single values into printed text: addresses, link targets, dates, sizes, directions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from markupsafe import Markup

from livret.content.language.addresses import breakable
from livret.content.language.bidi import is_right_to_left
from livret.content.language.rules import NBSP
from livret.content.language_tags import main_subtag
from livret.content.schema.contacts import contact_url
from livret.content.schema.model import Legal
from livret.content.schema.validators import FREE, MONTHS
