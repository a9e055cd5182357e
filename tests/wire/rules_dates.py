"""Dates and periods: the strict grammar of each format, and nothing ancient or still to come."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from .documents import Finding, Kind, Parts, Wire

# The validator's limits.
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
TOLERANCE = timedelta(minutes=10)
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# RFC 2822 section 3.3 as every client reads it: weekday, two-digit day, four-digit year, seconds, numeric zone or GMT.
_RFC822 = re.compile(
    rf"({'|'.join(DAYS)}), (\d\d) ({'|'.join(MONTHS)}) (\d{{4}}) (\d\d):(\d\d):(\d\d) (?:GMT|([+-])(\d\d)(\d\d))"
)
_PERIOD = re.compile(r"end=(\S+); scheme=W3C-DTF")
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")


def dates(wire: Wire, parts: Parts) -> Iterator[Finding]:
    """Every date of the document can be read and is plausible."""
    for piece in parts.dates:
        if wire.kind in (Kind.RSS, Kind.OPML) and not re.match(r"\d{4}-", piece.text):
            moment, name = rfc822(piece.text)
        else:
            moment, name = rfc3339(piece.text)
        if moment is None:
            yield Finding(name, piece.where, piece.text)
        elif not EARLIEST <= moment <= wire.now + TOLERANCE:
            yield Finding("ImplausibleDate", piece.where, piece.text)


def periods(wire: Wire, parts: Parts) -> Iterator[Finding]:
    """An entry that is valid no longer says since when, in a form that programs split at its semicolons."""
    for piece in parts.periods:
        match = _PERIOD.fullmatch(piece.text)
        moment, _ = rfc3339(match[1]) if match else (None, "")
        if moment is None:
            yield Finding("InvalidW3CDTFDate", piece.where, piece.text)
        elif not EARLIEST <= moment <= wire.now + TOLERANCE:
            yield Finding("ImplausibleDate", piece.where, piece.text)


def rfc822(text: str) -> tuple[datetime | None, str]:
    """The moment, or None and the name of what is wrong."""
    match = _RFC822.fullmatch(text)
    if not match:
        return None, "ProblematicalRFC822Date"
    weekday, day, month, year, hour, minute, second, sign, hours, minutes = match.groups()
    try:
        moment = datetime(int(year), MONTHS.index(month) + 1, int(day), int(hour), int(minute), int(second), tzinfo=UTC)
    except ValueError:
        return None, "InvalidRFC2822Date"
    if DAYS[moment.weekday()] != weekday:
        return None, "IncorrectDOW"
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    return (moment + offset if sign == "-" else moment - offset), ""


def rfc3339(text: str) -> tuple[datetime | None, str]:
    """The moment, or None and the name of what is wrong."""
    if not _RFC3339.fullmatch(text):
        return None, "InvalidRFC3339Date"
    try:
        return datetime.fromisoformat(text), ""
    except ValueError:
        return None, "InvalidRFC3339Date"


RULES = (dates, periods)
