"""The files beside releases in the catalogue: where they were looked for, and which of them there are."""

from __future__ import annotations

from collections.abc import Iterable

from feeds.catalogue.plan import Beside
from feeds.database import Database
from feeds.model.media import MediaFile

TABLE = """
CREATE TABLE beside (path TEXT NOT NULL, story TEXT NOT NULL, size INTEGER NOT NULL, modified INTEGER NOT NULL,
    changed INTEGER NOT NULL, inode INTEGER NOT NULL, PRIMARY KEY (story, path)) WITHOUT ROWID;
CREATE INDEX beside_by_path ON beside (path);
CREATE TABLE media (digest TEXT NOT NULL, name TEXT NOT NULL, release INTEGER NOT NULL
    REFERENCES releases (key) ON DELETE CASCADE, type TEXT NOT NULL, PRIMARY KEY (digest, name, release)) WITHOUT ROWID;
CREATE INDEX media_by_release ON media (release);
"""
"""``beside`` has every place where a file was looked for, ``media`` what readers can ask for."""


def replace_beside(database: Database, story: str, beside: Beside) -> None:
    """Writes the places where the files of a story were looked for, instead of those before."""
    database.execute("DELETE FROM beside WHERE story = ?", (story,))
    database.executemany(
        "INSERT INTO beside (path, story, size, modified, changed, inode) VALUES (?, ?, ?, ?, ?, ?)",
        ((path, story, *mark) for path, mark in beside),
    )


def insert(database: Database, release: int, files: Iterable[MediaFile]) -> None:
    """Writes what readers can ask for while they may see a release; it is deleted with the release."""
    for file in files:
        rows = [
            (file.digest, file.file_name, release, file.type),
            *((each.digest, file.smaller_name(each.width), release, "image/webp") for each in file.smaller),
        ]
        database.executemany("INSERT INTO media VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", rows)


def digests(database: Database) -> set[str]:
    """The digests of all files that readers can ask for, now or later."""
    return {digest for (digest,) in database.execute("SELECT DISTINCT digest FROM media")}
