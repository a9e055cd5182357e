"""Shares work among processes of our own, each a plain interpreter that takes batches and gives results.

Not `multiprocessing`: that runs the caller's main program again in each helper, and one that starts the newsroom at
its top would wait for itself; and a fork would copy a server's threads' locks. A helper takes batches from its
standard input and gives results to its standard output.
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
"""A module's function, run once in each helper: it opens what is needed, and gives a function from batch to result."""

_AHEAD = 3
"""Batches for each process that are given out before their results are taken."""

_VALUES_BETWEEN = 70_000
"""Values that are made before garbage is looked for among them; Python's own number is 700."""

# Ctrl+C reaches every process of a terminal. It ends the one that started this one, which then ends its helpers.
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
    """One process that makes results. From its start it imports what it will need."""

    def __init__(self, opener: Opener[Setup, Batch, Result]) -> None:
        # -c, not -m: the package may be on the path of this process only.
        self._command = [sys.executable, "-c", _START.format(path=sys.path)]
        self._opener = opener
        self._setup: object = None
        self.start()

    def start(self) -> None:
        """Starts it, also anew after it has died."""
        self._process = subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 - ourselves
        self._is_set_up = False
        # The function alone, by its name: a pipe takes it at once, and would not take a large setup before it is read.
        with suppress(BrokenPipeError):  # it has ended already, which the first result tells
            self._send(self._opener)

    def set_up(self, setup: Setup) -> None:
        """Says what it is to open before the first batch, also when it is started anew."""
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
    """Some helpers, of which each imports what it needs while this process still prepares their work."""

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
        self._threads.shutdown(cancel_futures=True)  # what has begun ends first: it may start a helper anew
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
        number. ``work`` asks a helper for the result of a batch; by default one that dies is a HelperDiedError.
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
            for each in given:  # where one has failed, or nobody wants more
                each.cancel()


def collect_rarely() -> None:
    """For a process that makes many values and keeps them: looks for garbage in cycles a hundredth as often.

    Reading a hundred thousand values is a quarter faster then. Garbage without cycles is freed at once as ever.
    """
    gc.set_threshold(_VALUES_BETWEEN, *gc.get_threshold()[1:])


def help_out() -> None:
    """Runs in a helper: takes an opener and its argument, then batches, until its input ends or nobody reads."""
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
        os._exit(0)  # at once: to flush the output again would only fail again
