"""Renders sitemaps (sitemaps.org 0.9) with translations, Google's news sitemaps, and robots.txt (RFC 9309)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from lxml import etree

from feeds.i18n import script_of

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
XHTML = "http://www.w3.org/1999/xhtml"

# News sitemaps take ISO 639 codes, except for these two (Google, "Create a news sitemap").
_CHINESE = {"Hans": "zh-cn", "Hant": "zh-tw"}


@dataclass(frozen=True, slots=True)
class Location:
    """The address of a page, or in an index the address of a sitemap."""

    address: str
    updated: datetime | None = None
    versions: Mapping[str, str] = field(default_factory=dict)
    """The absolute addresses of the page by language, this one included."""


@dataclass(frozen=True, slots=True)
class NewsEntry:
    """A release in a news sitemap. ``publication`` is the name of the newsroom."""

    address: str
    publication: str
    language: str
    title: str
    published: datetime


def sitemap(locations: Iterable[Location]) -> bytes:
    """A sitemap: pages with their translations."""
    root = etree.Element(f"{{{SITEMAP}}}urlset", nsmap={None: SITEMAP, "xhtml": XHTML})
    for location in locations:
        url = _add_location(root, "url", location)
        if len(location.versions) > 1:
            for language, href in location.versions.items():
                etree.SubElement(url, f"{{{XHTML}}}link", rel="alternate", hreflang=language, href=href)
    return _document(root)


def index(locations: Iterable[Location]) -> bytes:
    """A sitemap index, for a site with several sitemaps."""
    root = etree.Element(f"{{{SITEMAP}}}sitemapindex", nsmap={None: SITEMAP})
    for location in locations:
        _add_location(root, "sitemap", location)
    return _document(root)


def news_sitemap(releases: Iterable[NewsEntry]) -> bytes:
    """A news sitemap."""
    root = etree.Element(f"{{{SITEMAP}}}urlset", nsmap={None: SITEMAP, "news": NEWS})
    for release in releases:
        news = etree.SubElement(_add_location(root, "url", Location(release.address)), f"{{{NEWS}}}news")
        publication = etree.SubElement(news, f"{{{NEWS}}}publication")
        _add(publication, f"{{{NEWS}}}name", release.publication)
        _add(publication, f"{{{NEWS}}}language", news_language(release.language))
        _add(news, f"{{{NEWS}}}publication_date", release.published.isoformat())
        _add(news, f"{{{NEWS}}}title", release.title)
    return _document(root)


def news_language(language: str) -> str:
    """The code of a language in news sitemaps.

    >>> news_language("zh-Hans"), news_language("zh-TW"), news_language("en-GB"), news_language("mn")
    ('zh-cn', 'zh-tw', 'en', 'mn')
    """
    base = language.partition("-")[0]
    return _CHINESE.get(script_of(language), base) if base == "zh" else base


def robots(sitemaps: Iterable[str]) -> bytes:
    """A robots.txt that allows everything and names the sitemaps."""
    lines = ["User-agent: *", "Allow: /", "", *(f"Sitemap: {address}" for address in sitemaps)]
    return "".join(f"{line}\n" for line in lines).encode()


def _add_location(root: etree._Element, name: str, location: Location) -> etree._Element:
    element = etree.SubElement(root, f"{{{SITEMAP}}}{name}")
    _add(element, f"{{{SITEMAP}}}loc", location.address)
    if location.updated:
        _add(element, f"{{{SITEMAP}}}lastmod", location.updated.isoformat())
    return element


def _add(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, name).text = text


def _document(root: etree._Element) -> bytes:
    document: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return document
