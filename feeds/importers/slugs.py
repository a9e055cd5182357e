"""Makes slugs of other programs' names and titles."""

from __future__ import annotations

import re
from unicodedata import combining, normalize
from urllib.parse import unquote

LONGEST = 100
"""Characters of a slug."""


def slug_of(text: str) -> str:
    """The slug of a text; empty if too little of it can be written in Latin letters.

    >>> [slug_of(each) for each in ("Où & quand?", "Straße_2", "%E6%96%B0", "新闻简报 2021")]
    ['ou-quand', 'strasse-2', '', '']
    """
    text = normalize("NFKD", unquote(text).casefold().replace("'", "").replace("’", ""))
    letters = [letter for letter in text if letter.isalnum()]
    if sum(not letter.isascii() for letter in letters) * 2 >= len(letters):
        return ""
    kept = "".join(each for each in text if not combining(each) and (each.isascii() or not each.isalnum()))
    slug = re.sub(r"[^a-z0-9]+", "-", kept).strip("-")
    if len(slug) > LONGEST:
        slug = slug[:LONGEST].rpartition("-")[0] or slug[:LONGEST]
    return slug
