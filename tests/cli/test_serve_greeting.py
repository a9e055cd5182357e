"""What `feeds serve` says when it starts, and while it serves."""

from __future__ import annotations

import re
import socket
import sqlite3
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from feeds.catalogue import catalogue_file, compile_folder
from feeds.cli.commands import group
from feeds.cli.serve import FIRST_PROBLEMS, greeting
from tests.makers import BASE, DAY, NOW, TOMORROW, YESTERDAY, Bench, a_newsroom, yaml
from tests.servers import Servers
from tests.tools import free_port, python

CLF_TIME = r"\d\d/\w{3}/\d{4}:[\d:]{8} \+0000"
GOOD = {"2021/dam.yaml": yaml(published=YESTERDAY)}
BAD = {f"2021/bad{number}.yaml": yaml(countries=["Atlantis"]) for number in range(FIRST_PROBLEMS + 2)}


def greeted(path: Path, files: dict[str, str], log: str = "full") -> list[str]:
    bench = Bench(a_newsroom(path, files))
    bench.compile()
    with bench.catalogue.reading() as snapshot:
        return greeting(snapshot, replace(bench.settings, log=log), NOW)


def test_it_says_where_the_newsroom_is_and_what_it_holds(tmp_path: Path) -> None:
    address, contents = greeted(tmp_path, GOOD)
    assert address == f"{BASE}/"
    assert contents == f"  1 release in 36 feeds, each as Atom, RSS and JSON Feed (from {tmp_path}/data)"


def test_a_catalogue_that_is_found_damaged_when_it_is_read_is_built_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = a_newsroom(tmp_path, GOOD)
    location = catalogue_file(folder, BASE, tmp_path / "state")
    compile_folder(folder, location, BASE, now=NOW)
    with closing(sqlite3.connect(location.path, isolation_level=None)) as database:
        database.execute("UPDATE meta SET value = '{' WHERE name = 'vocabulary'")
    for name, value in {"FEEDS_STATE": str(tmp_path / "state"), "FEEDS_BASE_URL": BASE}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys.modules["feeds.cli.serve"], "run", lambda *_, **__: None)
    done = CliRunner().invoke(group, ["serve", "--data", str(folder), "--port", str(free_port())])
    assert done.exit_code == 0, done.output
    assert "  1 release in 36 feeds" in done.output


def test_it_says_what_is_scheduled_next_in_the_newsroom_s_own_time(tmp_path: Path) -> None:
    later = {
        "2021/next.yaml": yaml(published=TOMORROW, title="The next one"),
        "2021/after.yaml": yaml(published=TOMORROW + DAY),
        "2021/draft.yaml": yaml(published=NOW + DAY / 2, draft=True),
    }
    assert greeted(tmp_path, GOOD | later)[2:] == ["  2 scheduled; next at 2021-06-25 20:00 CST: The next one"]
    assert greeted(tmp_path / "journal", GOOD | later, "public")[2:] == []


def test_it_shows_the_first_problems_and_how_to_see_the_rest(tmp_path: Path) -> None:
    said = greeted(tmp_path, GOOD | BAD)[2:]
    assert said[0] == f"  {len(BAD)} problems:"
    assert all(re.match(r"    data/releases/2021/bad\d\.yaml:\d+:\d+: countries", line) for line in said[1:-1])
    assert len(said[1:-1]) == FIRST_PROBLEMS
    assert said[-1] == "    … and 2 more: see `feeds check`"


@pytest.mark.parametrize(
    ("kind", "pattern"),
    [
        (
            "common",
            rf'127\.0\.0\.1 - - \[{CLF_TIME}\] "GET /feeds/all\.atom HTTP/1\.1" 200 \d+ "-" "-" 0\.\d{{6}}',
        ),
        ("json", r'\{"time": .*"path": "/feeds/all\.atom", .*"status": 200, "bytes": \d+, .*\}'),
    ],
)
def test_each_request_is_a_line_of_the_log_that_was_asked_for(
    tmp_path: Path, servers: Servers, kind: str, pattern: str
) -> None:
    with servers.newsroom(a_newsroom(tmp_path, GOOD), "--log", kind, workers=1) as server:
        address = r"http://127\.0\.0\.1:\d+/"
        said = {
            "common": rf"{address}\n",
            "json": rf'\{{.*"level": "INFO", "logger": "feeds", "message": "{address}"\}}\n',
        }
        assert re.fullmatch(said[kind], server.stderr.line("http:"))
        server.get("/feeds/all.atom")
        assert re.fullmatch(pattern + r"\n", server.stdout.line("/feeds/all"))


def test_a_file_that_becomes_bad_is_named_in_the_log_while_it_is_served(tmp_path: Path, servers: Servers) -> None:
    with servers.newsroom(a_newsroom(tmp_path, GOOD), workers=1, watch="poll") as server:
        (tmp_path / "data/releases/2021/dam.yaml").write_text(yaml(countries=["Atlantis"]), encoding="utf-8")
        assert "data/releases/2021/dam.yaml: is not taken up" in server.stderr.line("WARNING feeds: ")


@pytest.mark.slow
def test_a_place_that_is_taken_is_one_clear_line_even_if_its_owner_would_share_it(tmp_path: Path) -> None:
    with socket.socket() as owner:
        owner.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        owner.bind(("127.0.0.1", 0))
        owner.listen()
        port = str(owner.getsockname()[1])
        options = ["--data", str(a_newsroom(tmp_path, GOOD)), "--port", port]
        done = python("-m", "feeds", "serve", *options, FEEDS_STATE=str(tmp_path))
    assert done.returncode == 1
    assert done.stderr.startswith(f"cannot listen on 127.0.0.1, port {port}: ")
    assert done.stderr.count("\n") == 1
