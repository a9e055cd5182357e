"""Adds and corrects what feedgen 1.0.0 leaves out or gets wrong.

feedgen passes its lxml elements to extensions while it builds a document. An extension here adds what feedgen's setters
cannot: typed entry links, `xml:lang`, several enclosures, hub and archive links in RSS, Media RSS with credit and
title, the archive mark of RFC 5005, recalls in DCMI Metadata Terms.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from email.utils import format_datetime
from html import escape
from typing import Any

import feedgen.entry
import feedgen.feed
from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator
from lxml import etree

from feeds.i18n import Words
from feeds.model.formats import HTML
from feeds.render.entry_media import medium
from feeds.render.feed_values import Entry, File, Head, Link, Picture
from feeds.render.text_digest import digest_uri

ATOM = "http://www.w3.org/2005/Atom"
CREATIVE_COMMONS = "http://backend.userland.com/creativeCommonsRssModule"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
DC = "http://purl.org/dc/elements/1.1/"
DCTERMS = "http://purl.org/dc/terms/"
HISTORY = "http://purl.org/syndication/history/1.0"
MEDIA = "http://search.yahoo.com/mrss/"
SYNDICATION = "http://purl.org/rss/1.0/modules/syndication/"
XHTML = "http://www.w3.org/1999/xhtml"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"

_PLAIN_TEXT = re.compile(
    rb"(<(?:title|subtitle|summary|rights|name|description|copyright|category|dc:creator|dc:rights"
    rb"|media:title|media:description|media:credit)(?: [^>]*)?>)([^<]*&[^<]*)"
)

Element = Any
"""An lxml element. lxml has no public type for it that its own functions accept."""

# To format RFC 822 dates, feedgen switches the whole process to the C locale and back, which other threads see.
# The standard library writes the same form without that.
feedgen.feed.formatRFC2822 = format_datetime
feedgen.entry.formatRFC2822 = format_datetime


class _Extension:
    """An extension for feeds and for entries. Set ``namespaces`` and ``repair`` after it is registered."""

    def __init__(self) -> None:
        self.namespaces: dict[str, str] = {}
        self.repair: Callable[[Element], None] | None = None

    def extend_ns(self) -> dict[str, str]:
        return self.namespaces

    def _extend(self, element: Element) -> Element:
        if self.repair:
            self.repair(element)
        return element

    extend_atom = extend_rss = _extend


def generator(namespaces: dict[str, str], repair: Callable[[Element], None]) -> FeedGenerator:
    """Makes a feedgen feed. Its root element declares ``namespaces``, and is passed to ``repair`` at the end."""
    feed = FeedGenerator()
    feed.register_extension("newsroom", _Extension, _Extension)
    feed.newsroom.namespaces = namespaces
    feed.newsroom.repair = repair
    return feed


def entry(repair: Callable[[Element], None]) -> FeedEntry:
    """Makes a feedgen entry. Its element is passed to ``repair`` at the end."""
    made = FeedEntry()
    made.register_extension("newsroom", _Extension)
    made.newsroom.repair = repair
    return made


def element_bytes(element: Element, root_name: str, namespaces: dict[str, str]) -> bytes:
    """The bytes of an element, as they are in a document whose root declares ``namespaces``.

    The element is serialized under an empty root with the same declarations and cut out of it, so that it repeats none.
    """
    root = etree.Element(root_name, nsmap=namespaces)
    root.append(element)
    document: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=False)
    return document[document.index(b">") + 1 : document.rindex(b"</")]


def finished(document: bytes, head: Head) -> bytes:
    """A document of feedgen's with hexadecimal references and style sheets."""
    return _with_style_sheets(with_hex_references(document), head)


def with_hex_references(document: bytes) -> bytes:
    """Writes `&`, `<` and `>` in plain-text elements as hexadecimal references.

    Only so a feed reader that decodes twice shows them (RSS Advisory Board, RSS Profile, "Character Data").
    """
    return _PLAIN_TEXT.sub(lambda match: match[1] + _hexadecimal(match[2]), document)


def _hexadecimal(text: bytes) -> bytes:
    return text.replace(b"&amp;", b"&#x26;").replace(b"&lt;", b"&#x3C;").replace(b"&gt;", b"&#x3E;")


def add_link(parent: Element, link: Link, name: str = "link", length: int | None = None) -> None:
    """Adds an atom:link. ``length`` is in bytes."""
    attributes = {
        "rel": link.rel,
        "href": link.href,
        "type": link.type,
        "hreflang": link.hreflang,
        "title": link.title,
        "length": str(length) if length else None,
    }
    etree.SubElement(parent, name, {key: value for key, value in attributes.items() if value is not None})


