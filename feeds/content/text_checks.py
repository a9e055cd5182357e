"""Checks that the bytes of a file are text that YAML can read and feeds can carry."""

from __future__ import annotations

import re
import sys

from feeds.content.faults import Fault
from feeds.model.invisible_characters import UNWRITABLE

BOM = b"\xef\xbb\xbf"
SIZE = 256 * 1024
"""Bytes that a file may have."""
TOO_LARGE = "shorten it, or spread its releases over several files"
"""What to do with a larger file of releases."""

_MEANT_OTHERWISE = frozenset(range(0x80, 0xA0)) - {0x81, 0x8D, 0x8F, 0x90, 0x9D}
"""Numbers of references that HTML reads as letters and signs of windows-1252 (HTML, section 13.2.5.80)."""

DIRECTION = re.compile(rb"\xe2(?:\x80[\xaa-\xae]|\x81[\xa6-\xa9])")
"""Marks of direction that reach over other text, in UTF-8 (U+202A to U+202E, U+2066 to U+2069)."""

_SAVE = "save its text as plain text, with the encoding UTF-8"
_OTHER_KIND = re.compile(
    rb"(PK\x03\x04)|(\xd0\xcf\x11\xe0|\{\\rtf)|(%PDF-)|(\x89PNG|\xff\xd8\xff|GIF8)|(?:\xef\xbb\xbf)?\s*(<[A-Za-z!?/])"
)
_KINDS = (
    ("", ""),
    ("a file of a word processor (.docx, .odt) or a ZIP archive", _SAVE),
    ("a file of a word processor (.doc, .rtf)", _SAVE),
    ("a PDF file", _SAVE),
    ("a picture", "move it out of this folder"),
    ("HTML or XML", "write its text into the fields of a release: title, summary, published, body"),
)
"""What a file with such a beginning is, and what to do; by the number of the group in the pattern above."""

# For YAML, DEL and the C1 controls except NEL are not printable either.
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_REFERENCE = re.compile("&#(?:[xX]([0-9A-Fa-f]+)|([0-9]+))(;?)")
_ELEMENT = re.compile("<[A-Za-z]")
_SEPARATORS = ("\u2028", "\u2029", "\x85")


def size_fault(size: int, advice: str = TOO_LARGE) -> Fault | None:
    """The fault of a file of this size in bytes, if it is too large; ``advice`` says what to do then."""
    if size <= SIZE:
        return None
    return Fault(0, 0, "", f"the file has {size:,} bytes and may have {SIZE:,}", advice)


def check(raw: bytes) -> tuple[Fault, ...]:
    """Finds what keeps the bytes from being scanned as YAML: size, another kind of file, encoding, line separators."""
    if oversize := size_fault(len(raw)):
        return (oversize,)
    if (found := _OTHER_KIND.match(raw)) and not _is_utf_16(raw):
        kind, advice = _KINDS[found.lastindex or 0]
        return (Fault(1, 1, "", f"{kind}, not YAML", advice),)
    if fault := encoding_fault(raw):
        return (fault,)
    text = raw.removeprefix(BOM).decode()
    # libyaml ends a line at these three, text editors do not: they would show another file than we read.
    for letter in _SEPARATORS:
        if letter in text:
            return (_invisible(text, text.index(letter)),)
    return ()


def encoding_fault(raw: bytes) -> Fault | None:
    """The fault of bytes that are no text in UTF-8, or None."""
    if _is_utf_16(raw):
        return Fault(1, 1, "", "the file is UTF-16 text", "save it with the encoding UTF-8")
    try:
        raw.removeprefix(BOM).decode()
    except UnicodeDecodeError as error:
        before = raw.removeprefix(BOM)[: error.start].decode()
        advice = "save it with the encoding UTF-8, then look at this letter again"
        return Fault(*position_at(before, len(before)), "", "the file is not UTF-8 text", advice)
    return None


def _is_utf_16(raw: bytes) -> bool:
    return raw.startswith((b"\xff\xfe", b"\xfe\xff"))


def unreadable(raw: bytes) -> Fault | None:
    """The fault of the first character that YAML does not allow, or None."""
    text = raw.removeprefix(BOM).decode()
    found = _UNREADABLE.search(text)
    return _invisible(text, found.start()) if found else None


def unwritable_reference(text: str) -> str | None:
    """The first character reference in a text that stands for no character, or for one that no feed should have.

    In Markdown a reference ends with a semicolon; in HTML it may lack it (HTML, section 13.2.5.80).

    >>> [unwritable_reference(text) for text in ("a &#65; b &#x0b; c", "AT&#1 b", "<i>&#1 b</i>")]
    ['&#x0b;', None, '&#1']
    """
    if "&#" not in text:
        return None
    in_html = bool(_ELEMENT.search(text))
    for found in _REFERENCE.finditer(text):
        hexadecimal, decimal, end = found.groups()
        digits = (hexadecimal or decimal).lstrip("0")[:9]
        number = int(digits or "0", 16 if hexadecimal else 10)
        if not (end or in_html) or number in _MEANT_OTHERWISE:
            continue
        if number > sys.maxunicode or UNWRITABLE.match(chr(number)):
            return found[0]
    return None


def position_at(text: str, offset: int) -> tuple[int, int]:
    """Line and column of an offset, both from 1, as text editors count them.

    >>> position_at("a: 1\\r\\nb: 2", 9)
    (2, 4)
    """
    before = text[:offset].replace("\r\n", "\n").replace("\r", "\n")
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def code_point(letter: str) -> str:
    """The number of a character: U+0007."""
    return f"U+{ord(letter):04X}"


def _invisible(text: str, offset: int) -> Fault:
    letter = text[offset]
    what = "an invisible line separator" if letter in _SEPARATORS else "an invisible control character"
    advice = "delete it; it usually comes with text pasted from elsewhere"
    return Fault(*position_at(text, offset), "", f"{what} ({code_point(letter)})", advice)
