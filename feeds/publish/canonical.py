"""From the terms somebody wrote to the terms that count."""

from __future__ import annotations

from dataclasses import replace

from feeds.addresses import Address, FeedAddress, Headlines, Outline
from feeds.model.selection import Selection
from feeds.publish.context import Newsdesk


def resolved(address: Address, desk: Newsdesk) -> Address | None:
    """The address with its terms by the slugs that count; None where a term is unknown."""
    if not isinstance(address, FeedAddress | Headlines | Outline) or address.selection is None:
        return address
    terms = {}
    for facet, names in address.selection.terms:
        slugs = [desk.vocabulary.slug(facet, name) for name in names]
        if None in slugs:
            return None
        terms[facet] = [slug for slug in slugs if slug]
    asked = address.selection
    selection = Selection.of(asked.language, terms, corrections=asked.corrections, words=asked.words)
    return replace(address, selection=selection)
