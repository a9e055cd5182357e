"""Checks how newsroom.yaml writes the old addresses of feeds. What cannot be one becomes a warning and is left out.

Whether a path is free, and whether there is such a feed, is not known here.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote

from feeds.content.faults import Fault, join_path, quoted
from feeds.content.raw_record import RawRecord
from feeds.content.yaml_reader import Data
from feeds.model.fields import MOST_FORMER_FEEDS

FIELD = "feeds"
_LONGEST = 500
_ONE = "delete one of the two: a slash at the end and percent signs make no other address"
_EXAMPLE = "for example “/feed: all.rss”"


def without_unfit_feeds(record: RawRecord, data: dict[str, Data], found: list[Fault]) -> dict[str, Data]:
    """The data of newsroom.yaml with the usable old addresses, in one spelling. ``found`` gets the others' faults."""
    written = data.get(FIELD)
    if not written:
        return {name: value for name, value in data.items() if name != FIELD}
    if not isinstance(written, dict):
        advice = f"write an old address and a feed on each line below it, {_EXAMPLE}"
        found.append(record.fault(FIELD, "must be a group of lines", advice, fatal=False))
        return {name: value for name, value in data.items() if name != FIELD}
    kept: dict[str, Data] = {}
    told = {fault.path for fault in record.faults}
    for path, feed in written.items():
        if join_path(FIELD, path) in told:
            continue
        faults = [*_of_path(path), *_of_feed(feed)]
        former = spelled(path)
        if not faults and kept.get(former, feed) != feed:
            faults = [(f"leads to {quoted(str(kept[former]))} already", _ONE)]
        if not faults and len(kept) >= MOST_FORMER_FEEDS:
            faults = [
                (f"at most {MOST_FORMER_FEEDS} old addresses fit", "delete those that nobody asks for any longer")
            ]
        for message, advice in faults[:1]:
            place = record.position(join_path(FIELD, path), key=True)
            found.append(Fault(*place, join_path(FIELD, path), message, advice, fatal=False))
        if not faults:
            kept[former] = feed
    return {**data, FIELD: kept}


def spelled(path: str) -> str:
    """An old address in its one spelling.

    >>> spelled("/caf%C3%A9/feed/")
    '/café/feed'
    """
    return unquote(path).removesuffix("/")


def _of_path(path: str) -> Iterator[tuple[str, str]]:
    """What is wrong with an old address, and what to do."""
    if "://" in path:
        yield "a whole address", f"write the path after the host, {_EXAMPLE}: it must lead to this newsroom's host"
    elif not path.startswith("/"):
        yield "a path begins with a slash", _EXAMPLE
    elif "?" in path or "#" in path:
        yield "has a query or a fragment", "write the path alone: whatever follows ? in a request does not count"
    elif not spelled(path):
        yield "is an address of the newsroom itself", "delete the line: what stands there answers"
    elif len(path) > _LONGEST:
        yield f"is too long: at most {_LONGEST} characters fit", "shorten it"
    elif not _is_asked_for(unquote(path)):
        yield "no address that a browser asks for", f"write the path as a browser shows it, {_EXAMPLE}"


def _is_asked_for(path: str) -> bool:
    signs = path.isprintable() and "?" not in path and "#" not in path and " " not in path
    return signs and "\ufffd" not in path and not any(step in (".", "..") for step in path.split("/"))


def _of_feed(feed: Data) -> Iterator[tuple[str, str]]:
    if not isinstance(feed, str) or not feed:
        yield "names no feed", f"write one after it, {_EXAMPLE}"
    elif "?" in feed or "#" in feed:
        yield f"{quoted(feed)} has a query or a fragment", f"name the feed without it, {_EXAMPLE}"
    elif len(feed) > _LONGEST or not feed.isprintable() or " " in feed:
        yield f"{quoted(feed)} is no feed of this newsroom", f"name one of its feeds, {_EXAMPLE}"
