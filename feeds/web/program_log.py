"""Formats log messages with their time in UTC and their level, as text or as JSON."""

from __future__ import annotations

import json
import logging
import logging.config
from datetime import UTC, datetime
from typing import Any


class TextFormatter(logging.Formatter):
    """``2021-06-24T12:00:00.000+00:00 WARNING feeds: …``."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802 - logging's name
        """RFC 3339 to the millisecond."""
        return _time(record)


class JsonFormatter(logging.Formatter):
    """The same as a JSON object, with the traceback of an error, if there is one, in a field of its own."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        told = {
            "time": _time(record),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            told["traceback"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False)


class MeantOnly(logging.Filter):
    """Drops granian's warning of too many threads: most of ours only wait for readers of large files."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a message is logged."""
        return "Python threads" not in str(record.msg)


def logging_config(form: str = "text", level: str = "info") -> dict[str, Any]:
    """The configuration of everything that is logged, which goes to standard error.

    ``form`` and ``level`` are those of the settings. What the server itself does, such as starting workers, is logged
    at the level debug only.
    """
    own = level.upper()
    server = {"debug": "INFO", "info": "WARNING"}.get(level, own)
    handlers = ["console"]
    formatter = JsonFormatter if form == "json" else TextFormatter
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"generic": {"()": f"{__name__}.{formatter.__name__}"}},
        "filters": {"meant": {"()": f"{__name__}.{MeantOnly.__name__}"}},
        "handlers": {
            "console": {"formatter": "generic", "class": "logging.StreamHandler", "stream": "ext://sys.stderr"}
        },
        "root": {"handlers": handlers, "level": "ERROR" if level == "error" else "WARNING"},
        "loggers": {
            "_granian": {"handlers": handlers, "filters": ["meant"], "level": server, "propagate": False},
            "feeds": {"handlers": handlers, "level": own, "propagate": False},
        },
    }


def configure(form: str, level: str) -> None:
    """Configures the log of this process, with Python's warnings in it."""
    logging.config.dictConfig(logging_config(form, level))
    logging.captureWarnings(True)


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
