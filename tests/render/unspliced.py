"""Feed documents rendered in one go, which spliced ones must equal byte for byte."""

from __future__ import annotations

import json
from collections.abc import Callable

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator

from feeds.formats import ATOM, JSON_FEED, RSS, Format
from feeds.render import atom, feedgen_repairs, json_feed, rss
from feeds.render.types import Entry, Head


def unspliced(form: Format, head: Head, entries: list[Entry]) -> bytes:
    """The document of a feed: Atom and RSS as feedgen writes them, JSON Feed as one JSON text."""
    return _UNSPLICED[form](head, entries)


def _atom(head: Head, entries: list[Entry]) -> bytes:
    feed = _filled(atom.feed_generator(head), [atom.feed_entry(each) for each in entries])
    return feedgen_repairs.finished(feed.atom_str(), head)


def _rss(head: Head, entries: list[Entry]) -> bytes:
    feed = _filled(rss.feed_generator(head), [rss.feed_entry(each) for each in entries])
    return feedgen_repairs.finished(feed.rss_str(), head)


def _json_feed(head: Head, entries: list[Entry]) -> bytes:
    feed = {**json_feed.members(head), "items": [json_feed.item(each) for each in entries]}
    return json.dumps(feed, ensure_ascii=False, separators=(",", ":")).encode()


def _filled(feed: FeedGenerator, entries: list[FeedEntry]) -> FeedGenerator:
    for entry in entries:
        feed.add_entry(entry, order="append")  # without it feedgen reverses the order
    return feed


_UNSPLICED: dict[Format, Callable[[Head, list[Entry]], bytes]] = {ATOM: _atom, RSS: _rss, JSON_FEED: _json_feed}
