"""Says where links to the newsroom's own pages lead, as far as that is known without its other releases."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from feeds.addresses import Addresses, ReleasePage
from feeds.model.selection import Selection
from feeds.model.vocabulary import Vocabulary
from feeds.render.anchors import prefix_of
from feeds.render.body import OwnLink, Remark

_FILES = ("/static/", "/favicon.ico")
"""Where the program's own files are."""


class ReleaseLink(NamedTuple):
    """A link to a release of this newsroom; whether there is one must be looked up."""

    offset: int
    language: str
    path: str
    fragment: str
    """The place in its text to which it leads; empty if it leads to the whole."""
    written: str
    address: str


def judge(link: OwnLink, addresses: Addresses, vocabulary: Vocabulary) -> Remark | ReleaseLink | None:
    """A remark if the link leads nowhere, a release link if it leads to a release, else None."""
    parts = urlsplit(link.address)
    path = unquote(parts.path).removeprefix(addresses.prefix) or "/"
    if path.startswith(_FILES):
        return None
    found = None if link.is_picture else addresses.parse(path, parts.query)
    if isinstance(found, ReleasePage):
        anchor = unquote(parts.fragment)
        place = anchor if anchor.startswith(prefix_of(parts.path.lower())) else ""
        return ReleaseLink(link.offset, found.language, found.path, place, link.written, link.address)
    selection = getattr(found, "selection", None)
    if found and (selection is None or _is_known(selection, vocabulary)):
        return None
    return Remark(link.offset, *nowhere(link.written, link.address))


def nowhere(written: str, address: str) -> tuple[str, str]:
    """What is wrong with a link to our own pages that leads nowhere, and what to do."""
    if "://" in written:
        return f"{written} is no page of this newsroom", "correct the address, or take the link out"
    return f"“{written}” leads to {address}, where nothing is", "write the whole address, with https://"


def no_place(written: str) -> tuple[str, str]:
    """What is wrong with a link to a place that a release of ours does not have, and what to do."""
    return f"“{written}” leads to no place in that release", "write the words of a heading there, as in #annual-report"


def _is_known(selection: Selection, vocabulary: Vocabulary) -> bool:
    named = (*selection.terms, *selection.without)
    return all(vocabulary.slug(facet, slug) for facet, slugs in named for slug in slugs)
