"""Limits the time of an HTTP request as a whole. The standard library limits each part of it alone.

Whoever sends a byte now and then could otherwise hold the connection open for as long as he likes.
"""

from __future__ import annotations

import socket
from contextlib import suppress
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from threading import Lock, Timer
from typing import Any, Self
from urllib.request import BaseHandler, HTTPHandler, HTTPSHandler, Request


class TimeLimit:
    """Ends all connections that its handlers have opened when the time is over, whatever they are doing.

    For a ``with`` statement around the request. Looking up a name has the limits of the system's resolver.
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
        """A connection of a kind, also one through a proxy."""
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
