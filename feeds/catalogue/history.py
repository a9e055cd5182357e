"""Settles, at the end of a compile, the places of all changes in the feeds, and what readers have seen.

What readers have seen is read from the memory and written back to it. The catalogue has a copy, and what is to come.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import nullcontext
from datetime import datetime
from typing import TypeAlias

from feeds.catalogue import sitemap_parts
from feeds.catalogue.bitmap_writer import renumber
from feeds.catalogue.errors import CatalogueError
from feeds.catalogue.history_problems import tell_of_late, tell_of_vanished
from feeds.catalogue.release_lives import ReleaseLife, lives
from feeds.catalogue.releases import EDITIONS, VISIBLE
from feeds.catalogue.tables import meta, set_meta
from feeds.database import FOREVER, Database, micros, transaction
from feeds.memory import feed_places, seen_releases
from feeds.memory.feed_places import ALL, ALL_LANGUAGES, CORRECTIONS, NOTHING, Newest, Place, new_places
from feeds.memory.memory_file import SEEN_UNTIL, fact, identity, set_facts
from feeds.memory.seen_releases import Leaving, SeenRelease
from feeds.model.vocabulary import Vocabulary

FeedInLanguage: TypeAlias = tuple[str, str, str]
"""A language, or `ALL_LANGUAGES`; a facet's name; a term's slug."""

TOGETHER = 500
"""Releases whose places are settled together."""

_VISIBLE_NOW = f"SELECT r.key, r.mark FROM {EDITIONS} WHERE {VISIBLE}"

_MIXES = "feeds_of_all_languages"
"""The fact in the memory that says whether there are feeds of all languages: in a newsroom with several."""


class History:
    """What readers have seen, for one compile at one time. Without a memory they have seen nothing."""

    def __init__(
        self,
        database: Database,
        memory: Database | None,
        now: datetime | None,
        vocabulary: Vocabulary,
        folder: str,
    ) -> None:
        """``folder`` is the name of the content folder in problems.

        Raises CatalogueError if the catalogue was made with the memory of another machine.
        """
        self._database = database
        self._memory = memory
        self._now = None if now is None else micros(now)
        self._newsroom = vocabulary.newsroom
        self._zone = vocabulary.newsroom.time_zone
        self._folder = folder
        self._before: dict[int, frozenset[FeedInLanguage]] = {}
        self._marks: set[int] = set()
        self._newest: dict[str, Newest] = {}
        self._known_until = -FOREVER
        self._moved: dict[str, int] = {}
        self._dates: set[int] = set()
        self._is_restored = False
        self.fresh = meta(database, "memory") is None
        """Whether the catalogue is new, and has not met this memory yet."""
        languages = vocabulary.newsroom.languages
        self._mixes = len(languages) > 1
        self._begins_to_mix = self._mixes
        if memory is None or self._now is None:
            self._memory = self._now = None
        else:
            self._join_memory(memory, self._now)
            self._newest = {language: feed_places.newest(memory, language) for language in (*languages, ALL_LANGUAGES)}
        if self._begins_to_mix:
            feed_places.delete_language(database, ALL_LANGUAGES)
            self._move(ALL_LANGUAGES, -FOREVER)

    def _join_memory(self, memory: Database, now: int) -> None:
        """Joins what the memory knows with the catalogue. The feeds of all languages may only begin now."""
        with transaction(memory):
            self._begins_to_mix = self._mixes and fact(memory, _MIXES) != "yes"
            if self._begins_to_mix:
                feed_places.delete_language(memory, ALL_LANGUAGES)
            self._join(memory, now)

    def _join(self, memory: Database, now: int) -> None:
        own, last = identity(memory), meta(self._database, "memory")
        until = fact(memory, SEEN_UNTIL)
        if last not in (None, own) and until is not None:
            raise CatalogueError("the catalogue was made with another memory")
        if last is None or until != meta(self._database, SEEN_UNTIL):
            # A new catalogue; or a compile was killed after it had written the memory, before it wrote the catalogue.
            self._is_restored = True
            self._write(feed_places.all_places(memory))
            seen_releases.write_leavings(self._database, seen_releases.leavings(memory))
        set_meta(self._database, memory=own)
        self._take_up(memory, now)

    def _take_up(self, memory: Database, now: int) -> None:
        """Remembers what readers have come to see since the last compile."""
        since = self._known_until = min(int(fact(memory, SEEN_UNTIL) or -FOREVER), now)
        feed_places.write(memory, feed_places.told_between(self._database, since, now))
        new = self._database.execute(f"{_VISIBLE_NOW} AND e.since > :since", {"now": now, "since": since}).fetchall()
        for key, mark in new:
            before = seen_releases.of_mark(memory, mark)
            release = self._seen(key, before.changed if before else 0)
            seen_releases.write(memory, [release] if release else [])

    # -- before the stories are written ---------------------------------------------------------------------------

    def begin(self, stories: Iterable[str]) -> None:
        """Notes in which feeds the releases of these stories are."""
        for story in stories:
            rows = self._database.execute("SELECT key, mark, published FROM releases WHERE story = ?", (story,))
            for key, mark, published in rows.fetchall():
                self._marks.add(mark)
                self._dates.add(published)
                if self._is_visible(key):
                    self._before[mark] = self._feeds(key)

    @property
    def dates(self) -> frozenset[int]:
        """The dates of the releases that have changed: from before the change, and after `end` also from after it."""
        return frozenset(self._dates)

    def _is_visible(self, key: int) -> bool:
        values = {"now": self._now or 0, "key": key}
        return self._database.execute(f"{_VISIBLE_NOW} AND r.key = :key", values).fetchone() is not None

    def _feeds(self, key: int) -> frozenset[FeedInLanguage]:
        tags = self._database.execute("SELECT facet, slug FROM tags WHERE release = ?", (key,))
        (corrected,) = self._database.execute(
            "SELECT EXISTS (SELECT 1 FROM editions WHERE release = ? AND since <= ? AND until > ?"
            " AND (corrected OR withdrawn))",
            (key, self._now or 0, self._now or 0),
        ).fetchone()
        feeds = {ALL, *tags, *([CORRECTIONS] if corrected else [])}
        return frozenset((language, *feed) for language in self._languages(key) for feed in feeds)

    def _languages(self, key: int) -> tuple[str, ...]:
        """The language of a release, and all languages for an original."""
        language, original = self._database.execute(
            "SELECT language, original FROM releases WHERE key = ?", (key,)
        ).fetchone()
        return (language, ALL_LANGUAGES) if original and self._mixes else (language,)

    # -- after they are written -----------------------------------------------------------------------------------

    def end(self, stories: Collection[str], flipped: Iterable[int]) -> None:
        """Settles the places of these stories' releases, and of ``flipped`` ones: hidden by a conflict, or no longer.

        The memory has all of it when this returns, the catalogue when its own transaction ends: what readers may see is
        remembered first.
        """
        with transaction(self._memory) if self._memory else nullcontext():
            self._end(stories, flipped)

    def _end(self, stories: Collection[str], flipped: Iterable[int]) -> None:
        # A new catalogue has nothing but these stories.
        within = [self._keys("TRUE")] if self.fresh else [self._keys("r.story = ?", story) for story in stories]
        keys = {key for found in within for key in found} | self._note_flipped(flipped)
        there = self._settle(sorted(keys))
        if self._begins_to_mix:
            self._mix()
        for mark in sorted(self._marks - there):
            if not self._keys("r.mark = ?", mark):
                self._places_so_far([mark])
                self._hide(mark)
        changed = None if self.fresh or self._begins_to_mix else there | self._marks
        now = FOREVER if self._now is None else self._now
        renumber(self._database, self._moved, changed, now, self._zone)
        dates = None if self.fresh or self._is_restored else self._dates
        sitemap_parts.settle(self._database, self._newsroom, dates, FOREVER - 1 if self._now is None else self._now)
        tell_of_late(self._database, self._folder, self._zone, None if self.fresh else stories)
        if self._memory is not None:
            set_facts(self._memory, **{SEEN_UNTIL: str(self._now), _MIXES: "yes" if self._mixes else "no"})
            set_meta(self._database, **{SEEN_UNTIL: str(self._now)})
            tell_of_vanished(self._database, self._folder, seen_releases.gone(self._memory))

    def _note_flipped(self, flipped: Iterable[int]) -> set[int]:
        """Notes that releases are hidden by a conflict or no longer. Returns the keys of those that are shown."""
        keys: set[int] = set()
        for key in flipped:
            shown = self._keys("r.key = ?", key)
            keys |= set(shown)
            for mark, published in self._database.execute("SELECT mark, published FROM releases WHERE key = ?", (key,)):
                self._marks.add(mark)  # one that is hidden now leaves its places
                self._dates.add(published)
                seen_before = seen_releases.of_mark(self._memory, mark) if self._memory and not shown else None
                if seen_before and not seen_before.gone:
                    self._before.setdefault(mark, self._feeds(key))
        return keys

    def _keys(self, where: str, *values: object) -> list[int]:
        rows = self._database.execute(f"SELECT r.key FROM releases r WHERE NOT r.shadowed AND {where}", values)
        return [key for (key,) in rows]

    def _settle(self, keys: Sequence[int]) -> set[int]:
        """Gives releases their places, and remembers them as they are now. Returns their marks."""
        marks: set[int] = set()
        for first in range(0, len(keys), TOGETHER):
            found = lives(self._database, keys[first : first + TOGETHER])
            self._dates.update(each.published for each in found)
            marks.update(each.mark for each in found)
            self._place(found)
        return marks

    def _place(self, found: Sequence[ReleaseLife]) -> None:
        marks = [each.mark for each in found]
        so_far = self._places_so_far(marks)
        former = {mark: seen_releases.of_mark(self._memory, mark) for mark in marks} if self._memory else {}
        new = [place for each in found for place in self._new_places(each, so_far[each.mark], former.get(each.mark))]
        self._write(new)
        if self._memory is not None and self._now is not None:
            now = self._now
            feed_places.write(self._memory, [place for place in new if place.moment <= now])
            for each in found:
                self._remember(self._memory, now, each.key, each.mark, former[each.mark])

    def _new_places(self, life: ReleaseLife, so_far: Sequence[Place], former: SeenRelease | None) -> Iterator[Place]:
        """The places that a release gets besides those it has."""
        before: Collection[FeedInLanguage] | None = self._before.get(life.mark)
        if before is None:
            before = None if self.fresh and not (former and former.gone) else ()
        languages = life.languages(mixes=self._mixes)
        # If readers of all languages have been told of something newer, it is late for those of its own language too:
        # so one line in its file says when both are told.
        newest = max(self._newest.get(each, NOTHING) for each in languages)
        for language in languages[:1] if self._begins_to_mix else languages:
            stays = None if before is None else {(facet, slug) for each, facet, slug in before if each == language}
            had = [place for place in so_far if (place.language == ALL_LANGUAGES) == (language == ALL_LANGUAGES)]
            yield from new_places(life.in_language(language), had, stays, newest, self._now)

    def _mix(self) -> None:
        """Gives originals the places in feeds of all languages that they have in those of their own.

        Nobody has read a feed of all languages yet, so none of them comes late.
        """
        rows = self._database.execute(
            "SELECT p.facet, p.slug, p.moment, p.seq, p.published, p.mark, p.event FROM places p JOIN releases r"
            " ON r.mark = p.mark AND r.language = p.language WHERE r.original AND NOT r.shadowed"
        )
        found = [Place(ALL_LANGUAGES, *row) for row in rows]
        self._write(found)
        if self._memory is not None and self._now is not None:
            feed_places.write(self._memory, [place for place in found if place.moment <= self._now])

    def _write(self, found: Iterable[Place]) -> None:
        """Writes places into the catalogue, and notes from which time on places have changed."""
        made = list(found)
        feed_places.write(self._database, made)
        for place in made:
            self._move(place.language, place.moment)

    def _move(self, language: str, moment: int) -> None:
        self._moved[language] = min(moment, self._moved.get(language, moment))

    def _places_so_far(self, marks: Collection[int]) -> dict[int, list[Place]]:
        """The places of releases that readers have seen, by mark. Those still to come are deleted, to be made again."""
        now = -FOREVER if self._now is None else self._now
        found: dict[int, list[Place]] = {mark: [] for mark in marks}
        coming: set[int] = set()
        for place in feed_places.of_releases(self._database, marks):
            if place.moment > now:
                coming.add(place.mark)
                self._move(place.language, place.moment)
            else:
                found[place.mark].append(place)
        for mark in coming:
            feed_places.delete_after(self._database, mark, now)
        return found

    def _remember(self, memory: Database, now: int, key: int, mark: int, former: SeenRelease | None) -> None:
        release = self._seen(key, former.changed if former else 0)
        if release is None:
            self._hide(mark)
            return
        if before := self._before.get(mark):
            self._leave(before - self._feeds(key))
        same = former is not None and not former.gone and former.digest == release.digest
        if not same and self._known_until != -FOREVER and not self._came_by_itself(key):
            release = release._replace(changed=now)
        seen_releases.write(memory, [release])
        if release.changed or not self.fresh:
            self._database.execute("UPDATE releases SET changed = ? WHERE key = ?", (release.changed, key))

    def _came_by_itself(self, key: int) -> bool:
        """Whether what readers see of a release began by itself since the memory was last complete.

        False in an old catalogue: it was compared with the memory before its stories were read again.
        """
        row = self._database.execute(
            f"SELECT e.since FROM {EDITIONS} WHERE r.key = :key AND {VISIBLE}", {"key": key, "now": self._now}
        ).fetchone()
        return self.fresh and bool(row[0] > self._known_until)

    def _seen(self, key: int, changed: int) -> SeenRelease | None:
        """A release as readers see it; None if they do not."""
        row = self._database.execute(
            "SELECT r.mark, r.id, r.language, r.path, r.story, r.title_print, r.published, r.text_print,"
            " e.withdrawn, e.updated, e.digest, r.fallback, r.model"
            f" FROM {EDITIONS} WHERE r.key = :key AND {VISIBLE}",
            {"key": key, "now": self._now},
        ).fetchone()
        if row is None:
            return None
        *known, withdrawn, updated, digest, fallback, model = row
        kept = self._database.unpack(model).decode() if fallback or withdrawn else None
        return SeenRelease._make((*known, False, updated if withdrawn else None, digest, changed, kept))

    def _hide(self, mark: int) -> None:
        """Writes that readers do not see a release any longer."""
        self._leave(self._before.get(mark, frozenset()))
        former = seen_releases.of_mark(self._memory, mark) if self._memory else None
        if former and self._memory is not None:
            seen_releases.write(self._memory, [former._replace(gone=True)])

    def _leave(self, feeds: Iterable[FeedInLanguage]) -> None:
        """Writes that the bytes of feeds change now, because a release leaves them."""
        if self._now is None:
            return
        left = [Leaving(*feed, self._now) for feed in sorted(feeds)]
        seen_releases.write_leavings(self._database, left)
        if self._memory is not None:
            seen_releases.write_leavings(self._memory, left)
