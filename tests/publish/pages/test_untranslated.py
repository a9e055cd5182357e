"""Releases that have no translation stand in every language's lists, in their own language, and say so themselves."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

from lxml import html

from tests.makers import NOW, Bench, a_newsroom, write, yaml

FILES = {
    "2021-06-01-dam.yaml": yaml(title="The dam", published="2021-06-01", countries=["MN"], topics=["wages"]),
    "2021-06-01-dam.mn.yaml": yaml(title="Далан", published="2021-06-01"),
    "2021-06-02-road.yaml": yaml(title="The road", published="2021-06-02", countries=["MN"]),
    "2021-06-02-road.zh-Hans.yaml": yaml(title="公路", published="2021-06-02"),
    "2021-06-03-port.yaml": yaml(title="港口", published="2021-06-03", language="zh-Hans", topics=["wages"]),
    "2021-06-04-gone.yaml": yaml(title="Gone", published="2021-06-04", withdrawn={"date": "2021-06-05", "reason": "x"}),
    "2021-07-04-later.yaml": yaml(title="Later", published="2021-07-04"),
}


def a_bench(path: Path, files: dict[str, str] = FILES, entries: int = 30) -> Bench:
    bench = Bench(a_newsroom(path, files), entries=entries)
    bench.compile()
    assert bench.problems() == []
    return bench


def listed(bench: Bench, path: str) -> list[tuple[str, str]]:
    """Language and title of each release on a page; the language is empty if it is the page's."""
    root = html.fromstring(bench.body(path))
    links = root.xpath("//main//*[self::h2 or self::h3]/a[contains(@href, '/releases/')]")
    return [(link.get("lang") or "", link.text_content()) for link in links]


def test_each_language_lists_its_own_releases_and_those_that_exist_in_others_only(tmp_path: Path) -> None:
    bench = a_bench(tmp_path)
    everything = {
        "/": [("", "Withdrawn: Gone"), ("zh-Hans", "港口"), ("", "The road"), ("", "The dam")],
        "/mn/": [("zh-Hans", "港口"), ("en", "The road"), ("", "Далан")],
        "/zh-Hans/": [("", "港口"), ("", "公路"), ("en", "The dam")],
    }
    assert {path: listed(bench, f"{path}feeds/all.html") for path in everything} == everything
    for path, releases in everything.items():
        lead = next(release for release in releases if not release[0] and "Withdrawn" not in release[1])
        assert listed(bench, path) == [lead, *(each for each in releases if each != lead)]


def test_the_page_of_a_term_lists_only_what_has_the_term(tmp_path: Path) -> None:
    bench = a_bench(tmp_path)
    assert listed(bench, "/mn/feeds/topic/wages.html") == [("zh-Hans", "港口"), ("", "Далан")]
    assert listed(bench, "/mn/feeds/country/mn/topic/wages.html") == [("", "Далан")]
    assert listed(bench, "/zh-Hans/feeds/country/mn.html") == [("", "公路"), ("en", "The dam")]
    assert listed(bench, "/zh-Hans/feeds/corrections.html") == []


def test_the_count_and_the_list_agree(tmp_path: Path) -> None:
    bench = a_bench(tmp_path)
    for path, told in {
        "/feeds/all.html": ("3 releases, the newest of 4 June 2021.", "The list has 1 more, in another language only."),
        "/mn/feeds/all.html": (
            "1 мэдээ, огноо: 2021 оны зургаадугаар сарын 1.",
            "Жагсаалтад зөвхөн бусад хэлээр гарсан 2 мэдээ нэмж орсон.",
        ),
        "/zh-Hans/feeds/all.html": (
            "2篇新闻稿，最新一篇发布于2021年6月3日。",
            "列表中另有1篇仅以其他语言发布。",
        ),
    }.items():
        texts = html.fromstring(bench.body(path)).xpath("//h1/following-sibling::p[@class='quiet']/text()")
        assert [" ".join(each.split()) for each in texts] == [*told]
        assert sum(int(re.findall(r"\d+", each)[0]) for each in told) == len(listed(bench, path))
    for path in ("/feeds/all-languages.html", "/feeds/country/mn.html"):
        assert "The list has" not in bench.body(path)


