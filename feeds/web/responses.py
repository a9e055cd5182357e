"""Makes HTTP responses of the newsroom's answers: status, headers and body for one request. Knows no server.

The base address is configured; Host, X-Forwarded-* and SCRIPT_NAME change nothing here. Paths come without the path of
the base address. Sections are those of RFC 9110.
"""

from __future__ import annotations

from collections.abc import Hashable
from datetime import datetime
from typing import NamedTuple, Protocol
from urllib.parse import quote
from wsgiref.types import WSGIEnvironment

from feeds.publish.document import Answer, Document, Missing, Moved, StoredFile
from feeds.publish.http.codings import IDENTITY
from feeds.publish.http.security_headers import HTML, TEXT, Header, cross_origin_headers, security_headers
from feeds.web.conditional import matching_tag, precondition_failed, unmodified_since
from feeds.web.representation import PreparedDocument, Representation, acceptable, coded

METHODS = "GET, HEAD, OPTIONS"
RETRY_AFTER = 5
"""Seconds after which a newsroom that cannot be read is worth another try."""

# Already an address: percent signs and a query are kept, everything unfit for a header is escaped.
_LOCATION_SAFE = "/:@!$&'()*+,;=-._~%?"


class Publisher(Protocol):
    """Knows what stands at an address, and whether that may have changed."""

    def answer(self, path: str, query: str, now: datetime) -> Answer:
        """What stands at ``path`` at a moment. Raises FeedsError when that cannot be told at present."""

    def version(self) -> Hashable:
        """A value that changes whenever any answer may have changed; costs microseconds. Raises FeedsError."""


class HttpResponse(NamedTuple):
    """A response. ``body`` is empty for HEAD; the headers describe what GET would send."""

    status: str
    headers: list[Header]
    body: bytes


def respond(publisher: Publisher, environ: WSGIEnvironment, now: datetime) -> HttpResponse | StoredFile | Missing:
    """Answers a request and keeps nothing. Raises FeedsError when the publisher cannot be asked."""
    answer = answer_to(publisher, environ, now)
    if isinstance(answer, Document):
        return document_response(PreparedDocument(answer, now), environ)
    return no_document(answer, environ)


def answer_to(publisher: Publisher, environ: WSGIEnvironment, now: datetime) -> Answer:
    """What the publisher answers to a request; nothing stands at a path that is not UTF-8. Raises FeedsError."""
    path = path_of(environ)
    if path is None:
        return Missing("")
    # Most programs escape what is not ASCII in a query, some send it as UTF-8.
    query = str(environ.get("QUERY_STRING") or "").encode("latin-1").decode(errors="replace")
    return publisher.answer(path, query, now)


def path_of(environ: WSGIEnvironment) -> str | None:
    """The path as text: WSGI hands its octets over as Latin-1 (PEP 3333). None if they are not UTF-8."""
    try:
        return str(environ.get("PATH_INFO") or "/").encode("latin-1").decode()
    except UnicodeError:
        return None


def document_response(prepared: PreparedDocument, environ: WSGIEnvironment) -> HttpResponse:
    """The response where there is a document."""
    method = environ["REQUEST_METHOD"]
    if method not in ("GET", "HEAD"):
        return options(prepared.document.shared) if method == "OPTIONS" else not_allowed()
    accepted = acceptable(environ.get("HTTP_ACCEPT_ENCODING"))
    chosen = prepared.representation(accepted, is_navigation=environ.get("HTTP_SEC_FETCH_DEST") == "document")
    if chosen is None:
        return _text("406 Not Acceptable", "Ask for the codings br, zstd, gzip or identity.", environ)
    # Section 13.2.1: conditions are for what would be a success.
    met = _condition(prepared, chosen, environ) if prepared.document.status == 200 else None
    return met or HttpResponse(prepared.status, chosen.headers.copy(), b"" if method == "HEAD" else chosen.body)


def _condition(prepared: PreparedDocument, chosen: Representation, environ: WSGIEnvironment) -> HttpResponse | None:
    """The 304 or 412 that the request's conditions ask for (section 13.2.2); None if they ask for neither."""
    if_match, if_unmodified = environ.get("HTTP_IF_MATCH"), environ.get("HTTP_IF_UNMODIFIED_SINCE")
    modified = prepared.document.last_modified
    if (if_match or if_unmodified) and precondition_failed(if_match, if_unmodified, chosen.tags, modified):
        return _text("412 Precondition Failed", "This has changed: ask again without conditions.", environ)
    if_none_match = environ.get("HTTP_IF_NONE_MATCH")
    if if_none_match is not None:
        exact = if_none_match == chosen.tag
        tag = chosen.tag if exact else matching_tag(if_none_match, _usable(chosen, environ), chosen.tag)
    else:
        since = environ.get("HTTP_IF_MODIFIED_SINCE")
        old = since is not None and (since == chosen.last_modified or unmodified_since(since, modified))
        tag = chosen.tag if old else None
    if tag is None:
        return None
    if tag == chosen.tag:
        return HttpResponse("304 Not Modified", chosen.unmodified.copy(), b"")
    # The cache must refresh the coding it holds, so that one is named (RFC 9111 section 4.3.4).
    return HttpResponse("304 Not Modified", [("ETag", tag), *chosen.unmodified[1:]], b"")


