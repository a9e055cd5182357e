"""What is remembered of the answers of a server."""

from __future__ import annotations

import pytest

from feeds.database import QueryCache, Rows, Values
from feeds.database.query_cache import KnownRows


class Asked:
    """A server that counts its questions."""

    def __init__(self, size: int = 1) -> None:
        self.count = 0
        self._size = size

    def __call__(self, statement: str, values: Values) -> Rows:
        self.count += 1
        return KnownRows([(self.count, "x" * self._size), (self.count, "y")])


def test_the_same_question_is_asked_once() -> None:
    cache, asked = QueryCache(), Asked()
    for _ in range(3):
        assert cache.rows("SELECT ?", (1,), asked).fetchall() == [(1, "x"), (1, "y")]
    rows = cache.rows("SELECT ?", (1,), asked)
    assert (rows.fetchone(), list(rows), rows.fetchone()) == ((1, "x"), [(1, "y")], None)
    assert asked.count == 1


@pytest.mark.parametrize(
    ("one", "other"), [((1,), (2,)), ((1,), ("1",)), ({"a": 1}, {"a": 2}), ({"a": 1}, {"b": 1}), ((), (None,))]
)
def test_other_values_are_another_question(one: Values, other: Values) -> None:
    cache, asked = QueryCache(), Asked()
    assert cache.rows("SELECT", one, asked).fetchall() != cache.rows("SELECT", other, asked).fetchall()
    assert cache.rows("SELECT", one, asked).fetchall() != cache.rows("SELECT 1", one, asked).fetchall()


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feeds.database.query_cache._ROOM", 10_000)
    large, small, cache = Asked(250_000), Asked(1_000), QueryCache()
    for _ in range(2):
        cache.rows("SELECT", (), large)
    assert large.count == 2
    for number in range(100):
        cache.rows("SELECT", (number,), small)
    cache.rows("SELECT", (99,), small)
    assert small.count == 100
    cache.rows("SELECT", (0,), small)
    assert small.count == 101
