"""Releases of this newsroom that others name: as related ones, or by a link in their text. Some are not there."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from feeds.content import FieldPosition, SourceFile, SourcePositions
from feeds.database import Database
from feeds.errors import Problem
from feeds.model.release import Release
from feeds.render.entries import Entries
from feeds.render.entry_json import entry_from_json
from feeds.render.own_links import no_place, nowhere

TABLE = """
CREATE TABLE mentions (release INTEGER NOT NULL REFERENCES releases (key) ON DELETE CASCADE, language TEXT NOT NULL,
    path TEXT NOT NULL, place TEXT NOT NULL, file TEXT NOT NULL, line INTEGER NOT NULL, column INTEGER NOT NULL,
    field TEXT NOT NULL, message TEXT NOT NULL, advice TEXT NOT NULL);
CREATE INDEX mentions_by_release ON mentions (release);
CREATE INDEX mentions_by_place ON mentions (place) WHERE place <> '';
"""


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


def insert(database: Database, release: int, mentions: Iterable[Mention]) -> None:
    """Writes what a release mentions; it is deleted with the release."""
    database.executemany(
        "INSERT INTO mentions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (release, each.language, each.path, each.place, p.file, p.line, p.column, p.path, p.message, p.advice)
            for each in mentions
            for p in (each.problem,)
        ),
    )


def leading_nowhere(database: Database) -> Iterator[Problem]:
    """The problems of all mentions of what is not there: of no release, or of a draft. What is still to come counts.

    A place in a text is there if any edition of the release has it.
    """
    there = "o.path = m.path AND m.language IN ('', o.language)"
    rows = database.execute(
        f"SELECT {_PROBLEM} FROM mentions m"
        " WHERE m.place = '' AND NOT EXISTS (SELECT 1 FROM releases o JOIN editions e ON e.release = o.key"
        f" WHERE {there} AND NOT o.shadowed) AND NOT EXISTS (SELECT 1 FROM aliases o"
        f" JOIN editions e ON e.release = o.release WHERE {there})"
    )
    yield from map(_warning, rows.fetchall())
    shown = "EXISTS (SELECT 1 FROM editions e WHERE e.release = r.key)"
    for place, path, target, now, *problem in database.execute(
        f"SELECT m.place, m.path, r.key, r.path, {_PROBLEM} FROM mentions m JOIN releases r ON r.key = coalesce("
        f"(SELECT o.key FROM releases o WHERE {there} AND NOT o.shadowed),"
        f" (SELECT o.release FROM aliases o WHERE {there})) WHERE m.place <> '' AND {shown}"
    ).fetchall():
        if path != now:  # readers are led on, but not to the place, which has the release's name in it
            yield replace(_warning(problem), advice=f"the release is at /releases/{now} now: write that")
        elif not any(f'id="{html.escape(place)}"' in content for content in _contents(database, target)):
            yield _warning(problem)


def _warning(row: Sequence[Any]) -> Problem:
    file, line, column, field, message, advice = row
    return Problem(file, line, column, field, message, advice, fatal=False)


def _contents(database: Database, release: int) -> Iterator[str]:
    """The texts of all editions of a release, as HTML."""
    rows = database.execute(
        "SELECT n.entry FROM entries n JOIN editions e ON n.edition = e.key WHERE e.release = ?", (release,)
    )
    return (entry_from_json(database.unpack(entry)).content for (entry,) in rows.fetchall())
