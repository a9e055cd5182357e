"""Makes the excerpt of a heavy text: its first paragraphs, so that no feed becomes too heavy for its readers."""

from __future__ import annotations

import re

MOST = 16 * 1024
"""Bytes of a text in a feed. A live feed holds up to 59 entries, and so stays below a megabyte."""

_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)[^>]*>")
_VOID = frozenset(("area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"))


def excerpt(html: str, most: int = MOST) -> str | None:
    """The first elements of sanitized HTML, at most so many bytes of them; None if all of it fits.

    An element is kept whole or not at all: the result may be empty.

    >>> excerpt("<p>One.</p><ul><li>Two.</li></ul><p>Three.</p>", 36)
    '<p>One.</p><ul><li>Two.</li></ul>'
    """
    if len(html) <= most and len(html.encode()) <= most:
        return None
    end = depth = 0
    for tag in _TAG.finditer(html):
        closing, name = tag.groups()
        if name not in _VOID:
            depth += -1 if closing else 1
        if depth == 0:
            if len(html[: tag.end()].encode()) > most:
                break
            end = tag.end()
    return html[:end]
