"""What feedgen 1.0.0 leaves out or gets wrong, put right in one place.

feedgen hands its live lxml elements to extensions while it builds a document. One pair of extensions per format
adds what its setters lose: typed entry links, `xml:lang`, several enclosures, hub and archive links in RSS,
Media RSS with credit and title, RFC 5005 marks.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from email.utils import format_datetime
from typing import Any
from xml.sax.saxutils import quoteattr

import feedgen.entry
import feedgen.feed
from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator
from lxml import etree

from feeds.document import Link
from feeds.formats import HTML
from feeds.model.release import Attachment, Image
from feeds.render.types import Entry, Head

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
DC = "http://purl.org/dc/elements/1.1/"
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
"""An lxml element: lxml has no public type for it that its own functions accept."""

# feedgen formats RFC 822 dates by switching the whole process to the C locale and back, which other threads see;
# the standard library writes the same form without.
feedgen.feed.formatRFC2822 = format_datetime
feedgen.entry.formatRFC2822 = format_datetime


class _Extension:
    """Both of feedgen's extension interfaces in one: set `namespaces`, `atom` and `rss` after registering."""

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
    """A feedgen feed whose root element gets these namespaces and then goes through ``repair``."""
    feed = FeedGenerator()
    feed.register_extension("newsroom", _Extension, _Extension)
    feed.newsroom.namespaces = namespaces
    feed.newsroom.repair = repair
    return feed


def entry(repair: Callable[[Element], None]) -> FeedEntry:
    """A feedgen entry whose element goes through ``repair`` once feedgen has done its part."""
    made = FeedEntry()
    made.register_extension("newsroom", _Extension)
    made.newsroom.repair = repair
    return made


def append(feed: FeedGenerator, entries: list[FeedEntry]) -> FeedGenerator:
    """The entries in the order given: feedgen's own `add_entry` would turn it round."""
    for made in entries:
        feed.add_entry(made, order="append")
    return feed


def bytes_inside(element: Element, root_name: str, namespaces: dict[str, str]) -> bytes:
    """The element as it will read inside a document whose root declares ``namespaces``.

    Serialized under a bare root with the same declarations, so that none is repeated, and cut out of it.
    """
    root = etree.Element(root_name, nsmap=namespaces)
    root.append(element)
    whole: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=False)
    return whole[whole.index(b">") + 1 : whole.rindex(b"</")]


def spelled(document: bytes) -> bytes:
    """Literal `&`, `<` and `>` of plain-text elements as hexadecimal references.

    RSS Advisory Board, RSS Profile ("Character Data"): the one spelling that survives a client that decodes twice.
    """
    return _PLAIN_TEXT.sub(lambda match: match[1] + _hexadecimal(match[2]), document)


def _hexadecimal(text: bytes) -> bytes:
    return text.replace(b"&amp;", b"&#x26;").replace(b"&lt;", b"&#x3C;").replace(b"&gt;", b"&#x3E;")


def add_link(parent: Element, link: Link, name: str = "link", length: int | None = None) -> None:
    """An atom:link with every attribute it has."""
    attributes = {
        "rel": link.rel,
        "href": link.href,
        "type": link.type,
        "hreflang": link.hreflang,
        "title": link.title,
        "length": None if length is None else str(length),
    }
    etree.SubElement(parent, name, {key: value for key, value in attributes.items() if value is not None})


def add_alternates(parent: Element, value: Entry, name: str = "link") -> None:
    """The release's page, its page in other languages, and what is related.

    Some clients take the first alternate for the entry's own link and some the last, whatever its language. So where
    there are translations the own page stands before them, with its language, and again after them without
    (RFC 4287 section 4.1.2: no two alternates of the same type and hreflang).
    """
    own = Link(value.link, "alternate", HTML.media_type)
    if any(link.rel == "alternate" for link in value.links):
        add_link(parent, replace(own, hreflang=value.language), name)
    for link in value.links:
        add_link(parent, link, name)
    add_link(parent, own, name)


def add_text(parent: Element, name: str, text: str, **attributes: str) -> None:
    """A child element with text."""
    etree.SubElement(parent, name, attributes).text = text


def add_image(parent: Element, image: Image) -> None:
    """Media RSS 1.5: media:content with title, description and credit."""
    sizes = {"width": image.width, "height": image.height}
    numbers = {key: str(value) for key, value in sizes.items() if value is not None}
    kind = {"type": image.type} if image.type else {}
    content = etree.SubElement(parent, f"{{{MEDIA}}}content", {"url": image.src, "medium": "image", **kind, **numbers})
    add_text(content, f"{{{MEDIA}}}title", image.alt, type="plain")
    if image.caption:
        add_text(content, f"{{{MEDIA}}}description", image.caption, type="plain")
    if image.credit:
        add_text(content, f"{{{MEDIA}}}credit", image.credit)


def add_file(parent: Element, file: Attachment) -> None:
    """Media RSS 1.5: a file for which the format has no enclosure left."""
    size = {"fileSize": str(file.length)} if file.length is not None else {}
    language = {"lang": file.language} if file.language else {}
    content = etree.SubElement(parent, f"{{{MEDIA}}}content", {"url": file.url, "type": file.type, **size, **language})
    add_text(content, f"{{{MEDIA}}}title", file.title, type="plain")


def add_media(parent: Element, value: Entry, files: tuple[Attachment, ...] = ()) -> None:
    """The image, further files, and the credit of a picture that is named but not held."""
    if value.image:
        add_image(parent, value.image)
    for file in files:
        add_file(parent, file)
    if value.credit:
        add_text(parent, f"{{{MEDIA}}}credit", value.credit)


def add_history(parent: Element, head: Head) -> None:
    """RFC 5005 section 4: an archive document says that it is one."""
    if head.archive:
        etree.SubElement(parent, f"{{{HISTORY}}}archive")


def add_note(parent: Element, head: Head) -> None:
    """What a person sees who opens the feed in a browser: what it is, and a link to the page that says the same.

    A `div` of XHTML in a feed's head is foreign markup (RFC 4287 section 6.3), which feed readers pass over and
    browsers show; plain XML has no links of its own. The W3C feed validator knows it there, in both formats.
    """
    if head.reading is None:
        return
    div = etree.SubElement(parent, f"{{{XHTML}}}div", {"lang": head.language}, nsmap={None: XHTML})
    # Without it phones show a page as wide as a desk's, and tiny.
    viewport = {"name": "viewport", "content": "width=device-width, initial-scale=1"}
    etree.SubElement(div, f"{{{XHTML}}}meta", viewport)
    add_text(div, f"{{{XHTML}}}p", head.reading.note)
    line = etree.SubElement(div, f"{{{XHTML}}}p")
    add_text(line, f"{{{XHTML}}}a", head.reading.twin, href=head.page)


def styled(document: bytes, head: Head) -> bytes:
    """The document with the instruction that has browsers show it by a style sheet (W3C xml-stylesheet)."""
    if head.reading is None:
        return document
    declaration, end, rest = document.partition(b"?>\n")
    instruction = f'<?xml-stylesheet type="text/css" href={quoteattr(head.reading.style)}?>\n'
    return b"".join((declaration, end, instruction.encode(), rest))
