"""Three servers on one PostgreSQL server behind nginx, under load, while a release changes every two seconds.

    python -m benchmarks.replicas [--releases 1000] [--seconds 60] [--every 2]

Needs nginx and PostgreSQL's programs (Debian: nginx-light, postgresql). A server with the content folder and two
without any answer from one database, each with one worker; nginx takes turns between them. Readers poll forty feeds
through nginx all the while, as fast as four connections go; any answer but 200 and 304 is an error. Every change is
waited for at each of the three servers, and its feed is compared byte by byte. A hub counts what it is told, and
fetches each feed through nginx then: what it has in the end is what there is. Then forty feeds that nobody has asked
for are asked of a catalogue on the server and of one in a file, in turn. Exits with 1 if there was an error, if bytes
differed, if a change took longer than two seconds to be on all three, if the hub was told of a feed more often than it
changed or has an old one, or if a cold feed takes more than four times as long as from a file.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from urllib.parse import parse_qs

from benchmarks.caches import LONGEST, Readers, get, release, running, shown
from benchmarks.newsrooms import machine, newsroom
from benchmarks.nginx import free_port, program
from benchmarks.scale import selections
from feeds.catalogue import Catalogue, CatalogueFile, catalogue_location, compile_folder
from feeds.catalogue.postgresql_catalogue import CatalogueServer
from feeds.catalogue.replica import Replica
from feeds.publish import Router
from feeds.settings import Settings
from tests.postgresql import cluster

BASE = "https://news.example.org"
FEED = "/feeds/country/ar.atom"
VISIBLE = 2.0
COLD = 4.0
ROUNDS = 5
SETTLED = 5.0
"""Seconds after a change until the hub has been told of it."""

CONFIGURATION = """
{user}
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    upstream newsroom {{ {servers} keepalive 32; }}
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://newsroom;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Host $host;
        }}
    }}
}}
"""


class Hub(ThreadingHTTPServer):
    """Counts what it is told, and fetches it."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Door)
        self.words: Counter[str] = Counter()
        self.copies: dict[str, bytes] = {}
        self.front = 0


class _Door(BaseHTTPRequestHandler):
    server: Hub

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        path = form["hub.url"][0].removeprefix(BASE)
        self.server.words[path] += 1
        self.server.copies[path] = get(self.server.front, path)
        self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the parameter's name is the base's
        return


class Place:
    """A folder with a newsroom that names a hub, and the ports of three servers and of nginx before them."""

    def __init__(self, path: Path, releases: int, hub: Hub, url: str) -> None:
        self.path = path
        self.data = newsroom(path / "data", releases)
        with (self.data / "newsroom.yaml").open("a", encoding="utf-8") as file:
            file.write(f"hub: http://127.0.0.1:{hub.server_port}/\n")
        (self.data / "releases" / "2024").mkdir(exist_ok=True)
        self.url = url
        self.ports = [free_port() for _ in range(3)]
        self.front = hub.front = free_port()

    def save(self, turn: int) -> float:
        """Changes a release; the time at which it is there."""
        path = self.data / "releases/2024/2024-05-01-changed.yaml"
        beside = path.with_name(f".{path.name}.tmp")
        beside.write_text(release(f"Changed {turn} times", datetime(2024, 5, 1, tzinfo=UTC)), encoding="utf-8")
        beside.replace(path)
        return time.monotonic()

    def nginx(self) -> list[str]:
        """The command that starts nginx before the servers."""
        file = self.path / "nginx.conf"
        servers = " ".join(f"server 127.0.0.1:{port};" for port in self.ports)
        user = "user root;" if os.geteuid() == 0 else ""
        file.write_text(CONFIGURATION.format(folder=self.path, servers=servers, port=self.front, user=user))
        return [program("nginx"), "-p", str(self.path), "-c", str(file)]


@contextmanager
def three_servers(place: Place) -> Iterator[None]:
    """The servers behind nginx, once each of them answers."""
    with ExitStack() as open_:
        for number, port in enumerate(place.ports):
            settings = {
                "FEEDS_DATABASE": place.url,
                "FEEDS_BASE_URL": BASE,
                "FEEDS_STATE": str(place.path / str(number)),
            }
            settings["FEEDS_DATA"] = str(place.data) if number == 0 else "none"
            serve = [sys.executable, "-m", "feeds", "serve", "--port", str(port), "--workers", "1"]
            open_.enter_context(running(serve, **settings))
            shown(port, "/feeds/all.atom", b"</entry>")
        open_.enter_context(running(place.nginx()))
        shown(place.front, "/feeds/all.atom", b"</entry>")
        yield


