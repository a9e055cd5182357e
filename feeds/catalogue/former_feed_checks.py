"""Checks the old addresses of feeds in newsroom.yaml. One that leads to no feed is left out, with a problem."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from feeds import content
from feeds.addresses import Address, Addresses, FeedAddress
from feeds.model.formats import BY_SUFFIX
from feeds.model.problems import Problem
from feeds.model.vocabulary import Vocabulary, nearest_word

_OURS = re.compile(r"/(?:static|media|embed)(?:/|\Z)|/(?:healthz|favicon\.ico|sitemap[a-z0-9-]*\.xml)\Z", re.IGNORECASE)
"""The newsroom's own addresses besides those that are parsed."""
_EXAMPLE = "write it as in its address after /feeds/: all.rss, or topic/wages.atom"


def with_former_feeds(folder: Path, vocabulary: Vocabulary, base_url: str) -> tuple[Vocabulary, tuple[Problem, ...]]:
    """The newsroom with those old addresses that lead to a feed, and what is wrong with the others."""
    newsroom = vocabulary.newsroom
    if not newsroom.feeds:
        return vocabulary, ()
    addresses = Addresses.of(vocabulary, base_url)
    kept, problems = {}, []
    for path, feed in newsroom.feeds.items():
        wrong = _shadowing(path, addresses) or _no_feed(feed, newsroom.feeds, vocabulary, addresses)
        if wrong:
            problems.append(content.former_feed_warning(folder, path, *wrong))
        else:
            kept[path] = feed
    newsroom = newsroom.model_copy(update={"feeds": MappingProxyType(kept)})
    return replace(vocabulary, newsroom=newsroom), tuple(problems)


def _shadowing(path: str, addresses: Addresses) -> tuple[str, str] | None:
    if _OURS.match(path) or addresses.parse(path) or addresses.parse(f"{path}/"):
        return "is an address of the newsroom itself", "delete the line: what stands there answers"
    return None


def _no_feed(
    feed: str, formers: Mapping[str, str], vocabulary: Vocabulary, addresses: Addresses
) -> tuple[str, str] | None:
    """Why a name is not that of a feed, and what to do; None if it is."""
    found = addresses.feed_named(feed)
    if found is None:
        return _not_named(feed, formers, addresses)
    if found.selection.is_contradictory:
        return f"“{feed}” leaves out all that it asks for", "take one of the two out"
    for facet, names in (*found.selection.terms, *found.selection.without):
        for name in names:
            if vocabulary.slug(facet, name) is None:
                near = vocabulary.nearest(facet, name)
                advice = f"did you mean {near}?" if near else f"use one of those in {_file(vocabulary, facet)}"
                return f"no such {facet} “{name}”", advice
    return None


def _not_named(feed: str, formers: Mapping[str, str], addresses: Addresses) -> tuple[str, str]:
    former = formers.get(feed.removesuffix("/"))
    if former:
        meant = former if addresses.feed_named(former) else "all.rss"
        return f"“{feed}” is an old address itself", f"name a feed of this newsroom, such as {meant}"
    found: Address | None = addresses.parse(feed if feed.startswith("/") else f"/feeds/{feed}")
    suffixes = " or ".join(f".{suffix}" for suffix in BY_SUFFIX if suffix != "html")
    if isinstance(found, FeedAddress) and found.archive:
        return f"“{feed}” is an archive document", "name the feed without “/archive/” and the number"
    if isinstance(found, FeedAddress):
        return f"“{feed}” is a page, not a feed", f"end it with {suffixes}"
    first, _, rest = feed.partition("/")
    near = nearest_word(first, addresses.facets) if rest else None
    if near and near != first and addresses.feed_named(f"{near}/{rest}"):
        return f"“{feed}” is no feed of this newsroom", f"did you mean {near}/{rest}?"
    return f"“{feed}” is no feed of this newsroom", _EXAMPLE


def _file(vocabulary: Vocabulary, facet: str) -> str:
    found = vocabulary.facet(facet)
    return found.file if found else "newsroom.yaml"
