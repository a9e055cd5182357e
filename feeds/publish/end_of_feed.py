"""Ends the feed of a retired term: with a last entry, and later with the status 410."""

from __future__ import annotations

import html
from collections.abc import Collection
from datetime import datetime, timedelta

from feeds.addresses import FeedAddress, Front
from feeds.document import Missing
from feeds.formats import HTML
from feeds.i18n import Words
from feeds.model.retirement import Closing
from feeds.publish import titles
from feeds.publish.context import Context
from feeds.render import markdown
from feeds.render.types import Entry

_STEP = timedelta(seconds=1)


def gone(context: Context, address: FeedAddress, end: Closing) -> Missing:
    """The answer 410 for a feed that has ended, with a hint at its successor."""
    hint = FeedAddress(end.successor, address.format) if end.successor else Front(address.language)
    return Missing(context.addresses.make(hint), gone=True)


def last_entry(context: Context, address: FeedAddress, end: Closing, taken: Collection[datetime]) -> Entry:
    """The last entry of a live feed, the same at any moment.

    ``taken`` holds the moments of the feed's other entries. No two entries of a feed may have the same.
    """
    language = address.language
    words = Words.of(language)
    newsroom = context.vocabulary.newsroom
    moment = end.date
    while moment in taken:
        moment += _STEP
    path = context.addresses.make(FeedAddress(address.selection)).removesuffix(".atom")
    summary = notice(context, end, language)
    title = f"{words.say('This feed has ended')}{words.say(': ')}{titles.subject(context, address.selection)}"
    return Entry(
        id=f"tag:{newsroom.authority}:{path.lstrip('/')}/retired",
        link=context.addresses.absolute(FeedAddress(end.successor or address.selection, HTML)),
        language=language,
        title=markdown.plain(title),
        published=moment.astimezone(newsroom.time_zone),
        updated=moment.astimezone(newsroom.time_zone),
        summary=markdown.plain(summary),
        content=f"<p>{html.escape(summary, quote=False)}</p>\n{_instead(context, address, end)}",
        date=words.date(end.date, newsroom.time_zone),
        authors=(newsroom.author_in(language),),
    )


def notice(context: Context, end: Closing, language: str) -> str:
    """The sentences that say that the feed has ended."""
    words = Words.of(language)
    date = words.date(end.date, context.vocabulary.newsroom.time_zone)
    return words.say("It was closed on {date}. Nothing new will come here.", date=date)


def _instead(context: Context, address: FeedAddress, end: Closing) -> str:
    if end.successor is None:
        return ""
    href = html.escape(context.addresses.absolute(FeedAddress(end.successor, address.format)))
    lead = html.escape(Words.of(address.language).say("Follow this instead:"), quote=False)
    name = html.escape(titles.feed_title(context, end.successor), quote=False)
    return f'<p>{lead} <a href="{href}">{name}</a></p>\n'
