"""A saved file is published by every worker within moments; a file caught half-saved never is."""

from __future__ import annotations

import json
import socket
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from feeds.catalogue import CompileReport
from feeds.concurrency.background import FileTurn
from feeds.content import Scope, Settled
from feeds.errors import FeedsError
from feeds.web.watcher import Watcher, has_events, look
from tests.makers import NOW, a_newsroom, write, yaml
from tests.servers import Server, Servers
from tests.tools import DEAD, wait_until

AGREED = 24
"""Answers in a row, each on a connection of its own, after which every one of two workers has been asked."""


@dataclass
class Served:
    """A newsroom served by `feeds serve` with two workers."""

    folder: Path
    server: Server

    def body(self, path: str) -> str:
        """What one of the workers answers."""
        return self.server.body(path)

    def agrees(self, holds: Callable[[str], bool], path: str = "/feeds/all.atom") -> None:
        """Asks until every worker has come to say the same; fails when they never do."""
        wait_until(lambda: all(holds(self.body(path)) for _ in range(AGREED)), "the change is seen")


@pytest.fixture(scope="module", params=["events", "poll"])
def served(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, servers: Servers
) -> Iterator[Served]:
    folder = a_newsroom(tmp_path_factory.mktemp("newsroom"), {"2021/2021-06-01-first.yaml": yaml(title="The first")})
    with servers.newsroom(folder, watch=request.param) as server:
        yield Served(folder, server)


def test_a_file_is_published_when_added_and_changed_and_gone_when_removed(served: Served) -> None:
    served.agrees(lambda body: "The first" in body)
    path = write(served.folder, "2021/2021-06-02-dam.yaml", yaml(title="The dam", published="2021-06-02"))
    served.agrees(lambda body: "The dam" in body)
    path.write_text(yaml(title="The new dam", published="2021-06-02"), encoding="utf-8")
    served.agrees(lambda body: "The new dam" in body)
    path.unlink()
    served.agrees(lambda body: "The new dam" not in body)


def test_a_file_put_over_another_is_published(served: Served) -> None:
    write(served.folder, "2021/2021-06-03-bridge.yaml", yaml(title="The bridge", published="2021-06-03"))
    served.agrees(lambda body: "The bridge" in body)
    write(served.folder, "2021/2021-06-03-bridge.yaml", yaml(title="The Bridge", published="2021-06-03"))
    served.agrees(lambda body: "The Bridge" in body)


def test_a_saved_theme_is_shown_and_feeds_stay(served: Served) -> None:
    feed = served.body("/feeds/all.atom")
    theme = served.folder / "theme"
    theme.mkdir()
    (theme / "style.css").write_text("h1 { color: red }", encoding="utf-8")
    served.agrees(lambda body: "/static/theme-" in body, "/about")
    template = '{% extends "product/base.html" %}{% block rights %}By the sea{% endblock %}'
    (theme / "base.html").write_text(template, encoding="utf-8")
    served.agrees(lambda body: "By the sea" in body, "/about")
    (theme / "base.html").write_text("{{ nothing }}", encoding="utf-8")
    served.agrees(lambda body: "By the sea" not in body and "/static/theme-" in body, "/about")
    assert served.body("/feeds/all.atom") == feed


def test_a_file_that_becomes_bad_stays_published_and_one_mended_is_new(served: Served) -> None:
    path = write(served.folder, "2021/2021-06-04-well.yaml", yaml(title="The well", published="2021-06-04"))
    served.agrees(lambda body: "The well" in body)
    before = problems(served.body("/healthz"))
    path.write_text("title: [", encoding="utf-8")
    served.agrees(lambda body: problems(body) == before + 1, "/healthz")
    assert "The well" in served.body("/feeds/all.atom")
    path.write_text(yaml(title="The mended well", published="2021-06-04"), encoding="utf-8")
    served.agrees(lambda body: "The mended well" in body)
    served.agrees(lambda body: problems(body) == before, "/healthz")


def problems(health: str) -> int:
    return int(json.loads(health)["problems"])


def test_a_change_of_the_newsroom_s_own_file_is_seen(served: Served) -> None:
    path = served.folder / "newsroom.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("en: Test office", "en: Renamed office"), encoding="utf-8")
    served.agrees(lambda body: "Renamed office" in body)


# -- half-saved files ---------------------------------------------------------------------------------------------


