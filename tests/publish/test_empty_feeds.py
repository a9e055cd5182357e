"""A feed without a release answers, and nothing leads to it; with its first release everything does, at once."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree, html

from feeds.model.formats import FORMATS, SYNDICATED
from tests.application import Served
from tests.makers import BASE, DAY, LANGUAGES, NOW, TOMORROW, a_newsroom, yaml

DAM = {
    "2021/2021-06-01-dam.yaml": yaml(published="2021-06-01", countries=["CN"], topics=["wages"], projects=["score"]),
    "2021/2021-06-01-dam.mn.yaml": "title: Далан\nsummary: Далан.\npublished: 2021-06-02\n",
    "2021/2021-06-03-road.yaml": yaml(published="2021-06-03", countries=["MN"], genre="news"),
}
LATE = {"2021/2021-06-03-road.zh-Hans.yaml": f"title: 路\nsummary: 路。\npublished: {TOMORROW.isoformat()}\n"}
EVERYTHING = {f"/feeds/all.{form.suffix}" for form in SYNDICATED}
ATOM = "{http://www.w3.org/2005/Atom}"
LEADS = {"en": "", "zh-Hans": "/zh-Hans", "mn": "/mn"}


class Crawler:
    """Follows every link of every kind from the front page: in pages, feeds, lists, and header fields."""

    def __init__(self, served: Served) -> None:
        self._served = served
        self.found: dict[str, bytes] = {}
        """What stands at every path, without queries."""

    def crawl(self, *starts: str) -> Crawler:
        waiting = list(starts)
        while waiting:
            path = waiting.pop()
            if path in self.found:
                continue
            response = self._served.client.get(path)
            self.found[path] = response.get_data()
            assert response.status_code in (200, 307, 308, 410), f"{path}: {response.status}"
            links = [*_links(path, response.mimetype, self.found[path]), response.headers.get("Location", "")]
            links += re.findall(r"<([^>]*)>", response.headers.get("Link", ""))
            waiting += {urlsplit(urljoin(BASE + path, link)).path for link in links if _is_ours(path, link)}
        return self

    def feeds(self) -> dict[str, bytes]:
        """The feeds for programs."""
        return {path: body for path, body in self.found.items() if path.endswith((".atom", ".rss", ".json"))}


def _is_ours(path: str, link: str) -> bool:
    parts = urlsplit(urljoin(BASE + path, link))
    return bool(link) and parts.netloc == urlsplit(BASE).netloc and not parts.query


def _links(path: str, media_type: str | None, body: bytes) -> Iterator[str]:
    if media_type == "text/html":
        for element in html.fromstring(body).iter():
            yield from (element.get(name, "") for name in ("href", "src"))
    elif path.endswith(".json"):
        feed = json.loads(body)
        yield from (feed["home_page_url"], *(each["href"] for each in feed["_newsroom"].get("links", ())))
    elif str(media_type).endswith("xml"):
        for element in etree.fromstring(body).iter():
            yield from (element.get(name, "") for name in ("href", "url", "xmlUrl", "htmlUrl"))
            yield element.text if str(element.tag).endswith(("}loc", "link")) and element.text else ""


def holds_a_release(body: bytes) -> bool:
    return bool(re.search(rb'<(?:entry|item)[ >]|"items":\[\{', body))


def crawled(path: Path, files: Mapping[str, str]) -> Crawler:
    return Crawler(Served(a_newsroom(path, files), NOW)).crawl("/", "/sitemap.xml")


def test_no_way_leads_to_a_feed_without_a_release(tmp_path: Path) -> None:
    found = crawled(tmp_path, DAM)
    empty = [path for path, body in found.feeds().items() if not holds_a_release(body)]
    assert empty == []
    assert {"/feeds/all.atom", "/mn/feeds/topic/wages.rss", "/feeds/country/mn.json"} <= found.feeds().keys()
    of_zh = {path for path in found.found if path.startswith("/zh-Hans/feeds/")}
    assert of_zh == {"/zh-Hans/feeds/", *(f"/zh-Hans/feeds/all-languages.{form.suffix}" for form in FORMATS)}
    assert {"/zh-Hans/", "/zh-Hans/feeds/", "/zh-Hans/about", "/zh-Hans/embed/"} <= found.found.keys()


def test_nor_to_the_page_of_one(tmp_path: Path) -> None:
    found = crawled(tmp_path, DAM)
    pages = [path for path in found.found if "/feeds/" in path and path.endswith(".html")]
    assert "/mn/feeds/country/cn.html" in pages
    assert [path for path in pages if b'class="headlines"' not in found.found[path]] == []


@pytest.mark.parametrize("lead", LEADS.values())
@pytest.mark.parametrize("chosen", ["all", "corrections", "country/mn", "topic/wages", "genre/report", "country/cn+mn"])
def test_it_answers_all_the_same(tmp_path: Path, lead: str, chosen: str) -> None:
    served = Served(a_newsroom(tmp_path, DAM), NOW)
    for suffix in ("atom", "rss", "json", "html", "opml"):
        assert served.status(f"{lead}/feeds/{chosen}.{suffix}") == 200
    page = served.text(f"{lead}/feeds/{chosen}.html")
    if not holds_a_release(served.text(f"{lead}/feeds/{chosen}.atom").encode()):
        assert f'href="{lead}/feeds/{chosen}.' not in page
        assert f"{BASE}{lead}/feeds/{chosen}.atom" not in page
        assert '<meta name="robots" content="noindex">' in page


def test_a_newsroom_without_any_release_offers_the_feed_of_everything_in_its_main_language(tmp_path: Path) -> None:
    found = crawled(tmp_path, {})
    assert found.feeds().keys() == EVERYTHING
    assert b"Follow it, and the first release will reach you." in found.found["/"]


def languages_named(served: Served, chosen: str, language: str) -> set[frozenset[str]]:
    """The other languages that each document about a selection names: its feeds, its page, and their header fields."""
    found = set()
    for suffix in ("atom", "rss", "json", "html"):
        response = served.client.get(f"{LEADS[language]}/feeds/{chosen}.{suffix}")
        for named in (
            _named(suffix, response.get_data()),
            re.findall(r'hreflang="([^"]+)"', response.headers.get("Link", "")),
        ):
            found.add(frozenset({*named} - {language, "x-default"}))
    return found


def _named(suffix: str, body: bytes) -> list[str]:
    if suffix == "json":
        return [each["hreflang"] for each in json.loads(body)["_newsroom"].get("links", ()) if "hreflang" in each]
    if suffix == "html":
        return list(map(str, html.fromstring(body).xpath('//link[@rel="alternate"][not(@type)]/@hreflang')))
    links = etree.fromstring(body).xpath('//*[local-name()="link"][@hreflang][not(ancestor::item)]')
    return [each.get("hreflang") for each in links if each.getparent().tag != f"{ATOM}entry"]


@pytest.mark.parametrize(
    ("chosen", "languages"),
    [
        ("all", {"en", "mn"}),
        ("country/cn", {"en", "mn"}),
        ("topic/wages", {"en", "mn"}),
        ("country/cn/topic/wages", {"en", "mn"}),
        ("country/cn+mn", {"en", "mn"}),
        ("country/mn", {"en"}),
        ("genre/news", {"en"}),
        ("genre/report", set()),
        ("corrections", set()),
    ],
)
def test_exactly_the_languages_with_releases_name_one_another(tmp_path: Path, chosen: str, languages: set[str]) -> None:
    served = Served(a_newsroom(tmp_path, DAM), NOW)
    for language in LANGUAGES:
        others = frozenset(languages - {language}) if language in languages else frozenset()
        assert languages_named(served, chosen, language) == {others}


def test_a_twin_is_named_from_the_moment_of_its_first_release_and_not_before(tmp_path: Path) -> None:
    served = Served(a_newsroom(tmp_path, DAM | LATE), NOW)
    plain = Served(a_newsroom(tmp_path / "plain", DAM), NOW)
    for now, others in ((NOW, {"mn"}), (TOMORROW - timedelta(microseconds=1), {"mn"}), (TOMORROW, {"mn", "zh-Hans"})):
        served.clock.now = plain.clock.now = now
        assert languages_named(served, "all", "en") == {frozenset(others)}
        ours, theirs = (Crawler(each).crawl("/", "/sitemap.xml") for each in (served, plain))
        assert (ours.found == theirs.found) == (now < TOMORROW)
    assert "/zh-Hans/feeds/country/mn.atom" in ours.feeds()
    assert all(map(holds_a_release, ours.feeds().values()))


def test_the_date_of_a_feed_is_that_of_its_links_too(tmp_path: Path) -> None:
    served = Served(a_newsroom(tmp_path, DAM | LATE), NOW)
    for path in ("/feeds/all.atom", "/mn/feeds/all.rss", "/feeds/country/mn.json", "/mn/feeds/topic/wages.json"):
        served.clock.now = NOW
        before = served.client.get(path)
        served.clock.now = TOMORROW
        date = {"If-Modified-Since": before.headers["Last-Modified"]}
        after = served.client.get(path, headers=date)
        changed = before.get_data() != served.client.get(path).get_data()
        assert after.status_code == (200 if changed else 304), path
        assert changed == ("wages" not in path)


@st.composite
def newsrooms(draw: st.DrawFn) -> dict[str, str]:
    """Files of releases in any of the languages, now and later, corrected and withdrawn."""
    files = {}
    for number, name in enumerate(
        draw(st.lists(st.sampled_from(["dam", "dam.mn", "road", "road.zh-Hans"]), unique=True))
    ):
        at = draw(st.sampled_from([NOW - 3 * DAY, TOMORROW])) + timedelta(minutes=number)
        fields: dict[str, object] = {
            "countries": [draw(st.sampled_from(["CN", "MN"]))],
            "topics": [draw(st.sampled_from(["wages", "corrections"]))],
        }
        if draw(st.booleans()):
            fields["corrections"] = [{"date": at + DAY / 2, "note": "It is longer."}]
        if draw(st.booleans()):
            fields["withdrawn"] = {"date": at + DAY, "reason": "Wrong."}
        files[f"2021/2021-06-01-{name}.yaml"] = yaml(title=f"About {name}", published=at, **fields)
    return files


@pytest.mark.slow
@settings(max_examples=5, suppress_health_check=[HealthCheck.too_slow])
@given(newsrooms())
def test_whatever_is_published_no_way_leads_to_a_feed_without_a_release(files: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as path:
        served = Served(a_newsroom(Path(path), files), NOW)
        for now in (NOW, TOMORROW + DAY / 2, TOMORROW + 2 * DAY):
            served.clock.now = now
            feeds = Crawler(served).crawl("/").feeds()
            empty = {path for path, body in feeds.items() if not holds_a_release(body)}
            assert empty == (set() if any(map(holds_a_release, feeds.values())) else EVERYTHING)


def test_a_retired_feed_names_no_other_language_without_releases(tmp_path: Path) -> None:
    topics = "wages: {labels: {en: Wages}, retired: {date: 2021-06-20}}\n"
    served = Served(a_newsroom(tmp_path, DAM, topics=topics), NOW)
    assert languages_named(served, "topic/wages", "en") == {frozenset({"mn"})}
    assert languages_named(served, "topic/wages", "zh-Hans") == {frozenset()}
