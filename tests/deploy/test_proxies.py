"""The configurations in docs/deploy, each started with the real program in front of the real server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple

import pytest

from feeds.web.access_log.lines import parse
from tests.conftest import Program
from tests.makers import a_newsroom, yaml
from tests.media.files import picture
from tests.servers import HOST, Server, Servers
from tests.tools import DEAD, ROOT, free_port, wait_until

DEPLOY = ROOT / "docs/deploy"
SITE = "https://press.example.org"
OWN = {"date", "server", "via", "connection", "keep-alive", "transfer-encoding", "alt-svc"}
"""Header fields that a proxy may add or change: they belong to the connection, or say who answers."""

NGINX = """\
daemon off;
pid {folder}/nginx.pid;
error_log stderr;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {site}
}}
"""


class Proxied(NamedTuple):
    """A newsroom, and the proxy in front of it."""

    server: Server
    proxy: Server
    path: str
    """Where the newsroom lives on its site."""
    log: Path


def nginx(folder: Path, site: str, port: int) -> list[str]:
    site = site.replace("listen 80;", f"listen {HOST}:{port};")
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, site=site), encoding="utf-8")
    return ["nginx", "-e", "stderr", "-c", str(folder / "nginx.conf"), "-p", str(folder)]


def caddy(folder: Path, site: str, port: int) -> list[str]:
    options = f"{{\n\tadmin off\n\tauto_https off\n\tstorage file_system {folder}\n}}\n"
    site = re.sub(r"(?m)^press\.example\.org \{", f"http://{HOST}:{port} {{", site)
    (folder / "Caddyfile").write_text(options + site, encoding="utf-8")
    return ["caddy", "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]


CASES = {
    "nginx": ("nginx.conf", "", "", ""),
    "nginx, path left on": ("nginx-path.conf", "/newsroom", "", ""),
    "nginx, path taken off": ("nginx-path.conf", "/newsroom", "http://newsroom;", "http://newsroom/;"),
    "caddy": ("Caddyfile", "", "", ""),
    "caddy, path left on": ("Caddyfile-path", "/newsroom", "", ""),
    "caddy, path taken off": ("Caddyfile-path", "/newsroom", "\thandle /newsroom", "\thandle_path /newsroom"),
}
"""The file, the path of the newsroom, and what is changed in the file."""


@pytest.fixture(scope="module", params=CASES)
def proxied(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, servers: Servers, program: Program
) -> Iterator[Proxied]:
    file, path, old, new = CASES[request.param]
    folder = tmp_path_factory.mktemp("proxied")
    pictured = {"image": {"src": "dam.jpg", "alt": "A dam"}, "attachments": [{"file": "plan.pdf", "title": "Plan"}]}
    data = a_newsroom(folder, {"2021/2021-06-01-dam.yaml": yaml(published="2021-06-01", countries=["CN"], **pictured)})
    (data / "releases/2021/dam.jpg").write_bytes(picture())
    (data / "releases/2021/plan.pdf").write_bytes(b"%PDF-1.4\n" + b"0123456789" * 250_000 + b"\n%%EOF\n")
    port, log = free_port(), folder / "access.log"
    make = nginx if "nginx" in file else caddy
    program("nginx" if make is nginx else "caddy")
    with servers.newsroom(
        data, "--log", "json", "--log-file", str(log),
        FEEDS_BASE_URL=f"{SITE}{path}", FEEDS_TRUSTED_PROXIES=HOST,
    ) as server:  # fmt: skip
        site = (DEPLOY / file).read_text(encoding="utf-8")
        assert old in site
        site = site.replace(old, new).replace(f"{HOST}:8000", f"{HOST}:{server.port}")
        settings = {"HOME": str(folder)}
        with servers.program(make(folder, site, port), port=port, ready=f"{path}/healthz", **settings) as proxy:
            yield Proxied(server, proxy, path, log)


CLIENT = "127.0.0.2"
"""Where the client is, who is not to be trusted."""


def ask(server: Server, path: str, method: str = "GET", **fields: str) -> tuple[int, dict[str, str], bytes]:
    """Status, header fields and body, with no field in the request but those given and Host."""
    connection = HTTPConnection(HOST, server.port, timeout=DEAD, source_address=(CLIENT, 0))
    try:
        connection.putrequest(method, path, skip_accept_encoding=True)
        for name, value in fields.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders()
        answer = connection.getresponse()
        headers = {name.lower(): value for name, value in answer.getheaders() if name.lower() not in OWN}
        if "immutable" not in headers.get("cache-control", ""):  # else it counts the seconds until the next minute
            headers["cache-control"] = re.sub("max-age=[0-9]+", "max-age=…", headers.get("cache-control", ""))
        return answer.status, headers, answer.read()
    finally:
        connection.close()


def media(proxied: Proxied, suffix: str) -> str:
    page = ask(proxied.server, "/releases/2021/dam")[2].decode()
    found = re.search(rf'"(?:{SITE})?({proxied.path}/media/[^"]+\.{suffix})"', page)
    assert found, page
    return found[1]


def same(proxied: Proxied, path: str, method: str = "GET", **fields: str) -> tuple[int, dict[str, str], bytes]:
    """The answer through the proxy, which must be that of the server itself."""
    direct, through = (ask(each, path, method, **fields) for each in (proxied.server, proxied.proxy))
    assert through == direct, (path, method, fields)
    return through


@pytest.mark.parametrize("coding", ["", "identity", "gzip", "br", "zstd", "gzip, deflate, br, zstd"])
def test_feeds_pass_unchanged_in_every_coding_and_so_do_conditions(proxied: Proxied, coding: str) -> None:
    fields = {"Accept_Encoding": coding} if coding else {}
    for suffix in ("atom", "rss", "json", "html"):
        path = f"{proxied.path}/feeds/all.{suffix}"
        status, headers, body = same(proxied, path, **fields)
        assert (status, len(body)) == (200, int(headers["content-length"]))
        assert same(proxied, path, "HEAD", **fields)[0] == 200
        assert same(proxied, path, If_None_Match=headers["etag"], **fields)[0] == 304
        assert same(proxied, path, If_Modified_Since=headers["last-modified"], **fields)[0] == 304
        assert same(proxied, path, If_None_Match='"another"', **fields)[0] == 200


def test_pages_redirects_errors_and_preflights_pass_unchanged(proxied: Proxied) -> None:
    pages = ["/", "/feeds/", "/releases/2021/dam", "/mn/feeds/all.html", "/sitemap.xml", "/robots.txt", "/embed/"]
    for path in (*pages, "/feeds/all.atom?q=dam"):
        assert same(proxied, f"{proxied.path}{path}")[0] == 200, path
    status, headers, _ = same(proxied, f"{proxied.path}/feeds/country/CN.atom")
    assert (status, headers["location"]) == (308, f"{proxied.path}/feeds/country/cn.atom")
    assert same(proxied, f"{proxied.path}/nothing")[0] == 404
    assert same(proxied, f"{proxied.path}/feeds/all.atom", "OPTIONS")[0] == 204
    assert same(proxied, f"{proxied.path}/feeds/all.atom", "DELETE")[0] == 405


def test_files_and_parts_of_them_pass_unchanged(proxied: Proxied) -> None:
    for suffix, part in (("jpg", "bytes=3-9"), ("pdf", "bytes=1000000-2400000"), ("pdf", "bytes=-7")):
        path = media(proxied, suffix)
        status, headers, body = same(proxied, path)
        assert (status, len(body)) == (200, int(headers["content-length"]))
        assert same(proxied, path, "HEAD")[0] == 200
        assert same(proxied, path, If_None_Match=headers["etag"])[0] == 304
        assert same(proxied, path, Range=part)[0] == 206
        assert same(proxied, path, Range=part, If_Range=headers["etag"])[0] == 206
        assert same(proxied, path, Range="bytes=99999999-")[0] == 416


def test_the_path_alone_leads_to_the_front_page(proxied: Proxied) -> None:
    if proxied.path:
        status, headers, _ = ask(proxied.proxy, proxied.path)
        assert (status, headers["location"].removeprefix(proxied.proxy.base_url)) == (308, f"{proxied.path}/")


def test_the_log_names_the_client_and_not_what_it_says_of_itself(proxied: Proxied) -> None:
    name = re.sub(r"\W", "", proxied.path) or "root"
    path = f"{proxied.path}/feeds/all.atom?q=log{name}"
    ask(proxied.proxy, path, X_Forwarded_For="203.0.113.9", Forwarded="for=203.0.113.9")
    lines = proxied.log
    wait_until(lambda: f"q=log{name}" in lines.read_text(), "the request is logged")
    found = [line for line in map(parse, lines.read_text().splitlines()) if line and f"q=log{name}" in line.target]
    assert [line.address for line in found] == [CLIENT]
