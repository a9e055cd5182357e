"""Shares work among helper processes: plain Python interpreters that take batches and return results.

`multiprocessing` is not used. With “spawn” it would run the caller's main program again in each helper, and a program
that starts the newsroom at its top level would wait for itself. With “fork” it would copy the locks that a server's
threads hold. A helper reads batches from its standard input and writes results to its standard output.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, suppress
from queue import SimpleQueue
from typing import IO, Generic, Self, TypeVar

from feeds.errors import FeedsError

Setup = TypeVar("Setup")
Batch = TypeVar("Batch")
Result = TypeVar("Result")

Opener = Callable[[Setup], AbstractContextManager[Callable[[Batch], Result]]]
"""A module's function, run once in each helper: opens what it needs, and gives a function from batch to result."""

_AHEAD = 3
"""Batches for each process that are given out before their results are taken."""

_VALUES_BETWEEN = 70_000
"""New objects after which Python looks for cyclic garbage; its own default is 700."""

# Ctrl+C sends SIGINT to all processes of a terminal. Helpers ignore it: the process that started them ends them.
_START = """
import signal, sys
signal.signal(signal.SIGINT, signal.SIG_IGN)
sys.path[:] = {path!r}
from feeds.concurrency.helper_processes import help_out
help_out()
"""


class HelperDiedError(FeedsError):
    """A helper process has ended before its work was done."""


class Helper(Generic[Batch, Result]):
    """One process that makes results. It imports what it will need as soon as it starts."""

    def __init__(self, opener: Opener[Setup, Batch, Result]) -> None:
        # -c, not -m: the package may be on the path of this process only.
        self._command = [sys.executable, "-c", _START.format(path=sys.path)]
        self._opener = opener
        self._setup: object = None
        self.start()

    def start(self) -> None:
        """Starts the process, or starts it again after it has died."""
        self._process = subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 - ourselves
        self._is_set_up = False
        # Only the function, pickled by its name, fits into a pipe at once. A large setup would block until it is read.
        with suppress(BrokenPipeError):  # it has ended already: asking for the first result will say so
            self._send(self._opener)

    def set_up(self, setup: Setup) -> None:
        """Sets the argument of the opener, which runs before the first batch, also after a restart."""
        self._setup = setup

    def result(self, batch: Batch) -> Result:
        """The result of a batch. Raises HelperDiedError if the process ends over it."""
        try:
            if not self._is_set_up:
                self._send(self._setup)
                self._is_set_up = True
            self._send(batch)
            found: Result = pickle.load(_pipe(self._process.stdout))  # noqa: S301 - from our own process
        except (OSError, EOFError, pickle.UnpicklingError) as error:
            raise HelperDiedError("a helper process has ended (run it again)") from error
        return found

    def _send(self, value: object) -> None:
        pipe = _pipe(self._process.stdin)
        pickle.dump(value, pipe)
        pipe.flush()

    def stop(self) -> None:
        """Ends the process."""
        self._process.kill()
        self._process.communicate()


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise FeedsError("a helper process has no pipe")
    return pipe


class Helpers(Generic[Setup, Batch, Result]):
    """Several helpers. They start at once, and import what they need while this process still prepares their work."""

    def __init__(self, opener: Opener[Setup, Batch, Result], processes: int) -> None:
        self._each: list[Helper[Batch, Result]] = []
        self._threads = ThreadPoolExecutor(processes)
        with ExitStack() as unless_all_are_started:
            unless_all_are_started.callback(self._stop)
            for _ in range(processes):
                self._each.append(Helper(opener))
            unless_all_are_started.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def _stop(self) -> None:
        self._threads.shutdown(cancel_futures=True)  # waits for work that has begun: it may restart a helper
        for each in self._each:
            each.stop()

    def results(
        self,
        setup: Setup,
        batches: Iterable[Batch],
        work: Callable[[Helper[Batch, Result], Batch], Result] = Helper.result,
    ) -> Iterator[Result]:
        """Yields the result of every batch, in their order.

        Batches are taken, and results made, only a little before they are wanted: memory does not grow with their
        number. ``work`` asks a helper for the result of a batch; by default it raises HelperDiedError if one dies.
        """
        free: SimpleQueue[Helper[Batch, Result]] = SimpleQueue()
        for helper in self._each:
            helper.set_up(setup)
            free.put(helper)

        def made(batch: Batch) -> Result:
            helper = free.get()
            try:
                return work(helper, batch)
            finally:
                free.put(helper)

        given: deque[Future[Result]] = deque()
        try:
            for batch in batches:
                given.append(self._threads.submit(made, batch))
                if len(given) >= _AHEAD * len(self._each):
                    yield given.popleft().result()
            while given:
                yield given.popleft().result()
        finally:
            for each in given:  # left over if one has failed, or the caller wants no more
                each.cancel()


def collect_rarely() -> None:
    """Lets Python look for cyclic garbage a hundred times less often: for a process that makes and keeps many objects.

    Reading a hundred thousand values then takes a quarter less time. What is in no cycle is still freed at once.
    """
    gc.set_threshold(_VALUES_BETWEEN, *gc.get_threshold()[1:])


def help_out() -> None:
    """Runs in a helper: reads an opener, its argument, then batches, until the input ends or the parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    try:
        opener = pickle.load(source)  # noqa: S301 - from the process that started this one
        with opener(pickle.load(source)) as make:  # noqa: S301 - as above
            while True:
                batch = pickle.load(source)  # noqa: S301 - as above
                pickle.dump(make(batch), sink)
                sink.flush()
    except (EOFError, pickle.UnpicklingError, BrokenPipeError):
        os._exit(0)  # at once: an ordinary exit would flush the output, and fail again
