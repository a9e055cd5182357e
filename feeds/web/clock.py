"""The newsroom's time: what was announced stays announced, even when the clock steps back.

Normally the newsroom's time does not fall behind the newest moment that was announced. But a clock may also leap ahead
by mistake and come back, and what was shown meanwhile must not stay public. So there are two rules:

- What was announced stays so while the clock steps back by no more than an hour.
- It stays so for good, after a restart too, if by then the clock had run for ten minutes without a leap ahead of more
  than an hour.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import NamedTuple

from feeds.errors import FeedsError
from feeds.memory import STEP

STEADY = timedelta(minutes=10)
"""How long the clock must have run, after a start or a leap ahead, until what it announces stays for good."""

_AT_LEAST = timedelta(minutes=1)
"""The longest time between two looks: so what was announced in the first ten minutes is kept at their end."""

_SOON = timedelta(seconds=1)
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_NEVER = datetime.max.replace(tzinfo=UTC)
_log = logging.getLogger("feeds")


class Moments(NamedTuple):
    """The moments at which the newsroom changes by itself, around a time."""

    last: datetime | None
    """The newest that has come by then."""
    next: datetime | None
    remembered: datetime | None
    """The newest that any process has announced for good."""


class NewsroomClock:
    """A clock for one newsroom and any number of threads. A call costs little more than one of the system clock."""

    def __init__(
        self,
        clock: Callable[[], datetime],
        elapsed: Callable[[], float],
        moments: Callable[[datetime], Moments],
        remember: Callable[[datetime], None],
    ) -> None:
        """``elapsed`` counts seconds, whatever is done to the clock; ``remember`` keeps what is announced for good."""
        self._clock = clock
        self._elapsed = elapsed
        self._moments = moments
        self._remember = remember
        self._looking = Lock()
        self._announced = self._for_good = _LONG_AGO
        # From the reading of the last look until the next moment there is nothing to look for.
        self._looked = self._look_again = _LONG_AGO
        self._zero = _LONG_AGO
        self._steady_from = timedelta(0)

    def now(self) -> datetime:
        """The time; looks first whether a moment has come, or the clock has stepped back."""
        reading = self._clock()
        if not self._looked <= reading < self._look_again:
            self._look(reading)
        return self._not_behind(reading)

    def without_looking(self) -> datetime:
        """The time without a look: for code that a look may itself call, such as a compile."""
        return self._not_behind(self._clock())

    def look_again(self) -> None:
        """Makes the next call of ``now`` look: the newsroom may have other moments."""
        self._look_again = _LONG_AGO

    def _not_behind(self, reading: datetime) -> datetime:
        announced = self._announced
        if reading >= announced:
            return reading
        # The microseconds go on, so that code that looks for changes every quarter of a second still does.
        return announced + timedelta(microseconds=reading.microsecond)

    def _look(self, reading: datetime) -> None:
        with self._looking:
            if self._looked <= reading < self._look_again:
                return  # another thread has looked meanwhile
            if self._looked - reading > STEP:
                self._announced = self._for_good
            self._looked = reading
            try:
                found = self._moments(reading)
            except FeedsError as error:
                _log.warning("no moment can be looked up: %s", error)
                self._look_again = reading + _SOON
                return
            remembered = found.remembered or _LONG_AGO
            self._announced = max(self._announced, remembered, found.last or _LONG_AGO)
            if self._is_steady(reading):
                self._for_good = self._announced
                if self._for_good > remembered:
                    self._remember(self._for_good)
            self._look_again = min(found.next or _NEVER, reading + _AT_LEAST)

    def _is_steady(self, reading: datetime) -> bool:
        """Whether the clock has run for ten minutes without a leap ahead."""
        elapsed = timedelta(seconds=self._elapsed())
        zero = reading - elapsed  # what the clock would have shown when nothing had elapsed
        if zero - self._zero > STEP:
            self._steady_from = elapsed + STEADY
        self._zero = zero
        return elapsed >= self._steady_from
