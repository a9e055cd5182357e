"""Runs the delivery in a background thread, in only one process at a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from feeds.background import SoleBackground
from feeds.catalogue import CataloguePlace, until_newsroom
from feeds.settings import Settings
from feeds.websub import client
from feeds.websub.client import Notify
from feeds.websub.delivery import SETTLE, Delivery, Told

POLL = 0.5
"""Seconds between turns. Another process may compile without notice; looking for changes takes microseconds."""


class Pusher(SoleBackground):
    """Notifies the newsroom's hub of every feed that changes, while the process lives, once it names one."""

    def __init__(
        self,
        place: CataloguePlace,
        settings: Settings,
        clock: Callable[[], datetime],
        *,
        notify: Notify = client.notify,
        settle: timedelta = SETTLE,
    ) -> None:
        super().__init__("the hub is not told", self._deliver, clock, place.turn("push"), first_pause=POLL)
        self._place = place
        self._settings = settings
        self._notify = notify
        self._settle = settle
        self._unrecorded: Told | None = None

    def _alone(self) -> None:
        if until_newsroom(self._place, lambda newsroom: newsroom.hub is not None, self.stopping, POLL):
            super()._alone()

    def _deliver(self) -> None:
        delivery = Delivery(self._place, self._settings, notify=self._notify, settle=self._settle)
        delivery.unrecorded = self._unrecorded
        try:
            more = True
            while not self.stopping.wait(0 if more else POLL):
                more = delivery.turn(self._clock())
                self.succeeded()
        finally:
            self._unrecorded = delivery.unrecorded
            delivery.close()
