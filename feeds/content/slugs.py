"""Makes slugs of titles and names in any script."""

from __future__ import annotations

from urllib.parse import unquote

LONGEST = 100
"""Characters of a slug."""


def slug_of(text: str, longest: int = LONGEST) -> str:
    """The slug of a text in any script; empty if there is no letter in it.

    >>> [slug_of(each) for each in ("Où & quand?", "Straße_2", "%E6%96%B0", "Мэдээ 2021", "…")]
    ['ou-quand', 'strasse-2', 'xin', 'medee-2021', '']
    """
    from slugify import slugify  # with tables of all letters, which only new names need

    return str(slugify(unquote(text), max_length=longest, word_boundary=True))
