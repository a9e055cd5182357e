"""A selection of releases: any of the terms within a facet, all facets together, none of those that are left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Self, TypeAlias

Terms: TypeAlias = tuple[tuple[str, tuple[str, ...]], ...]
"""Pairs of a facet's name and slugs of its terms."""


@dataclass(frozen=True, slots=True, order=True)
class Selection:
    """The terms that a feed is about, sorted, each once. No terms means every release.

    Build it with :meth:`of`, which sorts. In addresses and titles the facets stand in the newsroom's own order.
    """

    language: str
    """The language of the releases; with ``in_all_languages``, only that of the texts around them."""
    terms: Terms = ()
    """Pairs of a facet's name and the slugs asked for."""
    corrections: bool = False
    """Only releases that were corrected or withdrawn."""
    words: tuple[str, ...] = ()
    """Only releases that contain all of these words, as `search_words.words` spells them."""
    in_all_languages: bool = False
    """Originals in any language, and no translations: so no subscriber gets a story twice."""
    without: Terms = ()
    """Only releases that have none of these terms; none of them is asked for in ``terms``."""

    @classmethod
    def of(
        cls,
        language: str,
        terms: Mapping[str, Iterable[str]] | None = None,
        *,
        corrections: bool = False,
        words: tuple[str, ...] = (),
        in_all_languages: bool = False,
        without: Mapping[str, Iterable[str]] | None = None,
    ) -> Self:
        """Builds a selection from slugs by the name of their facet, in any order.

        >>> Selection.of("en", {"topic": ["wages"], "country": ["mn", "cn", "mn"]}).terms
        (('country', ('cn', 'mn')), ('topic', ('wages',)))
        """
        return cls(language, _sorted(terms or {}), corrections, words, in_all_languages, _sorted(without or {}))

    @property
    def has_terms(self) -> bool:
        """Whether it asks for terms, or leaves some out."""
        return bool(self.terms or self.without)

    @property
    def is_contradictory(self) -> bool:
        """Whether all that it asks for in a facet is left out, so that no release can be in it."""
        left_out = dict(self.without)
        return any(set(slugs) <= set(left_out.get(facet, ())) for facet, slugs in self.terms)

    def without_needless(self) -> Self:
        """The same selection, asking for nothing that it leaves out.

        >>> asked = Selection.of("en", {"country": ["cn", "mn"]}, without={"country": ["cn"]})
        >>> asked.without_needless().terms
        (('country', ('mn',)),)
        """
        if not self.without:
            return self
        left_out = dict(self.without)
        asked = {facet: set(slugs) - set(left_out.get(facet, ())) for facet, slugs in self.terms}
        return replace(self, terms=_sorted(asked))

    def slugs(self, facet: str) -> tuple[str, ...]:
        """The slugs asked for in one facet; none means any."""
        return dict(self.terms).get(facet, ())

    def with_any(self, facet: str) -> Self:
        """The same with any term of a facet.

        >>> Selection.of("en", {"topic": ["wages"], "country": ["mn"]}).with_any("country").terms
        (('topic', ('wages',)),)
        """
        return replace(self, terms=tuple(each for each in self.terms if each[0] != facet))


def in_order(terms: Terms, facets: Iterable[str]) -> Terms:
    """Terms facet by facet in the order of ``facets``.

    >>> in_order((("country", ("mn",)), ("topic", ("wages",))), ("topic", "genre", "country"))
    (('topic', ('wages',)), ('country', ('mn',)))
    """
    asked = dict(terms)
    return tuple((facet, asked[facet]) for facet in facets if facet in asked)


def _sorted(terms: Mapping[str, Iterable[str]]) -> Terms:
    canonical = ((facet, tuple(sorted(set(slugs)))) for facet, slugs in sorted(terms.items()))
    return tuple((facet, slugs) for facet, slugs in canonical if slugs)
