"""Defines the answer for an address, which is a document, a file, a redirect or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from feeds.render.feed_values import Link


@dataclass(frozen=True, slots=True)
class SurrogateKeys:
    """What an answer says to a cache that is told of changes: its keys, and how long it may be kept."""

    field: str
    """The header field with the keys, as the cache reads it."""
    keys: tuple[str, ...]
    """Names for what the answer depends on: the cache drops the answer when one of them is purged."""
    lifetime: int = 0
    """Seconds for which the cache may keep the answer; 0 if no longer than any other cache."""


@dataclass(frozen=True, slots=True)
class Document:
    """The bytes for one address at one moment, the same on every server."""

    body: bytes
    media_type: str
    """The value of Content-Type: ``application/atom+xml; charset=utf-8``."""
    last_modified: datetime
    """When the visible content last changed; an aware time."""
    links: tuple[Link, ...] = ()
    """For the header field Link: self, hub, alternates."""
    language: str | None = None
    """A BCP 47 tag for Content-Language."""
    until: datetime | None = None
    """The next moment at which the newsroom changes by itself: no cache may keep the document beyond it.

    None for what never changes at its address. Everything else has such a moment, even if it lies in the far future:
    how long a document may be kept must not tell whether anything is scheduled.
    """
    shared: bool = False
    """Whether scripts of any origin may read it (CORS ``*``): feeds and embeds."""
    max_age: int = 0
    """Seconds that a cache may keep what never changes; everything else is kept to the end of the minute."""
    status: int = 200
    """200; 410 for a withdrawal's notice; 400 or 501 for a bad oEmbed request; 400 or 413 for a refused passage."""
    framed: bool = False
    """Whether pages of any origin may show it in a frame."""
    fonts: bool = False
    """Whether it loads fonts of this site."""
    surrogate: SurrogateKeys | None = None
    """For a cache that is told of changes; None if there is none."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A redirect: ``path`` begins with a slash."""

    path: str
    permanent: bool = True


@dataclass(frozen=True, slots=True)
class Missing:
    """Nothing at this address: 404, or 410 if ``gone``. ``hint`` is the path of a page to read instead."""

    hint: str
    gone: bool = False


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file beside a release, of the newsroom's own pictures, or of its theme. At its address it never changes."""

    digest: str
    name: str
    media_type: str
    surrogate: SurrogateKeys | None = None
    """For a cache that is told of changes; None if there is none."""


Answer = Document | StoredFile | Moved | Missing
