"""What the feed of a retired term says: one last entry, for some time; then that it is gone."""

from __future__ import annotations

import html
from collections.abc import Collection
from datetime import datetime, timedelta

from feeds.addresses import FeedAddress, Front
from feeds.document import Missing
from feeds.formats import HTML
from feeds.i18n import Words
from feeds.model.retirement import Closing, closing
from feeds.publish.context import Newsdesk
from feeds.render import markdown
from feeds.render.types import Entry

_STEP = timedelta(seconds=1)


def gone(desk: Newsdesk, address: FeedAddress) -> Missing | None:
    """That there is no longer such a feed, and what to follow instead; None while there is."""
    end = closing(address.selection, desk.vocabulary, desk.now)
    if end is None or desk.now < end.gone:
        return None
    hint = FeedAddress(end.successor, address.format) if end.successor else Front(address.language)
    return Missing(desk.addresses.make(hint), gone=True)


def last_entry(desk: Newsdesk, address: FeedAddress, taken: Collection[datetime]) -> Entry | None:
    """The entry with which a live feed ends: the same whenever it is asked for. None for a feed that goes on.

    ``taken`` are the moments of the feed's other entries: no two of one feed may share one.
    """
    end = closing(address.selection, desk.vocabulary, desk.now)
    if end is None or address.archive or address.selection.words:
        return None
    language = address.language
    words = Words.of(language)
    newsroom = desk.vocabulary.newsroom
    moment = end.date
    while moment in taken:
        moment += _STEP
    path = desk.addresses.make(FeedAddress(address.selection)).removesuffix(".atom")
    summary = notice(desk, end, language)
    title = f"{words.say('This feed has ended')}{words.say(': ')}{desk.subject(address.selection)}"
    return Entry(
        id=f"tag:{newsroom.authority}:{path.lstrip('/')}/retired",
        link=desk.addresses.absolute(FeedAddress(end.successor or address.selection, HTML)),
        language=language,
        title=markdown.plain(title),
        published=moment.astimezone(newsroom.time_zone),
        updated=moment.astimezone(newsroom.time_zone),
        summary=markdown.plain(summary),
        content=f"<p>{html.escape(summary, quote=False)}</p>\n{_instead(desk, address, end)}",
        date=words.date(end.date, newsroom.time_zone),
        authors=(newsroom.author_in(language),),
    )


def notice(desk: Newsdesk, end: Closing, language: str) -> str:
    """In a sentence or two, that nothing more comes."""
    words = Words.of(language)
    date = words.date(end.date, desk.vocabulary.newsroom.time_zone)
    return words.say("It was closed on {date}. Nothing new will come here.", date=date)


def _instead(desk: Newsdesk, address: FeedAddress, end: Closing) -> str:
    if end.successor is None:
        return ""
    href = html.escape(desk.addresses.absolute(FeedAddress(end.successor, address.format)))
    lead = html.escape(Words.of(address.language).say("Follow this instead:"), quote=False)
    name = html.escape(desk.title(end.successor), quote=False)
    return f'<p>{lead} <a href="{href}">{name}</a></p>\n'
