"""The Flask application behind the hot path: it makes what is not kept, and answers errors and `/healthz`.

Every address of the newsroom leads to one view. The documents it makes are kept for the next reader, except those of
most queries. Redirects, errors, and pages for addresses with nothing at them are made each time.
"""

from __future__ import annotations

import json
import logging
import os
import time
import weakref
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from wsgiref.types import WSGIApplication, WSGIEnvironment

import flask
from flask import Flask, current_app, request
from werkzeug.exceptions import HTTPException

from feeds.addresses import Addresses, ReleasePage
from feeds.catalogue import CompileReport
from feeds.catalogue.errors import AWAY, REFUSED
from feeds.concurrency.background import Background
from feeds.content import Scope, Settled
from feeds.delivery.caches import Purger
from feeds.delivery.indexnow import Indexer
from feeds.delivery.websub import Pusher
from feeds.errors import FeedsError
from feeds.model.problems import Problem
from feeds.publish.document import Missing, StoredFile
from feeds.publish.http.security_headers import TEXT
from feeds.settings import Settings
from feeds.web import bad_requests, health, media_files, passage_requests, path_prefix, responses
from feeds.web.flask_response import as_it_is
from feeds.web.hot_path import HotPath
from feeds.web.live_newsroom import LiveNewsroom, present
from feeds.web.responses import HttpResponse
from feeds.web.watcher import Watcher

if TYPE_CHECKING:
    from feeds.web.metrics import Metrics

Respond = Callable[[WSGIEnvironment], HttpResponse | StoredFile | Missing]

_log = logging.getLogger("feeds")
_changes = logging.getLogger("feeds.changes")
"""Logs, at level info, each release that a saved file changes for readers, and each mended file."""

_ADDRESSES = {
    "front": "/",
    "about": "/about",
    "help": "/help",
    "developers": "/developers",
    "directory": "/feeds/",
    "search": "/search",
    "year": "/<int:year>/",
    "outline": "/feeds.opml",
    "selection": "/feeds/<path:selection>",
    "release": "/releases/<year>/<slug>",
    "embedding": "/embed/",
    "headlines": "/embed/<shape>/<path:selection>",
    "verification": "/verify",
    "oembed": "/oembed",
}
"""The routes that exist in every language; all but the first language's begin with its tag."""

_ADDRESSES_WITHOUT_LANGUAGE = {
    "asset": "/static/<path:name>",
    "media": "/media/<digest>/<name>",
    "icon": "/favicon.ico",
    "sitemap": "/sitemap.xml",
    "sitemap_part": "/sitemap-<part>.xml",
    "robots": "/robots.txt",
    "other_spelling": "/<path:path>",  # leads to the one address of the same thing, or nowhere
}

_METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
"""The methods that are routed; all but the first three are answered with 405."""

_JSON = "application/json"


def create_app(
    settings: Settings | None = None,
    *,
    clock: Callable[[], datetime] = present,
    elapsed: Callable[[], float] = time.monotonic,
    hot: bool = True,
    preview: str = "",
    drafts: bool = False,
) -> Flask:
    """The newsroom as a WSGI application, compiled and ready; settings come from ``FEEDS_*`` if none are given.

    ``clock`` tells the time and may be set back or ahead; ``elapsed`` counts seconds and is never set. ``hot=False``
    leaves out the hot path: the same responses, made anew each time. ``preview`` marks a newsroom that is for editors
    only, and ``drafts`` shows drafts there: see `feeds.web.preview_app`. Raises FeedsError if there is no newsroom to
    publish.
    """
    settings = settings or Settings.from_environment(os.environ)
    app = Flask("feeds", static_folder=None)
    newsroom = LiveNewsroom(settings, Path(app.instance_path), clock, elapsed, preview, drafts=drafts)
    metrics = None if preview or not settings.metrics else _metrics(newsroom, clock)
    # If this worker ended now, the server could end the others, which still have what readers ask for.
    newsroom.start(waiting_for=(*AWAY, *REFUSED))
    _log_problems(_problems(newsroom))
    app.extensions["feeds"] = newsroom
    # As Flask documents it.
    app.wsgi_app = _layers(app, newsroom, metrics, hot=hot)  # type: ignore[method-assign, assignment]
    threads = _background(newsroom, settings, preview)
    app.extensions["feeds.background"] = threads
    weakref.finalize(app, _end, threads)
    if metrics and settings.metrics:
        metrics.serve(*settings.metrics, lambda: [each.trouble for each in threads if each.trouble])
    return app


