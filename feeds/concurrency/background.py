"""Runs background threads that no error ends."""

from __future__ import annotations

import atexit
import fcntl
import logging
import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple, Protocol
from weakref import WeakMethod

from feeds.errors import Failure, attempt

FIRST_PAUSE = 1.0
"""Seconds before failed work is tried again; twice as long after each further failure."""
LONGEST_PAUSE = 60.0

PATIENCE = 10.0
"""Seconds after which another process that still holds the turn counts as working: a failing one would give it back."""
LOOK = 0.2
"""Seconds between two attempts to take the turn, until then."""

_log = logging.getLogger("feeds")


class Trouble(NamedTuple):
    """Why background work fails at present."""

    reason: str
    """A few words, safe to show to everybody."""
    since: datetime
    """When it began."""


class Background:
    """A daemon thread that runs one piece of work. An error is logged, and the work starts again after a pause."""

    def __init__(
        self,
        what: str,
        work: Callable[[], None],
        clock: Callable[[], datetime],
        *,
        first_pause: float = FIRST_PAUSE,
        at_fork: Callable[[], None] = lambda: None,
    ) -> None:
        """``work`` runs until ``stopping`` is set, and calls `succeeded` after each success.

        ``what`` describes the failure in logs: “changes are not taken up”. ``at_fork`` is called in a forked process
        before the thread starts there.
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
        """Starts the thread, here and in every process forked from this one. A second call does nothing."""
        if self._thread:
            return
        self._begin()
        again = WeakMethod(self._begin_again)  # a hook cannot be removed, so it must not keep an unused object alive
        os.register_at_fork(after_in_child=lambda: (begin := again()) and begin())
        atexit.register(self.stopping.set)

    def stop(self) -> None:
        """Asks the thread to end when its present work is done."""
        self.stopping.set()

    def join(self, seconds: float) -> bool:
        """Waits for the thread to end; returns whether it has ended."""
        if self._thread:
            self._thread.join(seconds)
        return not (self._thread and self._thread.is_alive())

    def succeeded(self) -> None:
        """Reports a success: any trouble is over."""
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
                attempt(partial(self._tell, done))  # the clock may be what fails
                self.stopping.wait(self._pause)
                self._pause = min(self._pause * 2, LONGEST_PAUSE)

    def _tell(self, failure: Failure) -> None:
        """Logs a failure if it differs from the last one, and keeps the time of the first."""
        reason = f"{self._what}: {failure.public}"
        if self.trouble is None or self.trouble.reason != reason:
            _log.error("%s: %s%s", self._what, failure.logged, failure.frames)
        self.trouble = Trouble(reason, self.trouble.since if self.trouble else self._clock())


class Turn(Protocol):
    """The right to do a piece of work, which one process at a time holds."""

    def take(self, waiting: Callable[[], None]) -> None:
        """Waits until no other process holds it, and takes it.

        Calls ``waiting`` when waiting is no sign of trouble: another process holds it and works.
        """

    def check(self) -> None:
        """Raises an error if it was lost meanwhile."""

    def leave(self) -> None:
        """Gives it back."""

    def after_fork(self) -> None:
        """Forgets it in a forked process: the parent holds it."""


class FileTurn:
    """A lock on a file. The kernel releases it when the process ends."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock: int | None = None

    def take(self, waiting: Callable[[], None]) -> None:
        """Waits until no other process has locked the file, and locks it."""
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)  # somebody may have deleted the whole folder
        self._lock = os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        for _ in range(round(PATIENCE / LOOK)):
            with suppress(BlockingIOError):
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            time.sleep(LOOK)
        waiting()
        fcntl.flock(self._lock, fcntl.LOCK_EX)

    def check(self) -> None:
        """Does nothing: a lock on a file is not lost while the process runs."""

    def leave(self) -> None:
        """Closes the file."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def after_fork(self) -> None:
        """Closes the file: a copy would keep the lock after the parent's end."""
        self.leave()


class SoleBackground(Background):
    """Background work that one process does at a time. In the others it waits for its turn, which is no trouble."""

    def __init__(
        self,
        what: str,
        work: Callable[[], None],
        clock: Callable[[], datetime],
        turn: Turn,
        *,
        first_pause: float = FIRST_PAUSE,
    ) -> None:
        """``turn`` is held by the process that does the work."""
        super().__init__(what, self._alone, clock, first_pause=first_pause, at_fork=turn.after_fork)
        self._sole_work = work
        self._turn = turn

    def succeeded(self) -> None:
        """Reports a success: any trouble is over. Raises an error if another process may be at work by now."""
        self._turn.check()
        super().succeeded()

    def _alone(self) -> None:
        try:
            self._turn.take(super().succeeded)
            self._sole_work()
        finally:
            self._turn.leave()
