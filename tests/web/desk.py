"""A newsroom small enough to hold in a dict, and ways to ask for what is in it over WSGI."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import brotli
import zstandard

from feeds.errors import FeedsError
from feeds.publish.document import Answer, Document, Missing, Moved, StoredFile
from feeds.render.feed_values import Link
from feeds.web import bad_requests, responses
from feeds.web.hot_path import ROOM, HotPath

NOON = datetime(2021, 6, 24, 12, 0, 0, tzinfo=UTC)
YESTERDAY = NOON - timedelta(days=1)
FEED = "/feeds/all.atom"
PAGE = "/releases/2021/dam"

DECODERS = {
    "br": brotli.decompress,
    "zstd": lambda body: zstandard.ZstdDecompressor().decompress(body),
    "gzip": gzip.decompress,
    "identity": bytes,
}


def a_document(body: bytes = b"", **changes: Any) -> Document:
    """A feed of a few kilobytes unless told otherwise."""
    given: dict[str, Any] = {
        "body": body or b"<feed>" + b"".join(b"<entry>release %d of the newsroom</entry>" % n for n in range(90)),
        "media_type": "application/atom+xml; charset=utf-8",
        "last_modified": YESTERDAY,
        "links": (Link("https://newsroom.example/feeds/all.atom", "self", type="application/atom+xml"),),
        "language": "en",
        "shared": True,
        "max_age": 300,
    }
    return Document(**given | changes)


def a_page(**changes: Any) -> Document:
    """A page of the newsroom's own site."""
    return a_document(media_type="text/html; charset=utf-8", shared=False, links=(), **changes)


@dataclass
class Desk:
    """A source of answers whose content, version and health a test can change."""

    answers: dict[str, Answer] = field(default_factory=lambda: {FEED: a_document(), PAGE: a_page()})
    edition: int = 1
    broken: bool = False
    asked: list[tuple[str, str]] = field(default_factory=list)

    def answer(self, path: str, query: str, now: datetime) -> Answer:
        self.asked.append((path, query))
        if self.broken:
            raise FeedsError("the catalogue cannot be read")
        return self.answers.get(path, Missing("see /feeds/"))

    def version(self) -> Hashable:
        if self.broken:
            raise FeedsError("the catalogue cannot be read")
        return self.edition

    def change(self, path: str, answer: Answer | None) -> None:
        self.edition += 1
        if answer is None:
            del self.answers[path]
        else:
            self.answers[path] = answer


@dataclass(frozen=True)
class Response:
    status: int
    headers: dict[str, str]
    body: bytes


Asking = Callable[..., Response]
"""``ask`` without its application."""


def ask(app: WSGIApplication, path: str = FEED, method: str = "GET", query: str = "", **fields: str) -> Response:
    """Ask as a server would, under the eyes of wsgiref's validator; ``if_none_match="x"`` is a header."""
    environ: WSGIEnvironment = {"REQUEST_METHOD": method, "SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": query}
    setup_testing_defaults(environ)
    environ |= {f"HTTP_{name.upper()}": value for name, value in fields.items()}
    seen: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        seen.append((status, list(headers)))
        headers.append(("X-Server", "servers may change the list"))  # PEP 3333 allows them to
        return lambda data: None

    pieces = validator(app)(environ, start_response)
    try:
        body = b"".join(pieces)
    finally:
        pieces.close()  # type: ignore[attr-defined]  # the validator's own iterator has it
    ((status, headers),) = seen
    assert len({name.lower() for name, _ in headers}) == len(headers), "a field is sent twice"
    return Response(int(status[:3]), dict(headers), body)


class Application:
    """A small application over a desk: it answers by the same functions as Flask's views, behind the hot path or not.

    Where the desk has nothing, its page is a few words.
    """

    def __init__(self, desk: Desk, clock: Callable[[], datetime], *, hot: bool = True, room: int = ROOM) -> None:
        self._hot_path = HotPath(desk, clock, room=room)
        self._respond = self._hot_path.respond if hot else lambda environ: responses.respond(desk, environ, clock())
        checked = bad_requests.in_front_of(self._view)
        self._app = self._hot_path.in_front_of(checked) if hot else checked

    @property
    def size(self) -> int:
        """Octets of answers kept at the moment."""
        return self._hot_path.size

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return self._app(environ, start_response)

    def _view(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        try:
            found = self._respond(environ)
        except FeedsError:
            found = responses.unavailable(environ)
        assert not isinstance(found, StoredFile)
        if isinstance(found, Missing):
            page = a_page(body=f"nothing here: {found.hint}".encode())
            found = responses.not_found(found, page, environ)
        start_response(found.status, found.headers)
        return [found.body]


def a_full_desk() -> Desk:
    """A desk with an answer of every kind."""
    gone = a_page(body=b"withdrawn: " + b"it was wrong. " * 40, status=410)
    return Desk(
        {
            FEED: a_document(),
            PAGE: a_page(),
            "/releases/2021/gone": gone,
            "/中文": a_page(),
            "/robots.txt": a_page(body=b"User-agent: *\n"),
            "/static/a.png": a_document(b"\x89PNG" + bytes(2000), media_type="image/png"),
            "/feeds/old.atom": Moved("/feeds/all.atom"),
            "/feeds/today.atom": Moved("/feeds/all.atom", permanent=False),
        }
    )
