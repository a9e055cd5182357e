"""The sitemaps of small newsrooms, at moments that matter."""

from __future__ import annotations

import struct
from datetime import timedelta
from pathlib import Path
from urllib.robotparser import RobotFileParser

import pytest
from lxml import etree

from feeds.addresses import Addresses, Robots, Sitemap
from feeds.document import Document, Missing, Moved
from feeds.publish import sitemaps
from tests.makers import BASE, DAY, FACETS, LANGUAGES, NOW, SECOND, TOMORROW, YESTERDAY, Bench, a_newsroom, yaml

SCHEMA = etree.RelaxNG(etree.parse(Path(__file__).parent / "sitemap.rng"))
IN = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "x": "http://www.w3.org/1999/xhtml",
    "n": "http://www.google.com/schemas/sitemap-news/0.9",
}
PAGES = BASE + "/releases/2021"


def bench(path: Path, *names: str, **files: str) -> Bench:
    """A compiled newsroom of the releases named, yesterday's second by second, and of files given whole."""
    plain = {f"2021/{name}.yaml": yaml(published=YESTERDAY + SECOND * place) for place, name in enumerate(names)}
    whole = {f"2021/{name}.yaml": text for name, text in files.items()}
    made = Bench(a_newsroom(path, plain | whole))
    made.compile()
    assert made.problems() == []
    return made


def tree(document: Document) -> etree._Element:
    """The document's element, once it is known to be valid."""
    root = etree.fromstring(document.body)
    SCHEMA.assertValid(root)
    return root


def texts(document: Document, path: str) -> list[str]:
    return [str(text) for text in tree(document).xpath(f"{path}/text()", namespaces=IN)]


def releases(document: Document) -> list[str]:
    return [text for text in texts(document, "//s:loc") if "/releases/" in text]


def test_every_page_of_every_language_is_listed_once(tmp_path: Path) -> None:
    made = bench(tmp_path, dam=yaml(published=YESTERDAY, countries=["MN"]))
    found = texts(made.document("/sitemap.xml"), "//s:loc")
    assert len(found) == len(set(found))
    paths = {address.removeprefix(BASE) for address in found}
    assert {"/", "/mn/", "/zh-Hans/feeds/", "/about", "/feeds/country/mn.html", "/releases/2021/dam"} <= paths
    assert "/feeds/country/cn.html" not in paths
    assert "/mn/feeds/country/mn.html" not in paths


def test_every_address_listed_is_there_and_is_nobody_elses(tmp_path: Path) -> None:
    made = bench(tmp_path, "dam", "mine")
    for address in texts(made.document("/sitemap.xml"), "//s:loc"):
        assert made.document(address.removeprefix(BASE)).status == 200


def test_what_is_scheduled_drafted_withdrawn_or_lives_elsewhere_is_not_listed(tmp_path: Path) -> None:
    made = bench(
        tmp_path,
        "dam",
        later=yaml(published=TOMORROW),
        draft=yaml(published=YESTERDAY - DAY / 4, draft=True),
        gone=yaml(published=YESTERDAY - SECOND, withdrawn={"date": NOW - SECOND, "reason": "It was wrong."}),
        elsewhere=yaml(published=YESTERDAY - DAY / 2, url="https://www.example.org/there"),
    )
    assert releases(made.document("/sitemap.xml")) == [f"{PAGES}/dam"]
    assert releases(made.document("/sitemap-news.xml")) == [f"{PAGES}/dam"]


def test_a_release_is_listed_at_its_second_and_not_before(tmp_path: Path) -> None:
    made = bench(tmp_path, dam=yaml(published=TOMORROW))
    for path in ("/sitemap.xml", "/sitemap-news.xml"):
        assert made.document(path).until == TOMORROW
        assert releases(made.document(path, TOMORROW - SECOND)) == []
        assert releases(made.document(path, TOMORROW)) == [f"{PAGES}/dam"]
        assert made.document(path, TOMORROW).last_modified == TOMORROW


def test_a_scheduled_release_changes_no_byte(tmp_path: Path) -> None:
    (tmp_path / "without").mkdir()
    (tmp_path / "with").mkdir()
    without = bench(tmp_path / "without", "dam")
    scheduled = bench(tmp_path / "with", "dam", later=yaml(published=TOMORROW))
    for path in ("/sitemap.xml", "/sitemap-news.xml", "/robots.txt"):
        ours, theirs = without.document(path), scheduled.document(path)
        assert (ours.body, ours.last_modified) == (theirs.body, theirs.last_modified)


def test_translations_name_each_other_and_themselves(tmp_path: Path) -> None:
    made = Bench(
        a_newsroom(
            tmp_path,
            {
                "2021/dam.yaml": yaml(published=YESTERDAY),
                "2021/dam.mn.yaml": yaml(published=YESTERDAY, title="Далан"),
                "2021/dam.zh-Hans.yaml": yaml(published=TOMORROW, title="水坝"),
            },
        )
    )
    made.compile()
    versions = {"en": f"{PAGES}/dam", "mn": f"{BASE}/mn/releases/2021/dam"}
    root = tree(made.document("/sitemap.xml"))
    for address in versions.values():
        (url,) = root.xpath("s:url[s:loc=$address]", namespaces=IN, address=address)
        links = url.findall("x:link", IN)
        assert {link.get("hreflang"): link.get("href") for link in links} == versions


