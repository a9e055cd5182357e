"""A document prepared for HTTP: its headers and its compressed bodies, each made once, when first asked for.

Knows nothing of requests: `responses` chooses what a request gets.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple
from urllib.parse import quote

import brotli
import zstandard
from werkzeug.http import http_date, parse_accept_header

from feeds.assets import A_YEAR
from feeds.model.formats import essence
from feeds.publish.document import Document, StoredFile, SurrogateKeys
from feeds.render.types import Link
from feeds.web.security_headers import (
    XML_FEEDS,
    Header,
    cross_origin_headers,
    document_security_headers,
    file_security_headers,
)

XML = "application/xml; charset=utf-8"
"""The media type of a feed that is opened in a browser, which then shows it by its style sheet and does not save it."""

NEVER = datetime.max.replace(tzinfo=UTC)
_STATUS = {200: "200 OK", 400: "400 Bad Request", 410: "410 Gone", 501: "501 Not Implemented"}
_SECOND = timedelta(seconds=1)
_STALE = "stale-while-revalidate=60, stale-if-error=86400"  # RFC 5861; sent only with what never changes
_OVERHEAD = 4_000  # octets of headers, tags and objects beside a body, rounded up

# What may stand bare in a header's address: it is one already, so its percent signs are kept.
_ADDRESS_SAFE = "/:?#[]@!$&'()*+,;=-._~%"


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
        """This as the last good answer of a newsroom that cannot be read: for a second, and for no cache."""
        last = PreparedDocument(self.document, now, earlier=self)
        last._cache_control = "public, max-age=0"
        if last.document.surrogate:
            last._cache_fields = surrogate_headers(replace(last.document.surrogate, lifetime=0))
        last.expires = last.until = now + _SECOND
        return last

    def representation(self, accepted: tuple[str, ...], *, is_navigation: bool) -> Representation | None:
        """What to send to a reader who takes ``accepted`` codings, best first; None if that is no coding of ours.

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
        """Whether browsers get the document under another media type. Not from a cache, which keeps it once for all."""
        return essence(self.document.media_type) in XML_FEEDS and self.document.surrogate is None


def language_headers(document: Document) -> list[Header]:
    """The header field with the language of a document; none for a document in several."""
    return [("Content-Language", document.language)] if document.language else []


def policy_headers(document: Document) -> list[Header]:
    """The header fields that say who may use a document, and what it may do."""
    return [*cross_origin_headers(document.shared), *document_security_headers(document)]


def file_headers(found: StoredFile, tag: str) -> list[Header]:
    """The header fields of a file, but for its type and length."""
    return [
        ("ETag", tag),
        ("Cache-Control", f"public, max-age={A_YEAR}, immutable"),
        *surrogate_headers(found.surrogate),
        ("Accept-Ranges", "bytes"),
        *cross_origin_headers(shared=True),
        *file_security_headers(found.media_type),
    ]


def surrogate_headers(surrogate: SurrogateKeys | None) -> list[Header]:
    """The header fields for a cache that is told of changes: the keys, and how long it may keep the answer (RFC 9213).

    >>> surrogate_headers(SurrogateKeys("xkey", ("all", "any"), 60))
    [('xkey', 'all any'), ('CDN-Cache-Control', 'max-age=60')]
    """
    if surrogate is None:
        return []
    between = "," if surrogate.field == "Cache-Tag" else " "
    keys = (surrogate.field, between.join(surrogate.keys))
    return [keys, ("CDN-Cache-Control", f"max-age={surrogate.lifetime}")] if surrogate.lifetime else [keys]


def link_header(links: tuple[Link, ...]) -> str:
    """Write the Link field (RFC 8288 section 3); a title that is not ASCII is written as RFC 8187 has it.

    >>> link_header((Link("https://example.org/a b", "self", title='the "B"'),))
    '<https://example.org/a%20b>; rel="self"; title="the \\\\"B\\\\""'
    """
    return ", ".join("; ".join([f"<{quote(link.href, safe=_ADDRESS_SAFE)}>", *_parameters(link)]) for link in links)


