"""What each kind of page of the bundled newsroom weighs, and what its first paint needs.

    python -m benchmarks.page_weights

A page is asked for in every language, in gzip and in brotli; of the languages the heaviest counts. The weight has the
style sheets and scripts that the page loads, but no pictures. The first paint needs the header fields, the page, and
every style sheet or script that it waits for. A server may send ten segments before it waits for the reader (RFC 6928):
what fits into them is there after one round trip, unless the page names a file to wait for, which costs another one.

Exits with 1 if the front page weighs more than 20 kB in gzip, if what a first paint needs does not fit, or if a page
waits for a file. No time is measured, so the figures are the same on every machine.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from lxml import html
from werkzeug.test import Client, TestResponse

from feeds.settings import Settings
from feeds.web import create_app

BASE = "https://news.example.org"
NOW = datetime(2026, 11, 22, tzinfo=UTC)
DATA = Path(__file__).parents[1] / "data"
CODINGS = ("gzip", "br")
WINDOW = 10 * 1460
"""Bytes that a server sends before it waits for the reader (RFC 6928, section 2)."""
MOST_OF_FRONT = 20_000

LANGUAGES = ("", "/zh-Hans", "/mn")
RELEASE = "/releases/2021/herders-social-insurance-coverage"
PAGES = {
    "front": "/",
    "selection": "/feeds/all.html",
    "year": "/2021/",
    "directory": "/feeds/",
    "choice": "/feeds/?country=cn&topic=skills",
    "search": "/search?q=social+protection",
    "unfound": "/search?q=nothing+nowhere",
    "verify": "/verify",
    "release": RELEASE,
    "about": "/about",
    "help": "/help",
    "developers": "/developers",
    "embed": "/embed/",
    "missing": "/releases/2021/nothing",
}


@dataclass(frozen=True, slots=True)
class Weight:
    """What a page weighs in a coding, in bytes."""

    whole: int
    """With its style sheets and scripts."""
    first: int
    """What the first paint needs."""
    waits: int
    """Files that the first paint waits for."""


def weight(client: Client, path: str, coding: str) -> Weight:
    """The weight of a page."""
    page = asked(client, path, coding)
    tree = html.document_fromstring(asked(client, path, "identity").data)
    loaded = {path: len(asked(client, path, coding).data) for path in (*_styles(tree), *_scripts(tree))}
    waits = [*_styles(tree), *_scripts(tree, waited_for=True)]
    head = sum(len(name) + len(value) + 4 for name, value in page.headers) + len(f"HTTP/1.1 {page.status}\r\n\r\n")
    first = head + len(page.data) + sum(loaded[each] for each in waits)
    return Weight(len(page.data) + sum(loaded.values()), first, len(waits))


def asked(client: Client, path: str, coding: str) -> TestResponse:
    """The answer in a coding."""
    return client.get(path, headers={"Host": "news.example.org", "Accept-Encoding": coding})


def _styles(tree: html.HtmlElement) -> Iterator[str]:
    yield from tree.xpath("//link[@rel='stylesheet']/@href")


def _scripts(tree: html.HtmlElement, *, waited_for: bool = False) -> Iterator[str]:
    late = "[not(@type='module' or @defer or @async)]" if waited_for else ""
    yield from tree.xpath(f"//script[@src]{late}/@src")


def main() -> int:
    """Print the figures; 1 if a target is missed."""
    missed: list[str] = []
    with TemporaryDirectory() as folder:
        app = create_app(Settings(DATA, Path(folder), BASE, watch="off"), clock=lambda: NOW)
        client = Client(app)
        print(f"{'':10}  {'whole: gzip':>11}  {'br':>6}  {'first paint: gzip':>17}  {'br':>6}")
        for kind, path in PAGES.items():
            found = {coding: [weight(client, f"{lead}{path}", coding) for lead in LANGUAGES] for coding in CODINGS}
            whole = {coding: max(each.whole for each in found[coding]) for coding in CODINGS}
            first = {coding: max(each.first for each in found[coding]) for coding in CODINGS}
            print(f"{kind:10}  {whole['gzip']:11,}  {whole['br']:6,}  {first['gzip']:17,}  {first['br']:6,}")
            if first["gzip"] > WINDOW or any(each.waits for each in found["gzip"]):
                missed.append(f"{kind}: the first paint needs more than one round trip")
            if kind == "front" and whole["gzip"] > MOST_OF_FRONT:
                missed.append(f"front: weighs more than {MOST_OF_FRONT:,} bytes in gzip")
    print(*missed or [f"all within {WINDOW:,} bytes and one round trip"], sep="\n")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
