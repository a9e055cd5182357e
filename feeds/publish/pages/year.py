"""The pages of all releases of a year, to which the front page leads for what is older."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from feeds.addresses import FeedAddress, Front, YearPage
from feeds.i18n import in_language
from feeds.model.formats import HTML
from feeds.model.selection import Selection
from feeds.publish.all_addresses import PER_YEAR_PAGE
from feeds.publish.context import Context
from feeds.publish.document import Answer, Missing
from feeds.publish.pages import headlines
from feeds.publish.pages.layout import PageContent, PageLink, language_versions, page_document


def year_page(context: Context, address: YearPage) -> Answer:
    """A page of a year, the newest releases first; Missing for a year or a number without any."""
    language, year = address.language, address.year
    selection = Selection(language)
    counts = context.snapshot.counts.by_year(selection, context.now)
    total = counts.get(year, 0)
    start = (address.number - 1) * PER_YEAR_PAGE
    if start >= total:
        return Missing(context.addresses.make(Front(language)))
    zone = context.vocabulary.newsroom.time_zone
    begin, end = (datetime(each, 1, 1, tzinfo=zone) for each in (year, year + 1))
    page = context.snapshot.pages.published_between(selection, context.now, begin, end, start, PER_YEAR_PAGE)
    words = context.words(language)
    title = words.say("{subject}: {detail}", subject=words.say("All releases"), detail=str(year))
    values = {
        "year": year,
        "headlines": headlines.of_page(context, FeedAddress(selection, HTML), page),
        "years": year_links(context, language, counts, year),
        "newer": context.path(YearPage(language, year, address.number - 1)) if address.number > 1 else None,
        "older": context.path(YearPage(language, year, address.number + 1)) if start + PER_YEAR_PAGE < total else None,
    }
    content = PageContent(
        "year",
        address,
        title,
        in_language(context.vocabulary.newsroom.subtitle, language),
        selection,
        values,
        language_versions(context, address),
        context.addresses.absolute(address),
    )
    return page_document(context, content)


def year_links(context: Context, language: str, counts: Mapping[int, int], here: int | None = None) -> list[PageLink]:
    """Links to the pages of the years in ``counts``, which has the number of releases of each year, in its order."""
    return [
        PageLink(str(year), context.path(YearPage(language, year)), here=year == here, count=count)
        for year, count in counts.items()
    ]
