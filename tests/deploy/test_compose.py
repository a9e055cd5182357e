"""compose.yaml, as far as it can be tried without Docker: its services run as programs of this machine."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml as pyyaml

from feeds.settings import Settings
from tests.conftest import Program
from tests.delivery.caches.varnish import Varnish
from tests.makers import YESTERDAY, a_newsroom, write, yaml
from tests.postgresql import PASSWORD, Cluster
from tests.servers import HOST, Server, Servers
from tests.tools import ROOT, free_port, wait_until

COMPOSE = pyyaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
NEWSROOM = {name: each for name, each in SERVICES.items() if each.get("image") == "newsroom-feeds"}
BASE_URL = "https://press.example.org"
TITLE = "The dam is open"


def settings_of(name: str, **places: str) -> dict[str, str]:
    """The environment of a service, with what `.env` says and with places of this machine in it."""
    found: Mapping[str, str] = NEWSROOM[name]["environment"]
    given = {"FEEDS_BASE_URL": BASE_URL, "PGPASSWORD": PASSWORD}
    return {name: given.get(name, value) for name, value in found.items()} | places


def test_each_server_has_what_it_needs_and_no_more() -> None:
    assert sorted(NEWSROOM) == ["compiler", "replica-1", "replica-2"]
    for name, service in NEWSROOM.items():
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
        assert f"{name}:/state" in service["volumes"]
        settings = Settings.from_environment(settings_of(name))
        assert (settings.base_url, settings.cache_keys) == (BASE_URL, "xkey")
    volumes = {each.partition(":")[0] for service in SERVICES.values() for each in service.get("volumes", ())}
    assert volumes - {"./data"} == set(COMPOSE["volumes"])


def test_only_the_cache_can_be_reached_from_outside_and_only_through_a_proxy() -> None:
    ports = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert ports == {"varnish": ["127.0.0.1:8080:80"]}


def test_what_is_built_is_there() -> None:
    build = SERVICES["varnish"]["build"]
    context = ROOT / build["context"]
    lines = (context / build["dockerfile"]).read_text(encoding="utf-8").splitlines()
    copied = dict(line.split()[1:] for line in lines if line.startswith("COPY"))
    assert all((context / source).exists() for source in copied)
    command = SERVICES["varnish"]["command"]
    assert command[command.index("-f") + 1] in copied.values()
    assert any(f'include "{target}"' in (context / "deploy/replicas.vcl").read_text() for target in copied.values())


@contextmanager
def the_cache(servers: Servers, program: str, path: Path, backends: Mapping[str, int], purge: int) -> Iterator[Varnish]:
    """Varnish with the configuration of the service, where its files, hosts and ports are those of this machine."""
    vcl = (ROOT / "docs/deploy/replicas.vcl").read_text(encoding="utf-8")
    vcl = vcl.replace("/etc/varnish/newsroom.vcl", str(ROOT / "docs/varnish.vcl"))
    for name, port in backends.items():
        place = f'.host = "{name}";\n    .port = "8000";'
        assert place in vcl
        vcl = vcl.replace(place, f'.host = "{HOST}";\n    .port = "{port}";')
    (path / "replicas.vcl").write_text(vcl, encoding="utf-8")
    port, folder = free_port(), path / "varnish"
    here = {"varnishd": program, "/etc/varnish/replicas.vcl": str(path / "replicas.vcl"), ":80": f"{HOST}:{port}",
            "purge=:6082": f"purge={HOST}:{purge}"}  # fmt: skip
    command = [here.get(word, word) for word in SERVICES["varnish"]["command"]]
    with servers.program([*command, "-n", str(folder), "-j", "none"], port=port, ready="/feeds/all.atom") as server:
        yield Varnish(server, folder, f"http://{HOST}:{purge}/")


@pytest.mark.slow
def test_the_services_answer_take_up_a_change_and_do_without_a_replica(
    tmp_path: Path, servers: Servers, postgresql: Cluster, program: Program
) -> None:
    varnishd = program("varnishd")
    folder, purge = a_newsroom(tmp_path, {"2021/dam.yaml": yaml(published=YESTERDAY)}), free_port()
    places = {"FEEDS_DATABASE": postgresql.database(), "FEEDS_PURGE_URL": f"http://{HOST}:{purge}/"}

    def a_server(name: str) -> Server:
        port = free_port()
        own = {"FEEDS_DATA": str(folder)} if name == "compiler" else {}
        environment = settings_of(name, **places, **own, FEEDS_STATE=str(tmp_path / name))
        command = [sys.executable, "-m", "feeds", "serve", "--host", HOST, "--port", str(port), "--workers", "1"]
        return running.enter_context(servers.program(command, port=port, ready="/feeds/all.atom", **environment))

    with ExitStack() as running:
        replicas = {name: a_server(name) for name in NEWSROOM}
        del replicas["compiler"]
        ports = {name: each.port for name, each in replicas.items()}
        varnish = running.enter_context(the_cache(servers, varnishd, tmp_path, ports, purge))
        assert TITLE not in varnish.get("/feeds/all.atom").body
        write(folder, "2021/open.yaml", yaml(published=YESTERDAY, title=TITLE))
        wait_until(lambda: TITLE in varnish.get("/feeds/all.atom").body, "the change is visible through the cache")
        os.killpg(replicas["replica-1"].process_id, signal.SIGKILL)
        answers = [varnish.get(f"/feeds/all.rss?n={number}").status for number in range(6)]
        assert answers == [200] * 6
