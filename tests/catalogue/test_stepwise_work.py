"""Work in step: all do their first step before one does its second, and each has the result that it has alone."""

from __future__ import annotations

import pytest

from feeds.catalogue.stepwise_work import Steps, attempted, in_step
from feeds.errors import Failure, Success


def work(name: str, steps: int, log: list[str]) -> Steps[str]:
    for number in range(steps):
        log.append(f"{name}{number}")
        yield
    return name.upper()


def failing() -> Steps[str]:
    yield
    raise LookupError("no such story")


def test_steps_are_done_in_turn_and_results_come_in_order() -> None:
    log: list[str] = []
    assert in_step([work("a", 2, log), work("b", 3, log), work("c", 0, log)]) == ["A", "B", "C"]
    assert log == ["a0", "b0", "a1", "b1", "b2"]
    assert in_step([]) == []


def test_an_error_ends_all_unless_it_is_attempted() -> None:
    with pytest.raises(LookupError, match="no such story"):
        in_step([work("a", 3, []), failing()])
    fine, wrong = in_step([attempted(work("a", 3, [])), attempted(failing())])
    assert fine == Success("A")
    assert isinstance(wrong, Failure)
    assert wrong.reason == "LookupError: no such story"
