"""A document as it was received, taken apart once: what every rule looks at.

A format's reader fills a :class:`Parts` with what all formats have in common (texts, contents, addresses, dates),
so that one rule serves Atom, RSS, JSON Feed and OPML.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any, TypeAlias

from lxml import etree

Element: TypeAlias = etree._Element  # lxml has no public name for it

ATOM = "http://www.w3.org/2005/Atom"
CC = "http://backend.userland.com/creativeCommonsRssModule"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
DC = "http://purl.org/dc/elements/1.1/"
DCTERMS = "http://purl.org/dc/terms/"
FH = "http://purl.org/syndication/history/1.0"
MEDIA = "http://search.yahoo.com/mrss/"
SY = "http://purl.org/rss/1.0/modules/syndication/"
XHTML = "http://www.w3.org/1999/xhtml"
XML = "http://www.w3.org/XML/1998/namespace"


class Kind(StrEnum):
    """What a document is, whatever its label says."""

    ATOM = "atom"
    RSS = "rss"
    JSON = "json"
    OPML = "opml"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One reproach: the validator's name for it, where in the document, and what was seen there."""

    name: str
    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.name} at {self.where}: {self.what}"


@dataclass(frozen=True, slots=True)
class Piece:
    """A text of the document and where it stands; ``safe`` if its source spells ``&`` and ``<`` in hexadecimal."""

    where: str
    text: str
    safe: bool = False


@dataclass(slots=True)
class Parts:
    """What all formats have in common."""

    ids: list[Piece] = field(default_factory=list)
    """Of the entries, in the document's order."""
    plain: list[Piece] = field(default_factory=list)
    """Titles and other texts in which markup has no place."""
    undeclared: list[Piece] = field(default_factory=list)
    """Texts that say of themselves that they are plain."""
    html: list[Piece] = field(default_factory=list)
    """Contents, as an HTML parser receives them."""
    addresses: list[Piece] = field(default_factory=list)
    dates: list[Piece] = field(default_factory=list)
    """RFC 3339, or in RSS and OPML RFC 822."""
    periods: list[Piece] = field(default_factory=list)
    """Times for which an entry is valid (DCMI Period)."""
    languages: list[Piece] = field(default_factory=list)
    canonical: list[Piece] = field(default_factory=list)
    """Addresses that are compared as text: ids, self."""


@dataclass(frozen=True)
class Wire:
    """One answer of a server: the bytes, how they are labelled, where they came from, and when."""

    body: bytes
    content_type: str
    url: str
    now: datetime
    headers: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def root(self) -> Element | None:
        """The XML document's element, or None if it is not well-formed."""
        parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
        try:
            return etree.fromstring(self.body, parser)
        except etree.XMLSyntaxError:
            return None

    @cached_property
    def data(self) -> dict[str, Any] | None:
        """The JSON object, or None if it is none."""
        try:
            data = json.loads(self.body)
        except ValueError:
            return None
        return data if isinstance(data, dict) else None

    @cached_property
    def kind(self) -> Kind:
        """Told from the bytes alone."""
        if self.body.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{"):
            return Kind.UNKNOWN if self.data is None else Kind.JSON
        if self.root is None:
            return Kind.UNKNOWN
        return {f"{{{ATOM}}}feed": Kind.ATOM, "rss": Kind.RSS, "opml": Kind.OPML}.get(str(self.root.tag), Kind.UNKNOWN)

    def safe(self, text: str) -> bool:
        """Whether a text's ``&`` and ``<`` are spelled in hexadecimal, as the RSS Profile advises.

        The validator looks for ``&#x`` in the lines of the text; a document may be one line, so this is stricter.
        """
        if "&" not in text and "<" not in text:
            return True
        spelling = text.replace("&", "&#x26;").replace("<", "&#x3C;")
        return any(spelling.replace(">", more).encode() in self.body for more in ("&#x3E;", "&gt;", ">"))

    @property
    def tree(self) -> Element:
        """The element of a document known to be XML."""
        if self.root is None:
            raise ValueError("not an XML document")
        return self.root

    @property
    def channel(self) -> Element:
        """The channel of a document known to be RSS; an empty one if it has none."""
        channel = self.tree.find("channel")
        return etree.Element("channel") if channel is None else channel


def names(text: str) -> frozenset[str]:
    """The words of a vocabulary, written as one text."""
    return frozenset(text.split())


def where(element: Element) -> str:
    """Line and name: ``12:title``."""
    return f"{element.sourceline}:{str(element.tag).rpartition('}')[2]}"


def text_of(element: Element | None) -> str:
    """All the text of an element; empty if there is no such element."""
    return "" if element is None else "".join(str(part) for part in element.itertext())
