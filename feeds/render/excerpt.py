"""Makes the excerpt of a heavy text: its first paragraphs, so that no feed becomes too heavy for its readers."""

from __future__ import annotations

import re

MOST = 15_000
"""The weight of summary and text in a feed. A live feed holds up to 59 entries, and so stays below a megabyte."""

_HEAVIEST = 5
"""The weight of the heaviest character, that of an `&`."""

_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)[^>]*>")
_VOID = frozenset(("area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"))


def weight(text: str) -> int:
    """The most bytes that a text takes in a feed: XML writes ``<``, ``>`` and ``&`` as references, JSON has escapes.

    >>> weight("<p>漢</p>")
    22
    """
    tags, references = text.count("<") + text.count(">"), text.count("&")
    return len(text.encode()) + 3 * tags + 4 * references + sum(map(text.count, '"\\\n\t'))


def excerpt(html: str, most: int = MOST) -> str | None:
    """The first elements of sanitized HTML, with at most this `weight`; None if all of it fits.

    An element is kept whole or not at all: the result may be empty.

    >>> excerpt("<p>One.</p><ul><li>Two.</li></ul><p>Three.</p>", 70)
    '<p>One.</p><ul><li>Two.</li></ul>'
    """
    if len(html) * _HEAVIEST <= most or (len(html) <= most and weight(html) <= most):
        return None
    end = depth = taken = 0
    for tag in _TAG.finditer(html):
        closing, name = tag.groups()
        if name not in _VOID:
            depth += -1 if closing else 1
        if depth == 0:
            taken += weight(html[end : tag.end()])
            if taken > most:
                break
            end = tag.end()
    return html[:end]
