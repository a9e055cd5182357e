"""Parses the query string of a request within bounds, since anybody can send any query."""

from __future__ import annotations

from urllib.parse import parse_qsl

LONGEST = 4_000
"""Characters. A search of 200 Chinese characters, percent-encoded, takes nearly half of it."""
MOST_FIELDS = 50


def fields(query: str, most: int = MOST_FIELDS) -> list[tuple[str, str]] | None:
    """Names and values in their order, without empty values. None for a query that is too long or has too many fields.

    >>> fields("country=mn&q=new+bridge&page="), fields("a=b&" * 60)
    ([('country', 'mn'), ('q', 'new bridge')], None)
    """
    if len(query) > LONGEST:
        return None
    try:
        return parse_qsl(query, max_num_fields=most)
    except ValueError:
        return None
