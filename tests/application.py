"""The application of a content folder, asked in this process at any time that a test sets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from werkzeug.test import Client

from feeds.settings import Settings
from feeds.web import create_app
from feeds.web.live_newsroom import LiveNewsroom
from tests.makers import BASE, NOW, known_paths


@dataclass
class Clock:
    """Shows what a test sets."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def wait(self, seconds: float) -> None:
        """Lets so much time pass."""
        self.now += timedelta(seconds=seconds)


Said = tuple[int, tuple[tuple[str, str], ...], bytes]


class Served:
    """The application of a content folder, with a clock to turn."""

    def __init__(self, folder: Path, now: datetime, *, hot: bool = True, catalogue: str = "catalogue") -> None:
        self.settings = Settings(data=folder, state=folder.parent / catalogue, base_url=BASE, entries=3, watch="off")
        self.clock = Clock(now)
        self.app = create_app(self.settings, clock=self.clock, hot=hot)
        self.newsroom: LiveNewsroom = self.app.extensions["feeds"]
        self.client = Client(self.app)

    def ask(self, path: str) -> Said:
        """Status, headers and body."""
        response = self.client.get(path, headers={"Accept-Encoding": "gzip"})
        return response.status_code, tuple(response.headers), response.get_data()

    def status(self, path: str) -> int:
        """The status alone."""
        return self.ask(path)[0]

    def text(self, path: str) -> str:
        """The body as text."""
        return self.client.get(path).get_data(as_text=True)

    def paths(self, now: datetime) -> set[str]:
        """Every address that has a document at a moment."""
        with self.newsroom.catalogue.reading() as snapshot:
            return set(known_paths(snapshot, self.settings, now))

    def all(self, paths: Iterable[str]) -> dict[str, Said]:
        """The answers at these addresses."""
        return {path: self.ask(path) for path in sorted(paths)}
