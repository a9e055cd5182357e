"""Reads the dates of other programs."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

_ISO = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:[.,]\d+)?\s*(Z|UTC|GMT|[+-]\d\d:?\d\d)?)?", re.IGNORECASE
)
_NUMERIC = re.compile(r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})(?:[,T ]+(\d{1,2}):(\d\d)(?::(\d\d))?)?")
_MONTHS = ("", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_IN_WORDS = (
    re.compile(r"(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?[ -]+(?P<month>[A-Za-z]{3})[a-z]*\.?,?[ -]+(?P<year>\d{4})"),
    re.compile(r"(?P<month>[A-Za-z]{3})[a-z]*\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})"),
    re.compile(r"(?P<year>\d{4})\s*年\s*(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*日"),
)
_CLOCK = re.compile(r"(\d{1,2}):(\d\d)(?::(\d\d))?\s*(am|pm)?", re.IGNORECASE)


def read_date(text: str, *, day_first: bool | None = None) -> datetime | None:
    """The moment that a text names, with its offset if it says one; None if it names none for certain.

    ``day_first`` says how 3/4/2021 is meant; if it is None, such a date is not read.

    >>> [str(read_date(each)) for each in ("2021-06-24", "2021-06-24 09:30:00 +0800", "Thu, 24 Jun 2021 09:30:00 GMT")]
    ['2021-06-24 00:00:00', '2021-06-24 09:30:00+08:00', '2021-06-24 09:30:00+00:00']
    >>> [str(read_date(each)) for each in ("24.06.2021", "June 24, 2021 3:30 pm", "3/4/2021", "soon")]
    ['2021-06-24 00:00:00', '2021-06-24 15:30:00', 'None', 'None']
    """
    text = text.strip()
    try:
        return _iso(text) or _of_mail(text) or _numeric(text, day_first) or _in_words(text)
    except ValueError:
        return None


def _iso(text: str) -> datetime | None:
    found = _ISO.fullmatch(text)
    if found is None:
        return None
    day, clock, zone = found.groups()
    offset = "" if not zone else "+00:00" if zone.upper() in ("Z", "UTC", "GMT") else zone
    return datetime.fromisoformat(f"{day}T{clock or '00:00'}{offset}")


def _of_mail(text: str) -> datetime | None:
    if "," not in text and not re.match(r"\d{1,2} [A-Za-z]{3} \d{2,4} \d", text):
        return None
    try:
        return (
            parsedate_to_datetime(text) if re.search(r"\d\d:\d\d", text) and re.search(r" [A-Za-z]{3} ", text) else None
        )
    except (TypeError, ValueError, IndexError):
        return None


def _numeric(text: str, day_first: bool | None) -> datetime | None:
    found = _NUMERIC.fullmatch(text)
    if found is None:
        return None
    first, sign, second, third, hour, minute, seconds = found.groups()
    if len(first) == 4:
        year, month, day = int(first), int(second), int(third)
    elif len(third) != 4:
        return None
    else:
        year, one, two = int(third), int(first), int(second)
        if sign == "." or one > 12:
            day_first = True
        elif two > 12:
            day_first = False
        if day_first is None and one != two:
            return None
        day, month = (one, two) if day_first else (two, one)
    return datetime(year, month, day, int(hour or 0), int(minute or 0), int(seconds or 0))  # noqa: DTZ001 - its zone is the newsroom's


def _in_words(text: str) -> datetime | None:
    found = next(filter(None, (pattern.search(text) for pattern in _IN_WORDS)), None)
    if found is None:
        return None
    month = found["month"]
    number = int(month) if month.isdecimal() else _MONTHS.index(month.lower())
    clock = _CLOCK.search(text, found.end())
    hour, minute, second = (int(part or 0) for part in clock.groups()[:3]) if clock else (0, 0, 0)
    if clock and clock[4]:
        hour = hour % 12 + (12 if clock[4].lower() == "pm" else 0)
    return datetime(int(found["year"]), number, int(found["day"]), hour, minute, second)  # noqa: DTZ001 - its zone is the newsroom's


def of_day(text: str) -> date | None:
    """The day in a file's name: 2021-06-24-slug."""
    found = re.match(r"\d{4}-\d\d-\d\d", text)
    try:
        return date.fromisoformat(found[0]) if found else None
    except ValueError:
        return None


def of_seconds(seconds: object) -> datetime | None:
    """The moment of a date as feedparser parses it: a tuple in UTC, from the year to the second."""
    return datetime(*seconds[:6], tzinfo=UTC) if isinstance(seconds, tuple) and len(seconds) >= 6 else None  # type: ignore[misc]
