"""Whether a catalogue may say something new since it was last looked at: by a compile, or because a moment has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class LastLook:
    """The version of a catalogue that was looked at, when, and when it changes by itself next."""

    version: tuple[int, int]
    at: datetime
    next_moment: datetime | None

    def still_holds(self, version: tuple[int, int], now: datetime) -> bool:
        """Whether nothing can be new; a clock that has stepped back makes it look again."""
        return version == self.version and self.at <= now and (self.next_moment is None or now < self.next_moment)
