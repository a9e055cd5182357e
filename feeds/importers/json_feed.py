"""Reads the items of a JSON Feed (jsonfeed.org, versions 1 and 1.1)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from feeds.errors import FeedsError
from feeds.importers.dates import read_date
from feeds.importers.item import Author, Item, ItemFile, ItemPicture, Label
from feeds.render.html_to_markdown import plain_paragraphs

LARGEST = 200_000_000
"""Bytes: JSON is read whole."""


def json_feed_items(path: Path) -> Iterator[Item]:
    """The items of a JSON Feed, in its order. Raises FeedsError for a file that is none."""
    if path.stat().st_size > LARGEST:
        raise FeedsError(f"{path}: more than {LARGEST:,} bytes (save the feed in parts)")
    try:
        feed = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise FeedsError(f"{path}: no JSON that can be read: {error} (save the feed again)") from error
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        raise FeedsError(f"{path}: JSON, but no JSON Feed: it has no list of “items” (save the feed itself)")
    base = _text(feed, "home_page_url") or _text(feed, "feed_url")
    for number, item in enumerate(items, 1):
        where = f"{path.name}, item {number}"
        if isinstance(item, dict):
            yield _item(item, where, _text(feed, "language"), base)
        else:
            yield Item(where=where, left_out="it is no JSON object")


def _item(item: Mapping[str, Any], where: str, language: str, base: str) -> Item:
    own_fields = item.get("_newsroom")
    extension: Mapping[str, Any] = own_fields if isinstance(own_fields, dict) else {}
    links = [link for link in _groups(extension, "links") if link.get("rel") == "alternate" and link.get("hreflang")]
    own = _whole(_text(item, "url"), base)
    alternates = {own, *(_text(link, "href") for link in links)}
    withdrawn = extension.get("withdrawn")
    return Item(
        where=where,
        title=_text(item, "title"),
        summary=_text(item, "summary"),
        html=_text(item, "content_html"),
        markdown="" if _text(item, "content_html") else plain_paragraphs(_text(item, "content_text")),
        published=read_date(_text(item, "date_published")),
        updated=read_date(_text(item, "date_modified")),
        id=_text(item, "id") or own,
        address=own,
        language=_text(item, "language") or language,
        group=min(alternates) if links else "",
        labels=tuple(_labels(item, extension)),
        authors=tuple(
            Author(_text(each, "name"), "", _text(each, "url"))
            for each in (*_groups(item, "authors"), *([item["author"]] if isinstance(item.get("author"), dict) else ()))
            if _text(each, "name")
        ),
        image=_image(item, extension, base),
        files=tuple(
            ItemFile(
                _whole(_text(each, "url"), base),
                _text(each, "title"),
                _text(each, "mime_type"),
                _text(each, "size_in_bytes"),
            )
            for each in _groups(item, "attachments")
            if _text(each, "url")
        ),
        rights=_text(extension, "rights"),
        credit=_text(extension, "credit"),
        left_out="it was withdrawn" if withdrawn else "",
    )


def _labels(item: Mapping[str, Any], extension: Mapping[str, Any]) -> Iterator[Label]:
    categories = _groups(extension, "categories")
    for each in categories:
        yield Label(_text(each, "scheme").rpartition(":")[2] or "tags", _text(each, "label"), _text(each, "term"))
    tags = item.get("tags")
    if not categories and isinstance(tags, list):
        yield from (Label("tags", tag) for tag in tags if isinstance(tag, str) and tag)


def _image(item: Mapping[str, Any], extension: Mapping[str, Any], base: str) -> ItemPicture | None:
    source = _whole(_text(item, "image") or _text(item, "banner_image"), base)
    said = extension.get("image")
    more: Mapping[str, Any] = said if isinstance(said, dict) else {}
    values = (_text(more, name) for name in ("alt", "caption", "credit", "width", "height"))
    return ItemPicture(source, *values) if source else None


def _whole(address: str, base: str) -> str:
    """An address in full, seen from the home page of the feed."""
    try:
        return urljoin(base, address) if address else ""
    except ValueError:
        return address


def _text(group: Mapping[str, Any], name: str) -> str:
    value = group.get(name)
    return str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""


def _groups(group: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    value = group.get(name)
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
