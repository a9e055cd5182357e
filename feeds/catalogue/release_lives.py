"""Reads what the catalogue has of the lives of releases: what happens to them, and the feeds that tell of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from feeds.database import Database
from feeds.memory.feed_places import ALL_LANGUAGES, Event, Feed, Life, events


class ReleaseLife(NamedTuple):
    """A release with what happens to it."""

    key: int
    mark: int
    published: int
    language: str
    original: bool
    events: list[Event]
    """Oldest first."""
    terms: list[Feed]

    def languages(self, *, mixes: bool) -> tuple[str, ...]:
        """Its language, and all languages for an original, where feeds of all languages mix them."""
        return (self.language, ALL_LANGUAGES) if self.original and mixes else (self.language,)

    def in_language(self, language: str) -> Life:
        """Its life as feeds in a language tell it."""
        return Life(self.mark, language, self.published, self.events, self.terms)


def lives(database: Database, keys: Sequence[int]) -> list[ReleaseLife]:
    """The lives of some releases, in the order of their keys: very many are asked for in parts."""
    which = f"IN ({', '.join('?' * len(keys))})"
    happens = _by_release(
        database.execute(
            "SELECT release, since, announces, corrected OR withdrawn FROM editions"
            f" WHERE release {which} ORDER BY release, since",
            keys,
        )
    )
    terms = _by_release(
        database.execute(
            f"SELECT release, facet, slug FROM tags WHERE release {which} ORDER BY release, facet, slug", keys
        )
    )
    rows = database.execute(
        f"SELECT key, mark, published, language, original FROM releases WHERE key {which} ORDER BY key", keys
    )
    return [
        ReleaseLife(key, mark, published, language, original, events(happens.get(key, [])), terms.get(key, []))
        for key, mark, published, language, original in rows
    ]


def _by_release(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for release, *row in rows:
        found.setdefault(release, []).append(tuple(row))
    return found
