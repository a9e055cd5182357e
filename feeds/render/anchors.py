"""Names the places in a body that links can lead to: headings, footnotes, and what editors mark with an id.

In a feed or on a page several releases stand together, so every id begins with a prefix of its release.
"""

from __future__ import annotations

import re
import unicodedata
from difflib import get_close_matches
from urllib.parse import quote, unquote

_A_RELEASE = re.compile("/releases/[0-9]{4}/[a-z0-9-]+$")
_OF_THE_PAGE = frozenset(("top", "content"))
"""Anchors of the page itself, not of a release."""


class Anchors:
    """The anchors of one body. Those that are given come first; headings are then named around them."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._names: dict[str, str] = {}
        """The names as they are written, by their casefolded form."""
        self._repeated: dict[str, int] = {}

    def add(self, name: str) -> str | None:
        """The id for a name that is given in the text; None if it has been given before."""
        name = _canonical(name)
        if not name or name.casefold() in self._names:
            return None
        self._names[name.casefold()] = name
        return self._prefix + name

    def add_heading(self, words: str) -> str | None:
        """The id for a heading, made of its words as GitHub makes it; None if it has no letters and digits.

        >>> anchors = Anchors("2021-dam--")
        >>> [anchors.add_heading(words) for words in ("Annex I: The dam", "附件", "附件", "…")]
        ['2021-dam--annex-i-the-dam', '2021-dam--附件', '2021-dam--附件-1', None]
        """
        name = slug = _slug(words)
        number = self._repeated.get(slug, 0)
        while name.casefold() in self._names:
            number += 1
            name = f"{slug}-{number}"
        self._repeated[slug] = number
        return self.add(name)

    def fragment(self, wanted: str) -> str | None:
        """What a link to the anchor has behind its ``#``; None if there is no such anchor.

        ``wanted`` is what the editor wrote there, percent-encoded or not, in any case.
        """
        name = self._names.get(_canonical(wanted.removeprefix(quote(self._prefix))).casefold())
        return name and quote(self._prefix + name)

    def nearest(self, wanted: str) -> str | None:
        """The anchor that the editor may have meant."""
        found = get_close_matches(unquote(wanted).casefold(), list(self._names)[:200], 1, 0.6)
        return self._names[found[0]] if found else None


def prefix_of(page: str) -> str:
    """What all ids of a release begin with, by the address of its page.

    No slug has two hyphens in a row, so no two releases share one.

    >>> prefix_of("https://n.example/releases/2021/dam")
    '2021-dam--'
    """
    year, slug = page.rsplit("/", 2)[-2:]
    return f"{year}-{slug}--"


def own_address(address: str) -> str:
    """The address of a place on one of the newsroom's own pages, as that page names it.

    An address that is not that of a release stays as it is.

    >>> own_address("https://n.example/mn/releases/2021/dam#Annex I"), own_address("https://n.example/feeds#q")
    ('https://n.example/mn/releases/2021/dam#2021-dam--Annex-I', 'https://n.example/feeds#q')
    """
    page, _, wanted = address.partition("#")
    release = page.partition("?")[0].lower()
    if not wanted or not _A_RELEASE.search(release) or wanted in _OF_THE_PAGE:
        return address
    prefix = prefix_of(release)
    return f"{page}#{quote(prefix + _canonical(wanted.removeprefix(quote(prefix))))}"


def _canonical(name: str) -> str:
    """A name decoded, if it was percent-encoded, and without spaces: an id has none (HTML, section 3.2.6)."""
    return "-".join(unicodedata.normalize("NFC", unquote(name)).split())


def _slug(words: str) -> str:
    letters = unicodedata.normalize("NFC", words).strip().lower()
    return "".join(
        "-" if letter.isspace() else letter
        for letter in letters
        if letter in "-_" or letter.isspace() or unicodedata.category(letter)[0] in "LMN"
    )


def note_name(anchor: str) -> str:
    """A footnote as it is written, from the engine's anchor for it."""
    return f"[^{unquote(anchor.removeprefix('#').removeprefix('fn-'))}]"
