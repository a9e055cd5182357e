"""The parts of the sitemap: the releases of each year in their order, so many in a part, with its newest change.

They are kept as a compile writes them. What is kept of a year holds from the moment at which the year last changed by
itself until the next one; at any other moment the year is read again. So the list of all parts reads one row a year.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from hashlib import blake2b
from itertools import pairwise
from typing import NamedTuple

from feeds.catalogue.errors import readable
from feeds.catalogue.releases import EDITIONS
from feeds.catalogue.tables import meta, set_meta
from feeds.database import FOREVER, Database, micros, moment
from feeds.memory.feed_places import ALL
from feeds.model.newsroom import Newsroom

LARGEST = 5_000
"""Addresses in one part, well below the protocol's limits of 50,000 addresses and 50 MB."""

_KEPT_FOR = "sitemap_kept_for"


@dataclass(frozen=True, slots=True)
class SitemapPart:
    """A part of the sitemap."""

    year: int
    """In which its releases were published, in the newsroom's time zone."""
    number: int
    """From 1, the oldest releases of the year first."""
    changed: datetime
    """When readers last got another address, date or translation in it, or lost one by a withdrawal."""
    digest: str
    """Changes whenever anything in the part does."""


@dataclass(frozen=True, slots=True)
class SitemapRelease:
    """What a sitemap says of a release: its address, its last change, and its translations."""

    language: str
    path: str
    updated: datetime
    translations: dict[str, str]
    """Paths by language, without its own."""


@dataclass(frozen=True, slots=True)
class SitemapParts:
    """Questions about the parts of a newsroom's sitemap. No release that lives elsewhere or is withdrawn is in it."""

    _database: Database

    def all(self, newsroom: Newsroom, now: datetime) -> list[SitemapPart]:
        """The parts of all years, the newest year first."""
        at = micros(now)
        rows = self._database.execute("SELECT year, since, until, parts FROM sitemap_years ORDER BY year DESC")
        return [
            SitemapPart(year, number, moment(part.changed), part.digest)
            for year, *kept in rows.fetchall()
            for number, part in enumerate(_at(self._database, newsroom, year, kept, at), 1)
        ]

    def releases(self, newsroom: Newsroom, year: int, number: int, now: datetime) -> list[SitemapRelease]:
        """The releases of a part, the oldest first; none if there is no such part."""
        at = micros(now)
        kept = self._database.execute("SELECT since, until, parts FROM sitemap_years WHERE year = ?", (year,))
        row = kept.fetchone()
        parts = _at(self._database, newsroom, year, row, at) if row else []
        if not 1 <= number <= len(parts):
            return []
        begin = parts[number - 1].first
        end = parts[number].first if number < len(parts) else _First(_begin(newsroom.time_zone, year + 1), "")
        return [
            SitemapRelease(each.language, each.path, moment(each.updated), json.loads(each.translations))
            for each in _read(self._database, newsroom, begin.published, end.published + 1, at)
            if begin <= _place(each) < end and each.since <= at and not each.withdrawn
        ]


# -- to write -----------------------------------------------------------------------------------------------------


def settle(database: Database, newsroom: Newsroom, dates: Collection[int] | None, now: int) -> None:
    """Brings what is kept up to date at a time.

    ``dates`` are the dates of all releases that came, went or changed, from before and after; None for all releases.
    """
    kept_for = f"{newsroom.time_zone} {' '.join(newsroom.languages)}"
    if dates is None or meta(database, _KEPT_FOR) != kept_for:
        database.execute("DELETE FROM sitemap_years")
        set_meta(database, **{_KEPT_FOR: kept_for})
        years = set(_all_years(database, newsroom))
    else:
        years = {_year(newsroom.time_zone, date) for date in dates}
        passed = database.execute("SELECT year FROM sitemap_years WHERE since > ? OR until <= ?", (now, now))
        years.update(year for (year,) in passed)
    for year in sorted(years):
        found = _as_it_is(database, newsroom, year, now)
        if found.is_empty:
            database.execute("DELETE FROM sitemap_years WHERE year = ?", (year,))
            continue
        database.execute(
            "INSERT INTO sitemap_years (year, since, until, parts) VALUES (?, ?, ?, ?) ON CONFLICT (year) DO UPDATE"
            " SET since = excluded.since, until = excluded.until, parts = excluded.parts",
            (year, found.since, found.until, json.dumps(found.parts)),
        )


