"""The preview for editors: the newsroom with what is to come, marked on every page and in every title.

It shows the newsroom at one moment, at which its clock stands still, or with all that is scheduled and all drafts. Its
catalogue is temporary, it tells no hub of changes, and no cache and no search engine may keep it. `feeds serve --at`
and `feeds serve --preview` run it, on an address that only this machine reaches.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from threading import BoundedSemaphore

from flask import Flask, Response, abort, request

from feeds.catalogue import Snapshot, problems_of_templates
from feeds.model.problems import Problem
from feeds.publish.context import Context
from feeds.publish.http.security_headers import HTML
from feeds.publish.pages import preview as pages
from feeds.publish.theme_check import theme_faults
from feeds.settings import Settings
from feeds.web import responses
from feeds.web.app import create_app as create_newsroom
from feeds.web.flask_response import as_it_is
from feeds.web.live_newsroom import LiveNewsroom, present

AT = "NEWSROOM_PREVIEW_AT"
"""The environment variable by which the command line passes the moment to its worker (RFC 3339)."""

NAMES = ("127.0.0.1", "::1", "localhost")
"""The host names under which the preview may be asked for."""

_PAGES = 6
"""How many pages can wait for changes at once: each holds a thread."""
_APART = 0.25
"""Seconds between two looks whether something was saved."""
_CHECKED = 3
"""How many releases are rendered to check the theme: few, since a page waits for it."""


def create_app(settings: Settings | None = None, at: datetime | None = None) -> Flask:
    """The newsroom at a moment, as a WSGI application."""
    moment = at or datetime.fromisoformat(os.environ[AT])
    mark = f"PREVIEW {moment.isoformat(sep=' ', timespec='minutes')}"
    app = create_newsroom(settings, clock=lambda: moment, hot=False, preview=mark)
    app.before_request(_for_this_machine)
    app.after_request(_marked)
    return app


def create_app_with_all(review: Callable[[], str], settings: Settings | None = None) -> Flask:
    """The newsroom with all that is scheduled and all drafts, as a WSGI application.

    Its pages reload when a file is saved, and list the problems. ``review`` says what subscribers will get of the
    changes.
    """
    clock = _EditorsClock()
    app = create_newsroom(settings, clock=clock, hot=False, preview="PREVIEW", drafts=True)
    newsroom: LiveNewsroom = app.extensions["feeds"]
    clock.newsroom = newsroom
    editors = _Editors(newsroom, review)
    app.before_request(_for_this_machine)
    app.before_request(_uncompressed)
    app.add_url_rule(pages.CHANGES, "changes", editors.changes)
    app.add_url_rule(pages.REVIEW, "review", editors.review)
    app.after_request(_marked)
    app.after_request(editors.with_bar)  # the last one is called first
    return app


class _EditorsClock:
    """A clock that shows the moment when all that is scheduled has appeared, or the time if that is later."""

    def __init__(self) -> None:
        self.newsroom: LiveNewsroom | None = None
        self._last: datetime | None = None
        self._version: object = None

    def __call__(self) -> datetime:
        newsroom = self.newsroom
        if newsroom:
            version = newsroom.catalogue.version()
            if version != self._version:
                with newsroom.catalogue.reading() as snapshot:
                    self._last = snapshot.reports.last_appearance()
                self._version = version
        return max(filter(None, (present(), self._last)))


class _Editors:
    """What the preview adds to the newsroom."""

    def __init__(self, newsroom: LiveNewsroom, review: Callable[[], str]) -> None:
        self._newsroom = newsroom
        self._review = review
        self._free = BoundedSemaphore(_PAGES)
        self._theme: tuple[object, list[Problem]] = (None, [])

    def changes(self) -> Response:
        """A stream of server-sent events (HTML, section 9.2): a message whenever something was saved."""
        if not self._free.acquire(blocking=False):
            abort(503)
        headers = [("Content-Type", "text/event-stream"), ("Cache-Control", "no-store")]
        return as_it_is("200 OK", headers, _Changes(self._newsroom, self._free.release))

    def review(self) -> Response:
        """The page with what `feeds review` says."""
        report = self._review()
        page = self._newsroom.ask(lambda snapshot: pages.review_page(self._context(snapshot), report))
        answer = responses.without_document("200 OK", page, HTML, request.environ)
        return as_it_is(answer.status, answer.headers, answer.body)

    def with_bar(self, response: Response) -> Response:
        """Adds the bar with what editors should know to a page, and marks at what only they see."""
        is_page = (response.content_type or "").startswith("text/html") and request.path != pages.REVIEW
        body = response.get_data() if is_page else b""
        place = pages.place_of_bar(body)
        if place is not None:
            made = self._newsroom.ask(lambda snapshot: self._page(snapshot, body, place))
            response.set_data(made)
            response.headers["Content-Length"] = str(len(made))
        return response

    def _page(self, snapshot: Snapshot, body: bytes, place: int) -> bytes:
        problems = [*snapshot.problems.all(), *self._problems_of_theme(snapshot)]
        return pages.with_bar(self._context(snapshot), body, place, request.path, problems, present())

    def _context(self, snapshot: Snapshot) -> Context:
        return Context.of(snapshot, self._newsroom.now(), self._newsroom.settings)

    def _problems_of_theme(self, snapshot: Snapshot) -> list[Problem]:
        """What is wrong with the theme's templates, found once after each change."""
        version = self._newsroom.version()
        if self._theme[0] != version:
            settings = self._newsroom.settings
            faults = theme_faults(snapshot, self._newsroom.now(), settings, _CHECKED)
            self._theme = (version, list(problems_of_templates(settings.data, faults)))
        return self._theme[1]


class _Changes:
    """Server-sent events: one for each change of the newsroom, and comments in between.

    A server notices only by writing that a page has been left.
    """

    def __init__(self, newsroom: LiveNewsroom, release: Callable[[], None]) -> None:
        self._newsroom = newsroom
        self._release: Callable[[], None] | None = release

    def __iter__(self) -> Iterator[bytes]:
        before = self._newsroom.version()
        while True:
            time.sleep(_APART)
            now = self._newsroom.version()
            yield b": \n\n" if now == before else b"data: saved\n\n"
            before = now

    def close(self) -> None:
        """Leaves its place to another page."""
        if self._release:
            self._release()
            self._release = None


def _for_this_machine() -> None:
    """Refuses other host names: by a name that leads here, another site's page could read the preview."""
    if request.host.rpartition(":")[0].strip("[]") not in NAMES and request.host.strip("[]") not in NAMES:
        abort(403)


def _uncompressed() -> None:
    """Asks for pages as they are, so that something can be put into them."""
    request.environ.pop("HTTP_ACCEPT_ENCODING", None)


def _marked(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    # Scripts of any site may read public feeds, but not these: an editor's browser reaches them.
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    for name in ("Access-Control-Allow-Origin", "ETag", "Last-Modified"):
        response.headers.pop(name, None)
    return response
