"""The newsroom with its terms, and how a term is found by slug, alias or a near spelling."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TypeAlias

from feeds.i18n import Words, language_meant, tags_read
from feeds.model.facets import Facet
from feeds.model.media import MediaFile
from feeds.model.newsroom import Newsroom, Term

OwnWords: TypeAlias = Mapping[str, Mapping[str, tuple[str, ...]]]
"""By language, the newsroom's translations by the English message: one text, or one for each plural form."""

_LONGEST = 80
"""Letters compared when guessing which term was meant. Guessing is slow, and no name is longer."""


@dataclass(frozen=True)
class Vocabulary:
    """The newsroom and its terms, by the name of their facet, sorted by slug."""

    newsroom: Newsroom
    terms: Mapping[str, tuple[Term, ...]]
    own_words: OwnWords = field(default_factory=dict)
    """The newsroom's own words for the interface."""
    pictures: Mapping[str, MediaFile] = field(default_factory=dict)
    """The newsroom's logo and icon, by these names, as readers get them."""

    @property
    def facets(self) -> tuple[Facet, ...]:
        """The newsroom's facets, in their order."""
        return self.newsroom.facets

    @cached_property
    def facet_names(self) -> tuple[str, ...]:
        """The names of the facets, in their order."""
        return tuple(facet.name for facet in self.facets)

    def facet(self, name: str) -> Facet | None:
        """The facet with this name, or None."""
        return next((facet for facet in self.facets if facet.name == name), None)

    @cached_property
    def slugs(self) -> Mapping[str, Mapping[str, str]]:
        """By facet: the current slug for each slug and alias in lower case."""
        return {
            facet: {name: term.slug for term in self.terms.get(facet, ()) for name in (term.slug, *term.aliases)}
            for facet in self.facet_names
        }

    @cached_property
    def languages(self) -> Mapping[str, str]:
        """The canonical spelling of each language tag, by the tag in lower case."""
        return {language.lower(): language for language in self.newsroom.languages}

    def language(self, tag: str) -> str | None:
        """The newsroom's language for a tag in any case, or None: en-GB for en too, if there is no other English."""
        return self.languages.get(tag.lower()) or language_meant(tag, self.newsroom.languages)

    @cached_property
    def tags_read(self) -> frozenset[str]:
        """The tags, in lower case, of all texts that readers may be shown in one of the newsroom's languages."""
        return frozenset(tag.lower() for language in self.newsroom.languages for tag in tags_read(language))

    @cached_property
    def _by_slug(self) -> Mapping[str, Mapping[str, Term]]:
        return {facet: {term.slug: term for term in self.terms.get(facet, ())} for facet in self.facet_names}

    @cached_property
    def _spellings(self) -> Mapping[str, Mapping[str, str]]:
        """By facet: the slug for each slug, alias and label in lower case. If two terms share one, the first has it."""
        spellings: dict[str, dict[str, str]] = {facet: dict(self.slugs[facet]) for facet in self.facet_names}
        for facet, terms in self.terms.items():
            for term in terms:
                for label in term.labels.values():
                    spellings[facet].setdefault(label.casefold(), term.slug)
        return spellings

    def words(self, language: str) -> Words:
        """What pages and feeds say in a language: in the newsroom's own words, else in the product's."""
        own = self.own_words.get(language)
        if not own:
            return Words.of(language)
        if language not in self._words:
            self._words[language] = Words(language, own)
        return self._words[language]

    @cached_property
    def _words(self) -> dict[str, Words]:
        return {}

    def slug(self, facet: str, name: str) -> str | None:
        """The current slug for a slug or an alias in any case; None if there is no such term."""
        return self.slugs.get(facet, {}).get(name.lower())

    def term(self, facet: str, name: str) -> Term | None:
        """The term for a slug or an alias in any case; None if there is none."""
        slug = self.slug(facet, name)
        return self._by_slug[facet][slug] if slug else None

    def labels(self, language: str) -> Mapping[tuple[str, str], str]:
        """The label of each term in a language, by facet and slug. Kept, since pages name many of them."""
        if language not in self._labels:
            self._labels[language] = {
                (facet, term.slug): term.label(language)
                for facet in self.facet_names
                for term in self.terms.get(facet, ())
            }
        return self._labels[language]

    @cached_property
    def _labels(self) -> dict[str, Mapping[tuple[str, str], str]]:
        return {}

    def current_terms(self, facet: str, now: datetime) -> tuple[Term, ...]:
        """The terms of a facet that are not retired at ``now``."""
        return tuple(term for term in self.terms.get(facet, ()) if not term.ended(now))

    def nearest(self, facet: str, name: str) -> str | None:
        """The slug that was probably meant, by slug, alias or label in any language; None if nothing is near."""
        spellings = self._spellings[facet]
        found = nearest_word(name, spellings)
        return spellings[found] if found else None


def nearest_word(word: str, words: Mapping[str, object] | frozenset[str] | tuple[str, ...]) -> str | None:
    """The one of ``words`` most like ``word``, or None if none is like it.

    >>> nearest_word("sumary", ("summary", "title"))
    'summary'
    """
    folded = word[:_LONGEST].casefold()
    if folded in words:
        return folded
    return next(iter(difflib.get_close_matches(folded, sorted(words), n=1, cutoff=0.7)), None)
