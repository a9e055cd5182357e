"""Counts requests and what else is measured, for all processes of a server together. Knows no metrics library.

Each process counts in memory and writes its totals into a file of its own, once a second. The process that is asked
writes its own file and adds up all of them: so no total ever falls, whichever process is asked next. A process takes
over the file of one that has ended and goes on from its totals: so nothing is lost when workers are renewed, there are
never more files than processes, and a request costs no lock that processes share.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from functools import lru_cache, partial
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from feeds.catalogue import CatalogueLocation
from feeds.errors import FeedsError
from feeds.model.formats import BY_SUFFIX
from feeds.web.counted_body import CountedBody

_MOST_PROCESSES = 1_000
_FIRST_SEGMENTS = {
    "feeds": "feed", "releases": "release", "media": "media", "static": "asset", "embed": "embed", "oembed": "embed",
    "healthz": "health", "favicon.ico": "asset", "robots.txt": "list",
}  # fmt: skip


def folder_of(location: CatalogueLocation) -> Path:
    """Where the processes that serve a newsroom write what they have counted: beside its catalogue and memory."""
    return location.metrics


class RequestKind(NamedTuple):
    """What was asked for, and how it was answered."""

    kind: str
    """feed, page, release, media, asset, embed, list (OPML, sitemaps, robots.txt) or health."""
    format: str
    """The suffix of a feed's format; else empty."""
    status: str
    coding: str
    """The content coding; empty for none."""


@dataclass
class Totals:
    """What one process has counted, or all of them."""

    requests: dict[RequestKind, list[int]] = field(default_factory=dict)
    """Number of requests and of octets."""
    compiles: int = 0
    """Compiles that have changed something."""
    compile_seconds: float = 0.0
    last_compile_seconds: float = 0.0
    last_compile: float = 0.0
    """When it ended, in seconds since 1970."""
    lateness: float = 0.0
    """By how many seconds the newsroom was late at the last moment that came."""
    last_moment: float = 0.0
    """That moment, in seconds since 1970."""

    def add(self, other: Totals) -> None:
        """Adds what another process has counted."""
        for kind, (number, octets) in other.requests.items():
            mine = self.requests.setdefault(kind, [0, 0])
            mine[0] += number
            mine[1] += octets
        self.compiles += other.compiles
        self.compile_seconds += other.compile_seconds
        if other.last_compile > self.last_compile:
            self.last_compile, self.last_compile_seconds = other.last_compile, other.last_compile_seconds
        if other.last_moment == self.last_moment:
            self.lateness = max(self.lateness, other.lateness)
        elif other.last_moment > self.last_moment:
            self.last_moment, self.lateness = other.last_moment, other.lateness


class Counters:
    """The totals of this process, and the files of all. Threads may share it."""

    def __init__(self, folder: Path) -> None:
        """Takes the first file that no living process has. Raises FeedsError if there is none."""
        self._folder = folder
        self._changing, self._saving = Lock(), Lock()
        self._number, self._lock = _taken(folder)
        self.totals = _read(self._file(self._number)) or Totals()

    def count(self, kind: tuple[str, str, str, str], octets: int) -> None:
        """Counts a request; ``kind`` has the values of a `RequestKind`."""
        with self._changing:
            counted = self.totals.requests.get(kind)  # type: ignore[call-overload]  # equal to a Kind
            if counted is None:
                self.totals.requests[RequestKind(*kind)] = [1, octets]
            else:
                counted[0] += 1
                counted[1] += octets

    def compiled(self, seconds: float, now: float) -> None:
        """Counts a compile that has changed something."""
        with self._changing:
            totals = self.totals
            totals.compiles += 1
            totals.compile_seconds += seconds
            totals.last_compile_seconds, totals.last_compile = seconds, now

    def moment_came(self, moment: float, lateness: float) -> None:
        """Records by how many seconds the newsroom was late at a moment at which it changes by itself."""
        with self._changing:
            self.totals.last_moment, self.totals.lateness = moment, lateness

    def save(self) -> None:
        """Writes the totals into this process's file, in one step. Raises OSError."""
        with self._saving:
            with self._changing:
                text = _as_text(self.totals)
            new = self._folder / f"{self._number}.new"
            new.write_text(text, encoding="utf-8")
            new.replace(self._file(self._number))

    def sum(self) -> Totals:
        """The totals of all processes, the ended ones included; of others as they last wrote them.

        What this process has counted is written first, and only what is written is told: another process that is asked
        next must not tell less. On a full disk it tells what it has counted all the same.
        """
        total, written = Totals(), set(self._folder.glob("*.json"))
        try:
            self.save()
            written.add(self._file(self._number))
        except OSError:
            written.discard(self._file(self._number))
            with self._changing:
                total.add(self.totals)
        for path in written:
            if found := _read(path):
                total.add(found)
        return total

    def close(self) -> None:
        """Leaves the file to the next process. Raises OSError."""
        self.save()
        os.close(self._lock)

    def _file(self, number: int) -> Path:
        return self._folder / f"{number}.json"


