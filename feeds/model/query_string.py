"""Reads the query string of a request within bounds: anybody can make up any."""

from __future__ import annotations

from urllib.parse import parse_qsl

LONGEST = 4_000
"""Characters; ten Chinese words, percent-encoded, take half of it."""
MOST_FIELDS = 50


def fields(query: str, most: int = MOST_FIELDS) -> list[tuple[str, str]] | None:
    """Names and values in their order, without those that are empty; None if it is longer than anybody needs.

    >>> fields("country=mn&q=new+bridge&page="), fields("a=b&" * 60)
    ([('country', 'mn'), ('q', 'new bridge')], None)
    """
    if len(query) > LONGEST:
        return None
    try:
        return parse_qsl(query, max_num_fields=most)
    except ValueError:
        return None
