"""Runs the delivery in a background thread, in only one process at a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from feeds.catalogue import CatalogueLocation
from feeds.delivery.outbox_delivery import DeliveryThread
from feeds.delivery.websub import client
from feeds.delivery.websub.client import Notify
from feeds.delivery.websub.delivery import SETTLE, Told, WebSubDelivery
from feeds.settings import Settings

POLL = 0.5
"""Seconds between turns."""


class Pusher(DeliveryThread[WebSubDelivery]):
    """Notifies the newsroom's hub of every feed that changes, while the process lives, once it names one."""

    def __init__(
        self,
        location: CatalogueLocation,
        settings: Settings,
        clock: Callable[[], datetime],
        *,
        notify: Notify = client.notify,
        settle: timedelta = SETTLE,
    ) -> None:
        super().__init__(
            "the hub is not told",
            location,
            clock,
            turn="push",
            seconds=POLL,
            asked_by=lambda newsroom: newsroom.hub is not None,
        )
        self._settings = settings
        self._notify = notify
        self._settle = settle
        self._unrecorded: Told | None = None

    def _made(self) -> WebSubDelivery:
        made = WebSubDelivery(self._location, self._settings, notify=self._notify, settle=self._settle)
        made.unrecorded = self._unrecorded
        return made

    def _left(self, delivery: WebSubDelivery) -> None:
        self._unrecorded = delivery.unrecorded
