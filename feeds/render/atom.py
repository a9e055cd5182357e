"""Atom 1.0 (RFC 4287), with Media RSS for pictures and RFC 5005 for history."""

from __future__ import annotations

from functools import lru_cache

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator

import feeds
from feeds.document import Link
from feeds.formats import HTML
from feeds.render import feedgen_repairs as repairs
from feeds.render.types import Entry, Head

NAMESPACES = {"media": repairs.MEDIA, "fh": repairs.HISTORY}
_END = b"</feed>"


def entry(value: Entry) -> bytes:
    """One atom:entry as it will stand in every feed."""
    return repairs.spelled(repairs.bytes_inside(_entry(value).atom_entry(), "feed", NAMESPACES))


def feed(head: Head, entries: list[bytes]) -> bytes:
    """The document: feedgen's head around entries kept from before."""
    return b"".join((_head(head), *entries, _END))


def whole(head: Head, entries: list[Entry]) -> bytes:
    """The same document rendered by feedgen alone, entry by entry, and spelled in the same way."""
    made = repairs.append(_feed(head), [_entry(value) for value in entries])
    return repairs.styled(repairs.spelled(made.atom_str()), head)


@lru_cache(maxsize=512)
def _head(head: Head) -> bytes:
    return repairs.styled(repairs.spelled(_feed(head).atom_str()), head).removesuffix(_END)


def _feed(head: Head) -> FeedGenerator:
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
    made.link([_link(link) for link in (head.self_link, page, *head.links)])
    return made


def _entry(value: Entry) -> FeedEntry:
    def repair(element: repairs.Element) -> None:
        element.set(repairs.LANG, value.language)
        repairs.add_alternates(element, value)
        for file in value.attachments:
            link = Link(file.url, "enclosure", file.type, file.language, file.title)
            repairs.add_link(element, link, length=file.length)
        repairs.add_media(element, value)

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
    known = {"name": name, "email": email, "uri": uri}
    return {key: text for key, text in known.items() if text}


def _link(link: Link) -> dict[str, str]:
    known = {"href": link.href, "rel": link.rel, "type": link.type, "hreflang": link.hreflang, "title": link.title}
    return {key: text for key, text in known.items() if text}
