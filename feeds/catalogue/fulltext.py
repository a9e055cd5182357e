"""The full text index: what it holds of a release, and the query that finds releases by their words.

Every word goes into the index's query between quotation marks, so nothing in it is ever taken for an operator.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from feeds.catalogue import postgresql_fulltext
from feeds.database import Database, SqliteDatabase
from feeds.model import search_words
from feeds.render.feed_values import Entry
from feeds.render.stored_entry import entry_from_json

_FOUND = "SELECT rowid AS found FROM fulltext WHERE fulltext MATCH :words"
PART = "{key} BETWEEN :low AND :high"
"""The condition for a release to be in a part of the index: its key, and the values ``low`` and ``high``."""
_SOUGHT = 50
"""Keys that are looked up in SQLite's index one by one. With more, it is read from the lowest key to the highest."""


def text_of(entry: Entry) -> str:
    """What the index holds of a release: the words of its title, summary, terms and text."""
    labels = (category.label for category in entry.categories)
    notes = (note.html for note in entry.corrections)
    text = search_words.html_text("".join((*notes, entry.content)))
    return search_words.index_text("\n\n".join((entry.title, entry.summary, *labels, text)))


def insert(database: Database, texts: Iterable[tuple[int, str]]) -> None:
    """Makes releases findable by their texts, which come with their keys; one without a text is not."""
    found = (each for each in texts if each[1])
    if isinstance(database, SqliteDatabase):
        database.executemany("INSERT INTO fulltext (rowid, text) VALUES (?, ?)", found)
    else:
        postgresql_fulltext.insert(database, found)


def condition(database: Database, words: tuple[str, ...], *, part: bool = False) -> tuple[str, dict[str, str]]:
    """The condition for a release r that has all of these words, and its values; with ``part`` in one part alone."""
    if isinstance(database, SqliteDatabase):
        return f"r.key IN ({_FOUND}{_and_part('rowid', part)})", {"words": query(words)}
    return postgresql_fulltext.condition(words, _and_part("release", part))


def begin_anew(database: Database) -> None:
    """Makes the index again from the releases that are there."""
    database.execute("INSERT INTO fulltext (fulltext) VALUES ('delete-all')")
    rows = database.execute(
        "SELECT r.key, n.entry FROM releases r JOIN editions e ON e.release = r.key"
        " JOIN entries n ON n.edition = e.key"
        " WHERE e.since = (SELECT MIN(since) FROM editions WHERE release = r.key) ORDER BY r.key"
    )
    insert(database, ((release, text_of(entry_from_json(database.unpack(entry)))) for release, entry in rows))


def query(words: tuple[str, ...]) -> str:
    """The query (SQLite FTS5, section 3) for releases that have all of these words.

    >>> query(("covid-19", "далан"))
    '"covid 19" AND "далн" *'
    """
    rows = (search_words.index_terms(word) for word in words)
    return " AND ".join(f'"{" ".join(row.terms)}"{" *" if row.prefix else ""}' for row in rows)


def found(database: Database, words: tuple[str, ...], keys: Sequence[int] | None = None) -> tuple[str, dict[str, str]]:
    """A subquery for the keys ``f.found`` of all releases that have all of these words, and its values.

    ``keys``, which must not be empty, limits it to the releases with these keys.
    """
    if isinstance(database, SqliteDatabase):
        return f"({_FOUND}{_and_among(keys)}) f", {"words": query(words)}
    return postgresql_fulltext.found(words, f" AND release IN ({_listed(keys)})" if keys else "")


def few_keys(database: Database, words: tuple[str, ...], most: int) -> list[int] | None:
    """The keys of all releases that have all of these words; None if there are more than so many."""
    keys, values = found(database, words)
    rows = database.execute(f"SELECT f.found FROM {keys} LIMIT :most", {**values, "most": most + 1}).fetchall()
    return [key for (key,) in rows] if len(rows) <= most else None


def among(keys: Sequence[int]) -> str:
    """The condition for a release r to have one of these keys."""
    return f"r.key IN ({_listed(keys)})"


def _and_part(key: str, part: bool) -> str:
    return f" AND {PART.format(key=key)}" if part else ""


def _and_among(keys: Sequence[int] | None) -> str:
    if not keys:
        return ""
    if len(keys) <= _SOUGHT:
        return f" AND rowid IN ({_listed(keys)})"
    # The + keeps SQLite from looking up the keys one by one: the list only filters what the range finds.
    return f" AND rowid BETWEEN {min(keys)} AND {max(keys)} AND +rowid IN ({_listed(keys)})"


def _listed(keys: Sequence[int]) -> str:
    return ", ".join(map(str, keys))