def test_the_link_leads_to_the_release_and_says_its_language(tmp_path: Path) -> None:
    bench = a_bench(tmp_path)
    root = html.fromstring(bench.body("/mn/feeds/all.html"))
    (item,) = [each for each in root.xpath("//ol[@class='headlines']/li") if "The road" in each.text_content()]
    (link,) = item.xpath("h3/a")
    assert dict(link.attrib) == {"href": "/releases/2021/road", "hreflang": "en", "lang": "en", "dir": "auto"}
    (mark,) = item.xpath("span")
    assert (mark.get("lang"), mark.text) == ("en", "English")
    assert item.xpath("p/bdi")[0].get("lang") == "en"
    assert " ".join(item.xpath("time")[0].text_content().split()) == "2021 оны зургаадугаар сарын 2"
    assert [each.get("href") for each in item.xpath("ul//a")] == ["/mn/feeds/country/mn.html"]


def test_feeds_stay_in_one_language(tmp_path: Path) -> None:
    bench = a_bench(tmp_path)
    for suffix in ("atom", "rss", "json"):
        assert "The road" not in bench.body(f"/mn/feeds/all.{suffix}")


def test_a_page_without_releases_of_its_own_shows_the_others(tmp_path: Path) -> None:
    bench = a_bench(tmp_path, {"2021-06-01-dam.yaml": yaml(title="The dam", published="2021-06-01", topics=["wages"])})
    page = bench.body("/mn/feeds/topic/wages.html")
    assert listed(bench, "/mn/feeds/topic/wages.html") == [("en", "The dam")]
    assert "Энд одоогоор юу ч нийтлээгүй байна." not in page
    assert 'href="/feeds/topic/wages.html" hreflang="en"' in page
    assert '<meta name="robots" content="noindex">' in page


def test_older_ones_wait_for_the_page_of_their_time_and_there_are_never_too_many(tmp_path: Path) -> None:
    start = NOW - timedelta(days=40)
    files = {}
    for number in range(12):
        day = start + timedelta(days=number)
        files[f"{day:%Y-%m-%d}-own-{number}.yaml"] = yaml(title=f"own {number}", published=day)
        other = yaml(title=f"other {number}", published=day + timedelta(hours=1), language="mn")
        files[f"{day:%Y-%m-%d}-other-{number}.yaml"] = other
    bench = a_bench(tmp_path, files, entries=3)
    shown = listed(bench, "/")
    own = [int(title.split()[1]) for language, title in shown if not language]
    others = [int(title.split()[1]) for language, title in shown if language]
    assert own == [11, 10, 9]
    assert others == [11, 10, 9]
    assert all(not language for language, _ in listed(bench, "/feeds/all/archive/1.html"))


def test_what_is_scheduled_is_not_listed_and_a_translation_ends_it(tmp_path: Path) -> None:
    bench = a_bench(tmp_path)
    assert "Later" not in bench.body("/mn/")
    write(bench.folder, "2021-06-02-road.mn.yaml", yaml(title="Зам", published="2021-06-02"))
    bench.compile()
    assert ("", "Зам") in listed(bench, "/mn/")
    assert ("en", "The road") not in listed(bench, "/mn/")


def test_a_release_says_in_which_languages_it_is_not(tmp_path: Path) -> None:
    bench = a_bench(tmp_path)
    menu = html.fromstring(bench.body("/releases/2021/road")).xpath("//nav[@class='languages']//a")
    assert [(each.get("href"), each.text) for each in menu] == [
        ("https://news.example.org/releases/2021/road", "English"),
        ("https://news.example.org/zh-Hans/releases/2021/road", "中文 (简体)"),
        ("/mn/", "Монгол (нүүр хуудас)"),
    ]
    assert "This release has no translation." not in bench.body("/releases/2021/road")
    assert "本新闻稿没有其他语言版本。" in bench.body("/zh-Hans/releases/2021/port")
    assert "English（" not in bench.body("/zh-Hans/releases/2021/port")
