"""The values that renderers take: the head of a feed and its entries. Every address in them is absolute.

The names are those of RFC 4287. The module of each format translates them into its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from feeds.i18n import Words
from feeds.model.newsroom import Person


@dataclass(frozen=True, slots=True)
class Link:
    """A link as in RFC 8288: ``href`` is absolute, ``rel`` a registered relation type."""

    href: str
    rel: str
    type: str | None = None
    hreflang: str | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Category:
    """A term, the scheme it belongs to, and its label for people (RFC 4287 section 4.2.2)."""

    scheme: str
    term: str
    label: str


@dataclass(frozen=True, slots=True)
class CorrectionNote:
    """The date and note of a correction; the note in plain text, and as an HTML paragraph with the date."""

    date: datetime
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Picture:
    """The picture of a release; ``src`` is absolute."""

    src: str
    alt: str
    credit: str | None = None
    caption: str | None = None
    width: int | None = None
    height: int | None = None
    type: str | None = None


@dataclass(frozen=True, slots=True)
class File:
    """A file to download; ``url`` is absolute, ``length`` its size in bytes."""

    url: str
    title: str
    type: str
    length: int | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A release as feeds and pages show it at one time."""

    id: str
    """An IRI (section 4.2.6)."""
    link: str
    """The address of its page, or where it was published if that is another site."""
    language: str
    title: str
    published: datetime
    updated: datetime
    summary: str
    """Plain text."""
    content: str
    """Sanitized HTML with absolute addresses, without the notes of corrections."""
    date: str
    """The day of ``published``, written out in the entry's language."""
    authors: tuple[Person, ...]
    categories: tuple[Category, ...] = ()
    links: tuple[Link, ...] = ()
    """Translations (alternate with hreflang) and related pages."""
    attachments: tuple[File, ...] = ()
    image: Picture | None = None
    credit: str | None = None
    rights: str | None = None
    license: str | None = None
    """The address of its licence, or `UNSPECIFIED`; None if neither the release nor its feeds have one."""
    corrections: tuple[CorrectionNote, ...] = ()
    withdrawn: datetime | None = None
    """Since when the release no longer stands."""
    replacement: str | None = None
    """The address of what replaces a withdrawn release."""
    excerpt: str | None = None
    """What feeds hold of a heavy content: its first paragraphs and a link to the whole. None if they hold all of it."""
    page: str | None = None
    """The address of its page here, if the link leads to another site."""
    digest: str | None = None
    """The SHA-256 of its text in hexadecimal digits: see `text_digest`."""
    guid: str | None = None
    """The id as it is written, for formats that take any text. None if it is an IRI."""

    @property
    def full_content(self) -> str:
        """The notes of corrections and the content, or the excerpt of a heavy one: what feeds hold.

        Text that runs from right to left is put into an element that says so, since feeds have no other place for that.
        """
        content = self.content if self.excerpt is None else self.excerpt
        full = "".join([*(note.html for note in self.corrections), content])
        return f'<div dir="rtl">\n{full}</div>\n' if Words.of(self.language).direction == "rtl" else full


@dataclass(frozen=True, slots=True)
class Reading:
    """What people see when they open the feed in a browser."""

    style_sheets: tuple[str, ...]
    """The addresses of the style sheets, in the order in which they apply."""
    note: str
    """What a feed is and how to use it, in the feed's language."""
    link_text: str
    """The text of the link to the feed's HTML page."""


@dataclass(frozen=True, slots=True)
class Head:
    """A feed without its entries."""

    id: str
    language: str
    title: str
    subtitle: str
    updated: datetime
    author: Person
    rights: str
    license: str | None
    """The address of the licence of all releases that name no other."""
    icon: str
    logo: str
    page: str
    """The address of the HTML page with the same releases."""
    self_link: Link
    links: tuple[Link, ...] = ()
    """The hub, the same feed in other languages, archive documents (RFC 5005)."""
    published: datetime | None = None
    """The newest date of an entry; None for a feed without any."""
    archive: bool = False
    """Whether this is an archive document (RFC 5005 section 4)."""
    reading: Reading | None = None
    """None if there is nothing to show in browsers."""

    def first(self, rel: str) -> Link | None:
        """The first link of a relation; None if there is none."""
        return next((link for link in self.links if link.rel == rel), None)


class Renderer(Protocol):
    """The functions that the module of each format has."""

    def entry(self, value: Entry) -> bytes:
        """The bytes of an entry, ready to be put into any feed of this format."""

    def feed(self, head: Head, entries: list[bytes]) -> bytes:
        """A feed document from its head and the bytes of its entries."""
