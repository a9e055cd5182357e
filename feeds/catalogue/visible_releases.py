"""Every release that stands at a time, as short as search engines want it: nothing scheduled, drafted or withdrawn."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from feeds.catalogue.tables import micros, moment

# What stands beside it in other languages, as its entry says; most releases are alone, and then nothing is parsed.
_LINKS = (
    "IIF((SELECT COUNT(*) FROM releases o WHERE o.story = r.story) > 1,"
    " (SELECT json_extract(CAST(k.json AS TEXT), '$._newsroom.links') FROM kept k WHERE k.edition = e.key), NULL)"
)
_STANDING = (
    " FROM releases r JOIN editions e ON e.release = r.key WHERE NOT r.shadowed AND NOT e.withdrawn"
    " AND e.since <= :now AND e.until > :now"
)


@dataclass(frozen=True, slots=True)
class Standing:
    """A release's address, its title and dates, and where it stands in other languages."""

    language: str
    path: str
    title: str
    published: datetime
    updated: datetime
    translations: Mapping[str, str]
    """Whole addresses by language, without its own."""


def standing(database: sqlite3.Connection, now: datetime, after: datetime | None) -> list[Standing]:
    """The oldest first, published after a time if one is given; without what lives at an address elsewhere."""
    rows = database.execute(
        f"SELECT r.language, r.path, json_extract(r.model, '$.title'), r.published, e.updated, {_LINKS}" + _STANDING +
        " AND json_extract(r.model, '$.url') IS NULL AND r.published > :after ORDER BY r.published, r.id",
        {"now": micros(now), "after": micros(after) if after else 0},
    )  # fmt: skip
    return [
        Standing(language, path, title, moment(published), moment(updated), _translations(links))
        for language, path, title, published, updated, links in rows
    ]


def _translations(links: str | None) -> dict[str, str]:
    named = json.loads(links) if links else []
    return {link["hreflang"]: link["href"] for link in named if link["rel"] == "alternate" and "hreflang" in link}


def upcoming(database: sqlite3.Connection, now: datetime) -> tuple[datetime, str] | None:
    """When the next scheduled release is due, and its title: for editors, never for readers."""
    row = database.execute(
        "SELECT r.published, json_extract(r.model, '$.title') FROM releases r WHERE NOT r.shadowed"
        " AND r.published > :now AND EXISTS (SELECT 1 FROM editions e WHERE e.release = r.key)"
        " ORDER BY r.published, r.id LIMIT 1",
        {"now": micros(now)},
    ).fetchone()
    return (moment(row[0]), row[1]) if row else None


def newest_until(database: sqlite3.Connection, now: datetime, until: datetime) -> datetime | None:
    """When the newest of those releases was published that are not newer than a time."""
    row = database.execute(
        "SELECT MAX(r.published)" + _STANDING + " AND r.published <= :until",
        {"now": micros(now), "until": micros(until)},
    ).fetchone()
    return None if row[0] is None else moment(row[0])
