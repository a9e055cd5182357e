"""What a compile changes for readers, in a line for each release: published, updated, withdrawn, gone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple, TypeAlias

from feeds.catalogue.releases import EDITIONS, VISIBLE
from feeds.database import Database, micros

MOST_TOLD = 100
"""Stories; if a compile changes more, there is no news of it, since nobody would read so many lines."""


class ReaderChange(NamedTuple):
    """What became of a release that readers see, or saw."""

    what: str
    """published, updated, withdrawn or gone."""
    title: str
    language: str
    path: str


class ReaderView(NamedTuple):
    """A release as readers see it."""

    title: str
    language: str
    path: str
    digest: bytes
    withdrawn: bool


Seen: TypeAlias = Mapping[str, ReaderView]
"""By id."""


def seen(database: Database, stories: Iterable[str], now: datetime) -> Seen:
    """What readers see of some stories at a time."""
    names = tuple(stories)
    marks = ",".join(f":s{number}" for number in range(len(names)))
    rows = database.execute(
        "SELECT r.id, r.title, r.language, r.path, e.digest, e.withdrawn"
        f" FROM {EDITIONS} WHERE {VISIBLE} AND r.story IN ({marks})",
        {"now": micros(now), **{f"s{number}": name for number, name in enumerate(names)}},
    )
    return {row[0]: ReaderView(row[1], row[2], row[3], row[4], bool(row[5])) for row in rows}


def news(before: Seen, after: Seen) -> Iterator[ReaderChange]:
    """What has changed between two looks, sorted by id."""
    for id_ in sorted({*before, *after}):
        was, now = before.get(id_), after.get(id_)
        if now is None:
            if was:
                yield ReaderChange("gone", *was[:3])
        elif was is None:
            yield ReaderChange("withdrawn" if now.withdrawn else "published", *now[:3])
        elif was.digest != now.digest:
            yield ReaderChange("withdrawn" if now.withdrawn and not was.withdrawn else "updated", *now[:3])
