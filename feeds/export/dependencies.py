"""Records which questions a document asks the catalogue: while all answers stay the same, so do its bytes.

So no code has to know which documents show a release that changes. Each question has a name, and an answer that can be
compared with that of a later export. What cannot be compared counts as changed at any moment.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from hashlib import blake2b
from typing import Any, cast
from zoneinfo import ZoneInfo

from feeds.catalogue import Page, Snapshot
from feeds.catalogue.counts import Counts
from feeds.catalogue.feed_pages import Pages
from feeds.catalogue.releases import Releases
from feeds.catalogue.similar_releases import SimilarReleases
from feeds.catalogue.sitemap_parts import SitemapParts
from feeds.model.selection import Selection

THE_PARTS = "m"
"""The question for the parts of the sitemap, and the newest change in each."""
THE_TIME = "time"
"""The key of all questions whose answers cannot be compared: they may change at any moment."""

_ABOUT_SELECTIONS = frozenset(
    {
        *("pages.of", "pages.has_any", "pages.archives", "releases.untranslated"),
        *("counts.of", "counts.by_term", "counts.by_month", "counts.by_month_and_term"),
        *("counts.months", "counts.by_year", "pages.published_between", "counts.has_more_in_all_languages"),
        *("releases.pinned",),
    }
)
_ABOUT_ALL_LANGUAGES = frozenset({"releases.untranslated", "counts.has_more_in_all_languages"})
_ABOUT_EDITIONS = frozenset({"releases.of", "releases.shown", "pages.entries", "pages.languages", "pages.updates"})
_ABOUT_DATES_ALONE = frozenset({"pages.turned"})
"""Questions about when a document changed, not about what is in it."""
_MOST_KEPT = 20_000
"""Answers kept for the documents that follow."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question about a selection, which can be asked again at another moment."""

    name: str
    selection: Selection
    more: tuple[Any, ...]
    """The other arguments, without the moment; the last of `releases.untranslated` are a moment and a number."""

    @property
    def in_any_language(self) -> bool:
        """Whether releases in other languages than the selection's count too."""
        return self.name in _ABOUT_ALL_LANGUAGES

    @property
    def key(self) -> str:
        """The question as text."""
        chosen = self.selection
        asked = [chosen.language, chosen.terms, chosen.corrections, chosen.in_all_languages, chosen.without]
        return json.dumps([self.name, asked, *self.more], default=_as_text, ensure_ascii=False)

    @classmethod
    def of(cls, key: str) -> Question:
        """Reads what `key` has written."""
        name, (language, terms, corrections, in_all, without), *more = json.loads(key)
        chosen, left_out = (tuple((facet, tuple(slugs)) for facet, slugs in each) for each in (terms, without))
        selection = Selection(language, chosen, corrections, in_all_languages=in_all, without=left_out)
        return cls(name, selection, tuple(_read(name, more)))

    def ask(self, snapshot: Snapshot, now: datetime) -> str:
        """The digest of the answer."""
        room, _, method = self.name.partition(".")
        answer = getattr(getattr(snapshot, room), method)(*_arguments(self.name, self.selection, self.more, now))
        return digest(self.name, self.more, answer)


