"""Our feeds through other people's parsers, normalised to one shape and compared.

Those in Python are called here. The JavaScript ones answer over a pipe from one node process (node_readers.mjs);
install-node-parsers beside this file fetches them. Those of further languages have a module of their own. A bare
machine compares what it has; a CI that lacks any of them fails.
"""

from __future__ import annotations

import io
import os
import re
import sys
from calendar import timegm
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import atoma
import fastfeedparser
import feedparser
import feedparser_sgmllib

# The reader library's own copy of feedparser asks for sgmllib; today's feedparser brings it under another name.
sys.modules.setdefault("sgmllib", feedparser_sgmllib)

from reader._parser.feedparser import FeedparserParser  # noqa: E402 - after the line above
from reader._parser.jsonfeed import JSONFeedParser  # noqa: E402

from . import other_readers  # noqa: E402
from .pipes import Pipe  # noqa: E402

HERE = Path(__file__).parent
NODE_MODULES = HERE / "node_modules"
NODE = Pipe(["node", "node_readers.mjs"])
WORD_JOINER = "\u2060"


@dataclass(frozen=True, slots=True)
class Seen:
    """An entry as a client sees it; dates are aware, in UTC, to the second."""

    id: str | None
    title: str | None
    link: str | None
    published: datetime | None
    updated: datetime | None


class UnreadableError(Exception):
    """A parser refused the document."""


# What a parser is known not to tell, and why: (parser, kind, field).
LACKS: Mapping[tuple[str, str, str], str] = {
    ("atoma", "rss", "updated"): "knows no Atom elements in RSS",
    ("fastfeedparser", "rss", "updated"): "reads pubDate only",
    ("node-feedparser", "rss", "updated"): "takes pubDate for the last update",
    ("ruby", "rss", "updated"): "knows no Atom elements in RSS",
    ("gofeed", "rss", "updated"): "knows no Atom elements in RSS",
    ("sfeed", "atom", "updated"): "tells one time",
    ("sfeed", "rss", "updated"): "tells one time",
}
# Takes what looks like a tag out of titles, even out of those that say they are plain text.
STRIPS_TAGS = frozenset({"node-feedparser"})
_TAG = re.compile(r"</?[A-Za-z][^>]*>")
# A feed without entries: (parser, kind) that takes it for no feed at all, and why.
REFUSES_EMPTY: Mapping[tuple[str, str], str] = {
    ("feed-extractor", "atom"): "tells Atom by its entries",
}


def read_all(body: bytes, content_type: str, url: str) -> dict[str, tuple[Seen, ...]]:
    """Every parser's reading, by its name, in the document's order.

    Raises UnreadableError if a parser refuses the document.
    """
    kind = _kind(body)
    read = {name: parse(body, content_type, url) for name, parse in PYTHON[kind].items()}
    if _node_wanted():
        for name, items in NODE.ask(body=body.decode(), kind=kind, url=url).items():
            if (name, kind) in REFUSES_EMPTY and not next(iter(read.values())):
                continue
            if isinstance(items, dict):
                raise UnreadableError(f"{name}: {items['error']}")
            read[name] = tuple(_seen(**item) for item in items)
    for name, feed in other_readers.read(body, kind, url).items():
        if isinstance(feed, str):
            raise UnreadableError(f"{name}: {feed}")
        read[name] = tuple(_seen(**{"updated": None} | item) for item in feed.items)
    return read


def disagreements(body: bytes, content_type: str, url: str, expected: tuple[Seen, ...] | None = None) -> list[str]:
    """What any parser sees otherwise than ``expected``, or than the first parser if nothing is expected."""
    try:
        read = read_all(body, content_type, url)
    except UnreadableError as error:
        return [str(error)]
    kind = _kind(body)
    right = expected if expected is not None else next(iter(read.values()))
    found = []
    for name, entries in read.items():
        if len(entries) != len(right):
            found.append(f"{name}: {len(entries)} entries, not {len(right)}")
            continue
        for number, (entry, should) in enumerate(zip(entries, right, strict=True)):
            found += [f"{name}: entry {number}: {fault}" for fault in _faults(name, kind, entry, should)]
    return found + _heads(body, kind, url)


def _heads(body: bytes, kind: str, url: str) -> list[str]:
    """Where a parser sees another title, home page or enclosure than the document states."""
    head, enclosures = other_readers.stated(body, kind)
    found = []
    for name, feed in other_readers.read(body, kind, url).items():
        assert isinstance(feed, other_readers.SeenFeed), "it has been read before"
        if feed.head not in (None, head):
            found.append(f"{name}: title and home page {feed.head!r}, not {head!r}")
        if feed.enclosures != enclosures:
            found.append(f"{name}: enclosures {feed.enclosures!r}, not {enclosures!r}")
    return found


