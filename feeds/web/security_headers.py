"""What browsers may do with an answer: its security headers, by kind of document, without any `unsafe-*`.

A newsroom shows its own words and pictures that may live elsewhere, runs scripts of its own alone, keeps nothing in
the browser and asks for none of its powers. Whatever is not a page may do nothing at all where somebody opens it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import urlsplit

from feeds.assets import assets
from feeds.document import Document, Link

Header = tuple[str, str]

HTML = "text/html; charset=utf-8"
TEXT = "text/plain; charset=utf-8"

_PAGE = (
    f"style-src 'self' {assets()['style.css'].integrity}",  # the pages' own style stands in them
    "img-src 'self' https:",  # pictures of releases may live elsewhere
    "script-src 'self'",
    "connect-src 'self'",  # the headlines shown on the page about embedding
    "frame-src 'self'",
    "form-action 'self'",
    "require-trusted-types-for 'script'",
)
_FRAMED = ("style-src 'self'", "form-action 'none'")
_REST = ("form-action 'none'",)

_ALWAYS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
)
_FEEDS = ("application/atom+xml", "application/rss+xml")


def guards(document: Document) -> list[Header]:
    """The security headers of a document, on its 304 as on its 200."""
    return policies(document.media_type, _origin(document.links), framed=document.framed)


def policies(media_type: str, origin: str = "", *, framed: bool = False) -> list[Header]:
    """The security headers of an answer of a type; ``origin`` is where a feed's own address says it lives.

    >>> policies(TEXT)[0][1]
    "default-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    """
    return list(_policies(media_type.partition(";")[0].strip(), origin, framed))


@lru_cache(maxsize=256)
def _policies(kind: str, origin: str, framed: bool) -> tuple[Header, ...]:
    if kind == "text/html":
        allowed: tuple[str, ...] = _FRAMED if framed else _PAGE
    elif kind in _FEEDS:
        # A feed names its style sheet by a whole address, and may be read under another name of this server.
        allowed = (f"style-src 'self' {origin}".rstrip(), *_REST)
    else:
        allowed = _REST
    ancestors = "*" if framed else "'none'"
    csp = "; ".join(["default-src 'none'", *allowed, "base-uri 'none'", f"frame-ancestors {ancestors}"])
    return (("Content-Security-Policy", csp), ("Cross-Origin-Opener-Policy", "same-origin"), *_ALWAYS)


def _origin(links: Iterable[Link]) -> str:
    own = next((urlsplit(link.href) for link in links if link.rel == "self"), None)
    return f"{own.scheme}://{own.netloc}" if own else ""
