"""What may be known to everybody of what is wrong: nothing of files that nobody may know of yet."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from feeds.catalogue.tables import CURRENT, micros


def open_problems(database: sqlite3.Connection, now: datetime) -> int:
    """How many problems may be known to everybody: not those of files that nobody may know of yet.

    A problem counts if it is the newsroom's own, or its file's own and in that file's language something of the
    story may be seen. What is wrong between two files does not: one of them may be still to come.
    """
    row = database.execute(
        "SELECT COUNT(*) FROM problems p WHERE p.file NOT LIKE '%/releases/%' OR EXISTS (SELECT 1 FROM releases r"
        " JOIN editions e ON e.release = r.key WHERE r.story = p.story AND NOT r.shadowed"
        " AND (substr(p.file, instr(p.file, '/') + 1) = p.story OR p.file LIKE '%.' || r.language || '.yaml')"
        f" AND {CURRENT})",
        {"now": micros(now)},
    ).fetchone()
    return int(row[0])


def open_files(database: sqlite3.Connection, now: datetime) -> tuple[str, ...]:
    """The files with such problems, sorted; of a release its original, as a translation may be still to come."""
    rows = database.execute(
        "SELECT DISTINCT p.file FROM problems p WHERE p.file NOT LIKE '%/releases/%'"
        " OR (substr(p.file, instr(p.file, '/') + 1) = p.story AND EXISTS (SELECT 1 FROM releases r"
        f" JOIN editions e ON e.release = r.key WHERE r.story = p.story AND NOT r.shadowed AND {CURRENT}))"
        " ORDER BY p.file",
        {"now": micros(now)},
    )
    return tuple(file for (file,) in rows)
