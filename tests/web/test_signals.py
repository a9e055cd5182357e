"""What signals do to requests that are under way: none is lost while workers are renewed or the server is restarted."""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Event, Thread

import pytest

from feeds.errors import FeedsError
from feeds.web.server import activated_socket
from tests.makers import YESTERDAY, a_newsroom, write, yaml
from tests.servers import HOST, Server, Servers, catalogue_of
from tests.tools import DEAD, free_port, python, wait_until

from .test_processes import have_ended, workers_of

DAM = {"2021/dam.yaml": yaml(published=YESTERDAY)}
FEED = "/feeds/all.atom"
CLIENTS = 4


@contextmanager
def load(port: int, *, keep_alive: bool = False) -> Iterator[Counter[str]]:
    """Clients that ask for the feed again and again, each time over a new connection or not; counts what they get."""
    stop, counts = Event(), Counter[str]()

    def client() -> None:
        connection = HTTPConnection(HOST, port, timeout=DEAD)
        while not stop.is_set():
            counts[outcome(connection, keep_alive=keep_alive)] += 1
        connection.close()

    threads = [Thread(target=client) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    try:
        yield counts
    finally:
        stop.set()
        for thread in threads:
            thread.join(DEAD)


def outcome(connection: HTTPConnection, *, keep_alive: bool = False) -> str:
    """The status of a request, or the name of the error; a connection that was closed is opened anew."""
    try:
        connection.request("GET", FEED, headers={} if keep_alive else {"Connection": "close"})
        answer = connection.getresponse()
        answer.read()
    except (OSError, HTTPException) as error:
        connection.close()
        return type(error).__name__
    else:
        return str(answer.status)


def more(counts: Counter[str], number: int = 50) -> Callable[[], bool]:
    wanted = counts.total() + number
    return lambda: counts.total() >= wanted


@pytest.mark.parametrize("keep_alive", [False, True])
def test_no_request_is_lost_while_the_workers_are_renewed(tmp_path: Path, servers: Servers, keep_alive: bool) -> None:
    with servers.newsroom(a_newsroom(tmp_path, DAM)) as server:
        before = workers_of(server)
        with load(server.port, keep_alive=keep_alive) as counts:
            os.kill(server.process_id, signal.SIGHUP)
            wait_until(lambda: len(server.workers() - before) == 2 and have_ended(*before), "there are two new workers")
            wait_until(more(counts), "the new workers answer")
        assert counts.keys() == {"200"}


def test_a_hangup_has_the_files_checked_again_and_follows_a_rotated_log(tmp_path: Path, servers: Servers) -> None:
    data, log = a_newsroom(tmp_path, DAM), tmp_path / "access.log"
    with servers.newsroom(data, "--log", "common", "--log-file", str(log), workers=1) as server:
        before = server.workers()
        write(data, "2021/road.yaml", yaml(published=YESTERDAY, title="The road"))
        assert server.get("/releases/2021/road")[0] == 404  # nothing watches the folder here
        log.rename(tmp_path / "access.log.1")
        os.kill(server.process_id, signal.SIGHUP)
        wait_until(lambda: have_ended(*before), "the old worker has ended")
        assert server.get("/releases/2021/road")[0] == 200
        assert "/releases/2021/road" in log.read_text()


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_an_answer_that_is_under_way_is_finished_before_the_server_stops(
    tmp_path: Path, servers: Servers, name: str
) -> None:
    port, gate = free_port(), tmp_path / "gate"
    command = [sys.executable, "-m", "tests.web.slow_answers", str(port), str(gate)]
    with servers.program(command, port=port, ready="/") as server:
        with socket.create_connection((HOST, port), timeout=DEAD) as client:
            client.sendall(b"GET /slow HTTP/1.1\r\nHost: newsroom.example\r\nConnection: close\r\n\r\n")
            assert client.recv(9) == b"HTTP/1.1 "
            workers = server.workers()
            os.kill(server.process_id, getattr(signal, name))
            refused = "ConnectionRefusedError"
            wait_until(lambda: outcome(HTTPConnection(HOST, port)) == refused, "it takes no more connections")
            gate.touch()
            received = b"".join(iter(lambda: client.recv(65_536), b""))
        assert b"the end" in received
        wait_until(lambda: have_ended(server.process_id, *workers), "the server has ended")


def serving(servers: Servers, data: Path, listener: socket.socket) -> Server:
    command = [sys.executable, "-m", "feeds", "serve", "--workers", "2"]
    state = str(catalogue_of(data))
    return servers.activated(command, listener, FEEDS_DATA=str(data), FEEDS_STATE=state, FEEDS_WATCH="off")


def test_no_request_is_lost_when_a_server_with_a_socket_of_its_supervisor_is_restarted(
    tmp_path: Path, servers: Servers
) -> None:
    data = a_newsroom(tmp_path, DAM)
    with socket.create_server((HOST, 0), backlog=512) as listener:
        with serving(servers, data, listener) as first, ExitStack() as clients:
            assert first.stderr.line("^http://127").strip() == f"http://{HOST}:{first.port}/"
            counts = clients.enter_context(load(first.port))
            wait_until(more(counts), "the first server answers")
            first.stop()
            with serving(servers, data, listener) as second:
                wait_until(more(counts), "the second server answers")
                clients.close()  # or they would wait at the open socket when the second server has stopped
                assert workers_of(second)
        assert counts.keys() == {"200"}


def test_sockets_that_are_meant_for_another_process_are_left_alone() -> None:
    for pid in ("", "1"):
        environ = {"LISTEN_PID": pid, "LISTEN_FDS": "1", "HOME": "/root"}
        assert activated_socket(environ) is None
        assert environ == {"HOME": "/root"}


def test_several_sockets_are_refused_in_plain_words() -> None:
    with pytest.raises(FeedsError, match=r"there are 2 sockets to listen to \(leave one ListenStream= in the socket"):
        activated_socket({"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "2"})


LOST_AT_FORK = """
import os, signal
from feeds.web.signals import end_new_processes_when_told
signal.signal(signal.SIGTERM, lambda *_: print("for the main process"))
os.register_at_fork(after_in_child=lambda: os.kill(os.getpid(), signal.SIGTERM))
end_new_processes_when_told()
child = os.fork()
if child == 0:
    os._exit(0)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""

LOST_IN_SLEEP = """
import os, signal, threading
from feeds.web.signals import stop_in_order
told = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: told.set())
stop_in_order(None)
os.kill(os.getpid(), signal.SIGTERM)
told.wait()
print("told")
"""


@pytest.mark.parametrize(("code", "said"), [(LOST_AT_FORK, "-15"), (LOST_IN_SLEEP, "told")], ids=["fork", "sleep"])
def test_no_signal_to_stop_is_lost(code: str, said: str) -> None:
    done = python("-c", code)
    assert (done.stdout.strip(), done.stderr) == (said, "")
