"""Finds what has changed and purges it from caches, one turn at a time. The worker decides when a turn is taken.

A purge is sent when the change is visible in every worker; each looks for a new catalogue at least every 0.25 seconds.
But at that moment a cache may be receiving an older answer, and store it after the purge. So each key is purged a
second time. All older answers were made before the first purge, and no cache waits for an answer longer than the time
between the two (as docs/caches.md sets it up): the second purge finds them.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import islice
from urllib.parse import urlsplit

from feeds.catalogue import CatalogueLocation, Snapshot
from feeds.delivery.caches.purge_requests import batches, purge
from feeds.delivery.http_client import Outcome, Reply, pause
from feeds.delivery.outbox_delivery import OutboxDelivery
from feeds.memory.purge_outbox import PendingPurge, PurgeOutbox
from feeds.publish.context import Context
from feeds.publish.key_changes import KeyChanges, NewsroomState, changed_keys, next_change
from feeds.publish.surrogate_keys import ALL
from feeds.settings import Settings

SETTLE = timedelta(milliseconds=400)
"""Time from a change to the first purge. A worker may answer with the old state for 0.25 seconds longer."""

AGAIN = timedelta(seconds=10)
"""Time from the first purge to the second one."""

LONGEST_PAUSE = timedelta(minutes=1)
"""The longest time between two attempts."""

GIVE_UP_AFTER = timedelta(days=1, hours=1)
"""A purge that has failed for so long is dropped: no cache keeps an answer longer than a day."""

REQUESTS = 10
"""Requests to one cache in one turn, before the next look for changes."""

Purge = Callable[[Settings, str, Sequence[str]], Reply]
"""Tells the cache at an address to drop all answers with one of some keys."""

_log = logging.getLogger("feeds")


class Purging(OutboxDelivery[PurgeOutbox, KeyChanges]):
    """Purges the changes of one catalogue from the caches in front."""

    def __init__(
        self,
        location: CatalogueLocation,
        settings: Settings,
        *,
        send: Purge = purge,
        settle: timedelta = SETTLE,
        again: timedelta = AGAIN,
    ) -> None:
        super().__init__(location, PurgeOutbox)
        self._settings = settings
        self._purge_at = send
        self._settle = settle
        self._again = again

    def _changes(self, snapshot: Snapshot, outbox: PurgeOutbox, now: datetime) -> KeyChanges:
        return changed_keys(_state(outbox.state()), Context.of(snapshot, now, self._settings))

    def _next_moment(self, snapshot: Snapshot, now: datetime) -> datetime | None:
        return next_change(Context.of(snapshot, now, self._settings))

    def _record(self, outbox: PurgeOutbox, found: KeyChanges, now: datetime) -> None:
        caches = self._settings.purge_url
        outbox.record(found.state.to_json(), caches, found.keys, ALL, now, now + self._settle)

    def _send(self, outbox: PurgeOutbox, now: datetime) -> bool:
        more = False
        for cache in self._settings.purge_url:
            more |= self._purge(outbox, cache, now)
        return more

    def _purge(self, outbox: PurgeOutbox, cache: str, now: datetime) -> bool:
        """Sends what is due to one cache. Returns whether more is due at once."""
        due = outbox.pending(cache, now, now + self._again + 2 * LONGEST_PAUSE)
        by_key = {each.key: each for each in due}
        all_batches = list(batches(self._settings, [each.key for each in due]))
        for keys in islice(all_batches, REQUESTS):
            reply = self._purge_at(self._settings, cache, keys)
            purges = [by_key[key] for key in keys]
            if reply.outcome is not Outcome.ACCEPTED:
                self._failed(outbox, cache, purges, reply, now)
                return False
            outbox.told(cache, purges, now + self._again)
        return len(all_batches) > REQUESTS

    def _failed(
        self, outbox: PurgeOutbox, cache: str, purges: Sequence[PendingPurge], reply: Reply, now: datetime
    ) -> None:
        said = reply.reason or f"status {reply.status}"
        host = urlsplit(cache).hostname  # the rest of the address may be a secret
        old = [each for each in purges if now - each.since > GIVE_UP_AFTER]
        if old:
            _log.error("the cache at %s was not told of changes: %s for %s", host, said, now - old[0].since)
            outbox.drop(cache, old)
        tries = max(each.tries for each in purges) + 1
        due = now + max(pause(tries, LONGEST_PAUSE), min(timedelta(seconds=reply.retry_after), LONGEST_PAUSE))
        what = "refused to purge" if reply.outcome is Outcome.REFUSED else "does not purge"
        _log.warning("the cache at %s %s (%s): again at %s", host, what, said, f"{due:%H:%M:%SZ}")
        outbox.retry(cache, now, due)


def _state(text: str | None) -> NewsroomState | None:
    """The state that was written last; None if there is none, or another version of the program has written it."""
    if text is None:
        return None
    try:
        return NewsroomState.from_json(text)
    except (ValueError, TypeError, AttributeError):
        return None
