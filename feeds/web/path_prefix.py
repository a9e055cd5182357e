"""Removes the path of the base address from the paths of requests, where the proxy in front has left it there."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable
from urllib.parse import unquote_to_bytes, urlsplit
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from feeds.publish.document import Moved
from feeds.web import responses

_log = logging.getLogger("feeds")


def in_front_of(app: WSGIApplication, base_url: str, own: Collection[str]) -> WSGIApplication:
    """A WSGI application that answers at both paths: with the path of ``base_url`` and without it.

    ``own`` are the first segments of the newsroom's own paths. Where the base address ends in one of them, nobody can
    tell the two paths apart, so the proxy has to take it off.
    """
    path = urlsplit(base_url).path.rstrip("/")
    prefix = unquote_to_bytes(path).decode("latin-1")
    if not prefix:
        return app
    if prefix.split("/")[1].lower() in own:
        _log.warning(
            "FEEDS_BASE_URL: “%s” begins like addresses of the newsroom itself: the proxy has to take it off"
            " (or choose another path)", path
        )  # fmt: skip
        return app
    below = f"{prefix}/"

    def shortened(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        asked = environ.get("PATH_INFO", "")
        if asked.startswith(below):
            environ["PATH_INFO"] = asked[len(prefix) :]
        elif asked == prefix:
            moved = responses.redirect(Moved(f"{path}/"), environ)
            start_response(moved.status, moved.headers)
            return [moved.body]
        return app(environ, start_response)

    return shortened
