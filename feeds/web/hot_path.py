"""The hot path: prepared answers in front of the application, as WhiteNoise does it for files.

A request for a document that was asked for before costs a lookup and one comparison. Every other request goes on to
the application, whose views have the answer made here, and kept for the next reader.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from threading import Lock
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from feeds.document import Document, Missing, Moved
from feeds.errors import FeedsError
from feeds.web import responses
from feeds.web.cache import Shelf
from feeds.web.representation import Prepared
from feeds.web.responses import HttpResponse, Publisher

ROOM = 128 * 1024 * 1024
"""Octets of prepared answers a worker keeps at most."""

LOOK = timedelta(milliseconds=250)
"""How often at most the publisher is asked whether anything changed."""

_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_log = logging.getLogger(__name__)


class HotPath:
    """The prepared answers of a publisher, and when they were last compared with it.

    Threads may share it, and it may be made before a fork: it asks the publisher nothing until the first request.
    """

    def __init__(self, publisher: Publisher, clock: Callable[[], datetime], *, room: int = ROOM) -> None:
        self._publisher = publisher
        self._clock = clock
        self._shelf = Shelf(object(), room)
        self._looking = Lock()
        self._looked = self._look_again = _LONG_AGO

    def in_front_of(self, app: WSGIApplication) -> WSGIApplication:
        """A WSGI application that answers with what is kept, and leaves the rest to ``app``."""

        def hot(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            response = self.kept(environ)
            if response is None:
                return _in_one_piece(app, environ, start_response)
            start_response(response.status, response.headers)
            return [response.body]

        return hot

    @property
    def size(self) -> int:
        """Octets of answers kept at the moment."""
        return self._shelf.size

    def kept(self, environ: WSGIEnvironment) -> HttpResponse | None:
        """The response to a request whose document is kept for this moment; None for every other."""
        if environ.get("QUERY_STRING"):
            return None
        now = self._clock()
        shelf = self._shelf if self._looked <= now < self._look_again else self._compared(now)
        path = environ.get("PATH_INFO") or "/"
        found = shelf.find(path)
        if found is None:
            return None
        if not found.since <= now < found.expires:
            current = found.current(now)
            if current is None:
                return None
            found = shelf.keep(path, current, found)
        return self._response(shelf, path, found, environ)

    def respond(self, environ: WSGIEnvironment) -> HttpResponse | Missing:
        """The response to a request, its document made if it is not kept. Raises FeedsError if that cannot be."""
        now = self._clock()
        if environ.get("QUERY_STRING"):
            # Never kept: anybody can make up as many queries as he likes.
            return responses.respond(self._publisher, environ, now)
        shelf = self._compared(now)
        path = environ.get("PATH_INFO") or "/"
        answer = self._made(shelf, path, environ, now)
        if shelf is not self._shelf:
            # A change was noticed meanwhile: nobody who has seen it shall be told of the state before.
            shelf = self._shelf
            answer = self._made(shelf, path, environ, now)
        if isinstance(answer, Prepared):
            return self._response(shelf, path, answer, environ)
        return responses.no_document(answer, environ)

    def _response(self, shelf: Shelf, path: str, prepared: Prepared, environ: WSGIEnvironment) -> HttpResponse:
        size = prepared.size
        response = responses.document(prepared, environ)
        if prepared.size != size:
            shelf.keep(path, prepared, prepared)  # it has grown by a coding
        return response

    def _compared(self, now: datetime) -> Shelf:
        """The shelf for the publisher's present version: a new and empty one if that changed."""
        if self._looked <= now < self._look_again or not self._looking.acquire(blocking=False):
            return self._shelf  # compared a moment ago, or just being compared by another thread: nobody waits for it
        try:
            try:
                version = self._publisher.version()
            except FeedsError as error:
                _log.warning("serving what is kept: %s", error)
            else:
                if version != self._shelf.version:
                    self._shelf = self._shelf.next(version)
            self._looked, self._look_again = now, now + LOOK
            return self._shelf
        finally:
            self._looking.release()

    def _made(self, shelf: Shelf, path: str, environ: WSGIEnvironment, now: datetime) -> Prepared | Moved | Missing:
        """The answer for this moment: kept, made anew, or made meanwhile by a faster thread."""
        kept = shelf.find(path)
        prepared = kept.current(now) if kept else None
        if prepared is None:
            try:
                answer = responses.answer_to(self._publisher, environ, now)
            except FeedsError as error:
                # What was made for a later moment may hold what is not public yet: rather no answer than that.
                candidates = (kept, shelf.before(path))
                last = next((each for each in candidates if each and each.made_for <= now), None)
                if last is None:
                    raise
                _log.warning("serving the last good answer: %s", error)
                prepared = last.kept_on(now)
            else:
                if not isinstance(answer, Document):
                    shelf.drop(path)  # not even as a last resort: it may be gone for a reason
                    return answer
                prepared = Prepared(answer, now)
        return shelf.keep(path, prepared, kept)


def _in_one_piece(app: WSGIApplication, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """The application's own answer, joined.

    The server then sends it from its event loop; of an answer in pieces a slow reader would hold a thread.
    """
    pieces = app(environ, start_response)
    try:
        return [b"".join(pieces)]
    finally:
        if close := getattr(pieces, "close", None):
            close()
