"""Takes over what version 1.0.0 kept in its catalogue: what readers had seen, and what the hub was to be told."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from feeds.database import Database, connect, identity, transaction
from feeds.errors import FeedsError
from feeds.memory import feed_places, seen_releases
from feeds.memory.feed_places import NOTHING, Feed, Life, events, new_places
from feeds.memory.memory_file import SEEN_UNTIL, set_facts
from feeds.memory.seen_releases import SeenRelease
from feeds.model.renames import fingerprint

_APPLICATION_ID, _SCHEMA = 0x46454544, 1
_VISIBLE = "NOT r.shadowed AND e.since <= :until AND e.until > :until"


def take_over(memory: Database, catalogue: Path, now: int) -> None:
    """Fills an empty memory from the catalogue of version 1.0.0. Raises FeedsError for a file that is none.

    ``now`` is in microseconds since 1970: what had been published by then was seen.
    """
    try:
        with closing(connect(catalogue, "ro")) as old:
            if identity(old) != (_APPLICATION_ID, _SCHEMA):
                raise FeedsError(f"{catalogue}: no catalogue of version 1.0.0")
            old.row_factory = sqlite3.Row
            _copy(old, memory, now)
    except (sqlite3.Error, LookupError, TypeError, ValueError) as error:
        raise FeedsError(f"{catalogue}: {error}") from error


def _copy(old: sqlite3.Connection, memory: Database, now: int) -> None:
    facts = dict(old.execute("SELECT name, value FROM meta WHERE name IN ('seen_until', 'pushed')").fetchall())
    known = {"announced_until": facts.get("seen_until"), "pushed": facts.get("pushed"), SEEN_UNTIL: str(now)}
    releases = list(_releases(old, now))
    gone = [_seen(row, row["path"], 0, gone=True) for row in old.execute("SELECT id, story, path, model FROM former")]
    with transaction(memory):
        set_facts(memory, **{name: text for name, text in known.items() if text})
        for life in _lives(old):
            feed_places.write(
                memory, [each for each in new_places(life, (), None, NOTHING, None) if each.moment <= now]
            )
        seen_releases.write(memory, [*gone, *releases])
        for table in ("pushed", "outbox"):
            for row in old.execute(f"SELECT * FROM {table}"):
                memory.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", tuple(row))


def _lives(old: sqlite3.Connection) -> Iterator[Life]:
    for row in old.execute("SELECT key, id, language, published FROM releases r WHERE NOT shadowed ORDER BY id"):
        editions = old.execute(
            "SELECT since, announces, corrected OR withdrawn FROM editions WHERE release = ? ORDER BY since",
            (row["key"],),
        )
        tags = old.execute("SELECT facet, slug FROM tags WHERE release = ? ORDER BY facet, slug", (row["key"],))
        terms: list[Feed] = [(facet, slug) for facet, slug in tags]
        yield Life(
            fingerprint(row["id"]), row["language"], row["published"], events(tuple(each) for each in editions), terms
        )


def _releases(old: sqlite3.Connection, now: int) -> Iterator[SeenRelease]:
    for row in old.execute(
        "SELECT r.id, r.story, r.path, r.published, r.model, e.withdrawn, e.updated"
        f" FROM releases r JOIN editions e ON e.release = r.key WHERE {_VISIBLE}",
        {"until": now},
    ):
        release = _seen(row, row["path"], row["published"], gone=False)
        yield release._replace(withdrawn=row["updated"] if row["withdrawn"] else None)


def _seen(row: sqlite3.Row, path: str, published: int, *, gone: bool) -> SeenRelease:
    model: dict[str, Any] = json.loads(row["model"])
    return SeenRelease(
        mark=fingerprint(row["id"]),
        id=row["id"],
        language=model["language"],
        path=path,
        story=row["story"],
        title=fingerprint(model["title"]),
        published=published,
        text=fingerprint(f"{model['summary']}\n\n{model.get('body') or ''}"),
        gone=gone,
        withdrawn=None,
        digest=b"",
        changed=0,
        model=None,
    )
