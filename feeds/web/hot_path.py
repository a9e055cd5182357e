"""The hot path: prepared documents in front of the application, as WhiteNoise does it for files.

A request for a document that was asked for before costs a lookup and one comparison. Every other request goes on to the
application. Its views have the document made here, where it is kept for the next reader.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable, Iterable
from datetime import UTC, datetime, timedelta
from threading import Lock
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from feeds.addresses import is_count, is_theme
from feeds.errors import FeedsError
from feeds.model.formats import SYNDICATED
from feeds.publish.document import Document, Missing, Moved, StoredFile
from feeds.web import responses
from feeds.web.bad_requests import is_host
from feeds.web.file_streams import IN_PIECES
from feeds.web.passage_requests import is_passage
from feeds.web.representation import PreparedDocument
from feeds.web.responses import HttpResponse, Publisher

ROOM = 128 * 1024 * 1024
"""Octets of prepared documents that a worker keeps at most."""

LOOK = timedelta(milliseconds=250)
"""The shortest time between two looks whether the publisher has changed."""

_FEEDS = tuple(f".{form.suffix}" for form in SYNDICATED)
_FRAMES = ("/embed/frame/", "/embed/release/")
_WITH = "\uffff"
"""Stands between path and query in a key. Servers pass paths as Latin-1 (PEP 3333), so no path has it."""
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_log = logging.getLogger(__name__)


class HotPath:
    """Keeps a publisher's prepared documents, and compares their version with the publisher's now and then.

    Threads may share it, and it may be created before a fork: it asks the publisher nothing until the first request.
    """

    def __init__(self, publisher: Publisher, clock: Callable[[], datetime], *, room: int = ROOM) -> None:
        self._publisher = publisher
        self._clock = clock
        self._cache = DocumentCache(object(), room)
        self._looking = Lock()
        self._looked = self._look_again = _LONG_AGO

    def in_front_of(self, app: WSGIApplication) -> WSGIApplication:
        """A WSGI application that answers with what is kept, and leaves the rest to ``app``."""

        def hot(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            response = None if is_passage(environ) else self.kept(environ)
            if response is None:
                return _in_one_piece(app, environ, start_response)
            start_response(response.status, response.headers)
            return [response.body]

        return hot

    @property
    def size(self) -> int:
        """Octets kept at the moment."""
        return self._cache.size

    def kept(self, environ: WSGIEnvironment) -> HttpResponse | None:
        """The response to a request with a valid host whose document is kept for this moment; else None."""
        if not is_host(environ.get("HTTP_HOST", "")):
            return None
        path = environ.get("PATH_INFO") or "/"
        if query := environ.get("QUERY_STRING"):
            if not _is_one_of_few(path, query):
                return None
            path = f"{path}{_WITH}{query}"
        now = self._clock()
        cache = self._cache if self._looked <= now < self._look_again else self._compared(now)
        found = cache.find(path)
        if found is None:
            return None
        if not found.since <= now < found.expires:
            current = found.current(now)
            if current is None:
                return None
            found = self._kept_for(now, cache, path, current, found)
        return self._response(cache, path, found, environ)

    def respond(self, environ: WSGIEnvironment) -> HttpResponse | StoredFile | Missing:
        """The response to any request; makes the document if it is not kept. Raises FeedsError if that fails."""
        now = self._clock()
        path = environ.get("PATH_INFO") or "/"
        if query := environ.get("QUERY_STRING"):
            if not _is_one_of_few(path, query):
                # Never kept: anybody can make up any number of queries.
                return responses.respond(self._publisher, environ, now)
            path = f"{path}{_WITH}{query}"
        cache = self._compared(now)
        answer = self._made(cache, path, environ, now)
        if cache is not self._cache:
            # A change was noticed meanwhile. Some reader may have seen it, so nobody may get the state before it.
            cache = self._cache
            answer = self._made(cache, path, environ, now)
        if isinstance(answer, PreparedDocument):
            return self._response(cache, path, answer, environ)
        return responses.no_document(answer, environ)

    def _response(
        self, cache: DocumentCache, path: str, prepared: PreparedDocument, environ: WSGIEnvironment
    ) -> HttpResponse:
        size = prepared.size
        response = responses.document_response(prepared, environ)
        if prepared.size != size:
            cache.keep(path, prepared, prepared)  # it has grown by a coding
        return response

    def _compared(self, now: datetime) -> DocumentCache:
        """The cache for the publisher's present version, new and empty if that has changed."""
        if self._looked <= now < self._look_again or not self._looking.acquire(blocking=False):
            return self._cache  # compared a moment ago, or just being compared by another thread: nobody waits for it
        try:
            try:
                version = self._publisher.version()
            except FeedsError as error:
                _log.warning("serving what is kept: %s", error)
            else:
                if version != self._cache.version:
                    self._cache = self._cache.successor(version)
            self._looked, self._look_again = now, now + LOOK
            return self._cache
        finally:
            self._looking.release()

    def _made(
        self, cache: DocumentCache, path: str, environ: WSGIEnvironment, now: datetime
    ) -> PreparedDocument | StoredFile | Moved | Missing:
        """The answer for this moment: kept, made now, or made meanwhile by a faster thread."""
        kept = cache.find(path)
        prepared = kept.current(now) if kept else None
        if prepared is None:
            try:
                answer = responses.answer_to(self._publisher, environ, now)
            except FeedsError as error:
                # A document made for a later moment may hold what is not public yet: better no answer than that one.
                candidates = (kept, cache.previous(path))
                last = next((each for each in candidates if each and each.made_for <= now), None)
                if last is None:
                    raise
                _log.warning("serving the last good answer: %s", error)
                prepared = last.kept_on(now)
            else:
                if not isinstance(answer, Document):
                    cache.drop(path)  # not even as a last resort: it may be gone for a reason
                    return answer
                prepared = PreparedDocument(answer, now)
        return self._kept_for(now, cache, path, prepared, kept)

    def _kept_for(
        self,
        now: datetime,
        cache: DocumentCache,
        path: str,
        prepared: PreparedDocument,
        instead_of: PreparedDocument | None,
    ) -> PreparedDocument:
        """Keeps a document, and returns what is to be sent: that, or the one that a faster thread has kept.

        All readers get what is kept: else one could see a newer state, and then the older kept one. But what was made
        for a later moment than the clock shows is never sent: the clock may have leapt ahead for the other thread, and
        come back.
        """
        present = cache.keep(path, prepared, instead_of)
        return present if present.made_for <= now or present.made_for <= self._clock() else prepared