def _taken(folder: Path) -> tuple[int, int]:
    """The number of a file that no living process has, and its open lock, which ends with this process."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for number in range(_MOST_PROCESSES):
            lock = os.open(folder / f"{number}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            with suppress(BlockingIOError):
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return number, lock
            os.close(lock)
    except OSError as error:
        raise FeedsError(f"cannot count in {folder}: {error.strerror} (FEEDS_STATE must be writable)") from error
    raise FeedsError(f"more than {_MOST_PROCESSES} processes count in {folder}")


def _as_text(totals: Totals) -> str:
    told = asdict(totals) | {"requests": [[*kind, *numbers] for kind, numbers in totals.requests.items()]}
    return json.dumps(told)


def _read(path: Path) -> Totals | None:
    """The totals in a file; None if there is none, or another version has written it."""
    try:
        told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        requests = {RequestKind(*map(str, row[:4])): [int(row[4]), int(row[5])] for row in told.pop("requests")}
        return Totals(requests, **told)
    except (OSError, ValueError, TypeError, KeyError, IndexError):
        return None


def in_front_of(app: WSGIApplication, counters: Counters) -> WSGIApplication:
    """A WSGI application that answers as ``app`` does, and counts."""

    def counted(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        kind, form = kind_and_format(environ.get("PATH_INFO", ""))
        status, coding = "500", ""

        def start(line: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            nonlocal status, coding
            status = line[:3]
            if status == "200":
                coding = next((value for name, value in headers[:4] if name == "Content-Encoding"), "")
            return start_response(line, headers, *error)

        body: Iterable[bytes] = []
        try:
            body = app(environ, start)
        finally:
            if isinstance(body, list):
                counters.count((kind, form, status, coding), len(body[0]) if len(body) == 1 else sum(map(len, body)))
        return (
            body if isinstance(body, list) else CountedBody(body, partial(counters.count, (kind, form, status, coding)))
        )

    return counted


@lru_cache(maxsize=4_096)
def kind_and_format(path: str) -> tuple[str, str]:
    """The kind of what stands at a path, and the format of a feed.

    >>> kind_and_format("/zh-Hans/feeds/all.atom"), kind_and_format("/about")
    (('feed', 'atom'), ('page', ''))
    """
    segments = path.lower().split("/")[1:]
    kind = next((_FIRST_SEGMENTS[each] for each in segments[:2] if each in _FIRST_SEGMENTS), "page")
    last = segments[-1] if segments else ""
    suffix = last.rpartition(".")[2]
    if suffix in ("opml", "xml"):
        return "list", ""
    if kind == "feed":
        return ("feed", suffix) if suffix in BY_SUFFIX and suffix != "html" else ("page", "")
    return kind, ""
