"""Work is shared among processes: in order, with bounded memory, and a helper that dies is told."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from feeds.concurrency.helper_processes import Helper, HelperDiedError, Helpers
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


def doubled(batches: Iterable[list[int]], factor: int = 2) -> list[list[int]]:
    with Helpers(doubling, 2) as helpers:
        return list(helpers.results(factor, batches))


def test_results_come_in_the_order_of_their_batches(servers: Servers) -> None:
    assert doubled([number] for number in range(50)) == [[2 * number] for number in range(50)]


def test_batches_are_taken_only_a_little_before_their_results(servers: Servers) -> None:
    taken = 0

    def batches() -> Iterator[list[int]]:
        nonlocal taken
        for number in range(1_000):
            taken += 1
            yield [number]

    with Helpers(doubling, 2) as helpers:
        for number, result in enumerate(helpers.results(2, batches())):
            assert result == [2 * number]
            assert taken <= number + 6


def test_all_are_started_before_one_is_given_anything(servers: Servers) -> None:
    before = children()
    with Helpers(doubling, 2):
        assert len(children() - before) == 2
    assert children() <= before


def test_what_they_open_may_be_larger_than_a_pipe(servers: Servers) -> None:
    factor = 1 << 8 * 1_000_000
    assert doubled([[1], [2]], factor) == [[factor], [2 * factor]]


def test_nothing_is_left_when_nobody_wants_more(servers: Servers) -> None:
    before = children()
    with Helpers(doubling, 2) as helpers:
        some = helpers.results(2, ([number] for number in range(1_000)))
        assert next(some) == [0]
        assert len(children() - before) == 2
    assert children() <= before


def test_a_helper_that_dies_is_told(servers: Servers) -> None:
    with pytest.raises(HelperDiedError, match=r"a helper process has ended \(run it again\)"):
        doubled([number] for number in (1, 2, -3, 4))


def begun_anew(helper: Helper[list[int], list[int]], batch: list[int]) -> list[int]:
    """The result of a batch; none where the helper dies over it, which is started again."""
    try:
        return helper.result(batch)
    except HelperDiedError:
        helper.stop()
        helper.start()
        return []


def test_one_that_died_may_be_started_again(servers: Servers) -> None:
    with Helpers(doubling, 2) as helpers:
        assert list(helpers.results(2, ([number] for number in (1, -2, 3)), begun_anew)) == [[2], [], [6]]


def test_one_that_is_started_again_at_the_end_is_ended_too(servers: Servers) -> None:
    before = children()
    with Helpers(doubling, 2) as helpers:
        some = helpers.results(2, ([-number] for number in range(1, 100)), begun_anew)
        assert next(some) == []
    assert children() <= before
