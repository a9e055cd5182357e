"""Makes the sitemaps, the news sitemap and robots.txt for search engines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from feeds.addresses import ReleasePage, Robots, Sitemap
from feeds.document import Answer, Document, Missing
from feeds.model.moments import in_zone
from feeds.publish import all_addresses, titles
from feeds.publish.context import Context
from feeds.render.sitemap import Location, News, index, news_sitemap, robots, sitemap

LARGEST = 10_000
"""Pages in one sitemap, well below the protocol's limits of 50,000 pages and 50 MB."""

NEWS_DAYS = timedelta(days=2)
"""The age of releases in the news sitemap (Google, "Create a news sitemap")."""
MOST_NEWS = 1_000
"""Releases in the news sitemap (the same source)."""

_XML = "application/xml; charset=utf-8"
_TEXT = "text/plain; charset=utf-8"


def sitemap_document(context: Context, address: Sitemap | Robots) -> Answer:
    """The document of a sitemap or of robots.txt; Missing for a part beyond the last."""
    match address:
        case Robots():
            language = context.addresses.languages[0]
            named = (Sitemap(language), Sitemap(language, news=True))
            body = robots(context.addresses.absolute(each) for each in named)
            return Document(body, _TEXT, context.established)
        case Sitemap(news=True):
            return _news(context)
        case Sitemap():
            return _sitemap(context, address)


def _sitemap(context: Context, address: Sitemap) -> Answer:
    parts = _parts(list(_locations(context)))
    if address.part > len(parts) or (address.part and len(parts) == 1):
        return Missing(context.addresses.make(Sitemap(address.language)))
    if address.part or len(parts) == 1:
        return _document(context, sitemap(parts[max(address.part, 1) - 1]), _changed(context))
    listed = [
        Location(context.addresses.absolute(Sitemap(address.language, part=number)), _newest(part))
        for number, part in enumerate(parts, start=1)
    ]
    return _document(context, index(listed), _changed(context))


def _document(context: Context, body: bytes, changed: datetime, until: datetime | None = None) -> Document:
    return Document(body, _XML, changed, until=until)


def _parts(locations: list[Location]) -> list[list[Location]]:
    """The parts of the sitemap. New releases come last, so that earlier parts stay the same."""
    return [locations[start : start + LARGEST] for start in range(0, len(locations), LARGEST)]


def _newest(part: list[Location]) -> datetime | None:
    return max((location.updated for location in part if location.updated), default=None)


def _changed(context: Context) -> datetime:
    return context.snapshot.last_moment(context.now) or context.established


def _locations(context: Context) -> Iterator[Location]:
    for versions in all_addresses.pages(context):
        addresses = {language: context.addresses.absolute(page) for language, page in versions.items()}
        yield from (Location(address, None, addresses) for address in addresses.values())
    yield from _releases(context)


def _releases(context: Context) -> Iterator[Location]:
    zone = context.vocabulary.newsroom.time_zone
    for release in context.snapshot.releases.listed(context.now):
        address = context.addresses.absolute(ReleasePage(release.language, release.path))
        translations = {
            language: context.addresses.absolute(ReleasePage(language, path))
            for language, path in release.translations.items()
        }
        versions = dict(sorted({release.language: address, **translations}.items()))
        yield Location(address, in_zone(release.updated, zone), versions)


def _news(context: Context) -> Document:
    """The releases of the last two days. The document also changes when one of them becomes older."""
    zone = context.vocabulary.newsroom.time_zone
    past = context.now - NEWS_DAYS
    releases = context.snapshot.releases.listed(context.now, after=past)
    body = news_sitemap(
        News(
            context.addresses.absolute(ReleasePage(release.language, release.path)),
            titles.newsroom_title(context, release.language),
            release.language,
            release.title,
            in_zone(release.published, zone),
        )
        for release in reversed(releases[-MOST_NEWS:])
    )
    last_gone = context.snapshot.releases.newest_until(context.now, past)
    changed = _changed(context)
    return _document(
        context,
        body,
        max(changed, last_gone + NEWS_DAYS) if last_gone else changed,
        releases[0].published + NEWS_DAYS if releases else None,
    )
