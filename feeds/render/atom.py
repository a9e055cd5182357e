"""Renders Atom 1.0 (RFC 4287), with Media RSS for pictures, archive links (RFC 5005), and recalls in Dublin Core."""

from __future__ import annotations

from functools import lru_cache

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator

import feeds
from feeds.model.formats import HTML
from feeds.render import feedgen_repairs as repairs
from feeds.render.entry_templates import templated
from feeds.render.feed_values import Entry, Head, Link

NAMESPACES = {"dcterms": repairs.DCTERMS, "fh": repairs.HISTORY, "media": repairs.MEDIA}
_END = b"</feed>"


@templated
def entry(value: Entry) -> bytes:
    """An atom:entry, ready to be put into any feed."""
    return repairs.with_hex_references(repairs.element_bytes(feed_entry(value).atom_entry(), "feed", NAMESPACES))


def feed(head: Head, entries: list[bytes]) -> bytes:
    """A feed document: the head from feedgen, and the bytes of entries that `entry` has made."""
    return b"".join((_head(head), *entries, _END))


@lru_cache(maxsize=512)
def _head(head: Head) -> bytes:
    return repairs.finished(feed_generator(head).atom_str(), head).removesuffix(_END)


def feed_generator(head: Head) -> FeedGenerator:
    """feedgen's feed without entries."""

    def repair(root: repairs.Element) -> None:
        root.set(repairs.LANG, head.language)
        repairs.add_history(root, head)
        repairs.add_note(root, head)

    made = repairs.generator(NAMESPACES, repair)
    made.id(head.id)
    made.title(head.title)
    made.subtitle(head.subtitle)
    made.updated(head.updated)
    made.author(_person(head.author.name, head.author.email, head.author.url))
    made.rights(head.rights)
    made.icon(head.icon)
    made.logo(head.logo)
    made.generator(feeds.NAME, version=feeds.__version__)
    page = Link(head.page, "alternate", HTML.media_type, head.language)
    terms = [Link(head.license, "license")] if head.license else []
    made.link([_link(link) for link in (head.self_link, page, *head.links, *terms)])
    return made


def feed_entry(value: Entry) -> FeedEntry:
    """feedgen's entry."""

    def repair(element: repairs.Element) -> None:
        element.set(repairs.LANG, value.language)
        repairs.add_alternates(element, value)
        if value.license:  # not before the alternates: some feed readers take the first link for the entry's own
            repairs.add_link(element, Link(value.license, "license"))
        for file in value.attachments:
            link = Link(file.url, "enclosure", file.type, file.language, file.title)
            repairs.add_link(element, link, length=file.length)
        repairs.add_media(element, value)
        repairs.add_recall(element, value)
        repairs.add_digest(element, value)

    made = repairs.entry(repair)
    made.id(value.id)
    made.title(value.title)
    made.published(value.published)
    made.updated(value.updated)
    made.author([_person(author.name, author.email, author.url) for author in value.authors])
    made.summary(value.summary)
    made.content(value.full_content, type="html")
    made.category([{"term": c.term, "scheme": c.scheme, "label": c.label} for c in value.categories])
    if value.rights:
        made.rights(value.rights)
    return made


def _person(name: str, email: str | None, uri: str | None) -> dict[str, str]:
    fields = {"name": name, "email": email, "uri": uri}
    return {key: text for key, text in fields.items() if text}


def _link(link: Link) -> dict[str, str]:
    fields = {"href": link.href, "rel": link.rel, "type": link.type, "hreflang": link.hreflang, "title": link.title}
    return {key: text for key, text in fields.items() if text}
