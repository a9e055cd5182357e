"""Keeps a server's answers about one state of a database, so that nothing is asked twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from feeds.database.connection import Rows, Values

_ROOM = 16_000_000
"""Bytes of all answers that are kept, approximately. When there would be more, all are forgotten."""

_MOST = 200_000
"""Bytes of the largest answer that is kept."""

_OVERHEAD = 60
"""Bytes that a value takes besides its own content."""


class QueryCache:
    """Answers about one state of a database, for all connections that see this state."""

    def __init__(self) -> None:
        self._known: dict[tuple[Any, ...], list[Any]] = {}
        self._left = _ROOM

    def rows(self, statement: str, values: Values, ask: Callable[[str, Values], Rows]) -> Rows:
        """The rows of a query: those that are known, or else those that ``ask`` gets."""
        key = (statement, *(values.items() if isinstance(values, Mapping) else values))
        found = self._known.get(key)
        if found is None:
            found = ask(statement, values).fetchall()
            self._keep(key, found)
        return KnownRows(found)

    def _keep(self, key: tuple[Any, ...], found: list[Any]) -> None:
        size = _size(key) + sum(map(_size, found))
        if size > _MOST:
            return
        if size > self._left:
            self._known, self._left = {}, _ROOM
        self._known[key] = found
        self._left -= size


def _size(values: Sequence[Any]) -> int:
    return sum(_OVERHEAD + (len(each) if isinstance(each, (str, bytes)) else 0) for each in values)


class KnownRows:
    """Rows that are known already, to be read like those of a statement (`Rows`)."""

    def __init__(self, rows: Sequence[Any]) -> None:
        self._left = iter(rows)

    def fetchone(self) -> Any:
        """The next row; None after the last one."""
        return next(self._left, None)

    def fetchall(self) -> list[Any]:
        """The rows that are left."""
        return list(self._left)

    def __iter__(self) -> Iterator[Any]:
        """The rows that are left, one by one."""
        return self._left
