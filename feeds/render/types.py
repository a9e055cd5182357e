"""What a renderer is given: a feed's head and its entries, every address whole, every text settled.

The names are those of RFC 4287; each format's module says them in its own words.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from feeds.document import Link
from feeds.model.newsroom import Person
from feeds.model.release import Attachment, Image


@dataclass(frozen=True, slots=True)
class Category:
    """RFC 4287 section 4.2.2: a term, the scheme it belongs to, and what people call it."""

    scheme: str
    term: str
    label: str


@dataclass(frozen=True, slots=True)
class CorrectionNote:
    """What was corrected and when, in plain text and as a paragraph of HTML."""

    date: datetime
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One release as it stands at one time."""

    id: str
    link: str
    language: str
    title: str
    published: datetime
    updated: datetime
    summary: str
    """Plain text."""
    content: str
    """HTML, sanitized, every address absolute; without the notes of corrections."""
    date: str
    """``published`` as people of that language write it."""
    authors: tuple[Person, ...]
    categories: tuple[Category, ...] = ()
    links: tuple[Link, ...] = ()
    """Translations (alternate with hreflang) and related things."""
    attachments: tuple[Attachment, ...] = ()
    image: Image | None = None
    credit: str | None = None
    rights: str | None = None
    corrections: tuple[CorrectionNote, ...] = ()
    withdrawn: datetime | None = None

    @property
    def full_content(self) -> str:
        """The content as feeds have it: after the notes of its corrections."""
        return "".join([*(note.html for note in self.corrections), self.content])


@dataclass(frozen=True, slots=True)
class Reading:
    """What makes a feed readable in a browser, where people land who follow its address."""

    style: str
    """The address of the style sheet."""
    note: str
    """What this is and what to do with it, in the feed's language."""
    twin: str
    """The words of the link to the html twin."""


@dataclass(frozen=True, slots=True)
class Head:
    """All of a feed but its entries."""

    id: str
    language: str
    title: str
    subtitle: str
    updated: datetime
    author: Person
    rights: str
    icon: str
    logo: str
    page: str
    """The html twin."""
    self_link: Link
    links: tuple[Link, ...] = ()
    """Everything else: hub, the same feed in other languages, archive documents (RFC 5005)."""
    archive: bool = False
    """Whether this is an archive document (RFC 5005 section 4)."""
    reading: Reading | None = None
    """None for a feed that only programs see."""

    def first(self, rel: str) -> Link | None:
        """The first link of a relation, if there is one."""
        return next((link for link in self.links if link.rel == rel), None)


class Renderer(Protocol):
    """A format's module."""

    def entry(self, value: Entry) -> bytes:
        """One entry as it will stand in every feed of this format."""

    def feed(self, head: Head, entries: list[bytes]) -> bytes:
        """The document: the head rendered now around entries rendered before."""

    def whole(self, head: Head, entries: list[Entry]) -> bytes:
        """The same document rendered in one go, entry by entry: what `feed` must equal."""
