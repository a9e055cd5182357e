"""Shares the making of documents among this process and others, each with a snapshot of its own."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from feeds.catalogue import open_catalogue
from feeds.concurrency.helper_processes import Helpers, collect_rarely
from feeds.errors import FeedsError
from feeds.export.documents import Job, MadeFile, Maker

WORTH_SHARING = 300
"""Documents; fewer are made faster by this process alone, since others take time to start."""

_BATCH = 64


class NewsroomChangedError(FeedsError):
    """The catalogue was compiled anew while documents were made of it."""


class Wanted(NamedTuple):
    """A path, and the digest of the file that is there: a file with this digest is not written again."""

    path: str
    known: str


class Batch(NamedTuple):
    """What was made, and the answers that were given for it."""

    made: list[MadeFile]
    answers: dict[str, str]


def all_made(job: Job, maker: Maker, wanted: Sequence[Wanted], processes: int) -> Iterator[Batch]:
    """Yields what stands at each path, in any order, made by this process, whose maker is given, and others.

    Raises NewsroomChangedError, FeedsError.
    """
    batches = deque(wanted[start : start + _BATCH] for start in range(0, len(wanted), _BATCH))
    if len(wanted) < WORTH_SHARING or processes < 2:
        yield from (_batch(maker, each) for each in batches)
        return
    others = processes - 1
    with Helpers(making, others) as helpers:
        for number, (generation, batch) in enumerate(helpers.results(job, _taken(batches))):
            if generation != maker.snapshot.generation:
                raise NewsroomChangedError("the newsroom changed while it was exported (run it again)")
            yield batch
            if batches and number % others == 0:  # the helpers have further batches already
                yield _batch(maker, batches.popleft())


def _taken(batches: deque[Sequence[Wanted]]) -> Iterator[Sequence[Wanted]]:
    while batches:
        yield batches.popleft()


@contextmanager
def making(job: Job) -> Iterator[Callable[[Sequence[Wanted]], tuple[int, Batch]]]:
    """The work of a helper: makes the files of a batch, and tells the state of the newsroom that they are from."""
    collect_rarely()
    with open_catalogue(job.location).reading() as snapshot:
        maker = Maker(job, snapshot)
        yield lambda batch: (snapshot.generation, _batch(maker, batch))


def _batch(maker: Maker, wanted: Sequence[Wanted]) -> Batch:
    files = [maker.made(*each) for each in wanted]
    answers = dict(maker.answers)
    maker.answers.clear()
    return Batch(files, answers)
