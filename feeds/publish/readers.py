"""Feed readers that can be told of a feed by a link. A new one is a new line."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class Reader:
    """A reader by the name people know, and the address that makes it subscribe."""

    name: str
    address: str
    """With ``{feed}`` where the feed's own address goes, percent-encoded."""

    def link(self, feed: str) -> str:
        """The address that opens the reader with this feed."""
        return self.address.format(feed=quote(feed, safe=""))


READERS = (
    Reader("Feedly", "https://feedly.com/i/subscription/feed%2F{feed}"),
    Reader("Inoreader", "https://www.inoreader.com/?add_feed={feed}"),
    Reader("NewsBlur", "https://www.newsblur.com/?url={feed}"),
    Reader("The Old Reader", "https://theoldreader.com/feeds/subscribe?url={feed}"),
    Reader("Feedbin", "https://feedbin.com/?subscribe={feed}"),
)


def program(feed: str) -> str:
    """The address that opens whatever reader is installed on the reader's own machine."""
    return f"feed:{feed}"
