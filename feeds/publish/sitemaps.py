"""What search engines are told: every page with its translations, the news of two days, and that all may be read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from feeds.addresses import ReleasePage, Robots, Sitemap
from feeds.document import Answer, Document, Missing
from feeds.publish import all_addresses
from feeds.publish.context import Newsdesk
from feeds.render.sitemap import Location, News, index, news_sitemap, robots, sitemap

LARGEST = 10_000
"""Pages in one document. The protocol allows 50,000 and 50 MB; this stays well below both, with translations too."""

NEWS_DAYS = timedelta(days=2)
MOST_NEWS = 1_000

_XML = "application/xml; charset=utf-8"
_TEXT = "text/plain; charset=utf-8"


def answer(desk: Newsdesk, address: Sitemap | Robots) -> Answer:
    """The document of such an address; there is no part beyond the last."""
    match address:
        case Robots():
            language = desk.addresses.languages[0]
            named = (Sitemap(language), Sitemap(language, news=True))
            body = robots(desk.addresses.absolute(each) for each in named)
            return Document(body, _TEXT, desk.established)
        case Sitemap(news=True):
            return _news(desk)
        case Sitemap():
            return _sitemap(desk, address)


def _sitemap(desk: Newsdesk, address: Sitemap) -> Answer:
    parts = _parts(list(_locations(desk)))
    if address.part > len(parts) or (address.part and len(parts) == 1):
        return Missing(desk.addresses.make(Sitemap(address.language)))
    if address.part or len(parts) == 1:
        return _document(desk, sitemap(parts[max(address.part, 1) - 1]), _changed(desk))
    listed = [
        Location(desk.addresses.absolute(Sitemap(address.language, part=number)), _newest(part))
        for number, part in enumerate(parts, start=1)
    ]
    return _document(desk, index(listed), _changed(desk))


def _document(desk: Newsdesk, body: bytes, changed: datetime, until: datetime | None = None) -> Document:
    return Document(body, _XML, changed, until=until)


def _parts(locations: list[Location]) -> list[list[Location]]:
    """At least one, and none too large. Standing pages and the oldest releases come first, so that parts stay."""
    return [locations[start : start + LARGEST] for start in range(0, len(locations), LARGEST)]


def _newest(part: list[Location]) -> datetime | None:
    return max((location.updated for location in part if location.updated), default=None)


def _changed(desk: Newsdesk) -> datetime:
    return desk.snapshot.last_moment(desk.now) or desk.established


def _locations(desk: Newsdesk) -> Iterator[Location]:
    for versions in all_addresses.pages(desk):
        addresses = {language: desk.addresses.absolute(page) for language, page in versions.items()}
        yield from (Location(address, None, addresses) for address in addresses.values())
    yield from _releases(desk)


def _releases(desk: Newsdesk) -> Iterator[Location]:
    zone = desk.vocabulary.newsroom.time_zone
    for release in desk.snapshot.releases.listed(desk.now):
        address = desk.addresses.absolute(ReleasePage(release.language, release.path))
        translations = {
            language: desk.addresses.absolute(ReleasePage(language, path))
            for language, path in release.translations.items()
        }
        versions = dict(sorted({release.language: address, **translations}.items()))
        yield Location(address, release.updated.astimezone(zone), versions)


def _news(desk: Newsdesk) -> Document:
    """The releases of the last two days. The document changes when one of them is older than that, too."""
    zone = desk.vocabulary.newsroom.time_zone
    past = desk.now - NEWS_DAYS
    releases = desk.snapshot.releases.listed(desk.now, after=past)
    body = news_sitemap(
        News(
            desk.addresses.absolute(ReleasePage(release.language, release.path)),
            desk.newsroom_title(release.language),
            release.language,
            release.title,
            release.published.astimezone(zone),
        )
        for release in reversed(releases[-MOST_NEWS:])
    )
    last_gone = desk.snapshot.releases.newest_until(desk.now, past)
    changed = _changed(desk)
    return _document(
        desk,
        body,
        max(changed, last_gone + NEWS_DAYS) if last_gone else changed,
        releases[0].published + NEWS_DAYS if releases else None,
    )
