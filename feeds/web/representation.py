"""A document made ready to go out: every header and every coding computed once, and only once asked for.

Knows what each header says, not which of them a request gets: that is the business of ``replies``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from urllib.parse import quote

from werkzeug.http import http_date

from feeds.assets import A_YEAR
from feeds.document import Document, Link
from feeds.web.compression import CODERS, CODINGS, IDENTITY, worthwhile
from feeds.web.security_headers import Header, guards

FEED_TYPES = ("application/atom+xml", "application/rss+xml")
AS_PAGE = "application/xml; charset=utf-8"
"""What a feed is called when a person opens it: browsers show it by its stylesheet instead of saving it."""

NEVER = datetime.max.replace(tzinfo=UTC)
_STATUS = {200: "200 OK", 400: "400 Bad Request", 410: "410 Gone", 501: "501 Not Implemented"}
_SECOND = timedelta(seconds=1)
_STALE = "stale-while-revalidate=60, stale-if-error=86400"  # RFC 5861; sent only with what never changes
_OVERHEAD = 4_000  # octets of headers, tags and objects beside a body, rounded up

# What may stand bare in a header's address: it is one already, so its percent signs are kept.
_ADDRESS_SAFE = "/:?#[]@!$&'()*+,;=-._~%"


@dataclass(frozen=True, slots=True)
class Shown:
    """One representation: a coding of the body under one media type, with its complete headers."""

    body: bytes
    tag: str
    last_modified: str
    headers: list[Header]
    unmodified: list[Header]
    """The headers of a 304 (RFC 9110 section 15.4.5)."""
    tags: dict[str, str]
    """Which coding each tag of this media type stands for."""


class Prepared:
    """A document together with all that is sent with it; fills itself as readers ask for codings."""

    __slots__ = (
        "_asked",
        "_bodies",
        "_cache_control",
        "_digest",
        "_shown",
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

    def __init__(self, document: Document, now: datetime, *, earlier: Prepared | None = None) -> None:
        """Prepare ``document``; ``earlier`` has the same document and lends its codings."""
        self.document = document
        self.status = _STATUS[document.status]
        self.until = document.until or NEVER
        """When the document itself is to be asked for again."""
        self.made_for: datetime = earlier.made_for if earlier else now
        """The moment the document itself was made for: it says nothing of any earlier one."""
        self.since = now
        self._cache_control, self.expires = _cache_control(document, now)
        self._bodies = earlier._bodies if earlier else {IDENTITY: document.body}
        self._digest = earlier._digest if earlier else blake2b(document.body, digest_size=32).digest()
        self._shown: dict[tuple[str, str], Shown] = {}
        self._asked: dict[tuple[bool, tuple[str, ...]], Shown | None] = {}
        self.size = self._weight()
        """Octets of memory this takes, rather too many than too few; grows as codings are asked for."""

    def current(self, now: datetime) -> Prepared | None:
        """This, or this with cache lifetimes that suit ``now``; None where the document is for other moments."""
        if self.since <= now < self.expires:
            return self
        return Prepared(self.document, now, earlier=self) if self.made_for <= now < self.until else None

    def kept_on(self, now: datetime) -> Prepared:
        """This as the last good answer of a newsroom that cannot be asked: for a second, and for no cache."""
        last = Prepared(self.document, now, earlier=self)
        last._cache_control = "public, max-age=0"
        last.expires = last.until = now + _SECOND
        return last

    def known(self, person: bool, accepted: tuple[str, ...]) -> Shown | None:
        """What ``show`` once gave for the same question, at the cost of a lookup; else None."""
        return self._asked.get((person, accepted))

    def show(self, person: bool, accepted: tuple[str, ...]) -> Shown | None:
        """The representation for a reader who takes ``accepted`` codings, best first; None if there is none.

        ``person`` says that a browser opens the address for somebody to look at.
        """
        bare = self.document.media_type.partition(";")[0].strip()
        media_type = AS_PAGE if person and bare in FEED_TYPES else self.document.media_type
        coding = self._coding(accepted)
        shown = None
        if coding is not None:
            shown = self._shown.get((media_type, coding)) or self._represent(media_type, coding)
            self._shown[media_type, coding] = shown
        self._asked[person, accepted] = shown
        self.size = self._weight()
        return shown

    def _weight(self) -> int:
        # A copy first: another thread may be adding a coding at this moment.
        return sum(map(len, list(self._bodies.values()))) + _OVERHEAD * (1 + len(self._shown))

    def _coding(self, accepted: tuple[str, ...]) -> str | None:
        worth = worthwhile(self.document.media_type, len(self.document.body))
        for coding in accepted:
            if coding == IDENTITY:
                return coding
            # A reader who refuses plain bytes gets a coding even where it saves nothing.
            if IDENTITY not in accepted or (worth and len(self._coded(coding)) < len(self.document.body)):
                return coding
        return None

    def _coded(self, coding: str) -> bytes:
        if coding not in self._bodies:
            self._bodies[coding] = CODERS[coding].encode(self.document.body)
        return self._bodies[coding]

    def _represent(self, media_type: str, coding: str) -> Shown:
        tags = {self._tag(media_type, each): each for each in (IDENTITY, *CODINGS)}
        tag = self._tag(media_type, coding)
        body = self._coded(coding)
        last_modified = http_date(self.document.last_modified)
        freshness = [
            ("ETag", tag),
            ("Last-Modified", last_modified),
            ("Cache-Control", self._cache_control),
            ("Vary", self._vary()),
            *sharing(self.document.shared),
            *guards(self.document),
        ]
        headers = [
            ("Content-Type", media_type),
            ("Content-Length", str(len(body))),
            *([] if coding == IDENTITY else [("Content-Encoding", coding)]),
            *([("Content-Language", self.document.language)] if self.document.language else []),
            *freshness,
            *([("Link", link_header(self.document.links))] if self.document.links else []),
        ]
        return Shown(body, tag, last_modified, headers, freshness, tags)

    def _tag(self, media_type: str, coding: str) -> str:
        """A strong validator (RFC 9110 section 8.8.3), known before anything is compressed.

        It stands for what the coded bytes are made of: content, and the coder with its version.
        """
        version = CODERS[coding].version if coding in CODERS else ""
        parts = f"{self.document.status}\n{media_type}\n{coding}\n{version}\n".encode()
        return f'"{blake2b(parts + self._digest, digest_size=16).hexdigest()}"'

    def _vary(self) -> str:
        bare = self.document.media_type.partition(";")[0].strip()
        return "Accept-Encoding, Sec-Fetch-Dest" if bare in FEED_TYPES else "Accept-Encoding"


def sharing(shared: bool) -> list[Header]:
    """Who may use the answer: scripts and pages of any origin, or this site only."""
    if shared:
        return [("Access-Control-Allow-Origin", "*"), ("Cross-Origin-Resource-Policy", "cross-origin")]
    return [("Cross-Origin-Resource-Policy", "same-origin")]


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


def _cache_control(document: Document, now: datetime) -> tuple[str, datetime]:
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
