"""The log of what compiles have changed: a note for every release that came, went or changed.

Whoever follows the newsroom (the hub's notices, the purger of caches, an export) remembers how far it has read.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from feeds.catalogue.releases import EDITIONS, VISIBLE
from feeds.catalogue.tables import meta, set_meta
from feeds.database import Database, micros
from feeds.memory.feed_places import ALL, CORRECTIONS

KEPT = 10_000
"""The number of notes that are kept. Whoever has not read the older ones is told that everything has changed."""

_EVERYTHING = ""

_LOG, _FORGOTTEN = "change_log", "change_log_forgotten"
_ALL, _CORRECTIONS = ("/".join(feed) for feed in (ALL, CORRECTIONS))
_TERMS = "COALESCE((SELECT group_concat(facet || '/' || slug, ' ') FROM tags WHERE release = r.key), '')"


@dataclass(frozen=True, slots=True, order=True)
class ReleaseTags:
    """The language and the terms of a release, now or before a change: they say which feeds it is in."""

    language: str
    terms: tuple[tuple[str, tuple[str, ...]], ...]
    """By facet, sorted."""


@dataclass(frozen=True, slots=True, order=True)
class ReleaseNote:
    """A release that has changed, as it was before or is now."""

    mark: int
    """A number that stands for its id."""
    path: str
    """Year and slug."""
    tags: ReleaseTags
    """Its language and terms, with those that it once had."""
    appears: int | None
    """When readers first see or saw it, in microseconds since 1970; None for a draft that nobody has seen."""
    corrected: bool
    """Whether it is corrected or withdrawn at any time."""
    files: tuple[tuple[str, str], ...]
    """Digest and name of each file beside it."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What may have changed since a reader of the log last looked."""

    upto: str
    """The place in the log from which to read on the next time."""
    everything: bool
    """Whether anything may have changed."""
    releases: frozenset[ReleaseNote]
    """The releases that have changed, as they were and as they are."""

    @property
    def tags(self) -> frozenset[ReleaseTags]:
        """The languages and terms of these releases."""
        return frozenset(each.tags for each in self.releases)


def note_story(database: Database, story: str) -> None:
    """Notes a story's releases as they are at this moment: to be called before and after they are written."""
    _note(database, [key for (key,) in database.execute("SELECT key FROM releases WHERE story = ?", (story,))])


def note_releases(database: Database, keys: Iterable[int]) -> None:
    """Notes that releases became visible, or no longer are."""
    _note(database, sorted(keys))


def note_everything(database: Database) -> None:
    """Notes that what all documents have in common has changed. No older note is needed any longer."""
    if meta(database, _LOG) is None:
        set_meta(database, **{_LOG: secrets.token_hex(8)})  # a catalogue built anew has another log
    database.execute("DELETE FROM changes")
    database.execute("INSERT INTO changes (note) VALUES (?)", (_EVERYTHING,))


def forget_old_notes(database: Database) -> None:
    """Deletes all but the newest notes."""
    row = database.execute("SELECT key FROM changes ORDER BY key DESC LIMIT 1 OFFSET ?", (KEPT,)).fetchone()
    if row:
        set_meta(database, **{_FORGOTTEN: str(row[0])})
        database.execute("DELETE FROM changes WHERE key <= ?", row)


def changes(database: Database, after: str | None, since: datetime, until: datetime) -> Changes:
    """All that was noted after a place in the log, and the releases for which a moment has come between two times.

    The times may be in either order. ``after`` is None for a first look: then everything has changed.
    """
    log = meta(database, _LOG) or ""
    (last,) = database.execute("SELECT COALESCE(MAX(key), 0) FROM changes").fetchone()
    upto = f"{log}:{last}"
    known, _, read = (after or "").partition(":")
    if known != log or not read or int(read) < int(meta(database, _FORGOTTEN) or 0):
        return Changes(upto, everything=True, releases=frozenset())
    noted = [note for (note,) in database.execute("SELECT note FROM changes WHERE key > ? ORDER BY key", (int(read),))]
    start, end = micros(min(since, until)), micros(max(since, until))
    began = database.execute("SELECT DISTINCT release FROM editions WHERE since > ? AND since <= ?", (start, end))
    found = {_note_from_json(note) for note in noted if note != _EVERYTHING}
    # A release that nobody has seen yet changes nothing: it is found when its moment comes.
    shown = {each for each in found if each.appears is not None and each.appears <= end}
    shown.update(_notes(database, [key for (key,) in began.fetchall()]))
    return Changes(upto, _EVERYTHING in noted, frozenset(shown))


def visible_tags(database: Database, now: datetime) -> frozenset[ReleaseTags]:
    """The languages and terms of every release that readers may see."""
    rows = database.execute(
        f"SELECT DISTINCT r.language, {_TERMS} FROM {EDITIONS} WHERE {VISIBLE}", {"now": micros(now)}
    )  # fmt: skip
    return frozenset(ReleaseTags(language, _by_facet(terms.split())) for language, terms in rows)


def _note(database: Database, keys: Iterable[int]) -> None:
    # A note that is there already gets a new and higher key: whoever has read the old one must not miss the new one.
    notes = [(_note_to_json(each),) for each in _notes(database, keys)]
    database.executemany("DELETE FROM changes WHERE note = ?", notes)
    database.executemany("INSERT INTO changes (note) VALUES (?)", notes)


def _notes(database: Database, keys: Iterable[int]) -> Iterator[ReleaseNote]:
    for key in keys:
        mark, path, language, appears, corrected = database.execute(
            # A draft may have been shown before: then it still has its places.
            "SELECT r.mark, r.path, r.language, (SELECT MIN(since) FROM ("
            "SELECT since FROM editions WHERE release = r.key"
            " UNION ALL SELECT moment FROM places WHERE mark = r.mark) AS shown),"
            " EXISTS (SELECT 1 FROM editions WHERE release = r.key AND (corrected OR withdrawn))"
            " FROM releases r WHERE r.key = ?",
            (key,),
        ).fetchone()
        files = database.execute("SELECT digest, name FROM media WHERE release = ? ORDER BY digest, name", (key,))
        # A release that lost a term keeps its place in that term's feed, and with it in those of several facets.
        terms = database.execute(
            "SELECT facet || '/' || slug FROM tags WHERE release = ?"
            " UNION SELECT facet || '/' || slug FROM places WHERE mark = ?",
            (key, mark),
        ).fetchall()
        once_corrected = (_CORRECTIONS,) in terms
        tags = ReleaseTags(language, _by_facet(term for (term,) in terms if term not in (_ALL, _CORRECTIONS)))
        named = tuple((digest, name) for digest, name in files.fetchall())
        yield ReleaseNote(mark, path, tags, appears, bool(corrected) or once_corrected, named)


def _by_facet(terms: Iterable[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    by_facet: dict[str, list[str]] = {}
    for term in sorted(terms):
        facet, _, slug = term.partition("/")
        by_facet.setdefault(facet, []).append(slug)
    return tuple((facet, tuple(slugs)) for facet, slugs in by_facet.items())


def _note_to_json(note: ReleaseNote) -> str:
    found = (note.mark, note.path, note.tags.language, note.tags.terms, note.appears, note.corrected, note.files)
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"))


def _note_from_json(text: str) -> ReleaseNote:
    mark, path, language, terms, appears, corrected, files = json.loads(text)
    tags = ReleaseTags(language, tuple((facet, tuple(slugs)) for facet, slugs in terms))
    return ReleaseNote(mark, path, tags, appears, corrected, tuple((digest, name) for digest, name in files))
