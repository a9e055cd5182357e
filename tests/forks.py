"""Programs in Python that start at once: each is a fork of one process that has imported already what they import.

A fork is the program that ``python -m`` runs: a session of its own, `__main__` and its arguments, environment, limits
and output; it gets all signals, and ends as an interpreter ends. It only has not spent most of a second on imports.
"""

from __future__ import annotations

import json
import os
import resource
import runpy
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from importlib import import_module
from time import tzset
from typing import IO, Any

from tests.tools import ROOT, environment

IMPORTED = ("feeds.cli.serve", "feeds.web.app", "feeds.cli.main")
"""The modules that a server needs; none of them looks at the environment when it is imported."""
LIMITS = {"files": resource.RLIMIT_NOFILE, "octets": resource.RLIMIT_FSIZE}
_OUTPUT = (1, 2)
_MOST = 1 << 20  # octets of a request


class Fork:
    """A program that has been started, with what `subprocess.Popen` has for one: there it is no child of ours."""

    def __init__(self, status: IO[str], stdout: IO[str], stderr: IO[str]) -> None:
        self._status = status
        self.stdout, self.stderr = stdout, stderr
        self.pid = int(status.readline())
        self.returncode: int | None = None

    def terminate(self) -> None:
        """Sends SIGTERM; does nothing if it has ended."""
        if not self._has_ended(0):
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGTERM)

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code, negative for a signal. Raises TimeoutExpired after so many seconds."""
        if not self._has_ended(timeout):
            raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
        assert self.returncode is not None
        return self.returncode

    def _has_ended(self, timeout: float | None) -> bool:
        if self.returncode is None and select.select([self._status], [], [], timeout)[0]:
            self.returncode = int(self._status.readline())
            self._status.close()
        return self.returncode is not None


class Forks:
    """The process that is forked. It begins with the first fork, and ends when this is closed."""

    def start(
        self, module: str, arguments: Sequence[str], env: Mapping[str, str], limits: Mapping[str, int] | None = None
    ) -> Fork:
        """What ``python -m module arguments`` is, in the checkout. ``limits`` are some of LIMITS."""
        pipes = [os.pipe() for _ in range(3)]
        asked = {"module": module, "arguments": [*arguments], "environment": {**env}, "limits": {**(limits or {})}}
        given = [write for _, write in pipes]
        socket.send_fds(self._begun[1], [json.dumps(asked).encode()], given)
        for each in given:
            os.close(each)
        return Fork(*(open(read, encoding="utf-8") for read, _ in pipes))  # noqa: PTH123  # by its number

    def close(self) -> None:
        """Ends it. Programs that run still go on."""
        if "_begun" in vars(self):
            process, requests = self._begun
            requests.close()
            _, said = process.communicate()
            assert not said, said.decode()

    @cached_property
    def _begun(self) -> tuple[subprocess.Popen[bytes], socket.socket]:
        """The process, and where it is asked."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.forks", str(theirs.fileno())],
                cwd=ROOT, env=environment(PYTHONPATH=str(ROOT), PYTHONUNBUFFERED="1"), pass_fds=[theirs.fileno()],
                # Python looks once what kind of files these are: pipes, as those of the forks will be.
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
            )  # fmt: skip
        return process, ours


def requested(requests: socket.socket) -> dict[str, Any] | None:
    """Forks for each request: what the request says, there. Here None, when nobody can ask any more."""
    running: dict[int, tuple[int, int]] = {}
    poll = select.poll()
    poll.register(requests, select.POLLIN)
    while True:
        for number, _ in poll.poll():
            if number != requests.fileno():
                poll.unregister(number)
                pid, status = running.pop(number)
                _say(status, os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
                os.close(status)
                os.close(number)
                continue
            said, given, _, _ = socket.recv_fds(requests, _MOST, 3)
            if not said:
                return None
            status, *output = given
            pid = os.fork()
            if not pid:
                _be_alone(status, output)
                return dict(json.loads(said))
            for each in output:
                os.close(each)
            ended = os.pidfd_open(pid)
            running[ended] = pid, status
            poll.register(ended, select.POLLIN)


def _say(status: int, number: int) -> None:
    with suppress(BrokenPipeError):  # a test may have ended
        os.write(status, b"%d\n" % number)


def _be_alone(status: int, output: Sequence[int]) -> None:
    """Leaves the process that was forked, says so, and keeps none of its files."""
    os.setsid()
    _say(status, os.getpid())
    for ours, number in zip(output, _OUTPUT, strict=True):
        os.dup2(ours, number)
    os.closerange(max(_OUTPUT) + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[0])


def main(requests: int) -> None:
    """Imports, waits to be forked, and runs in each fork what it is asked for."""
    for each in IMPORTED:
        import_module(each)
    listening = socket.socket(fileno=requests)
    asked = requested(listening)
    listening.detach()
    if asked is None:
        return
    os.environ.clear()
    os.environ.update(asked["environment"])
    tzset()
    for name, most in asked["limits"].items():
        resource.setrlimit(LIMITS[name], (most, most))
    sys.argv = [asked["module"], *asked["arguments"]]
    runpy.run_module(asked["module"], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
