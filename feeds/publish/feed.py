"""Feeds that programs read: a page of kept entries within the head of the moment."""

from __future__ import annotations

from dataclasses import replace

from feeds.addresses import FeedAddress
from feeds.document import Answer, Document, Missing, Moved
from feeds.publish import end_of_feed
from feeds.publish.context import Newsdesk
from feeds.publish.feed_head import feed_head
from feeds.render import RENDERERS


def feed(desk: Newsdesk, address: FeedAddress) -> Answer:
    """The document of a feed in one of the syndicated formats."""
    page = desk.page(address)
    if missing := end_of_feed.gone(desk, address):
        return missing
    if page is None:
        return beyond(desk, address)
    head = feed_head(desk, address, page)
    entries = desk.snapshot.pages.entries(page.editions, address.format)
    if last := end_of_feed.last_entry(desk, address, desk.snapshot.pages.updates(page.editions)):
        entries.insert(0, RENDERERS[address.format].entry(last))
        head = replace(head, updated=max(head.updated, last.updated))
    return Document(
        RENDERERS[address.format].feed(head, entries),
        address.format.content_type,
        head.updated,
        links=(head.self_link, *(link for link in head.links if link.rel == "hub" or link.hreflang)),
        language=address.language,
        shared=True,
    )


def beyond(desk: Newsdesk, address: FeedAddress) -> Answer:
    """An archive document that is not there: the one to come next leads to the live feed for now."""
    live = FeedAddress(address.selection, address.format)
    page = desk.page(live)
    path = desk.addresses.make(live)
    if page and page.last and address.archive == page.last + 1:
        return Moved(desk.addresses.prefix + path, permanent=False)
    return Missing(path)
