"""Sends HTTP requests to other servers, each within a time limit.

The standard library only limits each read and write by itself: a server that sends a byte now and then could hold the
connection open for ever.
"""

from __future__ import annotations

import socket
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from email.message import Message
from enum import Enum
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from threading import Lock, Timer
from typing import IO, Any, Self
from urllib.error import HTTPError
from urllib.request import BaseHandler, HTTPHandler, HTTPRedirectHandler, HTTPSHandler, Request, build_opener

import feeds

LONGEST = 10.0
"""Seconds that a request may take in all: connection, TLS and reply."""


def pause(tries: int, longest: timedelta) -> timedelta:
    """The time to wait after ``tries`` failures: 1, 2, 4 … seconds, at most ``longest``.

    >>> [pause(tries, timedelta(hours=1)).total_seconds() for tries in (1, 2, 3, 12, 13, 500)]
    [1.0, 2.0, 4.0, 2048.0, 3600.0, 3600.0]
    """
    return min(timedelta(seconds=2 ** min(tries - 1, 20)), longest)


class Outcome(Enum):
    """The outcome of a request."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNAVAILABLE = "has no answer"
    """The server takes no request at present: no connection, a server error, or too many requests."""


@dataclass(frozen=True, slots=True)
class Reply:
    """The reply of a server. ``status`` is 0 if there was none; then ``reason`` says why."""

    status: int
    reason: str = ""
    retry_after: int = 0
    """Seconds to wait before the next request."""
    body: bytes = b""
    """As much of it as was asked for."""

    @property
    def outcome(self) -> Outcome:
        """The outcome, by the status. A redirection counts as refused: the operator must name the final address."""
        if 200 <= self.status < 300:
            return Outcome.ACCEPTED
        if self.status == 0 or self.status >= 500 or self.status in (408, 429):
            return Outcome.UNAVAILABLE
        return Outcome.REFUSED


def send(request: Request, *, seconds: float = LONGEST, most: int = 0) -> Reply:
    """Sends a request and reads at most so many bytes of the reply's body.

    Returns after ``seconds`` at the latest, whatever the server does. Redirections are not followed.
    """
    with TimeLimit(seconds) as limit:
        opener = build_opener(_NoRedirects, *limit.handlers())
        opener.addheaders = [("User-Agent", f"newsroom-feeds/{feeds.__version__}"), ("Accept", "*/*")]
        try:
            with opener.open(request) as response:
                return Reply(response.status, body=response.read(most) if most else b"")
        except HTTPError as error:
            with error:
                return Reply(error.code, retry_after=_seconds(error.headers))
        # urllib raises ValueError for a host that is no valid IDNA name.
        except (OSError, HTTPException, ValueError) as error:
            return Reply(0, "timed out" if limit.is_over else str(error) or type(error).__name__)


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> Request | None:
        return None


def _seconds(headers: Message) -> int:
    """The seconds of Retry-After (RFC 9110 section 10.2.3); 0 for a date or anything else."""
    value = headers.get("Retry-After", "").strip()
    return int(value) if value.isascii() and value.isdigit() and len(value) < 9 else 0


class TimeLimit:
    """Ends all connections that its handlers have opened when the time is over, whatever they are doing.

    For a ``with`` statement around the request. It cannot end a name lookup: only the system's resolver limits that.
    """

    def __init__(self, seconds: float) -> None:
        self.is_over = False
        self._seconds = seconds
        self._timer = Timer(seconds, self._end)
        self._timer.daemon = True
        self._ending = Lock()
        self._opened: list[socket.socket] = []

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        with self._ending:
            for each in self._opened:
                each.close()
            self._opened.clear()

    def handlers(self) -> tuple[BaseHandler, BaseHandler]:
        """Handlers for an opener of urllib's, which use this limit."""
        return _Http(self), _Https(self)

    def connection(self, kind: type[HTTPConnection], host: str, **options: Any) -> HTTPConnection:
        """A connection of a class of http.client's, to the server or to a proxy."""
        made = kind(host, **options)
        # The one place where http.client opens a socket; it has no public name.
        made._create_connection = self._connect  # type: ignore[attr-defined]
        return made

    def _connect(self, address: tuple[str, int], *_: object) -> socket.socket:
        """Connects to the first of a host's addresses that answers; each has an equal share of the time."""
        found = socket.getaddrinfo(*address, type=socket.SOCK_STREAM)
        places = [(str(place[0]), int(place[1])) for *_, place in found]
        error = OSError(f"{address[0]} has no address")
        for place in places:
            try:
                connection = socket.create_connection(place, self._seconds / len(places))
            except OSError as failure:
                error = failure
            else:
                self._watch(connection)
                connection.settimeout(self._seconds)
                return connection
        raise error

    def _watch(self, connection: socket.socket) -> None:
        with self._ending:
            if self.is_over:
                connection.close()
                raise TimeoutError("timed out")
            # A second handle of the same connection: TLS takes the first one over.
            self._opened.append(connection.dup())

    def _end(self) -> None:
        with self._ending:
            self.is_over = True
            for each in self._opened:
                with suppress(OSError):  # the other side has hung up
                    each.shutdown(socket.SHUT_RDWR)


class _Http(HTTPHandler):
    def __init__(self, limit: TimeLimit) -> None:
        super().__init__()
        self._limit = limit

    def http_open(self, req: Request) -> HTTPResponse:
        return self.do_open(lambda host, **given: self._limit.connection(HTTPConnection, host, **given), req)


class _Https(HTTPSHandler):
    def __init__(self, limit: TimeLimit) -> None:
        super().__init__()
        self._limit = limit

    def https_open(self, req: Request) -> HTTPResponse:
        return self.do_open(lambda host, **given: self._limit.connection(HTTPSConnection, host, **given), req)
