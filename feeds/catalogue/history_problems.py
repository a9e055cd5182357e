"""Writes problems for editors: releases that readers were told of late, and releases that have vanished."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import tzinfo

from feeds.catalogue import problem_rows
from feeds.database import Database, moment
from feeds.memory.seen_releases import SeenRelease
from feeds.model.problems import Problem


def tell_of_late(database: Database, folder: str, zone: tzinfo, stories: Collection[str] | None) -> None:
    """Tells which releases of some stories readers were told of later than their files say.

    ``folder`` is the name of the content folder. None tells of all, in a catalogue that tells of none yet.
    """
    if stories is None:
        _tell_of_late(database, folder, zone, "")
        return
    for story in stories:
        problem_rows.replace(database, f"{problem_rows.LATE}{story}", ())
        _tell_of_late(database, folder, zone, " AND r.story = ?", story)


def _tell_of_late(database: Database, folder: str, zone: tzinfo, where: str, *values: str) -> None:
    due = "(SELECT MIN(since) FROM editions WHERE release = r.key)"
    # Without its name SQLite takes another index, and reads the places of all releases.
    rows = database.execute(
        f"SELECT r.story, r.language, p.moment, {due}"
        " FROM releases r JOIN places p INDEXED BY places_by_mark ON p.mark = r.mark"
        " AND p.language = r.language AND p.facet = '' AND p.event = 0"
        f" WHERE NOT r.shadowed AND p.moment > {due}{where} ORDER BY r.story, r.language",
        values,
    ).fetchall()
    for story, language, *moments in rows:
        told, written = (moment(each).astimezone(zone) for each in moments)
        message = (
            f"dated {written:%Y-%m-%d}, announced {told:%Y-%m-%d at %H:%M}: readers had been told of something newer"
            " before"
        )
        advice = (
            f"write “announced: {told.isoformat(timespec='seconds')}”, so that every machine says so (only this"
            " machine's memory knows)"
        )
        file = f"{folder}/{_file(database, story, language)}"
        found = Problem(file, 0, 0, "announced", message, advice, fatal=False)
        problem_rows.add(database, f"{problem_rows.LATE}{story}", [found])


def _file(database: Database, story: str, language: str) -> str:
    row = database.execute(
        "SELECT path FROM files WHERE story = ? AND path LIKE ?", (story, f"%.{language}.yaml")
    ).fetchone()
    return row[0] if row else story


def tell_of_vanished(database: Database, folder: str, gone: Iterable[SeenRelease]) -> None:
    """Tells what an editor should do about each release that readers have seen and that is no longer there."""
    problem_rows.replace(database, problem_rows.VANISHED, _vanished(database, folder, gone))


def _vanished(database: Database, folder: str, gone: Iterable[SeenRelease]) -> Iterator[Problem]:
    advice = "subscribers keep it without a word: to take it back, {} “withdrawn” with a date and a reason"
    for each in gone:
        there = database.execute("SELECT 1 FROM releases WHERE id = ?", (each.id,)).fetchone()
        message, how = (
            (f"{each.path} was published, and is now hidden", "show it again and write")
            if there
            else (f"{each.path} was published, and is gone", "bring the file back and write into it")
        )
        yield Problem(f"{folder}/{each.story}", 0, 0, "", message, advice.format(how), fatal=False)
