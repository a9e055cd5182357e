"""Reads the operator's settings from `FEEDS_*` in the environment."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any, Self

from feeds.errors import FeedsError

WATCHING = ("auto", "events", "poll", "off")
DETAIL = ("public", "full")
LOG_FORMATS = ("text", "json")
LOG_LEVELS = ("debug", "info", "warning", "error")
CACHE_KEYS = {"xkey": "varnish", "Surrogate-Key": "fastly", "Cache-Tag": "cloudflare"}
"""The header fields for the keys of answers, each with the cache that reads it."""
PURGERS = (*CACHE_KEYS.values(), "http")


RENAMED = {"FEEDS_CATALOGUE": "FEEDS_STATE"}
"""Variables of earlier versions that have another name now; the new one counts where both are set."""

FORMER = frozenset({"FEEDS_KILOBYTES", "FEEDS_MAX_AGE"})
"""Variables of earlier versions that are ignored: an upgrade must not stop because of one."""

NOWHERE = Path("none")
"""Stands for no content folder: the server only answers readers, from what others have compiled."""

SECRET = frozenset({"FEEDS_PURGE_TOKEN", "FEEDS_DATABASE"})
"""Variables whose value is never shown."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings. The environment variable of a field is ``FEEDS_`` and its name in upper case."""

    data: Path = Path("data")
    """The folder with newsroom.yaml and the releases; `NOWHERE` for a replica."""
    state: Path | None = None
    """The folder for what the program keeps: catalogue and memory; None for the user's state folder."""
    base_url: str = "http://127.0.0.1:8000"
    """Where readers reach the newsroom: scheme, host and path."""
    entries: int = 30
    """How many releases a live feed holds at least."""
    media_megabytes: int = 50
    """How large a file beside a release may be, in megabytes."""
    watch: str = "auto"
    """How changed files are noticed: one of `WATCHING`."""
    health: str = "public"
    """What /healthz tells: one of `DETAIL`; full if only the operator can reach it."""
    log: str = "public"
    """What the server's log tells of problems: one of `DETAIL`; full if only editors read it."""
    cache_keys: str = ""
    """The header field for the surrogate keys of answers: one of `CACHE_KEYS`; empty if no cache is purged."""
    purger: str = ""
    """How a cache is told of changes: one of `PURGERS`; empty to follow from ``cache_keys``."""
    purge_url: tuple[str, ...] = ()
    """The addresses that take purge requests, one for each cache."""
    purge_token: str = field(default="", repr=False)
    """The secret with which these addresses accept a request. It is never logged."""

    indexnow_url: str = "https://api.indexnow.org/indexnow"
    """Where search engines are told of changed pages, once the newsroom has a key for it (IndexNow)."""

    log_format: str = "text"
    """The form of log lines: one of `LOG_FORMATS`. `feeds serve --log json` means JSON for all of them."""
    log_level: str = "info"
    """The lowest level that is logged: one of `LOG_LEVELS`."""
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    """The proxies whose word on the client's address is taken, for the access log alone."""

    metrics: tuple[str, int] | None = None
    """Host and port of the metrics; None for no metrics. Other machines can ask if the host is not loopback."""

    database: str = field(default="", repr=False)
    """The address of the PostgreSQL server that keeps catalogue and memory; empty for files in ``state``. It may hold a
    password, and is never logged."""

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Self:
        """Reads the settings.

        Raises FeedsError with every variable that is unknown or has a bad value; if there is none, with those that
        do not fit together.
        """
        known = {f"FEEDS_{each.name.upper()}": each for each in fields(cls)}
        values: dict[str, Any] = {}
        wrong = []
        for given, text in sorted(environ.items()):
            name = RENAMED.get(given, given)
            if not name.startswith("FEEDS_") or name in FORMER or (name != given and name in environ):
                continue
            if name not in known:
                near = difflib.get_close_matches(name, known, n=1)
                wrong.append(
                    f"{name}: no such setting ({f'did you mean {near[0]}?' if near else 'see docs/operating.md'})"
                )
                continue
            try:
                values[known[name].name] = _READERS[known[name].name](text)
            except ValueError as error:
                shown = "" if name in SECRET else f" “{text}”"
                wrong.append(f"{given}:{shown} {error}")
        settings = cls(**values)
        wrong = wrong or settings._contradictions()
        if wrong:
            raise FeedsError("\n".join(wrong))
        return settings

    @property
    def is_replica(self) -> bool:
        """Whether this server has no folder."""
        return self.data == NOWHERE

    @property
    def cache_kind(self) -> str:
        """The kind of the caches that are told of changes: one of `PURGERS`; empty if there are none."""
        return self.purger or CACHE_KEYS.get(self.cache_keys, "")

    def _contradictions(self) -> list[str]:
        """Problems between settings, each of which is valid by itself."""
        if self.is_replica and not self.database:
            return [
                "FEEDS_DATA: a server without a folder reads from a database (set FEEDS_DATABASE, or name a folder)"
            ]
        if self.cache_keys and not self.purge_url:
            reason = "caches would keep answers for a day, and nobody would tell them of a change"
            return [f"FEEDS_CACHE_KEYS: {reason} (set FEEDS_PURGE_URL, see docs/caches.md)"]
        if self.cache_kind in ("fastly", "cloudflare") and not self.purge_token:
            return [f"FEEDS_PURGE_TOKEN: is missing: {self.cache_kind} takes no request without (see docs/caches.md)"]
        others = {"FEEDS_PURGE_URL": self.purge_url, "FEEDS_PURGER": self.purger, "FEEDS_PURGE_TOKEN": self.purge_token}
        return [
            f"{name}: has no effect without FEEDS_CACHE_KEYS (see docs/caches.md)"
            for name, value in others.items()
            if value and not self.cache_keys
        ]


