"""The newsroom as it will be, for editors: marked on every page and in every title, for no cache and no search engine.

Its clock stands still at the moment asked for, so that two looks compare. It has a catalogue of its own and tells no
hub. `feeds serve --at` runs it, and lets it listen to this machine alone.
"""

from __future__ import annotations

import os
from datetime import datetime

from flask import Flask, Response

from feeds.settings import Settings
from feeds.web.app import create_app as create_newsroom

AT = "NEWSROOM_PREVIEW_AT"
"""How the command line tells its worker for which moment (RFC 3339)."""


def create_app(settings: Settings | None = None, at: datetime | None = None) -> Flask:
    """The newsroom at a moment, as a WSGI application."""
    moment = at or datetime.fromisoformat(os.environ[AT])
    mark = f"PREVIEW {moment.isoformat(sep=' ', timespec='minutes')}"
    app = create_newsroom(settings, clock=lambda: moment, hot=False, preview=mark)
    app.after_request(_marked)
    return app


def _marked(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    # Without these nobody can be told that nothing has changed since.
    for name in ("ETag", "Last-Modified"):
        response.headers.pop(name, None)
    return response
