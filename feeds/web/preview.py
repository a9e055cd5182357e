"""The preview for editors: the newsroom at a given moment, marked on every page and in every title.

Its clock stands still at that moment. It has a catalogue of its own and no hub, and no cache and no search engine may
keep it. `feeds serve --at` runs it, on an address that only this machine reaches.
"""

from __future__ import annotations

import os
from datetime import datetime

from flask import Flask, Response, abort, request

from feeds.settings import Settings
from feeds.web.app import create_app as create_newsroom

AT = "NEWSROOM_PREVIEW_AT"
"""The environment variable by which the command line passes the moment to its worker (RFC 3339)."""

NAMES = ("127.0.0.1", "::1", "localhost")
"""The host names under which the preview may be asked for."""


def create_app(settings: Settings | None = None, at: datetime | None = None) -> Flask:
    """The newsroom at a moment, as a WSGI application."""
    moment = at or datetime.fromisoformat(os.environ[AT])
    mark = f"PREVIEW {moment.isoformat(sep=' ', timespec='minutes')}"
    app = create_newsroom(settings, clock=lambda: moment, hot=False, preview=mark)
    app.before_request(_for_this_machine)
    app.after_request(_marked)
    return app


def _for_this_machine() -> None:
    """Refuses all other host names: somebody could point his own to this machine, for his page to read the preview."""
    if request.host.rpartition(":")[0].strip("[]") not in NAMES and request.host.strip("[]") not in NAMES:
        abort(403)


def _marked(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    # Scripts of any site may read public feeds, but not these: an editor's browser reaches them.
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    for name in ("Access-Control-Allow-Origin", "ETag", "Last-Modified"):
        response.headers.pop(name, None)
    return response
