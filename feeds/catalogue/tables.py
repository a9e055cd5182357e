"""The catalogue's tables, and how single values and the newsroom are written in them.

All of it is derived from the YAML files, and from the memory of what readers have been shown.
"""

from __future__ import annotations

import json
from datetime import datetime

from feeds.catalogue import compression, media_rows, mentions, tokenizer
from feeds.database import Database, micros
from feeds.memory import feed_places, is_of_a_leap
from feeds.memory.memory_file import SEEN_UNTIL
from feeds.model.media import MediaFile
from feeds.model.newsroom import Newsroom, Term
from feeds.model.theme import Theme
from feeds.model.vocabulary import Vocabulary

SCHEMA = 18
"""Raised whenever the tables change: an older or newer catalogue is then not opened but built again."""

TABLES = f"""
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE files (path TEXT PRIMARY KEY, folder TEXT NOT NULL, story TEXT NOT NULL, size INTEGER NOT NULL,
    modified INTEGER NOT NULL, changed INTEGER NOT NULL, inode INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX files_by_folder ON files (folder);
CREATE INDEX files_by_story ON files (story);
CREATE TABLE problems (story TEXT NOT NULL, file TEXT NOT NULL, line INTEGER NOT NULL, column INTEGER NOT NULL,
    path TEXT NOT NULL, message TEXT NOT NULL, advice TEXT NOT NULL, fatal INTEGER NOT NULL);
CREATE INDEX problems_by_story ON problems (story);
CREATE TABLE releases (key INTEGER PRIMARY KEY AUTOINCREMENT, story TEXT NOT NULL, id TEXT NOT NULL,
    language TEXT NOT NULL, path TEXT NOT NULL, published INTEGER NOT NULL, shadowed INTEGER NOT NULL DEFAULT 0,
    mark INTEGER NOT NULL, title TEXT NOT NULL, title_print INTEGER NOT NULL, text_print INTEGER NOT NULL, url TEXT,
    fallback INTEGER NOT NULL, changed INTEGER NOT NULL DEFAULT 0, original INTEGER NOT NULL, pinned INTEGER,
    pictured INTEGER NOT NULL, model BLOB NOT NULL);
CREATE INDEX releases_by_mark ON releases (mark, shadowed);
CREATE INDEX releases_by_change ON releases (changed);
CREATE INDEX releases_by_story ON releases (story);
CREATE INDEX releases_by_id ON releases (id, shadowed);
CREATE INDEX releases_by_address ON releases (language, path, shadowed);
CREATE INDEX releases_by_date ON releases (language, published, id, shadowed, mark, changed);
CREATE INDEX originals_by_date ON releases (published, id, shadowed, mark, changed) WHERE original;
CREATE INDEX releases_by_path ON releases (path);
CREATE INDEX releases_pinned ON releases (pinned) WHERE pinned IS NOT NULL;
CREATE INDEX releases_by_key ON releases (key, shadowed, language, published, id, mark, changed, original);
CREATE INDEX releases_shadowed ON releases (key) WHERE shadowed;
CREATE TABLE tags (facet TEXT NOT NULL, slug TEXT NOT NULL, release INTEGER NOT NULL
    REFERENCES releases (key) ON DELETE CASCADE, PRIMARY KEY (facet, slug, release)) WITHOUT ROWID;
CREATE INDEX tags_by_release ON tags (release);
CREATE TABLE aliases (language TEXT NOT NULL, path TEXT NOT NULL, release INTEGER NOT NULL
    REFERENCES releases (key) ON DELETE CASCADE, PRIMARY KEY (language, path, release)) WITHOUT ROWID;
CREATE INDEX aliases_by_path ON aliases (path);
CREATE INDEX aliases_by_release ON aliases (release);
CREATE TABLE editions (key INTEGER PRIMARY KEY, release INTEGER NOT NULL REFERENCES releases (key) ON DELETE CASCADE,
    since INTEGER NOT NULL, until INTEGER NOT NULL, updated INTEGER NOT NULL, announces INTEGER NOT NULL,
    corrected INTEGER NOT NULL, withdrawn INTEGER NOT NULL, digest BLOB NOT NULL, translations TEXT NOT NULL);
CREATE INDEX editions_by_release ON editions (release, since, until, updated, announces, corrected, withdrawn);
CREATE INDEX editions_by_since ON editions (since);
CREATE INDEX editions_withdrawn ON editions (release, since) WHERE withdrawn;
CREATE TABLE entries (edition INTEGER PRIMARY KEY REFERENCES editions (key) ON DELETE CASCADE, entry BLOB NOT NULL);
CREATE TABLE rendered (edition INTEGER NOT NULL REFERENCES editions (key) ON DELETE CASCADE, format TEXT NOT NULL,
    bytes BLOB NOT NULL, PRIMARY KEY (edition, format));
{feed_places.TABLE}
CREATE INDEX places_by_mark ON places (mark, language, facet, slug, moment, seq);
CREATE INDEX places_by_moment ON places (moment);
CREATE TABLE numbered (language TEXT NOT NULL, number INTEGER NOT NULL, moment INTEGER NOT NULL, seq INTEGER NOT NULL,
    published INTEGER NOT NULL, mark INTEGER NOT NULL, PRIMARY KEY (language, number)) WITHOUT ROWID;
CREATE INDEX numbered_by_moment ON numbered (language, moment);
CREATE INDEX numbered_by_mark ON numbered (mark, language);
CREATE TABLE bitmaps (language TEXT NOT NULL, facet TEXT NOT NULL, slug TEXT NOT NULL, releases_crc INTEGER NOT NULL,
    crc INTEGER NOT NULL, releases BLOB NOT NULL, places BLOB NOT NULL, members BLOB NOT NULL, entries BLOB NOT NULL,
    UNIQUE (language, facet, slug));
CREATE TABLE redated (language TEXT NOT NULL, number INTEGER NOT NULL, published INTEGER NOT NULL,
    PRIMARY KEY (language, number)) WITHOUT ROWID;
CREATE TABLE leavings (language TEXT NOT NULL, facet TEXT NOT NULL, slug TEXT NOT NULL, moment INTEGER NOT NULL,
    PRIMARY KEY (language, facet, slug)) WITHOUT ROWID;
CREATE TABLE sitemap_years (year INTEGER PRIMARY KEY, since INTEGER NOT NULL, until INTEGER NOT NULL,
    parts TEXT NOT NULL);
CREATE TABLE changes (key INTEGER PRIMARY KEY AUTOINCREMENT, note TEXT NOT NULL UNIQUE);
{compression.TABLE}
{mentions.TABLE}
{media_rows.TABLE}
{tokenizer.TABLE}
"""


