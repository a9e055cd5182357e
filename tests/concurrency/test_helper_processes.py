"""Work is shared among processes: in order, with bounded memory, and a helper that dies is told."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from feeds.concurrency.helper_processes import Helper, HelperDiedError, results
from tests.servers import Servers


def children() -> set[str]:
    """The processes that this one has started (from Linux's /proc)."""
    return {each for path in Path("/proc/self/task").glob("*/children") for each in path.read_text().split()}


@contextmanager
def doubling(factor: int) -> Iterator[Callable[[list[int]], list[int]]]:
    """What the helpers of these tests do; over a negative number they die."""

    def double(batch: list[int]) -> list[int]:
        if min(batch) < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return [factor * each for each in batch]

    yield double


def test_results_come_in_the_order_of_their_batches(servers: Servers) -> None:
    found = list(results(doubling, 2, ([number] for number in range(50)), 2))
    assert found == [[2 * number] for number in range(50)]


def test_batches_are_taken_only_a_little_before_their_results(servers: Servers) -> None:
    taken = 0

    def batches() -> Iterator[list[int]]:
        nonlocal taken
        for number in range(1_000):
            taken += 1
            yield [number]

    for number, result in enumerate(results(doubling, 2, batches(), 2)):
        assert result == [2 * number]
        assert taken <= number + 6


def test_nothing_is_left_when_nobody_wants_more(servers: Servers) -> None:
    before = children()
    some = results(doubling, 2, ([number] for number in range(1_000)), 2)
    assert next(some) == [0]
    assert len(children() - before) == 2
    some.close()  # type: ignore[attr-defined]  # it is a generator
    assert children() <= before


def test_a_helper_that_dies_is_told(servers: Servers) -> None:
    with pytest.raises(HelperDiedError, match=r"a helper process has ended \(run it again\)"):
        list(results(doubling, 2, ([number] for number in (1, 2, -3, 4)), 2))


def test_one_that_died_may_be_started_again(servers: Servers) -> None:
    def work(helper: Helper[list[int], list[int]], batch: list[int]) -> list[int]:
        try:
            return helper.result(batch)
        except HelperDiedError:
            helper.stop()
            helper.start()
            return []

    assert list(results(doubling, 2, ([number] for number in (1, -2, 3)), 2, work)) == [[2], [], [6]]
