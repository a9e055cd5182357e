"""The sitemaps of small newsrooms, at moments that matter."""

from __future__ import annotations

import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.robotparser import RobotFileParser

import pytest
from lxml import etree

from feeds.addresses import NEWS, PAGES, Addresses, Robots, Sitemap
from feeds.catalogue import sitemap_parts
from feeds.publish import all_addresses, sitemaps
from feeds.publish.document import Document, Missing, Moved
from tests.makers import BASE, DAY, FACETS, LANGUAGES, NOW, SECOND, TOMORROW, YESTERDAY, Bench, a_newsroom, write, yaml

SCHEMA = etree.RelaxNG(etree.parse(Path(__file__).parent / "sitemap.rng"))
IN = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "x": "http://www.w3.org/1999/xhtml",
    "n": "http://www.google.com/schemas/sitemap-news/0.9",
}
HERE = BASE + "/releases/2021"


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


def parts(made: Bench, now: datetime = NOW) -> list[str]:
    """The paths of the parts that the index names."""
    found = texts(made.document("/sitemap.xml", now), "/s:sitemapindex/s:sitemap/s:loc")
    return [address.removeprefix(BASE) for address in found]


def listed(made: Bench, now: datetime = NOW) -> list[str]:
    """The addresses of all pages in all parts."""
    return [address for part in parts(made, now) for address in texts(made.document(part, now), "//s:url/s:loc")]


def dates(made: Bench, now: datetime = NOW) -> dict[str, str]:
    """By part that has one: the newest change that the index tells."""
    root = tree(made.document("/sitemap.xml", now))
    return {
        str(each.findtext("s:loc", namespaces=IN)).removeprefix(BASE): str(each.findtext("s:lastmod", namespaces=IN))
        for each in root.findall("s:sitemap", IN)
        if each.find("s:lastmod", IN) is not None
    }


def test_every_page_of_every_language_is_listed_once(tmp_path: Path) -> None:
    made = bench(tmp_path, dam=yaml(published=YESTERDAY, countries=["MN"]))
    found = listed(made)
    assert len(found) == len(set(found))
    paths = {address.removeprefix(BASE) for address in found}
    assert {"/", "/mn/", "/zh-Hans/feeds/", "/about", "/feeds/country/mn.html", "/releases/2021/dam"} <= paths
    assert "/feeds/country/cn.html" not in paths
    assert "/mn/feeds/country/mn.html" not in paths


def test_every_address_listed_is_there_and_is_nobody_elses(tmp_path: Path) -> None:
    made = bench(tmp_path, "dam", "mine")
    for address in listed(made):
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
    assert releases(made.document("/sitemap-2021.xml")) == [f"{HERE}/dam"]
    assert releases(made.document("/sitemap-news.xml")) == [f"{HERE}/dam"]


def test_a_release_is_listed_at_its_second_and_not_before(tmp_path: Path) -> None:
    made = bench(tmp_path, "road", dam=yaml(published=TOMORROW))
    for path in ("/sitemap.xml", "/sitemap-2021.xml", "/sitemap-news.xml"):
        assert made.document(path).until == TOMORROW
        assert f"{HERE}/dam" not in releases(made.document(path, TOMORROW - SECOND))
        assert made.document(path, TOMORROW).last_modified == TOMORROW
    for path in ("/sitemap-2021.xml", "/sitemap-news.xml"):
        assert f"{HERE}/dam" in releases(made.document(path, TOMORROW))
    before, after = (dates(made, each)["/sitemap-2021.xml"] for each in (TOMORROW - SECOND, TOMORROW))
    assert before == "2021-06-23T20:00:00+08:00"
    assert after == "2021-06-25T20:00:00+08:00"


