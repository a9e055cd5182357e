"""Feed documents rendered in one go, which spliced ones must equal byte for byte."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator

from feeds.model.formats import ATOM, JSON_FEED, RSS, Format
from feeds.render import atom, feedgen_repairs, json_feed, rss
from feeds.render.feed_values import Entry, Head


def unspliced(form: Format, head: Head, entries: list[Entry], *, in_all_languages: bool = False) -> bytes:
    """The document of a feed: Atom and RSS as feedgen writes them, JSON Feed as one JSON text."""
    if form == RSS and in_all_languages:
        return _rss(head, entries, in_all_languages=True)
    return _UNSPLICED[form](head, entries)


def _atom(head: Head, entries: list[Entry]) -> bytes:
    feed = _filled(atom.feed_generator(head), [atom.feed_entry(each) for each in entries])
    return feedgen_repairs.finished(feed.atom_str(), head)


def _rss(head: Head, entries: list[Entry], *, in_all_languages: bool = False) -> bytes:
    made = [rss.feed_entry(each) for each in entries]
    for item, value in zip(made, entries, strict=True):
        if in_all_languages:
            item.rss_entry = partial(_with_language, item.rss_entry, value.language)
    feed = _filled(rss.feed_generator(head), made)
    return feedgen_repairs.finished(feed.rss_str(), head)


def _with_language(rss_entry: Callable[[], feedgen_repairs.Element], language: str) -> feedgen_repairs.Element:
    item = rss_entry()
    feedgen_repairs.add_text(item, f"{{{feedgen_repairs.DC}}}language", language)
    return item


def _json_feed(head: Head, entries: list[Entry]) -> bytes:
    feed = {**json_feed.members(head), "items": [json_feed.item(each) for each in entries]}
    return json.dumps(feed, ensure_ascii=False, separators=(",", ":")).encode()


def _filled(feed: FeedGenerator, entries: list[FeedEntry]) -> FeedGenerator:
    for entry in entries:
        feed.add_entry(entry, order="append")  # without it feedgen reverses the order
    return feed


_UNSPLICED: dict[Format, Callable[[Head, list[Entry]], bytes]] = {ATOM: _atom, RSS: _rss, JSON_FEED: _json_feed}
