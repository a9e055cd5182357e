"""Shares the making of documents among processes, each with a snapshot of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from feeds.catalogue import Catalogue, Snapshot
from feeds.errors import FeedsError
from feeds.export.documents import Job, Made, Maker
from feeds.helper_processes import results

WORTH_SHARING = 300
"""Documents; fewer are made faster by this process alone, since others take time to start."""

_BATCH = 64


class NewsroomChangedError(FeedsError):
    """The catalogue was compiled anew while documents were made of it."""


class Wanted(NamedTuple):
    """A path, and the digest of its file that need not be written again."""

    path: str
    known: str


class Batch(NamedTuple):
    """What was made, and the answers that were given for it."""

    made: list[Made]
    answers: dict[str, str]


def all_made(job: Job, snapshot: Snapshot, wanted: Sequence[Wanted], processes: int) -> Iterator[Batch]:
    """Yields what stands at each path, in their order. Raises NewsroomChangedError, FeedsError."""
    if len(wanted) < WORTH_SHARING or processes < 2:
        own = Maker(job, snapshot)
        yield Batch([own.made(*each) for each in wanted], own.answers)
        return
    batches = (wanted[start : start + _BATCH] for start in range(0, len(wanted), _BATCH))
    for generation, batch in results(making, job, batches, processes):
        if generation != snapshot.generation:
            raise NewsroomChangedError("the newsroom changed while it was exported (run it again)")
        yield batch


@contextmanager
def making(job: Job) -> Iterator[Callable[[Sequence[Wanted]], tuple[int, Batch]]]:
    """What a helper does: it makes the files of a batch, and says of which state of the newsroom."""
    with Catalogue(job.catalogue).reading() as snapshot:
        maker = Maker(job, snapshot)

        def made(batch: Sequence[Wanted]) -> tuple[int, Batch]:
            files = [maker.made(*each) for each in batch]
            answers = dict(maker.answers)
            maker.answers.clear()
            return snapshot.generation, Batch(files, answers)

        yield made
