"""Feed to bytes: one module per format. The only rooms that know feedgen and lxml."""

from __future__ import annotations

from feeds.formats import ATOM, JSON_FEED, RSS, Format
from feeds.render import atom, json_feed, rss
from feeds.render.types import Renderer

RENDERERS: dict[Format, Renderer] = {ATOM: atom, RSS: rss, JSON_FEED: json_feed}
