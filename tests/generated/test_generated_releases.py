"""Ten thousand releases as editors type them: none raises an error, and each is published as it was typed, or told.

The files are read, rendered in all three formats, and read back by two parsers that share nothing with what wrote them.
"""

from __future__ import annotations

import html
import json
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from random import Random
from typing import Any
from xml.etree import ElementTree as ET

import fastfeedparser
import pytest

from feeds.addresses import Addresses
from feeds.content import SourceFile, read_story
from feeds.model.editions import editions
from feeds.model.formats import ATOM, JSON_FEED, RSS, SYNDICATED
from feeds.model.problems import Problem
from feeds.model.release import Release
from feeds.model.vocabulary import Vocabulary
from feeds.render import RENDERERS
from feeds.render.entries import Entries
from feeds.render.feed_values import Entry
from feeds.render.markdown import html_of
from tests.conftest import Seed
from tests.content.newsrooms import a_vocabulary
from tests.generated.editor import MARK, Editor, Typed, canonical, squeezed
from tests.makers import BASE
from tests.render.test_feeds import a_head

RELEASES = 10_000
BATCH = 250
"""Releases in one feed."""

DATES = ("published", "updated")
COMMENT = re.compile(r"[ \t]{2,}#+(?:[ \t]|$)")
"""A comment as comments are written, which is taken for one."""

ATOM_NS = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
WORD_JOINER = "\u2060"


@dataclass(frozen=True, slots=True)
class Read:
    """An entry as a parser reads it."""

    id: str
    title: str
    summary: str
    content: str
    published: datetime
    updated: datetime | None
    """None where the parser does not tell."""


@cache
def the_vocabulary() -> Vocabulary:
    with tempfile.TemporaryDirectory() as folder:
        return a_vocabulary(Path(folder))


@cache
def the_entries() -> Entries:
    return Entries(the_vocabulary(), Addresses.of(the_vocabulary(), BASE))


# -- reading and rendering ------------------------------------------------------------------------------------------


def published(typed: Typed) -> tuple[Release, Entry] | None:
    """The release that comes of a file and its entry; None if it is held back. Nothing may be lost without a word."""
    releases, problems = read_story(SourceFile(typed.name, typed.raw), (), the_vocabulary())
    for problem in problems:
        assert str(problem).isprintable(), ascii(str(problem))
    if not releases:
        assert typed.doubtful, said(typed, problems)
        assert any(problem.fatal for problem in problems), said(typed, problems)
        return None
    (release,) = releases
    assert typed.doubtful or not problems, said(typed, problems)
    for field, text in typed.texts.items():
        assert getattr(release, field) == text, said(typed, problems)
    for field, text in typed.doubtful.items():
        told = any(problem.path == field for problem in problems)
        meant = not text or (text[0] == text[-1] and text[0] in "\"'") or COMMENT.search(text)
        assert told or meant or getattr(release, field) == canonical(text), said(typed, problems)
    edition = editions(release, [release])[-1]
    entry = the_entries().entry(edition)
    if typed.risky_body and not any(problem.path == "body" for problem in problems):
        remarks, _ = the_entries().remarks(release)
        assert remarks or MARK in entry.content, said(typed, problems)
        made = html_of(typed.risky_body, f"{BASE}/releases/{release.path}")
        assert squeezed(entry.content).endswith(squeezed(made)), said(typed, problems)
    return release, entry


def said(typed: Typed, problems: Sequence[Problem]) -> str:
    return "\n".join([*map(str, problems), typed.raw.decode(), ascii(typed)])


# -- reading back -------------------------------------------------------------------------------------------------


def by_expat_atom(body: bytes) -> Iterator[Read]:
    for entry in ET.fromstring(body).iter(f"{ATOM_NS}entry"):
        identity, title, summary, content, published, updated = (
            entry.findtext(f"{ATOM_NS}{name}", "") for name in ("id", "title", "summary", "content", *DATES)
        )
        moments = map(datetime.fromisoformat, (published, updated))
        yield Read(identity, title, summary, content, *moments)


