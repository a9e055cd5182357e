"""Makes the sitemaps, the news sitemap and robots.txt for search engines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from feeds.addresses import NEWS, PAGES, KeyFile, ReleasePage, Robots, Sitemap
from feeds.catalogue.sitemap_parts import LARGEST
from feeds.model.moments import in_zone
from feeds.publish import all_addresses, titles
from feeds.publish.context import Context
from feeds.publish.document import Answer, Document, Missing
from feeds.render.sitemap import Location, NewsEntry, index, news_sitemap, robots, sitemap

NEWS_DAYS = timedelta(days=2)
"""The greatest age of releases in the news sitemap (Google, "Create a news sitemap")."""
MOST_NEWS = 1_000
"""Releases in the news sitemap (the same source)."""

_XML = "application/xml; charset=utf-8"
_TEXT = "text/plain; charset=utf-8"


def sitemap_document(context: Context, address: Sitemap | Robots | KeyFile) -> Answer:
    """The document of a sitemap, the index, robots.txt or a key file; Missing for a part that does not exist."""
    match address:
        case KeyFile(key=key):
            return Document(key.encode(), _TEXT, context.established)
        case Robots():
            language = context.addresses.languages[0]
            named = (Sitemap(language), Sitemap(language, NEWS))
            body = robots(context.addresses.absolute(each) for each in named)
            return Document(body, _TEXT, context.established)
        case Sitemap(section=section) if section == NEWS:
            return _news(context)
        case Sitemap(section=""):
            return _document(context, index(_parts(context)), _changed(context))
        case Sitemap(section=section):
            locations = list(_pages(context, address.part) if section == PAGES else _releases(context, address))
            if not locations:
                return Missing(context.addresses.make(Sitemap(address.language)))
            return _document(context, sitemap(locations), _changed(context))


def _document(context: Context, body: bytes, changed: datetime, until: datetime | None = None) -> Document:
    return Document(body, _XML, changed, until=until)


def _changed(context: Context) -> datetime:
    return context.snapshot.last_moment(context.now) or context.established


def _parts(context: Context) -> Iterator[Location]:
    zone = context.vocabulary.newsroom.time_zone
    for part, changed in all_addresses.sitemap_parts(context):
        yield Location(context.addresses.absolute(part), in_zone(changed, zone) if changed else None)


def _pages(context: Context, part: int) -> Iterator[Location]:
    """A part of the pages that are no releases."""
    found = (
        Location(address, None, addresses)
        for versions in all_addresses.pages(context)
        for addresses in [{language: context.addresses.absolute(page) for language, page in versions.items()}]
        for address in addresses.values()
    )
    return islice(found, (part - 1) * LARGEST, part * LARGEST)


def _releases(context: Context, address: Sitemap) -> Iterator[Location]:
    """A part of the releases of a year."""
    newsroom = context.vocabulary.newsroom
    year, part = int(address.section), address.part
    for release in context.snapshot.sitemap.releases(newsroom, year, part, context.now):
        own = context.addresses.absolute(ReleasePage(release.language, release.path))
        translations = {
            language: context.addresses.absolute(ReleasePage(language, path))
            for language, path in release.translations.items()
        }
        versions = dict(sorted({release.language: own, **translations}.items()))
        yield Location(own, in_zone(release.updated, newsroom.time_zone), versions)


def _news(context: Context) -> Document:
    """The releases of the last two days. The document also changes when one of them becomes older."""
    zone = context.vocabulary.newsroom.time_zone
    past = context.now - NEWS_DAYS
    languages = context.addresses.languages
    releases = context.snapshot.releases.listed(languages, context.now, past)
    body = news_sitemap(
        NewsEntry(
            context.addresses.absolute(ReleasePage(release.language, release.path)),
            titles.newsroom_title(context, release.language),
            release.language,
            release.title,
            in_zone(release.published, zone),
        )
        for release in reversed(releases[-MOST_NEWS:])
    )
    last_gone = context.snapshot.releases.newest_until(languages, context.now, past)
    changed = _changed(context)
    return _document(
        context,
        body,
        max(changed, last_gone + NEWS_DAYS) if last_gone else changed,
        releases[0].published + NEWS_DAYS if releases else None,
    )
