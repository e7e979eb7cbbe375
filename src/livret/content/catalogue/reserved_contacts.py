"""Telephone numbers and addresses that are reserved for fiction, so that nobody can be reached there.

A draft or a demonstration may hold them; a booklet for readers may not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# A French number as it is dialled: ten digits that begin with 0, or nine after +33 or 0033, with any usual separators.
_PHONE = re.compile(r"(?<![\d+])(?:(?:\+|00)[\s.-]*33[\s.-]*(?:\(?0\)?[\s.-]*)?|0)[1-9](?:[\s./-]*\d){8}(?!\d)")
# Prefixes that ARCEP keeps free for fiction (decision 2018-0881, its numbering plan); four digits follow.
_FREE_PREFIXES = ("019900", "026191", "035301", "046571", "053649", "063998")
# Names that no one can register (RFC 2606 and RFC 6761), with what stands before them in an address.
_DOMAIN = re.compile(
    r"(?<![\w.@-])(?:[\w.+-]+@)?(?:[\w-]+\.)*(?:example\.(?:com|net|org)|[\w-]+\.(?:example|test|invalid))"
    r"(?![\w-])(?!\.\w)",
    re.IGNORECASE,
)


def find_reserved(text: str) -> Iterator[tuple[str, int]]:
    """Every number and address in a text that is reserved for fiction, as it stands there, and its offset."""
    for match in _PHONE.finditer(text):
        digits = re.sub(r"^(?:00)?330?", "0", re.sub(r"\D", "", match[0]))
        if digits.startswith(_FREE_PREFIXES):
            yield match[0], match.start()
    for match in _DOMAIN.finditer(text):
        yield match[0], match.start()
