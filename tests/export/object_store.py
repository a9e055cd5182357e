"""A real S3 server for tests (SeaweedFS), and a proxy before it that records requests and lets tests step in."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

import obstore
from obstore.store import from_url

from feeds.export import ExportOptions, ExportResult, ExportSource, export
from feeds.export.bucket import Bucket
from tests.conftest import Program
from tests.makers import NOW, Bench
from tests.servers import HOST, Servers
from tests.tools import DEAD, PAUSE, free_port

BUCKET = "newsroom"
KEYS = {"AWS_ACCESS_KEY_ID": "writer", "AWS_SECRET_ACCESS_KEY": "secret of the writer"}
READER = {"AWS_ACCESS_KEY_ID": "reader", "AWS_SECRET_ACCESS_KEY": "secret of the reader"}


class Request(NamedTuple):
    """A request to the store."""

    method: str
    name: str
    """The object, without the bucket; empty for the bucket."""
    question: str
    length: int

    @property
    def writes(self) -> bool:
        return self.method not in ("GET", "HEAD")


@dataclass
class Store:
    """The server, as a proxy shows it."""

    port: int
    """The proxy's."""
    behind: int
    """The server's own."""
    requests: list[Request] = field(default_factory=list)
    before: Callable[[Request], object] = lambda _: None
    """Called before a request is handed on."""
    after: Callable[[Request], bool] = lambda _: True
    """Called when it is answered; says whether the answer is given."""
    edit: Callable[[bytes], bytes] = bytes
    """What becomes of the bodies of answers."""

    @property
    def settings(self) -> dict[str, str]:
        """The environment of a program that writes into it."""
        endpoint = f"http://{HOST}:{self.port}"
        return KEYS | {"AWS_ENDPOINT_URL": endpoint, "AWS_REGION": "us-east-1", "AWS_ALLOW_HTTP": "true"}

    def forget(self) -> None:
        """Begins to record anew, and steps in no more."""
        self.requests.clear()
        self.before, self.after, self.edit = (lambda _: None), (lambda _: True), bytes

    def recorded(self, url: str) -> list[Request]:
        """The requests below an address, with names below it."""
        prefix = urlsplit(url).path[1:] + "/"
        return [
            each._replace(name=each.name.removeprefix(prefix))
            for each in self.requests
            if each.name.startswith(prefix) or not each.name
        ]

    def contents(self, url: str) -> dict[str, bytes]:
        """By name, the bytes of every object that readers can get below an address, from the server itself."""
        view = from_url(url, endpoint=f"http://{HOST}:{self.behind}")
        names = sorted(name for name in _names(view) if not name.startswith(".feeds/"))
        with ThreadPoolExecutor(8) as pool:
            return dict(zip(names, pool.map(lambda name: bytes(obstore.get(view, name).bytes()), names), strict=True))

    def written(self, url: str) -> list[str]:
        """The names of the objects that were written below an address, in the order of the requests."""
        return [each.name for each in self.recorded(url) if each.method == "PUT"]


def opened(url: str) -> Any:
    """The library's own view of an address."""
    return from_url(url)


def listed(url: str) -> set[str]:
    """The names of all objects below an address."""
    return _names(opened(url))


def _names(view: Any) -> set[str]:
    return {each["path"] for chunk in obstore.list(view) for each in chunk}


def manifest(url: str) -> dict[str, Any]:
    """The manifest of an export."""
    found: dict[str, Any] = json.loads(bytes(obstore.get(opened(url), ".feeds/manifest.json").bytes()))
    return found


def exported(
    bench: Bench,
    url: str,
    now: datetime = NOW,
    *,
    clock: Callable[[], float] = time.monotonic,
    watched: float = 60.0,
    patience: float = 60.0,
    tell: Callable[[str], object] = lambda _: None,
    codings: tuple[str, ...] = (),
) -> ExportResult:
    """Exports what a bench has compiled, with short pages."""
    source = ExportSource(bench.location, replace(bench.settings, entries=3))
    target = Bucket(url, clock, watched=watched, patience=patience)
    return export(source, target, ExportOptions(1, codings, "s3"), now, tell)


