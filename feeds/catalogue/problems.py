"""Problems of the content folder: as the compiler writes them, for editors, and those that anybody may know of."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from feeds.catalogue.releases import EDITIONS, VISIBLE
from feeds.database import micros
from feeds.errors import Problem

FOLDER = ""
"""The story under which problems of the folder as a whole are kept."""

CONFLICTS = "?"
"""The story under which problems between releases are kept."""

VANISHED = "-"
"""The story under which problems with vanished releases are kept."""

LATE = "+"
"""Before a story's name: that readers were told of it later than its files say."""

# A problem p of no release's file: of newsroom.yaml or a file of terms.
_OF_THE_NEWSROOM = "p.file NOT LIKE '%/releases/%'"
_OF_THE_ORIGINAL = "substr(p.file, instr(p.file, '/') + 1) = p.story"
_VISIBLE_RELEASE = f"SELECT 1 FROM {EDITIONS} WHERE r.story = p.story AND {VISIBLE}"


def of_story(database: sqlite3.Connection, story: str) -> tuple[Problem, ...]:
    """A story's problems, sorted."""
    return _problems(database, "WHERE story = ?", story)


def replace(database: sqlite3.Connection, story: str, problems: Iterable[Problem]) -> None:
    """Writes a story's problems in place of those it had."""
    database.execute("DELETE FROM problems WHERE story = ?", (story,))
    database.executemany(
        "INSERT INTO problems VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        ((story, p.file, p.line, p.column, p.path, p.message, p.advice, p.fatal) for p in problems),
    )


@dataclass(frozen=True, slots=True)
class Problems:
    """Questions about what is wrong in the content folder."""

    _database: sqlite3.Connection

    def all(self) -> tuple[Problem, ...]:
        """Every problem, sorted: for editors."""
        return _problems(self._database)

    def public_count(self, now: datetime) -> int:
        """How many problems anybody may know of: none of them tells of a file that is still to be published.

        A problem counts if it is of no release's file, or if in its file's language something of the story may be
        seen. A problem between two files does not count: one of them may be still to come.
        """
        row = self._database.execute(
            f"SELECT COUNT(*) FROM problems p WHERE {_OF_THE_NEWSROOM} OR EXISTS ({_VISIBLE_RELEASE}"
            f" AND ({_OF_THE_ORIGINAL} OR p.file LIKE '%.' || r.language || '.yaml'))",
            {"now": micros(now)},
        ).fetchone()
        return int(row[0])

    def public_files(self, now: datetime) -> tuple[str, ...]:
        """The files with such problems, sorted. No translation is named: it may be still to come."""
        rows = self._database.execute(
            f"SELECT DISTINCT p.file FROM problems p WHERE {_OF_THE_NEWSROOM}"
            f" OR ({_OF_THE_ORIGINAL} AND EXISTS ({_VISIBLE_RELEASE})) ORDER BY p.file",
            {"now": micros(now)},
        )
        return tuple(file for (file,) in rows)


def _problems(database: sqlite3.Connection, where: str = "", *values: str) -> tuple[Problem, ...]:
    rows = database.execute(f"SELECT file, line, column, path, message, advice, fatal FROM problems {where}", values)
    return tuple(
        sorted(
            Problem(file, line, column, path, message, advice, bool(fatal))
            for file, line, column, path, message, advice, fatal in rows
        )
    )
