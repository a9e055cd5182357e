"""The tags that include the headlines on a partner's server: in a real nginx, and in a real Varnish."""

from __future__ import annotations

import gzip
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import NamedTuple

import pytest
from lxml import html

from tests.conftest import Program
from tests.servers import HOST, Server, Servers
from tests.tools import DATA, DEAD, ROOT, free_port

DEPLOY = ROOT / "docs" / "deploy"
NEWSROOM = "https://news.example.org"
HEAD = '<!doctype html><html lang="en"><head><title>A partner</title></head><body><h1>A partner</h1>'
REST = "<p>Below</p></body></html>\n"


class Included(NamedTuple):
    """The newsroom, and the partner's server or cache that puts its headlines into a page."""

    newsroom: Server
    partner: Server


def snippets(newsroom: Server) -> tuple[str, str]:
    """The tags for ESI and for SSI, as the page for partners gives them."""
    page = html.fromstring(ask(newsroom, "/embed/?country=cn&count=3"))
    esi, ssi = page.xpath("string(//pre[@id='tags'])").splitlines()
    return str(esi), str(ssi)


def ask(server: Server, path: str, coding: str = "identity") -> str:
    with sent(server, path, coding) as answer:
        body = answer.read()
        assert answer.status == 200
        return (gzip.decompress(body) if answer.getheader("Content-Encoding") == "gzip" else body).decode()


def status_of(server: Server, path: str) -> int:
    with sent(server, path) as answer:
        return answer.status


@contextmanager
def sent(server: Server, path: str, coding: str = "identity") -> Iterator[HTTPResponse]:
    connection = HTTPConnection(HOST, server.port, timeout=DEAD)
    try:
        connection.request("GET", path, headers={"Accept-Encoding": coding, "Connection": "close"})
        yield connection.getresponse()
    finally:
        connection.close()


@pytest.fixture(scope="module")
def newsroom(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    state = tmp_path_factory.mktemp("state")
    with servers.newsroom(DATA, FEEDS_BASE_URL=NEWSROOM, FEEDS_STATE=str(state), workers=1) as server:
        yield server


@contextmanager
def an_nginx(newsroom: Server, behind: int, servers: Servers, program: Program, folder: Path) -> Iterator[Included]:
    """The partner's nginx as docs/deploy has it; ``behind`` is the port at which it looks for the newsroom."""
    port, (_, ssi) = free_port(), snippets(newsroom)
    (folder / "index.html").write_text(f"{HEAD}{ssi}{REST}", encoding="utf-8")
    site = (DEPLOY / "partner-nginx.conf").read_text(encoding="utf-8")
    for old, new in (
        ("listen 80;", f"listen {HOST}:{port};"),
        ("/srv/partner", str(folder)),
        (f"proxy_pass {NEWSROOM};", f"proxy_pass http://{HOST}:{behind};"),
    ):
        assert old in site
        site = site.replace(old, new)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{each}_temp_path {folder}/{each};\n" for each in kinds)
    (folder / "nginx.conf").write_text(
        f"daemon off;\nuser root;\npid {folder}/nginx.pid;\nerror_log stderr;\nevents {{}}\n"
        f"http {{\naccess_log off;\ngzip on;\ngzip_min_length 1;\n{temporary}{site}\n}}\n",
        encoding="utf-8",
    )
    command = [program("nginx"), "-e", "stderr", "-c", str(folder / "nginx.conf"), "-p", str(folder)]
    with servers.program(command, port=port, ready="/") as server:
        yield Included(newsroom, server)


@contextmanager
def a_varnish(newsroom: Server, behind: int, servers: Servers, program: Program, folder: Path) -> Iterator[Included]:
    """The partner's Varnish as docs/deploy has it, in front of a server of files."""
    port, site, (esi, _) = free_port(), free_port(), snippets(newsroom)
    pages = folder / "pages"
    pages.mkdir()
    (pages / "index.html").write_text(f"{HEAD}{esi}{REST}", encoding="utf-8")
    vcl = (DEPLOY / "partner.vcl").read_text(encoding="utf-8")
    for old, new in (("8080", site), ("8081", behind)):
        assert f'"{old}"' in vcl
        vcl = vcl.replace(f'"{old}"', f'"{new}"')
    (folder / "partner.vcl").write_text(vcl, encoding="utf-8")
    command = [program("varnishd"), "-F", "-j", "none", "-n", str(folder / "varnish"), "-s", "malloc,16m"]
    command += ["-f", str(folder / "partner.vcl"), "-a", f"{HOST}:{port}", "-p", "feature=+esi_ignore_https"]
    files = [sys.executable, "-m", "http.server", str(site), "--bind", HOST, "--directory", str(pages)]
    with servers.program(files, port=site, ready="/"), servers.program(command, port=port, ready="/") as server:
        yield Included(newsroom, server)


KINDS = {"nginx": an_nginx, "varnish": a_varnish}


@pytest.fixture(scope="module", params=KINDS)
def included(
    request: pytest.FixtureRequest, newsroom: Server, servers: Servers, program: Program,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Included]:  # fmt: skip
    folder = tmp_path_factory.mktemp(request.param)
    with KINDS[request.param](newsroom, newsroom.port, servers, program, folder) as found:
        yield found


@pytest.mark.parametrize("coding", ["identity", "gzip", "gzip, deflate, br, zstd"])
def test_the_page_has_the_headlines_in_it_as_the_newsroom_gives_them(included: Included, coding: str) -> None:
    page = ask(included.partner, "/index.html", coding)
    assert page == HEAD + ask(included.newsroom, "/embed/fragment/3/country/cn.html") + REST
    assert len(html.fromstring(page).xpath("//ul[@class='feed-headlines']/li/a")) == 3


def test_only_fragments_are_passed_on(included: Included) -> None:
    for path in ("/feeds/all.atom", "/about", "/embed/frame/5/all.html"):
        assert status_of(included.partner, path) == 404


@pytest.mark.parametrize("kind", KINDS)
def test_without_the_newsroom_the_page_comes_without_headlines(
    kind: str, newsroom: Server, servers: Servers, program: Program, tmp_path: Path
) -> None:
    with KINDS[kind](newsroom, free_port(), servers, program, tmp_path) as alone:
        assert ask(alone.partner, "/index.html") == HEAD + REST
