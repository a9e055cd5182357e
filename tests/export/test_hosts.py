"""Hosts answer for exported files as the server does: status, bytes, media type and the fields that matter."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPMessage
from pathlib import Path
from urllib.parse import quote

import pytest
from werkzeug.test import Client, TestResponse

from feeds.export import HOSTS
from feeds.web import create_app
from tests.conftest import Program
from tests.export.exporter import contents, exported, manifest
from tests.export.test_export import READER, SERVED_ONLY, a_bench
from tests.makers import BASE, NOW, Bench, yaml
from tests.servers import HOST, Server, Servers
from tests.tools import free_port

TOPICS = "wages: {labels: {en: Wages}, aliases: [pay]}\nold: {labels: {en: Old}, retired: {date: 2020-01-01}}\n"
HUB = "hub: https://hub.example.org/\nfeeds: {/rss.xml: all.rss, /feed: topic/wages.atom, /мэдээ/feed/: mn/all.json}\n"
FIELDS = ("Content-Type", "Content-Language", "Content-Security-Policy", "Access-Control-Allow-Origin", "Link",
          "Cross-Origin-Resource-Policy", "Cross-Origin-Opener-Policy", "X-Content-Type-Options", "Referrer-Policy",
          "Permissions-Policy", "Content-Disposition", "Location", "Last-Modified")  # fmt: skip
"""What a host must say as the server does. It has other validators and lifetimes."""
CORS = ("Access-Control-Allow-Origin", "Cross-Origin-Resource-Policy")
MISSING = ("/nothing", "/mn/nothing", "/about.html", "/index.html", "/feeds/index.html", "/.feeds/manifest.json",
           "/404.html", "/releases/2021/dam.html", "/mn/404.html", "/feeds/nothing.atom")  # fmt: skip
NGINX = """\
{user}
daemon off; error_log stderr; pid {work}/pid; worker_processes 1;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {work}/body; proxy_temp_path {work}/proxy; fastcgi_temp_path {work}/fastcgi;
    uwsgi_temp_path {work}/uwsgi; scgi_temp_path {work}/scgi;
    include {out}/.feeds/nginx-maps.conf;
    server {{
        listen {host}:{port};
        root {out};
        include {out}/.feeds/nginx.conf;
    }}
}}
"""
CADDY = """\
{{
    admin off
    auto_https off
    storage file_system {work}
}}
http://{host}:{port} {{
    root * {out}
    import {out}/.feeds/Caddyfile
}}
"""


@contextmanager
def hosted(name: str, out: Path, work: Path, servers: Servers, program: Program, prefix: str) -> Iterator[Server]:
    """A real host that serves an export."""
    work.mkdir()
    port = free_port()
    user = "user root;" if os.geteuid() == 0 else ""
    config = work / "config"
    template = NGINX if name == "nginx" else CADDY
    config.write_text(template.format(out=out, work=work, port=port, host=HOST, user=user))
    commands = {
        "nginx": [program("nginx"), "-c", str(config)],
        "caddy": [program("caddy"), "run", "--adapter", "caddyfile", "--config", str(config)],
    }
    with servers.program(commands[name], port=port, ready=f"{prefix}/", HOME=str(work)) as server:
        yield server


def served(bench: Bench, base: str) -> Client:
    """The server of the same newsroom at the same moment."""
    settings = bench.settings.__class__(
        data=bench.folder, state=bench.folder.parent / "served", base_url=base, entries=3, watch="off"
    )
    return Client(create_app(settings, clock=lambda: NOW))


def asked(server: Server, path: str, **headers: str) -> tuple[int, HTTPMessage, bytes]:
    """Status, header fields and body from a host."""
    connection = HTTPConnection(HOST, server.port, timeout=60)
    try:
        connection.request("GET", quote(path), headers={"Connection": "close", **headers})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def addresses(out: Path) -> list[str]:
    """The address of every file, and of what has none."""
    found = manifest(out)
    paths = []
    for name in found["files"]:
        if name.startswith(("_gone/", ".feeds/")) or name.endswith("404.html"):
            continue
        path = "/" + (name.removesuffix("index.html") if name.endswith("index.html") else name)
        bare = path.removesuffix(".html")
        is_page = bare.endswith(("/about", "/help", "/developers")) or "/releases/" in path
        paths.append(bare if is_page else path)
    return [*paths, *found["moved"], *found["gone"], *MISSING]


def differences(path: str, got: tuple[int, HTTPMessage, bytes], said: TestResponse) -> Iterator[str]:
    """In what a host's answer differs from the server's."""
    status, fields, body = got
    if status != said.status_code:
        yield f"{path}: {status}, not {said.status_code}"
    for field in FIELDS if status == 200 else ("Content-Type",) if status > 400 else ("Location", *CORS):
        ours = said.headers.get(field)
        is_needless = ours is None if field == "Last-Modified" else field == "Link" and 'rel="hub"' not in (ours or "")
        if ours != fields.get(field) and not is_needless:
            yield f"{path}: {field}: {fields.get(field)}, not {ours}"
    # On some pages is what only a server can answer.
    is_other = path.endswith(("/feeds/", "/embed/", "/developers")) or b"language=%2A" in said.data
    expected = READER.sub(b"", SERVED_ONLY.sub(b"", said.data))
    if not 300 <= status < 400 and not is_other and READER.sub(b"", body) != expected:
        yield f"{path}: other bytes"


@pytest.mark.parametrize("prefix", ["", "/newsroom"])
@pytest.mark.parametrize("name", ["nginx", "caddy"])
def test_a_host_answers_as_the_server_does(
    tmp_path: Path, servers: Servers, program: Program, name: str, prefix: str
) -> None:
    base = BASE + prefix
    made = a_bench(tmp_path, topics=TOPICS)
    newsroom = made.folder / "newsroom.yaml"
    newsroom.write_text(newsroom.read_text(encoding="utf-8") + HUB, encoding="utf-8")
    bench = Bench(made.folder, base_url=base, location=tmp_path / "other")
    (tmp_path / "other").mkdir()
    bench.compile(now=NOW)
    out = tmp_path / "out"
    exported(bench, out, host=name, codings=("gzip",), combinations=4)
    client = served(bench, base)
    wrong: list[str] = []
    with hosted(name, out, tmp_path / "work", servers, program, prefix) as server:
        for path in dict.fromkeys(addresses(out)):
            wrong += differences(path, asked(server, prefix + path), client.get(path))
        assert not wrong, "\n".join(wrong[:40])
        _, fields, body = asked(server, f"{prefix}/feeds/all.atom", **{"Accept-Encoding": "gzip"})
        assert fields["Content-Encoding"] == "gzip"
        assert body == contents(out)["feeds/all.atom.gz"]
        tag = asked(server, f"{prefix}/feeds/all.atom")[1]["ETag"]
        assert asked(server, f"{prefix}/feeds/all.atom", **{"If-None-Match": tag})[0] == 304


def test_redirects_and_headers_are_in_the_words_of_netlify_and_cloudflare(tmp_path: Path) -> None:
    bench = a_bench(tmp_path, topics=TOPICS)
    for name in ("netlify", "cloudflare"):
        exported(bench, tmp_path / name, host=name)
    files = {name: contents(tmp_path / name) for name in ("netlify", "cloudflare")}
    redirects = {name: found["_redirects"].decode().splitlines() for name, found in files.items()}
    assert "/old/dam.php /releases/2021/dam 301" in redirects["netlify"]
    assert "/releases/2021/wall /releases/2021/wall.html 404!" in redirects["netlify"]
    assert "/feeds/topic/pay.atom /feeds/topic/wages.atom 308" in redirects["cloudflare"]
    assert not any(line.startswith("/feeds /feeds/") for line in redirects["netlify"])
    rules = files["cloudflare"]["_headers"].decode()
    assert "/*.json\n  Content-Type: application/feed+json; charset=utf-8\n" in rules
    assert "/*.md\n  Content-Type: text/markdown; charset=utf-8\n" in rules
    assert "/releases/2021/dam.md\n  Content-Type: text/markdown; charset=utf-8\n" in (
        files["netlify"]["_headers"].decode()
    )
    assert sum(not line.startswith(" ") for line in rules.splitlines()) <= 100
    assert "/feeds/all.atom\n  Content-Type: application/atom+xml; charset=utf-8\n" in (
        files["netlify"]["_headers"].decode()
    )


def test_where_there_are_no_redirects_files_stand_in(tmp_path: Path) -> None:
    escaping = {"2021/2021-06-09-old.yaml": yaml(published="2021-06-09", aliases=["/a/../../b"])}
    bench = a_bench(tmp_path, escaping, topics=TOPICS)
    exported(bench, tmp_path / "out", host="github")
    files = contents(tmp_path / "out")
    assert ".nojekyll" in files
    assert files["feeds/topic/pay.atom"] == files["feeds/topic/wages.atom"]
    assert b'content="0; url=/releases/2021/dam"' in files["releases/2020/barrage.html"]
    assert not (tmp_path / "b.html").exists()
    exported(bench, tmp_path / "bucket", host="s3")
    keys = manifest(tmp_path / "bucket")["files"]
    assert keys["releases/2021/dam"]["type"] == "text/html; charset=utf-8"
    assert {"index.html", "mn/index.html", "feeds/all.atom"} <= keys.keys()


@pytest.mark.parametrize("former", [("/old.html", "/old.html/b.html"), ("/old.html/b.html", "/old.html")])
def test_of_two_former_addresses_that_cannot_both_be_files_one_is(tmp_path: Path, former: tuple[str, str]) -> None:
    moved = {
        f"2021/2021-06-1{n}-m{n}.yaml": yaml(published=f"2021-06-1{n}", aliases=[each]) for n, each in enumerate(former)
    }
    exported(a_bench(tmp_path, moved, topics=TOPICS), tmp_path / "out", host="github")
    assert {"old.html", "old.html/b.html"} & contents(tmp_path / "out").keys() == {former[0][1:]}


def test_the_command_knows_all_hosts() -> None:
    from feeds.cli.commands import EXPORT_HOSTS

    assert set(EXPORT_HOSTS) == set(HOSTS)
