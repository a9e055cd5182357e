"""The visible releases of two exports compared: for which questions the answer may be another one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Self

from feeds.catalogue import Snapshot
from feeds.export.questions import (
    THE_PARTS,
    THE_TIME,
    Question,
    former_key,
    neighbours_key,
    part_key,
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
    corrected: bool
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
    sitemap: Mapping[str, str]
    """By the question for the parts of the sitemap, or for one: what the answer is, in a few letters."""

    @classmethod
    def of(cls, snapshot: Snapshot, now: datetime) -> Self:
        """The census of a snapshot."""
        releases = {
            (each.language, each.path): Counted(
                each.edition, each.fingerprint, each.withdrawn, each.corrected, each.terms
            )
            for each in snapshot.releases.editions(now)
        }
        former: dict[str, str] = {}
        for language, before, path in snapshot.releases.former_paths(now):
            target = f"{language} {path}"
            former.setdefault(former_key(language, before), target)
            if before.startswith("/"):
                former.setdefault(former_key("", before), target)
        parts = snapshot.sitemap.all(snapshot.vocabulary.newsroom, now)
        sitemap = {part_key(each.year, each.number): each.digest for each in parts}
        sitemap[THE_PARTS] = " ".join(f"{each.year}-{each.number}:{each.changed.isoformat()}" for each in parts)
        return cls(releases, former, snapshot.pages.feed_marks(), sitemap)

    def to_data(self) -> dict[str, Any]:
        """The census as values for JSON."""
        return {
            "releases": [
                [language, path, each.edition, each.fingerprint, each.withdrawn, each.corrected, each.terms]
                for (language, path), each in self.releases.items()
            ],
            "former": self.former,
            "marks": [[*feed, mark] for feed, mark in self.marks.items()],
            "sitemap": self.sitemap,
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Reads what `to_data` has written."""
        releases = {
            (language, path): Counted(edition, fingerprint, withdrawn, corrected, tuple((f, s) for f, s in terms))
            for language, path, edition, fingerprint, withdrawn, corrected, terms in data["releases"]
        }
        marks = {(language, facet, slug): mark for language, facet, slug, mark in data["marks"]}
        return cls(releases, data["former"], marks, data["sitemap"])

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
        self.present: dict[str, str] = {}
        """The answers that were asked for again, in a few letters."""

    @cached_property
    def _changed(self) -> list[tuple[str, frozenset[tuple[str, str]]]]:
        """Language and terms of the releases that came, went or changed, before and after."""
        return self._language_and_terms(lambda one, other: one != other)

    @cached_property
    def _moved(self) -> list[tuple[str, frozenset[tuple[str, str]]]]:
        """The same of those that came or went, were withdrawn, or have other terms: only these are on other pages."""
        return self._language_and_terms(lambda one, other: _standing(one) != _standing(other))

    def _language_and_terms(
        self, differ: Callable[[Counted | None, Counted | None], bool]
    ) -> list[tuple[str, frozenset[tuple[str, str]]]]:
        before, after = self._before.releases, self._after.releases
        found = [
            (language, frozenset(each.terms))
            for language, path in {*before, *after}
            if differ(before.get((language, path)), after.get((language, path)))
            for each in (before.get((language, path)), after.get((language, path)))
            if each
        ]
        return list(dict.fromkeys(found))

    @cached_property
    def _moved_feeds(self) -> frozenset[tuple[str, str, str]]:
        """The feeds whose places are other ones."""
        one, other = self._before.marks, self._after.marks
        return frozenset(feed for feed in {*one, *other} if one.get(feed) != other.get(feed))

    def differing(self, keys: Iterable[str]) -> frozenset[str]:
        """Those of the questions that may have another answer."""
        return frozenset(key for key in keys if self._compared(key))

    def _compared(self, key: str) -> bool:
        if key == THE_TIME:
            return True
        kind, _, rest = key.partition(" ")
        before, after = self._before, self._after
        if kind == THE_PARTS:
            return before.sitemap.get(key) != after.sitemap.get(key)
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
        if not self._may_differ(question):
            return False
        self.present[key] = question.ask(self._snapshot, self._now)
        return self._answers.get(key) != self.present[key]

    def _may_differ(self, question: Question) -> bool:
        """Whether a release that changed is or was in the selection, or one of its feeds has other places.

        Which releases stand on a page does not change with their text. A document that shows the text asks for it too.
        """
        changed = self._moved if question.name == "pages.of" else self._changed
        if len(changed) > _MANY:
            return True
        selection = question.selection
        wide = question.in_any_language or selection.in_all_languages
        for language, terms in changed:
            if (wide or language == selection.language) and all(
                any((facet, slug) in terms for slug in slugs) for facet, slugs in selection.terms
            ):
                return True
        return any(feed in self._moved_feeds for feed in _feeds(selection, wide=wide))


def _standing(release: Counted | None) -> tuple[object, ...]:
    """What decides on which pages a release stands, besides its places."""
    return (release.terms, release.withdrawn, release.corrected) if release else ()


def _spellings(key: str) -> tuple[str, str]:
    """The question for a former path, and that for the path with or without a slash at its end."""
    return key, key[:-1] if key.endswith("/") else f"{key}/"


def _feeds(selection: Selection, *, wide: bool) -> Iterator[tuple[str, str, str]]:
    """The feeds that a selection is made of, as the catalogue names them."""
    feeds = [(facet, slug) for facet, slugs in selection.terms for slug in slugs]
    feeds += [CORRECTIONS] if selection.corrections else []
    for language in (selection.language, *([ALL_LANGUAGES] if wide else [])):
        yield from ((language, *feed) for feed in feeds or [ALL])
