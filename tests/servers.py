"""Servers for tests: programs in their own process, WSGI applications in a thread, processes to kill.

A server has answered once before the test gets it, and has ended when the test is done. Tests start processes through
the fixture ``servers`` only, so that --quick can leave those tests out.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from http.client import HTTPConnection, HTTPException
from multiprocessing import get_context
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Any
from wsgiref.types import WSGIApplication

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

from tests.forks import Fork, Forks
from tests.tools import DEAD, PAUSE, ROOT, environment, free_port

HOST = "127.0.0.1"

_forks = get_context("forkserver")
# What the processes to kill import: done once beforehand, so that each of them starts at once.
_forks.set_forkserver_preload(["tests.delivery.websub.server", "tests.year.dying"])


class Servers:
    """Starts processes; the fixture ``servers`` is one."""

    def __init__(self, forks: Forks) -> None:
        self._forks = forks

    def program(self, command: Sequence[str], *, port: int, ready: str = "/healthz", **settings: str) -> Server:
        """A command that listens to a port, for a ``with`` statement. It is ready when ``ready`` answers with 200."""
        return Server(partial(_new_process, command, ()), command, port, ready, settings)

    def activated(self, command: Sequence[str], listener: socket.socket, **settings: str) -> Server:
        """The same with a socket that listens already, handed over as systemd does: as number 3."""
        shell = f'LISTEN_FDS=1 LISTEN_PID=$$ exec "$0" "$@" 3<&{listener.fileno()}'
        kept = (listener.fileno(),)
        command = ["bash", "-c", shell, *command]
        begun = partial(_new_process, command, kept)
        return Server(begun, command, listener.getsockname()[1], "/healthz", settings)

    def newsroom(
        self,
        folder: Path,
        *options: str,
        workers: int = 2,
        watch: str = "off",
        port: int = 0,
        open_files: int = 0,
        full_disk: bool = False,
        module: str = "feeds",
        **settings: str,
    ) -> Server:
        """`feeds serve` on a content folder, the catalogue beside it. ``open_files`` limits the files it may open.

        With ``full_disk`` it cannot write a single byte into any file. ``module`` is run in place of `feeds`. It is
        forked, not begun anew, which would take most of its time.
        """
        port = port or free_port()
        words = ["serve", "--port", str(port), "--workers", str(workers), *options]
        limits = ({"files": open_files} if open_files else {}) | ({"octets": 0} if full_disk else {})
        given = {"FEEDS_DATA": str(folder), "FEEDS_STATE": str(catalogue_of(folder)), "FEEDS_WATCH": watch}
        begun = partial(self._forks.start, module, words, limits=limits)
        return Server(begun, [module, *words], port, "/healthz", given | settings)

    def victim(self, work: Callable[..., None], *arguments: object) -> Victim:
        """A function that runs in its own process until the test kills it."""
        return Victim(work, arguments)


def catalogue_of(folder: Path) -> Path:
    """The folder of the catalogue of a newsroom that `Servers.newsroom` serves."""
    return folder.parent / "catalogue"


def _new_process(command: Sequence[str], kept: Sequence[int], env: Mapping[str, str]) -> subprocess.Popen[str]:
    """A program that is begun; ``kept`` are the numbers of open files that it keeps."""
    return subprocess.Popen(
        command, cwd=ROOT, env=env, text=True, start_new_session=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, pass_fds=kept,
    )  # fmt: skip


def _threads(process: str) -> list[str]:
    """The names of a process's threads; one that has just ended has none."""
    found = []
    for thread in Path(f"/proc/{process}/task").glob("*"):
        with suppress(OSError):
            found.append((thread / "comm").read_text())
    return found


