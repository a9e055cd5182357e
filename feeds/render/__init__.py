"""Renders feeds, lists and pages to bytes, with one module for each format.

Nothing else knows feedgen, lxml, Jinja, Markdown, the HTML sanitizer and the QR encoder.
"""

from __future__ import annotations

from feeds.model.formats import ATOM, JSON_FEED, RSS, Format
from feeds.render import atom, json_feed, rss
from feeds.render.feed_values import Renderer

RENDERERS: dict[Format, Renderer] = {ATOM: atom, RSS: rss, JSON_FEED: json_feed}
