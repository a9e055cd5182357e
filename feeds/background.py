"""Work that goes on in a thread of its own for as long as the process lives, whatever goes wrong in it."""

from __future__ import annotations

import atexit
import logging
import os
import threading
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from feeds.errors import Failure, FeedsError, attempt

FIRST_PAUSE = 1.0
"""Seconds before failed work is tried again; twice as long after each further failure."""
LONGEST_PAUSE = 60.0

_log = logging.getLogger("feeds")


class Trouble(NamedTuple):
    """What keeps some work from being done."""

    reason: str
    """In a few words that everybody may read."""
    since: datetime


class Background:
    """A daemon thread whose work no error ends: the error is logged, told, and the work tried again after a pause."""

    def __init__(
        self,
        what: str,
        work: Callable[[], None],
        clock: Callable[[], datetime],
        *,
        first_pause: float = FIRST_PAUSE,
        at_fork: Callable[[], None] = lambda: None,
    ) -> None:
        """``work`` goes on until ``stopping`` is set, and says `succeeded` whenever it has done something whole.

        ``what`` names the trouble if it fails: “changes are not taken up”. ``at_fork`` tidies up in a child.
        """
        self.stopping = threading.Event()
        self.trouble: Trouble | None = None
        self._what = what
        self._work = work
        self._clock = clock
        self._first_pause = first_pause
        self._pause = first_pause
        self._at_fork = at_fork
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begins, and begins again in every process forked from this one: threads do not survive that.

        Once begun, beginning again changes nothing.
        """
        if self._thread:
            return
        self._begin()
        os.register_at_fork(after_in_child=self._begin_again)
        atexit.register(self.stopping.set)

    def stop(self) -> None:
        """Ends the thread soon, once what it is doing is done."""
        self.stopping.set()

    def join(self, seconds: float) -> bool:
        """Waits for the thread to end; whether it has."""
        if self._thread:
            self._thread.join(seconds)
        return not (self._thread and self._thread.is_alive())

    def succeeded(self) -> None:
        """Says that the work goes on: there is no trouble, or no longer."""
        if self.trouble:
            _log.warning("%s: no longer", self._what)
        self.trouble = None
        self._pause = self._first_pause

    def _begin(self) -> None:
        self._thread = threading.Thread(target=self._run, name="feeds-background", daemon=True)
        self._thread.start()

    def _begin_again(self) -> None:
        self._at_fork()
        self._begin()

    def _run(self) -> None:
        while not self.stopping.is_set():
            done = attempt(self._work)
            if isinstance(done, Failure):
                self._tell(done)
                self.stopping.wait(self._pause)
                self._pause = min(self._pause * 2, LONGEST_PAUSE)

    def _tell(self, failure: Failure) -> None:
        """Logs a failure when it is a new one, and remembers since when there is trouble."""
        reason = f"{self._what}: {failure.public}"
        if self.trouble is None or self.trouble.reason != reason:
            foreseen = isinstance(failure.error, (FeedsError, OSError))
            _log.error("%s: %s", self._what, failure.reason, exc_info=None if foreseen else failure.error)
        self.trouble = Trouble(reason, self.trouble.since if self.trouble else self._clock())
