"""The canonical form of an address: its terms by their slugs, whatever alias or case was written."""

from __future__ import annotations

from dataclasses import replace

from feeds.addresses import Address, FeedAddress, Headlines, Outline
from feeds.model.selection import Selection
from feeds.publish.context import Context


def resolved(address: Address, context: Context) -> Address | None:
    """The address with each term by its slug; None where a term is unknown."""
    if not isinstance(address, FeedAddress | Headlines | Outline) or address.selection is None:
        return address
    terms = {}
    for facet, names in address.selection.terms:
        slugs = [context.vocabulary.slug(facet, name) for name in names]
        if None in slugs:
            return None
        terms[facet] = [slug for slug in slugs if slug]
    asked = address.selection
    selection = Selection.of(asked.language, terms, corrections=asked.corrections, words=asked.words)
    return replace(address, selection=selection)
