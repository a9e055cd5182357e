"""The Flask application: one endpoint for each kind of address, and the hot path in front of them all.

Flask answers what the hot path leaves over: addresses that do not exist, errors, and the health check. The routes
of the newsroom answer by the same functions as the hot path, so either gives the same reply.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask, Response, current_app, jsonify, request
from werkzeug.exceptions import HTTPException

import feeds
from feeds.addresses import Addresses, Front
from feeds.document import Missing
from feeds.errors import FeedsError
from feeds.render import html
from feeds.settings import Settings
from feeds.web import replies
from feeds.web.hot import HotPath
from feeds.web.newsroom import LiveNewsroom
from feeds.web.watching import Watcher
from feeds.words import Words

Clock = Callable[[], datetime]

_log = logging.getLogger("feeds")

_PATHS = (
    ("front", "/"),
    ("front_in_language", "/<language>/"),
    ("directory", "/feeds/"),
    ("outline", "/feeds.opml"),
    ("selection", "/feeds/<path:selection>"),
    ("release", "/releases/<year>/<slug>"),
    ("in_language", "/<language>/<path:rest>"),
    ("asset", "/static/<path:name>"),
)
_SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'",
}


def now() -> datetime:
    """The moment it is: the web's one clock."""
    return datetime.now(UTC)


def instance_folder() -> Path:
    """Flask's instance folder: where the catalogue lives unless another place is configured."""
    return Path(Flask("feeds").instance_path)


def create_app(settings: Settings | None = None, *, clock: Clock = now, hot: bool = True) -> Flask:
    """The newsroom as a WSGI application, compiled and ready; settings come from ``FEEDS_*`` if none are given.

    ``clock`` says what time it is. ``hot=False`` leaves out the hot path: the same replies, made anew each time.
    Raises FeedsError if there is no newsroom to publish.
    """
    settings = settings or Settings.from_environment(os.environ)
    app = Flask("feeds", static_folder=None)
    app.json.sort_keys = True  # type: ignore[attr-defined]  # the default provider has it, the base class not
    newsroom = LiveNewsroom(settings, Path(app.instance_path))
    newsroom.compile()
    _tell_problems(newsroom)
    app.extensions["feeds"] = (newsroom, clock)
    for name, rule in _PATHS:
        app.add_url_rule(rule, name, _answer, strict_slashes=False, provide_automatic_options=False, methods=_METHODS)
    app.add_url_rule("/healthz", "health", _health)
    app.register_error_handler(HTTPException, _failed)
    app.register_error_handler(FeedsError, _unavailable)
    if hot:
        app.wsgi_app = HotPath(app.wsgi_app, newsroom, clock)  # type: ignore[method-assign]  # as Flask documents it
    if settings.watch != "off":
        Watcher(settings.data, newsroom.compile, settings.watch).start()
    return app


_METHODS = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"]
"""What the newsroom's routes are asked; all but the first three are answered with 405."""


def _tell_problems(newsroom: LiveNewsroom) -> None:
    with newsroom.catalogue.reading() as snapshot:
        for problem in snapshot.problems():
            _log.warning("%s", problem)


def _newsroom() -> tuple[LiveNewsroom, Clock]:
    newsroom, clock = current_app.extensions["feeds"]
    return newsroom, clock


def _answer(**_: str) -> Response:
    newsroom, clock = _newsroom()
    # The hot path has asked already, and left word if there is nothing.
    asked = replies.MISSING in request.environ
    reply = None if asked else replies.answer_of(newsroom, request.environ, clock())
    if reply is None:
        return _missing()
    response = Response(reply.body, status=reply.status)
    response.headers.clear()
    response.headers.extend(reply.headers)
    return response


def _missing() -> Response:
    """404 as a page: what is not here, and where to look instead."""
    newsroom, _ = _newsroom()
    with newsroom.catalogue.reading() as snapshot:
        vocabulary, base = snapshot.vocabulary, snapshot.base_url
    addresses = Addresses(base, vocabulary.newsroom.languages)
    asked = addresses.parse(request.path)
    language = asked.language if asked else vocabulary.newsroom.language
    missing = request.environ.get(replies.MISSING)
    hint = missing.hint if isinstance(missing, Missing) else addresses.make(Front(language))
    words = Words.of(language)
    body = html.page("missing", {"words": words, "language": language, "direction": words.direction,
                                 "hint": addresses.prefix + hint})  # fmt: skip
    return Response(body, 404, _SAFE, content_type="text/html; charset=utf-8")


def _failed(error: HTTPException) -> Response:
    if error.code == 404:
        return _missing()
    response = Response(f"{error.name}\n", error.code, _SAFE, content_type="text/plain; charset=utf-8")
    if error.code == 405:
        response.headers["Allow"] = replies.METHODS
    return response


def _unavailable(error: FeedsError) -> Response:
    _log.error("%s", error)
    reply = replies.unavailable(request.environ)
    return Response(reply.body, reply.status, reply.headers)


def _health() -> Response:
    """For machines: that the newsroom answers, with what, and how many problems an editor should look at."""
    newsroom, clock = _newsroom()
    with newsroom.catalogue.reading() as snapshot:
        health = {
            "status": "ok",
            "version": feeds.__version__,
            "releases": snapshot.visible(clock()),
            "problems": len(snapshot.problems()),
        }
    response = jsonify(health)
    response.headers.update(_SAFE)
    return response