def test_a_scheduled_release_changes_no_byte(tmp_path: Path) -> None:
    (tmp_path / "without").mkdir()
    (tmp_path / "with").mkdir()
    without = bench(tmp_path / "without", "dam")
    scheduled = bench(*(tmp_path / "with", "dam"), later=yaml(published=TOMORROW), soon=yaml(published=NOW + 300 * DAY))
    for path in ("/sitemap.xml", "/sitemap-2021.xml", "/sitemap-news.xml", "/robots.txt"):
        ours, theirs = without.document(path), scheduled.document(path)
        assert (ours.body, ours.last_modified) == (theirs.body, theirs.last_modified)
    for path in ("/sitemap-2022.xml", "/sitemap-2021-2.xml"):
        assert without.answer(path) == scheduled.answer(path) == Missing("/sitemap.xml")


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
    versions = {"en": f"{HERE}/dam", "mn": f"{BASE}/mn/releases/2021/dam"}
    root = tree(made.document("/sitemap-2021.xml"))
    for address in versions.values():
        (url,) = root.xpath("s:url[s:loc=$address]", namespaces=IN, address=address)
        links = url.findall("x:link", IN)
        assert {link.get("hreflang"): link.get("href") for link in links} == versions


def test_the_last_change_is_the_one_readers_were_told_of(tmp_path: Path) -> None:
    made = bench(tmp_path, dam=yaml(published=NOW - 9 * DAY, updated=YESTERDAY))
    assert texts(made.document("/sitemap-2021.xml"), "//s:lastmod") == ["2021-06-23T20:00:00+08:00"]


def test_news_is_what_is_less_than_two_days_old_the_newest_first(tmp_path: Path) -> None:
    first = NOW - 2 * DAY + SECOND
    made = bench(tmp_path, "dam", old=yaml(published=NOW - 2 * DAY), first=yaml(published=first))
    document = made.document("/sitemap-news.xml")
    assert releases(document) == [f"{HERE}/dam", f"{HERE}/first"]
    assert document.until == NOW + SECOND
    assert document.last_modified == NOW, "the moment when the old one left"
    assert releases(made.document("/sitemap-news.xml", NOW + SECOND)) == [f"{HERE}/dam"]


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


def test_each_year_has_a_sitemap_the_newest_first(tmp_path: Path) -> None:
    """A year begins when it does for the newsroom, which is in Shanghai."""
    begins = datetime(2020, 12, 31, 16, tzinfo=UTC)
    made = bench(
        *(tmp_path, "dam"),
        last=yaml(published=begins - SECOND),
        first=yaml(published=begins),
        old=yaml(published="2018-05-01"),
        elsewhere=yaml(published="2019-05-01", url="https://www.example.org/there"),
    )
    assert parts(made) == [f"/sitemap-{part}.xml" for part in ("pages", "2021", "2020", "2018")]
    assert releases(made.document("/sitemap-2021.xml")) == [f"{BASE}/releases/2020/first", f"{HERE}/dam"]
    assert releases(made.document("/sitemap-2020.xml")) == [f"{BASE}/releases/2020/last"]


def test_a_year_with_too_many_releases_has_several_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemap_parts, "LARGEST", 4)
    made = bench(tmp_path, *(f"r{number}" for number in range(9)), old=yaml(published="2020-05-01"))
    of_years = ["/sitemap-2021.xml", "/sitemap-2021-2.xml", "/sitemap-2021-3.xml", "/sitemap-2020.xml"]
    assert parts(made)[1:] == of_years
    found = [releases(made.document(part)) for part in of_years]
    assert [address for part in found[:3] for address in part] == [f"{HERE}/r{number}" for number in range(9)]
    assert [len(part) for part in found] == [4, 4, 1, 1]
    seconds = [date.removeprefix("2021-06-23T20:00:0") for date in dates(made).values()]
    assert seconds == ["3+08:00", "7+08:00", "8+08:00", "2020-05-01T00:00:00+08:00"]
    assert made.answer("/sitemap-2021-4.xml") == Missing("/sitemap.xml")


def test_pages_have_parts_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = bench(tmp_path, "dam")
    whole = texts(made.document("/sitemap-pages.xml"), "//s:url/s:loc")
    monkeypatch.setattr(all_addresses, "LARGEST", 5)
    monkeypatch.setattr(sitemaps, "LARGEST", 5)
    pages = [part for part in parts(made) if "pages" in part]
    assert pages == ["/sitemap-pages.xml", *(f"/sitemap-pages-{n}.xml" for n in range(2, len(pages) + 1))]
    found = [texts(made.document(part), "//s:url/s:loc") for part in pages]
    assert [address for part in found for address in part] == whole
    assert {len(part) for part in found[:-1]} == {5}
    assert isinstance(made.answer(f"/sitemap-pages-{len(pages) + 1}.xml"), Missing)


