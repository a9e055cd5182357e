"""RSS 2.0 (rssboard.org, 2.0.11) with content:encoded, dc:creator, atom:link, sy: and Media RSS."""

from __future__ import annotations

import re
from functools import lru_cache

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator

import feeds
from feeds.render import feedgen_repairs as repairs
from feeds.render.values import Entry, Head

NAMESPACES = {
    "content": repairs.CONTENT,
    "atom": repairs.ATOM,
    "dc": repairs.DC,
    "fh": repairs.HISTORY,
    "media": repairs.MEDIA,
    "sy": repairs.SYNDICATION,
}
MINUTES_TO_LIVE = 15
_END = b"</channel></rss>"
_PLAIN_TEXT = re.compile(
    rb"(<(?:title|description|copyright|category|dc:creator|dc:rights|media:title|media:description|media:credit)"
    rb"(?: [^>]*)?>)([^<]*&[^<]*)"
)
_ATOM_LINK = f"{{{repairs.ATOM}}}link"


def entry(value: Entry) -> bytes:
    """One item as it will stand in every feed."""
    return _spelled(repairs.bytes_inside(_item(value).rss_entry(), "rss", NAMESPACES))


def feed(head: Head, entries: list[bytes]) -> bytes:
    """The document: feedgen's channel around items kept from before."""
    return b"".join((_head(head), *entries, _END))


def whole(head: Head, entries: list[Entry]) -> bytes:
    """The same document rendered by feedgen alone, item by item, then spelled as `_spelled` says."""
    made = repairs.append(_channel(head), [_item(value) for value in entries])
    return _spelled(made.rss_str())


@lru_cache(maxsize=512)
def _head(head: Head) -> bytes:
    return _spelled(_channel(head).rss_str()).removesuffix(_END)


def _channel(head: Head) -> FeedGenerator:
    def repair(root: repairs.Element) -> None:
        channel = root[0]
        for link in (head.self_link, *head.links):
            repairs.add_link(channel, link, _ATOM_LINK)
        # feedgen writes these names in the wrong case.
        repairs.add_text(channel, f"{{{repairs.SYNDICATION}}}updatePeriod", "hourly")
        repairs.add_text(channel, f"{{{repairs.SYNDICATION}}}updateFrequency", str(60 // MINUTES_TO_LIVE))
        repairs.add_history(channel, head)

    made = repairs.generator(NAMESPACES, repair)
    made.title(_plain(head.title))
    made.link(href=head.page)  # no rel: feedgen would write a second self link
    made.description(_plain(head.subtitle))
    made.language(head.language)
    made.copyright(_plain(head.rights))
    made.lastBuildDate(head.updated)
    made.generator(f"{feeds.NAME} {feeds.__version__}")
    made.docs("https://www.rssboard.org/rss-specification")
    made.ttl(MINUTES_TO_LIVE)
    made.image(url=head.logo, title=_plain(head.title), link=head.page)
    return made


def _item(value: Entry) -> FeedEntry:
    def repair(element: repairs.Element) -> None:
        for author in value.authors:
            # RSS's own author must be an e-mail address.
            repairs.add_text(element, f"{{{repairs.DC}}}creator", author.name)
        if value.updated != value.published:
            repairs.add_text(element, f"{{{repairs.ATOM}}}updated", value.updated.isoformat())
        for link in value.links:
            repairs.add_link(element, link, _ATOM_LINK)
        if value.rights:
            repairs.add_text(element, f"{{{repairs.DC}}}rights", value.rights)
        repairs.add_media(element, value, value.attachments[1:])

    made = repairs.entry(repair)
    made.title(_plain(value.title))
    made.link(href=value.link)
    made.summary(_plain(value.summary))
    made.content(value.content)
    made.guid(value.id, permalink=False)
    made.published(value.published)
    made.category([{"term": c.term, "scheme": c.scheme, "label": c.label} for c in value.categories])
    for file in value.attachments[:1]:
        made.enclosure(file.url, str(file.length or 0), file.type)
    return made


def _plain(text: str) -> str:
    """Text for an element that some clients take for HTML: what looks like a tag is kept from being one.

    A word joiner, which nobody sees, after each `<` that a letter follows; without it those clients drop the words.
    """
    return re.sub(r"<(?=[A-Za-z/!?])", "<\u2060", text)


def _spelled(document: bytes) -> bytes:
    """Literal `&`, `<` and `>` of plain-text elements as hexadecimal references.

    RSS Advisory Board, RSS Profile ("Character Data"): the one spelling that survives a client that decodes twice.
    """
    return _PLAIN_TEXT.sub(lambda match: match[1] + _hexadecimal(match[2]), document)


def _hexadecimal(text: bytes) -> bytes:
    return text.replace(b"&amp;", b"&#x26;").replace(b"&lt;", b"&#x3C;").replace(b"&gt;", b"&#x3E;")
