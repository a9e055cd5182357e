"""Releases of this newsroom that others name: as related ones, or by a link in their text. Some are not there."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from feeds.content import FieldPosition, SourceFile, SourcePositions
from feeds.errors import Problem
from feeds.model.release import Release
from feeds.render.entries import Entries
from feeds.render.own_links import nowhere

TABLE = """
CREATE TABLE mentions (release INTEGER NOT NULL REFERENCES releases (key) ON DELETE CASCADE, language TEXT NOT NULL,
    path TEXT NOT NULL, file TEXT NOT NULL, line INTEGER NOT NULL, column INTEGER NOT NULL, field TEXT NOT NULL,
    message TEXT NOT NULL, advice TEXT NOT NULL);
CREATE INDEX mentions_by_release ON mentions (release);
"""


@dataclass(frozen=True, slots=True)
class Mention:
    """A release that another one names, and the problem to be told if there is none."""

    language: str
    """Empty if any language will do."""
    path: str
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
    found = [
        Mention(link.language, link.path, in_body(link.offset, *nowhere(link.written, link.address))) for link in linked
    ]
    for path in (reference for reference in release.related if "://" not in reference):
        # Where a translation takes the list from its original, the original is to be mended.
        if at := positions.of_related(path):
            advice = "write the year and the slug of its address, or the whole address of another site"
            found.append(Mention("", path, problem(at, f"this newsroom has no release {path}", advice)))
    return tuple(in_body(*remark) for remark in remarks), tuple(found)


def insert(database: sqlite3.Connection, release: int, mentions: Iterable[Mention]) -> None:
    """Writes what a release mentions; it is deleted with the release."""
    database.executemany(
        "INSERT INTO mentions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (release, each.language, each.path, p.file, p.line, p.column, p.path, p.message, p.advice)
            for each in mentions
            for p in (each.problem,)
        ),
    )


def leading_nowhere(database: sqlite3.Connection) -> Iterator[Problem]:
    """The problems of all mentions of what is not there: of no release, or of a draft. What is still to come counts."""
    there = "o.path = m.path AND m.language IN ('', o.language)"
    rows = database.execute(
        "SELECT m.file, m.line, m.column, m.field, m.message, m.advice FROM mentions m"
        f" WHERE NOT EXISTS (SELECT 1 FROM releases o JOIN editions e ON e.release = o.key WHERE {there}"
        f" AND NOT o.shadowed) AND NOT EXISTS (SELECT 1 FROM aliases o JOIN editions e ON e.release = o.release"
        f" WHERE {there})"
    )
    for file, line, column, field, message, advice in rows:
        yield Problem(file, line, column, field, message, advice, fatal=False)
