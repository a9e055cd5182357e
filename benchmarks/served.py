"""A newsroom of some size, served by the real program: how long it takes to be there, to change, and what it weighs."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from benchmarks.nginx import free_port

FEED = "/feeds/all.atom"
LONGEST = 1_800.0
"""Seconds until a server is taken for dead, or a change for lost."""
LOOK = 0.005
"""Seconds between two looks for a change."""
SAMPLE = 0.2
"""Seconds between two looks at the memory."""
WORKERS = 2


@dataclass(slots=True)
class Weight:
    """The memory of processes in megabytes, each page that several share counted once (PSS, proc(5))."""

    all: float = 0.0
    """The most that all had together."""
    worker: float = 0.0
    """The most that one of those had which answer."""


@dataclass(slots=True)
class Server:
    """A running server."""

    port: int
    weight: Weight
    ready: float = 0.0
    """Seconds from the start of its process until it has answered for a feed."""

    def get(self, path: str) -> bytes:
        """The body at a path; empty while there is none."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=LONGEST)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            body = answer.read()
        except (OSError, HTTPException):
            return b""
        finally:
            connection.close()
        return body if answer.status == 200 else b""

    def until(self, path: str, text: bytes) -> float:
        """Waits until the body at a path has a text; the time at which it was seen."""
        deadline = time.monotonic() + LONGEST
        while time.monotonic() < deadline:
            if text in self.get(path):
                return time.monotonic()
            time.sleep(LOOK)
        raise SystemExit(f"{path} does not come to show {text!r}")


@dataclass(frozen=True, slots=True)
class Site:
    """A content folder, and the folder for what is made of it."""

    data: Path
    state: Path
    port: int = field(default_factory=free_port)

    @property
    def base_url(self) -> str:
        """Where it is served."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environ(self) -> dict[str, str]:
        """The settings of a program for this newsroom."""
        own = {"FEEDS_DATA": str(self.data), "FEEDS_STATE": str(self.state), "FEEDS_BASE_URL": self.base_url}
        return {name: value for name, value in os.environ.items() if not name.startswith("FEEDS_")} | own

    @property
    def megabytes(self) -> float:
        """What its catalogue takes on the disk."""
        return sum(each.stat().st_size for each in self.state.glob("catalogue*")) / 1e6

    @contextmanager
    def served(self) -> Iterator[Server]:
        """The newsroom, served as an operator does, from its first answer on."""
        command = [sys.executable, "-m", "feeds", "serve", "--port", str(self.port), "--workers", str(WORKERS)]
        begun = time.monotonic()
        with (
            subprocess.Popen(
                command, env=self.environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            ) as process,
            _weighed(process.pid) as weight,
        ):
            server = Server(self.port, weight)
            try:
                server.ready = server.until(FEED, b"<feed") - begun
                yield server
            finally:
                process.terminate()

    def retitle(self, title: str) -> float:
        """Gives the newest release another title, in one step; the time at which its file is there."""
        path = max(self.data.glob("releases/*/*.yaml"), key=_number)
        text = path.read_text(encoding="utf-8")
        beside = path.with_name(f".{path.name}.tmp")
        beside.write_text(f"title: {title}\n{text.partition(chr(10))[2]}", encoding="utf-8")
        beside.replace(path)
        return time.monotonic()


def _number(path: Path) -> int:
    return int(path.stem.rpartition("-")[2])


@contextmanager
def _weighed(process: int) -> Iterator[Weight]:
    """Weighs a process and all that it has started, again and again until the block ends."""
    weight, stop = Weight(), threading.Event()

    def weigh() -> None:
        while not stop.wait(SAMPLE):
            own, *others = (_megabytes(each) for each in _family(process))
            weight.all = max(weight.all, own + sum(others))
            weight.worker = max(weight.worker, *others, 0.0)

    thread = threading.Thread(target=weigh)
    thread.start()
    try:
        yield weight
    finally:
        stop.set()
        thread.join()


def _family(process: int) -> list[int]:
    """A process and all that it has started, itself first."""
    found = [process]
    for each in found:
        for task in Path(f"/proc/{each}/task").glob("*/children"):
            try:
                found += map(int, task.read_text().split())
            except OSError:
                continue
    return found


def _megabytes(process: int) -> float:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024 / 1e6
