"""A newsroom with a key for IndexNow, and search engines that listen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from feeds.delivery.http_client import Reply
from feeds.delivery.indexnow.delivery import SETTLE, IndexNowDelivery
from tests.makers import BASE, NEWSROOM, Bench, a_newsroom, write, yaml

KEY = "3f9c2b7e41d84a06"
NOON = datetime(2021, 6, 24, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


class Office(Bench):
    """A newsroom with a key, in the hands of an editor."""

    def __init__(self, path: Path, more: str = f"indexnow: {KEY}\n") -> None:
        super().__init__(a_newsroom(path, newsroom=NEWSROOM + more))

    def release(self, name: str, title: str = "A release", published: datetime = NOON, **fields: Any) -> None:
        write(self.folder, f"2021/2021-06-01-{name}.yaml", yaml(title=title, published=published, **fields))

    def remove(self, name: str) -> None:
        (self.folder / f"releases/2021/2021-06-01-{name}.yaml").unlink()


@dataclass
class SearchEngines:
    """What they were told, and how they answer."""

    status: int = 200
    retry_after: int = 0
    batches: list[list[str]] = field(default_factory=list)
    asked: int = 0

    def submit(self, endpoint: str, base: str, key: str, paths: Sequence[str]) -> Reply:
        assert (endpoint, base, key) == ("https://api.indexnow.org/indexnow", BASE, KEY)
        self.asked += 1
        reply = Reply(self.status, retry_after=self.retry_after)
        if reply.status in (200, 202):
            self.batches.append(list(paths))
        return reply

    def told(self) -> list[str]:
        """What they were told since the last call, sorted."""
        found = sorted(path for batch in self.batches for path in batch)
        self.batches.clear()
        return found


class Round:
    """Compiles and delivers, with a clock that a test turns."""

    def __init__(self, office: Office, now: datetime = NOON) -> None:
        self.office = office
        self.now = now
        self.engines = SearchEngines()
        self.delivery = IndexNowDelivery(office.location, office.settings, submit=self.engines.submit)

    def turn(self) -> list[str]:
        """What search engines are told of the folder as it is now, once it has settled."""
        self.office.compile(now=self.now)
        self.delivery.turn(self.now)
        self.now += SETTLE
        while self.delivery.turn(self.now):
            pass
        return self.engines.told()
