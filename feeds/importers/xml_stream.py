"""Reads the elements of an XML file one by one, in memory that does not grow with the file."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any
from xml.etree.ElementTree import Element, ParseError, XMLPullParser

from feeds.errors import FeedsError

LONGEST_ELEMENT = 8_000_000
"""Characters of one item: a longer one is no release."""
_CHUNK = 1 << 16
_PROLOG = 1 << 16
_ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)
_COMMENT = re.compile(rb"<!--.*?-->|<\?.*?\?>", re.DOTALL)
_ENCODING = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([\w.-]{1,40})["']""")
_OF_THE_PARSER = frozenset(("utf-8", "utf-16", "utf-16-le", "utf-16-be", "ascii", "iso8859-1"))
_ROOT = re.compile(rb"<[A-Za-z_]")


class NotWellFormedError(FeedsError):
    """A file that is no well-formed XML. Where it breaks off is in the message."""


def elements(path: Path, names: frozenset[str]) -> Iterator[tuple[str, Element, list[Element]]]:
    """Yields each element with one of these names, the namespace left out, with the elements around it.

    What was yielded is emptied afterwards. Raises NotWellFormedError, and FeedsError for a file that declares entities:
    these can grow without end, or lead to other files.
    """
    parser: Any = XMLPullParser(("start", "end"))
    open_elements: list[Element] = []
    with path.open("rb") as raw:
        _refuse_entities(raw, path)
        file = _decoded(raw)
        fed = 0
        while chunk := file.read(_CHUNK):
            fed += len(chunk)
            try:
                parser.feed(chunk)
                events: list[tuple[str, Element]] = list(parser.read_events())
            except (ParseError, ValueError) as error:
                raise NotWellFormedError(f"{path}: not well-formed XML: {error}") from error
            for event, element in events:
                if event == "start":
                    open_elements.append(element)
                    continue
                open_elements.pop()
                if local(element) in names:
                    yield local(element), element, open_elements
                    element.clear()
                    if open_elements:
                        open_elements[-1].remove(element)
                    fed = 0
            if fed > LONGEST_ELEMENT:
                raise FeedsError(f"{path}: an item of more than {LONGEST_ELEMENT:,} bytes (take it out of the file)")
    try:
        parser.close()
    except ParseError as error:
        raise NotWellFormedError(f"{path}: not well-formed XML: {error}") from error


def _refuse_entities(file: IO[bytes], path: Path) -> None:
    head = prolog(file.read(_PROLOG))
    file.seek(0)
    root = _ROOT.search(head)
    if root is None:
        raise FeedsError(f"{path}: no element in its first {_PROLOG:,} bytes (it is no export that can be read)")
    if _ENTITY.search(head[: root.start()]):
        raise FeedsError(f"{path}: it declares entities, which can hide anything (delete its DOCTYPE)")


def _decoded(raw: IO[bytes]) -> Any:
    """The file as text, if Python knows its encoding and the parser does not, such as GBK; else as it is."""
    head = raw.read(200)
    raw.seek(0)
    found = _ENCODING.match(head)
    name = found[1].decode() if found else "utf-8"
    try:
        known = codecs.lookup(name).name
    except LookupError:
        return raw
    return raw if known in _OF_THE_PARSER else codecs.getreader(known)(raw, "replace")


def prolog(head: bytes) -> bytes:
    """The beginning of an XML file in UTF-8, without comments and instructions."""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = head.decode("utf-16", "ignore").encode()
    elif b"\0" in head[:2]:
        head = head.decode("utf-16-le" if head[1:2] == b"\0" else "utf-16-be", "ignore").encode()
    return _COMMENT.sub(b"", head)


def local(element: Element) -> str:
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


def namespace(element: Element) -> str:
    """The namespace of an element."""
    return element.tag[1:].partition("}")[0] if element.tag.startswith("{") else ""
