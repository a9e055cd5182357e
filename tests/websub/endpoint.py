"""A hub's door: an HTTP server that takes words and answers them with one status."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs


class Endpoint(ThreadingHTTPServer):
    """Answers every POST with one status, and keeps what was sent."""

    daemon_threads = True

    def __init__(self, status: int = 202, **headers: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status = status
        self.headers = headers
        self.heard: list[tuple[str, dict[str, str], dict[str, list[str]]]] = []

    def receive(self, form: dict[str, list[str]]) -> None:
        """What comes of a word before it is answered."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hub?of=ours"


class _Handler(BaseHTTPRequestHandler):
    server: Endpoint

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        sent = {name.lower(): value for name, value in self.headers.items()}
        form = parse_qs(body.decode("ascii"), strict_parsing=True)
        self.server.heard.append((self.path, sent, form))
        self.server.receive(form)
        self.send_response(self.server.status)
        for name, value in self.server.headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self) -> None:
        raise AssertionError("a hub is only ever told by POST")

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
