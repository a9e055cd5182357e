"""Runs the purging in a background thread, in only one process at a time."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta

from feeds.catalogue import CatalogueLocation
from feeds.concurrency.background import Trouble
from feeds.delivery.caches.purge_requests import purge
from feeds.delivery.caches.purges import AGAIN, SETTLE, Purge, Purging
from feeds.delivery.outbox_delivery import DeliveryThread
from feeds.memory.purge_outbox import PurgeOutbox
from feeds.settings import Settings

POLL = 0.1
"""Seconds between turns."""

_WHAT = "caches are not told of changes"


class Purger(DeliveryThread[Purging]):
    """Tells the caches in front of the newsroom which answers have changed, while the process lives."""

    def __init__(
        self,
        location: CatalogueLocation,
        settings: Settings,
        clock: Callable[[], datetime],
        *,
        send: Purge = purge,
        settle: timedelta = SETTLE,
        again: timedelta = AGAIN,
    ) -> None:
        super().__init__(_WHAT, location, clock, turn="purge", seconds=POLL)
        self._settings = settings
        self._send = send
        self._settle = settle
        self._again = again

    def _made(self) -> Purging:
        return Purging(self._location, self._settings, send=self._send, settle=self._settle, again=self._again)


def purge_trouble(location: CatalogueLocation) -> Trouble | None:
    """Why caches may have old answers, for whichever process is asked; None if all is well. Raises FeedsError."""
    with closing(PurgeOutbox(location.memory)) as outbox:
        since = outbox.failing_since()
    return Trouble(_WHAT, since) if since else None
