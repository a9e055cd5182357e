"""The newsroom as it will be, for editors: marked on every page and in every title, for no cache and no search engine.

Its clock stands still at the moment asked for, so that two looks compare. It has a catalogue of its own and tells no
hub. `feeds serve --at` runs it, and lets it listen to this machine alone.
"""

from __future__ import annotations

import os
from datetime import datetime

from flask import Flask, Response, abort, request

from feeds.settings import Settings
from feeds.web.app import create_app as create_newsroom

AT = "NEWSROOM_PREVIEW_AT"
"""How the command line tells its worker for which moment (RFC 3339)."""

NAMES = ("127.0.0.1", "::1", "localhost")
"""What this machine is called by those who mean it."""


def create_app(settings: Settings | None = None, at: datetime | None = None) -> Flask:
    """The newsroom at a moment, as a WSGI application."""
    moment = at or datetime.fromisoformat(os.environ[AT])
    mark = f"PREVIEW {moment.isoformat(sep=' ', timespec='minutes')}"
    app = create_newsroom(settings, clock=lambda: moment, hot=False, preview=mark)
    app.before_request(_for_this_machine)
    app.after_request(_marked)
    return app


def _for_this_machine() -> None:
    """Refuses a name that somebody has made to lead to this machine, so that his page could read what is here."""
    if request.host.rpartition(":")[0].strip("[]") not in NAMES and request.host.strip("[]") not in NAMES:
        abort(403)


def _marked(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    # Public feeds may be read by any site's scripts; these not, though an editor's browser reaches them.
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    for name in ("Access-Control-Allow-Origin", "ETag", "Last-Modified"):
        response.headers.pop(name, None)
    return response
