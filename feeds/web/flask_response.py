"""Flask's response with the headers it was given, and no others."""

from __future__ import annotations

from collections.abc import Iterable
from wsgiref.types import WSGIEnvironment

import flask
from werkzeug.datastructures import Headers

from feeds.publish.http.security_headers import Header


class _AsItIs(flask.Response):
    """Werkzeug would take Last-Modified from a 304."""

    def get_wsgi_headers(self, environ: WSGIEnvironment) -> Headers:
        """The headers, unchanged."""
        return self.headers


def as_it_is(status: str, headers: Iterable[Header], body: bytes | Iterable[bytes]) -> flask.Response:
    """A response with exactly these headers."""
    sent = _AsItIs(body, status=status)
    sent.headers.clear()
    sent.headers.extend(list(headers))
    return sent
