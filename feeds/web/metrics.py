"""Metrics of the newsroom for Prometheus, at a port of their own. The only module that knows prometheus-client.

That library's own mode for several processes is not used: it leaves two files for each process that ever was, reads all
of them at each scrape, and takes as long for a request as the hot path.
"""

from __future__ import annotations

import atexit
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from multiprocessing.util import Finalize
from socketserver import ThreadingMixIn
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer
from wsgiref.types import WSGIApplication

from prometheus_client import CollectorRegistry, Metric, make_wsgi_app
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, SummaryMetricFamily

import feeds
from feeds.catalogue import Snapshot
from feeds.concurrency.background import Background, Trouble
from feeds.errors import FeedsError
from feeds.memory.backlogs import Backlog, backlogs
from feeds.web import request_counts
from feeds.web.live_newsroom import LiveNewsroom
from feeds.web.request_counts import Counters, Totals

SAVED_EVERY = 1.0
"""Seconds after which a process writes its totals again."""
_LATE = 0.05
"""Seconds between two looks while the newsroom is late."""
_PATIENCE = 10
"""Seconds that a client of the port may be silent."""

_LABELS = ("kind", "format", "status", "coding")

_OUTBOXES = {
    "push": "Feeds of which the hub is still to be told",
    "indexnow": "Pages of which search engines are still to be told",
    "purge": "Keys of which caches are still to be told, each counted for each cache",
}


class Metrics:
    """Counts what an application answers, and serves all metrics at a port of their own."""

    def __init__(self, newsroom: LiveNewsroom, clock: Callable[[], datetime]) -> None:
        """Raises FeedsError if nothing can be counted."""
        self._newsroom = newsroom
        self._clock = clock
        self.counters = Counters(request_counts.folder_of(newsroom.location))
        self._awaited: datetime | None = None
        newsroom.on_compile(lambda seconds: self.counters.compiled(seconds, clock().timestamp()))
        self.saver = Background("metrics are not written", self._save_again_and_again, clock)

    def in_front_of(self, app: WSGIApplication) -> WSGIApplication:
        """A WSGI application that answers as ``app`` does, and counts."""
        return request_counts.in_front_of(app, self.counters)

    def serve(self, host: str, port: int, troubles: Callable[[], list[Trouble]]) -> int:
        """Answers at a port from a thread of its own, and returns the port. Raises FeedsError if it is taken."""
        registry = CollectorRegistry(auto_describe=False)
        registry.register(_Collector(self._newsroom, self.counters, troubles))
        try:
            server = _server(host, port)
        except OSError as error:
            raise FeedsError(f"FEEDS_METRICS: cannot listen on {host}, port {port}: {error.strerror}") from error
        server.set_app(make_wsgi_app(registry))
        Thread(target=server.serve_forever, name="feeds-metrics", daemon=True).start()
        self.saver.start()
        atexit.register(self._save_at_the_end)
        Finalize(None, self._save_at_the_end, exitpriority=0)  # granian's workers end without atexit
        return int(server.server_port)

    def _save_again_and_again(self) -> None:
        while not self.saver.stopping.wait(self._pause()):
            self.look()
            self.counters.save()
            self.saver.succeeded()

    def _save_at_the_end(self) -> None:
        with suppress(OSError):
            self.counters.save()

    def _pause(self) -> float:
        """Seconds until there is something to do: the totals to be written, or a moment that is awaited."""
        if self._awaited is None:
            return SAVED_EVERY
        return min(SAVED_EVERY, max(_LATE, (self._awaited - self._clock()).total_seconds()))

    def look(self) -> None:
        """Measures how late readers see a change that comes by itself at its moment."""
        now = self._clock()
        if self._awaited and now >= self._awaited:
            awaited = self._awaited
            seen = self._newsroom.ask(lambda snapshot: snapshot.last_moment(self._newsroom.now()))
            if seen is None or seen < awaited:
                return  # it is late: look again
            self.counters.moment_came(awaited.timestamp(), (self._clock() - awaited).total_seconds())
        self._awaited = self._newsroom.ask(lambda snapshot: snapshot.next_moment(now))