def by_expat_rss(body: bytes) -> Iterator[Read]:
    for item in ET.fromstring(body).iter("item"):
        updated = item.findtext(f"{ATOM_NS}updated")
        yield Read(
            item.findtext("guid", ""),
            item.findtext("title", ""),
            html.unescape(item.findtext("description", "")),
            item.findtext(CONTENT, ""),
            parsedate_to_datetime(item.findtext("pubDate", "")),
            datetime.fromisoformat(updated) if updated else None,
        )


def by_json(body: bytes) -> Iterator[Read]:
    for item in json.loads(body)["items"]:
        dates = (item["date_published"], item.get("date_modified", item["date_published"]))
        moments = map(datetime.fromisoformat, dates)
        yield Read(item["id"], item["title"], item["summary"], item["content_html"], *moments)


def by_fastfeedparser(body: bytes) -> Iterator[Read]:
    in_rss = b"<rss" in body[:1000]
    for entry in fastfeedparser.parse(body).entries:
        summary = html.unescape(entry.description) if in_rss else entry.description
        updated = entry.get("updated")
        yield Read(
            entry.id, entry.title, summary, entry.content[0]["value"], datetime.fromisoformat(entry.published),
            datetime.fromisoformat(updated) if updated else None,
        )  # fmt: skip


PARSERS: Mapping[Any, tuple[Callable[[bytes], Iterator[Read]], ...]] = {
    ATOM: (by_expat_atom, by_fastfeedparser),
    RSS: (by_expat_rss, by_fastfeedparser),
    JSON_FEED: (by_json, by_fastfeedparser),
}


class _Text(HTMLParser):
    """Collects the text of HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def text_of(content: str) -> str:
    parser = _Text()
    parser.feed(content)
    parser.close()
    return squeezed("".join(parser.parts))


def compare(read: Read, typed: Typed, release: Release, parser: str) -> None:
    """What a parser reads is what was typed; of doubtful fields, what the release says."""
    where = f"{parser}: {typed.raw.decode()}"
    title = typed.texts.get("title", release.title)
    summary = typed.withdrawn or typed.texts.get("summary", release.summary)
    assert read.id == release.id, where
    assert bare(read.title) == bare(f"Withdrawn: {title}" if typed.withdrawn else title), where
    assert bare(read.summary) == bare(summary), where
    assert read.published == typed.moments["published"], where
    if read.updated and "updated" in typed.moments:
        assert read.updated >= typed.moments["updated"], where
    text = text_of(read.content)
    assert text.endswith(typed.body), where
    for mentioned in typed.mentions if not typed.withdrawn else ():
        assert mentioned in text, where


def bare(text: str) -> str:
    """The text without the signs that keep it plain for clients that decode twice; they have no width."""
    return text.replace(WORD_JOINER, "")


# -- the tests ------------------------------------------------------------------------------------------------------


def check_batch(random: Random, number: int) -> None:
    """Types the releases of a batch, and compares what each parser reads of it in each format."""
    typed = [Editor(random).types(number * BATCH + each) for each in range(BATCH)]
    made = [(each, found) for each in typed if (found := published(each))]
    assert len(made) > BATCH * 0.7
    for form in SYNDICATED:
        renderer = RENDERERS[form]
        body = renderer.feed(a_head(form), [renderer.entry(entry) for _, (_, entry) in made])
        for parser in PARSERS[form]:
            for read, (each, (release, _)) in zip(parser(body), made, strict=True):
                compare(read, each, release, f"{parser.__name__}, {form.suffix}")


SHARE = RELEASES // BATCH // 4
"""Batches of each class: the processes that run the tests share classes out among them."""


class _Share:
    first: int
    """The number of its first batch."""

    @pytest.mark.parametrize("number", [0, *(pytest.param(each, marks=pytest.mark.slow) for each in range(1, SHARE))])
    def test_what_editors_type_is_published_as_it_is_or_told(self, number: int, seed: Seed) -> None:
        chosen = self.first + number
        check_batch(Random(seed(chosen)), chosen)  # noqa: S311 - no secret


class TestFirstShare(_Share):
    first = 0 * SHARE


class TestSecondShare(_Share):
    first = 1 * SHARE


class TestThirdShare(_Share):
    first = 2 * SHARE


class TestFourthShare(_Share):
    first = 3 * SHARE
