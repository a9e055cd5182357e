"""The main process and its workers: however the first one ends, the others do too, and a restart works."""

from __future__ import annotations

import os
import pickle
import shlex
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from feeds.catalogue import compile_processes
from feeds.catalogue.media_search import MediaLocation
from feeds.catalogue.release_rows import StorySource, Task
from feeds.catalogue.tables import vocabulary_to_json
from feeds.web.server import ended
from tests.conftest import Program
from tests.makers import BASE, YESTERDAY, a_newsroom, a_vocabulary, write, yaml
from tests.servers import Server, Servers, catalogue_of
from tests.tools import DEAD, ROOT, environment, free_port, wait_until

DAM = {"2021/dam.yaml": yaml(published=YESTERDAY)}
ALL = ("SIGKILL", "SIGTERM", "SIGINT", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGABRT", "SIGALRM")


def has_ended(process: int) -> bool:
    """Whether a process runs no more, whether or not somebody has asked how it ended (from Linux's /proc)."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except OSError:
        return True


def have_ended(*ids: int) -> bool:
    return all(map(has_ended, ids))


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        return probe.connect_ex(("127.0.0.1", port)) != 0


def workers_of(server: Server) -> set[int]:
    wait_until(lambda: len(server.workers()) == 2, "both workers are at work")
    return server.workers()


@pytest.mark.parametrize("name", ALL)
def test_workers_end_with_the_main_process_and_a_restart_works(tmp_path: Path, servers: Servers, name: str) -> None:
    data = a_newsroom(tmp_path, DAM)
    with servers.newsroom(data) as server:
        workers = workers_of(server)
        os.kill(server.process_id, getattr(signal, name))
        wait_until(lambda: have_ended(server.process_id, *workers), "all processes have ended")
        wait_until(lambda: is_free(server.port), "the port is free")
        with servers.newsroom(data, port=server.port) as again:
            assert again.get("/releases/2021/dam")[0] == 200


@pytest.mark.parametrize("name", ["SIGKILL", "SIGTERM", "SIGINT", "SIGQUIT"])
def test_a_signal_to_all_of_them_ends_all_at_once(tmp_path: Path, servers: Servers, name: str) -> None:
    with servers.newsroom(a_newsroom(tmp_path, DAM)) as server:
        workers = workers_of(server)
        os.killpg(server.process_id, getattr(signal, name))
        wait_until(lambda: have_ended(server.process_id, *workers), "all processes have ended")
        assert server.stderr.ended.wait(DEAD)
        said = str(server.stderr)
    assert said.endswith("  Ctrl+C to stop\n"), said


@pytest.mark.parametrize(("wait", "taken_for_alive"), [(BaseProcess.join, True), (ended, False)])
def test_a_worker_whose_end_another_thread_has_just_seen_is_not_taken_for_alive(
    wait: Callable[[BaseProcess, float], None], taken_for_alive: bool
) -> None:
    process = get_context("fork").Process(target=int)
    process.start()
    os.waitpid(process.pid or 0, 0)  # as the other thread does, before it writes down what it has got
    threading.Timer(0.2, lambda: setattr(process._popen, "returncode", 0)).start()  # type: ignore[attr-defined]
    wait(process, DEAD)
    assert process.is_alive() == taken_for_alive


def test_a_hangup_replaces_the_workers_of_a_service(tmp_path: Path, servers: Servers) -> None:
    with servers.newsroom(a_newsroom(tmp_path, DAM)) as server:
        before = workers_of(server)
        os.kill(server.process_id, signal.SIGHUP)
        wait_until(lambda: len(server.workers() - before) == 2 and have_ended(*before), "there are two new workers")
        after = workers_of(server)
        assert server.get("/releases/2021/dam")[0] == 200
        os.kill(server.process_id, signal.SIGKILL)
        wait_until(lambda: have_ended(*after), "the new workers have ended")


def on_a_terminal(command: Iterable[str]) -> list[str]:
    return ["script", "-qefc", shlex.join(command), "/dev/null"]


def children(process: int) -> set[int]:
    """The processes that one has started, and theirs."""
    try:
        found = {int(each) for each in Path(f"/proc/{process}/task/{process}/children").read_text().split()}
    except OSError:
        return set()
    return found.union(*map(children, found))


def test_a_server_ends_with_its_terminal(tmp_path: Path, servers: Servers, program: Program) -> None:
    program("script")
    port = free_port()
    data = a_newsroom(tmp_path, DAM)
    command = on_a_terminal([sys.executable, "-m", "feeds", "serve", "--port", str(port), "--workers", "2"])
    given = {"FEEDS_DATA": str(data), "FEEDS_CATALOGUE": str(catalogue_of(data)), "FEEDS_WATCH": "off"}
    with servers.program(command, port=port, **given) as terminal:
        terminal.stdout.line("Ctrl.C to stop")
        wait_until(lambda: len(children(terminal.process_id)) > 2, "the main process and its workers are there")
        served = children(terminal.process_id)
        os.kill(terminal.process_id, signal.SIGKILL)
        wait_until(lambda: have_ended(*served), "the server has ended")
        assert is_free(port)


def test_a_server_that_is_to_outlive_its_terminal_does(tmp_path: Path, servers: Servers) -> None:
    port = free_port()
    data = a_newsroom(tmp_path, DAM)
    serve = [sys.executable, "-m", "feeds", "serve", "--port", str(port), "--workers", "1"]
    given = {"FEEDS_DATA": str(data), "FEEDS_CATALOGUE": str(catalogue_of(data)), "FEEDS_WATCH": "off"}
    with servers.program(["nohup", *serve], port=port, **given) as server:
        before = server.workers()
        os.killpg(server.process_id, signal.SIGHUP)
        assert server.get("/releases/2021/dam")[0] == 200
        assert server.workers() == before


# -- helpers of a large compile -------------------------------------------------------------------------------------

HELP_OUT = [sys.executable, "-c", "from feeds.concurrency.helper_processes import help_out; help_out()"]


@pytest.mark.parametrize("heard", [b"", b"\x80", pickle.dumps(("a", "b", "c"))[:-1]])
def test_a_helper_ends_quietly_when_nobody_gives_it_work(servers: Servers, heard: bytes) -> None:
    done = subprocess.run(HELP_OUT, cwd=ROOT, env=environment(), input=heard, capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_a_helper_ends_quietly_when_nobody_takes_its_rows(tmp_path: Path, servers: Servers) -> None:
    data = a_newsroom(tmp_path, DAM)
    newsroom = StorySource(data, vocabulary_to_json(a_vocabulary()), BASE, MediaLocation(None))
    batch = pickle.dumps([Task("releases/2021/dam.yaml", ("releases/2021/dam.yaml",), ())])
    pipe = subprocess.PIPE
    helper = subprocess.Popen(HELP_OUT, cwd=ROOT, env=environment(), stdin=pipe, stdout=pipe, stderr=pipe)
    assert helper.stdout
    helper.stdout.close()
    helper.stdout = None
    _, said = helper.communicate(pickle.dumps(compile_processes.reading) + pickle.dumps(newsroom) + batch, timeout=DEAD)
    assert (helper.returncode, said) == (0, b"")


@pytest.mark.skipif((os.cpu_count() or 1) < 2 and os.environ.get("CI") != "true", reason="a single core shares no work")
def test_helpers_end_with_whoever_started_them(tmp_path: Path, servers: Servers) -> None:
    data = a_newsroom(tmp_path)
    for number in range(6 * compile_processes.WORTH_SHARING):
        write(data, f"2021/2021-05-01-release-{number}.yaml", yaml(title=f"Number {number}", body="*Long.* " * 500))
    compiling = subprocess.Popen(
        [sys.executable, "-m", "feeds", "check", "--data", str(data)],
        cwd=ROOT, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    wait_until(lambda: len(children(compiling.pid)) > 1, "there are helpers")
    helpers = children(compiling.pid)
    compiling.kill()
    wait_until(lambda: have_ended(*helpers), "the helpers have ended")
    assert compiling.communicate(timeout=DEAD)[1] == ""
