"""Problems of the content folder: writes them, and gives editors all of them, and everybody those that are public."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from feeds.catalogue.releases import EDITIONS, VISIBLE
from feeds.database import Database, micros
from feeds.model.problems import Problem

FOLDER = ""
"""The story under which problems of the folder as a whole are kept."""

CONFLICTS = "?"
"""The story under which problems between releases are kept."""

VANISHED = "-"
"""The story under which problems with vanished releases are kept."""

UNNAMED = "."
"""The story under which problems with files that no release names are kept."""

LATE = "+"
"""Put before a story's name for the problems that readers were told of its releases later than its files say."""

_COLUMNS = 'file, line, "column", path, message, advice, fatal'

# A problem p of no release's file: of newsroom.yaml, of a file of terms, or of the folder as a whole.
_OF_THE_NEWSROOM = "p.file NOT LIKE '%/releases/%'"
_PATH = "substr(p.file, instr(p.file, '/') + 1)"
_KNOWN_FILE = (
    f"SELECT 1 FROM {EDITIONS} WHERE {VISIBLE} AND r.story = p.story"
    f" AND ({_PATH} = p.story OR p.file LIKE '%.' || r.language || '.yaml')"
)
# 0 is the character after the slash: the stories of a folder lie between the two.
_KNOWN_FOLDER = (
    f"SELECT 1 FROM {EDITIONS} WHERE {VISIBLE} AND p.story = '{FOLDER}'"
    f" AND r.story > {_PATH} || '/' AND r.story < {_PATH} || '0'"
)


def of_story(database: Database, story: str) -> tuple[Problem, ...]:
    """A story's problems, sorted."""
    return _problems(database, "WHERE story = ?", story)


def replace(database: Database, story: str, problems: Iterable[Problem]) -> None:
    """Writes a story's problems in place of those it had."""
    database.execute("DELETE FROM problems WHERE story = ?", (story,))
    add(database, story, problems)


def add(database: Database, story: str, problems: Iterable[Problem]) -> None:
    """Writes the problems of a story that has none yet."""
    database.executemany(
        "INSERT INTO problems VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        ((story, p.file, p.line, p.column, p.path, p.message, p.advice, p.fatal) for p in problems),
    )


@dataclass(frozen=True, slots=True)
class Problems:
    """Questions about what is wrong in the content folder."""

    _database: Database

    def all(self) -> tuple[Problem, ...]:
        """Every problem, sorted: for editors."""
        return _problems(self._database)

    def public(self, now: datetime) -> tuple[Problem, ...]:
        """The problems that are safe to show to everybody, sorted: one for each file, without anything from the file.

        Only files that readers know of count: a release from the file is published, in its language. A problem between
        two files is left out, because one of them may be still to come; so is one that holds nothing back. Problems
        with what readers have seen and with the newsroom's own files as a whole are told in full.
        """
        rows = self._database.execute(
            f"SELECT {_COLUMNS},"
            f" story = '{VANISHED}' OR ({_OF_THE_NEWSROOM} AND line = 0 AND path = '') FROM problems p"
            f" WHERE story = '{VANISHED}' OR (fatal AND"
            f" ({_OF_THE_NEWSROOM} OR EXISTS ({_KNOWN_FILE}) OR EXISTS ({_KNOWN_FOLDER})))",
            {"now": micros(now)},
        )
        found = {(_problem(row) if whole else _unspoken(row[0])) for *row, whole in rows}
        return tuple(sorted(found))


def _unspoken(file: str) -> Problem:
    """A problem that says only which file it is in."""
    message = "is not taken up as it is, and stays as it last was"
    return Problem(file, 0, 0, "", message, "`feeds check` says what to put right")


def _problems(database: Database, where: str = "", *values: str) -> tuple[Problem, ...]:
    rows = database.execute(f"SELECT {_COLUMNS} FROM problems {where}", values)
    return tuple(sorted(map(_problem, rows)))


def _problem(row: Sequence[Any]) -> Problem:
    file, line, column, path, message, advice, fatal = row
    return Problem(file, line, column, path, message, advice, bool(fatal))
