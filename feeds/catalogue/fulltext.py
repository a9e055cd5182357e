"""The full text index: what it holds of a release, and the query that finds releases by their words.

Every word goes into the index's query between quotation marks, so nothing in it is ever taken for an operator.
"""

from __future__ import annotations

from feeds.catalogue import words_on_server
from feeds.database import Database, SqliteDatabase
from feeds.model import search_words
from feeds.render.entry_json import entry_from_json
from feeds.render.types import Entry

_FOUND = "SELECT rowid AS found FROM fulltext WHERE fulltext MATCH :words"


def text_of(entry: Entry) -> str:
    """What the index holds of a release: the words of its title, summary, terms and text."""
    labels = (category.label for category in entry.categories)
    notes = (note.html for note in entry.corrections)
    text = search_words.html_text("".join((*notes, entry.content)))
    return search_words.index_text("\n\n".join((entry.title, entry.summary, *labels, text)))


def insert(database: Database, release: int, text: str) -> None:
    """Makes a release findable."""
    if not text:
        return
    if isinstance(database, SqliteDatabase):
        database.execute("INSERT INTO fulltext (rowid, text) VALUES (?, ?)", (release, text))
    else:
        words_on_server.insert(database, release, text)


def condition(database: Database, words: tuple[str, ...]) -> tuple[str, dict[str, str]]:
    """The condition for a release r that has all of these words, and its values."""
    if isinstance(database, SqliteDatabase):
        return f"r.key IN ({_FOUND})", {"words": query(words)}
    return words_on_server.condition(words)


def begin_anew(database: Database) -> None:
    """Makes the index again of what is there."""
    database.execute("INSERT INTO fulltext (fulltext) VALUES ('delete-all')")
    rows = database.execute(
        "SELECT r.key, n.entry FROM releases r JOIN editions e ON e.release = r.key"
        " JOIN entries n ON n.edition = e.key"
        " WHERE e.since = (SELECT MIN(since) FROM editions WHERE release = r.key) ORDER BY r.key"
    )
    for release, entry in rows:
        insert(database, release, text_of(entry_from_json(database.unpack(entry))))


def query(words: tuple[str, ...]) -> str:
    """The query (SQLite FTS5, section 3) for releases that have all of these words.

    >>> query(("covid-19", "далан"))
    '"covid 19" AND "далн" *'
    """
    rows = (search_words.index_terms(word) for word in words)
    return " AND ".join(f'"{" ".join(row.terms)}"{" *" if row.prefix else ""}' for row in rows)


def found(database: Database, words: tuple[str, ...]) -> tuple[str, dict[str, str]]:
    """A subquery for the keys ``f.found`` of all releases that have all of these words, and its values."""
    if isinstance(database, SqliteDatabase):
        return f"({_FOUND}) f", {"words": query(words)}
    return words_on_server.found(words)


def finds_few(database: Database, words: tuple[str, ...], few: int) -> bool:
    """Whether no more than ``few`` releases, among all, have all of these words."""
    keys, values = found(database, words)
    (number,) = database.execute(
        f"SELECT COUNT(*) FROM (SELECT f.found FROM {keys} LIMIT :most) s", {**values, "most": few + 1}
    ).fetchone()
    return bool(number <= few)
