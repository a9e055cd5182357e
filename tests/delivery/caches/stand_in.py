"""Stand-ins for caches: one that is told directly, and a server that checks requests as providers document them."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from feeds.delivery.http_client import Reply
from feeds.settings import Settings

SECRET = "-".join(("token", "of", "the", "newsroom"))


@dataclass
class Told:
    """A cache that is told directly, and answers as a test says."""

    status: int = 200
    retry_after: int = 0
    heard: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    asked: int = 0

    def __call__(self, settings: Settings, url: str, keys: Sequence[str]) -> Reply:
        self.asked += 1
        if self.status == 200:
            self.heard.append((url, tuple(keys)))
        return Reply(self.status, "" if self.status else "no route to host", self.retry_after)

    def keys(self) -> list[str]:
        """The keys that were purged since last asked, sorted."""
        heard, self.heard = self.heard, []
        return sorted(key for _, keys in heard for key in keys)


class Provider(ThreadingHTTPServer):
    """Takes requests to purge as Fastly, Cloudflare, Varnish or a server of one's own, and refuses what is no such."""

    daemon_threads = True

    def __init__(self, kind: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.kind = kind
        self.down = False
        self.success = True
        self.purged: list[list[str]] = []

    @property
    def url(self) -> str:
        path = {
            "fastly": "/service/SU1Z0isxPaozGVKXdv0eY/purge",
            "cloudflare": "/client/v4/zones/023e105f4ecef8ad9ca31a8372d0c353/purge_cache",
        }.get(self.kind, "/purge")
        return f"http://127.0.0.1:{self.server_port}{path}"


class _Handler(BaseHTTPRequestHandler):
    server: Provider
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.server.down:
            return self._answer(503, {})
        return {"fastly": self._fastly, "cloudflare": self._cloudflare, "http": self._generic}[self.server.kind](body)

    def do_PURGE(self) -> None:
        keys = self.headers["xkey-purge"].split(" ")
        assert self.server.kind == "varnish"
        assert len(f"xkey-purge: {self.headers['xkey-purge']}") < 8_192  # varnishd, http_req_hdr_len
        self._purged(keys, {})

    def _fastly(self, body: bytes) -> None:
        """Fastly API reference, purging: 256 keys, the header field 16 kB, a key 1 kB."""
        listed = self.headers["Surrogate-Key"] or ""
        keys = listed.split(" ")
        if self.headers["Fastly-Key"] != SECRET:
            return self._answer(401, {"msg": "Provided credentials are missing or invalid"})
        sound = len(keys) <= 256 and len(listed) <= 16_384 and all(0 < len(key) <= 1_024 for key in keys)
        if not sound or body or not self.path.startswith("/service/") or not self.path.endswith("/purge"):
            return self._answer(400, {"msg": "Bad request"})
        return self._purged(keys, {key: f"108-1391560174-{number}" for number, key in enumerate(keys)})

    def _cloudflare(self, body: bytes) -> None:
        """Cloudflare API reference, purge cached content by tag: at most 100 tags, each at most 1,024 characters."""
        if self.headers["Authorization"] != f"Bearer {SECRET}" or self.headers["Content-Type"] != "application/json":
            return self._answer(403, {"success": False, "errors": [{"code": 10000, "message": "Authentication error"}]})
        sent = json.loads(body)
        tags = sent["tags"]
        sound = set(sent) == {"tags"} and 0 < len(tags) <= 100
        if not sound or any(
            not tag or len(tag) > 1_024 or not tag.isascii() or " " in tag or "," in tag for tag in tags
        ):
            return self._answer(400, {"success": False, "errors": [{"code": 1093, "message": "bad tags"}]})
        if not self.server.success:
            return self._answer(200, {"success": False, "errors": [{"code": 1134, "message": "rate limited"}]})
        return self._purged(tags, {"success": True, "errors": [], "messages": [], "result": {"id": "0"}})

    def _generic(self, body: bytes) -> None:
        keys = json.loads(body)["keys"]
        assert self.headers["Surrogate-Key"] == " ".join(keys)
        assert self.headers["Authorization"] == f"Bearer {SECRET}"
        self._purged(keys, {})

    def _purged(self, keys: list[str], content: object) -> None:
        self.server.purged.append(keys)
        self._answer(200, content)

    def _answer(self, status: int, content: object) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the parameter's name is the base's
        return


@contextmanager
def running(provider: Provider) -> Iterator[Provider]:
    thread = threading.Thread(target=provider.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield provider
    finally:
        provider.shutdown()
        thread.join()
        provider.server_close()
