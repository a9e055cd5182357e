"""Sitemaps (sitemaps.org 0.9) with translations as Google reads them, the news sitemap, and robots.txt (RFC 9309)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from lxml import etree

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
XHTML = "http://www.w3.org/1999/xhtml"

# Google's news sitemaps name languages by ISO 639, but for these two.
_NEWS_LANGUAGES = {"zh-Hans": "zh-cn", "zh-Hant": "zh-tw"}


@dataclass(frozen=True, slots=True)
class Location:
    """A page, or in an index a sitemap."""

    address: str
    updated: datetime | None = None
    versions: Mapping[str, str] = field(default_factory=dict)
    """By language: the same page, whole addresses, this one included. Empty if there is only this one."""


@dataclass(frozen=True, slots=True)
class News:
    """A release of the last days."""

    address: str
    publication: str
    language: str
    title: str
    published: datetime


def sitemap(locations: Iterable[Location]) -> bytes:
    """The pages of a site, each with its translations."""
    root = etree.Element(f"{{{SITEMAP}}}urlset", nsmap={None: SITEMAP, "xhtml": XHTML})
    for location in locations:
        url = _located(root, "url", location)
        if len(location.versions) > 1:
            for language, href in location.versions.items():
                etree.SubElement(url, f"{{{XHTML}}}link", rel="alternate", hreflang=language, href=href)
    return _document(root)


def index(locations: Iterable[Location]) -> bytes:
    """The sitemaps of a site that needs several."""
    root = etree.Element(f"{{{SITEMAP}}}sitemapindex", nsmap={None: SITEMAP})
    for location in locations:
        _located(root, "sitemap", location)
    return _document(root)


def news_sitemap(releases: Iterable[News]) -> bytes:
    """What is new, for news searches."""
    root = etree.Element(f"{{{SITEMAP}}}urlset", nsmap={None: SITEMAP, "news": NEWS})
    for release in releases:
        news = etree.SubElement(_located(root, "url", Location(release.address)), f"{{{NEWS}}}news")
        publication = etree.SubElement(news, f"{{{NEWS}}}publication")
        _add(publication, f"{{{NEWS}}}name", release.publication)
        _add(publication, f"{{{NEWS}}}language", news_language(release.language))
        _add(news, f"{{{NEWS}}}publication_date", release.published.isoformat())
        _add(news, f"{{{NEWS}}}title", release.title)
    return _document(root)


def news_language(language: str) -> str:
    """A language as Google's news sitemaps name it.

    >>> news_language("zh-Hans"), news_language("en-GB"), news_language("mn")
    ('zh-cn', 'en', 'mn')
    """
    return _NEWS_LANGUAGES.get(language) or language.partition("-")[0]


def robots(sitemaps: Iterable[str]) -> bytes:
    """Everything may be read, and here is where it all is."""
    lines = ["User-agent: *", "Allow: /", "", *(f"Sitemap: {address}" for address in sitemaps)]
    return "".join(f"{line}\n" for line in lines).encode()


def _located(root: etree._Element, name: str, location: Location) -> etree._Element:
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
