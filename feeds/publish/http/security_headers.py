"""Security headers: what browsers may do with a response, by its media type. Nothing is ever `unsafe-*`.

A page shows its own text and pictures from anywhere, runs only this site's scripts, and uses no powers of the browser
such as its camera. Anything else may at most load its own style sheet, as feeds do, or show itself, as pictures do.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import urlsplit

from feeds.model.formats import ATOM, RSS, essence
from feeds.publish.assets import assets
from feeds.publish.document import Document
from feeds.render.feed_values import Link

Header = tuple[str, str]

HTML = "text/html; charset=utf-8"
TEXT = "text/plain; charset=utf-8"

XML_FEEDS = (ATOM.media_type, RSS.media_type)
"""The feeds that a browser shows as a page, by their style sheet."""

_STYLES = " ".join(assets()[name].integrity for name in ("style.css", "picker.css", "embed.css"))
_PAGE = (
    f"style-src 'self' {_STYLES}",  # by hash: pages have their styles inline
    "img-src 'self' https:",  # pictures of releases may live elsewhere
    "script-src 'self'",
    "connect-src 'self'",  # the headlines shown on the page about embedding
    "frame-src 'self'",
    "form-action 'self'",
    "require-trusted-types-for 'script'",
)
_FRAMED = (
    "style-src 'self'",
    "img-src 'self'",  # none from elsewhere: no third party may see a partner's readers
    "form-action 'none'",
)
_REST = ("form-action 'none'",)

_SHOWN = "default-src 'none'; img-src 'self'; media-src 'self'; base-uri 'none'; frame-ancestors 'none'"
"""For files that a browser shows in a page of its own making, such as pictures and films."""

_ALWAYS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
)


def document_security_headers(document: Document) -> list[Header]:
    """The security headers of a document, on its 304 as on its 200."""
    return security_headers(document.media_type, _origin(document.links), framed=document.framed, fonts=document.fonts)


def security_headers(media_type: str, origin: str = "", *, framed: bool = False, fonts: bool = False) -> list[Header]:
    """The security headers of a response of a media type; ``origin`` is that of a feed's own address.

    >>> security_headers(TEXT)[0][1]
    "default-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    """
    return list(_security_headers(essence(media_type), origin, framed, fonts))


def file_security_headers(media_type: str) -> list[Header]:
    """The security headers of a stored file.

    Pictures, sound, film and PDF may show themselves. Anything else is downloaded, and the sandbox runs nothing in it.
    """
    shown = is_shown(media_type)
    policy = _SHOWN if shown else "default-src 'none'; sandbox; frame-ancestors 'none'"
    attached = [] if shown else [("Content-Disposition", "attachment")]
    return [*attached, ("Content-Security-Policy", policy), ("Cross-Origin-Opener-Policy", "same-origin"), *_ALWAYS]


def is_shown(media_type: str) -> bool:
    """Whether a browser may show a file of a media type by itself. Not SVG: it may have scripts in it."""
    return media_type == "application/pdf" or (
        media_type.startswith(("audio/", "image/", "video/")) and media_type != "image/svg+xml"
    )


def cross_origin_headers(shared: bool) -> list[Header]:
    """The header fields that say who may use a response: scripts and pages of every origin, or of this site alone."""
    if shared:
        return [("Access-Control-Allow-Origin", "*"), ("Cross-Origin-Resource-Policy", "cross-origin")]
    return [("Cross-Origin-Resource-Policy", "same-origin")]


@lru_cache(maxsize=256)
def _security_headers(kind: str, origin: str, framed: bool, fonts: bool) -> tuple[Header, ...]:
    if kind == "text/html":
        allowed: tuple[str, ...] = _FRAMED if framed else (*_PAGE, *(("font-src 'self'",) if fonts else ()))
    elif kind in XML_FEEDS:
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
