"""Receives passages that readers send to be verified, within limits: no other request has a body that is read.

A passage is sent in a body and not in an address, so that it gets into no log, no history and no cache.
"""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from threading import BoundedSemaphore
from wsgiref.types import WSGIEnvironment

from werkzeug.exceptions import HTTPException
from werkzeug.formparser import FormDataParser

from feeds.publish.document import Document
from feeds.publish.http.security_headers import TEXT
from feeds.publish.verification import MOST_BYTES, Refusal, passage_in
from feeds.web import responses
from feeds.web.responses import HttpResponse

METHODS = "GET, HEAD, OPTIONS, POST"
AT_ONCE = 2
"""Passages that a process looks for at one time: a slow sender holds a thread, and readers need the others."""
_MOST = 2 * MOST_BYTES
"""Bytes of a request: the passage, or the file, and what a form has around them."""
_REASONS = {400: "Bad Request", 413: "Content Too Large"}

_free = BoundedSemaphore(AT_ONCE)


def is_passage(environ: WSGIEnvironment) -> bool:
    """Whether a request may send a passage: its method is not GET or HEAD, and its path ends in /verify."""
    method: str = environ["REQUEST_METHOD"]
    return method not in ("GET", "HEAD") and str(environ.get("PATH_INFO", "")).lower().endswith("/verify")


def verify(answer: Callable[[str, str | Refusal], Document], environ: WSGIEnvironment) -> HttpResponse:
    """The response to a request that sends a passage; ``answer`` makes the page for a path and what was sent."""
    match environ["REQUEST_METHOD"]:
        case "OPTIONS":
            return responses.options(shared=False, methods=METHODS)
        case "POST":
            pass
        case _:
            return responses.not_allowed(METHODS)
    length = str(environ.get("CONTENT_LENGTH") or "")
    if not length.isdecimal():
        return _text("411 Length Required", "Say how long it is: the field Content-Length.", environ)
    if not _free.acquire(blocking=False):
        return _text("503 Service Unavailable", "Too many at once. Try again soon.", environ, wait=True)
    try:
        # Python refuses to make a number of thousands of digits.
        too_long = len(length.lstrip("0")) > len(str(_MOST)) or int(length) > _MOST
        passage = Refusal.TOO_LONG if too_long else _sent(environ)
        return _page(answer(responses.path_of(environ) or "/", passage), environ)
    finally:
        _free.release()


def _sent(environ: WSGIEnvironment) -> str | Refusal:
    """The passage in a form: the file if there is one, else what was pasted."""
    parser = FormDataParser(_in_memory, max_content_length=_MOST, max_form_memory_size=_MOST, max_form_parts=8)
    try:
        _, form, files = parser.parse_from_environ(environ)
    except HTTPException:
        return Refusal.TOO_LONG
    file = files.get("file")
    if file and file.filename:
        return passage_in(file.filename, file.read(MOST_BYTES + 1))
    return form.get("passage", "")


def _in_memory(
    total_content_length: int | None,
    content_type: str | None,
    filename: str | None,
    content_length: int | None = None,
) -> BytesIO:
    """A stream for an uploaded file, in memory: it never gets onto a disk."""
    del total_content_length, content_type, filename, content_length  # all of it is bounded
    return BytesIO()


def _page(document: Document, environ: WSGIEnvironment) -> HttpResponse:
    status = f"{document.status} {_REASONS.get(document.status, 'OK')}"
    return responses.page_for_one(status, document, environ)


def _text(status: str, sentence: str, environ: WSGIEnvironment, *, wait: bool = False) -> HttpResponse:
    more = [("Retry-After", str(responses.RETRY_AFTER))] if wait else []
    return responses.without_document(status, f"{sentence}\n".encode(), TEXT, environ, more=more)
