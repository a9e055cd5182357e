"""Runs the delivery in a background thread, in only one process at a time."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from feeds.background import Background
from feeds.catalogue import CatalogueFile
from feeds.settings import Settings
from feeds.websub import client
from feeds.websub.client import Notify
from feeds.websub.delivery import SETTLE, Delivery

POLL = 0.5
"""Seconds between turns. Another process may compile without notice; looking for changes takes microseconds."""


class Pusher(Background):
    """Notifies the newsroom's hub of every feed that changes, while the process lives.

    While another process does so, this one waits; that is no trouble.
    """

    def __init__(
        self,
        place: CatalogueFile,
        settings: Settings,
        clock: Callable[[], datetime],
        *,
        notify: Notify = client.notify,
        settle: timedelta = SETTLE,
    ) -> None:
        super().__init__("the hub is not told", self._push, clock, first_pause=POLL, at_fork=self._unlock)
        self._place = place
        self._settings = settings
        self._notify = notify
        self._settle = settle
        self._lock: int | None = None

    def _unlock(self) -> None:
        """Closes the lock file. A forked process does so too: its copy would keep the lock after the parent's end."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _push(self) -> None:
        # Waits while another process holds the lock; the kernel releases the lock when that process dies.
        self._lock = _locked(sending_lock(self._place))
        try:
            self._deliver()
        finally:
            self._unlock()

    def _deliver(self) -> None:
        delivery = Delivery(self._place, self._settings, notify=self._notify, settle=self._settle)
        try:
            more = True
            while not self.stopping.wait(0 if more else POLL):
                more = delivery.turn(self._clock())
                self.succeeded()
        finally:
            delivery.close()


def sending_lock(place: CatalogueFile) -> Path:
    """The file that the sending process locks."""
    return place.path.with_suffix(".push")


def _locked(path: Path) -> int:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    return descriptor
