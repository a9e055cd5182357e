"""Makes feed documents: a new head, entries that were rendered at the compile, and the end of a retired term's feed."""

from __future__ import annotations

import html
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from feeds.addresses import FeedAddress, Front
from feeds.catalogue import Page
from feeds.i18n import in_language
from feeds.model.formats import HTML, RSS
from feeds.model.moments import in_zone
from feeds.model.retirement import Closing, closing
from feeds.model.selection import Selection
from feeds.publish import own_pictures, titles
from feeds.publish.context import Context
from feeds.publish.document import Answer, Document, Missing, Moved
from feeds.publish.own_style import own_style
from feeds.publish.websub_topics import is_topic
from feeds.render import RENDERERS, markdown, rss
from feeds.render.feed_values import Entry, Head, Link, Reading


def feed_document(context: Context, address: FeedAddress) -> Answer:
    """The live or archive document of a feed in a format for feed readers."""
    end = closing(address.selection, context.vocabulary, context.now)
    if end and end.gone <= context.now:
        return gone_feed(context, address, end)
    page = context.page(address)
    if page is None:
        return beyond_the_archive(context, address)
    renderer = RENDERERS[address.format]
    head = feed_head(context, address, page)
    entries = context.snapshot.pages.entries(page.editions, address.format)
    if address.selection.in_all_languages and address.format == RSS:
        languages = context.snapshot.pages.languages(page.editions)
        entries = [rss.with_language(entry, each) for entry, each in zip(entries, languages, strict=True)]
    if end and not address.archive and not address.selection.words:
        last = last_entry(context, address, end, context.snapshot.pages.updates(page.editions))
        entries.insert(0, renderer.entry(last))
        published = max(filter(None, (head.published, last.published)))
        head = replace(head, updated=max(head.updated, last.updated), published=published)
    return Document(
        renderer.feed(head, entries),
        address.format.content_type,
        max(filter(None, (head.updated, page.changed, context.snapshot.restyled, *_twins_since(context, address)))),
        links=(head.self_link, *(link for link in head.links if link.rel == "hub" or link.hreflang)),
        language=None if address.selection.in_all_languages else address.language,
        shared=True,
    )


def beyond_the_archive(context: Context, address: FeedAddress) -> Missing | Moved:
    """The answer for an archive document that does not exist. The next one to come redirects to the live feed."""
    live = FeedAddress(address.selection, address.format)
    page = context.page(live)
    if page and page.last and address.archive == page.last + 1:
        return Moved(context.path(live), permanent=False)
    return Missing(context.addresses.make(live))


def feed_head(context: Context, address: FeedAddress, page: Page) -> Head:
    """The head of a live or archive document of a feed. ``page`` holds its entries."""
    addresses, zone = context.addresses, context.vocabulary.newsroom.time_zone
    feed = address.selection, address.count
    return Head(
        id=context.once(("feed id", *feed), lambda: _id(context, address)),
        updated=in_zone(page.updated or context.established, zone),
        page=addresses.absolute(address.as_format(HTML)),
        self_link=Link(addresses.absolute(address), "self", address.format.media_type),
        links=(*_hub(context, address), *_history(context, address, page), *_languages(context, address)),
        published=in_zone(page.published, zone) if page.published else None,
        archive=bool(address.archive),
        **context.once(("feed head", address.selection), lambda: _in_common(context, address.selection)),
    )


def _in_common(context: Context, selection: Selection) -> dict[str, Any]:
    """What the heads of all documents of a feed have in common, in every format."""
    newsroom, language = context.vocabulary.newsroom, selection.language
    return {
        "language": language,
        "title": markdown.plain(titles.feed_title(context, selection)),
        "subtitle": markdown.plain(titles.description(context, selection)),
        "author": newsroom.author_in(language),
        "rights": in_language(newsroom.rights, language),
        "license": newsroom.license,
        "icon": own_pictures.feed_icon(context),
        "logo": own_pictures.feed_logo(context),
        "reading": _reading(context, language),
    }


