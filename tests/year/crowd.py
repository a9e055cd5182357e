"""Readers that ask without a pause, each over one connection, and remember what they got; and who answered them."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.client import HTTPConnection
from itertools import cycle
from pathlib import Path
from time import monotonic

from tests.tools import DEAD

MARK = re.compile(rb"mark-(\d{5})")
"""Stands wherever a state of the newsroom shows, with the state's number."""


@dataclass(frozen=True, slots=True)
class Got:
    """One answer."""

    path: str
    status: int
    tag: str
    state: int
    began: float
    ended: float


@dataclass
class Reader:
    """One connection; it is answered by one worker from its beginning to its end."""

    port: int
    paths: tuple[str, ...]
    connection: HTTPConnection = field(init=False)
    got: list[Got] = field(default_factory=list)
    bodies: dict[tuple[str, str], tuple[bytes, int]] = field(default_factory=dict)
    """By path and tag: a digest, and the state that shows."""
    states: dict[str, int] = field(default_factory=dict)
    """The newest one that was seen, by path."""

    def __post_init__(self) -> None:
        self.connection = HTTPConnection("127.0.0.1", self.port, timeout=DEAD)
        self.connection.connect()
        # A connection is accepted by a worker when it is used, not when it is made.
        self.ask(self.paths[0], {})

    @property
    def worker(self) -> str:
        """Who answers it (from Linux's /proc)."""
        assert self.connection.sock
        own = self.connection.sock.getsockname()[1]
        lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        # The kernel may list a socket twice while the table changes.
        (socket,) = {
            line[9] for line in lines if line[1].endswith(f":{self.port:04X}") and line[2].endswith(f":{own:04X}")
        }
        for descriptor in Path("/proc").glob("[0-9]*/fd/*"):
            try:
                if str(descriptor.readlink()) == f"socket:[{socket}]":
                    return descriptor.parts[2]
            except OSError:
                continue  # closed since, or somebody else's
        raise AssertionError("nobody has accepted the connection")

    def ask(self, path: str, headers: dict[str, str]) -> Got:
        """One request: any answer but a whole one, of one state, is a failure."""
        began = monotonic()
        self.connection.request("GET", path, headers=headers)
        answer = self.connection.getresponse()
        body = answer.read()
        tag = answer.headers["ETag"]
        assert answer.status in (200, 304), (path, answer.status)
        if answer.status == 200:
            assert len(body) == int(answer.headers["Content-Length"])
            (state,) = {int(number) for number in MARK.findall(body)}  # two of them would be a mixture
            seen = sha256(body).digest(), state
            assert self.bodies.setdefault((path, tag), seen) == seen, "one tag for two bodies"
        got = Got(path, answer.status, tag, self.bodies[path, tag][1], began, monotonic())
        # Of one address; another one may have been prepared a moment earlier or later.
        before = self.states.get(path, 0)
        assert before <= got.state, f"a worker went back at {path}: {before}, then {got.state}"
        self.states[path] = got.state
        self.got.append(got)
        return got


class Crowd:
    """Readers at work until told to stop."""

    def __init__(self, readers: list[Reader]) -> None:
        self.readers = readers
        self._enough = threading.Event()
        self._turn = threading.Condition()

    def wait_for(self, state: int, *, by_all: bool = False) -> None:
        """Until somebody sees a state, or everybody at every address."""

        def seen() -> bool:
            if by_all:
                return all(reader.states.get(path, -1) >= state for reader in self.readers for path in reader.paths)
            return any(state in reader.states.copy().values() for reader in self.readers)

        with self._turn:
            found = self._turn.wait_for(lambda: self._enough.is_set() or seen(), DEAD)
        assert found, f"state {state} was not seen"
        assert not self._enough.is_set(), "a reader has failed"

    @property
    def got(self) -> list[Got]:
        """Every answer so far."""
        return [got for reader in self.readers for got in reader.got]

    def read(self, number: int) -> None:
        """Asks for one thing after the other: every second time only if it has changed."""
        reader, tags = self.readers[number], dict[str, str]()
        try:
            for turn, path in enumerate(cycle(reader.paths)):
                if self._enough.is_set():
                    return
                known = path in tags and turn // len(reader.paths) % 2
                before = reader.states.get(path)
                got = reader.ask(path, {"If-None-Match": tags[path]} if known else {})
                tags[path] = got.tag
                if got.state != before:
                    with self._turn:
                        self._turn.notify_all()
        finally:
            self.stop()

    def stop(self) -> None:
        """It is enough; also when one has failed."""
        self._enough.set()
        with self._turn:
            self._turn.notify_all()


@contextmanager
def reading(readers: list[Reader]) -> Iterator[Crowd]:
    """The readers, asking all the while. Whatever failed for one of them is raised at the end."""
    crowd = Crowd(readers)
    with ThreadPoolExecutor(len(readers)) as pool:
        jobs: list[Future[None]] = [pool.submit(crowd.read, number) for number in range(len(readers))]
        try:
            yield crowd
        finally:
            crowd.stop()
            for job in jobs:
                job.result(DEAD)
            for reader in readers:
                reader.connection.close()


def readers_of_all(port: int, paths: tuple[str, ...], workers: int, each: int) -> list[Reader]:
    """So many readers for each worker: the kernel deals connections out by chance."""
    found: dict[str, list[Reader]] = {}
    for _ in range(100 * workers * each):
        reader = Reader(port, paths)
        mine = found.setdefault(reader.worker, [])
        if len(mine) < each:
            mine.append(reader)
        else:
            reader.connection.close()
        if len(found) == workers and all(len(readers) == each for readers in found.values()):
            break
    assert len(found) == workers, "a worker answers nobody"
    return [reader for readers in found.values() for reader in readers]
