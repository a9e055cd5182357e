"""Real Varnish in front of the newsroom: it keeps answers for a day, and readers see every change all the same."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from feeds.delivery.caches.purges import AGAIN, SETTLE, Purging
from feeds.settings import Settings
from tests.conftest import Program
from tests.makers import Bench, a_newsroom, write, yaml
from tests.servers import HOST, Servers
from tests.tools import free_port, wait_until

from .varnish import Varnish, a_varnish

DAM = "2021/2021-05-01-dam.yaml"
FEED, OTHER, PAGE = "/feeds/topic/wages.atom", "/feeds/country/cn.atom", "/releases/2021/dam"


class Gate:
    """A port in front of another one, which can be closed."""

    def __init__(self, port: int) -> None:
        self._target = port
        self.open = True
        self._listener = socket.create_server((HOST, 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection, suppress(OSError):  # whoever is not answered tries again
                if self.open:
                    self._forward(connection)

    def _forward(self, connection: socket.socket) -> None:
        """One request without a body and its reply."""
        asked = b""
        while b"\r\n\r\n" not in asked and (piece := connection.recv(65_536)):
            asked += piece
        with socket.create_connection((HOST, self._target)) as target:
            target.sendall(asked)
            while piece := target.recv(65_536):
                connection.sendall(piece)

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files = {
        DAM: yaml(title="The first title", published="2021-05-01", topics=["wages"]),
        "2021/2021-05-02-road.yaml": yaml(title="A road", published="2021-05-02", countries=["CN"]),
    }
    return a_newsroom(tmp_path, files)


@contextmanager
def served(servers: Servers, program: Program, folder: Path) -> Iterator[tuple[Varnish, Gate]]:
    """The newsroom with two workers behind Varnish, which it purges through a gate."""
    varnishd, port, purge = program("varnishd"), free_port(), free_port()
    gate = Gate(purge)
    purged_at = f"http://{HOST}:{gate.port}/"
    try:
        with (
            a_varnish(servers, varnishd, folder.parent, port, purge) as varnish,
            servers.newsroom(folder, watch="events", port=port, FEEDS_CACHE_KEYS="xkey", FEEDS_PURGE_URL=purged_at),
        ):
            wait_until(lambda: '"status": "ok"' in varnish.get("/healthz").body, "the first purges are through")
            yield varnish, gate
    finally:
        gate.close()


def title(varnish: Varnish, path: str = FEED) -> str:
    found = re.search(r"<title[^>]*>(The \w+ title)", varnish.get(path).body)
    return found[1] if found else ""


def test_varnish_answers_nearly_everything_and_readers_see_each_change(
    servers: Servers, program: Program, folder: Path
) -> None:
    with served(servers, program, folder) as (varnish, _):
        assert varnish.get(FEED).headers["cache-control"].startswith("public, max-age=")
        for number, word in enumerate(("second", "third")):
            for _ in range(500):
                varnish.get(FEED)
                varnish.get(OTHER)
            write(folder, DAM, yaml(title=f"The {word} title", published="2021-05-01", topics=["wages"]))
            wait_until(lambda word=word: title(varnish) == f"The {word} title", f"change {number} is visible")  # type: ignore[misc]
            assert f"The {word} title" in varnish.get(PAGE).body
        hits, misses = varnish.counted("MAIN.cache_hit"), varnish.counted("MAIN.cache_miss")
        assert hits / (hits + misses) >= 0.99
        # What the change does not concern is held since it was asked for first.
        assert int(varnish.get(OTHER).headers["age"]) >= int(varnish.get(FEED).headers["age"])


def test_a_scheduled_release_comes_at_its_moment_and_never_before(
    servers: Servers, program: Program, folder: Path
) -> None:
    with served(servers, program, folder) as (varnish, _):
        assert title(varnish, OTHER) == ""
        moment = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=3)
        text = yaml(title="The secret title", published=moment, countries=["CN"], topics=["wages"])
        write(folder, "2021/2021-06-01-secret.yaml", text)
        seen: list[datetime] = []

        def is_there() -> bool:
            found = "The secret title" in varnish.get(OTHER).body
            if found:
                seen.append(datetime.now(UTC))
            return found

        wait_until(is_there, "the release is visible")
        assert seen[0] >= moment
        wait_until(lambda: "The secret title" in varnish.get("/").body, "it is on the first page")


def test_purges_that_found_no_cache_are_made_up(servers: Servers, program: Program, folder: Path) -> None:
    with served(servers, program, folder) as (varnish, gate):
        assert title(varnish) == "The first title"
        gate.open = False
        write(folder, DAM, yaml(title="The second title", published="2021-05-01", topics=["wages"]))
        wait_until(lambda: "caches are not told of changes" in varnish.get("/healthz").body, "/healthz says so")
        assert title(varnish) == "The first title"
        gate.open = True
        wait_until(lambda: title(varnish) == "The second title", "the change is visible")
        wait_until(lambda: '"status": "ok"' in varnish.get("/healthz").body, "/healthz says that all is well")


def test_varnish_holds_a_feed_once_and_browsers_get_it_as_a_page(
    servers: Servers, program: Program, folder: Path
) -> None:
    with served(servers, program, folder) as (varnish, _):
        program_, person = varnish.get(FEED), varnish.get(FEED, sec_fetch_dest="document")
        assert program_.headers["content-type"] == "application/atom+xml; charset=utf-8"
        assert person.headers["content-type"] == "application/xml; charset=utf-8"
        assert person.body == program_.body
        assert not program_.is_held
        assert person.is_held
        assert {"xkey", "cdn-cache-control"}.isdisjoint(person.headers)
        page = varnish.get(PAGE, sec_fetch_dest="document")
        assert page.headers["content-type"] == "text/html; charset=utf-8"


def test_what_no_cache_may_keep_goes_through(servers: Servers, program: Program, folder: Path) -> None:
    with served(servers, program, folder) as (varnish, _):
        assert varnish.get("/releases/2021/new").status == 404
        write(folder, "2021/2021-06-02-new.yaml", yaml(title="The new title", published="2021-06-02"))
        wait_until(lambda: varnish.get("/releases/2021/new").status == 200, "the release is there")


def test_a_reader_cannot_purge(servers: Servers, program: Program, folder: Path) -> None:
    with served(servers, program, folder) as (varnish, _):
        varnish.get(FEED)
        assert varnish.get("/", "PURGE", xkey_purge="all").status == 405
        assert varnish.get(FEED).is_held


class _Backend(ThreadingHTTPServer):
    """A worker that answers with what a test says."""

    daemon_threads = True
    body = b"old"


class _Handler(BaseHTTPRequestHandler):
    server: _Backend

    def do_GET(self) -> None:
        body = self.server.body
        self.send_response(200)
        for name, value in (("xkey", "all t:en/topic/wages"), ("CDN-Cache-Control", "max-age=86400"),
                            ("Content-Length", str(len(body)))):  # fmt: skip
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the parameter's name is the base's
        return


def test_what_a_slow_worker_has_answered_before_the_change_goes_with_the_second_purge(
    servers: Servers, program: Program, folder: Path
) -> None:
    bench = Bench(folder)
    now = datetime.now(UTC)
    bench.compile(now=now)
    backend = _Backend((HOST, 0), _Handler)
    thread = threading.Thread(target=backend.serve_forever, args=(0.01,))
    thread.start()
    try:
        with a_varnish(servers, program("varnishd"), folder.parent, backend.server_port) as varnish:
            settings = Settings(
                data=folder, base_url=bench.settings.base_url, cache_keys="xkey", purge_url=(varnish.url,)
            )
            purging = Purging(bench.location, settings)
            purging.turn(now)
            write(folder, DAM, yaml(title="The second title", published="2021-05-01", topics=["wages"]))
            bench.compile(now=now)
            purging.turn(now)
            assert varnish.get("/").body == "old"
            purging.turn(now + SETTLE)
            # The cache had begun to fetch before the change: what it gets is stored after the purge.
            assert varnish.get("/").body == "old"
            backend.body = b"new"
            assert varnish.get("/").body == "old"
            purging.turn(now + SETTLE + AGAIN)
            assert varnish.get("/").body == "new"
            purging.close()
    finally:
        backend.shutdown()
        thread.join()
        backend.server_close()
