"""What somebody asked for: any of the terms within a facet, all of the facets together, in one language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True, order=True)
class Selection:
    """A question in one form: facets sorted by name, slugs sorted and each once. No terms means every release.

    Build it with :meth:`of`, which brings any order into that form. In addresses and in titles the facets stand in the
    newsroom's own order.
    """

    language: str
    terms: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Slugs by the name of their facet."""
    corrections: bool = False
    """Only what was corrected or withdrawn."""
    words: tuple[str, ...] = ()
    """Only what has all of these words, in the spelling of `search_words.words`."""

    @classmethod
    def of(
        cls,
        language: str,
        terms: Mapping[str, Iterable[str]] | None = None,
        *,
        corrections: bool = False,
        words: tuple[str, ...] = (),
    ) -> Self:
        """The selection of these terms, by the name of their facet, whatever their order.

        >>> Selection.of("en", {"topic": ["wages"], "country": ["mn", "cn", "mn"]}).terms
        (('country', ('cn', 'mn')), ('topic', ('wages',)))
        """
        canonical = ((facet, tuple(sorted(set(slugs)))) for facet, slugs in sorted((terms or {}).items()))
        return cls(language, tuple((facet, slugs) for facet, slugs in canonical if slugs), corrections, words)

    def slugs(self, facet: str) -> tuple[str, ...]:
        """The terms asked for in one facet; none means any."""
        return dict(self.terms).get(facet, ())

    def in_order(self, facets: Iterable[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The terms asked for, facet by facet in the order of ``facets``.

        >>> Selection.of("en", {"topic": ["wages"], "country": ["mn"]}).in_order(("topic", "genre", "country"))
        (('topic', ('wages',)), ('country', ('mn',)))
        """
        asked = dict(self.terms)
        return tuple((facet, asked[facet]) for facet in facets if facet in asked)
