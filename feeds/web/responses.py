"""From an answer of the newsroom to the reply a request gets: status, headers, body. Pure; knows no server.

The base address is configured; Host, X-Forwarded-* and SCRIPT_NAME change nothing here. A newsroom that lives
under a prefix is told so by its base address, and the proxy before it takes the prefix off the path.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple, Protocol
from urllib.parse import quote
from wsgiref.types import WSGIEnvironment

from feeds.document import Answer, Document, Missing, Moved
from feeds.web.conditional import failed, same, unmodified_since
from feeds.web.content_negotiation import acceptable
from feeds.web.representation import Prepared, Shown, sharing
from feeds.web.security_headers import TEXT, Header, policies

METHODS = "GET, HEAD, OPTIONS"
RETRY_AFTER = 5
"""Seconds after which a newsroom that cannot be read is worth another try."""

MISSING = "feeds.missing"
"""Key of the environ under which the application finds what the source said of an address it does not have."""

# Already an address: percent signs and a query are kept, everything unfit for a header is escaped.
_LOCATION_SAFE = "/:@!$&'()*+,;=-._~%?"


class Source(Protocol):
    """Whoever knows what lies at an address."""

    def answer(self, path: str, query: str, now: datetime) -> Answer:
        """What lies at ``path``; raises FeedsError when nobody can tell at the moment."""


class Reply(NamedTuple):
    """What goes out. ``body`` is empty for HEAD, though the headers speak of it."""

    status: str
    headers: list[Header]
    body: bytes


def answer_of(source: Source, environ: WSGIEnvironment, now: datetime) -> Reply | None:
    """Answer a request from ``source`` alone, keeping nothing; None where it has nothing (a 404 for others to show).

    Raises FeedsError when the source cannot be asked: ``unavailable`` is the reply to that.
    """
    path = path_of(environ)
    if path is None:
        return elsewhere(None, environ)
    answer = source.answer(path, query_of(environ), now)
    if isinstance(answer, Document):
        return reply(Prepared(answer, now), environ)
    return elsewhere(answer, environ)


def elsewhere(answer: Moved | Missing | None, environ: WSGIEnvironment) -> Reply | None:
    """The reply where there is no document: a redirect, or None, with a note of what is missing for the application."""
    if isinstance(answer, Moved):
        return moved(answer, environ)
    environ[MISSING] = answer
    return None


def path_of(environ: WSGIEnvironment) -> str | None:
    """The path as text: WSGI hands its octets over as Latin-1 (PEP 3333). None if they are not UTF-8."""
    try:
        return str(environ.get("PATH_INFO") or "/").encode("latin-1").decode()
    except UnicodeError:
        return None


def query_of(environ: WSGIEnvironment) -> str:
    """The query string as text: most programs escape what is not ASCII, some send it as UTF-8 (see `path_of`)."""
    return str(environ.get("QUERY_STRING") or "").encode("latin-1").decode(errors="replace")


def reply(prepared: Prepared, environ: WSGIEnvironment) -> Reply:
    """The reply to a request whose address has a document."""
    method = environ["REQUEST_METHOD"]
    if method not in ("GET", "HEAD"):
        return options(prepared.document.shared) if method == "OPTIONS" else not_allowed()
    person = environ.get("HTTP_SEC_FETCH_DEST") == "document"
    accepted = acceptable(environ.get("HTTP_ACCEPT_ENCODING"))
    shown = prepared.known(person, accepted) or prepared.show(person, accepted)
    if shown is None:
        return _text("406 Not Acceptable", "Ask for the codings br, zstd, gzip or identity.", environ)
    # Section 13.2.1: conditions are for what would be a success.
    met = _condition(prepared, shown, environ) if prepared.document.status == 200 else None
    return met or Reply(prepared.status, shown.headers.copy(), b"" if method == "HEAD" else shown.body)


def _condition(prepared: Prepared, shown: Shown, environ: WSGIEnvironment) -> Reply | None:
    """The 304 or 412 that the request's conditions ask for (section 13.2.2); None if they ask for neither."""
    if_match, if_unmodified = environ.get("HTTP_IF_MATCH"), environ.get("HTTP_IF_UNMODIFIED_SINCE")
    modified = prepared.document.last_modified
    if (if_match or if_unmodified) and failed(if_match, if_unmodified, shown.tags, modified):
        return _text("412 Precondition Failed", "This has changed: ask again without conditions.", environ)
    if_none_match = environ.get("HTTP_IF_NONE_MATCH")
    if if_none_match is not None:
        tag = shown.tag if if_none_match == shown.tag else same(if_none_match, _usable(shown, environ), shown.tag)
    else:
        since = environ.get("HTTP_IF_MODIFIED_SINCE")
        old = since is not None and (since == shown.last_modified or unmodified_since(since, modified))
        tag = shown.tag if old else None
    if tag is None:
        return None
    if tag == shown.tag:
        return Reply("304 Not Modified", shown.unmodified.copy(), b"")
    # The cache must refresh the coding it holds, so that one is named (RFC 9111 section 4.3.4).
    return Reply("304 Not Modified", [("ETag", tag), *shown.unmodified[1:]], b"")


