"""The visible releases of two exports compared: for which questions the answer may be another one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Self

from feeds.catalogue import Snapshot
from feeds.export.questions import (
    ANY_RELEASE,
    THE_TIME,
    Question,
    former_key,
    neighbours_key,
)
from feeds.memory.places import ALL, ALL_LANGUAGES, CORRECTIONS
from feeds.model.selection import Selection

_MANY = 300
"""Changed releases above which every selection is asked for again."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A release in the census."""

    edition: int
    fingerprint: str
    withdrawn: bool
    terms: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Census:
    """All visible releases at a moment."""

    releases: Mapping[tuple[str, str], Counted]
    """By language and path; by language, the oldest first."""
    former: Mapping[str, str]
    """By the question for a former path: language and path of the release there now."""
    marks: Mapping[tuple[str, str, str], int]
    """By language, facet and slug of a feed: a number that changes with its places."""

    @classmethod
    def of(cls, snapshot: Snapshot, now: datetime) -> Self:
        """The census of a snapshot."""
        releases = {
            (each.language, each.path): Counted(each.edition, each.fingerprint, each.withdrawn, each.terms)
            for each in snapshot.releases.editions(now)
        }
        former: dict[str, str] = {}
        for language, before, path in snapshot.releases.former_paths(now):
            target = f"{language} {path}"
            former.setdefault(former_key(language, before), target)
            if before.startswith("/"):
                former.setdefault(former_key("", before), target)
        return cls(releases, former, snapshot.pages.feed_marks())

    def to_data(self) -> dict[str, Any]:
        """The census as values for JSON."""
        return {
            "releases": [
                [language, path, each.edition, each.fingerprint, each.withdrawn, each.terms]
                for (language, path), each in self.releases.items()
            ],
            "former": self.former,
            "marks": [[*feed, mark] for feed, mark in self.marks.items()],
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Reads what `to_data` has written."""
        releases = {
            (language, path): Counted(edition, fingerprint, withdrawn, tuple((f, s) for f, s in terms))
            for language, path, edition, fingerprint, withdrawn, terms in data["releases"]
        }
        marks = {(language, facet, slug): mark for language, facet, slug, mark in data["marks"]}
        return cls(releases, data["former"], marks)

    @cached_property
    def editions(self) -> Mapping[int, tuple[str, str, str]]:
        """By edition: language, path and fingerprint."""
        return {each.edition: (*where, each.fingerprint) for where, each in self.releases.items()}

    @cached_property
    def neighbours(self) -> Mapping[str, tuple[str, str]]:
        """By the question for a release's neighbours: the fingerprints of those before and after it."""
        found: dict[str, tuple[str, str]] = {}
        where = list(self.releases)
        before: dict[str, str] = {}
        earlier = []
        for language, path in where:
            earlier.append(before.get(language, ""))
            if not self.releases[language, path].withdrawn:
                before[language] = self._with_place(language, path)
        after: dict[str, str] = {}
        for (language, path), one in zip(reversed(where), reversed(earlier), strict=True):
            found[neighbours_key(language, path)] = one, after.get(language, "")
            if not self.releases[language, path].withdrawn:
                after[language] = self._with_place(language, path)
        return found

    def _with_place(self, language: str, path: str) -> str:
        return f"{path} {self.releases[language, path].fingerprint}"


class Comparison:
    """Says of questions whether their answers may differ between two states of the newsroom."""

    def __init__(
        self, before: Census, after: Census, answers: Mapping[str, str], snapshot: Snapshot, now: datetime
    ) -> None:
        """``answers`` are those of the earlier export; ``snapshot`` is asked for the later ones."""
        self._before = before
        self._after = after
        self._answers = answers
        self._snapshot = snapshot
        self._now = now
        self._known: dict[str, bool] = {ANY_RELEASE: bool(self._changed), THE_TIME: True}
        self.present: dict[str, str] = {}
        """The answers that were asked for again, in a few letters."""

    @cached_property
    def _changed(self) -> list[tuple[str, frozenset[tuple[str, str]]]]:
        """Language and terms of the releases that came, went or changed, before and after."""
        one, other = self._before.releases, self._after.releases
        changed = [
            (language, frozenset(each.terms))
            for language, path in {*one, *other}
            if one.get((language, path)) != other.get((language, path))
            for each in (one.get((language, path)), other.get((language, path)))
            if each
        ]
        return list(dict.fromkeys(changed))

    @cached_property
    def _moved_feeds(self) -> frozenset[tuple[str, str, str]]:
        """The feeds whose places are other ones."""
        one, other = self._before.marks, self._after.marks
        return frozenset(feed for feed in {*one, *other} if one.get(feed) != other.get(feed))

    def differs(self, keys: Iterable[str]) -> bool:
        """Whether one of these questions may have another answer."""
        return any(self._differs(key) for key in keys)

    def _differs(self, key: str) -> bool:
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._compared(key)
        return found

    def _compared(self, key: str) -> bool:
        kind, _, rest = key.partition(" ")
        before, after = self._before, self._after
        if kind == "e":
            return before.editions.get(int(rest)) != after.editions.get(int(rest))
        if kind == "r":
            language, _, path = rest.partition(" ")
            return before.releases.get((language, path)) != after.releases.get((language, path))
        if kind == "n":
            return before.neighbours.get(key) != after.neighbours.get(key)
        if kind == "f":
            return any(before.former.get(each) != after.former.get(each) for each in _spellings(key))
        return self._asked_again(key)

    def _asked_again(self, key: str) -> bool:
        question = Question.of(key)
        if not self.may_change(question.selection, in_any_language=question.in_any_language):
            return False
        self.present[key] = question.ask(self._snapshot, self._now)
        return self._answers.get(key) != self.present[key]

    def may_change(self, selection: Selection, *, in_any_language: bool = False) -> bool:
        """Whether a release that changed is or was in a selection, or one of its feeds has other places."""
        if len(self._changed) > _MANY:
            return True
        wide = in_any_language or selection.in_all_languages
        for language, terms in self._changed:
            if (wide or language == selection.language) and all(
                any((facet, slug) in terms for slug in slugs) for facet, slugs in selection.terms
            ):
                return True
        return any(feed in self._moved_feeds for feed in _feeds(selection, wide=wide))


def _spellings(key: str) -> tuple[str, str]:
    """The question for a former path, and that for the path with or without a slash at its end."""
    return key, key[:-1] if key.endswith("/") else f"{key}/"


def _feeds(selection: Selection, *, wide: bool) -> Iterator[tuple[str, str, str]]:
    """The feeds that a selection is made of, as the catalogue names them."""
    feeds = [(facet, slug) for facet, slugs in selection.terms for slug in slugs]
    feeds += [CORRECTIONS] if selection.corrections else []
    for language in (selection.language, *([ALL_LANGUAGES] if wide else [])):
        yield from ((language, *feed) for feed in feeds or [ALL])
