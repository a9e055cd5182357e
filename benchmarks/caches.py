"""Varnish in front of the newsroom, under polling: its hit share, and the time until a change is visible through it.

    python -m benchmarks.caches [--releases 1000] [--changes 20] [--every 3]

Needs varnishd with xkey (Debian: varnish, varnish-modules). The newsroom runs with two workers, Varnish with the
configuration of docs/varnish.vcl, where every answer has a life of a day. Readers poll forty feeds and the first page
with conditional requests all the while, as fast as four connections go. Every few seconds a release is changed, and a
scheduled one appears. The time is taken from the moment at which the saved file is in its place, or from the moment of
the scheduled release, until a request through Varnish shows it. Exits with 1 if the hit share is below 0.99, if the
median is above two seconds, or if anything was shown before its moment.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from statistics import median

from benchmarks.newsrooms import COUNTRIES, machine, newsroom
from benchmarks.nginx import free_port

HIT_SHARE = 0.99
VISIBLE = 2.0
LONGEST = 60.0
"""Seconds until a server is taken for dead, or a change for lost."""
READERS = 4
VCL = Path(__file__).parents[1] / "docs" / "varnish.vcl"
PATHS = ["/", "/feeds/all.atom", *(f"/feeds/country/{code.lower()}.atom" for code in COUNTRIES)]
PATHS += [f"/feeds/topic/topic-{number}.rss" for number in range(10)]
LOOK = 0.01
"""Seconds between two looks for a change."""


class Place:
    """A folder with a newsroom, the ports of newsroom and Varnish, and Varnish's own folder."""

    def __init__(self, path: Path, releases: int) -> None:
        self.data = newsroom(path / "data", releases)
        self.varnish = path / "varnish"
        self.vcl = path / "test.vcl"
        self.state = path / "state"
        self.port, self.front, self.purge = free_port(), free_port(), free_port()
        self.vcl.write_text(VCL.read_text(encoding="utf-8").replace('"8000"', f'"{self.port}"'), encoding="utf-8")

    def save(self, name: str, text: str) -> float:
        """Puts a release file in its place in one step; the time at which it is there."""
        path = self.data / "releases" / name
        beside = path.with_name(f".{path.name}.tmp")
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
        return time.monotonic()


@contextmanager
def running(command: list[str], **settings: str) -> Iterator[None]:
    """A program that ends with the block."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("FEEDS_")} | settings
    with subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield
        finally:
            process.terminate()


def get(port: int, path: str) -> bytes:
    """The body at a path; empty while there is no answer of 200."""
    connection = HTTPConnection("127.0.0.1", port, timeout=LONGEST)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
    except (OSError, HTTPException):
        return b""
    else:
        return body if answer.status == 200 else b""
    finally:
        connection.close()


def shown(port: int, path: str, text: bytes, *, absent: bool = False) -> float:
    """Looks until a page shows a text, or no longer does; the time of the answer."""
    deadline = time.monotonic() + LONGEST
    while time.monotonic() < deadline:
        body = get(port, path)
        if body and (text in body) is not absent:
            return time.monotonic()
        time.sleep(LOOK)
    raise SystemExit(f"{path} does not come to show {text!r}")


class Readers:
    """Poll all paths again and again, each with the tag it has seen last."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._stop = threading.Event()
        self.statuses: Counter[int] = Counter()
        self._threads = [threading.Thread(target=self._poll, args=(number,)) for number in range(READERS)]

    def __enter__(self) -> Readers:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _poll(self, start: int) -> None:
        tags: dict[str, str] = {}
        connection = HTTPConnection("127.0.0.1", self._port, timeout=LONGEST)
        number = start * 10
        while not self._stop.is_set():
            path = PATHS[number % len(PATHS)]
            number += 1
            seen = {"If-None-Match": tags[path]} if path in tags else {}
            connection.request("GET", path, headers={"Accept-Encoding": "gzip", **seen})
            answer = connection.getresponse()
            answer.read()
            tags[path] = answer.headers.get("ETag", "")
            self.statuses[answer.status] += 1
        connection.close()


