"""Every feed of the bundled newsroom, in every format and language: clean, valid, and read alike by everybody."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC
from typing import Literal

import pytest

from feeds.addresses import Addresses, FeedAddress, Outline
from feeds.catalogue import Snapshot
from feeds.model.formats import ATOM, JSON_FEED, SYNDICATED, Format
from feeds.model.selection import Selection
from feeds.publish import Router
from feeds.publish.all_addresses import all_addresses
from feeds.publish.context import Context
from feeds.publish.document import Document
from feeds.publish.feed import feed_head
from feeds.render.feed_values import Entry
from tests.makers import FACETS
from tests.newsroom.conftest import BASE, NOW, SETTINGS
from tests.render.unspliced import unspliced
from tests.wire import readers, rules, schemas


def document(snapshot: Snapshot, path: str) -> Document:
    asked, _, query = path.partition("?")
    found = Router(SETTINGS).answer(snapshot, asked, query, NOW)
    assert isinstance(found, Document), f"{path}: {found}"
    return found


def feeds_of(snapshot: Snapshot) -> Iterator[tuple[FeedAddress, str, Document]]:
    desk = Context.of(snapshot, NOW, SETTINGS)
    for address in (*all_addresses(desk), *made_up(desk)):
        if isinstance(address, FeedAddress) and address.format in SYNDICATED and not address.archive:
            path = desk.addresses.make(address)
            yield address, BASE + path, document(snapshot, path)


def made_up(desk: Context) -> Iterator[FeedAddress]:
    """Feeds that no list names: with fewer releases than usual or more, and without some."""
    for language in desk.addresses.languages:
        for selection in (Selection(language), Selection.of(language, {"country": ["cn", "mn"]})):
            yield from (FeedAddress(selection, form, count=count) for form in SYNDICATED for count in (1, 7, 100))
        for terms in ({}, {"country": ["cn"]}):
            for without in ({"topic": ["covid-19"]}, {"genre": ["event"], "topic": ["skills", "employment"]}):
                found = Selection.of(language, terms, without=without)
                yield from (FeedAddress(found, form) for form in SYNDICATED)
                yield from (FeedAddress(replace(found, in_all_languages=True), form) for form in SYNDICATED)


@pytest.fixture(scope="module")
def feeds(snapshot: Snapshot) -> list[tuple[FeedAddress, str, Document]]:
    return list(feeds_of(snapshot))


Feeds = list[tuple[FeedAddress, str, Document]]


def test_there_are_feeds_for_every_term_every_combination_and_every_language(feeds: Feeds) -> None:
    asked = {address.selection for address, _, _ in feeds}
    assert len(asked) > 150
    assert {selection.language for selection in asked} == {"en", "zh-Hans", "mn"}
    assert Selection.of("en", {"country": ["mn"], "topic": ["social-protection"]}) in asked


def test_no_feed_has_anything_a_validator_would_find(feeds: Feeds) -> None:
    found = [
        f"{url}: {finding}"
        for _, url, each in feeds
        for finding in rules.findings(each.body, each.media_type, url, NOW)
    ]
    assert not found, "\n".join(found[:20])


def test_every_feed_is_valid_against_its_schema(feeds: Feeds) -> None:
    kinds: dict[Format, Literal["atom", "json"]] = {ATOM: "atom", JSON_FEED: "json"}
    wrong = [
        f"{url}: {error}"
        for address, url, each in feeds
        if address.format in kinds
        for error in schemas.errors(each.body, kinds[address.format])
    ]
    assert not wrong, "\n".join(wrong[:20])


@pytest.mark.slow
def test_independent_parsers_read_every_feed_alike_in_every_format(snapshot: Snapshot, feeds: Feeds) -> None:
    wrong = []
    for address, url, each in feeds:
        page = Context.of(snapshot, NOW, SETTINGS).page(address)
        assert page is not None
        expected = tuple(_expected(kept.entry) for kept in snapshot.releases.of(page.editions))
        wrong += [f"{url}: {what}" for what in readers.disagreements(each.body, each.media_type, url, expected)]
    assert not wrong, "\n".join(wrong[:20])


def _expected(entry: Entry) -> readers.Seen:
    published, updated = (moment.astimezone(UTC) for moment in (entry.published, entry.updated))
    return readers.Seen(entry.id, entry.title, entry.link, published, updated)


def test_every_feed_spliced_from_rendered_entries_equals_the_document_rendered_in_one_go(
    snapshot: Snapshot, feeds: Feeds
) -> None:
    desk = Context.of(snapshot, NOW, SETTINGS)
    for address, url, each in feeds:
        page = desk.page(address)
        assert page is not None
        values = [found.entry for found in snapshot.releases.of(page.editions)]
        mixed = address.selection.in_all_languages
        expected = unspliced(address.format, feed_head(desk, address, page), values, in_all_languages=mixed)
        assert expected == each.body, url


@pytest.mark.parametrize("facet", [None, *FACETS])
@pytest.mark.parametrize("language", ["en", "zh-Hans", "mn"])
def test_every_outline_is_valid_and_lists_feeds_that_exist(
    snapshot: Snapshot, language: str, facet: str | None
) -> None:
    addresses = Addresses.of(snapshot.vocabulary, BASE)
    path = addresses.make(Outline(language, facet))
    outline = document(snapshot, path)
    assert not schemas.errors(outline.body, "opml")
    assert not rules.findings(outline.body, outline.media_type, BASE + path, NOW)
    listed = [part.split('"')[0] for part in outline.body.decode().split('xmlUrl="')[1:]]
    assert listed
    for url in listed:
        document(snapshot, url.removeprefix(BASE))


def test_the_newest_release_is_first_and_the_order_is_that_of_the_office_s_own_list(snapshot: Snapshot) -> None:
    body = document(snapshot, "/feeds/all.json").body
    titles = [item["title"] for item in json.loads(body)["items"]]
    assert titles[0] == "SCORE Pilot Experience Sharing Conference"
    assert titles[-1] == "CSR and Labour Standards training returns to China"
    assert len(titles) == 20
    building, dialogue = (
        "Building back better through international labour standards and corporate social responsibility",
        'UN Policy Dialogue "Building an inclusive and sustainable social protection system" held online',
    )
    assert titles.index(building) + 1 == titles.index(dialogue)
