"""What the servers in these tests serve: a full desk behind the hot path, on the real clock."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from feeds.web.server import serve

from .desk import Application, a_document, a_full_desk

LARGE = "/large"
LONG_PAGE = "/application/long"


class WithALongPage(Application):
    """An application that also sends a long page of its own in many pieces."""

    def _view(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] != LONG_PAGE:
            return super()._view(environ, start_response)
        start_response("200 OK", [("Content-Type", "text/plain")])
        return (b"x" * 10_000 for _ in range(800))


def application() -> WSGIApplication:
    """The application under test."""
    desk = a_full_desk()
    desk.answers[LARGE] = a_document(b"0123456789abcdef" * 250_000, media_type="application/octet-stream")
    return WithALongPage(desk, lambda: datetime.now(UTC))


if __name__ == "__main__":  # python -m tests.web.served PORT SECONDS
    serve(f"{__package__}.served:application", port=int(sys.argv[1]), workers=2, head_seconds=int(sys.argv[2]))
