"""Preconditions of RFC 9110 section 13: has the reader this already? Pure functions over header texts."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import UTC, datetime
from typing import NamedTuple

LONGEST = 8_192
"""Characters of a list of entity tags worth reading; a longer one names nothing of ours."""

_DAY = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
_LONG_DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})"
_TIME = r"(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})"

# RFC 9110 section 5.6.7: the form in use, and the two that must still be understood.
_DATES = (
    re.compile(rf"{_DAY}, (?P<day>[0-9]{{2}}) {_MONTH} (?P<year>[0-9]{{4}}) {_TIME} GMT"),
    re.compile(rf"{_LONG_DAY}, (?P<day>[0-9]{{2}})-{_MONTH}-(?P<year>[0-9]{{2}}) {_TIME} GMT"),
    re.compile(rf"{_DAY} {_MONTH} (?P<day>[ 0-9][0-9]) {_TIME} (?P<year>[0-9]{{4}})"),
)

# Section 8.8.3, and what is met besides: tags without quotes, and a suffix after the closing quote.
_TAG = re.compile(r'(?:\A|,)[ \t]*(W/)?(?:"([^"]*)"([^",\s]*)|([^",\s]+))')
_SUFFIX = re.compile(r"(?:--?|;)(?:gzip|br|zstd|deflate)\Z")


class Tag(NamedTuple):
    """An entity tag as a reader sent it: without quotes, and without what a proxy hung on to it."""

    opaque: str
    weak: bool


def tags(header: str) -> tuple[Tag, ...]:
    """Read a list of entity tags, forgiving all that is met in the wild; what is no tag is passed over.

    Apache's mod_deflate appends ``-gzip`` to the tags it passes on, Jetty ``--gzip``, others ``;gzip``; nginx
    makes a tag weak when it compresses.

    >>> [tag.opaque for tag in tags('W/"one", "two-gzip", three')]
    ['one', 'two', 'three']
    """
    if len(header) > LONGEST:
        return ()
    return tuple(
        Tag(_SUFFIX.sub("", (quoted or bare) + suffix), weak=bool(weak))
        for weak, quoted, suffix, bare in _TAG.findall(header)
    )


def same(header: str, known: Collection[str], default: str) -> str | None:
    """The tag that If-None-Match and ``known`` have in common, weakly compared (section 13.1.2), if there is one.

    ``default`` is the tag of what would be sent; it comes first where several match, and answers ``*``.
    """
    if header.strip() == "*":
        return default
    found = {f'"{tag.opaque}"' for tag in tags(header)}
    if default in found:
        return default
    return min(found.intersection(known), default=None)


def unmodified_since(header: str, last_modified: datetime) -> bool | None:
    """Whether nothing changed after the date in ``header``, in whole seconds; None if it is no date."""
    date = moment(header)
    return None if date is None else last_modified.replace(microsecond=0) <= date


def failed(if_match: str | None, if_unmodified: str | None, known: Collection[str], last_modified: datetime) -> bool:
    """Whether If-Match, or else If-Unmodified-Since, asks for a 412 (sections 13.1.1, 13.1.4 and 13.2.2)."""
    if if_match is not None:
        # Strong comparison: what a proxy made weak is no longer the same bytes.
        return if_match.strip() != "*" and not any(
            not tag.weak and f'"{tag.opaque}"' in known for tag in tags(if_match)
        )
    return if_unmodified is not None and unmodified_since(if_unmodified, last_modified) is False


def moment(header: str) -> datetime | None:
    """Read an HTTP-date in any of its three forms; None for everything else, which is to be ignored.

    >>> moment("Sunday, 06-Nov-94 08:49:37 GMT") == moment("Sun Nov  6 08:49:37 1994")
    True
    """
    for form in _DATES:
        if found := form.fullmatch(header.strip()):
            return _instant(found)
    return None


def _instant(found: re.Match[str]) -> datetime | None:
    year = int(found["year"])
    if len(found["year"]) == 2:
        # The pivot of POSIX. Section 5.6.7 would have it move with the clock: nobody sends this form to differ.
        year += 2000 if year < 69 else 1900
    try:
        return datetime(
            year,
            _MONTHS.index(found["month"]) + 1,
            int(found["day"]),
            int(found["hour"]),
            int(found["minute"]),
            int(found["second"]),
            tzinfo=UTC,
        )
    except ValueError:  # no such day, or no such hour
        return None


def http_date(instant: datetime) -> str:
    """Write an HTTP-date, in English whatever the locale.

    >>> http_date(datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC))
    'Sun, 06 Nov 1994 08:49:37 GMT'
    """
    at = instant.astimezone(UTC)
    return f"{_DAYS[at.weekday()]}, {at.day:02} {_MONTHS[at.month - 1]} {at.year:04} {at:%H:%M:%S} GMT"
