"""Renders RSS 2.0 (rssboard.org, 2.0.11) with its usual modules, from content:encoded to Media RSS."""

from __future__ import annotations

import html
from functools import lru_cache

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator

import feeds
from feeds.model.formats import HTML
from feeds.render import entry_media
from feeds.render import feedgen_repairs as repairs
from feeds.render.entry_templates import templated
from feeds.render.feed_values import Entry, Head, Link

NAMESPACES = {
    "content": repairs.CONTENT,
    "creativeCommons": repairs.CREATIVE_COMMONS,
    "atom": repairs.ATOM,
    "dc": repairs.DC,
    "dcterms": repairs.DCTERMS,
    "fh": repairs.HISTORY,
    "media": repairs.MEDIA,
    "sy": repairs.SYNDICATION,
}
MINUTES_TO_LIVE = 15
_END_OF_ITEM = b"</item>"
_END = b"</channel></rss>"
_ATOM_LINK = f"{{{repairs.ATOM}}}link"
_LICENSE = f"{{{repairs.CREATIVE_COMMONS}}}license"


@templated
def entry(value: Entry) -> bytes:
    """An item, ready to be put into any feed."""
    return repairs.with_hex_references(repairs.element_bytes(feed_entry(value).rss_entry(), "rss", NAMESPACES))


def with_language(item: bytes, language: str) -> bytes:
    """An item that says its language: for a feed of all languages. In any other the channel says it."""
    return (
        item.removesuffix(_END_OF_ITEM) + f"<dc:language>{html.escape(language)}</dc:language>".encode() + _END_OF_ITEM
    )


def feed(head: Head, entries: list[bytes]) -> bytes:
    """A feed document: the channel from feedgen, and the bytes of items that `entry` has made."""
    return b"".join((_head(head), *entries, _END))


@lru_cache(maxsize=512)
def _head(head: Head) -> bytes:
    return repairs.finished(feed_generator(head).rss_str(), head).removesuffix(_END)


def feed_generator(head: Head) -> FeedGenerator:
    """feedgen's feed without items."""

    def repair(root: repairs.Element) -> None:
        channel = root[0]
        # Some feed readers take the first alternate for the home page, also if it is the feed in another language.
        page = Link(head.page, "alternate", HTML.media_type, head.language)
        for link in (head.self_link, page, *head.links):
            repairs.add_link(channel, link, _ATOM_LINK)
        if head.license:
            repairs.add_text(channel, _LICENSE, head.license)
        # feedgen writes these names in the wrong case.
        repairs.add_text(channel, f"{{{repairs.SYNDICATION}}}updatePeriod", "hourly")
        repairs.add_text(channel, f"{{{repairs.SYNDICATION}}}updateFrequency", str(60 // MINUTES_TO_LIVE))
        repairs.add_history(channel, head)
        repairs.add_note(channel, head)

    made = repairs.generator(NAMESPACES, repair)
    made.title(head.title)
    made.link(href=head.page)  # no rel: feedgen would write a second self link
    made.description(head.subtitle)
    made.language(head.language)
    made.copyright(head.rights)
    made.lastBuildDate(head.updated)
    if head.published:
        made.pubDate(head.published)
    made.generator(f"{feeds.NAME} {feeds.__version__}")
    made.docs("https://www.rssboard.org/rss-specification")
    made.ttl(MINUTES_TO_LIVE)
    made.image(url=head.logo, title=head.title, link=head.page)
    return made


def feed_entry(value: Entry) -> FeedEntry:
    """feedgen's entry."""

    def repair(element: repairs.Element) -> None:
        for author in value.authors:
            # The element author of RSS must be an e-mail address.
            repairs.add_text(element, f"{{{repairs.DC}}}creator", author.name)
        if value.updated != value.published:
            # Feed readers ask for the one, aggregators of news for the other.
            for name in (f"{{{repairs.ATOM}}}updated", f"{{{repairs.DCTERMS}}}modified"):
                repairs.add_text(element, name, value.updated.isoformat())
        if value.links:
            repairs.add_alternates(element, value, _ATOM_LINK)
        if value.rights:
            repairs.add_text(element, f"{{{repairs.DC}}}rights", value.rights)
        if value.license:
            repairs.add_text(element, _LICENSE, value.license)
        repairs.add_media(element, value, value.attachments)
        repairs.add_recall(element, value)
        repairs.add_digest(element, value)

    made = repairs.entry(repair)
    made.title(value.title)
    made.link(href=value.link)
    made.summary(html.escape(value.summary, quote=False))  # feed readers read a description as HTML
    made.content(value.full_content)
    made.guid(value.guid or value.id, permalink=False)
    made.published(value.published)
    made.category([{"term": c.term, "scheme": c.scheme, "label": c.label} for c in value.categories])
    file = entry_media.enclosed(value.attachments)
    if file:
        made.enclosure(file.url, str(file.length or 0), file.type)  # 0 is an unknown length (RSS Advisory Board)
    return made
