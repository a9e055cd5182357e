"""What documents have in common is made once, and bounded."""

from __future__ import annotations

from feeds.publish import common_values
from feeds.publish.common_values import CommonValues


def test_a_value_is_made_once() -> None:
    values, made = CommonValues(), iter("abc")
    assert [values.once("x", lambda: next(made)), values.once("x", lambda: next(made))] == ["a", "a"]
    assert values.once("y", lambda: next(made)) == "b"
    assert (values.get("x"), values.get("z")) == ("a", None)


def test_no_more_are_kept_than_there_is_room_for() -> None:
    values = CommonValues()
    for number in range(2 * common_values.MOST):
        values.keep(number, "value")
        assert values.get(number) == "value"
    assert sum(values.get(number) is not None for number in range(2 * common_values.MOST)) <= common_values.MOST
