"""`feeds` with a clock that a file sets ahead by so many days: the machine's own belongs to everybody on it."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime, timedelta
from functools import cache, partial

from flask import Flask

import feeds.cli.serve
import feeds.web
from feeds.cli import main
from feeds.web.server import serve as from_workers


def leaping() -> datetime:
    """The time by that clock; DAYS_AHEAD in the environment names the file."""
    return datetime.now(UTC) + timedelta(days=int(os.pread(_days_ahead(), 9, 0)))


@cache
def _days_ahead() -> int:
    """The file, open: a clock is there even when no more files can be opened."""
    return os.open(os.environ["DAYS_AHEAD"], os.O_RDONLY)


def create_app() -> Flask:
    """The application in a worker."""
    return feeds.web.create_app(clock=leaping)


if __name__ == "__main__":  # python -m tests.year.leaping serve …
    workers = partial(from_workers, "tests.year.leaping:create_app")
    setattr(sys.modules["feeds.cli.serve"], "run", lambda _, **options: workers(**options))  # noqa: B010 - mypy
    main()
