"""Moments in time: a date-time with its offset from UTC (RFC 3339), or a date, which begins at midnight in a zone.

RFC 3339 writes offsets in whole minutes. Clocks had others until 1972 (Amsterdam +00:19:32), so these are rounded down:
then a day begins at most a minute late, and never on the day before.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

from feeds.errors import FeedsError

PATTERN = "[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[Tt ][0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?:[Zz]|[+-][0-9]{2}:[0-9]{2})?)?"
"""How a moment is written, as a regular expression of JSON Schema."""

LATEST = datetime(2200, 1, 1, tzinfo=UTC)
"""Stands for a moment that never comes: the first one, in UTC, after the years that a moment may have."""

_WRITTEN = re.compile(PATTERN)
_LOCAL = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}(?::[0-9]{2})?")
_YEARS = range(1900, LATEST.year)
_MINUTE = timedelta(minutes=1)
_OFFSET = re.compile(r"\+(?:0[0-9]|1[0-3]):[0-5][0-9]|\+14:00|-(?:0[0-9]|1[01]):[0-5][0-9]|-12:00")


class MomentError(FeedsError):
    """A text that is no moment: what is wrong, and what to do."""

    def __init__(self, message: str, advice: str) -> None:
        super().__init__(f"{message} ({advice})")
        self.message = message
        self.advice = advice


def parse_moment(text: str, zone: tzinfo) -> datetime:
    """Parses a date-time, or a date as midnight in ``zone``. Raises MomentError.

    A time without an offset is refused: an embargo must not depend on a guessed zone. So is an offset that no place on
    Earth has.

    >>> from zoneinfo import ZoneInfo
    >>> print(parse_moment("2021-06-24T09:30:00z", UTC), parse_moment("1900-06-02", ZoneInfo("Europe/Amsterdam")))
    2021-06-24 09:30:00+00:00 1900-06-02 00:00:00+00:19
    """
    if not _WRITTEN.fullmatch(text):
        raise MomentError("not a date", "write 2021-06-24 or 2021-06-24T09:30:00+08:00")
    try:
        if len(text) == len("2021-06-24"):
            midnight = datetime.combine(date.fromisoformat(text), time(), zone)
            # Keep the offset, not the zone: the moment must not move if the rules of the zone change.
            found = midnight.replace(tzinfo=_offset(midnight))
        else:
            found = _with_offset(text.upper())
    except ValueError as error:
        raise MomentError("no such date", f"the calendar says: {error}") from error
    if found.year not in _YEARS:
        raise MomentError("an implausible date", "use a year from 1900 to 2199")
    return found


def parse_local_moment(text: str, zone: tzinfo) -> datetime:
    """Parses a moment as somebody in ``zone`` types it: without an offset, it is a time there.

    Raises MomentError, also for a time that the clocks there skip or show twice.

    >>> from zoneinfo import ZoneInfo
    >>> print(parse_local_moment("2026-12-01 09:30", ZoneInfo("Europe/Paris")))
    2026-12-01 09:30:00+01:00
    """
    if not _LOCAL.fullmatch(text):
        return parse_moment(text, zone)
    parse_moment(f"{text}Z", zone)
    first = datetime.fromisoformat(text).replace(tzinfo=zone)
    if first.utcoffset() != first.replace(fold=1).utcoffset():
        message = "a time at which the clocks there change"
        raise MomentError(message, "end it with the offset from UTC, for example +01:00")
    return first.replace(tzinfo=_offset(first))


def _with_offset(text: str) -> datetime:
    offset = text[-6:]
    if offset[0] in "+-" and not _OFFSET.fullmatch(offset):
        advice = "write one from -12:00 to +14:00, for example +08:00"
        raise MomentError(f"a time with the offset {offset}, which no place on Earth has", advice)
    if text[11:13] == "24":  # later versions of Python read it as the next day
        raise ValueError("hour must be in 0..23")
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise MomentError("a time without its zone", "end it with the offset from UTC, for example +08:00")
    return found


def in_zone(moment: datetime, zone: tzinfo) -> datetime:
    """The same moment as clocks in a zone show it, with an offset in whole minutes."""
    return moment.astimezone(_offset(moment.astimezone(zone)))


def _offset(local: datetime) -> timezone:
    """The offset of a local time in whole minutes."""
    return timezone((local.utcoffset() or timedelta()) // _MINUTE * _MINUTE)