def _layers(app: Flask, newsroom: LiveNewsroom, metrics: Metrics | None, *, hot: bool) -> WSGIApplication:
    """Gives Flask its routes, and puts before it what sees a request first; the last one is the outermost."""
    layers = bad_requests.in_front_of(app.wsgi_app)
    if hot:
        hot_path = HotPath(newsroom, newsroom.now)
        _add_views(app, _Views(newsroom, hot_path.respond))
        layers = hot_path.in_front_of(layers)
    else:
        _add_views(app, _Views(newsroom, lambda environ: responses.respond(newsroom, environ, newsroom.now())))
    if metrics:
        layers = metrics.in_front_of(layers)
    return path_prefix.in_front_of(layers, newsroom.settings.base_url, _own_names(newsroom))


def _background(newsroom: LiveNewsroom, settings: Settings, preview: str) -> tuple[Background, ...]:
    """Starts the background threads. For a preview, no hub, search engine or cache is told of changes."""
    pusher = None if preview else Pusher(newsroom.location, settings, newsroom.now)
    if pusher:
        pusher.start()
    indexer = None if preview else Indexer(newsroom.location, settings, newsroom.now)
    if indexer:
        indexer.start()
    purger = Purger(newsroom.location, settings, newsroom.now) if settings.cache_keys and not preview else None
    if purger:
        purger.start()
    watcher = None
    if settings.watch != "off" and not settings.is_replica:
        lead = newsroom.location.lead
        watcher = Watcher(settings.data, partial(_compile, newsroom), settings.watch, newsroom.now, lead)
        watcher.start()
    return tuple(filter(None, (watcher, pusher, indexer, purger)))


def _end(threads: Iterable[Background]) -> None:
    """Stops the threads of an application that nobody uses any more."""
    for each in threads:
        each.stop()


def _metrics(newsroom: LiveNewsroom, clock: Callable[[], datetime]) -> Metrics:
    """The counter of metrics. Raises FeedsError if the library for it is not installed."""
    try:
        from feeds.web.metrics import Metrics
    except ImportError as error:
        raise FeedsError("FEEDS_METRICS needs a library: pip install 'newsroom-feeds[metrics]'") from error
    return Metrics(newsroom, clock)


def _own_names(newsroom: LiveNewsroom) -> set[str]:
    """The first segments of the newsroom's paths, without the main language's tag, which its paths do not have."""
    rules = (*_ADDRESSES.values(), *_ADDRESSES_WITHOUT_LANGUAGE.values(), "/healthz")
    languages = newsroom.ask(lambda snapshot: snapshot.vocabulary.newsroom.languages)
    return {rule.split("/")[1] for rule in rules if rule != "/"} | {language.lower() for language in languages[1:]}


def _compile(newsroom: LiveNewsroom, settled: Settled, scope: Scope | None) -> CompileReport:
    """Compiles a change of the folder, and logs new problems, mended files and changed releases."""
    before = _problems(newsroom)
    report = newsroom.compile(settled, scope)
    if report.changed:  # else another worker compiled this, and has logged them
        now = _problems(newsroom)
        _log_problems(problem for problem in now if problem not in before)
        for file in sorted({each.file for each in before if each.fatal} - {each.file for each in now if each.fatal}):
            _changes.info("mended: %s", file)
        addresses = newsroom.ask(lambda snapshot: Addresses.of(snapshot.vocabulary, newsroom.settings.base_url))
        for each in report.news:
            address = addresses.absolute(ReleasePage(each.language, each.path))
            _changes.info("%s: %s %s", each.what, each.title, address)
    return report


def _problems(newsroom: LiveNewsroom) -> Sequence[Problem]:
    """The problems that the log may name: nothing of what is scheduled, unless only editors read the log."""
    if newsroom.settings.log == "full":
        return newsroom.ask(lambda snapshot: snapshot.problems.all())
    now = newsroom.now()
    return newsroom.ask(lambda snapshot: snapshot.problems.public(now))