@contextmanager
def object_store(folder: Path, servers: Servers, program: Program) -> Iterator[Store]:
    """Starts the server and the proxy. Everybody may read from the bucket, as from a website."""
    beside = Path(sys.executable).parent / "weed"
    weed = str(beside) if beside.exists() else program("weed")
    identities = [
        {"name": keys["AWS_ACCESS_KEY_ID"], "actions": actions, "credentials": [
            {"accessKey": keys["AWS_ACCESS_KEY_ID"], "secretKey": keys["AWS_SECRET_ACCESS_KEY"]}]}
        for keys, actions in ((KEYS, ["Admin", "Read", "List", "Write"]), (READER, ["Read", "List"]))
    ]  # fmt: skip
    identities.append({"name": "anonymous", "actions": [f"Read:{BUCKET}"], "credentials": []})
    (folder / "s3.json").write_text(json.dumps({"identities": identities}), encoding="utf-8")
    ports = {name: free_port() for name in ("master", "volume", "filer", "s3")}
    command = [weed, "server", f"-dir={folder}", f"-ip={HOST}", f"-ip.bind={HOST}", "-filer", "-s3", "-s3.iam=false",
               f"-s3.config={folder / 's3.json'}", "-master.telemetry=false", "-master.volumeSizeLimitMB=64",
               "-volume.max=20", "-volume.preStopSeconds=0", "-s3.port.iceberg=0", "-s3.port.lance=0"]  # fmt: skip
    command += [f"-{name}.port={port}" for name, port in ports.items()]
    command += [f"-{name}.port.grpc={free_port()}" for name in ports]
    with servers.program(command, port=ports["s3"], HOME=str(folder)) as server:
        store = Store(0, server.port)
        with _proxy(store):
            yield store
        # It would take seconds to stop in order, and nobody asks it again.
        with suppress(ProcessLookupError):
            os.killpg(server.process_id, signal.SIGKILL)


@contextmanager
def _proxy(store: Store) -> Iterator[None]:
    class Handler(_Handler):
        def handle_request(self) -> None:
            _hand_on(self, store)

    for method in ("GET", "HEAD", "PUT", "POST", "DELETE"):
        setattr(Handler, f"do_{method}", Handler.handle_request)

    server = _Proxy((HOST, 0), Handler)
    server.daemon_threads = True
    store.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": PAUSE})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join(DEAD)
        server.server_close()


class _Proxy(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Says nothing: clients are killed, and connections broken on purpose."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    """Else the other side waits for the rest of an answer before it says that it has the first half."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the library's name
        """Does nothing."""


def _hand_on(asked: BaseHTTPRequestHandler, store: Store) -> None:
    body = asked.rfile.read(int(asked.headers.get("Content-Length", 0)))
    parts = urlsplit(asked.path)
    name = unquote(parts.path).removeprefix(f"/{BUCKET}").lstrip("/")
    request = Request(asked.command, name, parts.query, len(body))
    store.before(request)
    store.requests.append(request)
    connection = HTTPConnection(HOST, store.behind, timeout=DEAD)
    try:
        connection.request(asked.command, asked.path, body, dict(asked.headers))
        answer = connection.getresponse()
        content = store.edit(answer.read())
    finally:
        connection.close()
    if not store.after(request):
        asked.close_connection = True
        return
    asked.send_response_only(answer.status)
    for field_name, value in answer.getheaders():
        if field_name.lower() not in ("connection", "transfer-encoding", "content-length"):
            asked.send_header(field_name, value)
    length = answer.getheader("Content-Length") if asked.command == "HEAD" else str(len(content))
    asked.send_header("Content-Length", length or "0")
    asked.end_headers()
    asked.wfile.write(content)
