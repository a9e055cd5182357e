"""Times as numbers, as both engines keep them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

FOREVER = 2**62
"""A moment that never comes."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def micros(moment: datetime) -> int:
    """Microseconds since 1970 in UTC, exact. Times are written so because they compare as numbers."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def moment(value: int) -> datetime:
    """The aware time in UTC of a number made by `micros`."""
    return _EPOCH + timedelta(microseconds=value)
