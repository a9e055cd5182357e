"""The releases that readers have seen: under which id and address, whether they still do, and when they changed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from feeds.database import Database
from feeds.memory.announced_moment import is_of_a_leap
from feeds.memory.memory_file import SEEN_UNTIL, fact


class SeenRelease(NamedTuple):
    """A release as readers know it. Times are microseconds since 1970."""

    mark: int
    id: str
    language: str
    path: str
    story: str
    title: int
    """A digest of the title; `title`, `published` and `text` tell a renamed file from a new one."""
    published: int
    text: int
    """A digest of summary and body."""
    gone: bool
    """Whether readers do not see it any longer."""
    withdrawn: int | None
    """When it was withdrawn, if it is."""
    digest: bytes
    """A digest of the bytes that readers get."""
    changed: int
    """When these bytes last changed for another reason than time; 0 if never since they are known."""
    model: str | None
    """As JSON, if it is withdrawn, or its files do not give it any longer as readers see it."""


_COLUMNS = ", ".join(SeenRelease._fields)
_AS_THEY_ARE = ", ".join(f"{name} = excluded.{name}" for name in SeenRelease._fields[1:])


def write(database: Database, releases: Iterable[SeenRelease]) -> None:
    """Writes releases as they are now."""
    marks = ", ".join("?" * len(SeenRelease._fields))
    database.executemany(
        f"INSERT INTO seen ({_COLUMNS}) VALUES ({marks}) ON CONFLICT (mark) DO UPDATE SET {_AS_THEY_ARE}", releases
    )


def of_story(database: Database, story: str) -> list[SeenRelease]:
    """The releases that readers have seen of a story."""
    return _select(database, "WHERE story = ? ORDER BY mark", story)


def of_mark(database: Database, mark: int) -> SeenRelease | None:
    """A release by its mark; None if readers have never seen it."""
    return next(iter(_select(database, "WHERE mark = ?", mark)), None)


def gone(database: Database) -> list[SeenRelease]:
    """Those that readers do not see any longer, sorted by story."""
    # Without INDEXED BY SQLite takes another index, and reads all that readers have ever seen.
    return _select(database, "INDEXED BY seen_gone WHERE gone ORDER BY story, id")


def _select(database: Database, where: str, *values: object) -> list[SeenRelease]:
    rows = database.execute(f"SELECT {_COLUMNS} FROM seen {where}", values)
    return [SeenRelease(*row) for row in rows]


# -- when releases left feeds -------------------------------------------------------------------------------------


class Leaving(NamedTuple):
    """When a release last left a feed: the feed's bytes changed then, though it got no new place."""

    language: str
    facet: str
    slug: str
    moment: int


def write_leavings(database: Database, leavings: Iterable[Leaving]) -> None:
    """Writes when releases left feeds; the newest time of each feed stays."""
    database.executemany(
        "INSERT INTO leavings VALUES (?, ?, ?, ?) ON CONFLICT (language, facet, slug)"
        " DO UPDATE SET moment = excluded.moment WHERE leavings.moment < excluded.moment",
        leavings,
    )


def leavings(database: Database) -> list[Leaving]:
    """The newest time of each feed."""
    return [Leaving(*row) for row in database.execute("SELECT language, facet, slug, moment FROM leavings")]


def forget_a_leap(database: Database, now: int) -> None:
    """Forgets what was shown after ``now``, if the clock had leapt ahead and has come back.

    Releases that were seen only then count as never seen. Other changes of that time count as made now.
    """
    until = fact(database, SEEN_UNTIL)
    if until is None or not is_of_a_leap(int(until), now):
        return
    later = "(SELECT mark FROM places WHERE facet = '' AND moment > :now)"
    earlier = "(SELECT mark FROM places WHERE facet = '' AND moment <= :now)"
    for statement in (
        f"DELETE FROM seen WHERE mark IN {later} AND mark NOT IN {earlier}",
        "DELETE FROM places WHERE moment > :now",
        "UPDATE seen SET changed = :now WHERE changed > :now",
        "UPDATE leavings SET moment = :now WHERE moment > :now",
    ):
        database.execute(statement, {"now": now})
