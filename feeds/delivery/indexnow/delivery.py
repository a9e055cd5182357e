"""Delivers changed pages to search engines, one turn at a time. The worker decides when a turn is taken."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from feeds.catalogue import CatalogueLocation, Snapshot
from feeds.delivery.http_client import Outcome, Reply, pause
from feeds.delivery.indexnow import client
from feeds.delivery.indexnow.changed_pages import changed_pages
from feeds.delivery.indexnow.client import MOST, Submit
from feeds.delivery.outbox_delivery import OutboxDelivery
from feeds.memory.indexnow_outbox import IndexNowOutbox, PageChanges, PendingPage
from feeds.settings import Settings

SETTLE = timedelta(seconds=10)
"""Time from a change to its submission: what editors save within it is submitted together."""

LONGEST_PAUSE = timedelta(hours=1)
"""The longest time between two attempts."""

WAIT_FOR_CACHES = timedelta(minutes=1)
"""The longest time that search engines wait for caches in front of the newsroom to be told of a change."""

GIVE_UP_AFTER = timedelta(days=7)
"""A page whose submission has failed for so long is dropped."""

_log = logging.getLogger("feeds")


class IndexNowDelivery(OutboxDelivery[IndexNowOutbox, PageChanges | None]):
    """Delivers the changed pages of one catalogue."""

    def __init__(
        self,
        location: CatalogueLocation,
        settings: Settings,
        *,
        submit: Submit = client.submit,
        settle: timedelta = SETTLE,
    ) -> None:
        super().__init__(location, IndexNowOutbox)
        self._settings = settings
        self._submit = submit
        self._settle = settle
        self._base = ""
        self._key: str | None = None

    def _changes(self, snapshot: Snapshot, outbox: IndexNowOutbox, now: datetime) -> PageChanges | None:
        self._key = snapshot.vocabulary.newsroom.indexnow
        self._base = snapshot.base_url
        return changed_pages(snapshot, outbox, now) if self._key else None

    def _record(self, outbox: IndexNowOutbox, found: PageChanges | None, now: datetime) -> None:
        if found:
            outbox.record(found, now + self._settle)

    def _send(self, outbox: IndexNowOutbox, now: datetime) -> bool:
        if self._key is None or (self._settings.cache_keys and outbox.waits_for_purges(now - WAIT_FOR_CACHES)):
            return False
        due = outbox.pending(now, now + self._settle + 2 * LONGEST_PAUSE, MOST)
        if not due:
            return False
        paths = [each.path for each in due]
        reply = self._submit(self._settings.indexnow_url, self._base, self._key, paths)
        if reply.outcome is not Outcome.ACCEPTED:
            self._failed(outbox, due, reply, now)
            return False
        outbox.remove(due)
        return len(due) == MOST

    def _failed(self, outbox: IndexNowOutbox, pages: Sequence[PendingPage], reply: Reply, now: datetime) -> None:
        said = reply.reason or f"status {reply.status}"
        host = urlsplit(self._settings.indexnow_url).hostname
        old = [each for each in pages if now - each.since > GIVE_UP_AFTER]
        if old:
            _log.error("%s was not told of %s and others: %s for %s", host, old[0].path, said, now - old[0].since)
            outbox.remove(old)
        asked = min(timedelta(seconds=reply.retry_after), LONGEST_PAUSE)
        due = now + max(pause(max(each.tries for each in pages) + 1, LONGEST_PAUSE), asked)
        what = f"refused {pages[0].path} and others" if reply.outcome is Outcome.REFUSED else reply.outcome.value
        _log.warning("%s %s (%s): again at %s", host, what, said, f"{due:%H:%M:%SZ}")
        outbox.retry(pages, due)
        if reply.outcome is Outcome.UNAVAILABLE:
            outbox.postpone(now, due)