def _faults(name: str, kind: str, entry: Seen, should: Seen) -> list[str]:
    found = []
    for field in fields(Seen):
        if (name, kind, field.name) in LACKS:
            continue
        got, right = getattr(entry, field.name), getattr(should, field.name)
        if field.name == "updated" and got is None and kind != "atom":
            got = entry.published  # left out where it says nothing new
        if field.name == "title":
            # An RSS title may hold one where a "<" would look like a tag; it has no width.
            got, right = ((title or "").replace(WORD_JOINER, "") for title in (got, right))
            if name in STRIPS_TAGS:
                got, right = (_TAG.sub("", title).strip() for title in (got, right))
        if got != right:
            found.append(f"{field.name} {got!r}, not {right!r}")
    return found


def _kind(body: bytes) -> str:
    if body.lstrip().startswith(b"{"):
        return "json"
    return "rss" if b"<rss" in body[:2_000] else "atom"


def _seen(id: str | None, title: str | None, link: str | None, published: Any, updated: Any) -> Seen:  # noqa: A002
    return Seen(id, title, link, _moment(published), _moment(updated))


def _moment(value: Any) -> datetime | None:
    if value is None or value == "":
        return None
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if value[:4].isdigit() else parsedate_to_datetime(value)
    elif not isinstance(value, datetime):
        value = datetime.fromtimestamp(timegm(value), UTC)
    moment: datetime = value.astimezone(UTC).replace(microsecond=0)
    return moment


# -- Python's parsers ---------------------------------------------------------------------------------------------


def _feedparser(body: bytes, content_type: str, url: str) -> tuple[Seen, ...]:
    headers = {"content-type": content_type, "content-location": url}
    result = feedparser.parse(io.BytesIO(body), response_headers=headers)
    if result.bozo:
        raise UnreadableError(f"feedparser: {result.bozo_exception}")
    # Past FeedParserDict's own ways, which answer with the date of publication when asked for that of the update.
    read = dict.get
    return tuple(
        _seen(read(e, "id"), read(e, "title"), read(e, "link"), read(e, "published_parsed"), read(e, "updated_parsed"))
        for e in result.entries
    )


def _reader(body: bytes, content_type: str, url: str) -> tuple[Seen, ...]:
    parse = JSONFeedParser() if _kind(body) == "json" else FeedparserParser()
    _, entries = parse(url, io.BytesIO(body), {"content-type": content_type})
    return tuple(_seen(e.id, e.title, e.link, e.published, e.updated) for e in entries)


def _fastfeedparser(body: bytes, content_type: str, url: str) -> tuple[Seen, ...]:
    return tuple(
        _seen(e.get("id"), e.get("title"), e.get("link"), e.get("published"), e.get("updated"))
        for e in fastfeedparser.parse(body).entries
    )


def _atoma_atom(body: bytes, content_type: str, url: str) -> tuple[Seen, ...]:
    return tuple(
        _seen(e.id_, e.title and e.title.value, _alternate(e.links), e.published, e.updated)
        for e in atoma.parse_atom_bytes(body).entries
    )


def _alternate(links: list[Any]) -> str | None:
    return next((link.href for link in links if link.rel in (None, "alternate")), None)


def _atoma_rss(body: bytes, content_type: str, url: str) -> tuple[Seen, ...]:
    return tuple(_seen(i.guid, i.title, i.link, i.pub_date, None) for i in atoma.parse_rss_bytes(body).items)


def _atoma_json(body: bytes, content_type: str, url: str) -> tuple[Seen, ...]:
    return tuple(
        _seen(i.id_, i.title, i.url, i.date_published, i.date_modified) for i in atoma.parse_json_feed_bytes(body).items
    )


Parser = Callable[[bytes, str, str], tuple[Seen, ...]]
# feedparser 6 reads no JSON Feed.
PYTHON: Mapping[str, Mapping[str, Parser]] = {
    "atom": {"feedparser": _feedparser, "reader": _reader, "fastfeedparser": _fastfeedparser, "atoma": _atoma_atom},
    "rss": {"feedparser": _feedparser, "reader": _reader, "fastfeedparser": _fastfeedparser, "atoma": _atoma_rss},
    "json": {"reader": _reader, "fastfeedparser": _fastfeedparser, "atoma": _atoma_json},
}


# -- JavaScript's parsers -----------------------------------------------------------------------------------------


def _node_wanted() -> bool:
    if NODE_MODULES.is_dir():
        return True
    assert not os.environ.get("CI"), "the JavaScript parsers are missing: run tests/wire/install-node-parsers"
    return False
