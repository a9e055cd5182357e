"""One request in this process: the hot path against a Flask route that does the same by Flask's own means.

    python -m benchmarks.hot

Both get the same environ and are drained to the end, in alternating rounds; medians count. Exits with 1 if the hot
path takes more than a twentieth of the route's time, for a 200 or for a 304.
"""

from __future__ import annotations

import gzip
import platform
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from random import Random
from statistics import median
from time import perf_counter
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment
from wsgiref.util import setup_testing_defaults

import flask

from feeds.publish.document import Answer, Document, Missing
from feeds.render.feed_values import Link
from feeds.web.hot_path import HotPath
from feeds.web.responses import HttpResponse

TARGET = 1 / 20
ROUNDS = 15
REQUESTS = 400
PATH = "/feeds/all.atom"
LINKS = (Link("https://newsroom.example/feeds/all.atom", "self", type="application/atom+xml"),)
CHANGED = datetime(2021, 6, 24, tzinfo=UTC)
UNTIL = datetime(2200, 1, 1, tzinfo=UTC)


def feed() -> Document:
    """Fifty entries, about 100 kB, a third of that when compressed: as English prose is. The same in every run."""
    dice = Random(2021)  # noqa: S311 - words, not secrets
    words = ["".join(dice.choices("etaoinshrdlucmfwypvbgk", k=dice.randint(2, 9))) for _ in range(1_500)]
    weights = [1 / rank for rank in range(1, len(words) + 1)]
    texts = (" ".join(dice.choices(words, weights, k=300)) for _ in range(50))
    entries = "".join(
        f"<entry><id>tag:e,2021:{n}</id><content>{text}</content></entry>" for n, text in enumerate(texts)
    )
    body = f'<feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>'.encode()
    return Document(body, "application/atom+xml; charset=utf-8", CHANGED, LINKS, "en", UNTIL, shared=True)


class OneFeed:
    """A publisher with a single document."""

    def __init__(self) -> None:
        self.document = feed()

    def answer(self, path: str, query: str, now: datetime) -> Answer:
        return self.document if path == PATH else Missing("")

    def version(self) -> int:
        return 1


def hot_path() -> WSGIApplication:
    """The hot path as it is shipped, in front of the least that makes an answer which is not kept."""
    prepared = HotPath(OneFeed(), lambda: datetime.now(UTC))

    def behind(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        made = prepared.respond(environ)
        assert isinstance(made, HttpResponse)
        start_response(made.status, made.headers)
        return [made.body]

    return prepared.in_front_of(behind)


def flask_route() -> WSGIApplication:
    """The same answer from a Flask route, the body compressed beforehand: only Flask's own work is timed."""
    app = flask.Flask(__name__)
    body = gzip.compress(feed().body, 9, mtime=0)

    @app.get(PATH)
    def view() -> flask.Response:
        response = flask.Response(body, content_type="application/atom+xml; charset=utf-8")
        response.headers["Content-Encoding"] = "gzip"
        response.headers["Content-Language"] = "en"
        response.headers["Link"] = '<https://newsroom.example/feeds/all.atom>; rel="self"'
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.vary.add("Accept-Encoding")
        response.cache_control.public = True
        response.cache_control.max_age = 300
        response.last_modified = CHANGED
        response.add_etag()
        return response.make_conditional(flask.request)  # type: ignore[return-value]  # werkzeug's own class

    return app


def ask(app: WSGIApplication, environ: WSGIEnvironment) -> tuple[str, dict[str, str], bytes]:
    """One request, drained."""
    seen: list[Any] = []
    pieces = app(environ.copy(), lambda *given: seen.extend(given))  # type: ignore[arg-type]  # no write()
    body = b"".join(pieces)
    if close := getattr(pieces, "close", None):
        close()
    return seen[0], dict(seen[1]), body


def seconds(work: Callable[[], object]) -> float:
    """Time of one call, the mean of many."""
    start = perf_counter()
    for _ in range(REQUESTS):
        work()
    return (perf_counter() - start) / REQUESTS


def compare(status: int, apps: dict[str, WSGIApplication], environs: dict[str, WSGIEnvironment]) -> bool:
    """Print the medians for one status; whether the target is met."""
    times: dict[str, list[float]] = {name: [] for name in apps}
    for _ in range(ROUNDS):
        for name, app in apps.items():
            assert ask(app, environs[name])[0].startswith(str(status))
            times[name].append(seconds(lambda app=app, environ=environs[name]: ask(app, environ)))  # type: ignore[misc]
    hot, route = (median(times[name]) for name in ("hot", "flask"))
    met = hot / route <= TARGET
    print(f"{status}: hot path {hot * 1e6:.1f} µs, Flask route {route * 1e6:.1f} µs,", end=" ")
    print(f"ratio 1/{route / hot:.0f} (target 1/{1 / TARGET:.0f}): {'met' if met else 'MISSED'}")
    return met


def main() -> int:
    """Compare 200s and 304s."""
    print(f"{platform.processor() or platform.machine()}, Python {platform.python_version()},", end=" ")
    print(f"median of {ROUNDS} alternating rounds of {REQUESTS} requests")
    environ: WSGIEnvironment = {"PATH_INFO": PATH, "SCRIPT_NAME": "", "QUERY_STRING": "", "REQUEST_METHOD": "GET"}
    setup_testing_defaults(environ)
    environ |= {"HTTP_ACCEPT_ENCODING": "gzip", "HTTP_USER_AGENT": "reader/1.0", "HTTP_ACCEPT": "*/*"}
    apps = {"hot": hot_path(), "flask": flask_route()}
    asked = {name: ask(app, environ) for name, app in apps.items()}
    assert len({gzip.decompress(body) for _, _, body in asked.values()}) == 1
    have = {name: environ | {"HTTP_IF_NONE_MATCH": headers["ETag"]} for name, (_, headers, _) in asked.items()}
    met = [compare(200, apps, dict.fromkeys(apps, environ)), compare(304, apps, have)]
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
