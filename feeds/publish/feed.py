"""Makes feed documents: a new head, and entries that were rendered at the compile."""

from __future__ import annotations

from dataclasses import replace

from feeds.addresses import FeedAddress
from feeds.document import Answer, Document, Missing, Moved
from feeds.model.retirement import closing
from feeds.publish import end_of_feed
from feeds.publish.context import Context
from feeds.publish.feed_head import feed_head
from feeds.render import RENDERERS


def feed_document(context: Context, address: FeedAddress) -> Answer:
    """The live or archive document of a feed in a format for feed readers."""
    end = closing(address.selection, context.vocabulary, context.now)
    if end and end.gone <= context.now:
        return end_of_feed.gone(context, address, end)
    page = context.page(address)
    if page is None:
        return beyond_the_archive(context, address)
    renderer = RENDERERS[address.format]
    head = feed_head(context, address, page)
    entries = context.snapshot.pages.entries(page.editions, address.format)
    if end and not address.archive and not address.selection.words:
        last = end_of_feed.last_entry(context, address, end, context.snapshot.pages.updates(page.editions))
        entries.insert(0, renderer.entry(last))
        head = replace(head, updated=max(head.updated, last.updated))
    return Document(
        renderer.feed(head, entries),
        address.format.content_type,
        head.updated,
        links=(head.self_link, *(link for link in head.links if link.rel == "hub" or link.hreflang)),
        language=address.language,
        shared=True,
    )


def beyond_the_archive(context: Context, address: FeedAddress) -> Missing | Moved:
    """The answer for an archive document that does not exist. The next one to come redirects to the live feed."""
    live = FeedAddress(address.selection, address.format)
    page = context.page(live)
    if page and page.last and address.archive == page.last + 1:
        return Moved(context.path(live), permanent=False)
    return Missing(context.addresses.make(live))