def _usable(chosen: Representation, environ: WSGIEnvironment) -> list[str]:
    """The tags of codings this reader can read: no cache may hand it another because of our 304.

    Without Accept-Encoding every coding may be used (section 12.5.3).
    """
    header = environ.get("HTTP_ACCEPT_ENCODING")
    accepted = acceptable(header)
    return [tag for tag, coding in chosen.tags.items() if header is None or coding in accepted]


def no_document(answer: Moved | StoredFile | Missing, environ: WSGIEnvironment) -> HttpResponse | StoredFile | Missing:
    """The response to a redirect. A file, and what is missing, are returned as they are, for the caller to answer."""
    return redirect(answer, environ) if isinstance(answer, Moved) else answer


def redirect(moved: Moved, environ: WSGIEnvironment) -> HttpResponse:
    """The redirect to another address of this site: an absolute path, never another host."""
    method = environ["REQUEST_METHOD"]
    if method not in ("GET", "HEAD"):
        return options(shared=True) if method == "OPTIONS" else not_allowed()
    location = quote("/" + moved.path.lstrip("/"), safe=_LOCATION_SAFE)
    status = "308 Permanent Redirect" if moved.permanent else "307 Temporary Redirect"
    # Caches must ask again, even if it is permanent: a scheduled release may take this address when its moment comes.
    # Shared, or a widget that was given a former address could not follow it.
    more = [("Location", location)]
    return _text(status, f"This is at {location}", environ, cache="no-cache", more=more, shared=True)


def not_found(missing: Missing, page: Document, environ: WSGIEnvironment) -> HttpResponse:
    """The 404 or 410 with a page for people."""
    return page_for_one("410 Gone" if missing.gone else "404 Not Found", page, environ)


def page_for_one(status: str, page: Document, environ: WSGIEnvironment) -> HttpResponse:
    """A page that no cache may keep, in the coding that the reader prefers."""
    coding, body = coded(page.body, page.media_type, environ.get("HTTP_ACCEPT_ENCODING"))
    more = [("Vary", "Accept-Encoding"), *([("Content-Encoding", coding)] if coding != IDENTITY else [])]
    return without_document(status, body, HTML, environ, more=more, fonts=page.fonts)


def options(shared: bool, methods: str = METHODS) -> HttpResponse:
    """The response to OPTIONS: the allowed methods and, if ``shared``, the answer to a CORS preflight request."""
    headers = [
        ("Allow", methods),
        ("Cache-Control", "no-store"),
        *cross_origin_headers(shared),
        *security_headers(TEXT),
    ]
    if shared:
        headers += [
            ("Access-Control-Allow-Methods", METHODS),
            ("Access-Control-Allow-Headers", "*"),
            ("Access-Control-Max-Age", "86400"),
        ]
    return HttpResponse("204 No Content", headers, b"")


def not_allowed(methods: str = METHODS) -> HttpResponse:
    """The 405 for a method that is not among the allowed ``methods``."""
    *others, last = methods.split(", ")
    sentence = f"Use {', '.join(others)} or {last}."
    return _text("405 Method Not Allowed", sentence, {}, more=[("Allow", methods)])


def bad_request(advice: str, environ: WSGIEnvironment) -> HttpResponse:
    """The response to a malformed request, with a sentence that says what to do."""
    return _text("400 Bad Request", advice, environ)


def unavailable(environ: WSGIEnvironment) -> HttpResponse:
    """The response when the newsroom cannot be read and no earlier answer is at hand."""
    more = [("Retry-After", str(RETRY_AFTER))]
    return _text("503 Service Unavailable", "The newsroom cannot be read now. Try again soon.", environ, more=more)


def without_document(
    status: str,
    body: bytes,
    media_type: str,
    environ: WSGIEnvironment,
    *,
    cache: str = "no-store",
    more: list[Header] | None = None,
    shared: bool = False,
    fonts: bool = False,
) -> HttpResponse:
    """A response without a document: in one coding, and by default one that no cache may keep."""
    headers = [
        ("Content-Type", media_type),
        ("Content-Length", str(len(body))),
        ("Cache-Control", cache),
        *(more or []),
        *cross_origin_headers(shared),
        *security_headers(media_type, fonts=fonts),
    ]
    return HttpResponse(status, headers, b"" if environ.get("REQUEST_METHOD") == "HEAD" else body)


def _text(
    status: str,
    sentence: str,
    environ: WSGIEnvironment,
    *,
    cache: str = "no-store",
    more: list[Header] | None = None,
    shared: bool = False,
) -> HttpResponse:
    return without_document(status, f"{sentence}\n".encode(), TEXT, environ, cache=cache, more=more, shared=shared)
