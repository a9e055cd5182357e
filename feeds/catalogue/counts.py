"""How many releases readers may see, of which terms, and when they were published."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from feeds.catalogue import bit_sets, bitmaps, fulltext
from feeds.catalogue.bit_sets import any_of
from feeds.catalogue.bitmaps import places_language
from feeds.catalogue.newest_releases import FEW, FoundRelease, newest_with
from feeds.catalogue.releases import BY_KEY, EDITIONS, VISIBLE, in_selection, visible_in
from feeds.database import Database, micros, moment
from feeds.memory.feed_places import ALL, Feed
from feeds.model.selection import Selection

MOST_FOUND = 1_000
"""Releases of a search that are counted: a limit, since anybody can ask, and no reader turns more pages."""


@dataclass(frozen=True, slots=True)
class Counted:
    """How many releases there are, and when the newest was published."""

    releases: int
    newest: datetime


@dataclass(frozen=True, slots=True)
class FoundEditions:
    """What was found, and when the newest of it was published."""

    editions: tuple[int, ...]
    """The newest first."""
    newest: datetime


@dataclass(frozen=True, slots=True)
class Counts:
    """Questions about how many releases readers may see."""

    _database: Database
    _by_term: dict[tuple[str, int], dict[Feed, int]] = field(default_factory=dict, compare=False)
    """What was read last: a page asks for it several times."""
    _stored_known: dict[str, dict[Feed, bytes]] = field(default_factory=dict, compare=False)
    """The same as it is stored."""
    _newest_known: dict[tuple[Selection, int], list[FoundRelease]] = field(default_factory=dict, compare=False)
    """What was found last."""
    _few_known: dict[tuple[str, ...], list[int] | None] = field(default_factory=dict, compare=False)
    """By the words of the last search, the keys of the few releases with them: a page asks several times."""
    _in_months_known: dict[tuple[Selection, tuple[date, ...], int], tuple[int, list[int]]] = field(
        default_factory=dict, compare=False
    )
    """What was asked for by months last: a chart asks for it several times."""

    def visible(self, now: datetime) -> int:
        """How many releases there are in all languages."""
        rows = self._database.execute("SELECT DISTINCT language FROM releases").fetchall()
        found = (bitmaps.releases(self._database, language, [[ALL]], micros(now)) for (language,) in rows)
        return sum(each.bit_count() for each in found)

    def of(self, selection: Selection, now: datetime) -> Counted | None:
        """How many releases a selection has, and the newest; None if it has none."""
        if selection.words:
            return self._with_these_words(selection, now)
        found = self._releases(selection, now)
        return self._counted(places_language(selection), {ALL: found})[ALL] if found else None

    def _releases(self, selection: Selection, now: datetime) -> int:
        """The releases of a selection as a bitmap, whatever their words."""
        language = places_language(selection)
        found = bitmaps.releases(self._database, language, bitmaps.facets_of(selection), micros(now))
        if selection.corrections:
            found &= ~bitmaps.places_of(self._database, language, self._not_yet_corrected(now))
        if selection.without:
            left_out = [(facet, slug) for facet, slugs in selection.without for slug in slugs]
            found &= ~bitmaps.releases(self._database, language, [left_out], micros(now))
        return found

    def _with_these_words(self, selection: Selection, now: datetime) -> Counted | None:
        editions, keys = EDITIONS, self._few_keys(selection.words)
        where, values = visible_in(self._database, selection)
        if keys is not None:
            editions = f"{BY_KEY} CROSS JOIN editions e ON e.release = r.key"
            where = f"{fulltext.among(keys)} AND {where}"
        count, newest = self._database.execute(
            f"SELECT COUNT(*), MAX(r.published) FROM {editions} WHERE {where}", {"now": micros(now), **values}
        ).fetchone()
        return Counted(count, moment(newest)) if count else None

    def _not_yet_corrected(self, now: datetime) -> Iterator[int]:
        """The marks of the releases that will be corrected or withdrawn, and are not at a time."""
        rows = self._database.execute(
            f"SELECT DISTINCT r.mark FROM {EDITIONS} WHERE e.since > :now AND (e.corrected OR e.withdrawn)"
            " AND NOT EXISTS (SELECT 1 FROM editions b WHERE b.release = r.key AND b.since <= :now"
            " AND (b.corrected OR b.withdrawn))",
            {"now": micros(now)},
        )
        return (mark for (mark,) in rows)

    def has_more_in_all_languages(self, selection: Selection, now: datetime) -> bool:
        """Whether a selection has more releases when those of all languages count."""
        one, all_ = (self.of(each, now) for each in (selection, replace(selection, in_all_languages=True)))
        return bool(all_ and (one is None or one.releases < all_.releases))

    def by_term(self, within: Selection, now: datetime) -> dict[tuple[str, str], Counted]:
        """By facet and slug, for every term with releases within a selection of terms: how many, and the newest."""
        language = places_language(within)
        inside = self._releases(within, now)
        by_term = self._releases_by_term(language, now)
        return self._counted(language, {term: each & inside for term, each in by_term.items()})

    def by_choice(self, selection: Selection, now: datetime) -> dict[Feed, int]:
        """By facet and slug: how many releases there would be if that term were the only one chosen of its facet.

        The words and the terms of the other facets stay as they are. Terms that would find nothing are left out. Of a
        search only the releases that `found` gives are counted.
        """
        left = self._inside(selection, now)
        without = {facet: self._inside(selection.with_any(facet), now) for facet, _ in selection.terms}
        if not (left or any(without.values())):
            return {}
        return self._among(selection, now, left, without)

    def among(self, selection: Selection, now: datetime) -> dict[Feed, int]:
        """By facet and slug: how many releases of a selection have that term. Of a search as in `by_choice`."""
        return self._among(selection, now, self._inside(selection, now), {})

    def _among(self, selection: Selection, now: datetime, left: int, without: Mapping[str, int]) -> dict[Feed, int]:
        """By term: how many of the releases ``left``, or ``without`` its facet, have it; only terms that some have."""
        language = places_language(selection)
        if selection.words:  # what was found is a part of the newsroom: no more of the bitmaps is read
            common, in_left = {facet: bit_sets.counter(each) for facet, each in without.items()}, bit_sets.counter(left)
            stored = self._stored_by_term(language)
            counts = {feed: common.get(feed[0], in_left)(each) for feed, each in stored.items()}
        else:
            by_term = self._releases_by_term(language, now)
            counts = {feed: (each & without.get(feed[0], left)).bit_count() for feed, each in by_term.items()}
        return {feed: count for feed, count in counts.items() if count}

    def found(self, selection: Selection, now: datetime) -> FoundEditions | None:
        """The newest releases of a selection, `MOST_FOUND` at most; None if it has none."""
        found = self._newest(selection, now)
        return FoundEditions(tuple(each.edition for each in found), moment(found[0].published)) if found else None

    def _inside(self, selection: Selection, now: datetime) -> int:
        """The releases of a selection as a bitmap; of a search those that are found."""
        if not selection.words:
            return self._releases(selection, now)
        found = self._newest(selection, now)
        if not found:
            return 0
        marks = frozenset(each.mark for each in found)
        return bitmaps.places_since(self._database, places_language(selection), marks, found[-1].published)

    def _newest(self, selection: Selection, now: datetime) -> list[FoundRelease]:
        """What is found, the newest first; the last answer is kept."""
        asked = selection, micros(now)
        if asked not in self._newest_known:
            self._newest_known.clear()
            keys = self._few_keys(selection.words) if selection.words else None
            self._newest_known[asked] = newest_with(self._database, *asked, MOST_FOUND, keys)
        return self._newest_known[asked]

    def _few_keys(self, words: tuple[str, ...]) -> Sequence[int] | None:
        """The keys of all releases that have these words; None if many have them."""
        if words not in self._few_known:
            self._few_known.clear()
            self._few_known[words] = fulltext.few_keys(self._database, words, FEW)
        return self._few_known[words]

    def _releases_by_term(self, language: str, now: datetime) -> dict[Feed, int]:
        """The releases of every term that has any, as bitmaps."""
        asked = language, micros(now)
        if asked not in self._by_term:
            self._by_term.clear()
            stored = self._stored_by_term(language)
            self._by_term[asked] = bitmaps.seen(self._database, *asked, stored)
        return self._by_term[asked]

    def _stored_by_term(self, language: str) -> dict[Feed, bytes]:
        """The releases of every term, scheduled ones too, as they are stored."""
        if language not in self._stored_known:
            self._stored_known.clear()
            self._stored_known[language] = bitmaps.stored_by_term(self._database, language)
        return self._stored_known[language]

    def _counted(self, language: str, found: Mapping[Feed, int]) -> dict[Feed, Counted]:
        """By feed, what bitmaps of releases hold; without those that hold none."""
        some = {feed: each for feed, each in found.items() if each}
        newest = bitmaps.newest(self._database, language, some)
        return {feed: Counted(each.bit_count(), moment(newest[feed])) for feed, each in some.items()}

    def months(self, selection: Selection, now: datetime, zone: ZoneInfo, most: int) -> list[date]:
        """The months, given by their first days, from the first with a release to that of the newest release.

        At most ``most``, and as many as that if some releases are older. Withdrawn ones do not count, but the newest
        release may be one. Empty if there are no releases.
        """
        counted = self.of(selection, now)
        if counted is None:
            return []
        newest = counted.newest.astimezone(zone)
        number = newest.year * 12 + newest.month - 1
        longest = [date(each // 12, each % 12 + 1, 1) for each in range(number - most + 1, number + 1)]
        asked, in_months = self._in_months(selection, longest, now)
        if asked & ~any_of(in_months):
            return longest
        first = next((at for at, each in enumerate(in_months) if asked & each), most - 1)
        return longest[first:]

    def by_year(self, selection: Selection, now: datetime) -> dict[int, int]:
        """How many releases of a selection have their date in each year, the latest first; withdrawn ones count."""
        asked = self._releases(selection, now)
        found: dict[int, int] = {}
        for month, releases in bitmaps.months(self._database, places_language(selection)).items():
            found[month.year] = found.get(month.year, 0) + (asked & releases).bit_count()
        return {year: count for year, count in sorted(found.items(), reverse=True) if count}

    def by_month(self, selection: Selection, months: Sequence[date], now: datetime) -> list[int]:
        """How many releases of a selection were published in each of these months, given by their first days.

        Withdrawn ones do not count. A selection of corrections counts as if it did not ask for them.
        """
        asked, in_months = self._in_months(selection, months, now)
        return [(asked & each).bit_count() for each in in_months]

    def by_month_and_term(self, selection: Selection, months: Sequence[date], now: datetime) -> dict[Feed, list[int]]:
        """The same for each term, by facet and slug: a release counts once for every term it has."""
        asked, in_months = self._in_months(selection, months, now)
        # Most bits stand for releases older than the months: they are shifted away.
        some = asked & any_of(in_months)
        low = (some & -some).bit_length() - 1 if some else 0
        lately = [(asked & each) >> low for each in in_months]
        by_term = self._releases_by_term(places_language(selection), now)
        return {
            term: [(each >> low & month).bit_count() for month in lately]
            for term, each in by_term.items()
            if each & some
        }

    def _in_months(self, selection: Selection, months: Sequence[date], now: datetime) -> tuple[int, list[int]]:
        """The releases of a selection that are not withdrawn, and those of each month; the last answer is kept."""
        asked = replace(selection, corrections=False), tuple(months), micros(now)
        if asked not in self._in_months_known:
            self._in_months_known.clear()
            self._in_months_known[asked] = self._by_months(asked[0], months, now)
        return self._in_months_known[asked]

    def _by_months(self, selection: Selection, months: Sequence[date], now: datetime) -> tuple[int, list[int]]:
        language = places_language(selection)
        found = self._releases(selection, now)
        if selection.words:
            found &= bitmaps.places_of(self._database, language, self._with_words(selection, months[0], now))
        rows = self._database.execute(
            # Without INDEXED BY SQLite takes another index, and reads all releases.
            "SELECT r.mark FROM editions e INDEXED BY editions_withdrawn CROSS JOIN releases r ON r.key = e.release"
            f" WHERE e.withdrawn AND {VISIBLE}",
            {"now": micros(now)},
        )
        found &= ~bitmaps.places_of(self._database, language, (mark for (mark,) in rows))
        return found, bitmaps.releases_by_month(self._database, language, months)

    def _with_words(self, selection: Selection, since: date, now: datetime) -> Iterator[int]:
        """The marks of the releases that a search finds, from a day before a month on."""
        where, values = in_selection(self._database, selection)
        begin = datetime(since.year, since.month, 1, tzinfo=UTC) - timedelta(days=1)
        rows = self._database.execute(
            f"SELECT r.mark FROM {EDITIONS} WHERE {where} AND {VISIBLE} AND r.published >= :since",
            {"since": micros(begin), "now": micros(now), **values},
        )
        return (mark for (mark,) in rows)

    def combinations(self, language: str, now: datetime, most: int | None) -> Iterator[tuple[Feed, ...]]:
        """Terms of two or more facets, one of each, that a release in a language has together.

        Each term is given by facet and slug; terms are sorted by facet. ``most`` limits the facets of a combination.
        """
        by_facet: dict[str, list[tuple[Feed, int]]] = {}
        for (facet, slug), found in self._releases_by_term(language, now).items():
            by_facet.setdefault(facet, []).append(((facet, slug), found))
        facets = [terms for _, terms in sorted(by_facet.items())]
        return _combined(facets, ~0, (), len(facets) if most is None else most)


def _combined(
    facets: Sequence[Sequence[tuple[Feed, int]]], within: int, chosen: tuple[Feed, ...], most: int
) -> Iterator[tuple[Feed, ...]]:
    """The ``chosen`` terms with terms of more facets, as long as releases in the bitmap ``within`` have all of them."""
    if len(chosen) == most:
        return
    for at, terms in enumerate(facets, 1):
        for term, found in terms:
            if some := within & found:
                together = (*chosen, term)
                if chosen:
                    yield together
                yield from _combined(facets[at:], some, together, most)