def add_alternates(parent: Element, value: Entry, name: str = "link") -> None:
    """Adds the links to the release's page, to its translations, and to what is related.

    Some feed readers take the first link as the entry's own, some the first alternate and some the last, whatever its
    language. So an entry with translations has its own page before them, with hreflang, and again after them, without
    (RFC 4287 section 4.1.2 forbids two alternates of the same type and hreflang); what is related comes last.
    """
    own = Link(value.link, "alternate", HTML.media_type)
    translations = [link for link in value.links if link.rel == "alternate"]
    first = [replace(own, hreflang=value.language)] if translations else []
    for link in (*first, *translations, own, *(link for link in value.links if link.rel != "alternate")):
        add_link(parent, link, name)


def add_text(parent: Element, name: str, text: str, **attributes: str) -> None:
    """Adds a child element with text."""
    etree.SubElement(parent, name, attributes).text = text


def add_image(parent: Element, image: Picture) -> None:
    """Adds an image as media:content with title, description and credit (Media RSS 1.5)."""
    sizes = {"width": image.width, "height": image.height}
    numbers = {key: str(value) for key, value in sizes.items() if value is not None}
    kind = {"type": image.type} if image.type else {}
    content = etree.SubElement(parent, f"{{{MEDIA}}}content", {"url": image.src, "medium": "image", **kind, **numbers})
    add_text(content, f"{{{MEDIA}}}title", image.alt, type="plain")
    if image.caption:
        add_text(content, f"{{{MEDIA}}}description", image.caption, type="plain")
    if image.credit:
        add_text(content, f"{{{MEDIA}}}credit", image.credit)


def add_file(parent: Element, file: File) -> None:
    """Adds a file as media:content (Media RSS 1.5), for a format that has room for one enclosure."""
    size = {"fileSize": str(file.length)} if file.length else {}
    language = {"lang": file.language} if file.language else {}
    kind = {"url": file.url, "medium": medium(file.type, file.url), "type": file.type}
    content = etree.SubElement(parent, f"{{{MEDIA}}}content", {**kind, **size, **language})
    add_text(content, f"{{{MEDIA}}}title", file.title, type="plain")


def add_media(parent: Element, value: Entry, files: tuple[File, ...] = ()) -> None:
    """Adds the image, files, and the credit if the release names one without an image."""
    if value.image:
        add_image(parent, value.image)
    for file in files:
        add_file(parent, file)
    if value.credit:
        add_text(parent, f"{{{MEDIA}}}credit", value.credit)


def add_recall(parent: Element, value: Entry) -> None:
    """Says of a withdrawn release, in a form for programs, since when it no longer stands and what replaces it.

    The period has an end and no start (DCMI Period Encoding Scheme, with dates of W3C-DTF).
    """
    if value.withdrawn:
        add_text(parent, f"{{{DCTERMS}}}valid", f"end={value.withdrawn.isoformat()}; scheme=W3C-DTF")
    if value.replacement:
        add_text(parent, f"{{{DCTERMS}}}isReplacedBy", value.replacement)


def add_digest(parent: Element, value: Entry) -> None:
    """Adds the digest of a release's plain text: the same text in another form (DCMI Metadata Terms, hasFormat)."""
    if value.digest:
        add_text(parent, f"{{{DCTERMS}}}hasFormat", digest_uri(value.digest))


def add_history(parent: Element, head: Head) -> None:
    """Marks an archive document as one (RFC 5005 section 4)."""
    if head.archive:
        etree.SubElement(parent, f"{{{HISTORY}}}archive")


def add_note(parent: Element, head: Head) -> None:
    """Adds a note for people who open the feed in a browser, with a link to its page.

    XML without XHTML has no links. A `div` of XHTML in the head is foreign markup (RFC 4287 section 6.3): feed readers
    skip it and browsers show it. The W3C feed validator accepts it in both formats.
    """
    if head.reading is None:
        return
    direction = {"dir": "rtl"} if Words.of(head.language).direction == "rtl" else {}
    div = etree.SubElement(parent, f"{{{XHTML}}}div", {"lang": head.language, **direction}, nsmap={None: XHTML})
    # Without it phones show the page as wide as on a desktop, in tiny letters.
    viewport = {"name": "viewport", "content": "width=device-width, initial-scale=1"}
    etree.SubElement(div, f"{{{XHTML}}}meta", viewport)
    add_text(div, f"{{{XHTML}}}p", head.reading.note)
    line = etree.SubElement(div, f"{{{XHTML}}}p")
    add_text(line, f"{{{XHTML}}}a", head.reading.link_text, href=head.page)


def _with_style_sheets(document: bytes, head: Head) -> bytes:
    """The document with xml-stylesheet instructions for browsers (W3C, Associating Style Sheets with XML)."""
    if head.reading is None:
        return document
    declaration, end, rest = document.partition(b"?>\n")
    instructions = (
        f'<?xml-stylesheet type="text/css" href="{escape(sheet)}"?>\n' for sheet in head.reading.style_sheets
    )
    return b"".join((declaration, end, "".join(instructions).encode(), rest))
