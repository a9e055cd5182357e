"""Renders JSON Feed 1.1 (jsonfeed.org). What the format has no member for stands under `_newsroom`."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

import feeds
from feeds.model.newsroom import Person
from feeds.render.feed_values import Entry, File, Head, Link, Picture

VERSION = "https://jsonfeed.org/version/1.1"

_OBJECT = TypeAdapter(dict[str, Any])


def entry(value: Entry) -> bytes:
    """An item, ready to be put into any feed."""
    return _bytes(item(value))


def feed(head: Head, entries: list[bytes]) -> bytes:
    """A feed document: the members of the head, and the bytes of items that `entry` has made."""
    return b"".join((_bytes(members(head))[:-1], b',"items":[', b",".join(entries), b"]}"))


def _bytes(value: dict[str, Any]) -> bytes:
    return _OBJECT.dump_json(value)


def members(head: Head) -> dict[str, Any]:
    """The members of the feed object without its items."""
    older = head.first("prev-archive")
    return _without_empty(
        version=VERSION,
        title=head.title,
        home_page_url=head.page,
        feed_url=head.self_link.href,
        description=head.subtitle,
        next_url=older and older.href,
        icon=head.logo,
        favicon=head.icon,
        authors=[_person(head.author)],
        language=head.language,
        hubs=[{"type": "WebSub", "url": link.href} for link in head.links if link.rel == "hub"],
        _newsroom=_without_empty(
            generator=f"{feeds.NAME} {feeds.__version__}",
            id=head.id,
            updated=head.updated.isoformat(),
            rights=head.rights,
            license=head.license,
            archive=head.archive,
            links=[_link(link) for link in head.links],
        ),
    )


def item(value: Entry) -> dict[str, Any]:
    """The members of an item."""
    return _without_empty(
        id=value.guid or value.id,
        url=value.page or value.link,
        external_url=value.page and value.link,
        title=value.title,
        content_html=value.full_content,
        summary=value.summary,
        image=value.image and value.image.src,
        date_published=value.published.isoformat(),
        date_modified=value.updated.isoformat(),
        authors=[_person(author) for author in value.authors],
        tags=[category.label for category in value.categories],
        language=value.language,
        attachments=[_file(file) for file in value.attachments],
        _newsroom=_without_empty(
            date=value.date,
            categories=[{"scheme": c.scheme, "term": c.term, "label": c.label} for c in value.categories],
            links=[_link(link) for link in value.links],
            image=value.image and _picture(value.image),
            credit=value.credit,
            rights=value.rights,
            license=value.license,
            corrections=[{"date": each.date.isoformat(), "note": each.text} for each in value.corrections],
            withdrawn=value.withdrawn and value.withdrawn.isoformat(),
            replacement=value.replacement,
            sha256=value.digest,
        ),
    )


def _person(person: Person) -> dict[str, Any]:
    return _without_empty(name=person.name, url=person.url or (person.email and f"mailto:{person.email}"))


def _file(file: File) -> dict[str, Any]:
    return _without_empty(url=file.url, mime_type=file.type, title=file.title, size_in_bytes=file.length)


def _picture(image: Picture) -> dict[str, Any]:
    names = ("alt", "credit", "caption", "width", "height", "type")
    return _without_empty(**{name: getattr(image, name) for name in names})


def _link(link: Link) -> dict[str, Any]:
    names = ("rel", "href", "type", "hreflang", "title")
    return _without_empty(**{name: getattr(link, name) for name in names})


def _without_empty(**fields: Any) -> dict[str, Any]:
    """The members that have a value."""
    return {name: value for name, value in fields.items() if value}