def _parameters(link: Link) -> list[str]:
    named = (("rel", link.rel), ("type", link.type), ("hreflang", link.hreflang), ("title", link.title))
    return [_parameter(name, value) for name, value in named if value]


def _parameter(name: str, value: str) -> str:
    if value.isascii() and value.isprintable():
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'{name}="{escaped}"'
    return f"{name}*=UTF-8''{quote(value, safe='')}"


def cache_control(document: Document, now: datetime) -> tuple[str, datetime]:
    """The Cache-Control field (RFC 9111, RFC 5861) and until when it is true.

    The lifetime never goes beyond ``document.until``, and does not tell when that is: of every document, at all
    times, it ends with the minute, as if something came then. Only what comes in the middle of a minute shortens it
    further. It is counted from the end of the present second, for which the field is true: so the field is the same
    on every replica, whenever in that second it was made.
    """
    if document.until is None:
        # What may be kept for a year has an address of its own for every change (RFC 8246).
        immutable = ", immutable" if document.max_age >= A_YEAR else ""
        return f"public, max-age={document.max_age}{immutable}, {_STALE}", NEVER
    second = now.replace(microsecond=0)
    full_minute = second.replace(second=0) + timedelta(minutes=1)
    left = max(0, (min(document.until, full_minute) - second - _SECOND) // _SECOND)
    return f"public, max-age={left}", min(document.until, second + _SECOND)


IDENTITY = "identity"

CODINGS = ("br", "zstd", "gzip")
"""The content codings offered, the one liked best first; it decides where the reader has no preference."""

LONGEST = 500
"""Characters of an Accept-Encoding field worth reading; browsers send about thirty."""

SMALLEST = 200
"""Octets below which a coding saves less than its own header field costs."""

_OLD_NAME = "x-gzip"  # the same as gzip (RFC 9110 section 8.4.1.3)
_UNASKED = 0.0001  # plain bytes come last unless asked for

_TEXTUAL = ("application/json", "application/xml", "application/javascript", "application/manifest+json")

_GZIP_LEVEL = 9
_BROTLI_QUALITY = 5  # 100 kB in 3 ms; quality 11 takes 184 ms for a tenth less
_ZSTD_LEVEL = 9

# RFC 1952 section 2.3: no time, no name, maximum compression, and no operating system: the same on every replica.
_GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"


class Coder(NamedTuple):
    """How a coding compresses."""

    encode: Callable[[bytes], bytes]
    version: str
    """What the compressed bytes depend on besides the content."""


def _gzip(body: bytes) -> bytes:
    deflate = zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    coded = deflate.compress(body) + deflate.flush()
    return _GZIP_HEAD + coded + struct.pack("<II", zlib.crc32(body), len(body) & 0xFFFFFFFF)


def _brotli(body: bytes) -> bytes:
    coded: bytes = brotli.compress(body, quality=_BROTLI_QUALITY)
    return coded


def _zstd(body: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=_ZSTD_LEVEL).compress(body)


CODERS = {
    "br": Coder(_brotli, f"{brotli.__version__}/{_BROTLI_QUALITY}"),
    "zstd": Coder(_zstd, f"{'.'.join(map(str, zstandard.ZSTD_VERSION))}/{_ZSTD_LEVEL}"),
    "gzip": Coder(_gzip, f"{zlib.ZLIB_RUNTIME_VERSION}/{_GZIP_LEVEL}"),
}


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
    """Bytes that are sent once, in the coding that a reader likes best: its name, and the bytes in it.

    Plain where a coding saves nothing, and where the reader takes nothing that we have.

    >>> coded(b"short", "text/html", "gzip")
    ('identity', b'short')
    """
    best = next(iter(acceptable(header)), IDENTITY)
    if best == IDENTITY or not worthwhile(media_type, len(body)):
        return IDENTITY, body
    return best, CODERS[best].encode(body)


def worthwhile(media_type: str, length: int) -> bool:
    """Whether ``length`` octets of this type are likely to become fewer."""
    kind = essence(media_type)
    textual = kind.startswith("text/") or kind.endswith(("+xml", "+json")) or kind in _TEXTUAL
    return textual and length > SMALLEST
