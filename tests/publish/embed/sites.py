"""Two sites on loopback: a partner with pages of its own, and the newsroom as it is served."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment

from werkzeug.serving import make_server

from feeds.assets.embed_scripts import scripts
from feeds.settings import Settings
from feeds.web import create_app

DATA = Path(__file__).parents[3] / "data"
NEWSROOM_HOST, PARTNER_HOST = "127.0.0.1", "127.0.0.2"


@dataclass(frozen=True)
class Page:
    body: bytes
    media_type: str = "text/html; charset=utf-8"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Site:
    """A web site whose pages are a dict, and every request it was sent."""

    origin: str = ""
    pages: dict[str, Page] = field(default_factory=dict)
    asked: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]

    def put(self, path: str, body: str, **more: str) -> str:
        self.pages[path] = Page(body.encode(), headers=more)
        return self.origin + path

    def put_style(self, path: str, style: str) -> None:
        self.pages[path] = Page(style.encode(), "text/css")

    def put_feed(self, path: str, feed: object, status: int = 200) -> str:
        body = json.dumps(feed).encode()
        self.pages[path] = Page(body, "application/feed+json", status, {"Access-Control-Allow-Origin": "*"})
        return self.origin + path

    def put_script(self) -> None:
        newest = scripts()[-1]
        self.pages[newest.path] = Page(newest.body, "text/javascript", headers={"Access-Control-Allow-Origin": "*"})


@contextmanager
def a_site(host: str = PARTNER_HOST) -> Iterator[Site]:
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append((self.path, dict(self.headers)))
            page = site.pages.get(self.path.partition("?")[0], Page(b"", status=404))
            self.send_response(page.status)
            for name, value in {**page.headers, "Content-Type": page.media_type}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(page.body)))
            self.end_headers()
            self.wfile.write(page.body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
            pass

    with ThreadingHTTPServer((host, 0), Handler) as server:
        site.origin = f"http://{host}:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield site
        server.shutdown()
        thread.join()


@dataclass
class Newsroom:
    """The newsroom as it is served, and every request it was sent."""

    origin: str
    asked: list[WSGIEnvironment]

    def paths(self) -> list[str]:
        return [environ["PATH_INFO"] for environ in self.asked]


@contextmanager
def a_newsroom(catalogue: Path, data: Path = DATA) -> Iterator[Newsroom]:
    newsroom = Newsroom("", [])

    def noted(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        newsroom.asked.append(environ)
        return app(environ, start_response)

    server = make_server(NEWSROOM_HOST, 0, noted, threaded=True)
    newsroom.origin = f"http://{NEWSROOM_HOST}:{server.port}"
    app = create_app(Settings(data=data, catalogue=catalogue, base_url=newsroom.origin, watch="off"))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield newsroom
    server.shutdown()
    thread.join()
    server.server_close()