def begin_to_push(place: Place, hub: Hub) -> None:
    """Waits until the hub is told of changes: the first look at all feeds takes its time, and tells of none."""
    deadline = time.monotonic() + LONGEST * 3
    turn = 0
    while not hub.words and time.monotonic() < deadline:
        turn -= 1
        place.save(turn)
        time.sleep(SETTLED)
    hub.words.clear()


def changes(place: Place, seconds: float, every: float) -> Iterator[tuple[float, bool]]:
    """Changes a release again and again: until when the last server shows it, and whether all have the same bytes."""
    end = time.monotonic() + seconds
    turn = 0
    while time.monotonic() < end:
        turn += 1
        saved = place.save(turn)
        text = f"Changed {turn} times".encode()
        visible = max(shown(port, FEED, text) for port in place.ports) - saved
        yield visible, len({get(port, FEED) for port in place.ports}) == 1
        time.sleep(max(0.0, every - (time.monotonic() - saved)))


def cold(place: Place) -> tuple[float, float]:
    """The median times of forty feeds that nobody has asked for: from a catalogue in a file, and on the server."""
    settings = Settings(data=place.data, base_url=BASE)
    now = datetime.now(UTC)
    in_file = catalogue_location(place.data, BASE, place.path / "file")
    compile_folder(place.data, in_file, BASE)
    on_server = catalogue_location(None, BASE, place.path, database=place.url)
    assert isinstance(in_file, CatalogueFile)
    assert isinstance(on_server, CatalogueServer)
    times: list[list[float]] = [[], []]
    for _ in range(ROUNDS):
        # Both remember nothing of the round before.
        both: list[Catalogue | Replica] = [Catalogue(in_file.path), Replica(on_server)]
        for path in ("/feeds/all.atom", *(f"/feeds/{each}.atom" for each in selections())):
            for number, catalogue in enumerate(both):
                begun = time.perf_counter()
                with catalogue.reading() as snapshot:
                    Router(settings).answer(snapshot, path, "", now)
                times[number].append(time.perf_counter() - begun)
    return median(times[0]), median(times[1])


def main(releases: int = 1_000, seconds: float = 60.0, every: float = 2.0) -> int:
    """Measures and prints; 0 if the targets are met."""
    print(f"{machine()}; {releases} releases, a change every {every:g} s")
    hub = Hub()
    threading.Thread(target=hub.serve_forever, daemon=True).start()
    with cluster() as server, tempfile.TemporaryDirectory() as path:
        place = Place(Path(path), releases, hub, server.database())
        with three_servers(place):
            begin_to_push(place, hub)
            with Readers(place.front) as readers:
                found = list(changes(place, seconds, every))
            time.sleep(SETTLED)
            old = [path for path, copy in hub.copies.items() if copy != get(place.front, path)]
        one, other = cold(place)
    hub.server_close()
    errors = sum(count for status, count in readers.statuses.items() if status not in (200, 304))
    visible = [each for each, _ in found]
    same = all(each for _, each in found)
    print(f"answers to readers: {readers.statuses.total()}, {errors} errors (0)")
    print(
        f"{len(found)} changes on all three after {median(visible):.2f} s in the median, at most {max(visible):.2f} s"
        f" (at most {VISIBLE} s)"
    )
    print(f"bytes of the three servers: {'equal' if same else 'different'}")
    times = sorted(hub.words.values()) or [0]
    pushed = f"{len(hub.words)} feeds were pushed {times[0]} to {times[-1]} times (at most {len(found)})"
    print(f"{pushed}, {len(old)} of them are old at the hub (0)")
    print(
        f"a cold feed: {other / one:.1f} times as long as from a file (at most {COLD:.0f}): {one * 1000:.1f} ms,"
        f" {other * 1000:.1f} ms"
    )
    good = not errors and same and max(visible) <= VISIBLE and not old and 0 < times[-1] <= len(found)
    return 0 if good and other / one <= COLD else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--releases", type=int, default=1_000)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--every", type=float, default=2.0)
    given = parser.parse_args()
    sys.exit(main(given.releases, given.seconds, given.every))
