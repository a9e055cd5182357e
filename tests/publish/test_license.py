"""The licence that a newsroom or a release names: in every format, for search engines, and on the page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import feedparser
import pytest
from lxml import html

from feeds.model.license import UNSPECIFIED, license_name
from tests.makers import DAY, NEWSROOM, NOW, Bench, a_compiled, a_newsroom, yaml

BY = "https://creativecommons.org/licenses/by/4.0/"
NC = "https://creativecommons.org/licenses/by-nc/4.0/"
OWN = "https://www.example.org/terms?for=press&of=2021"
FILES = {
    "2021/2021-06-01-plain.yaml": yaml(published="2021-06-01"),
    "2021/2021-06-02-own.yaml": yaml(published="2021-06-02", license=OWN),
    "2021/2021-06-02-own.mn.yaml": "title: Өөрийн\nsummary: Товч.\n",
    "2021/2021-06-03-guest.yaml": yaml(published="2021-06-03", rights="© A guest"),
    "2021/2021-06-04-both.yaml": yaml(published="2021-06-04", rights="© A guest", license=NC),
    "2021/2021-06-05-gone.yaml": yaml(published="2021-06-05", withdrawn={"date": NOW, "reason": "Wrong."}),
}
LICENSED = {"plain": BY, "own": OWN, "guest": None, "both": NC}
"""By slug, the address of the licence under which each release may be used."""


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    found = a_compiled(tmp_path_factory.mktemp("licensed"), FILES, newsroom=f"{NEWSROOM}license: {BY}\n")
    assert found.problems() == []
    return found


def named(links: list[Any]) -> list[str]:
    return [link.href for link in links if link.rel == "license"]


@pytest.mark.parametrize("form", ["atom", "rss"])
def test_the_feed_and_each_entry_name_it(bench: Bench, form: str) -> None:
    read = feedparser.parse(bench.document(f"/feeds/all.{form}").body)
    assert named(read.feed.links) == [BY]
    found = {entry.id.rpartition(":")[2]: named(entry.links) for entry in read.entries if "gone" not in entry.id}
    # A guest's text says so: a client would else take the licence of the feed for its own.
    assert found == {slug: [address or UNSPECIFIED] for slug, address in LICENSED.items()}


def test_json_feed_names_it_among_our_own_members(bench: Bench) -> None:
    feed = json.loads(bench.body("/feeds/all.json"))
    assert feed["_newsroom"]["license"] == BY
    found = {item["id"].rpartition(":")[2]: item["_newsroom"]["license"] for item in feed["items"]}
    assert {slug: found[slug] for slug in LICENSED} == {slug: each or UNSPECIFIED for slug, each in LICENSED.items()}


@pytest.mark.parametrize("form", ["atom", "rss"])
def test_an_archive_document_names_it_too(tmp_path: Path, form: str) -> None:
    files = {f"2021/2021-05-{day:02}-r{day}.yaml": yaml(published=f"2021-05-{day:02}") for day in range(1, 31)}
    more = {f"2021/2021-06-{day:02}-s{day}.yaml": yaml(published=f"2021-06-{day:02}") for day in range(1, 24)}
    more |= {f"2021/2021-04-{day:02}-q{day}.yaml": yaml(published=f"2021-04-{day:02}") for day in range(1, 20)}
    bench = a_compiled(tmp_path, files | more, newsroom=f"{NEWSROOM}license: {BY}\n")
    assert named(feedparser.parse(bench.document(f"/feeds/all/archive/1.{form}").body).feed.links) == [BY]


@pytest.mark.parametrize(("slug", "address"), LICENSED.items())
def test_the_page_and_its_structured_data_name_it(bench: Bench, slug: str, address: str | None) -> None:
    page = html.fromstring(bench.body(f"/releases/2021/{slug}"))
    (article,) = (json.loads(each) for each in page.xpath('//script[@type="application/ld+json"]/text()'))
    assert article.get("license") == address
    links = page.xpath('//a[@rel="license"]')
    assert [link.get("href") for link in links] == ([address] if address else [])
    assert [link.text for link in links] == ([license_name(address)] if address else [])


def test_the_page_says_who_holds_the_rights_where_it_is_not_the_newsroom(bench: Bench) -> None:
    assert "© A guest" in html.fromstring(bench.body("/releases/2021/guest")).xpath("//aside")[0].text_content()
    assert "©" not in html.fromstring(bench.body("/releases/2021/plain")).xpath("//aside")[0].text_content()


def test_a_translation_has_the_licence_of_its_original(bench: Bench) -> None:
    (entry,) = feedparser.parse(bench.document("/mn/feeds/all.atom").body).entries
    assert named(entry.links) == [OWN]


def test_the_notice_of_a_withdrawal_has_none_on_its_page(bench: Bench) -> None:
    assert 'rel="license"' not in bench.body("/releases/2021/gone")


def test_every_page_names_that_of_the_newsroom_at_its_foot(bench: Bench) -> None:
    for path in ("/", "/feeds/", "/mn/about", "/releases/2021/guest", "/feeds/country/cn.html"):
        (link,) = html.fromstring(bench.body(path)).xpath(f'//footer//a[@href="{BY}"]')
        assert link.text == "CC BY 4.0"


def test_without_one_nothing_is_said_of_licences(tmp_path: Path) -> None:
    bench = a_compiled(tmp_path, {name: text for name, text in FILES.items() if "license" not in text})
    for path in ("/feeds/all.atom", "/feeds/all.json", "/releases/2021/plain", "/releases/2021/guest", "/"):
        text = bench.body(path)
        assert "license" not in text.replace("creativeCommonsRssModule", ""), path
    assert ":license" not in bench.body("/feeds/all.rss")


def test_another_licence_of_the_newsroom_comes_with_the_next_compile(tmp_path: Path) -> None:
    bench = Bench(a_newsroom(tmp_path, FILES, newsroom=f"{NEWSROOM}license: {BY}\n"))
    bench.compile(now=NOW)
    before = bench.body("/feeds/all.atom")
    assert BY in before
    (bench.folder / "newsroom.yaml").write_text(f"{NEWSROOM}license: {NC}\n", encoding="utf-8")
    bench.compile(now=NOW + DAY)
    after = bench.document("/feeds/all.atom", NOW + DAY)
    assert NC in after.body.decode()
    assert BY not in after.body.decode()
    assert after.last_modified == NOW + DAY


@pytest.mark.parametrize("written", ["CC BY 4.0", "javascript:alert(1)", "https://a:b@example.org/", "https:///terms"])
def test_what_is_no_address_is_refused_where_it_stands(tmp_path: Path, written: str) -> None:
    files = {"2021/2021-06-01-dam.yaml": yaml(license=written), "2021/2021-06-02-dog.yaml": yaml()}
    (problem,) = a_compiled(tmp_path, files).problems()
    assert problem.startswith("data/releases/2021/2021-06-01-dam.yaml:4:10: license: ")
    assert "https://" in problem


@pytest.mark.parametrize(
    ("address", "name"),
    [
        (BY, "CC BY 4.0"),
        ("http://creativecommons.org/licenses/by-nc-sa/3.0/igo/", "CC BY-NC-SA 3.0 IGO"),
        ("https://creativecommons.org/licenses/by-nd/4.0/legalcode.mn", "CC BY-ND 4.0"),
        ("https://creativecommons.org/publicdomain/zero/1.0/deed.zh-hans", "CC0 1.0"),
        ("https://creativecommons.org/publicdomain/mark/1.0", "Public Domain Mark 1.0"),
        ("https://creativecommons.org/about/", "creativecommons.org/about"),
        (OWN, "www.example.org/terms"),
        ("https://www.etalab.gouv.fr/licence-ouverte/", "www.etalab.gouv.fr/licence-ouverte"),
    ],
)
def test_people_read_its_name(address: str, name: str) -> None:
    assert license_name(address) == name
