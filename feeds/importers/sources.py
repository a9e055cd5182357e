"""Tells what a source is, by its bytes, and reads its items."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

from feeds.errors import Failure, FeedsError, attempt
from feeds.importers import csv_table, feed_xml, json_feed, markdown_folder, word_document, wordpress
from feeds.importers.item import Item
from feeds.importers.xml_stream import prolog

_HEAD = 1 << 16
_REMOTE = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
_BINARY = re.compile(rb"\xd0\xcf\x11\xe0|\{\\rtf|%PDF-|\x89PNG|\xff\xd8\xff|GIF8|\x1f\x8b")


class ImportSource(NamedTuple):
    """A file or folder to read: what it is, and its items, one after the other."""

    path: Path
    kind: str
    items: Callable[[], Iterator[Item]]


def open_source(name: str, languages: Iterable[str] = ()) -> ImportSource:
    """The source at a path. Raises FeedsError that says what can be read, and for an address on the web.

    ``languages`` are those of the newsroom.
    """
    if _REMOTE.match(name):
        raise FeedsError(f"{name}: nothing is fetched from the web (save it, and name the file: curl -o feed.xml …)")
    path = Path(name)
    if not path.exists():
        raise FeedsError(f"{path}: there is no such file or folder")
    if path.is_dir():
        markdown_folder.require_text(path)
        return ImportSource(path, "Markdown", lambda: _guarded(path, markdown_folder.markdown_items))
    with path.open("rb") as file:
        head = file.read(_HEAD)
    kind, items = _kind(path, head)
    if items is csv_table.csv_items:
        items = partial(csv_table.csv_items, languages=tuple(languages))
    return ImportSource(path, kind, lambda: _guarded(path, items))


def _guarded(path: Path, items: Callable[[Path], Iterator[Item]]) -> Iterator[Item]:
    """The items of a source. Any error that ends the reading becomes a FeedsError of one line."""
    read = items(path)
    while True:
        found = attempt(lambda: next(read, None))
        if isinstance(found, Failure):
            if isinstance(found.error, FeedsError):
                raise found.error
            raise FeedsError(f"{path}: it cannot be read further: {found.reason}") from found.error
        if found.value is None:
            return
        yield found.value


def _kind(path: Path, head: bytes) -> tuple[str, Callable[[Path], Iterator[Item]]]:
    if head.startswith(b"PK\x03\x04"):
        return "Word", word_document.word_items
    if _BINARY.match(head) or (b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff"))):
        raise FeedsError(
            f"{path}: no format that can be read (RSS, Atom, JSON Feed, WordPress, Markdown, CSV or .docx)"
        )
    text = prolog(head).removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"<"):
        return _xml(path, text)
    if text.startswith(b"{") and not markdown_folder.is_markdown(path):
        return "JSON Feed", json_feed.json_feed_items
    if markdown_folder.is_markdown(path) or text.startswith((b"---", b"+++")):
        return "Markdown", markdown_folder.markdown_items
    if path.suffix.lower() in (".csv", ".tsv", ".txt") or re.match(rb"[^\n]{1,2000}[,;\t|][^\n]*\n", text):
        return "CSV", csv_table.csv_items
    raise FeedsError(f"{path}: no format that can be read (RSS, Atom, JSON Feed, WordPress, Markdown, CSV or .docx)")


def _xml(path: Path, text: bytes) -> tuple[str, Callable[[Path], Iterator[Item]]]:
    if wordpress.OWN.encode() in text:
        return "WordPress", wordpress.wordpress_items
    root = re.search(rb"<([A-Za-z_][\w.:-]*)", text)
    name = root[1].rpartition(b":")[2].lower() if root else b""
    if name in (b"rss", b"feed", b"rdf"):
        return "Atom" if name == b"feed" else "RSS", feed_xml.feed_items
    what = "an HTML page" if name == b"html" else "XML, but no feed"
    raise FeedsError(f"{path}: {what} (save the RSS or Atom feed itself, or the export of WordPress)")
