"""Reads the items of RSS and Atom feeds."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, tostring

import feedparser

from feeds.importers.dates import of_seconds, read_date
from feeds.importers.item import Author, Item, ItemFile, ItemPicture, Label
from feeds.importers.xml_stream import NotWellFormedError, elements, local
from feeds.render.html_to_markdown import plain_paragraphs

LARGEST_BROKEN = 50_000_000
"""The most bytes of a feed that is no well-formed XML: it can only be read as a whole."""

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_ATOM = "http://www.w3.org/2005/Atom"
_MEDIA = "{http://search.yahoo.com/mrss/}"
_OF_FILES = (
    f"{_MEDIA}description",
    *(f"{{http://www.itunes.com/dtds/podcast-1.0.dtd}}{name}" for name in ("summary", "subtitle")),
)
"""Elements that describe files, which feedparser takes for the text of the item."""
_TEXTS = frozenset(("description", "summary", "content", "encoded"))
_OF_THE_FEED = frozenset(("language", "item", "entry"))


def feed_items(path: Path) -> Iterator[Item]:
    """The items of a feed, in its order. Raises FeedsError for a file that is none.

    Well-formed feeds are read item by item. Any other is read whole, as far as it can be made out.
    """
    number = 0
    try:
        for item in _streamed(path):
            number += 1
            yield item
    except NotWellFormedError as error:
        if path.stat().st_size > LARGEST_BROKEN:
            raise
        note = f"{path.name}: not well-formed XML, so what it says may be incomplete ({str(error).rpartition(': ')[2]})"
        for other, entry in enumerate(_parsed(path.read_bytes()).entries, 1):
            if other > number:
                yield _item(entry, f"{path.name}, item {other}", "", (note,))


def _streamed(path: Path) -> Iterator[Item]:
    language, number = "", 0
    for name, element, around in elements(path, _OF_THE_FEED):
        if name == "language":
            if around and local(around[-1]) == "channel":
                language = (element.text or "").strip()
            continue
        if any(local(each) in ("item", "entry") for each in around):
            continue
        number += 1
        context = {key: each.get(key, "") for each in around for key in (_LANG, _BASE) if each.get(key)}
        alt = _without_texts_of_files(element)
        document = _alone(element, context)
        for entry in _parsed(document).entries[:1]:
            yield _item(entry, f"{path.name}, item {number}", context.get(_LANG) or language, (), alt)


def _without_texts_of_files(element: Element) -> str:
    """Removes the descriptions of files from an item that has a text of its own; returns the first, for its picture."""
    said = next((each.text or "" for each in element.iter(f"{_MEDIA}description")), "")
    if any(local(each) in _TEXTS and each.tag not in _OF_FILES and (len(each) or each.text) for each in element):
        for parent in list(element.iter()):
            for child in [each for each in parent if each.tag in _OF_FILES]:
                parent.remove(child)
    return said.strip()


def _alone(element: Element, context: Mapping[str, str]) -> bytes:
    """A feed with one item."""
    for key, value in context.items():
        if not element.get(key):
            element.set(key, value)
    tail, element.tail = element.tail, None
    item: bytes = tostring(element, encoding="utf-8", xml_declaration=False)
    element.tail = tail
    if local(element) == "entry":
        return b'<feed xmlns="' + _ATOM.encode() + b'">' + item + b"</feed>"
    return b'<rss version="2.0"><channel>' + item + b"</channel></rss>"


def _parsed(document: bytes) -> Any:
    return feedparser.parse(io.BytesIO(document), sanitize_html=False)


def _item(entry: Any, where: str, language: str, notes: tuple[str, ...], alt: str = "") -> Item:
    detail: Mapping[str, Any] = max(entry.get("content", ()), key=lambda each: len(each.get("value") or ""), default={})
    content = detail.get("value") or ""
    is_plain = detail.get("type") == "text/plain"
    summary = entry.get("summary") or ""
    alternates = {link.get("href", "") for link in entry.get("links", ()) if link.get("rel") == "alternate"}
    alternates = {link for link in alternates if link}
    stated = [each.get("language") for each in (*entry.get("content", ()), entry.get("title_detail") or {})]
    languages = {link.get("href"): link.get("hreflang") for link in entry.get("links", ()) if link.get("hreflang")}
    # feedparser takes an id that is no address for a link.
    own = entry.get("link") or ""
    own = "" if own == entry.get("id") and not own.startswith(("https:", "http:", "/")) else own
    return Item(
        where=where,
        title=entry.get("title") or "",
        summary=summary if content != summary else "",
        html="" if is_plain else content or (summary if _is_html(entry.get("summary_detail") or {}) else ""),
        markdown=plain_paragraphs(content) if is_plain else "",
        published=_moment(entry, "published") or _moment(entry, "created") or _moment(entry, "updated"),
        updated=_moment(entry, "updated") if dict.get(entry, "published") else None,
        id=entry.get("id") or own,
        address=own,
        language=languages.get(own) or next(filter(None, stated), "") or language,
        group=min(alternates) if len(alternates) > 1 and languages else "",
        labels=tuple(_labels(entry)),
        authors=tuple(_authors(entry)),
        image=_image(entry, alt),
        files=tuple(_files(entry)),
        rights=entry.get("rights") or "",
        notes=notes,
    )


def _is_html(detail: Mapping[str, Any]) -> bool:
    value = detail.get("value") or ""
    return "<" in value or len(value) > 600


def _moment(entry: Any, name: str) -> Any:
    # The text keeps the offset, which the parsed date does not. As a dict, an entry has only what the feed says.
    written = dict.get(entry, name)
    parsed = dict.get(entry, f"{name}_parsed")
    return read_date(written if isinstance(written, str) else "") or of_seconds(tuple(parsed or ()))


def _labels(entry: Any) -> Iterator[Label]:
    for tag in entry.get("tags", ()):
        name = tag.get("label") or tag.get("term") or ""
        if name:
            scheme = tag.get("scheme") or "category"
            # tag:example.org,2020:topic and https://example.org/topics/ both end with what it is.
            field = scheme.rstrip("/").replace("/", ":").rpartition(":")[2] or scheme
            yield Label(field, name, tag.get("term") or "")


def _authors(entry: Any) -> Iterator[Author]:
    for author in entry.get("authors", ()):
        if author.get("name") or author.get("email"):
            yield Author(author.get("name") or author["email"], author.get("email", ""), author.get("href", ""))


def _image(entry: Any, alt: str) -> ItemPicture | None:
    for media in (*entry.get("media_content", ()), *entry.get("media_thumbnail", ())):
        kind = media.get("medium") or media.get("type", "image").partition("/")[0]
        if media.get("url") and kind == "image":
            alt = alt or (entry.get("media_title") or "").strip()
            credit = "".join(each.get("content", "") for each in entry.get("media_credit", ())[:1])
            return ItemPicture(media["url"], alt, "", credit, media.get("width", ""), media.get("height", ""))
    return None


def _files(entry: Any) -> Iterator[ItemFile]:
    for file in entry.get("enclosures", ()):
        if file.get("href"):
            yield ItemFile(file["href"], file.get("title", ""), file.get("type", ""), file.get("length", ""))
    for content in entry.get("content", ()):
        if content.get("src"):  # Atom's content that lies at another address
            yield ItemFile(content["src"], "", content.get("type", ""))
