"""Logs each request in a line of its own, when the whole response has been handed over."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from feeds.web.access_log.client_address import Network, client_address
from feeds.web.access_log.lines import LoggedRequest, as_json, as_text, target_of
from feeds.web.counted_body import CountedBody

KINDS = ("common", "json", "off")

_STDOUT = 1
_LOOK = 1.0
"""Seconds between two looks whether the file is still at its place."""

Write = Callable[[LoggedRequest], None]


class LogFile:
    """A file to which lines are added by any number of processes; without a path, standard output.

    A line is written at once, so those of several processes never mix. A file that is moved away, as logrotate does,
    is opened anew within a second.
    """

    def __init__(self, path: Path | None = None, elapsed: Callable[[], float] = time.monotonic) -> None:
        """Raises OSError if the file cannot be opened."""
        self._path = path
        self._elapsed = elapsed
        self._look_again = elapsed() + _LOOK
        self._file = _STDOUT if path is None else _opened(path)

    def write(self, line: str) -> None:
        """Adds a line. On a full disk lines are lost; responses are not."""
        if self._path and self._elapsed() >= self._look_again:
            self._look_again = self._elapsed() + _LOOK
            self._open_again(self._path)
        octets = f"{line}\n".encode()
        with suppress(OSError):
            while octets:
                octets = octets[os.write(self._file, octets) :]

    def _open_again(self, path: Path) -> None:
        with suppress(OSError):
            here = os.fstat(self._file)
            try:
                there = path.stat()
            except FileNotFoundError:
                there = None
            if there is None or (here.st_ino, here.st_dev) != (there.st_ino, there.st_dev):
                new = _opened(path)
                os.dup2(new, self._file)  # other threads go on with the same number
                os.close(new)


def _opened(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o640)


def writer(kind: str, file: LogFile) -> Write:
    """A function that writes requests into a file, in the form that ``kind`` names: common or json."""
    form = as_json if kind == "json" else as_text
    return lambda request: file.write(form(request))


def in_front_of(
    app: WSGIApplication,
    write: Write,
    trusted: Sequence[Network] = (),
    clock: Callable[[], float] = time.time,
    elapsed: Callable[[], float] = time.perf_counter,
) -> WSGIApplication:
    """A WSGI application that answers as ``app`` does, and logs it. ``trusted`` are the proxies in front."""

    def logged(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        # Read first: applications change their environ.
        target = target_of(environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", ""))
        at, begun = clock(), elapsed()
        statuses: list[str] = []

        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            statuses.append(status)
            return start_response(status, headers, *error)

        def done(octets: int) -> None:
            write(_request(environ, target, at, statuses, octets, elapsed() - begun, trusted))

        answered = False
        try:
            body = app(environ, start)
            answered = True
        finally:
            if not answered:  # an error that the server will answer with 500
                statuses.append("500")
                done(0)
        if isinstance(body, list):
            done(sum(map(len, body)))
            return body
        return CountedBody(body, done)

    return logged


def _request(
    environ: WSGIEnvironment, target: str, at: float, statuses: list[str], octets: int, took: float,
    trusted: Sequence[Network],
) -> LoggedRequest:  # fmt: skip
    get = environ.get
    peer = get("REMOTE_ADDR", "") or "-"
    if trusted:
        peer = client_address(peer, get("HTTP_X_FORWARDED_FOR", ""), get("HTTP_FORWARDED", ""), trusted)
    return LoggedRequest(
        at, peer, get("REQUEST_METHOD", "-"), target, get("SERVER_PROTOCOL", "-"), int(statuses[-1][:3]), octets, took,
        get("HTTP_REFERER", ""), get("HTTP_USER_AGENT", ""),
    )  # fmt: skip
