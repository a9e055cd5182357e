"""What the catalogue knows of the content folder from the last compile, as a whole or of a part."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TypeAlias

from feeds.catalogue import problem_rows
from feeds.catalogue.compile_plan import LARGE_LOSS, LastCompile
from feeds.content import Scope, Signature
from feeds.database import Database

_Row: TypeAlias = tuple[str, str, int, int, int, int]


def last_compile(database: Database, scope: Scope | None = None, lacking: frozenset[str] = frozenset()) -> LastCompile:
    """What is known of the stories in a scope, or of all; the ``lacking`` stories lack a file for readers."""
    files = known_files(database, scope)
    return LastCompile(
        files,
        problem_rows.of_story(database, problem_rows.FOLDER),
        known_beside(database, scope),
        lacking,
        stories(database, 2 * len(files) + LARGE_LOSS),
    )


def stories(database: Database, most: int) -> int:
    """How many stories there are. After so many no more are counted."""
    query = "SELECT count(*) FROM (SELECT 1 FROM files WHERE path = story LIMIT ?) AS counted"
    (found,) = database.execute(query, (most,)).fetchone()
    return int(found)


def known_files(database: Database, scope: Scope | None = None) -> dict[str, Signature]:
    """The files that were read before, with the signatures they had."""
    rows = _rows(database, "SELECT f.story, f.path, f.size, f.modified, f.changed, f.inode FROM files f", scope)
    return {path: (size, modified, changed, inode) for _, path, size, modified, changed, inode in rows}


def known_beside(database: Database, scope: Scope | None = None) -> dict[str, dict[str, Signature]]:
    """By story: every place where a file was looked for, and the signature of what was there."""
    found: dict[str, dict[str, Signature]] = {}
    query = (
        "SELECT b.story, b.path, b.size, b.modified, b.changed, b.inode FROM files f"
        " CROSS JOIN beside b ON b.story = f.path"
    )
    for story, path, size, modified, changed, inode in _rows(database, query, scope):
        found.setdefault(story, {})[path] = (size, modified, changed, inode)
    return found


def each_file(database: Database) -> Iterator[tuple[str, str, int, int, int, int]]:
    """Yields every file that was read before: its folder, its path, and the numbers of the signature it had."""
    yield from database.stream("SELECT folder, path, size, modified, changed, inode FROM files")


def each_beside(database: Database) -> Iterator[tuple[str, str, Signature]]:
    """Yields every place where a file was looked for, by path: the story, the path, the signature of what was there."""
    for story, path, *mark in database.stream(
        "SELECT story, path, size, modified, changed, inode FROM beside ORDER BY path"
    ):
        yield story, path, (mark[0], mark[1], mark[2], mark[3])


def _rows(database: Database, query: str, scope: Scope | None) -> Iterator[_Row]:
    """The rows of a query about files f, or of those in a scope."""
    if scope is None:
        yield from database.execute(query)
        return
    for folder in scope.folders:
        yield from database.execute(f"{query} WHERE f.folder = ?", (folder,))
    for tree in scope.trees:
        # 0 is the character after the slash: all that is in a folder lies between the two.
        yield from database.execute(f"{query} WHERE f.path > ? AND f.path < ?", (f"{tree}/", f"{tree}0"))


def stories_lacking(database: Database, stored: Collection[str]) -> frozenset[str]:
    """The stories of which a file for readers is not among the ``stored`` ones, which are named by their digests."""
    rows = database.execute("SELECT DISTINCT m.digest, r.story FROM media m JOIN releases r ON r.key = m.release")
    return frozenset(story for digest, story in rows if digest not in stored)
