"""The Flask application: one endpoint for each kind of address, and the hot path in front of them all.

Flask answers what the hot path leaves over: addresses that do not exist, errors, and the health check. The routes
of the newsroom answer by the same functions as the hot path, so either gives the same reply.
"""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from flask import Flask, Response, current_app, request
from werkzeug.exceptions import HTTPException

from feeds.catalogue import Report
from feeds.catalogue.compile import Sweep
from feeds.document import Missing
from feeds.errors import FeedsError, Problem
from feeds.settings import Settings
from feeds.web import health, responses, security_headers
from feeds.web.hot_path import HotPath
from feeds.web.live_newsroom import LiveNewsroom, present
from feeds.web.representation import sharing
from feeds.web.watcher import Watcher
from feeds.websub import Pusher

Clock = Callable[[], datetime]

_log = logging.getLogger("feeds")

_PATHS = (
    ("front", "/"),
    ("front_in_language", "/<language>/"),
    ("about", "/about"),
    ("help", "/help"),
    ("directory", "/feeds/"),
    ("outline", "/feeds.opml"),
    ("selection", "/feeds/<path:selection>"),
    ("release", "/releases/<year>/<slug>"),
    ("in_language", "/<language>/<path:rest>"),
    ("asset", "/static/<path:name>"),
    ("icon", "/favicon.ico"),
    ("sitemap", "/sitemap.xml"),
    ("sitemap_part", "/sitemap-<part>.xml"),
    ("robots", "/robots.txt"),
)
_JSON = "application/json"


def instance_folder() -> Path:
    """Flask's instance folder: where the catalogue lives unless another place is configured."""
    return Path(Flask("feeds").instance_path)


def create_app(
    settings: Settings | None = None,
    *,
    clock: Clock = present,
    elapsed: Callable[[], float] = time.monotonic,
    hot: bool = True,
    preview: str = "",
) -> Flask:
    """The newsroom as a WSGI application, compiled and ready; settings come from ``FEEDS_*`` if none are given.

    ``clock`` tells the time and may be set by anybody; ``elapsed`` counts seconds, whatever is done to the clock.
    ``hot=False`` leaves out the hot path: the same replies, made anew each time.
    ``preview`` marks a newsroom that is for editors only: see the module of that name.
    Raises FeedsError if there is no newsroom to publish.
    """
    settings = settings or Settings.from_environment(os.environ)
    app = Flask("feeds", static_folder=None)
    newsroom = LiveNewsroom(settings, Path(app.instance_path), clock, elapsed, preview)
    newsroom.compile()
    clock = newsroom.now
    _tell(_problems(newsroom))
    app.extensions["feeds"] = (newsroom, clock)
    for name, rule in _PATHS:
        app.add_url_rule(rule, name, _answer, strict_slashes=False, provide_automatic_options=False, methods=_METHODS)
    app.add_url_rule("/healthz", "health", _health, provide_automatic_options=False, methods=_METHODS)
    app.register_error_handler(HTTPException, _failed)
    app.register_error_handler(FeedsError, _unavailable)
    if hot:
        app.wsgi_app = HotPath(app.wsgi_app, newsroom, clock)  # type: ignore[method-assign]  # as Flask documents it
    # What is for editors only is no hub's business.
    pusher = None if preview else Pusher(newsroom.place, settings, clock)
    if pusher and newsroom.hub:
        pusher.start()
    watcher = None
    if settings.watch != "off":
        watcher = Watcher(settings.data, partial(_compile, newsroom, pusher), settings.watch, clock)
        watcher.start()
    app.extensions["feeds.background"] = tuple(filter(None, (watcher, pusher)))
    return app


_METHODS = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"]
"""What the newsroom's routes are asked; all but the first three are answered with 405."""


def _compile(newsroom: LiveNewsroom, pusher: Pusher | None, settled: Sweep) -> Report:
    """What a change of the folder sets going; it may be the change that names a hub."""
    before = _problems(newsroom)
    report = newsroom.compile(settled)
    if report.changed:  # else another worker compiled this, and has told
        _tell(problem for problem in _problems(newsroom) if problem not in before)
    if pusher and newsroom.hub:
        pusher.start()
    return report


def _problems(newsroom: LiveNewsroom) -> Sequence[Problem]:
    return newsroom.ask(lambda snapshot: snapshot.problems())


def _tell(problems: Iterable[Problem]) -> None:
    for problem in problems:
        _log.warning("%s", problem)


def _newsroom() -> tuple[LiveNewsroom, Clock]:
    newsroom, clock = current_app.extensions["feeds"]
    return newsroom, clock


def _answer(**_: str) -> Response:
    newsroom, clock = _newsroom()
    # The hot path has asked already, and left word if there is nothing.
    asked = responses.MISSING in request.environ
    reply = None if asked else responses.answer_of(newsroom, request.environ, clock())
    if reply is None:
        return _missing()
    return _sent(reply)


def _sent(reply: responses.Reply) -> Response:
    response = Response(reply.body, status=reply.status)
    response.headers.clear()
    response.headers.extend(reply.headers)
    return response


def _missing() -> Response:
    """404 or 410 as a page: what is not here, or no longer, and where to look instead."""
    newsroom, clock = _newsroom()
    missing = request.environ.get(responses.MISSING)
    if not isinstance(missing, Missing):
        missing = Missing("")
    body = newsroom.missing(request.path, missing.hint or None, clock(), gone=missing.gone)
    return _own(410 if missing.gone else 404, body, security_headers.HTML)


def _failed(error: HTTPException) -> Response:
    if error.code == 404:
        return _missing()
    response = _own(error.code or 500, f"{error.name}\n", security_headers.TEXT)
    if error.code == 405:
        response.headers["Allow"] = responses.METHODS
    return response


def _unavailable(error: FeedsError) -> Response:
    _log.error("%s", error)
    return _sent(responses.unavailable(request.environ))


def _own(status: int, body: str | bytes, media_type: str) -> Response:
    """What no document stands behind, and nobody is to keep."""
    headers = [("Cache-Control", "no-store"), *sharing(False), *security_headers.policies(media_type)]
    return Response(body, status, headers, content_type=media_type)


def _health() -> Response:
    """For machines: that the newsroom answers and with what; 503 while it cannot be read.

    What it says stands in `health`. While changes are not taken up the newsroom is degraded: readers are served, so a
    balancer must leave it where it is; whoever asks for `?fresh` is told by a 503.
    """
    if request.method not in ("GET", "HEAD"):
        return _sent(responses.options(shared=False) if request.method == "OPTIONS" else responses.not_allowed())
    newsroom, clock = _newsroom()
    moment = clock()
    full = newsroom.settings.health == "full"
    state = newsroom.ask(lambda snapshot: health.state(snapshot, moment, full=full))
    threads: Iterable[Watcher | Pusher] = current_app.extensions["feeds.background"]
    troubles = [thread.trouble for thread in threads if thread.trouble]
    state = health.with_troubles(state, troubles)
    status = 503 if troubles and "fresh" in request.args else 200
    return _own(status, json.dumps(state, indent=2, sort_keys=True) + "\n", _JSON)
