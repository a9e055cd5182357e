"""Shares the stories of a large compile among processes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TypeAlias

from feeds.catalogue.release_rows import StoryReader, StoryRows, StorySource, Task
from feeds.concurrency.helper_processes import Helper, HelperDiedError, Helpers
from feeds.model.problems import Problem
from feeds.model.release import Release

WORTH_SHARING = 200
"""Stories; fewer are read faster by this process alone, since helpers take time to start."""

_BATCH = 32

Progress = Callable[[int, int], None]
"""Called with how many stories are done, and of how many."""


Readers: TypeAlias = Helpers[StorySource, list[Task], list[StoryRows]]
"""Processes that read stories."""


@contextmanager
def readers(count: int, processes: int) -> Iterator[Readers | None]:
    """Starts as many processes to read so many stories; None where this process alone is faster."""
    if count < WORTH_SHARING or processes < 2:
        yield None
        return
    with Helpers(reading, processes) as helpers:
        yield helpers


def made(tasks: Iterable[Task], source: StorySource, helpers: Readers | None) -> Iterator[StoryRows]:
    """Yields the rows of every task, in their order, made by helpers if there are any, else in this process.

    Tasks are taken, and rows made, only a little before they are wanted. A story that kills its helper is left as it
    last was, and named.
    """
    left = iter(tasks)
    batches = iter(lambda: list(islice(left, _BATCH)), [])
    if helpers is None:
        reader = StoryReader(source)
        for given in batches:
            yield from reader.all_rows(given)
        return

    def rows(helper: Helper[list[Task], list[StoryRows]], batch: list[Task]) -> list[StoryRows]:
        """The rows of a batch. A helper that dies is restarted and takes them one by one, to find the guilty one."""
        try:
            return helper.result(batch)
        except HelperDiedError:
            helper.stop()
            helper.start()
        if len(batch) > 1:
            return [each for task in batch for each in rows(helper, [task])]
        return [_killing(task, source.folder) for task in batch]

    for batch in helpers.results(source, batches, rows):
        yield from batch


@contextmanager
def reading(source: StorySource) -> Iterator[Callable[[list[Task]], list[StoryRows]]]:
    """What a helper does: it reads the stories of a batch."""
    reader = StoryReader(source)
    yield reader.all_rows


def _killing(task: Task, folder: Path) -> StoryRows:
    """A story that ended the process which read it: its releases as they last were, and the problem."""
    ids = tuple(Release.model_validate_json(model).id for model in task.last_good)
    advice = "the program is at fault, not you: please report it, with this file"
    problem = Problem(f"{folder.name}/{task.story}", 0, 0, "", "reading it ends the program", advice)
    return StoryRows(task.story, (), (problem,), ids)
