"""What the compiler writes, table by table."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC
from itertools import groupby

from feeds.catalogue import change_log
from feeds.catalogue.rows import ReleaseRow, StoryRows
from feeds.catalogue.tables import moment
from feeds.content import Signature
from feeds.errors import Problem

NEWSROOM = ""
"""The story under which problems of the folder as a whole are kept."""

CONFLICTS = "?"
"""The story under which problems between releases are kept."""


@contextmanager
def transaction(database: sqlite3.Connection) -> Iterator[None]:
    """All of it or nothing."""
    database.execute("BEGIN IMMEDIATE")
    with database:
        yield


def meta(database: sqlite3.Connection, name: str) -> str | None:
    """A single kept value, or None."""
    row = database.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
    return row[0] if row else None


def set_meta(database: sqlite3.Connection, **values: str) -> None:
    """Keeps single values."""
    database.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", values.items())


def generation(database: sqlite3.Connection) -> int:
    """A number that another compile raises whenever it changes what the catalogue says."""
    return int(meta(database, "generation") or 0)


def known_files(database: sqlite3.Connection) -> dict[str, Signature]:
    """Every file read before, and the signature it had."""
    rows = database.execute("SELECT path, size, modified, changed, inode FROM files")
    return {path: (size, modified, changed, inode) for path, size, modified, changed, inode in rows}


def models(database: sqlite3.Connection, story: str) -> tuple[str, ...]:
    """A story's releases as they last were, as JSON."""
    rows = database.execute("SELECT model FROM releases WHERE story = ? ORDER BY key", (story,))
    return tuple(model for (model,) in rows)


def problems_of(database: sqlite3.Connection, story: str) -> tuple[Problem, ...]:
    """A story's problems, sorted."""
    columns = "file, line, column, path, message, advice, fatal"
    rows = database.execute(f"SELECT {columns} FROM problems WHERE story = ?", (story,))
    return tuple(
        sorted(
            Problem(file, line, column, path, message, advice, bool(fatal))
            for file, line, column, path, message, advice, fatal in rows
        )
    )


def set_problems(database: sqlite3.Connection, story: str, problems: Iterable[Problem]) -> None:
    """Puts a story's problems in place of those it had."""
    database.execute("DELETE FROM problems WHERE story = ?", (story,))
    database.executemany(
        "INSERT INTO problems VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        ((story, p.file, p.line, p.column, p.path, p.message, p.advice, p.fatal) for p in problems),
    )


def remove_story(database: sqlite3.Connection, story: str) -> None:
    """Forgets a story and its files."""
    change_log.note_story(database, story)
    for table in ("files", "problems", "releases"):
        database.execute(f"DELETE FROM {table} WHERE story = ?", (story,))


UNREAD: Signature = (0, 0, 0, 0)
"""What is kept for a file that the machine could not read: no file has it, so the next compile reads that file."""


def replace_story(database: sqlite3.Connection, rows: StoryRows, files: Iterable[tuple[str, Signature]]) -> None:
    """Puts a story as it is now in place of what it was."""
    change_log.note_story(database, rows.story)
    for table in ("files", "problems"):
        database.execute(f"DELETE FROM {table} WHERE story = ?", (rows.story,))
    stay = ",".join("?" * len(rows.stays))
    database.execute(f"DELETE FROM releases WHERE story = ? AND id NOT IN ({stay})", (rows.story, *rows.stays))
    database.executemany(
        "INSERT INTO files VALUES (?, ?, ?, ?, ?, ?)",
        ((path, rows.story, *(UNREAD if rows.unread else mark)) for path, mark in files),
    )
    set_problems(database, rows.story, rows.problems)
    for release in rows.releases:
        _insert(database, rows.story, release)
    change_log.note_story(database, rows.story)


def _insert(database: sqlite3.Connection, story: str, row: ReleaseRow) -> None:
    key = database.execute(
        "INSERT INTO releases (story, id, language, path, published, model) VALUES (?, ?, ?, ?, ?, ?)",
        (story, row.id, row.language, row.path, row.published, row.model),
    ).lastrowid
    database.executemany("INSERT INTO tags VALUES (?, ?, ?)", ((facet, slug, key) for facet, slug in row.tags))
    database.executemany(
        "INSERT OR IGNORE INTO aliases VALUES (?, ?, ?)", ((row.language, a, key) for a in row.aliases)
    )
    if row.words:
        database.execute("INSERT INTO sought (rowid, text) VALUES (?, ?)", (key, row.words))
    for each in row.editions:
        edition = database.execute(
            "INSERT INTO editions (release, since, until, updated, announces, corrected, withdrawn, size)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(key, each.since, each.until, each.updated),
                *(each.announces, each.corrected, each.withdrawn, max(map(len, each.kept))),
            ),
        ).lastrowid
        database.execute("INSERT INTO kept VALUES (?, ?, ?, ?)", (edition, *each.kept))


