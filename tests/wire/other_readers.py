"""Our feeds through parsers in Ruby, PHP, Perl, Go and C, as many as the machine has; `.ci/run` installs all of them.

They also tell the title of a feed, its home page and the enclosures of its entries.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Any

from lxml import etree

from .pipes import Pipe

ATOM = "{http://www.w3.org/2005/Atom}"

PIPES: Mapping[str, tuple[Pipe, tuple[str, ...]]] = {
    "ruby": (Pipe(["ruby", "reader.rb"]), ("atom", "rss")),
    "simplepie": (Pipe(["php", "reader.php"]), ("atom", "rss")),
    "xml-feed": (Pipe(["perl", "reader.pl"]), ("atom", "rss")),
    # Debian's libraries in Go lie where GOPATH says, as before modules.
    "gofeed": (
        Pipe(["go", "run", "reader.go"], {"GO111MODULE": "off", "GOPATH": "/usr/share/gocode"}),
        ("atom", "rss", "json"),
    ),
}
"""The parsers with the kinds of feeds that they read."""


@dataclass(frozen=True, slots=True)
class SeenFeed:
    """A feed as a parser sees it."""

    head: tuple[str | None, str | None] | None
    """Its title and home page; None for a parser that tells entries only."""
    items: tuple[dict[str, Any], ...]
    enclosures: tuple[str | None, ...]


@lru_cache(maxsize=2)  # asked for the entries, and again for the rest
def read(body: bytes, kind: str, url: str) -> Mapping[str, SeenFeed | str]:
    """What each parser sees, by its name; the words of one that refuses the document."""
    found: dict[str, SeenFeed | str] = {}
    for name, (pipe, kinds) in PIPES.items():
        if kind in kinds and _is_wanted(name):
            found[name] = _seen(pipe.ask(body=body.decode(), kind=kind, url=url))
    if kind != "json" and _is_wanted("sfeed"):
        found["sfeed"] = _sfeed(body)
    return found


@cache
def _is_wanted(name: str) -> bool:
    there = shutil.which(name) is not None if name == "sfeed" else PIPES[name][0].exists()
    assert there or not os.environ.get("CI"), f"the feed parser {name} is missing: .ci/run installs it"
    return there


def _seen(answer: dict[str, Any]) -> SeenFeed | str:
    if "error" in answer:
        return str(answer["error"])
    items = tuple(answer["items"])
    return SeenFeed((answer["title"], answer["home"]), items, tuple(item.pop("enclosure") for item in items))


def _sfeed(body: bytes) -> SeenFeed:
    """A line for each entry: time, title, link, content, its type, id, author, enclosure, categories (sfeed(5))."""
    done = subprocess.run(["sfeed"], input=body, stdout=subprocess.PIPE, check=True)
    rows = [line.split("\t") for line in done.stdout.decode().splitlines()]
    items = tuple(
        {"id": id_, "title": title, "link": link, "published": datetime.fromtimestamp(int(time), UTC).isoformat()}
        for time, title, link, _, _, id_, *_ in rows
    )
    return SeenFeed(None, items, tuple(row[7] or None for row in rows))


def stated(body: bytes, kind: str) -> tuple[tuple[str | None, str | None], tuple[str | None, ...]]:
    """What the document says of itself: its title and home page, and the first enclosure of each entry."""
    if kind == "json":
        feed = json.loads(body)
        files = tuple(next((each["url"] for each in item.get("attachments", ())), None) for item in feed["items"])
        return (feed["title"], feed["home_page_url"]), files
    root = etree.fromstring(body)
    if kind == "rss":
        enclosures = tuple(
            next((each.get("url") for each in item.iter("enclosure")), None) for item in root.iter("item")
        )
        return (root.findtext("channel/title"), root.findtext("channel/link")), enclosures
    files = tuple(_link(entry, "enclosure") for entry in root.iter(f"{ATOM}entry"))
    return (root.findtext(f"{ATOM}title"), _link(root, "alternate")), files


def _link(element: Any, rel: str) -> str | None:
    return next((each.get("href") for each in element.iterfind(f"{ATOM}link") if each.get("rel") == rel), None)
