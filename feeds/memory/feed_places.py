"""The places of changes in feeds. Each change that readers were told of has one, in the order in which they were told.

Feeds are cut into pages by counting places (RFC 5005, section 4). So no place ever moves: not when a release comes with
an old date, gets another term, or is gone. A place whose release has a later one, or is not shown any longer, stays
empty.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from feeds.database import Database

Feed: TypeAlias = tuple[str, str]
"""A facet's name and a term's slug."""

ALL: Feed = ("", "")
"""The feed of all releases in a language."""

ALL_LANGUAGES = "*"
"""Stands for the language in the places of feeds of all languages. Only originals have such places."""

CORRECTIONS: Feed = ("!", "")
"""The feed of corrections and withdrawals."""

PUBLICATION = 0
"""The event of a first publication. Other events are named by their time, entries into a feed by minus their time."""

_SECOND = 1_000_000


class Place(NamedTuple):
    """A place in one feed."""

    language: str
    facet: str
    slug: str
    moment: int
    """When readers were or will be told, in microseconds since 1970."""
    seq: int
    """Counts the places of one moment that were made one after the other."""
    published: int
    """The date of the release. Of places with the same moment and seq, that of the older release is first."""
    mark: int
    """The mark of the release: the fingerprint of its id."""
    event: int

    @property
    def feed(self) -> Feed:
        """The feed it is in."""
        return self.facet, self.slug


class Newest(NamedTuple):
    """The newest place of a language, or of all, that readers have seen; places are ordered by moment, then by seq."""

    moment: int
    seq: int


NOTHING = Newest(-(2**62), 0)
"""Readers have seen nothing yet."""


class Event(NamedTuple):
    """Something that happens to a release: its publication, a correction, its withdrawal."""

    moment: int
    """The time that its file says."""
    told: bool
    """Whether readers are told of it."""
    correction: bool
    """Whether it gets a place among the corrections."""


def events(editions: Iterable[tuple[int, int, int]]) -> list[Event]:
    """The events that begin the editions of a release, oldest first.

    Each edition is given by its beginning, whether readers are told of it, and whether it is corrected or withdrawn.
    The first correction has a place among the corrections even if it is silent. A publication never has one.
    """
    found: list[Event] = []
    corrected = False
    for since, told, correction in editions:
        found.append(Event(since, bool(told), bool(correction and (told or not corrected))))
        corrected |= bool(correction)
    return found


@dataclass(frozen=True, slots=True)
class Life:
    """What happens to one release, oldest first, and the terms it has."""

    mark: int
    language: str
    published: int
    events: Sequence[Event]
    terms: Collection[Feed]


def new_places(
    life: Life, known: Iterable[Place], before: Collection[Feed] | None, newest: Newest, now: int | None
) -> list[Place]:
    """The places that a release gets in addition to those it has, scheduled ones included.

    An event gets its place at its own time. If readers have been told of something later already, it gets its place
    now (``now`` is None if nobody has seen anything). ``known`` are its places so far; ``before`` the feeds it was in
    at the last compile, empty for a release that was hidden, None if nobody knows.
    """
    had: dict[Feed, dict[int, Place]] = {}
    for place in known:
        had.setdefault(place.feed, {})[place.event] = place
    stays = set(had) if before is None else set(before)
    row = _Row(life, had.get(ALL, {}), newest, now)
    row.enter(again=bool(had.get(ALL)) and ALL not in stays)
    found = [place for place in row.made if place.feed == ALL]
    for facet, slug in sorted(life.terms):
        found += row.in_term((facet, slug), had.get((facet, slug), {}), stays=(facet, slug) in stays)
    return found + row.corrections(had.get(CORRECTIONS, {}))


class _Row:
    """The places of one release in the feed of all releases, from which those in other feeds follow."""

    def __init__(self, life: Life, known: Mapping[int, Place], newest: Newest, now: int | None) -> None:
        self._life = life
        self._known = dict(known)
        self._newest = newest
        self._now = now
        self.made: list[Place] = []

    def enter(self, *, again: bool) -> None:
        """Makes the new places; ``again`` for a release that was hidden and is shown again."""
        if again:
            self._make(*self._arrival())
        for event, moment in self._told():
            if self._at(event, moment) is None:
                self._make(*self._of(moment), event)

    def in_term(self, feed: Feed, known: Mapping[int, Place], *, stays: bool) -> list[Place]:
        """The new places in the feed of a term."""
        if not self._known:  # never shown before: the same places everywhere
            return [Place(language, *feed, *rest) for language, _, _, *rest in self.made]
        found = [place._replace(facet=feed[0], slug=feed[1]) for place in self.made if place.event not in known]
        if not (known and stays) and not any(place.event < 0 for place in found) and self._is_shown():
            moment, seq = self._arrival()
            found.append(self._place(moment, seq, -moment, feed))
        return found

    def corrections(self, known: Mapping[int, Place]) -> list[Place]:
        """The new places among the corrections."""
        again = (place for place in self.made if place.event < 0)
        found = [place._replace(facet=CORRECTIONS[0], slug=CORRECTIONS[1]) for place in again if known]
        for number, event in enumerate(self._life.events):
            name = self._name(number, event.moment)
            if event.correction and name not in known:
                place = self._at(name, event.moment)
                moment, seq = (place.moment, place.seq) if place else self._of(event.moment)
                found.append(self._place(moment, seq, name, CORRECTIONS))
        return found

    def _told(self) -> list[tuple[int, int]]:
        """The events that readers are told of, with their times."""
        events = enumerate(self._life.events)
        return [(self._name(number, event.moment), event.moment) for number, event in events if event.told]

    def _name(self, number: int, moment: int) -> int:
        if number:
            return moment
        # A release that was shown and is now scheduled is published a second time.
        return -moment if self._known and self._now is not None and moment > self._now else PUBLICATION

    def _at(self, event: int, moment: int) -> Place | None:
        """The place of an event. If the event's new date is the time at which it was told, it keeps that place."""
        places = (*self._known.values(), *self.made)
        same = (place for place in places if place.event == event)
        return next(same, None) or next((p for p in self._known.values() if event and p.moment == moment), None)

    def _is_shown(self) -> bool:
        return self._now is not None and any(place.moment <= self._now for place in self._known.values())

    def _of(self, moment: int) -> tuple[int, int]:
        """Moment and seq of the place for something with this time."""
        if self._now is None or moment > self._now or moment > self._newest.moment:
            return moment, 0
        if moment == self._newest.moment:
            return moment, self._newest.seq + 1
        return self._arrival()

    def _arrival(self) -> tuple[int, int]:
        """Moment and seq of the place for what comes now: in whole seconds, so that a file can state the time."""
        moment = max((self._now or 0) // _SECOND * _SECOND, self._newest.moment)
        taken = [place.seq for place in self.made if place.moment == moment]
        first = self._newest.seq + 1 if moment == self._newest.moment else 0
        return moment, max([first, *(seq + 1 for seq in taken)])

    def _make(self, moment: int, seq: int, event: int | None = None) -> None:
        self.made.append(self._place(moment, seq, -moment if event is None else event, ALL))

    def _place(self, moment: int, seq: int, event: int, feed: Feed) -> Place:
        return Place(self._life.language, *feed, moment, seq, self._life.published, self._life.mark, event)


# -- in a database: the memory's or the catalogue's ---------------------------------------------------------------

TABLE = """
CREATE TABLE places (language TEXT NOT NULL, facet TEXT NOT NULL, slug TEXT NOT NULL, moment INTEGER NOT NULL,
    seq INTEGER NOT NULL, published INTEGER NOT NULL, mark INTEGER NOT NULL, event INTEGER NOT NULL,
    PRIMARY KEY (language, facet, slug, moment, seq, published, mark)) WITHOUT ROWID;
"""
"""The catalogue's table of places, the same as in the first version of the memory."""


def write(database: Database, places: Iterable[Place]) -> None:
    """Writes places; one that is there already stays as it is."""
    database.executemany("INSERT INTO places VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", places)


def all_places(database: Database) -> list[Place]:
    """Every place."""
    return _select(database, "")


def of_releases(database: Database, marks: Collection[int]) -> list[Place]:
    """The places of some releases, release by release in the order of feeds and times."""
    which = ", ".join("?" * len(marks))
    return _select(database, f"WHERE mark IN ({which}) ORDER BY mark, language, facet, slug, moment, seq", *marks)


def told_between(database: Database, since: int, until: int) -> list[Place]:
    """The places of what readers were told after one time and until another."""
    return _select(database, "WHERE moment > ? AND moment <= ?", since, until)


def newest(database: Database, language: str) -> Newest:
    """The newest place of a language; NOTHING if it has none."""
    row = database.execute(
        "SELECT moment, seq FROM places WHERE language = ? ORDER BY moment DESC, seq DESC LIMIT 1", (language,)
    ).fetchone()
    return Newest(*row) if row else NOTHING


def delete_language(database: Database, language: str) -> None:
    """Deletes the places of a language."""
    database.execute("DELETE FROM places WHERE language = ?", (language,))


def delete_after(database: Database, mark: int, moment: int) -> None:
    """Deletes the places of a release that come after a time."""
    database.execute("DELETE FROM places WHERE mark = ? AND moment > ?", (mark, moment))


def _select(database: Database, where: str, *values: int) -> list[Place]:
    rows = database.execute(f"SELECT {', '.join(Place._fields)} FROM places {where}", values)
    return [Place(*row) for row in rows]