def test_a_file_is_taken_only_when_it_lies_still_though_its_half_would_be_valid(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = a_newsroom(tmp_path)
    taken: list[Settled] = []

    def compile_(settled: Settled, scope: Scope | None) -> CompileReport:
        taken.append(settled)
        return CompileReport(0, changed=False)

    watcher = Watcher(folder, compile_, "poll")
    path = write(folder, "dam.yaml", yaml())
    missing = ["# a line\n", "# another line\n", "draft: true\n"]

    def saved_meanwhile(pause: float) -> bool:
        """What the watcher calls to wait between its two looks: one more line is saved then."""
        assert pause > 0
        if missing:
            with path.open("a", encoding="utf-8") as file:
                file.write(missing.pop(0))
        return False

    monkeypatch.setattr(watcher.stopping, "wait", saved_meanwhile)
    watcher._settle()
    (whole,) = (each for each in taken if "releases/dam.yaml" in each)
    assert (whole.get("releases/dam.yaml") or (0,))[0] == path.stat().st_size
    assert whole is taken[-1]
    assert len(taken) > 1, "the other files did not wait for it"


def test_a_watcher_survives_an_error_and_the_loss_of_its_folder(tmp_path: Path) -> None:
    folder = a_newsroom(tmp_path)
    taken: list[Settled] = []

    def compile_(settled: Settled, scope: Scope | None) -> CompileReport:
        taken.append(settled)
        if len(taken) == 1:
            raise FeedsError("there is no newsroom to publish")
        return CompileReport(0, changed=False)

    watcher = Watcher(folder / "releases" / "2021", compile_, "events")
    watcher.start()
    try:
        # Nothing can be watched there yet: so it is looked through instead, and the error is followed by a next try.
        (folder / "releases" / "2021").mkdir()
        write(folder / "releases" / "2021", "2021-06-01-dam.yaml", yaml())
        wait_until(lambda: len(taken) > 1 and "releases/2021-06-01-dam.yaml" in taken[-1], "the file is taken")
    finally:
        watcher.stop()


def test_a_server_without_a_file_left_takes_changes_up_once_it_has_some_again(tmp_path: Path, servers: Servers) -> None:
    folder = a_newsroom(tmp_path, {"2021/2021-06-01-first.yaml": yaml(title="The first")})
    with servers.newsroom(folder, watch="poll", open_files=64) as server, ExitStack() as idle:
        for _ in range(200):
            idle.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=DEAD))
        write(folder, "2021/2021-06-02-dam.yaml", yaml(title="The dam", published="2021-06-02"))
        server.stderr.line("ERROR feeds: changes are not taken up: .*Too many open files")
        idle.close()
        served = Served(folder, server)
        served.agrees(lambda body: "The dam" in body and "The first" in body)
        served.agrees(lambda body: json.loads(body)["status"] == "ok", "/healthz")


@pytest.mark.parametrize("name", ["data", "link", "."])
def test_a_saved_file_is_looked_for_where_it_was_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    folder = a_newsroom(tmp_path)
    (tmp_path / "link").symlink_to("data")
    monkeypatch.chdir(folder if name == "." else tmp_path)
    scopes: list[Scope | None] = []

    def compile_(settled: Settled, scope: Scope | None) -> CompileReport:
        scopes.append(scope)
        return CompileReport(0, changed=False)

    watcher = Watcher(Path(name), compile_, "events")
    watcher.start()
    try:
        wait_until(lambda: scopes == [None], "the whole folder is looked through first")
        write(folder, "2021/2021-06-01-dam.yaml", yaml())
        wait_until(lambda: len(scopes) > 1, "the file is noticed")
        write(folder, "2021/2021-06-02-road.yaml", yaml())
        wait_until(
            lambda: any(each and each.covers("releases/2021/2021-06-02-road/photo.png") for each in scopes), "its place"
        )
        assert scopes.count(None) == 1
    finally:
        watcher.stop()


