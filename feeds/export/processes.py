"""Shares the making of documents among processes. Each helper is a plain interpreter with a snapshot of its own."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from queue import SimpleQueue
from typing import IO, NamedTuple

from feeds.catalogue import Catalogue, Snapshot
from feeds.errors import FeedsError
from feeds.export.documents import Job, Made, Maker

WORTH_SHARING = 300
"""Documents; fewer are made faster by this process alone, since others take time to start."""

_BATCH = 64

# Ctrl+C reaches every process of a terminal. It ends the one that started this one, which then ends its helpers.
_START = """
import signal, sys
signal.signal(signal.SIGINT, signal.SIG_IGN)
sys.path[:] = {path!r}
from feeds.export.processes import help_out
help_out()
"""


class NewsroomChangedError(FeedsError):
    """The catalogue was compiled anew while documents were made of it."""


class Wanted(NamedTuple):
    """A path, and the digest of its file that need not be written again."""

    path: str
    known: str


class Batch(NamedTuple):
    """What a helper has made, and the answers that it was given."""

    made: list[Made]
    answers: dict[str, str]


def all_made(job: Job, snapshot: Snapshot, wanted: Sequence[Wanted], processes: int) -> Iterator[Batch]:
    """Yields what stands at each path, in any order."""
    own = Maker(job, snapshot)
    if len(wanted) < WORTH_SHARING or processes < 2:
        yield Batch([own.made(*each) for each in wanted], own.answers)
        return
    batches = [list(wanted[start : start + _BATCH]) for start in range(0, len(wanted), _BATCH)]
    with ExitStack() as stack:
        free: SimpleQueue[_Helper] = SimpleQueue()
        for _ in range(processes):
            helper = _Helper(job)
            stack.callback(helper.stop)
            free.put(helper)
        threads = stack.enter_context(ThreadPoolExecutor(processes))

        def made(batch: list[Wanted]) -> Batch:
            helper = free.get()
            try:
                return helper.made(batch, snapshot.generation)
            finally:
                free.put(helper)

        yield from threads.map(made, batches)


class _Helper:
    """A process that makes documents."""

    def __init__(self, job: Job) -> None:
        # -c, not -m: the package may be on the path of this process only.
        command = [sys.executable, "-c", _START.format(path=sys.path)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 - ourselves
        self._send(job)

    def made(self, batch: list[Wanted], generation: int) -> Batch:
        """What stands at these paths. Raises FeedsError if the catalogue has changed meanwhile, or the helper died."""
        try:
            self._send(batch)
            found: tuple[int, Batch] = pickle.load(_pipe(self._process.stdout))  # noqa: S301 - from our own process
        except (OSError, EOFError, pickle.UnpicklingError) as error:
            raise FeedsError("a helper process of the export has ended (run it again)") from error
        if found[0] != generation:
            raise NewsroomChangedError("the newsroom changed while it was exported (run it again)")
        return found[1]

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
        raise FeedsError("a helper process of the export has no pipe")
    return pipe


def help_out() -> None:
    """Runs in a helper: takes a job, then batches of paths, until its input ends or nobody reads its output."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    try:
        job: Job = pickle.load(source)  # noqa: S301 - from the process that started this one
        with Catalogue(job.catalogue).reading() as snapshot:
            maker = Maker(job, snapshot)
            generation = snapshot.generation
            while True:
                batch: list[Wanted] = pickle.load(source)  # noqa: S301 - as above
                made = [maker.made(*each) for each in batch]
                pickle.dump((generation, Batch(made, dict(maker.answers))), sink)
                sink.flush()
                maker.answers.clear()
    except (EOFError, pickle.UnpicklingError, BrokenPipeError):
        os._exit(0)  # at once: to flush the output again would only fail again
