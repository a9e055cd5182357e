"""Serves stored files, such as pictures of releases: with conditions and ranges (RFC 9110), large ones in pieces."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import BinaryIO
from wsgiref.types import WSGIEnvironment

import flask

from feeds.publish.document import StoredFile
from feeds.publish.http.header_fields import file_headers
from feeds.publish.http.security_headers import TEXT, Header
from feeds.web import file_streams, responses
from feeds.web.conditional import matching_tag, precondition_failed
from feeds.web.flask_response import as_it_is
from feeds.web.responses import HttpResponse

ONE_PIECE = 1_000_000
"""Bytes of a file, or of a range of it, that go out at once."""

_NO_DATE = datetime.min.replace(tzinfo=UTC)
_RANGE = re.compile(r"bytes=[ \t]*(?:([0-9]{1,18})-([0-9]{0,18})|-([0-9]{1,18}))[ \t]*", re.IGNORECASE)


def file_response(
    opened: Callable[[StoredFile], BinaryIO | None], found: StoredFile, environ: WSGIEnvironment
) -> flask.Response | None:
    """The response with a file, or with the part of it that is asked for. None if the file is gone."""
    method = environ["REQUEST_METHOD"]
    if method not in ("GET", "HEAD"):
        refusal = responses.options(shared=True) if method == "OPTIONS" else responses.not_allowed()
        return _sent(refusal)
    tag = f'"{found.digest}"'
    if met := _condition(tag, environ):
        return _sent(met._replace(headers=[*file_headers(found, tag), *met.headers]))
    file = opened(found)
    if file is None:
        return None
    length = os.fstat(file.fileno()).st_size
    start, end, status = 0, length, "200 OK"
    headers = [*file_headers(found, tag), ("Content-Type", found.media_type)]
    if method == "GET" and (part := _range(environ, tag)):
        start, end = _bounds(part, length)
        if start >= end:
            file.close()
            unmet = [("Content-Range", f"bytes */{length}")]
            return _sent(_refused("416 Range Not Satisfiable", f"There are {length} bytes.", environ, unmet))
        status = "206 Partial Content"
        headers.append(("Content-Range", f"bytes {start}-{end - 1}/{length}"))
    headers.append(("Content-Length", str(end - start)))
    if method == "HEAD":
        file.close()
        return as_it_is(status, headers, b"")
    file.seek(start)
    if end - start <= ONE_PIECE:
        with file:
            return as_it_is(status, headers, file.read(end - start))
    pieces = file_streams.begin(file, end - start)
    if pieces is None:
        file.close()
        later = [("Retry-After", str(responses.RETRY_AFTER))]
        return _sent(_refused("503 Service Unavailable", "Too many large files at once. Try again.", environ, later))
    environ[file_streams.IN_PIECES] = True
    return as_it_is(status, headers, pieces)


def _condition(tag: str, environ: WSGIEnvironment) -> HttpResponse | None:
    """The 304 or 412 that the conditions ask for (section 13.2.2), without the file's own header fields."""
    if_match, if_none_match = environ.get("HTTP_IF_MATCH"), environ.get("HTTP_IF_NONE_MATCH")
    if if_match and precondition_failed(if_match, None, [tag], _NO_DATE):
        return HttpResponse("412 Precondition Failed", [("Content-Length", "0")], b"")
    if if_none_match is not None and matching_tag(if_none_match, [tag], tag):
        return HttpResponse("304 Not Modified", [], b"")
    return None


def _range(environ: WSGIEnvironment, tag: str) -> re.Match[str] | None:
    """The one range that is asked for. Several, malformed ones, and other units are ignored (section 14.2)."""
    if environ.get("HTTP_IF_RANGE", tag) != tag:
        return None
    found = _RANGE.fullmatch(environ.get("HTTP_RANGE", ""))
    return None if found and found[2] and int(found[2]) < int(found[1]) else found


def _bounds(part: re.Match[str], length: int) -> tuple[int, int]:
    """The first byte and the one after the last; the first is no smaller than the second if there are no such bytes."""
    if part[3]:
        return max(0, length - int(part[3])), length
    return int(part[1]), min(length, int(part[2]) + 1) if part[2] else length


def _refused(status: str, sentence: str, environ: WSGIEnvironment, more: list[Header]) -> HttpResponse:
    return responses.without_document(status, f"{sentence}\n".encode(), TEXT, environ, more=more, shared=True)


def _sent(response: HttpResponse) -> flask.Response:
    return as_it_is(response.status, response.headers, response.body)
