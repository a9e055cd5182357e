"""What the catalogue knows of the files beside releases: where they were looked for, and which of them exist."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from feeds.catalogue.compile_plan import Beside
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


def insert_beside(database: Database, stories: Iterable[tuple[str, Beside]]) -> None:
    """Writes, for stories that have none yet, the places where their files were looked for."""
    database.executemany(
        "INSERT INTO beside (path, story, size, modified, changed, inode) VALUES (?, ?, ?, ?, ?, ?)",
        ((path, story, *mark) for story, beside in stories for path, mark in beside),
    )


def delete_beside(database: Database, story: str) -> None:
    """Deletes the places where the files of a story were looked for."""
    database.execute("DELETE FROM beside WHERE story = ?", (story,))


def insert(database: Database, files: Iterable[tuple[int, MediaFile]]) -> None:
    """Writes files with the keys of their releases. Readers can ask for a file while they may see its release."""
    database.executemany("INSERT INTO media VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", _rows(files))


def _rows(files: Iterable[tuple[int, MediaFile]]) -> Iterator[tuple[str, str, int, str]]:
    for release, file in files:
        yield file.digest, file.file_name, release, file.type
        for each in file.smaller:
            yield each.digest, file.smaller_name(each.width), release, "image/webp"


def digests(database: Database) -> set[str]:
    """The digests of all files that readers can ask for, now or later."""
    return {digest for (digest,) in database.execute("SELECT DISTINCT digest FROM media")}