def test_one_process_follows_the_folder_and_another_one_takes_up_what_it_has_left(tmp_path: Path) -> None:
    folder = a_newsroom(tmp_path)
    taken: dict[str, list[Scope | None]] = {"one": [], "other": []}
    alone: list[bool] = []

    def watcher(name: str) -> Watcher:
        def compile_(settled: Settled, scope: Scope | None) -> CompileReport:
            taken[name].append(scope)
            if name == "other":
                alone.append(one.stopping.is_set())
            elif "releases/dam.yaml" in settled:
                one.stop()
                raise FeedsError("it ends before this is compiled")
            return CompileReport(0, changed=False)

        return Watcher(folder, compile_, "poll", lambda: NOW, FileTurn(tmp_path / "lead"))

    one, other = watcher("one"), watcher("other")
    one.start()
    try:
        wait_until(lambda: taken["one"] == [None], "one leads")
        other.start()
        write(folder, "dam.yaml", yaml())
        assert one.join(DEAD)
        wait_until(lambda: taken["other"] == [None], "the other looks through the whole folder")
        assert alone == [True]
    finally:
        one.stop()
        other.stop()


def test_a_report_that_a_file_could_not_be_read_is_followed_by_a_next_try(tmp_path: Path) -> None:
    folder = a_newsroom(tmp_path, {"dam.yaml": yaml()})
    tries: list[Settled] = []

    def compile_(settled: Settled, scope: Scope | None) -> CompileReport:
        tries.append(settled)
        return CompileReport(1, changed=True, unread=len(tries) == 1)

    watcher = Watcher(folder, compile_, "poll", lambda: NOW)
    with pytest.raises(FeedsError):
        watcher._settle()
    watcher._settle()
    watcher._settle()
    assert len(tries) == 2


def test_nothing_is_compiled_while_nothing_moves(tmp_path: Path) -> None:
    folder = a_newsroom(tmp_path)
    taken: list[Settled] = []
    looks: list[int] = []

    def compile_(settled: Settled, scope: Scope | None) -> CompileReport:
        taken.append(settled)
        return CompileReport(0, changed=False)

    watcher = Watcher(folder, compile_, "poll")
    for _ in range(3):
        watcher._settle()
        looks.append(len(taken))
    assert looks == [1, 1, 1]
    write(folder, "2021-06-01-dam.yaml", yaml())
    watcher._settle()
    assert len(taken) == 2


def test_looks_at_a_large_folder_hold_little_of_each_file(tmp_path: Path) -> None:
    folder = a_newsroom(tmp_path)
    for number in range(3_000):
        path = folder / f"releases/{number % 10}/2021-06-01-number-{number}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.touch()
    held: list[int] = []

    def compile_(settled: Settled, scope: Scope | None) -> CompileReport:
        held.append(tracemalloc.get_traced_memory()[0])
        return CompileReport(0, changed=False)

    watcher = Watcher(folder, compile_, "poll")
    tracemalloc.start()
    try:
        files = dict(look(folder))
        as_dictionary, _ = tracemalloc.get_traced_memory()
        del files
        before, _ = tracemalloc.get_traced_memory()
        watcher._settle()
    finally:
        tracemalloc.stop()
    assert held[0] - before < as_dictionary / 3  # two looks


def test_hidden_files_and_backups_of_editors_are_not_looked_at(tmp_path: Path) -> None:
    folder = a_newsroom(tmp_path, {"dam.yaml": yaml(), ".dam.yaml.swp": "", "dam.yaml~": ""})
    assert sorted(dict(look(folder))) == [
        *(f"{n}.yaml" for n in ("countries", "genre", "newsroom", "projects")),
        "releases/dam.yaml",
        "topics.yaml",
    ]


MOUNTS = """\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:40 / /srv rw,relatime shared:2 - nfs4 server:/export rw
31 30 8:2 / /srv/local rw - xfs /dev/sdb1 rw
32 22 0:41 / /mnt/our\\040share rw - cifs //server/share rw
33 22 0:42 / /mnt/host rw - fuse.sshfs host:/ rw
34 22 0:43 / /twice rw - ext4 /dev/sdc1 rw
35 34 0:44 / /twice rw - 9p host rw
"""


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        ("/data", True),
        ("/srv", False),
        ("/srv/news", False),
        ("/srvnews", True),
        ("/srv/local/news", True),
        ("/mnt/our share/news", False),
        ("/mnt/host/news", False),
        ("/twice/news", False),
    ],
)
def test_a_file_system_that_others_write_to_has_no_events(tmp_path: Path, folder: str, expected: bool) -> None:
    (tmp_path / "mountinfo").write_text(MOUNTS, encoding="utf-8")
    assert has_events(Path(folder), tmp_path / "mountinfo") is expected


def test_where_nothing_is_known_of_mounts_events_are_trusted(tmp_path: Path) -> None:
    assert has_events(tmp_path, tmp_path / "nothing")
