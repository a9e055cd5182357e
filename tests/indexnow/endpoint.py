"""A search engine's door: an HTTP server that takes addresses as IndexNow has them, and looks at what is there."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Endpoint(ThreadingHTTPServer):
    """Answers every POST with one status, and keeps what was sent."""

    daemon_threads = True

    def __init__(self, status: int = 200, look: Callable[[str], Any] = str, **headers: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status = status
        self.look = look
        self.headers = headers
        self.heard: list[dict[str, Any]] = []
        self.seen: dict[str, Any] = {}
        """By address, what ``look`` has found there when it was told of."""
        self.types: set[str] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/indexnow"


class _Handler(BaseHTTPRequestHandler):
    server: Endpoint

    def do_POST(self) -> None:
        told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.types.add(str(self.headers["Content-Type"]))
        for address in (told["keyLocation"], *told["urlList"]):
            self.server.seen[address] = self.server.look(address)
        self.server.heard.append(told)
        self.send_response(self.server.status)
        for name, value in self.server.headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the parameter's name is the base's
        return


@contextmanager
def running(endpoint: Endpoint) -> Iterator[Endpoint]:
    thread = threading.Thread(target=endpoint.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield endpoint
    finally:
        endpoint.shutdown()
        thread.join()
        endpoint.server_close()
