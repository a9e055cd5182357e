"""Settles, at the end of a compile, the places of all changes in the feeds, and what readers have seen.

What readers have seen comes from the memory and goes back into it. The catalogue has a copy, and what is still to come.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import nullcontext
from datetime import datetime
from typing import TypeAlias

from feeds.catalogue import problems, sitemap_parts
from feeds.catalogue.bitmap_writer import renumber
from feeds.catalogue.errors import CatalogueError
from feeds.catalogue.releases import EDITIONS, VISIBLE
from feeds.catalogue.tables import meta, set_meta
from feeds.database import FOREVER, Database, micros, moment, transaction
from feeds.errors import Problem
from feeds.memory import places, seen
from feeds.memory.places import ALL, ALL_LANGUAGES, CORRECTIONS, NOTHING, Life, Newest, Place, events, new_places
from feeds.memory.seen import Leaving, SeenRelease
from feeds.memory.store import SEEN_UNTIL, fact, identity, set_facts
from feeds.model.vocabulary import Vocabulary

FeedInLanguage: TypeAlias = tuple[str, str, str]
"""A language, or `ALL_LANGUAGES`; a facet's name; a term's slug."""

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
            with transaction(memory):
                self._begins_to_mix = self._mixes and fact(memory, _MIXES) != "yes"
                if self._begins_to_mix:
                    places.delete_language(memory, ALL_LANGUAGES)
                self._join(memory, self._now)
            self._newest = {language: places.newest(memory, language) for language in (*languages, ALL_LANGUAGES)}
        if self._begins_to_mix:
            places.delete_language(database, ALL_LANGUAGES)
            self._move(ALL_LANGUAGES, -FOREVER)

    def _join(self, memory: Database, now: int) -> None:
        own, last = identity(memory), meta(self._database, "memory")
        until = fact(memory, SEEN_UNTIL)
        if last not in (None, own) and until is not None:
            raise CatalogueError("the catalogue was made with another memory")
        if last is None or until != meta(self._database, SEEN_UNTIL):
            # A new catalogue; or a compile was killed after it had written the memory, before it wrote the catalogue.
            self._is_restored = True
            self._write(places.all_places(memory))
            seen.write_leavings(self._database, seen.leavings(memory))
        set_meta(self._database, memory=own)
        self._take_up(memory, now)

    def _take_up(self, memory: Database, now: int) -> None:
        """Remembers what readers have come to see since the last compile."""
        since = self._known_until = min(int(fact(memory, SEEN_UNTIL) or -FOREVER), now)
        places.write(memory, places.told_between(self._database, since, now))
        new = self._database.execute(f"{_VISIBLE_NOW} AND e.since > :since", {"now": now, "since": since}).fetchall()
        for key, mark in new:
            before = seen.of_mark(memory, mark)
            release = self._seen(key, before.changed if before else 0)
            seen.write(memory, [release] if release else [])

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
        """When the releases were published that have changed: as it was noted of them so far."""
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
        keys = {key for found in within for key in found}
        for key in flipped:
            shown = self._keys("r.key = ?", key)
            keys |= set(shown)
            for mark, published in self._database.execute("SELECT mark, published FROM releases WHERE key = ?", (key,)):
                self._marks.add(mark)  # one that is hidden now leaves its places
                self._dates.add(published)
                seen_before = seen.of_mark(self._memory, mark) if self._memory and not shown else None
                if seen_before and not seen_before.gone:
                    self._before.setdefault(mark, self._feeds(key))
        there = {mark for key in sorted(keys) for mark in [self._settle(key)]}
        if self._begins_to_mix:
            self._mix()
        for mark in sorted(self._marks - there):
            if not self._keys("r.mark = ?", mark):
                self._forget_what_comes(mark)
                self._hide(mark)
        changed = None if self.fresh or self._begins_to_mix else there | self._marks
        now = FOREVER if self._now is None else self._now
        renumber(self._database, self._moved, changed, now, self._zone)
        dates = None if self.fresh or self._is_restored else self._dates
        sitemap_parts.settle(self._database, self._newsroom, dates, FOREVER - 1 if self._now is None else self._now)
        write_problems = problems.add if self.fresh else problems.replace
        for story in stories:
            write_problems(self._database, f"{problems.LATE}{story}", self._late(story))
        if self._memory is not None:
            set_facts(self._memory, **{SEEN_UNTIL: str(self._now), _MIXES: "yes" if self._mixes else "no"})
            set_meta(self._database, **{SEEN_UNTIL: str(self._now)})
            problems.replace(self._database, problems.VANISHED, self._vanished(seen.gone(self._memory)))

    def _keys(self, where: str, *values: object) -> list[int]:
        rows = self._database.execute(f"SELECT r.key FROM releases r WHERE NOT r.shadowed AND {where}", values)
        return [key for (key,) in rows]

    def _settle(self, key: int) -> int:
        """Gives a release its places, and remembers it as it is now. Returns its mark."""
        mark: int
        mark, published = self._database.execute(
            "SELECT mark, published FROM releases WHERE key = ?", (key,)
        ).fetchone()  # fmt: skip
        self._dates.add(published)
        self._forget_what_comes(mark)
        known = places.of_release(self._database, mark)
        former = seen.of_mark(self._memory, mark) if self._memory else None
        before: Collection[FeedInLanguage] | None = self._before.get(mark)
        if before is None:
            before = None if self.fresh and not (former and former.gone) else ()
        languages = self._languages(key)
        # What readers of all languages were told after it is newer for those of its own too: so it is late for both,
        # and one line in its file says when both are told.
        newest = max(self._newest.get(each, NOTHING) for each in languages)
        tags = self._database.execute("SELECT facet, slug FROM tags WHERE release = ? ORDER BY facet, slug", (key,))
        editions = self._database.execute(
            "SELECT since, announces, corrected OR withdrawn FROM editions WHERE release = ? ORDER BY since", (key,)
        )
        happens, terms = events(editions), tags.fetchall()
        found: list[Place] = []
        for language in languages[:1] if self._begins_to_mix else languages:
            stays = None if before is None else {(facet, slug) for each, facet, slug in before if each == language}
            had = [place for place in known if (place.language == ALL_LANGUAGES) == (language == ALL_LANGUAGES)]
            found += new_places(Life(mark, language, published, happens, terms), had, stays, newest, self._now)
        self._write(found)
        if self._memory is not None and self._now is not None:
            places.write(self._memory, [place for place in found if place.moment <= self._now])
            self._remember(self._memory, self._now, key, mark, former)
        return mark

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
            places.write(self._memory, [place for place in found if place.moment <= self._now])

    def _write(self, found: Iterable[Place]) -> None:
        """Writes places into the catalogue, and notes since when they are others."""
        made = list(found)
        places.write(self._database, made)
        for place in made:
            self._move(place.language, place.moment)

    def _move(self, language: str, moment: int) -> None:
        self._moved[language] = min(moment, self._moved.get(language, moment))

    def _forget_what_comes(self, mark: int) -> None:
        """Deletes the places of a release that readers have not seen: they are made again."""
        now = -FOREVER if self._now is None else self._now
        for place in places.of_release(self._database, mark):
            if place.moment > now:
                self._move(place.language, place.moment)
        places.delete_after(self._database, mark, now)

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
        seen.write(memory, [release])
        if release.changed or not self.fresh:
            self._database.execute("UPDATE releases SET changed = ? WHERE key = ?", (release.changed, key))

    def _came_by_itself(self, key: int) -> bool:
        """Whether what readers see of a release began by itself since the memory was last complete.

        Asked of a new catalogue only: an old one was compared with the memory before its stories were read again.
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
        former = seen.of_mark(self._memory, mark) if self._memory else None
        if former and self._memory is not None:
            seen.write(self._memory, [former._replace(gone=True)])

    def _leave(self, feeds: Iterable[FeedInLanguage]) -> None:
        """Writes that the bytes of feeds change now, because a release leaves them."""
        if self._now is None:
            return
        left = [Leaving(*feed, self._now) for feed in sorted(feeds)]
        seen.write_leavings(self._database, left)
        if self._memory is not None:
            seen.write_leavings(self._memory, left)

    # -- for the editor -------------------------------------------------------------------------------------------

    def _late(self, story: str) -> Iterator[Problem]:
        """The releases of a story that readers were told of later than their files say."""
        # Without its name SQLite takes another index, and reads the places of all releases.
        rows = self._database.execute(
            "SELECT r.language, p.moment, (SELECT MIN(since) FROM editions WHERE release = r.key)"
            " FROM releases r JOIN places p INDEXED BY places_by_mark ON p.mark = r.mark"
            " AND p.language = r.language AND p.facet = '' AND p.event = 0"
            " WHERE r.story = ? AND NOT r.shadowed ORDER BY r.language",
            (story,),
        ).fetchall()
        for language, told, due in (row for row in rows if row[2] is not None and row[1] > row[2]):
            when = moment(told).astimezone(self._zone)
            date = f"{moment(due).astimezone(self._zone):%Y-%m-%d}"
            message = (
                f"dated {date}, announced {when:%Y-%m-%d at %H:%M}: readers had been told of something newer before"
            )
            advice = (
                f"write “announced: {when.isoformat(timespec='seconds')}”, so that every machine says so (only this"
                " machine's memory knows)"
            )
            yield Problem(
                f"{self._folder}/{self._file(story, language)}", 0, 0, "announced", message, advice, fatal=False
            )

    def _file(self, story: str, language: str) -> str:
        row = self._database.execute(
            "SELECT path FROM files WHERE story = ? AND path LIKE ?", (story, f"%.{language}.yaml")
        ).fetchone()
        return row[0] if row else story

    def _vanished(self, gone: Iterable[SeenRelease]) -> Iterator[Problem]:
        """What an editor should do about each release that readers have seen and that is no longer there."""
        advice = "subscribers keep it without a word: to take it back, {} “withdrawn” with a date and a reason"
        for each in gone:
            there = self._database.execute("SELECT 1 FROM releases WHERE id = ?", (each.id,)).fetchone()
            message, how = (
                (f"{each.path} was published, and is now hidden", "show it again and write")
                if there
                else (f"{each.path} was published, and is gone", "bring the file back and write into it")
            )
            yield Problem(f"{self._folder}/{each.story}", 0, 0, "", message, advice.format(how), fatal=False)
