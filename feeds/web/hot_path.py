"""The hot path: prepared answers in front of the application, as WhiteNoise does it for files.

A request for a document that was asked for before costs a lookup and one comparison; what nobody knows goes on to
the application. Holds the only state of the web: the answers, and when they were last compared with the source.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable, Iterable
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Protocol
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from feeds.document import Document, Missing, Moved
from feeds.errors import FeedsError
from feeds.web import responses
from feeds.web.cache import Shelf
from feeds.web.representation import Prepared
from feeds.web.responses import Reply

ROOM = 128 * 1024 * 1024
"""Octets of prepared answers a worker keeps at most."""

LOOK = timedelta(milliseconds=250)
"""How often at most the source is asked whether anything changed."""

_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_log = logging.getLogger(__name__)


class Source(responses.Source, Protocol):
    """Whoever knows what lies at an address, and whether that may have changed."""

    def version(self) -> Hashable:
        """A value that changes whenever any answer may have changed; costs microseconds."""


class HotPath:
    """A WSGI application that answers from ``source`` and leaves what that does not have to ``app``.

    Threads may share it, and it may be made before a fork: it asks the source nothing until the first request.
    """

    def __init__(
        self, app: WSGIApplication, source: Source, clock: Callable[[], datetime], *, room: int = ROOM
    ) -> None:
        self._app = app
        self._source = source
        self._clock = clock
        self._shelf = Shelf(object(), room)
        self._looking = Lock()
        self._looked = self._look_again = _LONG_AGO

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request (PEP 3333)."""
        try:
            reply = self.reply(environ)
        except FeedsError as error:
            _log.warning("no answer and none kept: %s", error)
            reply = responses.unavailable(environ)
        if reply is None:
            return self._whole(environ, start_response)
        start_response(reply.status, reply.headers)
        return [reply.body]

    @property
    def size(self) -> int:
        """Octets of answers kept at the moment."""
        return self._shelf.size

    def reply(self, environ: WSGIEnvironment) -> Reply | None:
        """The reply to a request; None where the source has nothing. Raises FeedsError if it cannot be asked."""
        now = self._clock()
        if environ.get("QUERY_STRING"):
            # Never kept: anybody can make up as many queries as he likes.
            return responses.answer_of(self._source, environ, now)
        shelf = self._shelf if self._looked <= now < self._look_again else self._compared(now)
        raw = environ.get("PATH_INFO") or "/"
        kept = shelf.find(raw)
        if kept is None or not kept.since <= now < kept.expires:
            answer = self._renewed(shelf, raw, kept, environ, now)
            if shelf is not self._shelf:
                # A change was noticed meanwhile: nobody who has seen it shall be told of the state before.
                shelf = self._shelf
                answer = shelf.find(raw) or self._renewed(shelf, raw, None, environ, now)
            if not isinstance(answer, Prepared):
                return responses.elsewhere(answer, environ)
            kept = answer
        size = kept.size
        reply = responses.reply(kept, environ)
        if kept.size != size:
            shelf.keep(raw, kept, kept)
        return reply

    def _compared(self, now: datetime) -> Shelf:
        """The shelf for the source's present version: a new and empty one if that changed."""
        if not self._looking.acquire(blocking=False):
            return self._shelf  # another thread is looking, and nobody waits for it
        try:
            try:
                version = self._source.version()
            except FeedsError as error:
                _log.warning("serving what is kept: %s", error)
            else:
                if version != self._shelf.version:
                    self._shelf = self._shelf.next(version)
            self._looked, self._look_again = now, now + LOOK
            return self._shelf
        finally:
            self._looking.release()

    def _renewed(
        self, shelf: Shelf, raw: str, kept: Prepared | None, environ: WSGIEnvironment, now: datetime
    ) -> Prepared | Moved | Missing | None:
        """A present answer in place of one that is not there or too old: this thread's, or that of a faster one."""
        prepared = kept.current(now) if kept else None
        if prepared is None:
            path = responses.path_of(environ)
            if path is None:
                return None
            try:
                answer = self._source.answer(path, "", now)
            except FeedsError as error:
                # What was made for a later moment may hold what is not public yet: rather no answer than that.
                candidates = (kept, shelf.before(raw))
                last = next((each for each in candidates if each and each.made_for <= now), None)
                if last is None:
                    raise
                _log.warning("serving the last good answer: %s", error)
                prepared = last.kept_on(now)
            else:
                if not isinstance(answer, Document):
                    shelf.drop(raw)  # not even as a last resort: it may be gone for a reason
                    return answer
                prepared = Prepared(answer, now)
        return shelf.keep(raw, prepared, kept)

    def _whole(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The application's own answer in one piece.

        The server then sends it from its event loop; of an answer in pieces a slow reader would hold a thread.
        """
        pieces = self._app(environ, start_response)
        try:
            return [b"".join(pieces)]
        finally:
            if close := getattr(pieces, "close", None):
                close()
