"""Runs the delivery in a background thread, in only one process at a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from feeds.catalogue import CatalogueLocation
from feeds.delivery.indexnow import client
from feeds.delivery.indexnow.client import Submit
from feeds.delivery.indexnow.delivery import SETTLE, IndexNowDelivery
from feeds.delivery.outbox_delivery import DeliveryThread
from feeds.settings import Settings

POLL = 1.0
"""Seconds between turns."""


class Indexer(DeliveryThread[IndexNowDelivery]):
    """Tells search engines of every release that changes, while the process lives, once the newsroom has a key."""

    def __init__(
        self,
        location: CatalogueLocation,
        settings: Settings,
        clock: Callable[[], datetime],
        *,
        submit: Submit = client.submit,
        settle: timedelta = SETTLE,
    ) -> None:
        super().__init__(
            "search engines are not told",
            location,
            clock,
            turn="indexnow",
            seconds=POLL,
            asked_by=lambda newsroom: newsroom.indexnow is not None,
        )
        self._settings = settings
        self._submit = submit
        self._settle = settle

    def _made(self) -> IndexNowDelivery:
        return IndexNowDelivery(self._location, self._settings, submit=self._submit, settle=self._settle)
