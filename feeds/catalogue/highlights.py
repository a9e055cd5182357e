"""Finds in a text what a search has found in it, by the rules of the full text index."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, islice, pairwise
from unicodedata import normalize

from feeds.catalogue import tokenizer
from feeds.model import search_words
from feeds.model.search_words import Run

LONGEST = 200
"""Characters of an excerpt."""
_BEFORE = 60
"""Characters of an excerpt before the first word that was searched for, at most."""
_HEAD = 4 * LONGEST
"""Characters at the beginning of a text in which an excerpt is looked for first; then in four times as many."""


@dataclass(frozen=True, slots=True)
class HighlightedText:
    """A part of a text, and whether it was searched for."""

    text: str
    sought: bool = False


@dataclass(frozen=True, slots=True)
class _Phrase:
    """The terms that one word of a search stands for, one after the other."""

    terms: tuple[str, ...]
    prefix: bool
    """Whether the last one is the beginning of a term."""

    def places(self, by_term: Mapping[str, Sequence[int]]) -> Iterator[int]:
        """Where it begins among the terms of a text; ``by_term`` has the numbers of the places of each term."""
        *first, last = self.terms
        if not (first or self.prefix):
            return iter(by_term.get(last, ()))
        ends = (
            [at for term, places in by_term.items() if term.startswith(last) for at in places]
            if self.prefix
            else by_term.get(last, ())
        )
        before = [(back, frozenset(by_term.get(term, ()))) for back, term in enumerate(reversed(first), 1)]
        return (end - len(first) for end in ends if all(end - back in places for back, places in before))


@dataclass(frozen=True)
class Highlights:
    """The words of a search, to be marked in texts."""

    words: tuple[str, ...]
    """As `search_words.words` spells them."""
    _known: dict[str, str] = field(default_factory=dict)
    """By the form of a run in the index, its term."""
    _found: dict[str, list[list[tuple[int, int]]]] = field(default_factory=dict)
    """By text, what was found in it: callers first ask which words it has, then where they are."""

    def pieces(self, text: str) -> tuple[HighlightedText, ...]:
        """A text in pieces: those that were searched for, and what stands between them."""
        text = normalize("NFC", text)
        return tuple(_cut(text, _joined(self._spans(text)), 0, len(text)))

    def words_in(self, text: str) -> frozenset[str]:
        """The words that a text has."""
        return frozenset(word for word, spans in zip(self.words, self._spans(text), strict=True) if spans)

    def excerpt(self, text: str, about: Collection[str]) -> tuple[HighlightedText, ...]:
        """The part of a text around the first of the words in ``about``; empty if it has none of them."""
        text = normalize("NFC", text)
        by_word, first = self._first(text, about)
        if first is None:
            return ()
        begin = _word_begin(text, max(first - _BEFORE, 0))
        end = _word_end(text, max(begin + LONGEST, first + 1))
        before = [HighlightedText("… ")] if begin else []
        after = [HighlightedText(" …")] if end < len(text) else []
        return (*before, *_cut(text, _joined(by_word.values()), begin, end), *after)

    def _first(self, text: str, about: Collection[str]) -> tuple[dict[str, list[tuple[int, int]]], int | None]:
        """Where each word stands, as far as an excerpt goes; and where the first of the words in ``about`` does."""
        looked_at = _HEAD
        while True:
            by_word = dict(zip(self.words, self._spans(text[:looked_at]), strict=True))
            first = min((begin for word in about for begin, _ in by_word[word]), default=None)
            # The excerpt ends within its length from there. As much again is looked at, so that no word in it is cut.
            if looked_at >= len(text) or (first is not None and first + 2 * LONGEST <= looked_at):
                return by_word, first
            looked_at *= 4

    def _spans(self, text: str) -> list[list[tuple[int, int]]]:
        """For each word, where it stands in a text."""
        if text not in self._found:
            self._found[text] = self._looked_for(text)
        return self._found[text]

    def _looked_for(self, text: str) -> list[list[tuple[int, int]]]:
        runs = search_words.runs(text, self._beginnings)
        by_term: dict[str, list[int]] = {}
        for at, term in enumerate(self._terms(runs, tuple(self._beginnings)) if runs else ()):
            by_term.setdefault(term, []).append(at)
        return [_where(phrase, text, runs, by_term) if by_term else [] for phrase in self._phrases]

    @cached_property
    def _beginnings(self) -> frozenset[str]:
        """The beginnings of words that may have one of the terms.

        A stem of three letters or more has at least its first two in common with all of its words.
        """
        terms = (term for phrase in self._phrases for term in phrase.terms if term)
        return frozenset(term[: 2 if len(term) > 2 else 1] for term in terms)

    @cached_property
    def _phrases(self) -> list[_Phrase]:
        by_word = [search_words.runs(word) for word in self.words]
        terms = iter(self._terms([*chain.from_iterable(by_word)], ("",)))
        return [_Phrase(tuple(islice(terms, len(runs))), prefix=bool(runs) and runs[-1].is_prefix) for runs in by_word]

    def _terms(self, runs: Sequence[Run], beginnings: tuple[str, ...]) -> list[str]:
        """The term of each run; empty for those that begin with none of ``beginnings``."""
        new = {run.form for run in runs} - self._known.keys()
        if new:
            self._known.update(dict.fromkeys(new, ""))
            sought = [form for form in new if form.startswith(beginnings)]
            self._known.update(zip(sought, tokenizer.term_of_each(sought), strict=True))
        return [self._known[run.form] for run in runs]


def _where(
    phrase: _Phrase, text: str, runs: Sequence[Run], by_term: Mapping[str, Sequence[int]]
) -> list[tuple[int, int]]:
    """Where a phrase stands in a text; ``by_term`` has the numbers of its ``runs``."""
    if not any(phrase.terms[:1]):
        return []
    length = len(phrase.terms)
    return [
        (runs[at].begin, runs[at + length - 1].end)
        for at in phrase.places(by_term)
        if length == 1 or _is_together(text, runs[at : at + length])
    ]


def _is_together(text: str, runs: Sequence[Run]) -> bool:
    """Whether no other word of a text stands between these."""
    return all(search_words.is_next(text, one, other) for one, other in pairwise(runs))


def _joined(spans: Iterable[Iterable[tuple[int, int]]]) -> list[tuple[int, int]]:
    """The places of all words in order, those that overlap or touch as one."""
    found: list[tuple[int, int]] = []
    for begin, end in sorted(chain.from_iterable(spans)):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((begin, end))
    return found


def _cut(text: str, spans: Sequence[tuple[int, int]], begin: int, end: int) -> Iterable[HighlightedText]:
    """A part of a text in pieces."""
    at = begin
    for first, last in spans[bisect_left(spans, (begin, begin)) :]:
        if first >= end:
            break
        if first > at:
            yield HighlightedText(text[at:first])
        yield HighlightedText(text[first : min(last, end)], sought=True)
        at = min(last, end)
    if at < end:
        yield HighlightedText(text[at:end])


def _word_begin(text: str, at: int) -> int:
    """Where the next word begins, if it begins soon: some languages have no spaces."""
    if not at:
        return 0
    space = text.find(" ", at, at + _BEFORE // 2)
    return space + 1 if space >= 0 else at


def _word_end(text: str, at: int) -> int:
    """Where the last word before a place ends, if it ends soon before."""
    if at >= len(text):
        return len(text)
    space = text.rfind(" ", at - _BEFORE // 2, at)
    return space if space >= 0 else at
