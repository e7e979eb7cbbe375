"""Whether the coded pixels of a JPEG are what an encoder wrote.

libjpeg goes on where they are damaged, and counts it as a warning. Pillow passes over these warnings; qpdf, which
pikepdf brings, takes each for an error.
"""

from __future__ import annotations

import pikepdf

_START, _END = b"\xff\xd8", b"\xff\xd9"
_SCAN = 0xDA
# What stands in JFIF, EXIF, Adobe's marker and comments decodes no pixel, and is often a little wrong.
_BESIDE = frozenset({*range(0xE0, 0xF0), 0xFE})


def is_damaged(content: bytes) -> bool:
    """Whether the coded pixels of a JPEG with a right header are damaged or incomplete. All of them are decoded."""
    coded = _coded(content)
    if _is_decoded(coded):
        return False
    # Some programs put zeros before the end.
    bare = coded.removesuffix(_END).rstrip(b"\0")
    return bare + _END == coded or not any(_is_decoded(bare + more + _END) for more in (b"", b"\0"))


def _is_decoded(content: bytes) -> bool:
    with pikepdf.new() as pdf:
        stream = pdf.make_stream(content)
        stream.Filter = pikepdf.Name.DCTDecode
        try:
            stream.get_stream_buffer(decode_level=pikepdf.StreamDecodeLevel.all)
        except pikepdf.PdfError:
            return False
        except MemoryError:
            raise
        except RuntimeError:
            # What libjpeg gives up on.
            return False
    return True


def _coded(content: bytes) -> bytes:
    """A JPEG with what its pixels need, and nothing else."""
    parts, at = [_START], 2
    while at + 4 <= len(content):
        marker = content[at + 1]
        if content[at] != 0xFF or marker == 0xFF:
            at += 1
            continue
        if marker == _SCAN:
            break
        size = 2 if marker == 0x01 or 0xD0 <= marker <= 0xD8 else 2 + int.from_bytes(content[at + 2 : at + 4], "big")
        if marker not in _BESIDE:
            parts.append(content[at : at + size])
        at += size
    end = content.find(_END, at)
    parts.append(content[at:] if end < 0 else content[at : end + 2])
    return b"".join(parts)
