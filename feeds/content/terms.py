"""Puts the slug that counts in the place of each term a release names, or says which one was probably meant."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from feeds.content.faults import MOST, Fault, clipped, listed
from feeds.content.iso_3166 import CODES
from feeds.content.raw_record import Draft
from feeds.content.yaml_reader import Data
from feeds.model.release import Facet
from feeds.model.vocabulary import Vocabulary

FIELDS: Mapping[Facet, str] = MappingProxyType(
    {Facet.COUNTRY: "countries", Facet.PROJECT: "projects", Facet.TOPIC: "topics", Facet.GENRE: "genre"}
)
"""The field of a release for each facet; all but the genre are lists."""

FILES: Mapping[Facet, str] = MappingProxyType(
    {
        Facet.COUNTRY: "countries.yaml",
        Facet.PROJECT: "projects.yaml",
        Facet.TOPIC: "topics.yaml",
        Facet.GENRE: "newsroom.yaml",
    }
)
"""Where the terms of each facet are kept."""


def resolve(facet: Facet, data: dict[str, Data], draft: Draft, vocabulary: Vocabulary, found: list[Fault]) -> None:
    """Replaces the names in one field of ``data`` by slugs, sorted and each once; what has the wrong shape stays."""
    field = FIELDS[facet]
    written = data.get(field)
    known = vocabulary.slugs[facet]
    if isinstance(written, str):
        if facet is Facet.GENRE and written:
            data[field] = known.get(written.lower()) or _unknown(facet, written, field, draft, vocabulary, found)
        return
    if facet is Facet.GENRE or not isinstance(written, list):
        return
    slugs: set[str] = set()
    for number, name in enumerate(written):
        if not isinstance(name, str):
            return
        slug = known.get(name.lower())
        if slug is None:
            _unknown(facet, name, f"{field}[{number}]", draft, vocabulary, found)
        elif slug in slugs:
            found.append(draft.fault(f"{field}[{number}]", f"{clipped(name)} twice", "delete one", fatal=False))
        else:
            slugs.add(slug)
    data[field] = [*sorted(slugs)]


def spelt(facet: Facet, slug: str) -> str:
    """A slug as people write it: countries by their code in capitals."""
    return slug.upper() if facet is Facet.COUNTRY else slug


def _unknown(facet: Facet, name: str, path: str, draft: Draft, vocabulary: Vocabulary, found: list[Fault]) -> str:
    """Says so; returns a slug that keeps the model from saying it again."""
    found.append(draft.fault(path, f"no such {facet} {clipped(name)}", _advice(facet, name, vocabulary, len(found))))
    return "unknown"


def _advice(facet: Facet, name: str, vocabulary: Vocabulary, said: int) -> str:
    known = [spelt(facet, term.slug) for term in vocabulary.terms.get(facet, ())]
    if not known:
        return f"{FILES[facet]} has no {facet} that can be used; put that right first"
    # Guessing is slow, and after so many nobody reads it.
    if said < MOST and (meant := vocabulary.nearest(facet, name)):
        return f"did you mean {spelt(facet, meant)}?"
    if facet is Facet.COUNTRY and name.upper() in CODES:
        return f"add it to {FILES[facet]} if releases may be about it"
    return f"use {listed(known)}, or add it to {FILES[facet]}" if len(known) <= 12 else f"add it to {FILES[facet]}"