def counted(folder: Path) -> tuple[int, int]:
    """Varnish's hits and misses."""
    command = ["varnishstat", "-1", "-n", str(folder), "-f", "MAIN.cache_hit", "-f", "MAIN.cache_miss"]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    found = {line.split()[0]: int(line.split()[1]) for line in lines}
    return found["MAIN.cache_hit"], found["MAIN.cache_miss"]


def release(title: str, published: datetime) -> str:
    """A release in a country and a topic that readers poll."""
    return (
        f"title: {title}\nsummary: What was said.\npublished: {published.isoformat()}\n"
        "countries: [AR]\ntopics: [topic-1]\n"
    )


def changes(place: Place, number: int, every: float) -> Iterator[tuple[float, float]]:
    """Changes a release again and again; how long each change, and each scheduled release, took to be visible.

    The second is negative if a release was shown before its moment.
    """
    long_ago = datetime(2024, 5, 1, tzinfo=UTC)
    feed = "/feeds/country/ar.atom"
    for turn in range(number):
        began = time.monotonic()
        saved = place.save("2024/2024-05-01-changed.yaml", release(f"Changed {turn} times", long_ago))
        visible = shown(place.front, feed, f"Changed {turn} times".encode()) - saved
        moment = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=3)
        place.save(f"2024/{moment:%Y-%m-%d}-scheduled-{turn}.yaml", release(f"Scheduled {turn}", moment))
        seen = shown(place.front, feed, f"Scheduled {turn}".encode())
        late = (datetime.now(UTC) - moment).total_seconds() - (time.monotonic() - seen)
        yield visible, late
        time.sleep(max(0.0, every - (time.monotonic() - began)))


def main(releases: int = 1_000, number: int = 20, every: float = 3.0) -> int:
    """Measures and prints; 0 if the targets are met."""
    print(f"{machine()}; {releases} releases, {number} changes")
    with tempfile.TemporaryDirectory() as path, ExitStack() as open_:
        place = Place(Path(path), releases)
        place.data.joinpath("releases", "2024").mkdir(exist_ok=True)
        front = f"http://127.0.0.1:{place.front}"
        varnish = ["varnishd", "-F", "-j", "none", "-n", str(place.varnish), "-f", str(place.vcl), "-s", "malloc,256m"]
        varnish += ["-a", f"127.0.0.1:{place.front}", "-a", f"purge=127.0.0.1:{place.purge}"]
        open_.enter_context(running(varnish))
        serve = [sys.executable, "-m", "feeds", "serve", "--port", str(place.port), "--workers", "2"]
        settings = {"FEEDS_DATA": str(place.data), "FEEDS_STATE": str(place.state), "FEEDS_BASE_URL": front}
        caches = {"FEEDS_CACHE_KEYS": "xkey", "FEEDS_PURGE_URL": f"http://127.0.0.1:{place.purge}/"}
        open_.enter_context(running(serve, **settings, **caches))
        shown(place.front, "/feeds/all.atom", b"</entry>")
        before = counted(place.varnish)
        with Readers(place.front) as readers:
            times = list(changes(place, number, every))
        hits, misses = (after - first for after, first in zip(counted(place.varnish), before, strict=True))
    share = hits / (hits + misses)
    visible, late = ([each[column] for each in times] for column in (0, 1))
    print(f"answers to readers: {readers.statuses.total()}, {misses} of them fetched from the newsroom")
    print(f"hit share: {share:.4f} (at least {HIT_SHARE})")
    print(
        f"a change is visible after {median(visible):.2f} s, at most {max(visible):.2f} s (median at most {VISIBLE} s)"
    )
    print(f"a scheduled release after {median(late):.2f} s, from {min(late):.2f} to {max(late):.2f} s")
    good = share >= HIT_SHARE and median(visible) <= VISIBLE and min(late) >= 0 and median(late) <= VISIBLE
    return 0 if good else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--releases", type=int, default=1_000)
    parser.add_argument("--changes", type=int, default=20)
    parser.add_argument("--every", type=float, default=3.0)
    given = parser.parse_args()
    sys.exit(main(given.releases, given.changes, given.every))