class _Collector:
    """Collects all metrics each time that they are asked for."""

    def __init__(self, newsroom: LiveNewsroom, counters: Counters, troubles: Callable[[], list[Trouble]]) -> None:
        self._newsroom = newsroom
        self._counters = counters
        self._troubles = troubles

    def collect(self) -> Iterator[Metric]:
        """All metrics, as prometheus-client asks for them."""
        totals = self._counters.sum()
        yield from _of_requests(totals)
        yield from _of_work(totals)
        is_degraded = len(self._troubles()) > 0
        yield _gauge("feeds_degraded", "1 while changes are not taken up, or the hub is not told", is_degraded)
        info = GaugeMetricFamily("feeds_build_info", "The version of the program", labels=["version"])
        info.add_metric([feeds.__version__], 1)
        yield info
        with suppress(FeedsError):  # absent while the newsroom cannot be read
            now = self._newsroom.now()
            yield from self._newsroom.ask(lambda snapshot: list(_of_newsroom(snapshot, now)))
        with suppress(FeedsError):
            yield from _of_outboxes(backlogs(self._newsroom.location.memory), self._newsroom.now())


def _of_requests(totals: Totals) -> Iterator[Metric]:
    requests = CounterMetricFamily("feeds_requests", "Requests answered", labels=_LABELS)
    octets = CounterMetricFamily("feeds_response_bytes", "Bytes of the bodies of answers", labels=_LABELS)
    shares: dict[str, list[int]] = {}
    for kind, (number, size) in sorted(totals.requests.items()):
        requests.add_metric(kind, number)
        octets.add_metric(kind, size)
        if kind.status in ("200", "304"):
            share = shares.setdefault(kind.kind, [0, 0])
            share[0] += number * (kind.status == "304")
            share[1] += number
    share_of_kind = GaugeMetricFamily("feeds_not_modified_ratio", "304s among 200s and 304s since the count began",
                                      labels=["kind"])  # fmt: skip
    for name, (unmodified, of_all) in sorted(shares.items()):
        share_of_kind.add_metric([name], unmodified / of_all)
    yield from (requests, octets, share_of_kind)


def _of_work(totals: Totals) -> Iterator[Metric]:
    yield SummaryMetricFamily("feeds_compile_seconds", "Compiles that changed something, and the time they took",
                              count_value=totals.compiles, sum_value=totals.compile_seconds)  # fmt: skip
    yield _gauge("feeds_last_compile_seconds", "The time that the last of them took", totals.last_compile_seconds)
    yield _gauge("feeds_last_compile_timestamp_seconds", "When it ended", totals.last_compile)
    yield _gauge("feeds_schedule_lateness_seconds", "By how much the last scheduled moment was late", totals.lateness)
    yield _gauge("feeds_schedule_last_timestamp_seconds", "That moment", totals.last_moment)


def _of_newsroom(snapshot: Snapshot, now: datetime) -> Iterator[Metric]:
    changed = snapshot.last_moment(now)
    if changed:
        yield _gauge("feeds_content_age_seconds", "Since the newest change", (now - changed).total_seconds())
    held = snapshot.reports.inventory(now)
    releases = GaugeMetricFamily("feeds_releases", "Releases, with their translations", labels=["state"])
    for state, number in (("visible", held.visible), ("scheduled", held.scheduled), ("draft", held.drafts)):
        releases.add_metric([state], number)
    yield releases
    found = snapshot.problems.all()
    problems = GaugeMetricFamily("feeds_problems", "Problems that `feeds check` tells", labels=["severity"])
    fatal = sum(each.fatal for each in found)
    problems.add_metric(["problem"], fatal)
    problems.add_metric(["warning"], len(found) - fatal)
    yield problems


def _of_outboxes(found: Mapping[str, Backlog], now: datetime) -> Iterator[Metric]:
    for name, meaning in _OUTBOXES.items():
        waiting = found[name]
        yield _gauge(f"feeds_{name}_outbox", meaning, waiting.number)
        age = (now - waiting.since).total_seconds() if waiting.since else 0
        yield _gauge(f"feeds_{name}_outbox_age_seconds", "How long the oldest of them has waited", max(0, age))


def _gauge(name: str, meaning: str, value: float) -> Metric:
    return GaugeMetricFamily(name, meaning, value=float(value))


class _Server(ThreadingMixIn, WSGIServer):
    """Shares its port with the other processes of the server: each of them can answer for all."""

    daemon_threads = True
    allow_reuse_port = True

    def server_bind(self) -> None:
        """Binds without asking for the name of the host."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])
        self.setup_environ()


class _Handler(WSGIRequestHandler):
    """Logs nothing, and drops clients that are silent for too long."""

    timeout = _PATIENCE

    def log_message(self, *_: Any) -> None:
        """Does nothing."""


def _server(host: str, port: int) -> _Server:
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    made: type[_Server] = type("_Family", (_Server,), {"address_family": family})
    return made(address[:2], _Handler)  # type: ignore[arg-type]  # host and port