class Output:
    """What a process writes to stdout or stderr, line by line. It is read at once, so the process never blocks."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._lines: list[str] = []
        self._taken = 0
        self._turn = threading.Condition()
        self.ended = threading.Event()
        self._thread = threading.Thread(target=self._follow)
        self._thread.start()

    def line(self, pattern: str) -> str:
        """Waits for the next line that matches a regular expression; skips the lines before it."""
        with self._turn:
            found = self._turn.wait_for(lambda: self._next(pattern) is not None or self.ended.is_set(), DEAD)
            line = self._next(pattern) if found else None
            assert line is not None, f"no line {pattern!r} in:\n{self}"
            self._taken = self._lines.index(line, self._taken) + 1
            return line

    def __str__(self) -> str:
        return "".join(self._lines)

    def close(self) -> None:
        """Call this after the process has ended."""
        self._thread.join(DEAD)
        self._stream.close()

    def _next(self, pattern: str) -> str | None:
        return next((line for line in self._lines[self._taken :] if re.search(pattern, line)), None)

    def _follow(self) -> None:
        for line in self._stream:
            with self._turn:
                self._lines.append(line)
                self._turn.notify_all()
        with self._turn:
            self.ended.set()
            self._turn.notify_all()


class Server:
    """A program that listens to a port; inside the ``with`` statement it answers."""

    stdout: Output
    stderr: Output

    def __init__(
        self,
        begun: Callable[[Mapping[str, str]], subprocess.Popen[str] | Fork],
        command: Sequence[str],
        port: int,
        ready: str,
        settings: dict[str, str],
    ) -> None:
        """``begun`` starts the command in an environment."""
        self._begun = begun
        self.port = port
        self.base_url = f"http://{HOST}:{port}"
        self._command = command
        self._ready = ready
        self._environment = environment(PYTHONPATH=str(ROOT), PYTHONUNBUFFERED="1", **settings)

    @property
    def pid(self) -> int:
        """The number of its process."""
        return self._process.pid

    def __enter__(self) -> Server:
        self._process = self._begun(self._environment)
        assert self._process.stdout
        assert self._process.stderr
        self.stdout, self.stderr = Output(self._process.stdout), Output(self._process.stderr)
        if not self._answers_in_time():
            self.stop()
            raise AssertionError(
                f"{' '.join(self._command)} does not answer, exit code {self._process.returncode}:\n"
                f"{self.stdout}{self.stderr}"
            )
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def process_id(self) -> int:
        """The id of the main process; workers have their own."""
        return self._process.pid

    def get(self, path: str) -> tuple[int, bytes]:
        """Status and body of one request, over a new connection."""
        status, _, body = self.ask(path)
        return status, body

    def ask(self, path: str, method: str = "GET", **fields: str) -> tuple[int, dict[str, str], bytes]:
        """Status, header fields by their names in small letters without the date, and body of one request."""
        connection = HTTPConnection(HOST, self.port, timeout=DEAD)
        try:
            connection.request(method, path, headers={"Connection": "close", **fields})
            answer = connection.getresponse()
            headers = {name.lower(): value for name, value in answer.getheaders() if name.lower() != "date"}
            return answer.status, headers, answer.read()
        finally:
            connection.close()

    def body(self, path: str) -> str:
        """The body as text."""
        return self.get(path)[1].decode()

    def workers(self) -> set[int]:
        """The ids of the workers that are serving: granian's own threads are there then (from Linux's /proc)."""
        children = Path(f"/proc/{self.process_id}/task/{self.process_id}/children").read_text().split()
        return {int(child) for child in children if any(name.startswith("tokio") for name in _threads(child))}

    def stop(self) -> None:
        """Ends it with SIGTERM, as an operator does; kills what is left then."""
        self._process.terminate()
        try:
            self._process.wait(DEAD)
        finally:
            # Also workers that it has left behind: they keep its output open.
            with suppress(ProcessLookupError):
                os.killpg(self.process_id, signal.SIGKILL)
            self._process.wait()
            for output in (self.stdout, self.stderr):
                output.close()

    def _answers_in_time(self) -> bool:
        """Waits for an answer, not only for a connection: the port may be open before a worker is there."""
        for _ in range(round(DEAD / PAUSE)):
            try:
                if self.get(self._ready)[0] == 200:
                    return True
            except (OSError, HTTPException):
                pass
            if self.stderr.ended.wait(PAUSE):
                return False
        return False


class Victim:
    """A process that runs a function and is there to be killed. The function may not have begun yet."""

    def __init__(self, work: Callable[..., None], arguments: tuple[object, ...]) -> None:
        self._process = _forks.Process(target=work, args=arguments, daemon=True)
        self._process.start()

    def wait(self, seconds: float) -> None:
        """Lets it run for a while; returns earlier if it ends."""
        self._process.join(seconds)

    def kill(self) -> None:
        """Kills it with SIGKILL and waits until it has ended."""
        self._process.kill()
        self._process.join()
        self._process.close()


class _Silent(WSGIRequestHandler):
    """Writes no line for each request: there are thousands."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002  # werkzeug's name
        """Does nothing."""


class _LastingThreads(ThreadedWSGIServer):
    """Answers in threads that stay, as servers in production do: each keeps its connection to the catalogue."""

    def __init__(self, host: str) -> None:
        super().__init__(host, 0, _nothing, _Silent)
        self._asked: SimpleQueue[tuple[Any, Any] | None] = SimpleQueue()
        self._idle = threading.Semaphore(0)
        self._threads_begun = 0

    def process_request(self, request: Any, client_address: Any) -> None:
        """Gives it to a thread that has nothing to do, or to a new one."""
        self._asked.put((request, client_address))
        if not self._idle.acquire(blocking=False):
            self._threads_begun += 1
            threading.Thread(target=self._answer, daemon=True).start()

    def server_close(self) -> None:
        """Ends the threads, each after its answer."""
        super().server_close()
        for _ in range(self._threads_begun):
            self._asked.put(None)

    def _answer(self) -> None:
        while asked := self._asked.get():
            self.process_request_thread(*asked)
            self._idle.release()


@contextmanager
def answering(make: Callable[[str], WSGIApplication], host: str = HOST) -> Iterator[str]:
    """Serves a WSGI application from threads of this process; gives its base address.

    ``make`` makes the application from that address.
    """
    server = _LastingThreads(host)
    base = f"http://{host}:{server.port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": PAUSE})
    try:
        server.app = make(base)
        thread.start()
        try:
            yield base
        finally:
            server.shutdown()
            thread.join(DEAD)
    finally:
        server.server_close()


def _nothing(*_: object) -> list[bytes]:
    raise AssertionError("nobody asks before there is an application")
