"""One list of all addresses: whatever a reader can follow is in it, and something stands at each."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest

from feeds.addresses import FeedAddress, Outline
from feeds.model.selection import Selection
from feeds.publish.all_addresses import all_addresses, combinations
from feeds.publish.context import Context
from feeds.publish.document import Document
from tests.makers import BASE, NOW, TOMORROW, YESTERDAY, Bench, a_newsroom, yaml

LINK = re.compile(r'(?:href|xmlUrl|htmlUrl)="([^"#?]+)[^"]*"|<loc>([^<]+)|"(https?://[^"]+)"')
MADE_UP = ("/embed/frame/", "/embed/fragment/", "/oembed", "/static/")
"""Addresses that are no documents of the newsroom's, or that somebody has to choose first."""


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """A newsroom with an archive, a withdrawn release, a retired term and something to come."""
    files = {
        f"2021/release-{n}.yaml": yaml(
            published=YESTERDAY - timedelta(hours=n), countries=["CN", "MN"][: n % 3], topics=["wages"][: n % 2]
        )
        for n in range(9)
    }
    files["2021/gone.yaml"] = yaml(
        published=YESTERDAY + timedelta(hours=1), withdrawn={"date": YESTERDAY + timedelta(hours=2), "reason": "Wrong."}
    )
    files["2021/release-1.mn.yaml"] = "title: Далан\nsummary: Далангийн тухай.\n"
    files["2021/later.yaml"] = yaml(published=TOMORROW, projects=["score"])
    topics = "wages: {labels: {en: Wages}}\nold: {labels: {en: Old}, retired: {date: 2021-06-01}}\n"
    bench = Bench(a_newsroom(tmp_path, files, topics=topics), entries=3)
    bench.compile()
    assert not bench.problems()
    return bench


def paths(bench: Bench) -> list[str]:
    with bench.catalogue.reading() as snapshot:
        desk = Context.of(snapshot, NOW, bench.settings)
        return [desk.addresses.make(address) for address in all_addresses(desk)]


def test_every_address_is_listed_once_and_a_document_stands_there(bench: Bench) -> None:
    listed = paths(bench)
    assert len(listed) == len(set(listed))
    assert all(isinstance(bench.answer(path), Document) for path in listed)
    assert "/releases/2021/gone" in listed
    assert "/feeds/topic/old.atom" in listed
    assert not any("later" in path for path in listed)


def test_whatever_a_document_links_to_here_is_listed(bench: Bench) -> None:
    listed = set(paths(bench))
    linked = set()
    for path in listed:
        for groups in LINK.findall(bench.body(path)):
            target = unescape("".join(groups)).removeprefix(BASE)
            if target.startswith("/") and not target.startswith(MADE_UP):
                linked.add(target)
    unlisted = {path for path in linked - listed if holds_releases(bench, path)}
    assert unlisted == set()
    assert len(linked) > 50


def test_no_term_that_is_none_any_longer_is_combined(tmp_path: Path) -> None:
    """A release whose term has another name, and that names another that nobody knows, stays as it last was."""
    topics = "pay: {labels: {en: Pay}}\nwork: {labels: {en: Work}}\n"
    file = yaml(published=YESTERDAY, countries=["CN"], topics=["pay", "work"])
    bench = Bench(a_newsroom(tmp_path, {"2021/dam.yaml": file}, topics=topics))
    bench.compile(now=NOW)
    assert [each.terms for each in combined(bench)] == [
        (("country", ("cn",)), ("topic", ("pay",))),
        (("country", ("cn",)), ("topic", ("work",))),
    ]
    (bench.folder / "topics.yaml").write_text("wages: {labels: {en: Wages}, aliases: [pay]}\n", encoding="utf-8")
    bench.compile(now=NOW)
    assert "no such topic “work”" in bench.problems()[0]
    assert combined(bench) == []


def combined(bench: Bench) -> list[Selection]:
    with bench.catalogue.reading() as snapshot:
        return combinations(Context.of(snapshot, NOW, bench.settings), "en")


def holds_releases(bench: Bench, path: str) -> bool:
    """Whether it is a feed or a page of the newsroom's that somebody would miss: not an empty twin of one."""
    with bench.catalogue.reading() as snapshot:
        desk = Context.of(snapshot, NOW, bench.settings)
        address = desk.addresses.parse(path)
        if isinstance(address, FeedAddress):
            page = desk.page(address)
            return bool(page and page.editions)
        return address is not None and not isinstance(address, Outline)
