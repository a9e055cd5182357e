"""Makes the head of a feed: everything except its entries."""

from __future__ import annotations

from feeds.addresses import FeedAddress
from feeds.catalogue import Page
from feeds.document import Link
from feeds.formats import HTML
from feeds.i18n import Words, in_language
from feeds.publish import titles
from feeds.publish.context import Context
from feeds.publish.push_topics import is_topic
from feeds.render import markdown
from feeds.render.types import Head, Reading


def feed_head(context: Context, address: FeedAddress, page: Page) -> Head:
    """The head of a live or archive document of a feed. ``page`` holds its entries."""
    newsroom = context.vocabulary.newsroom
    addresses = context.addresses
    language = address.language
    return Head(
        id=_id(context, address),
        language=language,
        title=markdown.plain(titles.feed_title(context, address.selection)),
        subtitle=markdown.plain(in_language(newsroom.subtitle, language)),
        updated=(page.updated or context.established).astimezone(newsroom.time_zone),
        author=newsroom.author_in(language),
        rights=in_language(newsroom.rights, language),
        icon=context.asset_url("icon.png"),
        logo=context.asset_url("logo.png"),
        page=addresses.absolute(address.as_format(HTML)),
        self_link=Link(addresses.absolute(address), "self", address.format.media_type),
        links=(*_hub(context, address), *_history(context, address, page), *_languages(context, address)),
        archive=bool(address.archive),
        reading=_reading(context, language),
    )


def _id(context: Context, address: FeedAddress) -> str:
    """A tag URI of the live feed's path without suffix, the same for all formats and archive documents."""
    path, mark, query = context.addresses.make(FeedAddress(address.selection, address.format)).partition("?")
    name = path.removesuffix(f".{address.format.suffix}").lstrip("/")
    return f"tag:{context.vocabulary.newsroom.authority}:{name}{mark}{query}"


def _hub(context: Context, address: FeedAddress) -> tuple[Link, ...]:
    hub = context.vocabulary.newsroom.hub
    return (Link(hub, "hub"),) if hub and is_topic(address) else ()


def _history(context: Context, address: FeedAddress, page: Page) -> tuple[Link, ...]:
    """Links to the archive (RFC 5005 section 4).

    The newest archive document links to its successor before that exists, so that its bytes never change. Until then
    the link redirects to the live feed.
    """
    numbers = {"prev-archive": (address.archive or page.last + 1) - 1}
    if address.archive:
        numbers = {"current": 0, **numbers, "next-archive": address.archive + 1}
    kind = address.format.media_type
    return tuple(
        Link(context.addresses.absolute(FeedAddress(address.selection, address.format, number)), rel, kind)
        for rel, number in numbers.items()
        if number or rel == "current"
    )


def _languages(context: Context, address: FeedAddress) -> tuple[Link, ...]:
    """Links to the feed in the other languages. There are none for archive documents and searches."""
    if address.archive or address.selection.words:
        return ()
    kind = address.format.media_type
    return tuple(
        Link(context.addresses.absolute(address.in_language(language)), "alternate", kind, language)
        for language in context.addresses.languages
        if language != address.language
    )


def _reading(context: Context, language: str) -> Reading:
    """The texts for people who open the feed in a browser."""
    words = Words.of(language)
    note = words.say("This is a feed: copy its address into a feed reader, and new releases come to you.")
    return Reading(context.asset_url("feed.css"), note, words.say("Read it as a page"))