def names_and_selections(keys: Iterable[str]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Each key with the name of its question and the selection that it is about, as text."""
    asked = tuple(keys)
    for key, (name, selection, *_) in zip(asked, json.loads(f"[{','.join(asked)}]"), strict=True):
        yield key, (name, str(selection))


def _as_text(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, ZoneInfo):
        return value.key
    raise TypeError(type(value).__name__)


def _read(name: str, more: list[Any]) -> Iterator[Any]:
    """The other arguments as they were before they were written."""
    if name in ("counts.by_month", "counts.by_month_and_term"):
        yield tuple(date.fromisoformat(each) for each in more[0])
    elif name == "releases.untranslated":
        languages, since, most = more
        yield from (tuple(languages), datetime.fromisoformat(since) if since else None, most)
    elif name == "pages.published_between":
        begin, end, *numbers = more
        yield from (datetime.fromisoformat(begin), datetime.fromisoformat(end), *numbers)
    elif name == "counts.months":
        zone, most = more
        yield from (ZoneInfo(zone), most)
    else:
        yield from more


def _arguments(name: str, selection: Selection, more: tuple[Any, ...], now: datetime) -> tuple[Any, ...]:
    """The arguments as the catalogue takes them: the moment stands behind the first."""
    if name in ("counts.by_month", "counts.by_month_and_term", "releases.untranslated"):
        return (selection, more[0], now, *more[1:])
    return (selection, now, *more)


def _without_now(name: str, arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    """The arguments behind the selection, without the moment."""
    if name in ("counts.by_month", "counts.by_month_and_term", "releases.untranslated"):
        return (tuple(arguments[1]), *arguments[3:])
    return arguments[2:]


def digest(name: str, more: tuple[Any, ...], answer: Any) -> str:
    """A short digest of an answer about a selection."""
    if isinstance(answer, Page):
        # Left out, as no document shows it: when its bytes changed, and how many archives follow the next one.
        archive = more[0] if name == "pages.of" else 0
        last = min(answer.last, archive + 1) if archive else answer.last
        answer = (answer.editions, answer.updated, answer.published, answer.number, last, answer.previous)
    elif name == "releases.untranslated":
        answer = [(each.release.language, each.release.path) for each in answer]
    return blake2b(repr(answer).encode(), digest_size=8).hexdigest()


class Recorder:
    """Hands questions on to a snapshot, and records which of them were asked."""

    def __init__(self, snapshot: Snapshot, now: datetime) -> None:
        self._now = now
        self._asked: set[str] = set()
        self._kept: dict[Any, tuple[Any, tuple[str, ...]]] = {}
        self.answers: dict[str, str] = {}
        """By question about a selection: the digest of its answer."""
        self.snapshot = snapshot.keeping()
        """A snapshot that records."""
        self.snapshot.releases = cast("Releases", _Room("releases", self.snapshot.releases, self))
        self.snapshot.alike = cast("SimilarReleases", _Room("alike", self.snapshot.alike, self))
        self.snapshot.pages = cast("Pages", _Room("pages", self.snapshot.pages, self))
        self.snapshot.counts = cast("Counts", _Room("counts", self.snapshot.counts, self))
        self.snapshot.sitemap = cast("SitemapParts", _Room("sitemap", self.snapshot.sitemap, self))
        # Every document asks for these, all at one moment.
        for name in ("next_moment", "last_moment", "last_change"):
            setattr(self.snapshot, name, cache(getattr(self.snapshot, name)))

    def taken(self) -> frozenset[str]:
        """The questions asked since the last call."""
        asked, self._asked = self._asked, set()
        return frozenset(asked)

    def ask(self, name: str, method: Callable[..., Any], arguments: tuple[Any, ...], more: Mapping[str, Any]) -> Any:
        """Asks, or gives the answer that is known; the same question at one moment has one answer."""
        identity = _identity(name, arguments, more)
        found = self._kept.get(identity) if identity else None
        if found is None:
            answer = method(*arguments, **more)
            found = answer, tuple(self._keys(name, arguments, more, answer))
            if identity:
                if len(self._kept) >= _MOST_KEPT:
                    self._kept.clear()
                self._kept[identity] = found
        self._asked.update(found[1])
        return found[0]

    def _keys(self, name: str, arguments: tuple[Any, ...], more: Mapping[str, Any], answer: Any) -> Iterable[str]:
        """The keys of a question, and of what is in its answer."""
        if name in _ABOUT_DATES_ALONE:
            return
        if name in _ABOUT_EDITIONS:
            yield from (edition_key(each) for each in arguments[0])
        elif name in _ABOUT_SELECTIONS and not more and not arguments[0].words:
            question = Question(name, arguments[0], _without_now(name, arguments))
            key = question.key
            self.answers[key] = digest(name, question.more, answer)
            yield key
            if name == "releases.untranslated":
                yield from (release_key(each.release.language, each.release.path) for each in answer)
        elif name == "alike.before":
            yield alike_key(arguments[0].language, arguments[0].path)
            yield from (edition_key(each.edition) for each in answer)
        elif name in _KEYS:
            yield _KEYS[name](arguments)
        else:
            yield THE_TIME


def _identity(name: str, arguments: tuple[Any, ...], more: Mapping[str, Any]) -> Any:
    """What identifies a question; None if its answer is not kept."""
    if more or name not in _ABOUT_SELECTIONS or name == "releases.untranslated":
        return None
    return (name, arguments[0], _without_now(name, arguments))


_KEYS: Mapping[str, Callable[[tuple[Any, ...]], str]] = {
    "releases.at": lambda arguments: release_key(*arguments[:2]),
    "releases.neighbours": lambda arguments: neighbours_key(arguments[0].language, arguments[0].path),
    "releases.moved_to": lambda arguments: former_key(*arguments[:2]),
    "releases.formerly_at": lambda arguments: former_key("", arguments[0]),
    "sitemap.all": lambda _: THE_PARTS,
    "sitemap.releases": lambda arguments: part_key(*arguments[1:3]),
}
"""By question that has one key: how the key is made of the arguments."""


class _Room:
    """A part of a snapshot whose questions are recorded."""

    def __init__(self, name: str, room: object, recorder: Recorder) -> None:
        self._name = name
        self._room = room
        self._recorder = recorder

    def __getattr__(self, question: str) -> Callable[..., Any]:
        method = getattr(self._room, question)
        name = f"{self._name}.{question}"

        def ask(*arguments: Any, **more: Any) -> Any:
            return self._recorder.ask(name, method, arguments, more)

        setattr(self, question, ask)
        return ask


def edition_key(edition: int) -> str:
    """The question for an edition by its key in the catalogue."""
    return f"e {edition}"


def release_key(language: str, path: str) -> str:
    """The question for the release at an address."""
    return f"r {language} {path}"


def neighbours_key(language: str, path: str) -> str:
    """The question for the releases before and after one."""
    return f"n {language} {path}"


def alike_key(language: str, path: str) -> str:
    """The question for the releases before one that have its terms."""
    return f"a {language} {path}"


def part_key(year: int, number: int) -> str:
    """The question for a part of the sitemap."""
    return f"{THE_PARTS} {year} {number}"


def former_key(language: str, path: str) -> str:
    """The question for the release that once had a path; of another program if no language is given."""
    return f"f {language} {path}"
