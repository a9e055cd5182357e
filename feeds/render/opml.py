"""Renders OPML 2.0 (opml.org/spec2.opml), the lists of feeds that feed readers import."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from lxml import etree


@dataclass(frozen=True, slots=True)
class Subscription:
    """A feed in the list: its title, and the addresses of the feed and of its HTML page."""

    title: str
    address: str
    page: str
    language: str


@dataclass(frozen=True, slots=True)
class Group:
    """Feeds under one heading."""

    title: str
    subscriptions: tuple[Subscription, ...]


def opml(title: str, owner: str, modified: datetime, parts: tuple[Group | Subscription, ...]) -> bytes:
    """An OPML document. ``owner`` is the name of the newsroom."""
    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    for name, text in (
        ("title", title),
        ("dateModified", format_datetime(modified)),
        ("ownerName", owner),
        ("docs", "http://opml.org/spec2.opml"),
    ):
        etree.SubElement(head, name).text = text
    body = etree.SubElement(root, "body")
    for part in parts:
        if isinstance(part, Group):
            outline = etree.SubElement(body, "outline", text=part.title)
            for subscription in part.subscriptions:
                _add(outline, subscription)
        else:
            _add(body, part)
    document: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return document


def _add(parent: etree._Element, subscription: Subscription) -> None:
    etree.SubElement(
        parent,
        "outline",
        type="rss",
        text=subscription.title,
        title=subscription.title,
        xmlUrl=subscription.address,
        htmlUrl=subscription.page,
        language=subscription.language,
    )
