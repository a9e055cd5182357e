"""A saved file is published by every worker within moments; a file caught half-saved never is."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from feeds.catalogue import Report
from feeds.content import Signatures
from feeds.errors import FeedsError
from feeds.web.watcher import Watcher, has_events, look
from tests.makers import NOW, a_newsroom, environment, write, yaml
from tests.tools import free_port

ROOT = Path(__file__).parents[2]
START = 60
"""Seconds for a server to start, under whatever load."""
SOON = 15
"""Seconds for a change to be seen: it takes less than two, but not on a machine that does ten other things."""
AGREED = 24
"""Answers in a row, each on a connection of its own, after which every one of two workers has been asked."""


@dataclass
class Served:
    """A newsroom served by `feeds serve` with two workers."""

    folder: Path
    port: int

    def body(self, path: str) -> str:
        """What one of the workers answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=START)
        try:
            connection.request("GET", path, headers={"Connection": "close"})
            return connection.getresponse().read().decode()
        finally:
            connection.close()

    def agrees(self, holds: Callable[[str], bool], path: str = "/feeds/all.atom", within: float = SOON) -> None:
        """Asks until every worker has come to say the same; fails when that takes too long."""
        deadline = time.monotonic() + within
        in_a_row = 0
        while in_a_row < AGREED:
            in_a_row = in_a_row + 1 if holds(self.body(path)) else 0
            assert time.monotonic() < deadline, "the change was not seen in time"


@contextmanager
def serving(folder: Path, how: str, files: int | None = None) -> Iterator[Served]:
    """``files`` is how many the server may have open."""
    port = free_port()
    command = [sys.executable, "-m", "feeds", "serve", "--port", str(port), "--workers", "2"]
    settings = environment(FEEDS_DATA=str(folder), FEEDS_CATALOGUE=str(folder.parent / "catalogue"), FEEDS_WATCH=how)
    if files:
        command = ["sh", "-c", f'ulimit -n {files}; exec "$0" "$@"', *command]
    with subprocess.Popen(command, cwd=ROOT, env=settings, start_new_session=True) as process:
        served = Served(folder, port)
        try:
            started(process, served)
            yield served
        finally:
            process.terminate()
            try:
                process.wait(START)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                raise


def started(process: subprocess.Popen[bytes], served: Served) -> None:
    deadline = time.monotonic() + START
    while time.monotonic() < deadline and process.poll() is None:
        try:
            served.body("/healthz")
        except OSError:
            os.sched_yield()
        else:
            return
    raise AssertionError(f"the server did not start, exit code {process.poll()}")


@pytest.fixture(scope="module", params=["events", "poll"])
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = a_newsroom(tmp_path_factory.mktemp("newsroom"), {"2021/2021-06-01-first.yaml": yaml(title="The first")})
    with serving(folder, request.param) as served:
        yield served


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

PAUSE = 0.1
"""Seconds between two writes above which it was this test that was caught napping, and not a file half-saved."""


def test_a_file_is_taken_only_when_it_lies_still_though_its_half_would_be_valid(tmp_path: Path) -> None:
    folder = a_newsroom(tmp_path)
    taken: list[Signatures] = []

    def compile_(settled: Signatures) -> Report:
        taken.append(settled)
        return Report(0, changed=False)

    watcher = Watcher(folder, compile_, "poll")
    watcher.start()
    try:
        for attempt in range(20):
            name = f"2021-06-01-number-{attempt}.yaml"
            final, longest = save_slowly(folder / "releases" / name, taken)
            wait_for(partial(was_taken, taken, f"releases/{name}"))
            if longest < PAUSE:
                seen = {each[f"releases/{name}"] for each in taken if f"releases/{name}" in each}
                assert {size for size, *_ in seen} == {final}
                return
        raise AssertionError("this machine is too busy to save a file in one go")
    finally:
        watcher.stop()


def was_taken(taken: list[Signatures], path: str) -> bool:
    return any(path in each for each in taken)


