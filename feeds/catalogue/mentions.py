"""Releases of this newsroom that others name: as related ones, or by a link in their text. Some are not there."""

from __future__ import annotations

import html
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from feeds.content import FieldPosition, SourceFile, SourcePositions
from feeds.database import Database
from feeds.model.problems import Problem
from feeds.model.release import Release
from feeds.render.entries import Entries
from feeds.render.own_links import no_place, nowhere
from feeds.render.stored_entry import entry_from_json

TABLE = """
CREATE TABLE mentions (release INTEGER NOT NULL REFERENCES releases (key) ON DELETE CASCADE, language TEXT NOT NULL,
    path TEXT NOT NULL, place TEXT NOT NULL, file TEXT NOT NULL, line INTEGER NOT NULL, column INTEGER NOT NULL,
    field TEXT NOT NULL, message TEXT NOT NULL, advice TEXT NOT NULL);
CREATE INDEX mentions_by_release ON mentions (release);
CREATE INDEX mentions_by_place ON mentions (place) WHERE place <> '';
"""


_FIELDS = ("body", "related")
"""Where in a file releases mention others: no other problem between releases is told there."""

_MANY = 1_000
"""Stories; of more, all mentions are looked through."""

_PROBLEM = 'm.file, m.line, m."column", m.field, m.message, m.advice'


@dataclass(frozen=True, slots=True)
class Mention:
    """A release that another one names, or a place in its text, and the problem to be told if there is none."""

    language: str
    """Empty if any language will do."""
    path: str
    place: str
    """The id to which a link leads; empty for the whole release."""
    problem: Problem


@dataclass(frozen=True, slots=True)
class Affected:
    """The mentions that a change affects: all others lead where they led before."""

    stories: Collection[str]
    """Those that have changed."""
    paths: frozenset[str]
    """Where their releases are or were: a mention of one of these may lead elsewhere."""
    files: frozenset[str]
    """The files in which these stories mentioned others before, as problems name them."""


def affected(database: Database, stories: Collection[str]) -> Affected | None:
    """What a change of these stories affects, before it is written; None if that is too much to be looked up."""
    if len(stories) > _MANY:
        return None
    files: set[str] = set()
    for story in stories:
        rows = database.execute(
            "SELECT DISTINCT m.file FROM mentions m JOIN releases r ON r.key = m.release WHERE r.story = ?", (story,)
        )
        files.update(file for (file,) in rows)
    paths = {path for story in stories for path in _paths(database, "story", story)}
    return Affected(stories, frozenset(paths), frozenset(files))


def affected_now(database: Database, before: Affected, flipped: Iterable[int]) -> Affected:
    """The same after it is written; ``flipped`` are the keys of the releases that a conflict hides or hides no more."""
    paths = {path for story in before.stories for path in _paths(database, "story", story)}
    paths |= {path for key in flipped for path in _paths(database, "key", key)}
    return replace(before, paths=before.paths | paths)


def _paths(database: Database, column: str, value: str | int) -> list[str]:
    """The paths of some releases, now and formerly."""
    rows = database.execute(
        f"SELECT path FROM releases WHERE {column} = ? UNION SELECT a.path FROM aliases a"
        f" JOIN releases r ON r.key = a.release WHERE r.{column} = ?",
        (value, value),
    )
    return [path for (path,) in rows]


def remarks_and_mentions(
    release: Release, source: SourceFile, entries: Entries
) -> tuple[tuple[Problem, ...], tuple[Mention, ...]]:
    """What readers do not see of a release as it is written in its file, and the releases that it names.

    Raises MarkupError as `Entries.entry` does.
    """
    positions = SourcePositions(source)

    def problem(at: FieldPosition, message: str, advice: str) -> Problem:
        return Problem(source.file, at.line, at.column, at.path, message, advice, fatal=False)

    def in_body(offset: int, message: str, advice: str) -> Problem:
        return problem(positions.in_body(release.body or "", offset), message, advice)

    remarks, linked = entries.remarks(release)
    found = []
    for link in linked:
        missing = in_body(link.offset, *nowhere(link.written, link.address))
        found.append(Mention(link.language, link.path, "", missing))
        if link.fragment:
            no_such_place = in_body(link.offset, *no_place(link.written))
            found.append(Mention(link.language, link.path, link.fragment, no_such_place))
    for path in (reference for reference in release.related if "://" not in reference):
        # Where a translation takes the list from its original, the original is to be mended.
        if at := positions.of_related(path):
            advice = "write the year and the slug of its address, or the whole address of another site"
            found.append(Mention("", path, "", problem(at, f"this newsroom has no release {path}", advice)))
    return tuple(in_body(*remark) for remark in remarks), tuple(found)


