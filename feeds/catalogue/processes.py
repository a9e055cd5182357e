"""Shares the work of a large compile among processes.

Not `multiprocessing`: that runs the caller's main program again in each helper, and one that starts the newsroom at
its top would wait for itself; and a fork would copy a server's threads' locks. Each helper is a plain interpreter
that takes stories from its standard input and gives rows to its standard output.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from queue import SimpleQueue
from typing import IO

from feeds.catalogue.rows import Source, StoryReader, StoryRows, Task
from feeds.errors import FeedsError, Problem
from feeds.model.release import Release

WORTH_SHARING = 200
"""Stories; fewer are read faster by this process alone, since others take time to start."""

_BATCH = 32
_AHEAD = 3
"""Batches for each process that are given out before their rows are taken."""

Progress = Callable[[int, int], None]
"""Called with how many stories are done, and of how many."""

# Ctrl+C reaches every process of a terminal. It ends the one that started this one, which then ends its helpers.
_START = """
import signal, sys
signal.signal(signal.SIGINT, signal.SIG_IGN)
sys.path[:] = {path!r}
from feeds.catalogue.processes import help_out
help_out()
"""


def made(tasks: Iterable[Task], count: int, source: Source, processes: int) -> Iterator[StoryRows]:
    """Yields the rows of every task, in their order; ``count`` says how many there are.

    Tasks are taken, and rows made, only a little before they are wanted. A story that kills its helper is left as it
    last was, and named.
    """
    if count < WORTH_SHARING or processes < 2:
        yield from map(StoryReader(source).rows, tasks)
        return
    left = iter(tasks)
    with ExitStack() as stack:
        free: SimpleQueue[_Helper] = SimpleQueue()
        for _ in range(processes):
            helper = _Helper(source)
            stack.callback(helper.stop)
            free.put(helper)
        threads = stack.enter_context(ThreadPoolExecutor(processes))
        work = _with_one_of(free)
        given: deque[Future[list[StoryRows]]] = deque()
        while batch := list(islice(left, _BATCH)):
            given.append(threads.submit(work, batch))
            if len(given) >= _AHEAD * processes:
                yield from given.popleft().result()
        while given:
            yield from given.popleft().result()


def _with_one_of(free: SimpleQueue[_Helper]) -> Callable[[list[Task]], list[StoryRows]]:
    def rows(batch: list[Task]) -> list[StoryRows]:
        helper = free.get()
        try:
            return helper.rows(batch)
        finally:
            free.put(helper)

    return rows


class _Helper:
    """One process that makes rows."""

    def __init__(self, source: Source) -> None:
        # -c, not -m: the package may be on the path of this process only.
        self._command = [sys.executable, "-c", _START.format(path=sys.path)]
        self._source = source
        self._start()

    def _start(self) -> None:
        self._process = subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 - ourselves
        self._send(self._source)

    def rows(self, batch: list[Task]) -> list[StoryRows]:
        """The rows of a batch. If the process dies, a new one takes the stories one by one, to find the guilty one."""
        try:
            return self._answer(batch)
        except (OSError, EOFError, pickle.UnpicklingError):
            self.stop()
            self._start()
        if len(batch) > 1:
            return [rows for task in batch for rows in self.rows([task])]
        return [_killing(task, self._source.folder) for task in batch]

    def _answer(self, batch: list[Task]) -> list[StoryRows]:
        self._send(batch)
        answer: list[StoryRows] = pickle.load(self._pipe(self._process.stdout))  # noqa: S301 - from our own process
        return answer

    def _send(self, value: object) -> None:
        pipe = self._pipe(self._process.stdin)
        pickle.dump(value, pipe)
        pipe.flush()

    def _pipe(self, pipe: IO[bytes] | None) -> IO[bytes]:
        if pipe is None:
            raise FeedsError("a helper process of the compile has no pipe")
        return pipe

    def stop(self) -> None:
        self._process.kill()
        self._process.communicate()


def _killing(task: Task, folder: Path) -> StoryRows:
    """A story that ended the process which read it: its releases as they last were, and the problem."""
    ids = tuple(Release.model_validate_json(model).id for model in task.last_good)
    advice = "the program is at fault, not you: please report it, with this file"
    problem = Problem(f"{folder.name}/{task.story}", 0, 0, "", "reading it ends the program", advice)
    return StoryRows(task.story, (), (problem,), ids)


def help_out() -> None:
    """Runs in a helper: takes a newsroom, then batches of stories until its input ends or nobody reads its output."""
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    try:
        reader = StoryReader(pickle.load(source))  # noqa: S301 - from the process that started this one
        while True:
            batch: list[Task] = pickle.load(source)  # noqa: S301 - as above
            pickle.dump([reader.rows(task) for task in batch], sink)
            sink.flush()
    except (EOFError, pickle.UnpicklingError, BrokenPipeError):
        os._exit(0)  # at once: to flush the output again would only fail again
