"""Three clients that keep state, as those who wrote them would: what each has noticed, poll by poll.

They share no code that reads a feed. All follow RFC 5005 section 4 in the same way: a document in which everything
is news is a sign that older news may have left it, so the one before it is fetched as well.
"""

from __future__ import annotations

import json
from calendar import timegm
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection
from typing import Any, Protocol
from urllib.parse import urlsplit

import feedparser

from tests.tools import DEAD
from tests.wire import readers  # noqa: F401 - prepares the reader library's import
from tests.year.ledger import Event

from reader import EntryUpdateStatus, Reader, make_reader  # isort: skip


@dataclass
class Subscription:
    """What is kept of one feed."""

    known: dict[str, datetime] = field(default_factory=dict)
    """The last change that was noticed of each release."""
    texts: dict[str, str] = field(default_factory=dict)

    def take(self, id_: str, updated: datetime, text: str) -> Event | None:
        """What a release in a document means; None if its last change is known."""
        before = self.known.get(id_)
        if before is not None and updated < before:
            return None
        self.known[id_] = updated
        self.texts[id_] = text
        return None if before == updated else Event(updated, id_, before is None)


class Client(Protocol):
    """Somebody who reads feeds."""

    suffix: str

    def poll(self, url: str) -> list[Event]:
        """What is new or was updated since the last poll."""

    def subscription(self, url: str) -> Subscription:
        """What it keeps of a feed."""


@dataclass(frozen=True, slots=True)
class Item:
    """One release in a document."""

    id: str
    updated: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Page:
    """One document."""

    items: list[Item]
    older: str | None


class Following:
    """The state of a client that reads documents by itself."""

    def __init__(self) -> None:
        self._subscriptions: dict[str, Subscription] = {}

    def subscription(self, url: str) -> Subscription:
        """What it keeps of a feed."""
        return self._subscriptions.setdefault(url, Subscription())

    def poll(self, url: str) -> list[Event]:
        """What is new or was updated since the last poll."""
        noticed: list[Event] = []
        page = self._live(url)
        met: set[str] = set()
        while page:
            ids = [item.id for item in page.items]
            assert len(ids) == len({*ids} - met), "one release stands in two places"
            met |= {*ids}
            taken = [self.subscription(url).take(item.id, item.updated, item.text) for item in page.items]
            noticed += [event for event in taken if event]
            page = self._fetch(page.older) if page.older and all(taken) else None
        return noticed

    def _live(self, url: str) -> Page | None:
        """The document that is subscribed to; None if it has not changed since the last time."""
        raise NotImplementedError

    def _fetch(self, url: str) -> Page:
        """Any other."""
        raise NotImplementedError


class JsonFeedClient(Following):
    """Reads JSON Feed 1.1 by its specification, and nothing that is not in it."""

    suffix = "json"

    def __init__(self) -> None:
        super().__init__()
        self._tags: dict[str, str] = {}
        self._connection: HTTPConnection | None = None

    def _live(self, url: str) -> Page | None:
        return self._ask(url, {"If-None-Match": self._tags[url]} if url in self._tags else {})

    def _fetch(self, url: str) -> Page:
        page = self._ask(url, {})
        assert page
        return page

    def _ask(self, url: str, headers: dict[str, str]) -> Page | None:
        parts = urlsplit(url)
        connection = HTTPConnection(parts.netloc, timeout=DEAD)
        try:
            connection.request("GET", parts.path, headers=headers)
            answer = connection.getresponse()
            body = answer.read()
        finally:
            connection.close()
        if answer.status == 304:
            return None
        assert answer.status == 200, (url, answer.status)
        self._tags[url] = answer.headers["ETag"]
        document = json.loads(body)
        assert document["version"] == "https://jsonfeed.org/version/1.1"
        return Page([self._item(item) for item in document["items"]], document.get("next_url"))

    def _item(self, item: dict[str, Any]) -> Item:
        modified = item.get("date_modified", item["date_published"])
        return Item(item["id"], datetime.fromisoformat(modified), item["content_html"])


class RssClient(Following):
    """Reads RSS with feedparser and keeps both validators, as its manual says."""

    suffix = "rss"

    def __init__(self) -> None:
        super().__init__()
        self._validators: dict[str, dict[str, str]] = {}

    def _live(self, url: str) -> Page | None:
        found = feedparser.parse(url, **self._validators.get(url, {}))
        if found.status == 304:
            return None
        self._validators[url] = {"etag": found.etag, "modified": found.modified}
        return self._page(found)

    def _fetch(self, url: str) -> Page:
        return self._page(feedparser.parse(url))

    def _page(self, found: feedparser.FeedParserDict) -> Page:
        assert found.status == 200
        assert not found.bozo
        return Page([self._item(entry) for entry in found.entries], older(found))

    def _item(self, entry: feedparser.FeedParserDict) -> Item:
        updated = dict.get(entry, "updated_parsed") or entry.published_parsed
        return Item(entry.id, datetime.fromtimestamp(timegm(updated), UTC), entry.content[0].value)


def older(found: feedparser.FeedParserDict) -> str | None:
    """The archive document before this one."""
    return next((link.href for link in found.feed.links if link.rel == "prev-archive"), None)


class AtomClient:
    """The reader library, which decides by itself what is new and what was modified.

    It follows no archives; so its owner subscribes to each of them when nothing in the feed was known.
    """

    suffix = "atom"

    def __init__(self) -> None:
        self._reader = make_reader(":memory:")
        self._reader.after_entry_update_hooks.append(self._notice)
        self._subscriptions: dict[str, Subscription] = {}
        self._current = Subscription()
        self._noticed: list[Event] = []

    def subscription(self, url: str) -> Subscription:
        """What it keeps of a feed."""
        return self._subscriptions.setdefault(url, Subscription())

    def close(self) -> None:
        """Closes the library's database."""
        self._reader.close()

    def poll(self, url: str) -> list[Event]:
        """What is new or was updated since the last poll."""
        self._current, self._noticed = self.subscription(url), []
        following: str | None = url
        while following:
            before = len(self._noticed)
            self._reader.add_feed(following, exist_ok=True)
            updated = self._reader.update_feed(following)
            nothing_known = updated is not None and updated.total == len(self._noticed) - before
            following = older(feedparser.parse(following)) if nothing_known else None
        return self._noticed

    def _notice(self, _: Reader, entry: Any, status: EntryUpdateStatus) -> None:
        moved = self._current.take(entry.id, entry.updated, entry.content[0].value)
        if moved:
            # What it has seen in one document may have gone to another since, and be new there.
            assert moved.new is False or status is EntryUpdateStatus.NEW
            self._noticed.append(moved)