def meta(database: Database, name: str) -> str | None:
    """A single value of the catalogue; None if it was never written."""
    row = database.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
    return row[0] if row else None


def was_made_in_a_leap(database: Database, now: datetime) -> bool:
    """Whether the clock had leapt ahead at the last compile: then it tells of changes that have not come yet."""
    until = meta(database, SEEN_UNTIL)
    return until is not None and is_of_a_leap(int(until), micros(now))


def set_meta(database: Database, **values: str) -> None:
    """Writes single values of the catalogue."""
    database.executemany(
        "INSERT INTO meta VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", values.items()
    )


def generation(database: Database) -> int:
    """A number that is raised by every compile that changes what the catalogue says."""
    return int(meta(database, "generation") or 0)


def vocabulary_to_json(vocabulary: Vocabulary) -> str:
    """A vocabulary as JSON, the same text for the same vocabulary."""
    terms = {
        facet: [term.model_dump(mode="json", exclude_defaults=True) for term in vocabulary.terms.get(facet, ())]
        for facet in vocabulary.facet_names
    }
    newsroom = vocabulary.newsroom.model_dump(mode="json", exclude_defaults=True)
    found = {"newsroom": newsroom, "terms": terms} | ({"words": vocabulary.own_words} if vocabulary.own_words else {})
    if vocabulary.pictures:
        found["pictures"] = {name: file.model_dump(mode="json") for name, file in vocabulary.pictures.items()}
    return json.dumps(found, ensure_ascii=False, sort_keys=True)


def vocabulary_from_json(text: str) -> Vocabulary:
    """The vocabulary that `vocabulary_to_json` has written. Raises ValueError or KeyError for anything else."""
    found = json.loads(text)
    terms = {facet: tuple(map(Term.model_validate, terms)) for facet, terms in found["terms"].items()}
    words = {
        language: {message: tuple(forms) for message, forms in own.items()}
        for language, own in found.get("words", {}).items()
    }
    pictures = {name: MediaFile.model_validate(file) for name, file in found.get("pictures", {}).items()}
    return Vocabulary(Newsroom.model_validate(found["newsroom"]), terms, words, pictures)


def theme_to_json(theme: Theme) -> str:
    """A theme as JSON, the same text for the same theme; empty for none."""
    if theme == Theme():
        return ""
    files = [file.model_dump(mode="json", exclude_defaults=True) for file in theme.files]
    found = {"style": theme.style, "templates": dict(theme.templates), "files": files}
    return json.dumps(found, ensure_ascii=False, sort_keys=True)


def theme_from_json(text: str) -> Theme:
    """The theme that `theme_to_json` has written. Raises ValueError or KeyError for anything else."""
    if not text:
        return Theme()
    found = json.loads(text)
    files = tuple(map(MediaFile.model_validate, found["files"]))
    return Theme(found["style"], tuple(sorted(found["templates"].items())), files)
