"""Delivers changes to the hub, one turn at a time. The worker decides when a turn is taken."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import TypeAlias

from feeds.catalogue import CatalogueLocation, Snapshot
from feeds.delivery.http_client import Outcome, Reply, pause
from feeds.delivery.outbox_delivery import OutboxDelivery
from feeds.delivery.websub import client
from feeds.delivery.websub.changed_feeds import changed_feeds
from feeds.delivery.websub.client import Notify
from feeds.memory.websub_outbox import FeedChanges, PendingPush, WebSubOutbox
from feeds.settings import Settings

SETTLE = timedelta(seconds=1)
"""Time from a change to its notification. A web worker may answer with the old feed for 0.25 seconds longer."""

LONGEST_PAUSE = timedelta(hours=1)
"""The longest time between two attempts."""

WAIT_FOR_CACHES = timedelta(minutes=1)
"""The longest time that the hub waits for caches in front of the newsroom to be told of a change."""

GIVE_UP_AFTER = timedelta(days=7)
"""A notification that has failed for so long, since its feed last changed, is dropped."""

BATCH = 50
"""Notifications in one turn, before the next look for changes."""

_log = logging.getLogger("feeds")


Told: TypeAlias = tuple[PendingPush, Reply]
"""A feed of which the hub was told, and what it said."""


class WebSubDelivery(OutboxDelivery[WebSubOutbox, FeedChanges]):
    """Delivers the changes of one catalogue to the newsroom's hub."""

    def __init__(
        self,
        location: CatalogueLocation,
        settings: Settings,
        *,
        notify: Notify = client.notify,
        settle: timedelta = SETTLE,
    ) -> None:
        super().__init__(location, WebSubOutbox)
        self._settings = settings
        self._notify = notify
        self._settle = settle
        self._base = ""
        self._hub: str | None = None
        self.unrecorded: Told | None = None
        """What the hub was told last, if that could not be written: it must not be told twice."""

    def _begin(self, outbox: WebSubOutbox, now: datetime) -> None:
        self._record_reply(outbox, now)

    def _changes(self, snapshot: Snapshot, outbox: WebSubOutbox, now: datetime) -> FeedChanges:
        self._hub = snapshot.vocabulary.newsroom.hub
        self._base = snapshot.base_url
        return changed_feeds(snapshot, outbox, self._settings, now)

    def _record(self, outbox: WebSubOutbox, found: FeedChanges, now: datetime) -> None:
        outbox.record(found, now + self._settle)

    def _send(self, outbox: WebSubOutbox, now: datetime) -> bool:
        if self._settings.cache_keys and outbox.waits_for_purges(now - WAIT_FOR_CACHES):
            return False
        due = outbox.pending(now, now + 2 * LONGEST_PAUSE, BATCH)
        for each in due:
            if self._hub is None:
                return False
            reply = self._notify(self._hub, self._base + each.path)
            self.unrecorded = (each, reply)
            if not self._record_reply(outbox, now):
                return False
        return len(due) == BATCH

    def _record_reply(self, outbox: WebSubOutbox, now: datetime) -> bool:
        """Records the last reply in the outbox. Returns whether to go on with the next notification."""
        if self.unrecorded is None:
            return True
        push, reply = self.unrecorded
        if reply.outcome is Outcome.ACCEPTED:
            outbox.remove(push)
        else:
            self._failed(outbox, push, reply, now)
        self.unrecorded = None
        return reply.outcome is not Outcome.UNAVAILABLE

    def _failed(self, outbox: WebSubOutbox, push: PendingPush, reply: Reply, now: datetime) -> None:
        said = reply.reason or f"status {reply.status}"
        if now - push.since > GIVE_UP_AFTER:
            _log.error("the hub %s was not told of %s: %s for %s", self._hub, push.path, said, now - push.since)
            outbox.remove(push)
            return
        asked = min(timedelta(seconds=reply.retry_after), LONGEST_PAUSE)
        due = now + max(pause(push.tries + 1, LONGEST_PAUSE), asked)
        what = f"refused {push.path}" if reply.outcome is Outcome.REFUSED else reply.outcome.value
        _log.warning("the hub %s %s (%s): again at %s", self._hub, what, said, f"{due:%H:%M:%SZ}")
        outbox.retry(push, due)
        if reply.outcome is Outcome.UNAVAILABLE:
            outbox.postpone(now, due)
