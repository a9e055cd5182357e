"""Keeps the courier going in a thread of its own; across processes, only one at a time."""

from __future__ import annotations

import atexit
import fcntl
import logging
import os
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from feeds.catalogue import Place
from feeds.errors import FeedsError
from feeds.notify import hub
from feeds.notify.courier import SETTLE, Courier
from feeds.notify.hub import Tell
from feeds.settings import Settings

LOOK = 0.5
"""Seconds between turns. Another process may have compiled, and tells nobody; a look costs microseconds."""

_log = logging.getLogger("feeds")


class Pusher:
    """Tells the newsroom's hub of every feed that changes, for as long as the process lives."""

    def __init__(
        self,
        place: Place,
        settings: Settings,
        clock: Callable[[], datetime],
        *,
        tell: Tell = hub.tell,
        settle: timedelta = SETTLE,
    ) -> None:
        self._place = place
        self._settings = settings
        self._clock = clock
        self._tell = tell
        self._settle = settle
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._lock: int | None = None

    def start(self) -> None:
        """Begins in a daemon thread, and again in every process forked from this one: threads do not survive that.

        Once begun, beginning again changes nothing.
        """
        if self._thread:
            return
        self._begin()
        os.register_at_fork(after_in_child=self._begin_again)
        atexit.register(self._stop.set)

    def stop(self) -> None:
        """Ends the thread soon, once the word that is on its way has arrived."""
        self._stop.set()

    def join(self, seconds: float) -> bool:
        """Waits for the thread to end; whether it has."""
        if self._thread:
            self._thread.join(seconds)
        return not (self._thread and self._thread.is_alive())

    def _begin(self) -> None:
        self._thread = threading.Thread(target=self._run, name="feeds-pusher", daemon=True)
        self._thread.start()

    def _begin_again(self) -> None:
        if self._lock is not None:
            # The child has a copy of the parent's lock: it would hold it on after the parent's end.
            os.close(self._lock)
            self._lock = None
        self._begin()

    def _run(self) -> None:
        try:
            # Waits in the kernel for as long as another process sends, and is woken when that one dies.
            self._lock = _held(sending_lock(self._place))
        except OSError as error:
            _log.error("the hub is told by others or by nobody: %s", error)
            return
        try:
            self._carry()
        finally:
            os.close(self._lock)
            self._lock = None

    def _carry(self) -> None:
        courier = Courier(self._place.path, self._settings, tell=self._tell, settle=self._settle)
        troubled = False
        more = True
        while not self._stop.wait(0 if more else LOOK):
            try:
                more = courier.turn(self._clock())
                troubled = False
            except (FeedsError, OSError) as error:
                if not troubled:
                    _log.error("the hub is not told at present: %s", error)
                troubled, more = True, False
        courier.close()


def sending_lock(place: Place) -> Path:
    """The file whose lock says who sends."""
    return place.path.with_suffix(".push")


def _held(path: Path) -> int:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    return descriptor
