"""What an editor's newsroom holds, release by release: also what is scheduled. Never for readers."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from feeds.catalogue.tables import micros, moment
from feeds.model.release import Release
from feeds.model.review import ReleaseState

_DATES = ("date_published", "date_modified")

_RELEASES = """SELECT r.story, r.model, e.since, e.updated, e.withdrawn, e.corrected, k.json,
    (SELECT MIN(c.since) FROM editions c WHERE c.release = r.key AND c.since > :now AND c.announces) FROM releases r
    JOIN editions e ON e.key = COALESCE(
        (SELECT c.key FROM editions c WHERE c.release = r.key AND c.since <= :now AND c.until > :now),
        (SELECT c.key FROM editions c WHERE c.release = r.key ORDER BY c.since LIMIT 1))
    JOIN kept k ON k.edition = e.key WHERE NOT r.shadowed ORDER BY r.id"""


def overview(database: sqlite3.Connection, now: datetime) -> tuple[ReleaseState, ...]:
    """Every release that is or will be seen, as it stands now, or else as it will at first; sorted by id."""
    return tuple(
        replace(
            _known(
                story, Release.model_validate_json(model), moment(updated), (bool(withdrawn), bool(corrected)), item
            ),
            coming=None if coming is None else moment(coming),
        )
        for story, model, _, updated, withdrawn, corrected, item, coming in database.execute(
            _RELEASES, {"now": micros(now)}
        )
    )


def languages_of_stories(database: sqlite3.Connection) -> dict[str, tuple[Release, ...]]:
    """By the original's file: every version of a story that is or will be seen."""
    found: dict[str, list[Release]] = {}
    for story, model in database.execute(
        "SELECT r.story, r.model FROM releases r WHERE NOT r.shadowed"
        " AND EXISTS (SELECT 1 FROM editions e WHERE e.release = r.key) ORDER BY r.story, r.key"
    ):
        found.setdefault(story, []).append(Release.model_validate_json(model))
    return {story: tuple(releases) for story, releases in found.items()}


def uneven(database: sqlite3.Connection, now: datetime) -> tuple[tuple[str, datetime], ...]:
    """What comes in the middle of a minute, by the original's file: sorted by time.

    Cache lifetimes run to full minutes anyway; only such a moment shortens them, and so shows that something comes.
    """
    rows = database.execute(
        "SELECT DISTINCT e.since, r.story FROM editions e JOIN releases r ON r.key = e.release"
        " WHERE e.since > ? AND e.since % 60000000 AND NOT r.shadowed ORDER BY e.since, r.story",
        (micros(now),),
    )
    return tuple((story, moment(since)) for since, story in rows)


def _known(story: str, release: Release, updated: datetime, state: tuple[bool, bool], item: bytes) -> ReleaseState:
    withdrawn, corrected = state
    return ReleaseState(
        id=release.id,
        file=story,
        language=release.language,
        path=release.path,
        title=release.title,
        published=release.published,
        updated=updated,
        withdrawn=withdrawn,
        corrected=corrected or withdrawn,
        terms=tuple((facet, slug) for facet, slugs in release.terms for slug in slugs),
        entry=item,
        text=_without_dates(json.loads(item)),
    )


def _without_dates(item: Mapping[str, object]) -> str:
    """All that an entry says but when."""
    kept = {name: value for name, value in item.items() if name not in _DATES}
    more = item.get("_newsroom")
    if isinstance(more, dict):
        kept["_newsroom"] = {name: value for name, value in more.items() if name != "date"}
    return json.dumps(kept, ensure_ascii=False, sort_keys=True)
