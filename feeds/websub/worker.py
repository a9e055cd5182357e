"""Keeps the courier going in a thread of its own; across processes, only one at a time."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from feeds.background import Background, Trouble
from feeds.catalogue import CatalogueFile
from feeds.settings import Settings
from feeds.websub import client
from feeds.websub.client import Tell
from feeds.websub.delivery import SETTLE, Courier

LOOK = 0.5
"""Seconds between turns. Another process may have compiled, and tells nobody; a look costs microseconds."""


class Pusher:
    """Tells the newsroom's hub of every feed that changes, for as long as the process lives."""

    def __init__(
        self,
        place: CatalogueFile,
        settings: Settings,
        clock: Callable[[], datetime],
        *,
        tell: Tell = client.tell,
        settle: timedelta = SETTLE,
    ) -> None:
        self._place = place
        self._settings = settings
        self._clock = clock
        self._tell = tell
        self._settle = settle
        self._lock: int | None = None
        self._thread = Background("the hub is not told", self._work, clock, first_pause=LOOK, at_fork=self._let_go)
        self._stop = self._thread.stopping

    @property
    def trouble(self) -> Trouble | None:
        """Why the hub is not told at present; None if it is, or if another process tells it."""
        return self._thread.trouble

    def start(self) -> None:
        """Begins, and begins again in every process forked from this one; once begun, this changes nothing."""
        self._thread.start()

    def stop(self) -> None:
        """Ends the thread soon, once the word that is on its way has arrived."""
        self._thread.stop()

    def join(self, seconds: float) -> bool:
        """Waits for the thread to end; whether it has."""
        return self._thread.join(seconds)

    def _let_go(self) -> None:
        """In a child: its copy of the parent's lock would hold that on after the parent's end."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _work(self) -> None:
        # Waits in the kernel for as long as another process sends, and is woken when that one dies.
        self._lock = _held(sending_lock(self._place))
        try:
            self._carry()
        finally:
            self._let_go()

    def _carry(self) -> None:
        courier = Courier(self._place.path, self._settings, tell=self._tell, settle=self._settle)
        try:
            more = True
            while not self._stop.wait(0 if more else LOOK):
                more = courier.turn(self._clock())
                self._thread.succeeded()
        finally:
            courier.close()


def sending_lock(place: CatalogueFile) -> Path:
    """The file whose lock says who sends."""
    return place.path.with_suffix(".push")


def _held(path: Path) -> int:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    return descriptor