def _folder(text: str) -> Path:
    if not text:
        raise ValueError("is empty (name a folder)")
    return Path(text)


def _database(text: str) -> str:
    scheme, _, rest = text.partition("://")
    if not text:
        return ""
    if scheme not in ("postgresql", "postgres"):
        raise ValueError("is no address of a PostgreSQL server (write it like postgresql://user@host/name)")
    user, at, _ = rest.rpartition("@")
    if at and not set(user).isdisjoint("@/?#[] "):
        # Otherwise a part of the password would be taken for a host or a port, and shown in messages.
        raise ValueError(
            "has a sign in the user's name or the password that is written %XX there: “@” is %40, “/” is %2F"
        )
    return text


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= 1_000_000:
        raise ValueError("is no whole number from 1 to 1000000")
    return int(text)


def _address(text: str) -> str:
    if not text.startswith(("http://", "https://")):
        raise ValueError("is no web address (write it like https://news.example.org)")
    return text.rstrip("/")


def _networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    found = []
    for part in text.replace(",", " ").split():
        try:
            found.append(ip_network(part))
        except ValueError as error:
            raise ValueError(
                f"has “{part}”, which is no address or network (write it like 10.0.0.0/8, ::1): {error}"
            ) from error
    return tuple(found)


def _host_and_port(text: str) -> tuple[str, int] | None:
    if text in ("", "off"):
        return None
    host, _, port = text.rpartition(":")
    if not port.isascii() or not port.isdigit() or not 1 <= int(port[:6]) <= 65_535:
        raise ValueError("has no port from 1 to 65535 (write 9464, or 0.0.0.0:9464 for other machines)")
    return host.removeprefix("[").removesuffix("]") or "127.0.0.1", int(port)


def _addresses(text: str) -> tuple[str, ...]:
    found = tuple(text.split())
    if not found:
        raise ValueError("is empty (write a web address, or several with spaces between them)")
    for each in found:
        _address(each)
        if not each.isascii():
            raise ValueError("has letters that no address has (write them as %XX, or the host as xn--…)")
    return found


def _secret(text: str) -> str:
    if not text or not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError("is no token: it is empty, or has signs that no header field can have")
    return text


def _one_of(*names: str) -> Callable[[str], str]:
    def reader(text: str) -> str:
        if text not in names:
            raise ValueError(f"is none of {', '.join(names)}")
        return text

    return reader


_READERS: dict[str, Callable[[str], object]] = {
    "data": _folder,
    "state": _folder,
    "database": _database,
    "base_url": _address,
    "entries": _number,
    "media_megabytes": _number,
    "watch": _one_of(*WATCHING),
    "health": _one_of(*DETAIL),
    "log": _one_of(*DETAIL),
    "log_format": _one_of(*LOG_FORMATS),
    "log_level": _one_of(*LOG_LEVELS),
    "trusted_proxies": _networks,
    "metrics": _host_and_port,
    "cache_keys": _one_of(*CACHE_KEYS),
    "purger": _one_of(*PURGERS),
    "purge_url": _addresses,
    "indexnow_url": _address,
    "purge_token": _secret,
}
