"""Writes and reads the lines of the access log, in the form of Apache and nginx or as JSON.

The text form is the Combined Log Format with the seconds that the response took behind it.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from json.encoder import encode_basestring_ascii as _as_json
from typing import Any, NamedTuple
from urllib.parse import quote

LOGGER = "feeds.access"
"""The name of the logger in lines of JSON."""

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

# Servers pass the path decoded. What could end a field or a line is encoded again.
_PATH_SAFE = "/:@!$&'()*+,;=-._~"
_QUERY_SAFE = f"{_PATH_SAFE}%?"
_PLAIN_PATH = re.compile(r"[A-Za-z0-9/:@!$&'()*+,;=._~-]*")
_PLAIN_QUERY = re.compile(r"[A-Za-z0-9/:@!$&'()*+,;=._~%?-]*")
_PLAIN_FIELD = re.compile(r"[ !#-\[\]-~]*")
_UNFIT = re.compile(r"[^ !#-\[\]-~]")
_ESCAPED = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|(.))")

_QUOTED = r'"((?:[^"\\]|\\.)*)"'
_LINE = re.compile(
    rf"(\S+) \S+ .*?\[(\d\d)/(\w{{3}})/(\d{{4}}):(\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)\] {_QUOTED} (\d{{3}}) (\d+|-)"
    rf"(?: {_QUOTED} {_QUOTED})?(?: ([\d.]+))?(?: .*)?"
)


class LoggedRequest(NamedTuple):
    """What the access log tells of a request and its response."""

    time: float
    """When the request came, in seconds since 1970."""
    address: str
    """The client's, as far as proxies that are trusted tell it."""
    method: str
    target: str
    """Path and query, with percent signs."""
    protocol: str
    status: int
    octets: int
    """Octets of the body that were sent."""
    seconds: float
    """Seconds until the whole response was handed over."""
    referer: str = ""
    user_agent: str = ""


def target_of(path: str, query: str) -> str:
    """Path and query of a request as one address; both are text as WSGI has it: octets as Latin-1."""
    if not _PLAIN_PATH.fullmatch(path):
        path = quote(path.encode("latin-1", "replace"), safe=_PATH_SAFE)
    if not query:
        return path
    if not _PLAIN_QUERY.fullmatch(query):
        query = quote(query.encode("latin-1", "replace"), safe=_QUERY_SAFE)
    return f"{path}?{query}"


def as_text(request: LoggedRequest) -> str:
    """The request in the Combined Log Format, with the seconds it took; without the end of the line.

    >>> as_text(LoggedRequest(0, "192.0.2.1", "GET", "/feeds/all.atom", "HTTP/1.1", 200, 5120, 0.0004, "", "reader/1"))
    '192.0.2.1 - - [01/Jan/1970:00:00:00 +0000] "GET /feeds/all.atom HTTP/1.1" 200 5120 "-" "reader/1" 0.000400'
    """
    at, address, method, target, protocol, status, octets, seconds, referer, user_agent = request
    return (
        f'{_field(address)} - - [{_clf_time(int(at))}] "{_field(method)} {target} {_field(protocol)}" {status} {octets}'
        f' "{_field(referer) or "-"}" "{_field(user_agent) or "-"}" {seconds:.6f}'
    )


def as_json(request: LoggedRequest) -> str:
    """The request as a JSON object, with the milliseconds that the response took.

    >>> as_json(LoggedRequest(0, "192.0.2.1", "GET", "/", "HTTP/1.1", 200, 5120, 0.0004))[:67]
    '{"time": "1970-01-01T00:00:00.000+00:00", "level": "INFO", "logger"'
    """
    # Composed by hand: json.dumps takes as long for this as all the rest of a request.
    at, address, method, target, protocol, status, octets, seconds, referer, user_agent = request
    milliseconds = round(at * 1_000)
    return (
        f'{{"time": "{_iso_time(milliseconds // 1_000)}.{milliseconds % 1_000:03}+00:00", "level": "INFO",'
        f' "logger": "{LOGGER}", "address": {_as_json(address)}, "method": {_as_json(method)},'
        f' "path": {_as_json(target)}, "protocol": {_as_json(protocol)}, "status": {status}, "bytes": {octets},'
        f' "milliseconds": {seconds * 1_000:.3f}, "referer": {_as_json(referer)},'
        f' "user_agent": {_as_json(user_agent)}}}'
    )


def parse(line: str) -> LoggedRequest | None:
    """Reads a line of either form, or one that Apache or nginx has written; None if it is no such line."""
    line = line.strip()
    return _parse_json(line) if line.startswith("{") else _parse_text(line)


def _parse_text(line: str) -> LoggedRequest | None:
    found = _LINE.fullmatch(line)
    if not found:
        return None
    address, *when, request, status, octets, referer, user_agent, seconds = found.groups()
    at = _time(*when)
    method, _, rest = _unescaped(request).partition(" ")
    target, _, protocol = rest.rpartition(" ") if " " in rest else (rest, "", "")
    if at is None:
        return None
    return LoggedRequest(
        at, address, method, target, protocol, int(status), int(octets) if octets.isdigit() else 0, _number(seconds),
        _given(referer), _given(user_agent),
    )  # fmt: skip


def _parse_json(line: str) -> LoggedRequest | None:
    try:
        told = json.loads(line)
        if not isinstance(told, dict) or "method" not in told:
            return None  # another line of the program
        return LoggedRequest(
            datetime.fromisoformat(str(told["time"])).timestamp(), str(told["address"]), str(told["method"]),
            str(told["path"]), str(told.get("protocol", "")), int(told["status"]), int(told.get("bytes", 0)),
            float(told.get("milliseconds", 0)) / 1_000, str(told.get("referer", "")), str(told.get("user_agent", "")),
        )  # fmt: skip
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None


def _time(*parts: str) -> float | None:
    day, month, year, hour, minute, second, sign, hours, minutes = parts
    if month not in _MONTHS:
        return None
    try:
        at = datetime(int(year), _MONTHS.index(month) + 1, int(day), int(hour), int(minute), int(second), tzinfo=UTC)
    except ValueError:
        return None
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return at.timestamp() - (offset.total_seconds() if sign == "+" else -offset.total_seconds())


def _number(text: Any) -> float:
    try:
        return float(text or 0)
    except ValueError:
        return 0.0


def _given(field: str | None) -> str:
    return "" if field in (None, "-") else _unescaped(str(field))


@lru_cache(maxsize=4)  # many requests come in one second
def _clf_time(second: int) -> str:
    at = datetime.fromtimestamp(second, UTC)
    return f"{at.day:02}/{_MONTHS[at.month - 1]}/{at:%Y:%H:%M:%S} +0000"


@lru_cache(maxsize=4)
def _iso_time(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).isoformat()[: -len("+00:00")]


def _field(text: str) -> str:
    """A field, with what could end it or its line escaped as Apache does: ``\\x22``."""
    if _PLAIN_FIELD.fullmatch(text):
        return text
    octets = text.encode("latin-1", "replace").decode("latin-1")
    return _UNFIT.sub(lambda found: f"\\x{ord(found[0]):02x}", octets)


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)) if found[1] else found[2], text) if "\\" in text else text
