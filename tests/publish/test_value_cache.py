"""What documents have in common is made once, and bounded."""

from __future__ import annotations

from feeds.publish import value_cache
from feeds.publish.value_cache import ValueCache


def test_a_value_is_made_once() -> None:
    values, made = ValueCache(), iter("abc")
    assert [values.once("x", lambda: next(made)), values.once("x", lambda: next(made))] == ["a", "a"]
    assert values.once("y", lambda: next(made)) == "b"
    assert (values.get("x"), values.get("z")) == ("a", None)


def test_no_more_are_kept_than_there_is_room_for() -> None:
    values = ValueCache()
    for number in range(2 * value_cache.MOST):
        values.keep(number, "value")
        assert values.get(number) == "value"
    assert sum(values.get(number) is not None for number in range(2 * value_cache.MOST)) <= value_cache.MOST