def _all_years(database: Database, newsroom: Newsroom) -> Iterator[int]:
    """The years from the first release to the last, by language, since the index of dates begins with the language."""
    for language in newsroom.languages:
        first, last = database.execute(
            "SELECT MIN(published), MAX(published) FROM releases WHERE language = ?", (language,)
        ).fetchone()
        if first is not None:
            yield from range(_year(newsroom.time_zone, first), _year(newsroom.time_zone, last) + 1)


# -- to read a year -----------------------------------------------------------------------------------------------


class _First(NamedTuple):
    """The first release of a part. Releases are ordered by these two values."""

    published: int
    id: str


class _Part(NamedTuple):
    """A part of a year, as it is kept."""

    first: _First
    changed: int
    digest: str


class _Year(NamedTuple):
    """The parts of a year, and between which moments they are so."""

    since: int
    until: int
    parts: list[_Part]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is, was or will be in it. What is withdrawn was."""
        return self.since == -FOREVER and self.until == FOREVER


class _Edition(NamedTuple):
    """An edition of a release that has its page here."""

    published: int
    id: str
    language: str
    path: str
    since: int
    updated: int
    told: int
    """When the feed of all releases last told of it."""
    withdrawn: int
    translations: str

    @property
    def changed(self) -> int:
        """When readers last got something new. A release that came late may have only old dates in its file."""
        return max(self.since, self.updated, self.told)


def _at(database: Database, newsroom: Newsroom, year: int, kept: tuple[int, int, str], now: int) -> list[_Part]:
    """The parts of a year at a time: as they are kept, or read again if they are not kept for this time."""
    since, until, parts = kept
    if since <= now < until:
        with readable("the sitemap"):
            return [_Part(_First(*first), changed, digest) for first, changed, digest in json.loads(parts)]
    return _as_it_is(database, newsroom, year, now).parts


def _as_it_is(database: Database, newsroom: Newsroom, year: int, now: int) -> _Year:
    """A year at a time, read from its releases."""
    zone = newsroom.time_zone
    found = _read(database, newsroom, _begin(zone, year), _begin(zone, year + 1), now)
    visible = [each for each in found if each.since <= now]
    since = max((max(each.since, each.told) for each in visible), default=-FOREVER)
    until = min((each.since for each in found if each.since > now), default=FOREVER)
    firsts = [_place(each) for each in visible if not each.withdrawn][::LARGEST]
    # A notice of withdrawal counts for the part in which the release would stand; the first part, if before it.
    begins = [0, *(bisect_left(visible, first, key=_place) for first in firsts[1:]), len(visible)]
    chunks = [visible[begin:end] for begin, end in pairwise(begins)] if firsts else []
    parts = [
        _Part(first, max(each.changed for each in chunk), _digest(chunk))
        for first, chunk in zip(firsts, chunks, strict=True)
    ]
    return _Year(since, until, parts)


def _read(database: Database, newsroom: Newsroom, begin: int, end: int, now: int) -> list[_Edition]:
    """The editions now and to come of the releases published between two times, in their order."""
    found: list[_Edition] = []
    for language in newsroom.languages:  # the index of dates begins with it
        rows = database.execute(
            "SELECT r.published, r.id, r.language, r.path, e.since, e.updated,"
            " COALESCE((SELECT MAX(p.moment) FROM places p WHERE p.mark = r.mark AND p.language = r.language"
            " AND p.facet = :facet AND p.slug = :slug AND p.moment <= :now), e.since), e.withdrawn, e.translations"
            f" FROM {EDITIONS} WHERE r.language = :language AND r.published >= :begin AND r.published < :end"
            " AND r.url IS NULL AND NOT r.shadowed AND e.until > :now",
            {"language": language, "begin": begin, "end": end, "now": now, "facet": ALL[0], "slug": ALL[1]},
        )
        found += map(_Edition._make, rows)
    return sorted(found)


def _place(edition: _Edition) -> _First:
    return _First(edition.published, edition.id)


def _digest(editions: Sequence[_Edition]) -> str:
    """A digest of what a part says."""
    said = [(each.language, each.path, each.updated, each.translations) for each in editions if not each.withdrawn]
    return blake2b(repr(said).encode(), digest_size=8).hexdigest()


def _begin(zone: tzinfo, year: int) -> int:
    """When a year begins."""
    return micros(datetime(year, 1, 1, tzinfo=zone))


def _year(zone: tzinfo, date: int) -> int:
    """The year of a date."""
    return moment(date).astimezone(zone).year
