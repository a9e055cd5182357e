"""The catalogue's file: its tables, and how to open one to write or to read.

Times are microseconds since 1970 in UTC, so that they compare as numbers. The file is derived from the YAML and
may be deleted at any time; anything unexpected about it means that it is built again.
"""

from __future__ import annotations

import json
import os
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

from feeds.errors import FeedsError
from feeds.model.newsroom import Newsroom, Term
from feeds.model.vocabulary import Vocabulary

APPLICATION_ID = 0x46454544  # "FEED"
SCHEMA = 1
"""Raised whenever the tables change: an older or newer catalogue is then not opened but built again."""

FOREVER = 2**62

CURRENT = "e.since <= :now AND e.until > :now"
"""What may be seen at a time: the one condition of every question that readers may ask."""

_TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE files (path TEXT PRIMARY KEY, story TEXT NOT NULL, size INTEGER NOT NULL, modified INTEGER NOT NULL,
    changed INTEGER NOT NULL, inode INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE problems (story TEXT NOT NULL, file TEXT NOT NULL, line INTEGER NOT NULL, column INTEGER NOT NULL,
    path TEXT NOT NULL, message TEXT NOT NULL, advice TEXT NOT NULL, fatal INTEGER NOT NULL);
CREATE INDEX problems_by_story ON problems (story);
CREATE TABLE releases (key INTEGER PRIMARY KEY, story TEXT NOT NULL, id TEXT NOT NULL, language TEXT NOT NULL,
    path TEXT NOT NULL, published INTEGER NOT NULL, shadowed INTEGER NOT NULL DEFAULT 0, model TEXT NOT NULL);
CREATE INDEX releases_by_story ON releases (story);
CREATE INDEX releases_by_id ON releases (id, shadowed);
CREATE INDEX releases_by_address ON releases (language, path, shadowed);
CREATE INDEX releases_by_date ON releases (language, published, id, shadowed);
CREATE INDEX releases_shadowed ON releases (key) WHERE shadowed;
CREATE TABLE tags (facet TEXT NOT NULL, slug TEXT NOT NULL, release INTEGER NOT NULL
    REFERENCES releases (key) ON DELETE CASCADE, PRIMARY KEY (facet, slug, release)) WITHOUT ROWID;
CREATE INDEX tags_by_release ON tags (release);
CREATE TABLE aliases (language TEXT NOT NULL, path TEXT NOT NULL, release INTEGER NOT NULL
    REFERENCES releases (key) ON DELETE CASCADE, PRIMARY KEY (language, path, release)) WITHOUT ROWID;
CREATE INDEX aliases_by_release ON aliases (release);
CREATE TABLE editions (key INTEGER PRIMARY KEY, release INTEGER NOT NULL REFERENCES releases (key) ON DELETE CASCADE,
    since INTEGER NOT NULL, until INTEGER NOT NULL, updated INTEGER NOT NULL, announces INTEGER NOT NULL,
    corrected INTEGER NOT NULL, withdrawn INTEGER NOT NULL, size INTEGER NOT NULL);
CREATE INDEX editions_by_release ON editions (release, since, until, updated, announces, corrected, withdrawn, size);
CREATE INDEX editions_by_since ON editions (since);
CREATE INDEX editions_withdrawn ON editions (release, since) WHERE withdrawn;
CREATE TABLE kept (edition INTEGER PRIMARY KEY REFERENCES editions (key) ON DELETE CASCADE,
    atom BLOB NOT NULL, rss BLOB NOT NULL, json BLOB NOT NULL);
CREATE VIRTUAL TABLE sought USING fts5 (text, tokenize = 'porter unicode61 remove_diacritics 0');
CREATE TRIGGER sought_no_more AFTER DELETE ON releases BEGIN DELETE FROM sought WHERE rowid = old.key; END;
CREATE TABLE former (id TEXT PRIMARY KEY, story TEXT NOT NULL, path TEXT NOT NULL, model TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE changes (key INTEGER PRIMARY KEY AUTOINCREMENT, language TEXT NOT NULL, terms TEXT NOT NULL,
    UNIQUE (language, terms));
CREATE TABLE pushed (path TEXT PRIMARY KEY, digest BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE outbox (path TEXT PRIMARY KEY, since INTEGER NOT NULL, due INTEGER NOT NULL, tries INTEGER NOT NULL)
    WITHOUT ROWID;
CREATE INDEX outbox_by_due ON outbox (due, path);
"""


class CatalogueError(FeedsError):
    """The catalogue is missing, damaged or of another schema: it has to be built again."""


def create(path: Path) -> sqlite3.Connection:
    """An empty catalogue at a path where there is nothing."""
    # It holds what is not public yet, wherever its folder is; SQLite gives its companions the same mode.
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600))
    connection = _connect(path, "rwc")
    connection.executescript(
        f"PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA application_id = {APPLICATION_ID};"
        f"BEGIN; {_TABLES} PRAGMA user_version = {SCHEMA}; COMMIT;"
    )
    return connection


def open_to_write(path: Path) -> sqlite3.Connection:
    """The catalogue for its one compiler. Raises CatalogueError when it must be built again."""
    return _checked(path, "rw")


def open_to_read(path: Path) -> sqlite3.Connection:
    """The catalogue for one reader; readers never wait for the compiler (WAL). Raises CatalogueError."""
    connection = _checked(path, "rw")
    connection.execute("PRAGMA query_only = ON")
    return connection


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=30, check_same_thread=False)
    connection.execute("PRAGMA foreign_keys = ON")
    # The catalogue can be built again at any time: a power cut may cost the last compile, never the file.
    connection.execute("PRAGMA synchronous = NORMAL")
    return connection


def _checked(path: Path, mode: str) -> sqlite3.Connection:
    try:
        connection = _connect(path, mode)
        found = tuple(connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version"))
    except sqlite3.Error as error:
        raise CatalogueError(f"{path}: no catalogue that can be read ({error})") from error
    if found != (APPLICATION_ID, SCHEMA):
        connection.close()
        raise CatalogueError(f"{path}: made by another version (it is built again from the YAML files)")
    return connection


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def micros(moment: datetime) -> int:
    """Microseconds since 1970 in UTC, exact."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def moment(value: int) -> datetime:
    """The aware time in UTC of a number made by `micros`."""
    return _EPOCH + timedelta(microseconds=value)


def written(vocabulary: Vocabulary) -> str:
    """A vocabulary as text, the same for the same vocabulary."""
    terms = {
        facet: [term.model_dump(mode="json", exclude_defaults=True) for term in vocabulary.terms.get(facet, ())]
        for facet in vocabulary.facet_names
    }
    newsroom = vocabulary.newsroom.model_dump(mode="json", exclude_defaults=True)
    return json.dumps({"newsroom": newsroom, "terms": terms}, ensure_ascii=False, sort_keys=True)


def read(text: str) -> Vocabulary:
    """The vocabulary of a text made by `written`."""
    kept = json.loads(text)
    terms = {facet: tuple(map(Term.model_validate, terms)) for facet, terms in kept["terms"].items()}
    return Vocabulary(Newsroom.model_validate(kept["newsroom"]), terms)
