"""What time it is for the newsroom: what was published stays published when the clock steps back.

The newest moment that has come is remembered, and time never falls behind it. A clock may also leap ahead, by one
bad reading, and what lies years ahead would then be remembered as published for good. So a leap is believed at once
only if it is small; a larger one counts when it has lasted. Until then readers see what the clock says, as they
would anyway, and when it comes right again, so does the newsroom.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import NamedTuple

from feeds.errors import FeedsError

LEAP = timedelta(days=2)
"""How far a clock may leap ahead and be believed: a wrong zone or a wrong day, no more. It bounds what can be lost."""

LASTING = 600.0
"""Seconds after which a larger leap is believed as well: by then a clock is set, and a paused machine has resumed."""

_EVER = datetime.min.replace(tzinfo=UTC)
_NEVER = datetime.max.replace(tzinfo=UTC)
_SOON = timedelta(seconds=1)
_log = logging.getLogger("feeds")


class Moments(NamedTuple):
    """The newsroom's own moments around a time."""

    last: datetime | None
    """The newest that has come by then."""
    next: datetime | None
    remembered: datetime | None
    """The newest that was ever remembered, by whichever process."""


class Timekeeper:
    """A clock for one newsroom, for as many threads as ask. A call costs a comparison more than the clock's own."""

    def __init__(
        self,
        clock: Callable[[], datetime],
        around: Callable[[datetime], Moments],
        elapsed: Callable[[], float] = time.monotonic,
    ) -> None:
        """``around`` knows the moments; ``elapsed`` counts seconds that nobody can set."""
        self._clock = clock
        self._around = around
        self._elapsed = elapsed
        self._looking = Lock()
        self._floor = _EVER
        self._next = _EVER
        self._believed: tuple[datetime, float] | None = None
        self._doubted_at: float | None = None
        self._patient_until = 0.0

    def now(self) -> datetime:
        """The time, at the newest remembered moment if the clock is behind that."""
        reading = self._clock()
        if reading >= self._next:
            self._look(reading)
        return self._at_least(reading)

    def reading(self) -> datetime:
        """As ``now``, without looking whether a new moment has come."""
        return self._at_least(self._clock())

    @property
    def remembered(self) -> datetime | None:
        """The newest moment to be remembered; None if none has come yet."""
        return None if self._floor == _EVER else self._floor

    def forget_next(self) -> None:
        """Looks again at the next opportunity: the newsroom has other moments now."""
        self._next = _EVER

    def _at_least(self, reading: datetime) -> datetime:
        floor = self._floor
        if reading >= floor:
            return reading
        # Time stands still, but not to the microsecond: whoever looks for changes now and then must go on doing so.
        return floor + timedelta(microseconds=reading.microsecond)

    def _look(self, reading: datetime) -> None:
        with self._looking:
            if self._elapsed() < self._patient_until:
                return
            try:
                found = self._around(reading)
            except FeedsError as error:
                _log.warning("no moment can be looked up: %s", error)
                self._next = reading + _SOON
                return
            self._floor = max(self._floor, found.remembered or _EVER)
            if self._believes(reading):
                self._floor = max(self._floor, found.last or _EVER)
                self._next = found.next or _NEVER
            else:
                # Whoever asks in the meantime is answered by the clock alone.
                self._next = _EVER
                self._patient_until = self._elapsed() + _SOON.total_seconds()

    def _believes(self, reading: datetime) -> bool:
        elapsed = self._elapsed()
        expected = reading
        if self._believed:
            expected = self._believed[0] + timedelta(seconds=elapsed - self._believed[1])
        elif self._floor != _EVER:
            expected = self._floor
        if reading - expected > LEAP:
            if self._doubted_at is None:
                if self._believed:  # at a start it is only some time since anything was published
                    _log.warning("the clock says %s, which is %s ahead", reading.isoformat(), reading - expected)
                self._doubted_at = elapsed
            if elapsed - self._doubted_at < LASTING:
                return False
        self._doubted_at = None
        self._believed = reading, elapsed
        return True
