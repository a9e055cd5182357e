"""Finds invisible characters: texts that have nothing else, and marks of direction that are most likely mistakes.

Some have a use in texts, and are no mistake there: joiners in emoji and Persian, the marks U+200E and U+200F, Mongolian
variation selectors. Only `without_invisible`, which prepares texts for comparison, removes joiners and marks too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

BLANKS = "".join(filter(str.isspace, map(chr, range(0x3001)))) + "\ufeff"
"""White space of all kinds, and the byte order mark: at the ends of a text they mean nothing."""

UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML 1.0 cannot contain, and control characters, most of which it discourages (section 2.2)."""

# Besides white space: Unicode's Default_Ignorable_Code_Point, annotation marks, and the empty Braille pattern.
_SEEN = re.compile(
    r"[^\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)

_LEFT_OUT = dict.fromkeys((0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF))

_DIRECTIONS = re.compile(r"[\u202a-\u202e\u2066-\u2069]|\n[^\S\n]*\n")
_OVERRIDES, _ISOLATES = "\u202d\u202e", "\u2066\u2067\u2068"
_END_OF_EMBEDDING, _END_OF_ISOLATE = "\u202c", "\u2069"


def is_seen(text: str) -> bool:
    """Whether there is anything in the text that readers can see.

    >>> [is_seen(text) for text in ("\\u200b\\u00a0", "\\u3164", "a\\u200b", "👩\\u200d🔬")]
    [False, False, True, True]
    """
    return bool(_SEEN.search(text))


def without_invisible(text: str) -> str:
    """A text without soft hyphens, joiners, marks of direction and byte order marks.

    >>> without_invisible("in\\u00advisible\\u2060")
    'invisible'
    """
    return text.translate(_LEFT_OUT)


def doubtful_directions(text: str) -> Iterator[tuple[int, str]]:
    """Yields the offset of each mark of direction that is most likely a mistake, and what is wrong with it.

    These are overrides, marks that nothing ends, and ends of nothing. A mark reaches at most to the end of its
    paragraph (Unicode Standard Annex 9, sections 2.1 to 2.5).

    >>> list(doubtful_directions("a\\u202eb\\u202c, \\u2067c\\u2069, \\u2066d"))
    [(1, 'turns the text after it around'), (11, 'has no end')]
    """
    opened: list[tuple[int, str]] = []
    for found in _DIRECTIONS.finditer(f"{text}\n\n"):
        mark = found[0]
        if mark.isspace():
            yield from ((at, "has no end") for at, each in opened if each not in _OVERRIDES)
            opened.clear()
        elif mark in (_END_OF_EMBEDDING, _END_OF_ISOLATE):
            begun = _begun(opened, mark)
            if begun is None:
                yield found.start(), "ends nothing"
            else:
                del opened[begun:]
        else:
            opened.append((found.start(), mark))
            if mark in _OVERRIDES:
                yield found.start(), "turns the text after it around"


def _begun(opened: list[tuple[int, str]], end: str) -> int | None:
    """The index of the mark that ``end`` ends: the last isolate, or the last mark if it is no isolate; else None."""
    isolates = [number for number, (_, mark) in enumerate(opened) if mark in _ISOLATES]
    if end == _END_OF_ISOLATE:
        return isolates[-1] if isolates else None
    last = len(opened) - 1
    return last if opened and last not in isolates else None
