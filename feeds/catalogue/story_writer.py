"""Writes stories: their files, releases, editions and rendered entries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from feeds.catalogue import change_log, fulltext, media_rows, mentions, problem_rows
from feeds.catalogue.release_rows import EditionRow, ReleaseRow, StoryRows
from feeds.catalogue.tables import meta, set_meta
from feeds.content import Signature
from feeds.database import Database, SqliteDatabase

MAY_STAY = 1_000
"""Releases that are gone and may stay in the full text index, in addition to as many as are there."""

UNREAD: Signature = (0, 0, 0, 0)
"""Written for a file that the machine could not read: no file has this signature, so the next compile reads it."""


def stories(database: Database) -> list[str]:
    """All stories, sorted."""
    return [story for (story,) in database.execute("SELECT DISTINCT story FROM files ORDER BY story")]


def models(database: Database, story: str) -> tuple[str, ...]:
    """A story's releases as they last were, as JSON."""
    rows = database.execute("SELECT model FROM releases WHERE story = ? ORDER BY key", (story,))
    return tuple(database.unpack(model).decode() for (model,) in rows.fetchall())


def remove_story(database: Database, story: str) -> None:
    """Deletes a story and its files."""
    change_log.note_story(database, story)
    for table in ("files", "beside", "problems", "releases"):
        database.execute(f"DELETE FROM {table} WHERE story = ?", (story,))


def replace_story(database: Database, rows: StoryRows, files: Iterable[tuple[str, Signature]]) -> None:
    """Writes a story as it is now in place of what it was."""
    change_log.note_story(database, rows.story)
    database.execute("DELETE FROM files WHERE story = ?", (rows.story,))
    stay = ",".join("?" * len(rows.stays))
    database.execute(f"DELETE FROM releases WHERE story = ? AND id NOT IN ({stay})", (rows.story, *rows.stays))
    database.execute("UPDATE releases SET fallback = TRUE WHERE story = ?", (rows.story,))
    problem_rows.replace(database, rows.story, ())
    media_rows.delete_beside(database, rows.story)
    add_stories(database, [(rows, files)])
    change_log.note_story(database, rows.story)


def tidy_words(database: Database) -> None:
    """Makes the full text index again when more of the releases in it are gone than there."""
    if not isinstance(database, SqliteDatabase):
        return  # on a server the words of a release go with it
    (given,) = database.execute("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'releases'").fetchone()
    (there,) = database.execute("SELECT count(*) FROM releases").fetchone()
    gone = given - there
    if gone - int(meta(database, "words_gone") or 0) > there + MAY_STAY:
        fulltext.begin_anew(database)
        set_meta(database, words_gone=str(gone))


def add_stories(database: Database, stories: Sequence[tuple[StoryRows, Iterable[tuple[str, Signature]]]]) -> None:
    """Writes stories with their files, where none of it is there yet: table by table, which is faster."""
    database.executemany(
        "INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            (path, path.rpartition("/")[0], rows.story, *(UNREAD if rows.unread else mark))
            for rows, files in stories
            for path, mark in files
        ),
    )
    media_rows.insert_beside(database, ((rows.story, rows.beside) for rows, _ in stories))
    for rows, _ in stories:
        problem_rows.add(database, rows.story, rows.problems)
    releases = _add_releases(database, [(rows.story, row) for rows, _ in stories for row in rows.releases])
    database.executemany(
        "INSERT INTO tags VALUES (?, ?, ?)", ((facet, slug, key) for key, row in releases for facet, slug in row.tags)
    )
    database.executemany(
        "INSERT INTO aliases VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        ((row.language, alias, key) for key, row in releases for alias in row.aliases),
    )
    fulltext.insert(database, ((key, row.words) for key, row in releases))
    mentions.insert(database, ((key, each) for key, row in releases for each in row.mentions))
    media_rows.insert(database, ((key, each) for key, row in releases for each in row.media))
    _add_editions(database, [(key, edition) for key, row in releases for edition in row.editions])


def _add_releases(database: Database, rows: Sequence[tuple[str, ReleaseRow]]) -> list[tuple[int, ReleaseRow]]:
    """Writes releases, which come with their stories. Returns them with their keys."""
    database.executemany(
        "INSERT INTO releases (story, id, language, path, published, mark, title, title_print, text_print, url,"
        " fallback, original, pinned, pictured, model) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                *(story, row.id, row.language, row.path, row.published),
                *(row.mark, row.title, row.title_print, row.text_print, row.url, row.fallback, row.original),
                *(row.pinned, row.pictured, row.model),
            )
            for story, row in rows
        ),
    )
    return list(zip(_newest_keys(database, "releases", len(rows)), (row for _, row in rows), strict=True))


def _newest_keys(database: Database, table: str, count: int) -> list[int]:
    """The keys of the rows that were written last, in their order. Nobody else writes, and each key is the highest."""
    keys = database.execute(f"SELECT key FROM {table} ORDER BY key DESC LIMIT ?", (count,))
    return [key for (key,) in keys][::-1]


def _add_editions(database: Database, rows: Sequence[tuple[int, EditionRow]]) -> None:
    """Writes editions of releases, which come with their keys."""
    database.executemany(
        "INSERT INTO editions (release, since, until, updated, announces, corrected, withdrawn, digest, translations)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                *(release, row.since, row.until, row.updated),
                *(row.announces, row.corrected, row.withdrawn, row.digest, row.translations),
            )
            for release, row in rows
        ),
    )
    editions = list(zip(_newest_keys(database, "editions", len(rows)), (row for _, row in rows), strict=True))
    database.executemany("INSERT INTO entries VALUES (?, ?)", ((key, row.entry) for key, row in editions))
    database.executemany(
        "INSERT INTO rendered VALUES (?, ?, ?)", ((key, *each) for key, row in editions for each in row.rendered)
    )
