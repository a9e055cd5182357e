"""What the servers in these tests serve: a full desk behind the hot path, on the real clock."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from feeds.web.hot_path import HotPath
from feeds.web.server import serve

from .desk import a_document, a_full_desk

LARGE = "/large"
LONG_PAGE = "/application/long"


def behind(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """An application that sends a long page in many pieces, and knows nothing else."""
    if environ["PATH_INFO"] != LONG_PAGE:
        start_response("404 Not Found", [("Content-Type", "text/plain"), ("Content-Length", "12")])
        return [b"nothing here"]
    start_response("200 OK", [("Content-Type", "text/plain")])
    return (b"x" * 10_000 for _ in range(800))


def application() -> WSGIApplication:
    """The application under test."""
    desk = a_full_desk()
    desk.answers[LARGE] = a_document(b"0123456789abcdef" * 250_000, media_type="application/octet-stream")
    return HotPath(behind, desk, lambda: datetime.now(UTC))


if __name__ == "__main__":  # python -m tests.web.served PORT SECONDS
    serve(f"{__package__}.served:application", port=int(sys.argv[1]), workers=2, head_seconds=int(sys.argv[2]))
