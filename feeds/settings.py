"""The operator's settings, from `FEEDS_*` in the environment. Content is configured in `data/newsroom.yaml`."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Self

from feeds.errors import FeedsError


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings. The environment variable of a field is ``FEEDS_`` and its name in upper case."""

    data: Path = field(default=Path("data"), metadata={"meaning": "the folder with newsroom.yaml and the releases"})
    catalogue: Path | None = field(
        default=None, metadata={"meaning": "the folder for the compiled catalogue; by default Flask's instance folder"}
    )
    base_url: str = field(
        default="http://127.0.0.1:8000",
        metadata={"meaning": "where the world reaches the newsroom: scheme, host, path"},
    )
    entries: int = field(default=30, metadata={"meaning": "how many releases a live feed holds at least"})
    kilobytes: int = field(default=512, metadata={"meaning": "about how heavy a feed document may become"})
    max_age: int = field(
        default=300,
        metadata={"meaning": "for how many seconds at most a cache keeps an answer unasked; the full minute ends it"},
    )
    watch: str = field(
        default="auto", metadata={"meaning": "how changed files are noticed: auto, events, poll, or off"}
    )

    health: str = field(
        default="public", metadata={"meaning": "what /healthz tells: public, or full if only the operator can reach it"}
    )

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Self:
        """Reads the settings. Raises FeedsError with every variable that is unknown or has a bad value."""
        known = {f"FEEDS_{each.name.upper()}": each for each in fields(cls)}
        values: dict[str, Any] = {}
        wrong = []
        for name, text in sorted(environ.items()):
            if not name.startswith("FEEDS_"):
                continue
            if name not in known:
                near = difflib.get_close_matches(name, known, n=1)
                wrong.append(f"{name}: no such setting ({f'did you mean {near[0]}?' if near else 'see README.md'})")
                continue
            try:
                values[known[name].name] = _READERS[known[name].name](text)
            except ValueError as error:
                wrong.append(f"{name}: “{text}” {error}")
        if wrong:
            raise FeedsError("\n".join(wrong))
        return cls(**values)


def _folder(text: str) -> Path:
    if not text:
        raise ValueError("is empty (name a folder)")
    return Path(text)


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= 1_000_000:
        raise ValueError("is no whole number from 1 to 1000000")
    return int(text)


def _address(text: str) -> str:
    if not text.startswith(("http://", "https://")):
        raise ValueError("is no web address (write it like https://news.example.org)")
    return text.rstrip("/")


def _watching(text: str) -> str:
    if text not in WATCHING:
        raise ValueError(f"is none of {', '.join(WATCHING)}")
    return text


def _health(text: str) -> str:
    if text not in HEALTH:
        raise ValueError(f"is none of {', '.join(HEALTH)}")
    return text


HEALTH = ("public", "full")

WATCHING = ("auto", "events", "poll", "off")

_READERS: dict[str, Callable[[str], object]] = {
    "data": _folder,
    "catalogue": _folder,
    "base_url": _address,
    "entries": _number,
    "kilobytes": _number,
    "max_age": _number,
    "watch": _watching,
    "health": _health,
}
