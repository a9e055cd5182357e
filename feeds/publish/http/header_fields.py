"""The header fields of documents and files, for the server and for exports. Knows nothing of requests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from feeds.publish.assets import A_YEAR
from feeds.publish.document import Document, StoredFile, SurrogateKeys
from feeds.publish.http.security_headers import (
    Header,
    cross_origin_headers,
    document_security_headers,
    file_security_headers,
)
from feeds.render.feed_values import Link

NEVER = datetime.max.replace(tzinfo=UTC)
_SECOND = timedelta(seconds=1)
_STALE = "stale-while-revalidate=60, stale-if-error=86400"  # RFC 5861; sent only with what never changes

# What may stand bare in a header's address: it is one already, so its percent signs are kept.
_ADDRESS_SAFE = "/:?#[]@!$&'()*+,;=-._~%"


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
    """The Link field (RFC 8288 section 3); a title that is not ASCII is encoded (RFC 8187).

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

    What never changes has its own lifetime. Any other lifetime ends with the current minute, always, so that it does
    not tell whether anything is scheduled; only a moment within the minute ends it earlier. It is counted from the end
    of the current second, for which the field is true: so it is the same on every replica, whenever in that second it
    was made.
    """
    if document.until is None:
        # What may be kept for a year has an address of its own for every change (RFC 8246).
        immutable = ", immutable" if document.max_age >= A_YEAR else ""
        return f"public, max-age={document.max_age}{immutable}, {_STALE}", NEVER
    second = now.replace(microsecond=0)
    full_minute = second.replace(second=0) + timedelta(minutes=1)
    left = max(0, (min(document.until, full_minute) - second - _SECOND) // _SECOND)
    return f"public, max-age={left}", min(document.until, second + _SECOND)
