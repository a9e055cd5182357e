"""What subscribers are owed: kept by whoever writes the files, from nothing but what was meant. Knows no feed code."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

LANGUAGES = ("en", "mn")
NEVER = datetime.max.replace(tzinfo=UTC)


class Kind(StrEnum):
    """What readers may be told of a release; a note is there to be read, but nobody is told again."""

    PUBLISHED = "published"
    NOTED = "noted"
    CORRECTED = "corrected"
    EXTENDED = "extended"
    WITHDRAWN = "withdrawn"


IN_CORRECTIONS = frozenset({Kind.NOTED, Kind.CORRECTED, Kind.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Told:
    """Something that readers are to learn, ``at`` the earliest; it bears the ``date`` that the editor wrote."""

    kind: Kind
    at: datetime
    date: datetime
    word: str
    """Stands in its text and nowhere else."""


@dataclass
class Version:
    """A release in one language, as it was meant."""

    id: str
    language: str
    terms: frozenset[str]
    """Like ``country/cn``."""
    told: list[Told] = field(default_factory=list)

    def by(self, now: datetime) -> list[Told]:
        """What may be known by then; nothing of what is still to be published."""
        return [each for each in self.told if each.at <= now]

    def pending(self, now: datetime) -> bool:
        """Whether anything is still to come."""
        return any(each.at > now for each in self.told)

    def stands(self, now: datetime) -> bool:
        """Whether it may be seen, nothing is to come, and it was not withdrawn."""
        known = self.by(now)
        return bool(known) and not self.pending(now) and known[-1].kind is not Kind.WITHDRAWN


@dataclass(frozen=True, slots=True)
class Feed:
    """Something to subscribe to. ``wanted`` holds alternatives, and all of them must be met."""

    name: str
    language: str
    wanted: tuple[frozenset[str], ...] = ()
    corrections: bool = False

    def path(self, suffix: str) -> str:
        """Where it is."""
        return f"{'' if self.language == LANGUAGES[0] else f'/{self.language}'}/feeds/{self.name}.{suffix}"


FEEDS = tuple(
    feed
    for language in LANGUAGES
    for feed in (
        Feed("all", language),
        Feed("country/cn", language, (frozenset({"country/cn"}),)),
        Feed("project/score", language, (frozenset({"project/score"}),)),
        Feed(
            "country/cn+mn/topic/wages", language, (frozenset({"country/cn", "country/mn"}), frozenset({"topic/wages"}))
        ),
        Feed("corrections", language, corrections=True),
    )
)


@dataclass(frozen=True, slots=True, order=True)
class Event:
    """What a subscriber notices."""

    updated: datetime
    id: str
    new: bool


@dataclass
class Ledger:
    """Every release that was meant to be seen, and from when each word may be."""

    versions: list[Version] = field(default_factory=list)
    words: dict[str, datetime] = field(default_factory=dict)
    """From when each may be seen."""

    def tell(self, version: Version, kind: Kind, at: datetime, date: datetime, word: str) -> None:
        """Writes down one more thing that readers are to learn."""
        version.told.append(Told(kind, at, date, word))
        self.words[word] = at

    def state(self, feed: Feed, now: datetime) -> dict[str, datetime]:
        """Every release in the feed, with the last change that readers must be told of."""
        return {
            version.id: max(each.date for each in known if each.kind is not Kind.NOTED)
            for version in self._members(feed)
            if (known := version.by(now))
            and (not feed.corrections or any(each.kind in IN_CORRECTIONS for each in known))
        }

    def events(self, feed: Feed, now: datetime) -> list[Event]:
        """Everything that somebody noticed who missed no moment, in the order of what happened."""
        found: list[tuple[datetime, Event]] = []
        for version in self._members(feed):
            inside = False
            updated = version.told[0].date if version.told else NEVER
            for each in version.by(now):
                moved = each.kind is not Kind.NOTED
                updated = each.date if moved else updated
                enters = not inside and (not feed.corrections or each.kind in IN_CORRECTIONS)
                if enters or (inside and moved):
                    found.append((each.at, Event(updated, version.id, enters)))
                inside = inside or enters
        return [event for _, event in sorted(found)]

    def notes(self, now: datetime) -> dict[str, set[str]]:
        """By id, the words of the corrections that stand with each release; a withdrawal takes their place."""
        return {
            version.id: {each.word for each in known if each.kind is Kind.CORRECTED}
            if known[-1].kind is not Kind.WITHDRAWN
            else {known[-1].word}
            for version in self.versions
            if (known := version.by(now))
        }

    def early(self, words: set[str], now: datetime) -> list[str]:
        """Those of the words that nobody may see yet."""
        return sorted(word for word in words if self.words[word] > now)

    def moments(self, after: datetime) -> list[datetime]:
        """When something will happen by itself."""
        return sorted({each.at for version in self.versions for each in version.told if each.at > after})

    def counted(self, now: datetime) -> Counter[Kind]:
        """How much of each kind there has been."""
        return Counter(each.kind for version in self.versions for each in version.by(now))

    def _members(self, feed: Feed) -> list[Version]:
        return [
            version
            for version in self.versions
            if version.language == feed.language and all(version.terms & any_of for any_of in feed.wanted)
        ]
