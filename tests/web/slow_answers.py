"""A server whose answer at /slow goes on when a file is there: python -m tests.web.slow_answers PORT FILE."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment

from feeds.web.server import serve
from tests.tools import wait_until

GATE = "GATE"


def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """The application under test."""
    start_response("200 OK", [("Content-Type", "text/plain")])
    return slowly(Path(os.environ[GATE])) if environ["PATH_INFO"] == "/slow" else [b"ready"]


def slowly(gate: Path) -> Iterator[bytes]:
    """The first piece at once, the rest when there is a file at ``gate``."""
    yield b"the beginning, "
    wait_until(gate.exists, "the gate is open")
    yield b"the end"


if __name__ == "__main__":
    os.environ[GATE] = sys.argv[2]
    serve(f"{__package__}.slow_answers:application", port=int(sys.argv[1]), workers=2, factory=False)
