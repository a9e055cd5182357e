"""Feed readers that can be told of a feed by a link."""

from __future__ import annotations

from urllib.parse import quote

from feeds.model.newsroom import Newsroom, Reader

WELL_KNOWN = tuple(
    Reader(name=name, address=address)
    for name, address in (
        ("Feedly", "https://feedly.com/i/subscription/feed%2F{feed}"),
        ("Inoreader", "https://www.inoreader.com/?add_feed={feed}"),
        ("NewsBlur", "https://www.newsblur.com/?url={feed}"),
        ("The Old Reader", "https://theoldreader.com/feeds/subscribe?url={feed}"),
        ("Feedbin", "https://feedbin.com/?subscribe={feed}"),
    )
)
"""What a newsroom offers that names no readers of its own."""


def offered(newsroom: Newsroom) -> tuple[Reader, ...]:
    """The readers that a newsroom's picker offers."""
    return WELL_KNOWN if newsroom.readers is None else newsroom.readers


def link(reader: Reader, feed: str) -> str:
    """The address that opens the reader with this feed."""
    return reader.address.replace("{feed}", quote(feed, safe=""))


def program(feed: str) -> str:
    """The address that opens whatever reader is installed on the reader's own machine."""
    return f"feed:{feed}"
