"""Finds releases with the same terms as another one, among those that readers were told of before it.

Of each term only the nearest few count. So to look for them costs the same in any newsroom, a new release changes
nothing for older ones, and any change concerns few releases.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from feeds.catalogue import bit_sets, bitmaps
from feeds.catalogue.releases import EDITIONS, VISIBLE
from feeds.database import Database, micros
from feeds.memory.feed_places import Feed
from feeds.model.release import Release
from feeds.model.renames import fingerprint

_BY_MARK = "releases r INDEXED BY releases_by_mark CROSS JOIN editions e ON e.release = r.key"
"""Each release r with its editions e. Without INDEXED BY SQLite may take another index, and read all of a language."""
NEAREST = 3
"""Releases of each term that are looked at."""


@dataclass(frozen=True, slots=True)
class Alike:
    """A release that has a term of another one."""

    edition: int
    mark: int
    """The fingerprint of its id."""
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class ListedPage:
    """Where the page of a release is."""

    language: str
    path: str
    mark: int


@dataclass(frozen=True, slots=True)
class SimilarReleases:
    """Questions about releases with the same terms."""

    _database: Database

    def before(self, release: Release, terms: Sequence[Feed], now: datetime) -> tuple[Alike, ...]:
        """The releases just before a release with any of ``terms``, which are its own; those with most of them first.

        Of those with equally many, the newest is first. Withdrawn ones are among them.
        """
        having = {term: self._having(release.language, term, now) for term in terms}
        places = bitmaps.places_of(self._database, release.language, [fingerprint(release.id)])
        own = (places & bit_sets.any_of(having.values())).bit_length()
        if not own:
            return ()
        below = [each & ((1 << (own - 1)) - 1) for each in having.values()]
        numbers = {number for each in below for number in bit_sets.last(each, NEAREST)}
        if not numbers:
            return ()
        shared = {number: sum(each >> number & 1 for each in below) for number in numbers}
        best = sorted(numbers, key=lambda number: (shared[number], number), reverse=True)
        found = self._numbered(release.language, best, now)
        return tuple(found[number] for number in best if number in found)

    def _having(self, language: str, term: Feed, now: datetime) -> int:
        """The releases that have a term, as a bitmap."""
        return bitmaps.releases(self._database, language, [[term]], micros(now))

    def _numbered(self, language: str, numbers: Iterable[int], now: datetime) -> Mapping[int, Alike]:
        """The releases at places with these numbers, by number; without those that nobody may see."""
        rows = self._database.execute(
            "SELECT n.number, e.key, r.mark, e.withdrawn FROM numbered n"
            " CROSS JOIN releases r INDEXED BY releases_by_mark ON r.mark = n.mark AND r.language = n.language"
            " CROSS JOIN editions e ON e.release = r.key"
            f" WHERE n.language = :language AND n.number IN ({', '.join(map(str, sorted(numbers)))}) AND {VISIBLE}",
            {"language": language, "now": micros(now)},
        )
        return {number: Alike(edition, mark, bool(withdrawn)) for number, edition, mark, withdrawn in rows.fetchall()}

    def after(self, pages: Iterable[tuple[str, str]], now: datetime) -> Iterator[ListedPage]:
        """The releases for which `before` may find one of ``pages`` (language and path), whatever terms it is given."""
        for language, path in pages:
            rows = self._database.execute(
                f"SELECT t.facet, t.slug, r.mark FROM {EDITIONS} JOIN tags t ON t.release = r.key"
                f" WHERE r.language = :language AND r.path = :path AND {VISIBLE}",
                {"language": language, "path": path, "now": micros(now)},
            ).fetchall()
            for facet, slug, mark in rows:
                yield from self._after(language, (facet, slug), mark, now)

    def _after(self, language: str, term: Feed, mark: int, now: datetime) -> Iterator[ListedPage]:
        having = bitmaps.releases(self._database, language, [[term]], micros(now))
        own = (having & bitmaps.places_of(self._database, language, [mark])).bit_length()
        above = having >> own
        numbers = [own + number for number in bit_sets.nth(above, 0, NEAREST)]
        for each in bitmaps.numbered(self._database, language, numbers):
            rows = self._database.execute(
                f"SELECT r.path FROM {_BY_MARK} WHERE r.mark = :mark AND r.language = :language AND {VISIBLE}",
                {"mark": each.mark, "language": language, "now": micros(now)},
            )
            yield from (ListedPage(language, path, each.mark) for (path,) in rows.fetchall())
