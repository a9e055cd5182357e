"""Answers questions about releases for whoever makes many documents, and keeps what one needs for the next ones.

Documents are best made in the order of publication: neighbours of a release, and related ones, are near in that order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from feeds.catalogue.releases import EDITIONS, VISIBLE, Releases, VisibleRelease
from feeds.catalogue.similar_releases import Alike, SimilarReleases
from feeds.database import micros
from feeds.memory.feed_places import Feed
from feeds.model.release import Release

_MOST_KEPT = 400
"""Releases kept: about 4 MB."""
RUN = 32
"""Releases whose order is read at once. No more, since an export of one change asks for a few only."""
_BLOCK = 16
"""Places that are read at once."""
_MOST_BLOCKS = 800
"""Blocks of places kept: about 3 MB."""
_MOST_BITS = 1 << 27
"""Bits of bitmaps kept: 16 MB."""


@dataclass(slots=True)
class _Run:
    """Releases that follow one another in a language, withdrawn ones among them."""

    editions: list[tuple[int, bool]] = field(default_factory=list)
    """Each with whether it is withdrawn."""
    places: dict[tuple[int, str], int] = field(default_factory=dict)
    """By date and id: where a release stands in the run."""

    def beside(self, place: int, step: int) -> int | None:
        """The nearest release in a direction that is not withdrawn; None if the run ends before it."""
        place += step
        while 0 <= place < len(self.editions):
            edition, is_withdrawn = self.editions[place]
            if not is_withdrawn:
                return edition
            place += step
        return None


@dataclass(frozen=True, slots=True)
class KeptReleases(Releases):
    """Questions about releases at one moment. Keeps the releases that were asked for, and reads their order in runs."""

    _kept: dict[int, VisibleRelease] = field(default_factory=dict)
    """By edition."""
    _runs: dict[tuple[str, int], _Run] = field(default_factory=dict)
    """By language and moment: the run that was read last."""
    _last: dict[tuple[str, str, datetime], VisibleRelease] = field(default_factory=dict)
    """By language, path and moment: the release that was last asked for, of which several documents are made."""

    def at(self, language: str, path: str, now: datetime) -> VisibleRelease | None:
        """The release at an address (2021/its-slug); None if there is none that may be seen."""
        found = self._last.get((language, path, now))
        if found is None:
            self._last.clear()
            found = Releases.at(self, language, path, now)
            if found:
                self._last[language, path, now] = found
        return found

    def of(self, editions: Sequence[int]) -> tuple[VisibleRelease, ...]:
        """The releases behind editions, in the order asked for. Raises CatalogueError if one cannot be read."""
        kept = self._kept
        lacking = [edition for edition in editions if edition not in kept]
        if lacking:
            if len(kept) + len(lacking) > _MOST_KEPT:
                kept.clear()
                lacking = list(editions)
            kept.update(zip(lacking, self._read(lacking), strict=True))
        return tuple(kept[edition] for edition in editions)

    def neighbours(self, release: Release, now: datetime) -> tuple[VisibleRelease | None, VisibleRelease | None]:
        """The releases published just before and just after one, in its language; withdrawn ones are passed over."""
        at, place = (release.language, micros(now)), (micros(release.published), release.id)
        run = self._runs.get(at)
        if run is None or place not in run.places:
            run = self._runs[at] = self._run(release.language, place, now)
        number = run.places.get(place)
        found = (None, None) if number is None else (run.beside(number, -1), run.beside(number, 1))
        if None in found:  # at an end of the run, or of all
            found = self._around("e.key", release.language, *place, now)
        earlier, later = (None if edition is None else self.of([edition])[0] for edition in found)
        return earlier, later

    def _run(self, language: str, place: tuple[int, str], now: datetime) -> _Run:
        """The releases from one with this date and id on."""
        rows = self._database.execute(
            f"SELECT r.published, r.id, e.key, e.withdrawn FROM {EDITIONS} WHERE r.language = :language"
            f" AND (r.published, r.id) >= (:published, :id) AND {VISIBLE} ORDER BY r.published, r.id LIMIT {RUN}",
            {"language": language, "published": place[0], "id": place[1], "now": micros(now)},
        )
        run = _Run()
        for published, id_, edition, withdrawn in rows.fetchall():
            run.places[published, id_] = len(run.editions)
            run.editions.append((edition, bool(withdrawn)))
        return run


@dataclass(frozen=True, slots=True)
class KeptSimilarReleases(SimilarReleases):
    """Questions about releases with the same terms. Keeps the bitmaps of terms, and reads places in blocks."""

    _bitmaps: dict[tuple[str, Feed, datetime], int] = field(default_factory=dict)
    _blocks: dict[tuple[str, int, datetime], Mapping[int, Alike]] = field(default_factory=dict)

    def _having(self, language: str, term: Feed, now: datetime) -> int:
        """The releases that have a term, as a bitmap."""
        found = self._bitmaps.get((language, term, now))
        if found is None:
            found = SimilarReleases._having(self, language, term, now)
            if (len(self._bitmaps) + 1) * found.bit_length() > _MOST_BITS:
                self._bitmaps.clear()
            self._bitmaps[language, term, now] = found
        return found

    def _numbered(self, language: str, numbers: Iterable[int], now: datetime) -> Mapping[int, Alike]:
        """The releases at places with these numbers, by number; without those that nobody may see."""
        found: dict[int, Alike] = {}
        for number in numbers:
            block = self._block(language, number // _BLOCK, now)
            if number in block:
                found[number] = block[number]
        return found

    def _block(self, language: str, block: int, now: datetime) -> Mapping[int, Alike]:
        found = self._blocks.get((language, block, now))
        if found is None:
            if len(self._blocks) >= _MOST_BLOCKS:
                self._blocks.clear()
            numbers = range(block * _BLOCK, (block + 1) * _BLOCK)
            found = self._blocks[language, block, now] = SimilarReleases._numbered(self, language, numbers, now)
        return found