def save_slowly(path: Path, taken: list[Signatures]) -> tuple[int, float]:
    """Writes line by line while the watcher looks at it; the size, and the longest time between two lines."""
    begun = last = time.monotonic()
    longest = 0.0
    with path.open("w", encoding="utf-8", buffering=1) as file:
        file.write(yaml())
        while time.monotonic() < begun + 1.5:
            file.write("# another line\n")
            longest, last = max(longest, time.monotonic() - last), time.monotonic()
            threading.Event().wait(PAUSE / 10)
        file.write("draft: true\n")
    assert isinstance(taken, list)
    return path.stat().st_size, longest


def wait_for(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SOON
    while not holds():
        assert time.monotonic() < deadline
        os.sched_yield()


def test_a_watcher_survives_an_error_and_the_loss_of_its_folder(tmp_path: Path) -> None:
    folder = a_newsroom(tmp_path)
    taken: list[Signatures] = []

    def compile_(settled: Signatures) -> Report:
        taken.append(settled)
        if len(taken) == 1:
            raise FeedsError("there is no newsroom to publish")
        return Report(0, changed=False)

    watcher = Watcher(folder / "releases" / "2021", compile_, "events")
    watcher.start()
    try:
        # Nothing can be watched there yet: so it is looked through instead, and the error is followed by a next try.
        (folder / "releases" / "2021").mkdir()
        write(folder / "releases" / "2021", "2021-06-01-dam.yaml", yaml())
        wait_for(lambda: len(taken) > 1 and "releases/2021-06-01-dam.yaml" in taken[-1])
    finally:
        watcher.stop()


def test_a_server_without_a_file_left_takes_changes_up_once_it_has_some_again(tmp_path: Path) -> None:
    folder = a_newsroom(tmp_path, {"2021/2021-06-01-first.yaml": yaml(title="The first")})
    with serving(folder, "poll", files=64) as served, ExitStack() as idle:
        for _ in range(200):
            idle.enter_context(socket.create_connection(("127.0.0.1", served.port), timeout=START))
        write(folder, "2021/2021-06-02-dam.yaml", yaml(title="The dam", published="2021-06-02"))
        threading.Event().wait(2)  # for the watcher to meet the lack
        idle.close()
        served.agrees(lambda body: "The dam" in body and "The first" in body, within=START)
        served.agrees(lambda body: json.loads(body)["status"] == "ok", "/healthz", within=START)


def test_a_report_that_a_file_could_not_be_read_is_followed_by_a_next_try(tmp_path: Path) -> None:
    folder = a_newsroom(tmp_path, {"dam.yaml": yaml()})
    tries: list[Signatures] = []

    def compile_(settled: Signatures) -> Report:
        tries.append(settled)
        return Report(1, changed=True, unread=len(tries) == 1)

    watcher = Watcher(folder, compile_, "poll", lambda: NOW)
    with pytest.raises(FeedsError):
        watcher._settle()
    watcher._settle()
    watcher._settle()
    assert len(tries) == 2


def test_nothing_is_compiled_while_nothing_moves(tmp_path: Path) -> None:
    folder = a_newsroom(tmp_path)
    taken: list[Signatures] = []
    looks: list[int] = []

    def compile_(settled: Signatures) -> Report:
        taken.append(settled)
        return Report(0, changed=False)

    watcher = Watcher(folder, compile_, "poll")
    for _ in range(3):
        watcher._settle()
        looks.append(len(taken))
    assert looks == [1, 1, 1]
    write(folder, "2021-06-01-dam.yaml", yaml())
    watcher._settle()
    assert len(taken) == 2


def test_hidden_files_and_backups_of_editors_are_not_looked_at(tmp_path: Path) -> None:
    folder = a_newsroom(tmp_path, {"dam.yaml": yaml(), ".dam.yaml.swp": "", "dam.yaml~": ""})
    assert list(look(folder)) == [
        "releases/dam.yaml",
        *(f"{n}.yaml" for n in ("countries", "newsroom", "projects", "topics")),
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
