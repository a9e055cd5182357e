"""Runs the delivery in a background thread, in only one process at a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from feeds.background import SoleBackground
from feeds.catalogue import CataloguePlace, until_newsroom
from feeds.indexnow import client
from feeds.indexnow.client import Submit
from feeds.indexnow.delivery import SETTLE, Delivery
from feeds.settings import Settings

POLL = 1.0
"""Seconds between turns. Another process may compile without notice; looking for changes takes microseconds."""


class Indexer(SoleBackground):
    """Tells search engines of every release that changes, while the process lives, once the newsroom has a key."""

    def __init__(
        self,
        place: CataloguePlace,
        settings: Settings,
        clock: Callable[[], datetime],
        *,
        submit: Submit = client.submit,
        settle: timedelta = SETTLE,
    ) -> None:
        super().__init__(
            "search engines are not told", self._deliver, clock, place.turn("indexnow"), first_pause=POLL
        )  # fmt: skip
        self._place = place
        self._settings = settings
        self._submit = submit
        self._settle = settle

    def _alone(self) -> None:
        if until_newsroom(self._place, lambda newsroom: newsroom.indexnow is not None, self.stopping, POLL):
            super()._alone()

    def _deliver(self) -> None:
        delivery = Delivery(self._place, self._settings, submit=self._submit, settle=self._settle)
        try:
            more = True
            while not self.stopping.wait(0 if more else POLL):
                more = delivery.turn(self._clock())
                self.succeeded()
        finally:
            delivery.close()
