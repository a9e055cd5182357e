"""Log formats: requests in the Common Log Format or as JSON, one line each; everything else with its time in UTC."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

KINDS = ("common", "json", "off")

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# The server passes the path decoded. Characters that could end a field or a line are encoded again.
_PLAIN = "/:@!$&'()*+,;=-._~%?"


class Common(logging.Formatter):
    """``127.0.0.1 - - [24/Jun/2021:12:00:00 +0000] "GET /feeds/all.atom HTTP/1.1" 200 -``. The size is not known."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        seen = _request(record)
        at = datetime.fromtimestamp(record.created, UTC)
        when = f"{at.day:02}/{_MONTHS[at.month - 1]}/{at:%Y:%H:%M:%S} +0000"
        return f'{seen["address"]} - - [{when}] "{seen["method"]} {seen["path"]} {seen["protocol"]}" {seen["status"]} -'


class Json(logging.Formatter):
    """The same as a JSON object, with the milliseconds that the response took."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        at = datetime.fromtimestamp(record.created, UTC)
        return json.dumps({"time": at.isoformat(timespec="milliseconds"), **_request(record)})


class Timed(logging.Formatter):
    """``2021-06-24T12:00:00.000+00:00 WARNING feeds: …``: messages of the program, with their time in UTC."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802 - logging's name
        """RFC 3339 to the millisecond."""
        return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


class MeantOnly(logging.Filter):
    """Leaves out that there are many threads: most of them only wait for readers of large files."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a message is logged."""
        return "Python threads" not in str(record.msg)


def logging_config(kind: str) -> dict[str, Any]:
    """Granian's logging configuration: requests go to standard output, everything else to standard error."""
    formatter = Json if kind == "json" else Common
    return {
        "formatters": {
            "generic": {"()": f"{__name__}.{Timed.__name__}"},
            "access": {"()": f"{__name__}.{formatter.__name__}"},
        },
        "filters": {"meant": {"()": f"{__name__}.{MeantOnly.__name__}"}},
        "handlers": {
            "console": {"formatter": "generic", "class": "logging.StreamHandler", "stream": "ext://sys.stderr"},
            "access": {"formatter": "access", "class": "logging.StreamHandler", "stream": "ext://sys.stdout"},
        },
        "loggers": {
            "_granian": {"handlers": ["console"], "filters": ["meant"], "level": "INFO", "propagate": False},
            "granian.access": {"handlers": ["access"], "level": "INFO", "propagate": False},
            "feeds": {"handlers": ["console"], "level": "WARNING", "propagate": False},
            "feeds.changes": {"handlers": ["console"], "level": "INFO", "propagate": False},
        },
    }


def _request(record: logging.LogRecord) -> dict[str, Any]:
    told: Mapping[str, Any] = record.args if isinstance(record.args, Mapping) else {}
    query = f"?{told['query_string']}" if told.get("query_string") else ""
    return {
        "address": told.get("addr", "-"),
        "method": quote(str(told.get("method", "-"))),
        "path": quote(f"{told.get('path', '-')}{query}", safe=_PLAIN),
        "protocol": told.get("protocol", "-"),
        "status": told.get("status", 0),
        "milliseconds": round(told.get("dt_ms", 0.0), 3),
    }
