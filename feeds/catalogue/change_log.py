"""What compiles have changed: the language and terms of every release written or removed, until the hub knows."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from feeds.catalogue.tables import micros

_ALL = ("", "*")

_TERMS = "COALESCE((SELECT group_concat(facet || '/' || slug, ' ') FROM tags WHERE release = r.key), '')"


@dataclass(frozen=True, slots=True, order=True)
class Bearing:
    """The language and the terms that a release bears, or bore: they say which feeds it is in."""

    language: str
    terms: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """What may have changed since the hub was last thought of."""

    upto: int
    """The last note that is counted in."""
    everything: bool
    bearings: frozenset[Bearing]


def note_story(database: sqlite3.Connection, story: str) -> None:
    """Notes that a story's releases, as they are at this moment, come or go."""
    _note(database, "r.story = ?", (story,))


def note_releases(database: sqlite3.Connection, keys: Iterable[int]) -> None:
    """Notes that releases came to be seen, or no longer are."""
    for key in sorted(keys):
        _note(database, "r.key = ?", (key,))


def note_everything(database: sqlite3.Connection) -> None:
    """Notes that what all feeds have in common has changed."""
    database.execute("INSERT OR REPLACE INTO changes (language, terms) VALUES (?, ?)", _ALL)


def changes(database: sqlite3.Connection, since: datetime, until: datetime) -> Changes:
    """All that was noted, and the releases for which a moment has come between two times, in whichever order."""
    noted = database.execute("SELECT key, language, terms FROM changes").fetchall()
    began = database.execute(
        f"SELECT DISTINCT r.language, {_TERMS} FROM editions e JOIN releases r ON r.key = e.release"
        " WHERE e.since > ? AND e.since <= ?",
        (micros(min(since, until)), micros(max(since, until))),
    ).fetchall()
    found = {(language, terms) for _, language, terms in noted} | set(began)
    bearings = frozenset(_bearing(language, terms) for language, terms in found - {_ALL})
    return Changes(max((key for key, _, _ in noted), default=0), _ALL in found, bearings)


def all_bearings(database: sqlite3.Connection, now: datetime) -> frozenset[Bearing]:
    """The languages and terms of every release that may be seen."""
    rows = database.execute(
        f"SELECT DISTINCT r.language, {_TERMS} FROM releases r JOIN editions e ON e.release = r.key"
        " WHERE NOT r.shadowed AND e.since <= :now AND e.until > :now",
        {"now": micros(now)},
    )
    return frozenset(_bearing(language, terms) for language, terms in rows)


def forget(database: sqlite3.Connection, upto: int) -> None:
    """Drops the notes that have been seen to; what was noted since stays."""
    database.execute("DELETE FROM changes WHERE key <= ?", (upto,))


def _note(database: sqlite3.Connection, where: str, values: tuple[object, ...]) -> None:
    # Replacing a note gives it a new and higher key: whoever has seen to the old one leaves the new one alone.
    database.execute(
        f"INSERT OR REPLACE INTO changes (language, terms) SELECT DISTINCT r.language, {_TERMS} FROM releases r"
        f" WHERE {where}",
        values,
    )


def _bearing(language: str, terms: str) -> Bearing:
    pairs = [term.split("/") for term in terms.split()]
    return Bearing(
        language,
        tuple(
            (facet, slugs)
            for facet in sorted({name for name, _ in pairs})
            for slugs in [tuple(sorted(slug for name, slug in pairs if name == facet))]
        ),
    )
