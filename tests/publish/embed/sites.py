"""Two sites on loopback: a partner with pages of its own, and the newsroom as it is served."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.wrappers import Request

from feeds.publish.assets.embed_scripts import scripts
from feeds.settings import Settings
from feeds.web import create_app
from tests.servers import answering
from tests.tools import DATA

PARTNER_HOST = "127.0.0.2"


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

    def answered(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        site.asked.append((request.full_path.rstrip("?"), dict(request.headers)))
        page = site.pages.get(request.path, Page(b"", status=404))
        start_response(f"{page.status} {page.status}", [*page.headers.items(), ("Content-Type", page.media_type)])
        return [page.body]

    def partner(base: str) -> WSGIApplication:
        site.origin = base
        return answered

    with answering(partner, host):
        yield site


@dataclass
class Newsroom:
    """The newsroom as it is served, and every request it was sent."""

    origin: str
    asked: list[WSGIEnvironment]

    def paths(self) -> list[str]:
        return [environ["PATH_INFO"] for environ in self.asked]


@contextmanager
def a_newsroom(catalogue: Path) -> Iterator[Newsroom]:
    asked: list[WSGIEnvironment] = []

    def newsroom(base: str) -> WSGIApplication:
        app = create_app(Settings(data=DATA, state=catalogue, base_url=base, watch="off"))

        def noted(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            asked.append(environ)
            return app(environ, start_response)

        return noted

    with answering(newsroom) as base:
        yield Newsroom(base, asked)
