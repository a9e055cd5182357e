"""What somebody asked for: any of the terms within a facet, all of the facets together, in one language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from feeds.model.release import Facet, Release


@dataclass(frozen=True, slots=True, order=True)
class Selection:
    """A question with one spelling: facets in their fixed order, slugs sorted and without repetition.

    Build it with :meth:`of`, which brings any spelling into that form. No terms at all means every release.
    """

    language: str
    terms: tuple[tuple[Facet, tuple[str, ...]], ...] = ()
    corrections: bool = False
    """Only what was corrected or withdrawn."""
    words: tuple[str, ...] = ()
    """Only what has all of these words, in the spelling of `keywords.words`."""

    @classmethod
    def of(
        cls,
        language: str,
        terms: Mapping[Facet, Iterable[str]] | None = None,
        *,
        corrections: bool = False,
        words: tuple[str, ...] = (),
    ) -> Self:
        """The selection of these terms, whatever their order.

        >>> Selection.of("en", {Facet.TOPIC: ["wages"], Facet.COUNTRY: ["mn", "cn", "mn"]}).terms
        ((<Facet.COUNTRY: 'country'>, ('cn', 'mn')), (<Facet.TOPIC: 'topic'>, ('wages',)))
        """
        asked = terms or {}
        canonical = ((facet, tuple(sorted(set(asked.get(facet, ()))))) for facet in Facet)
        return cls(language, tuple((facet, slugs) for facet, slugs in canonical if slugs), corrections, words)

    def matches(self, release: Release) -> bool:
        """Whether the release bears the terms asked for. Says nothing of words, nor whether it may be seen yet."""
        return release.language == self.language and all(
            not set(slugs).isdisjoint(release.terms(facet)) for facet, slugs in self.terms
        )

    def slugs(self, facet: Facet) -> tuple[str, ...]:
        """The terms asked for in one facet; none means any."""
        return dict(self.terms).get(facet, ())