def _id(context: Context, address: FeedAddress) -> str:
    """A tag URI of the live feed's path without suffix, the same for all formats and archive documents.

    A feed with fewer or more releases than usual is another one, so it has its count in its id.
    """
    path, mark, query = context.addresses.make(replace(address, archive=0)).partition("?")
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
    numbers = {"prev-archive": page.previous}
    if address.archive:
        numbers = {"current": 0, **numbers, "next-archive": address.archive + 1}
    kind = address.format.media_type
    return tuple(
        Link(context.addresses.absolute(FeedAddress(address.selection, address.format, number)), rel, kind)
        for rel, number in numbers.items()
        if number or rel == "current"
    )


def _languages(context: Context, address: FeedAddress) -> tuple[Link, ...]:
    """Links to the feed in the other languages in which it holds releases."""
    return tuple(
        Link(context.addresses.absolute(twin), "alternate", address.format.media_type, twin.language)
        for twin in _twins(context, address)
        if context.has_releases(twin.selection)
    )


def _twins_since(context: Context, address: FeedAddress) -> Iterator[datetime | None]:
    """When the feed in another language got its first release, or lost its last: the links to it changed then."""
    for twin in _twins(context, address):
        yield context.snapshot.pages.turned(twin.selection, context.now)


def _twins(context: Context, address: FeedAddress) -> list[FeedAddress]:
    """The feed in the other languages.

    None for archive documents and searches, and for a feed without releases: such links would lead one way only. None
    for a feed in all languages: its twins hold the same releases.
    """
    selection = address.selection
    if address.archive or selection.words or selection.in_all_languages or not context.has_releases(selection):
        return []
    return [address.in_language(each) for each in context.addresses.languages if each != address.language]


def _reading(context: Context, language: str) -> Reading:
    """The texts for people who open the feed in a browser."""
    words = context.words(language)
    note = words.say("This is a feed: copy its address into a feed reader, and new releases come to you.")
    own = own_style(context.vocabulary.newsroom)
    sheets = (context.asset_url("feed.css"), *((context.addresses.base + own.path,) if own else ()))
    return Reading(sheets, note, words.say("Read it as a page"))


_STEP = timedelta(seconds=1)


def gone_feed(context: Context, address: FeedAddress, end: Closing) -> Missing:
    """The answer 410 for a feed that has ended, with a hint at its successor."""
    hint = FeedAddress(end.successor, address.format) if end.successor else Front(address.language)
    return Missing(context.addresses.make(hint), gone=True)


def last_entry(context: Context, address: FeedAddress, end: Closing, taken: Collection[datetime]) -> Entry:
    """The entry that says in a live feed that it has ended, the same at any moment.

    ``taken`` holds the moments of the feed's other entries. No two entries of a feed may have the same.
    """
    language = address.language
    words = context.words(language)
    newsroom = context.vocabulary.newsroom
    moment = end.date
    while moment in taken:
        moment += _STEP
    path = context.addresses.make(FeedAddress(address.selection)).removesuffix(".atom")
    summary = end_notice(context, end, language)
    title = words.say("This feed has ended: {feed}", feed=titles.subject(context, address.selection))
    return Entry(
        id=f"tag:{newsroom.authority}:{path.lstrip('/')}/retired",
        link=context.addresses.absolute(FeedAddress(end.successor or address.selection, HTML)),
        language=language,
        title=markdown.plain(title),
        published=in_zone(moment, newsroom.time_zone),
        updated=in_zone(moment, newsroom.time_zone),
        summary=markdown.plain(summary),
        content=f"<p>{html.escape(summary, quote=False)}</p>\n{_instead(context, address, end)}",
        date=words.date(end.date, newsroom.time_zone),
        authors=(newsroom.author_in(language),),
    )


def end_notice(context: Context, end: Closing, language: str) -> str:
    """The sentences that say that the feed has ended."""
    words = context.words(language)
    date = words.date(end.date, context.vocabulary.newsroom.time_zone)
    return words.say("It was closed on {date}. Nothing new will come here.", date=date)


def _instead(context: Context, address: FeedAddress, end: Closing) -> str:
    if end.successor is None:
        return ""
    href = html.escape(context.addresses.absolute(FeedAddress(end.successor, address.format)))
    sentence = html.escape(context.words(address.language).say("Follow this instead: {feed}"), quote=False)
    name = html.escape(titles.feed_title(context, end.successor), quote=False)
    return f"<p>{sentence}</p>\n".format(feed=f'<a href="{href}">{name}</a>')
