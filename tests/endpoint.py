"""Somebody's door: a real HTTP server that is told by POST and answers everything with one status."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TypeVar


class Endpoint(ThreadingHTTPServer):
    """Takes what is sent there. Whoever plays somebody in particular says what comes of it."""

    daemon_threads = True
    path = "/"

    def __init__(self, status: int, **headers: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status = status
        self.headers = headers

    def told(self, path: str, fields: dict[str, str], body: bytes) -> None:
        """What comes of a request before it is answered; names of fields are in small letters."""
        raise NotImplementedError

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}{self.path}"


class _Handler(BaseHTTPRequestHandler):
    server: Endpoint

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.told(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
        self.send_response(self.server.status)
        for name, value in self.server.headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self) -> None:
        raise AssertionError("it is only ever told by POST")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the parameter's name is the base's
        return


Kind = TypeVar("Kind", bound=Endpoint)


@contextmanager
def running(endpoint: Kind) -> Iterator[Kind]:
    thread = threading.Thread(target=endpoint.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield endpoint
    finally:
        endpoint.shutdown()
        thread.join()
        endpoint.server_close()
