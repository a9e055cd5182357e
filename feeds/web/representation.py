"""A document prepared for HTTP: its headers and its compressed bodies, each made once, when first asked for.

Knows nothing of requests: `responses` chooses what a request gets.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import blake2b

from werkzeug.http import http_date, parse_accept_header

from feeds.model.formats import essence
from feeds.publish.document import Document
from feeds.publish.http.codings import CODERS, CODINGS, IDENTITY, worthwhile
from feeds.publish.http.header_fields import (
    NEVER,
    cache_control,
    language_headers,
    link_header,
    policy_headers,
    surrogate_headers,
)
from feeds.publish.http.security_headers import XML_FEEDS, Header

XML = "application/xml; charset=utf-8"
"""The media type of a feed that is opened in a browser, which then shows it by its style sheet and does not save it."""
LONGEST = 500
"""Characters of an Accept-Encoding field worth reading; browsers send about thirty."""

_STATUS = {200: "200 OK", 400: "400 Bad Request", 410: "410 Gone", 501: "501 Not Implemented"}
_SECOND = timedelta(seconds=1)
_OLD_NAME = "x-gzip"  # the same as gzip (RFC 9110 section 8.4.1.3)
_UNASKED = 0.0001  # plain bytes come last unless asked for
_OVERHEAD = 4_000  # octets of headers, tags and objects beside a body, rounded up


@dataclass(frozen=True, slots=True)
class Representation:
    """A document in one coding and under one media type, with all headers."""

    body: bytes
    tag: str
    last_modified: str
    headers: list[Header]
    unmodified: list[Header]
    """The headers of a 304 (RFC 9110 section 15.4.5)."""
    tags: dict[str, str]
    """The coding that each tag of this media type stands for."""


class PreparedDocument:
    """A document with its representations, which are made as readers ask for them."""

    __slots__ = (
        "_asked",
        "_bodies",
        "_cache_control",
        "_cache_fields",
        "_digest",
        "_made",
        "document",
        "expires",
        "made_for",
        "since",
        "size",
        "status",
        "until",
    )

    _bodies: dict[str, bytes]
    _digest: bytes

    def __init__(self, document: Document, now: datetime, *, earlier: PreparedDocument | None = None) -> None:
        """``now`` is the moment the headers are for; ``earlier`` has the same document and lends its bodies."""
        self.document = document
        self.status = _STATUS[document.status]
        self.until = document.until or NEVER
        """When the document itself must be made again."""
        self.made_for: datetime = earlier.made_for if earlier else now
        """The moment the document was made for. It must not be used for an earlier one."""
        self.since = now
        self._cache_control, self.expires = cache_control(document, now)
        self._cache_fields = surrogate_headers(document.surrogate)
        self._bodies = earlier._bodies if earlier else {IDENTITY: document.body}
        self._digest = earlier._digest if earlier else blake2b(document.body, digest_size=32).digest()
        self._made: dict[tuple[str, str], Representation] = {}
        self._asked: dict[tuple[bool, tuple[str, ...]], Representation | None] = {}
        self.size = self._weight()
        """Octets of memory this takes, rather too many than too few; grows with every representation."""

    def current(self, now: datetime) -> PreparedDocument | None:
        """This, or this with the cache lifetime for ``now``; None if the document is not for that moment."""
        if self.since <= now < self.expires:
            return self
        return PreparedDocument(self.document, now, earlier=self) if self.made_for <= now < self.until else None

    def kept_on(self, now: datetime) -> PreparedDocument:
        """This as the last good answer while the newsroom cannot be read: for one second, and not for caches."""
        last = PreparedDocument(self.document, now, earlier=self)
        last._cache_control = "public, max-age=0"
        if last.document.surrogate:
            last._cache_fields = surrogate_headers(replace(last.document.surrogate, lifetime=0))
        last.expires = last.until = now + _SECOND
        return last

    def representation(self, accepted: tuple[str, ...], *, is_navigation: bool) -> Representation | None:
        """What to send to a reader who takes ``accepted`` codings, best first; None if we have none of them.

        ``is_navigation`` says that a browser opens the address to show it to somebody.
        """
        asked = is_navigation, accepted
        if asked not in self._asked:
            self._asked[asked] = self._chosen(accepted, is_navigation)
            self.size = self._weight()
        return self._asked[asked]

    def _chosen(self, accepted: tuple[str, ...], is_navigation: bool) -> Representation | None:
        coding = self._coding(accepted)
        if coding is None:
            return None
        media_type = XML if is_navigation and self._differs_for_browsers else self.document.media_type
        made = self._made.get((media_type, coding)) or self._represent(media_type, coding)
        self._made[media_type, coding] = made
        return made

    def _weight(self) -> int:
        # A copy first: another thread may be adding a coding at this moment.
        return sum(map(len, list(self._bodies.values()))) + _OVERHEAD * (1 + len(self._made))

    def _coding(self, accepted: tuple[str, ...]) -> str | None:
        worth = worthwhile(self.document.media_type, len(self.document.body))
        for coding in accepted:
            if coding == IDENTITY:
                return coding
            # A reader who refuses plain bytes gets a coding even if that saves nothing.
            if IDENTITY not in accepted or (worth and len(self._coded(coding)) < len(self.document.body)):
                return coding
        return None

    def _coded(self, coding: str) -> bytes:
        if coding not in self._bodies:
            self._bodies[coding] = CODERS[coding].encode(self.document.body)
        return self._bodies[coding]

    def _represent(self, media_type: str, coding: str) -> Representation:
        document = self.document
        tags = {self._tag(media_type, each): each for each in (IDENTITY, *CODINGS)}
        tag = self._tag(media_type, coding)
        body = self._coded(coding)
        last_modified = http_date(document.last_modified)
        unmodified = [
            ("ETag", tag),
            ("Last-Modified", last_modified),
            ("Cache-Control", self._cache_control),
            *self._cache_fields,
            ("Vary", "Accept-Encoding, Sec-Fetch-Dest" if self._differs_for_browsers else "Accept-Encoding"),
            *policy_headers(document),
        ]
        headers = [
            ("Content-Type", media_type),
            ("Content-Length", str(len(body))),
            *([] if coding == IDENTITY else [("Content-Encoding", coding)]),
            *language_headers(document),
            *unmodified,
            *([("Link", link_header(document.links))] if document.links else []),
        ]
        return Representation(body, tag, last_modified, headers, unmodified, tags)

    def _tag(self, media_type: str, coding: str) -> str:
        """A strong validator (RFC 9110 section 8.8.3), known before anything is compressed.

        It stands for what the coded bytes are made of: content, and the coder with its version.
        """
        version = CODERS[coding].version if coding in CODERS else ""
        parts = f"{self.document.status}\n{media_type}\n{coding}\n{version}\n".encode()
        return f'"{blake2b(parts + self._digest, digest_size=16).hexdigest()}"'

    @property
    def _differs_for_browsers(self) -> bool:
        """Whether browsers get another media type. Not if a cache is told of changes: it keeps one answer for all."""
        return essence(self.document.media_type) in XML_FEEDS and self.document.surrogate is None


def acceptable(header: str | None) -> tuple[str, ...]:
    """The codings that a reader takes, best first, as RFC 9110 section 12.5.3 weighs them.

    Without the header the reader may take anything, yet only plain bytes are sure to be understood. The empty
    tuple means that the reader refuses all of them, plain bytes included: the case for a 406.

    >>> acceptable("gzip, deflate, br;q=0.9")
    ('gzip', 'br', 'identity')
    >>> acceptable("gzip;q=0, *;q=0")
    ()
    """
    if header is None or len(header) > LONGEST:
        return (IDENTITY,)
    return _ordered(header)


@lru_cache(maxsize=512)  # every client of one kind sends the same text
def _ordered(header: str) -> tuple[str, ...]:
    asked = parse_accept_header(header.lower().replace(_OLD_NAME, "gzip"))
    weights = {coding: asked.quality(coding) for coding in CODINGS}
    # Plain bytes are taken unless refused by name or by *;q=0.
    weights[IDENTITY] = asked.quality(IDENTITY) if asked.find(IDENTITY) >= 0 else _UNASKED
    return tuple(sorted((coding for coding in weights if weights[coding] > 0), key=lambda coding: -weights[coding]))


def coded(body: bytes, media_type: str, header: str | None) -> tuple[str, bytes]:
    """Bytes that are sent once, in the coding that a reader prefers: its name, and the coded bytes.

    Plain where a coding saves nothing, and where the reader takes nothing that we have.

    >>> coded(b"short", "text/html", "gzip")
    ('identity', b'short')
    """
    best = next(iter(acceptable(header)), IDENTITY)
    if best == IDENTITY or not worthwhile(media_type, len(body)):
        return IDENTITY, body
    return best, CODERS[best].encode(body)