def _is_one_of_few(path: str, query: str) -> bool:
    """Whether a query has only a feed's count of releases or a frame's theme: answers to these few are kept."""
    return (is_count(query) and path.endswith(_FEEDS)) or (is_theme(query) and any(each in path for each in _FRAMES))


def _in_one_piece(app: WSGIApplication, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """The application's own response, its body joined unless it is a large file.

    The server then sends it from its event loop. With a body in pieces, a slow reader holds a thread.
    """
    pieces = app(environ, start_response)
    if environ.get(IN_PIECES):
        return pieces
    try:
        return [b"".join(pieces)]
    finally:
        if close := getattr(pieces, "close", None):
            close()


class DocumentCache:
    """Prepared documents by path, in two generations.

    What is asked for moves to the young generation. When that is full it becomes the old one, and the former old one is
    dropped with all that nobody has asked for meanwhile. So a hit costs one lookup and no bookkeeping. Each generation
    may fill a quarter of ``room``. The other half is for the documents of the previous version, which are kept as a
    last resort.
    """

    def __init__(self, version: Hashable, room: int, previous: dict[str, PreparedDocument] | None = None) -> None:
        self.version = version
        self.room = room
        self._previous = previous or {}
        self._young: dict[str, PreparedDocument] = {}
        self._old: dict[str, PreparedDocument] = {}
        self._sizes: dict[str, int] = {}
        self._total = 0
        self._writing = Lock()

    def find(self, path: str) -> PreparedDocument | None:
        """The document kept for this path, for whatever moment it is."""
        found = self._young.get(path)
        if found is None and (found := self._old.get(path)) is not None:
            self.keep(path, found, found)
        return found

    def keep(self, path: str, prepared: PreparedDocument, instead_of: PreparedDocument | None) -> PreparedDocument:
        """Keeps a document in place of the one that was found there, or again when it has grown.

        Returns what is kept then. If another thread was faster, that is its document, which may be newer. A document
        larger than a generation is not kept.
        """
        size = prepared.size + len(path)
        bound = self.room // 4
        if size > bound:
            return prepared
        with self._writing:
            present = self._young.get(path) or self._old.get(path)
            if present is not instead_of:
                return present or prepared
            grown = self._total - self._sizes.get(path, 0) + size
            if grown > bound:
                self._old, self._young, self._sizes, grown = self._young, {}, {}, size
            self._young[path] = prepared
            self._sizes[path] = size
            self._total = grown
            return prepared

    def drop(self, path: str) -> None:
        """Forgets everything that was ever kept for this path."""
        with self._writing:
            for kept in (self._young, self._old, self._previous):
                kept.pop(path, None)
            self._total -= self._sizes.pop(path, 0)

    def previous(self, path: str) -> PreparedDocument | None:
        """The document that the previous version had at this path, if it was kept."""
        return self._previous.get(path)

    def successor(self, version: Hashable) -> DocumentCache:
        """An empty cache for a new version, with this one's documents as the previous ones."""
        with self._writing:
            return DocumentCache(version, self.room, self._old | self._young)

    @property
    def size(self) -> int:
        """Octets kept. What is kept in two places counts twice."""
        all_kept = (self._young, self._old, self._previous)
        return sum(prepared.size + len(path) for kept in all_kept for path, prepared in list(kept.items()))