def insert(database: Database, mentions: Iterable[tuple[int, Mention]]) -> None:
    """Writes what releases mention, whose keys are given; it is deleted with them."""
    database.executemany(
        "INSERT INTO mentions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (release, each.language, each.path, each.place, p.file, p.line, p.column, p.path, p.message, p.advice)
            for release, each in mentions
            for p in (each.problem,)
        ),
    )


def leading_nowhere(database: Database, change: Affected | None, last: Iterable[Problem]) -> Iterator[Problem]:
    """The problems of all mentions that lead to no release, or to a draft. What is still to come counts as there.

    A place in a text is there if any edition of the release has it. Only mentions that ``change`` affects are looked
    at; for all others the ``last`` problems are given again. None looks at all.
    """
    which, values = _which(database, change)
    if change is not None:
        yield from _not_affected(database, change, last, which, values)
    there = "o.path = m.path AND m.language IN ('', o.language)"
    rows = database.execute(
        f"SELECT {_PROBLEM} FROM mentions m"
        f" WHERE {which} AND m.place = '' AND NOT EXISTS (SELECT 1 FROM releases o JOIN editions e ON e.release = o.key"
        f" WHERE {there} AND NOT o.shadowed) AND NOT EXISTS (SELECT 1 FROM aliases o"
        f" JOIN editions e ON e.release = o.release WHERE {there})",
        values,
    )
    yield from map(_warning, rows.fetchall())
    shown = "EXISTS (SELECT 1 FROM editions e WHERE e.release = r.key)"
    for place, path, target, now, *problem in database.execute(
        f"SELECT m.place, m.path, r.key, r.path, {_PROBLEM} FROM mentions m JOIN releases r ON r.key = coalesce("
        f"(SELECT o.key FROM releases o WHERE {there} AND NOT o.shadowed),"
        f" (SELECT o.release FROM aliases o WHERE {there})) WHERE {which} AND m.place <> '' AND {shown}",
        values,
    ).fetchall():
        if path != now:  # readers are led on, but not to the place, which has the release's name in it
            yield replace(_warning(problem), advice=f"the release is at /releases/{now} now: write that")
        elif not any(f'id="{html.escape(place)}"' in content for content in _contents(database, target)):
            yield _warning(problem)


def _which(database: Database, change: Affected | None) -> tuple[str, tuple[Any, ...]]:
    """The condition for a mention m to be affected, with its values."""
    if change is None:
        return "TRUE", ()
    keys = [
        key
        for story in change.stories
        for (key,) in database.execute("SELECT key FROM releases WHERE story = ?", (story,)).fetchall()
    ]
    marks = (",".join("?" * len(each)) for each in (keys, change.paths))
    return "(m.release IN ({}) OR m.path IN ({}))".format(*marks), (*keys, *sorted(change.paths))


def _not_affected(
    database: Database, change: Affected, last: Iterable[Problem], which: str, values: tuple[Any, ...]
) -> Iterator[Problem]:
    """Those of the ``last`` problems whose mentions the change does not affect."""
    rows = database.execute(
        f'SELECT m.file, m.line, m."column", m.field, m.message FROM mentions m WHERE {which}', values
    )
    again = {tuple(row) for row in rows}
    for each in last:
        is_one = each.path.startswith(_FIELDS) and each.file not in change.files
        if is_one and (each.file, each.line, each.column, each.path, each.message) not in again:
            yield each


def _warning(row: Sequence[Any]) -> Problem:
    file, line, column, field, message, advice = row
    return Problem(file, line, column, field, message, advice, fatal=False)


def _contents(database: Database, release: int) -> Iterator[str]:
    """The texts of all editions of a release, as HTML."""
    rows = database.execute(
        "SELECT n.entry FROM entries n JOIN editions e ON n.edition = e.key WHERE e.release = ?", (release,)
    )
    return (entry_from_json(database.unpack(entry)).content for (entry,) in rows.fetchall())