def _usable(shown: Shown, environ: WSGIEnvironment) -> list[str]:
    """The tags of codings this reader can read: no cache may hand it another because of our 304.

    Without Accept-Encoding every coding may be used (section 12.5.3).
    """
    header = environ.get("HTTP_ACCEPT_ENCODING")
    accepted = acceptable(header)
    return [tag for tag, coding in shown.tags.items() if header is None or coding in accepted]


def moved(answer: Moved, environ: WSGIEnvironment) -> Reply:
    """The redirect to an address of this site: an absolute path, never another host."""
    method = environ["REQUEST_METHOD"]
    if method not in ("GET", "HEAD"):
        return options(shared=True) if method == "OPTIONS" else not_allowed()
    location = quote("/" + answer.path.lstrip("/"), safe=_LOCATION_SAFE)
    status = "308 Permanent Redirect" if answer.permanent else "307 Temporary Redirect"
    # Shared, or a widget that was given a former address could not follow it.
    more = [("Location", location)]
    # Not kept unasked, permanent or not: at its moment a release may come to stand at the address that led elsewhere.
    return _text(status, f"This is at {location}", environ, cache="no-cache", more=more, shared=True)


def options(shared: bool) -> Reply:
    """What may be done with an address, and the answer to a script's preflight request."""
    headers = [("Allow", METHODS), ("Cache-Control", "no-store"), *sharing(shared), *policies(TEXT)]
    if shared:
        headers += [
            ("Access-Control-Allow-Methods", METHODS),
            ("Access-Control-Allow-Headers", "*"),
            ("Access-Control-Max-Age", "86400"),
        ]
    return Reply("204 No Content", headers, b"")


def not_allowed() -> Reply:
    """The reply to a method that would change something."""
    return _text("405 Method Not Allowed", "Use GET, HEAD or OPTIONS.", {}, more=[("Allow", METHODS)])


def unavailable(environ: WSGIEnvironment) -> Reply:
    """The reply when the newsroom cannot be read and no earlier answer is at hand."""
    more = [("Retry-After", str(RETRY_AFTER))]
    return _text("503 Service Unavailable", "The newsroom cannot be read now. Try again soon.", environ, more=more)


def _text(
    status: str,
    words: str,
    environ: WSGIEnvironment,
    *,
    cache: str = "no-store",
    more: list[Header] | None = None,
    shared: bool = False,
) -> Reply:
    body = f"{words}\n".encode()
    headers = [
        ("Content-Type", TEXT),
        ("Content-Length", str(len(body))),
        ("Cache-Control", cache),
        *(more or []),
        *sharing(shared),
        *policies(TEXT),
    ]
    return Reply(status, headers, b"" if environ.get("REQUEST_METHOD") == "HEAD" else body)