def settle_conflicts(database: sqlite3.Connection, folder: str) -> None:
    """Lets the first one published win where two releases claim one id or address, and says so of the other.

    Settled over all releases after every change, so that the outcome never depends on the order of changes.
    """
    before = _shadowed(database)
    database.execute("UPDATE releases SET shadowed = 0 WHERE shadowed")
    problems = [
        *_clashes(database, folder, "id", "id"),
        *_clashes(database, folder, "address", "language, path"),
        *_same_moment(database, folder),
        *_leading_nowhere(database, folder),
    ]
    if problems != list(problems_of(database, CONFLICTS)):
        set_problems(database, CONFLICTS, sorted(problems))
    change_log.note_releases(database, before ^ _shadowed(database))


def _shadowed(database: sqlite3.Connection) -> set[int]:
    return {key for (key,) in database.execute("SELECT key FROM releases WHERE shadowed")}


def _clashes(database: sqlite3.Connection, folder: str, what: str, columns: str) -> Iterator[Problem]:
    groups = database.execute(
        f"SELECT {columns} FROM releases WHERE NOT shadowed GROUP BY {columns} HAVING COUNT(*) > 1"
    ).fetchall()
    where = " AND ".join(f"{column} = ?" for column in columns.split(", "))
    for group in groups:
        rows = database.execute(
            # A draft is shown to nobody, so it takes nothing from anybody; and what is still to come takes nothing
            # from what is there: whoever was published first stays.
            f"SELECT key, story FROM releases r WHERE NOT shadowed AND {where} ORDER BY"
            " NOT EXISTS (SELECT 1 FROM editions e WHERE e.release = r.key), published, story, key",
            group,
        ).fetchall()
        (_, first), *others = rows
        for key, story in others:
            database.execute("UPDATE releases SET shadowed = 1 WHERE key = ?", (key,))
            message = f"the {what} “{'/'.join(group)}” belongs to {folder}/{first} already"
            yield Problem(f"{folder}/{story}", 0, 0, "slug", message, "give this release a slug of its own")


def _same_moment(database: sqlite3.Connection, folder: str) -> Iterator[Problem]:
    """Two releases of one language and one moment: feeds must tell them apart, and which is newer nobody can say."""
    groups = database.execute(
        "SELECT language, published FROM releases WHERE NOT shadowed"
        " GROUP BY language, published HAVING COUNT(*) > 1 ORDER BY language, published"
    ).fetchall()
    ends = "SELECT MIN(story), MAX(story) FROM releases WHERE NOT shadowed AND language = ? AND published = ?"
    for language, published in groups:
        first, last = database.execute(ends, (language, published)).fetchone()
        day = moment(published).astimezone(UTC)
        message = f"published at the same moment as {folder}/{first}"
        advice = f"give the newer one a later time, for example one second more than {day:%Y-%m-%dT%H:%M:%SZ}"
        yield Problem(f"{folder}/{last}", 0, 0, "published", message, advice, fatal=False)


def _leading_nowhere(database: sqlite3.Connection, folder: str) -> Iterator[Problem]:
    """Notices of withdrawal whose link has no page yet, or none in their language, and may name what is to come."""
    rows = database.execute(
        "WITH notices AS (SELECT r.story, r.language, e.since,"
        " json_extract(r.model, '$.withdrawn.replacement') AS path FROM editions e JOIN releases r ON r.key = e.release"
        " WHERE e.withdrawn AND NOT r.shadowed)"
        " SELECT DISTINCT story, language, path FROM notices n WHERE path NOT LIKE '%://%'"
        " AND NOT EXISTS (SELECT 1 FROM releases o JOIN editions e ON e.release = o.key WHERE o.language = n.language"
        " AND o.path = n.path AND NOT o.shadowed AND e.since <= n.since)"
        " AND NOT EXISTS (SELECT 1 FROM aliases a JOIN editions e ON e.release = a.release"
        " WHERE a.language = n.language AND a.path = n.path AND e.since <= n.since) ORDER BY story, path, language"
    )
    advice = "publish that one first, or write the whole address of what to read instead"
    for (story, path), found in groupby(rows, key=lambda row: (row[0], row[2])):
        languages = ", ".join(language for _, language, _ in found)
        message = f"{path} is not there in {languages} at the time of the withdrawal: the notice leads nowhere"
        yield Problem(f"{folder}/{story}", 0, 0, "withdrawn.replacement", message, advice, fatal=False)
