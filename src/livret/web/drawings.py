"""Checks that an SVG can be published: it may hold shapes and words, but no code and nothing from outside the file.

The page's Content-Security-Policy does not protect a reader who opens a drawing alone. So all elements, attributes and
style sheets of a drawing are checked. Pictograms become a part of the page: there a browser reads them as HTML, where
names have no upper case and no namespace, and where comments may end earlier.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree

from livret.content.pictures import drawing
from livret.findings import LivretError
from livret.translation import Text, say

NAMESPACE = "{http://www.w3.org/2000/svg}"

# Elements that run code, show another document, or are loaded as parts of HTML; in lower case, in any namespace.
_SCRIPTS = frozenset({"script", "handler", "listener"})
_REFUSED = _SCRIPTS | frozenset(
    "foreignobject iframe object embed audio video img link meta base form input button frame frameset source track "
    "portal applet body table template".split()
)
# Attributes that name a file, whatever their namespace.
_ADDRESSES = frozenset("href src base srcset imagesrcset srcdoc action formaction poster background".split())
# An address that stays inside the file: a part of it, or a picture written into it.
_INSIDE = re.compile(r"#|data:image/(?:png|jpeg|gif|webp)[;,]", re.IGNORECASE)
_SCHEME = re.compile(r"(?:javascript|vbscript|https?|ftp|file)\s*:|data:(?:text|image/svg)|//", re.IGNORECASE)
_LOADS = re.compile(
    r"@import|@font-face|\b(?:url|src|image-set|image|cross-fade)\(\s*[\"']?\s*([^)\"']*)", re.IGNORECASE
)
# Attributes with text for readers, in which an address is only text.
_WORDS = re.compile(r"aria-.*|data-.*|id|class|alt|title|requiredExtensions")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_ESCAPE = re.compile(r"\\([0-9a-fA-F]{1,6})\s?|\\(.)", re.DOTALL)
_PREAMBLE = re.compile(r"<!ENTITY|<!DOCTYPE[^>]*\[|<\?xml-stylesheet", re.IGNORECASE)
# Comments, instructions and raw text that end earlier in HTML than in XML, so that a browser reads on inside them.
_ENDS_EARLY = re.compile(r"<!---?>|<\?(?:(?!\?>)[^>])*[^?>]>|<!\[CDATA\[(?:(?!\]\]>).)*<", re.DOTALL)


def check_drawing(content: bytes, place: str) -> None:
    """Raises LivretError when a drawing is not SVG in UTF-8, holds a script, or refers to anything outside itself."""
    hint = say("save it as plain SVG, or as PNG")
    try:
        text = content.decode("utf-8-sig")
        if _PREAMBLE.search(text):
            raise LivretError(
                say("{place}: this drawing holds a style sheet or entities and cannot be published", place=place), hint
            )
        if _ENDS_EARLY.search(text):
            raise LivretError(
                say("{place}: this drawing holds markup inside a comment and cannot be published", place=place), hint
            )
        root = drawing.read(content)
    except (UnicodeDecodeError, drawing.BadDrawing):
        raise LivretError(say("{place}: this drawing is not SVG in UTF-8", place=place), hint) from None
    if root.tag not in ("svg", f"{NAMESPACE}svg"):
        raise LivretError(say("{place}: this drawing is not SVG in UTF-8", place=place), hint)
    fault = next((fault for element in root.iter() for fault in _faults(element)), None)
    if fault:
        raise LivretError(say("{place}: this drawing {fault} and cannot be published", place=place, fault=fault), hint)


def runs_or_loads(attribute: str) -> bool:
    """Whether an attribute of this name, without its namespace, runs code or names a file."""
    return attribute.lower().startswith("on") or attribute.lower() in _ADDRESSES


def _faults(element: ElementTree.Element) -> Iterator[Text]:
    name = _local(element.tag)
    if name.lower() in _REFUSED:
        yield say("holds a script") if name.lower() in _SCRIPTS else say("holds <{name}>", name=name)
    for attribute, value in element.attrib.items():
        local = _local(attribute)
        if local.lower().startswith("on"):
            yield say("holds a script ({name})", name=local)
        elif _names_a_file(local, value.strip()):
            yield say('refers to "{address}"', address=value.strip()[:60])
        elif local.lower() not in _ADDRESSES and "}" not in attribute and not _WORDS.fullmatch(attribute):
            yield from _style_faults(value)
    if name.lower() == "style":
        yield from _style_faults("".join(element.itertext()))


def _names_a_file(attribute: str, value: str) -> bool:
    """Whether an attribute names something outside the file, or lets an animation set one that may."""
    if attribute == "attributeName":
        return runs_or_loads(value.rpartition(":")[2])
    return attribute.lower() in _ADDRESSES and bool(value) and not _INSIDE.match(value)


def _style_faults(css: str) -> Iterator[Text]:
    """In words, each reference in a style sheet or an attribute to something outside the file."""
    plain = _ESCAPE.sub(_unescaped, _COMMENT.sub("", css))
    for match in _LOADS.finditer(plain):
        target = (match[1] or "").strip()
        if match[1] is None or not _INSIDE.match(target):
            yield say('refers to "{address}"', address=(target or match[0])[:60])
    outside = _SCHEME.search(re.sub(r"url\(\s*[\"']?data:image/(?:png|jpeg|gif|webp)[^)]*\)", "", plain))
    if outside:
        yield say('refers to "{address}"', address=plain[outside.start() :][:60])


def _unescaped(match: re.Match[str]) -> str:
    number = int(match[1], 16) if match[1] else 0
    return chr(number) if 0 < number < 0x110000 else match[2] or ""


def _local(name: object) -> str:
    """A tag or attribute name without its namespace; empty for comments and processing instructions."""
    return name.rpartition("}")[2] if isinstance(name, str) else ""
