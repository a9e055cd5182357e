"""Keeps values that many documents of one snapshot and moment share, while an export makes all of them."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

Value = TypeVar("Value")

MOST = 30_000
"""Values kept: headlines and links, some 20 MB."""


class ValueCache:
    """Values by key. To make one, the catalogue must not be asked anything that depends on the document."""

    def __init__(self) -> None:
        self._found: dict[Hashable, Any] = {}

    def once(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """The value for a key; made if it is not kept yet."""
        found: Value | None = self._found.get(key)
        if found is None:
            found = make()
            self.keep(key, found)
        return found

    def get(self, key: Hashable) -> Any:
        """The value for a key; None if it is not kept."""
        return self._found.get(key)

    def keep(self, key: Hashable, value: object) -> None:
        """Keeps a value. When there are too many, all others are forgotten: the next documents need others."""
        if len(self._found) >= MOST:
            self._found.clear()
        self._found[key] = value
