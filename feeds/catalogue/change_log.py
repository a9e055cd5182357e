"""What compiles have changed: the language and terms of every release that came, went or changed, for the hub."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from feeds.catalogue.engine import CatalogueError, open_to_write
from feeds.catalogue.releases import EDITIONS, VISIBLE
from feeds.database import micros

_ALL = ("", "*")

_TERMS = "COALESCE((SELECT group_concat(facet || '/' || slug, ' ') FROM tags WHERE release = r.key), '')"


@dataclass(frozen=True, slots=True, order=True)
class ReleaseTags:
    """The language and the terms of a release, now or before a change: they say which feeds it is in."""

    language: str
    terms: tuple[tuple[str, tuple[str, ...]], ...]
    """By facet, sorted."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What may have changed since the hub was last told."""

    upto: int
    """The key of the last note among them."""
    everything: bool
    """Whether something has changed that all feeds have in common."""
    tags: frozenset[ReleaseTags]
    """Of the releases that have changed."""


def note_story(database: sqlite3.Connection, story: str) -> None:
    """Notes that a story's releases, as they are at this moment, come or go."""
    _note(database, "r.story = ?", (story,))


def note_releases(database: sqlite3.Connection, keys: Iterable[int]) -> None:
    """Notes that releases became visible, or no longer are."""
    for key in sorted(keys):
        _note(database, "r.key = ?", (key,))


def note_everything(database: sqlite3.Connection) -> None:
    """Notes that what all feeds have in common has changed."""
    database.execute("INSERT OR REPLACE INTO changes (language, terms) VALUES (?, ?)", _ALL)


def changes(database: sqlite3.Connection, since: datetime, until: datetime) -> Changes:
    """All that was noted, and the releases for which a moment has come between two times, in whichever order."""
    noted = database.execute("SELECT key, language, terms FROM changes").fetchall()
    began = database.execute(
        f"SELECT DISTINCT r.language, {_TERMS} FROM {EDITIONS} WHERE e.since > ? AND e.since <= ?",
        (micros(min(since, until)), micros(max(since, until))),
    ).fetchall()
    found = {(language, terms) for _, language, terms in noted} | set(began)
    tags = frozenset(_tags(language, terms) for language, terms in found - {_ALL})
    return Changes(max((key for key, _, _ in noted), default=0), _ALL in found, tags)


def visible_tags(database: sqlite3.Connection, now: datetime) -> frozenset[ReleaseTags]:
    """The languages and terms of every release that readers may see."""
    rows = database.execute(
        f"SELECT DISTINCT r.language, {_TERMS} FROM {EDITIONS} WHERE {VISIBLE}", {"now": micros(now)}
    )  # fmt: skip
    return frozenset(_tags(language, terms) for language, terms in rows)


def forget_changes(path: Path, upto: int) -> None:
    """Deletes the notes up to a key from a catalogue's file; what was noted since stays. Raises CatalogueError."""
    try:
        with closing(open_to_write(path)) as database:
            database.execute("DELETE FROM changes WHERE key <= ?", (upto,))
    except sqlite3.Error as error:
        raise CatalogueError(f"{path}: {error}") from error


def _note(database: sqlite3.Connection, where: str, values: tuple[object, ...]) -> None:
    # Replacing a note gives it a new and higher key, so that `forget_changes` of the old key leaves the new one alone.
    database.execute(
        f"INSERT OR REPLACE INTO changes (language, terms) SELECT DISTINCT r.language, {_TERMS} FROM releases r"
        f" WHERE {where}",
        values,
    )


def _tags(language: str, terms: str) -> ReleaseTags:
    by_facet: dict[str, list[str]] = {}
    for term in sorted(terms.split()):
        facet, _, slug = term.partition("/")
        by_facet.setdefault(facet, []).append(slug)
    return ReleaseTags(language, tuple((facet, tuple(slugs)) for facet, slugs in by_facet.items()))
