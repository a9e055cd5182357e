"""A selection of releases: any of the terms within a facet, all facets together, in one language or in all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Self


@dataclass(frozen=True, slots=True, order=True)
class Selection:
    """The terms that a feed is about, sorted, each once. No terms means every release.

    Build it with :meth:`of`, which sorts. In addresses and titles the facets stand in the newsroom's own order.
    """

    language: str
    """Of the releases; if they are ``in_all_languages``, only of what is said about them."""
    terms: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Pairs of a facet's name and the slugs asked for."""
    corrections: bool = False
    """Only releases that were corrected or withdrawn."""
    words: tuple[str, ...] = ()
    """Only releases that contain all of these words, as `search_words.words` spells them."""
    in_all_languages: bool = False
    """Originals in any language, and no translations: so no subscriber gets a story twice."""

    @classmethod
    def of(
        cls,
        language: str,
        terms: Mapping[str, Iterable[str]] | None = None,
        *,
        corrections: bool = False,
        words: tuple[str, ...] = (),
        in_all_languages: bool = False,
    ) -> Self:
        """Builds a selection from slugs by the name of their facet, in any order.

        >>> Selection.of("en", {"topic": ["wages"], "country": ["mn", "cn", "mn"]}).terms
        (('country', ('cn', 'mn')), ('topic', ('wages',)))
        """
        canonical = ((facet, tuple(sorted(set(slugs)))) for facet, slugs in sorted((terms or {}).items()))
        chosen = tuple((facet, slugs) for facet, slugs in canonical if slugs)
        return cls(language, chosen, corrections, words, in_all_languages)

    def slugs(self, facet: str) -> tuple[str, ...]:
        """The slugs asked for in one facet; none means any."""
        return dict(self.terms).get(facet, ())

    def with_any(self, facet: str) -> Self:
        """The same with any term of a facet.

        >>> Selection.of("en", {"topic": ["wages"], "country": ["mn"]}).with_any("country").terms
        (('topic', ('wages',)),)
        """
        return replace(self, terms=tuple(each for each in self.terms if each[0] != facet))

    def in_order(self, facets: Iterable[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The slugs asked for, facet by facet in the order of ``facets``.

        >>> Selection.of("en", {"topic": ["wages"], "country": ["mn"]}).in_order(("topic", "genre", "country"))
        (('topic', ('wages',)), ('country', ('mn',)))
        """
        asked = dict(self.terms)
        return tuple((facet, asked[facet]) for facet in facets if facet in asked)