def _log_problems(problems: Iterable[Problem]) -> None:
    for problem in problems:
        _log.warning("%s", problem)


def _add_views(app: Flask, views: _Views) -> None:
    # A redirect of Flask's own would name the host that the request names.
    app.url_map.merge_slashes = False
    add = partial(app.add_url_rule, strict_slashes=False, provide_automatic_options=False, methods=_METHODS)
    for endpoint, rule in _ADDRESSES.items():
        add(rule, endpoint, views.newsroom)
        add(f"/<language>{rule}", endpoint, views.newsroom)
    for endpoint, rule in _ADDRESSES_WITHOUT_LANGUAGE.items():
        add(rule, endpoint, views.newsroom)
    add("/healthz", "health", views.health)
    app.register_error_handler(HTTPException, views.failed)
    app.register_error_handler(FeedsError, views.unavailable)


class _Views:
    """The views of the Flask application."""

    def __init__(self, newsroom: LiveNewsroom, respond: Respond) -> None:
        self._newsroom = newsroom
        self._respond = respond
        self._state: dict[str, object] = {"status": "ok"}

    def newsroom(self, **_: str) -> flask.Response:
        """Answers for every address of the newsroom. The whole path is parsed, not the parts that Flask finds.

        So the same rules hold for an address that is asked for, one that is linked to, and one that is exported.
        """
        path = responses.path_of(request.environ) or "/"
        if passage_requests.is_passage(request.environ) and self._newsroom.takes_passages(path):
            return _sent(passage_requests.verify(self._newsroom.verified, request.environ))
        found = self._respond(request.environ)
        if isinstance(found, StoredFile):
            response = media_files.file_response(self._newsroom.stored, found, request.environ)
            return response or self._not_found(Missing(""))
        return self._not_found(found) if isinstance(found, Missing) else _sent(found)

    def health(self) -> flask.Response:
        """Answers load balancers and monitoring: 200 with the state of the newsroom; 503 while it cannot be read.

        While background work fails, such as taking up changes, the state is degraded, still with 200: readers are
        served, so a load balancer must go on sending them here. With `?fresh` the answer is 503 then.
        """
        if request.method not in ("GET", "HEAD"):
            refused = request.method != "OPTIONS"
            return _sent(responses.not_allowed() if refused else responses.options(shared=False))
        now = self._newsroom.now()
        full = self._newsroom.settings.health == "full"
        away = self._newsroom.database_trouble()
        if away is None:
            self._state = self._newsroom.ask(lambda snapshot: health.newsroom_state(snapshot, now, full=full))
        state = self._state  # with a database that is away, what it was last
        threads: Iterable[Background] = current_app.extensions["feeds.background"]
        found = [*(thread.trouble for thread in threads), away, None if away else health.purge_trouble(self._newsroom)]
        troubles = [trouble for trouble in found if trouble]
        state = health.with_troubles(state, troubles)
        status = "503 Service Unavailable" if troubles and "fresh" in request.args else "200 OK"
        body = f"{json.dumps(state, indent=2, sort_keys=True)}\n"
        return _sent(responses.without_document(status, body.encode(), _JSON, request.environ))

    def failed(self, error: HTTPException) -> flask.Response:
        """Answers if Flask finds no endpoint or does not route the method, or if the program has failed."""
        if error.code == 404:
            return self.newsroom()  # another program may have had a release or feed at this address
        if error.code == 405:
            return _sent(responses.not_allowed())
        status = f"{error.code or 500} {error.name}"
        return _sent(responses.without_document(status, f"{error.name}\n".encode(), TEXT, request.environ))

    def unavailable(self, error: FeedsError) -> flask.Response:
        """Answers while the newsroom cannot be read."""
        _log.error("%s", error)
        return _sent(responses.unavailable(request.environ))

    def _not_found(self, missing: Missing) -> flask.Response:
        page = self._newsroom.missing(responses.path_of(request.environ) or "/", missing)
        return _sent(responses.not_found(missing, page, request.environ))


def _sent(response: HttpResponse) -> flask.Response:
    return as_it_is(response.status, response.headers, response.body)