def test_a_part_that_gets_or_loses_an_old_release_has_a_new_date(tmp_path: Path) -> None:
    """Crawlers read again what has a new date: the release's own is old."""
    made = Bench(a_newsroom(tmp_path, {"2020/road.yaml": yaml(published="2020-03-01")}))
    made.compile(now=NOW)
    assert dates(made) == {"/sitemap-2020.xml": "2020-03-01T00:00:00+08:00"}
    write(made.folder, "2020/late.yaml", yaml(published="2020-02-01"))
    made.compile(now=TOMORROW)
    assert dates(made, TOMORROW) == {"/sitemap-2020.xml": "2021-06-25T20:00:00+08:00"}
    later = TOMORROW + DAY
    withdrawn = {"date": later, "reason": "Wrong."}
    write(made.folder, "2020/late.yaml", yaml(published="2020-02-01", withdrawn=withdrawn))
    made.compile(now=TOMORROW)
    assert dates(made, TOMORROW) == {"/sitemap-2020.xml": "2021-06-25T20:00:00+08:00"}
    assert dates(made, later) == {"/sitemap-2020.xml": "2021-06-26T20:00:00+08:00"}
    assert releases(made.document("/sitemap-2020.xml", later)) == [f"{BASE}/releases/2020/road"]


def test_the_largest_document_is_within_the_protocol() -> None:
    assert sitemap_parts.LARGEST <= 50_000
    assert sitemaps.MOST_NEWS <= 1_000
    assert timedelta(days=2) == sitemaps.NEWS_DAYS


def test_an_empty_newsroom_has_pages(tmp_path: Path) -> None:
    made = bench(tmp_path)
    assert parts(made) == ["/sitemap-pages.xml"]
    assert listed(made)[0] == f"{BASE}/"
    assert len(tree(made.document("/sitemap-news.xml"))) == 0


def test_former_parts_lead_to_the_index(tmp_path: Path) -> None:
    made = bench(tmp_path, "dam")
    for path in ("/sitemap-1.xml", "/sitemap-12.xml", "/sitemap-123.xml"):
        assert made.answer(path) == Moved("/sitemap.xml")


def test_robots_may_read_everything_and_are_told_where_it_is(tmp_path: Path) -> None:
    document = bench(tmp_path, "dam").document("/robots.txt")
    parser = RobotFileParser()
    parser.parse(document.body.decode().splitlines())
    assert document.media_type == "text/plain; charset=utf-8"
    assert parser.can_fetch("anybot", f"{HERE}/dam")
    assert parser.site_maps() == [f"{BASE}/sitemap.xml", f"{BASE}/sitemap-news.xml"]


def test_the_icon_that_browsers_ask_for_unasked_is_there(tmp_path: Path) -> None:
    document = bench(tmp_path).document("/favicon.ico")
    kind, count, size, offset = struct.unpack("<2xHH8xII", document.body[:22])
    assert (document.media_type, kind, count) == ("image/x-icon", 1, 1)
    assert document.body[offset:].startswith(b"\x89PNG")
    assert len(document.body[offset:]) == size


@pytest.mark.parametrize(
    "address",
    [
        *(Sitemap("en"), Sitemap("en", "2021"), Sitemap("en", "1999", 12), Sitemap("en", NEWS), Robots("en")),
        *(Sitemap("en", PAGES), Sitemap("en", PAGES, 2)),
    ],
)
def test_an_address_for_crawlers_parses_back(address: Sitemap | Robots) -> None:
    addresses = Addresses(BASE, LANGUAGES, FACETS)
    assert addresses.parse(addresses.make(address)) == address


def test_another_spelling_leads_there_and_a_language_has_none_of_its_own(tmp_path: Path) -> None:
    made = bench(tmp_path)
    assert made.answer("/Sitemap.XML") == Moved("/sitemap.xml")
    assert made.answer("/sitemap-Pages-1.xml") == Moved("/sitemap-pages.xml")
    wrong = ("0", "", "01", "2021-0", "news-2", "2021-1-1", "other", "0999")
    for path in ("/mn/sitemap.xml", "/mn/robots.txt", *(f"/sitemap-{each}.xml" for each in wrong)):
        assert isinstance(made.answer(path), Missing), path
