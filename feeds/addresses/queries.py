"""Reads the count and the theme in a query: they have so few values that caches may keep each answer."""

from __future__ import annotations

import re

from feeds.addresses.kinds import THEMES
from feeds.model.query_string import fields

COUNT, THEME = "count", "theme"

_COUNTED = re.compile(r"[1-9][0-9]?|100")
_COUNT_ALONE = re.compile(f"{COUNT}=(?:{_COUNTED.pattern})")
_THEME_ALONE = re.compile(f"{THEME}=(?:{'|'.join(THEMES)})")


def count_in(query: str) -> int:
    """The count of releases in a query string; 0 if there is none, or several, or one out of bounds.

    >>> count_in("count=5&utm_source=x"), count_in("count=5&count=6"), count_in("count=101")
    (5, 0, 0)
    """
    given = _only(COUNT, query)
    return int(given) if _COUNTED.fullmatch(given) else 0


def is_count(query: str) -> bool:
    """Whether a query string has nothing but a count of releases in it: there are few of these."""
    return _COUNT_ALONE.fullmatch(query) is not None


def theme_in(query: str) -> str:
    """The theme in a query string, one of `THEMES`; empty if there is none, or several, or one that is unknown.

    >>> theme_in("theme=dark&utm_source=x"), theme_in("theme=dark&theme=light"), theme_in("theme=blue")
    ('dark', '', '')
    """
    given = _only(THEME, query)
    return given if given in THEMES else ""


def is_theme(query: str) -> bool:
    """Whether a query string has nothing but a theme in it: there are three of these."""
    return _THEME_ALONE.fullmatch(query) is not None


def _only(name: str, query: str) -> str:
    """The value of a field that is given once; else an empty text."""
    if not query:
        return ""
    given = [value for each, value in fields(query) or [] if each == name]
    return given[0] if len(given) == 1 else ""