def test_the_last_change_is_the_one_readers_were_told_of(tmp_path: Path) -> None:
    made = bench(tmp_path, dam=yaml(published=NOW - 9 * DAY, updated=YESTERDAY))
    assert texts(made.document("/sitemap.xml"), "//s:lastmod") == ["2021-06-23T20:00:00+08:00"]


def test_news_is_what_is_less_than_two_days_old_the_newest_first(tmp_path: Path) -> None:
    first = NOW - 2 * DAY + SECOND
    made = bench(tmp_path, "dam", old=yaml(published=NOW - 2 * DAY), first=yaml(published=first))
    document = made.document("/sitemap-news.xml")
    assert releases(document) == [f"{PAGES}/dam", f"{PAGES}/first"]
    assert document.until == NOW + SECOND
    assert document.last_modified == NOW, "the moment when the old one left"
    assert releases(made.document("/sitemap-news.xml", NOW + SECOND)) == [f"{PAGES}/dam"]


def test_news_says_title_publication_language_and_date(tmp_path: Path) -> None:
    made = Bench(
        a_newsroom(
            tmp_path,
            {
                "2021/dam.yaml": yaml(published=NOW - 9 * DAY),
                "2021/dam.zh-Hans.yaml": yaml(published=YESTERDAY, title="水坝 <&>"),
            },
        )
    )
    made.compile()
    document = made.document("/sitemap-news.xml")
    news = {path: texts(document, f"//n:{path}") for path in ("name", "language", "publication_date", "title")}
    assert news == {
        "name": ["测试局"],
        "language": ["zh-cn"],
        "publication_date": ["2021-06-23T20:00:00+08:00"],
        "title": ["水坝 <&>"],
    }


def test_beyond_the_largest_document_there_is_an_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = bench(tmp_path, *(f"r{number}" for number in range(9)))
    whole = texts(made.document("/sitemap.xml"), "//s:url/s:loc")
    monkeypatch.setattr(sitemaps, "LARGEST", 8)
    index = made.document("/sitemap.xml")
    parts = texts(index, "/s:sitemapindex/s:sitemap/s:loc")
    assert parts == [f"{BASE}/sitemap-{number}.xml" for number in range(1, len(parts) + 1)]
    found = [texts(made.document(part.removeprefix(BASE)), "//s:url/s:loc") for part in parts]
    assert [address for part in found for address in part] == whole
    assert max(map(len, found)) == 8
    assert texts(index, "//s:sitemap[last()]/s:lastmod") == ["2021-06-23T20:00:08+08:00"]
    assert isinstance(made.answer(f"/sitemap-{len(parts) + 1}.xml"), Missing)


def test_the_largest_document_is_within_the_protocol() -> None:
    assert sitemaps.LARGEST <= 50_000
    assert sitemaps.MOST_NEWS <= 1_000
    assert timedelta(days=2) == sitemaps.NEWS_DAYS


def test_a_small_newsroom_has_no_parts_and_an_empty_one_has_pages(tmp_path: Path) -> None:
    made = bench(tmp_path)
    assert isinstance(made.answer("/sitemap-1.xml"), Missing)
    assert releases(made.document("/sitemap.xml")) == []
    assert texts(made.document("/sitemap.xml"), "//s:loc")[0] == f"{BASE}/"
    assert len(tree(made.document("/sitemap-news.xml"))) == 0


def test_robots_may_read_everything_and_are_told_where_it_is(tmp_path: Path) -> None:
    document = bench(tmp_path, "dam").document("/robots.txt")
    parser = RobotFileParser()
    parser.parse(document.body.decode().splitlines())
    assert document.media_type == "text/plain; charset=utf-8"
    assert parser.can_fetch("anybot", f"{PAGES}/dam")
    assert parser.site_maps() == [f"{BASE}/sitemap.xml", f"{BASE}/sitemap-news.xml"]


def test_the_icon_that_browsers_ask_for_unasked_is_there(tmp_path: Path) -> None:
    document = bench(tmp_path).document("/favicon.ico")
    kind, count, size, offset = struct.unpack("<2xHH8xII", document.body[:22])
    assert (document.media_type, kind, count) == ("image/x-icon", 1, 1)
    assert document.body[offset:].startswith(b"\x89PNG")
    assert len(document.body[offset:]) == size


@pytest.mark.parametrize("address", [Sitemap("en"), Sitemap("en", 12), Sitemap("en", news=True), Robots("en")])
def test_an_address_for_crawlers_parses_back(address: Sitemap | Robots) -> None:
    addresses = Addresses(BASE, LANGUAGES, FACETS)
    assert addresses.parse(addresses.make(address)) == address


def test_another_spelling_leads_there_and_a_language_has_none_of_its_own(tmp_path: Path) -> None:
    made = bench(tmp_path)
    assert made.answer("/Sitemap.XML") == Moved("/sitemap.xml")
    for path in ("/mn/sitemap.xml", "/mn/robots.txt", "/sitemap-0.xml", "/sitemap-.xml", "/sitemap-01.xml"):
        assert isinstance(made.answer(path), Missing), path
