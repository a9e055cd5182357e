"""The pages as HTML: valid by the W3C's checker, and with what search engines and feed readers look for in them."""

from __future__ import annotations

import json
import re
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from lxml import html

from feeds.publish.assets import assets
from tests.conftest import Program
from tests.makers import Bench, a_newsroom, yaml
from tests.publish.pages.newsroom import LANGUAGES, STILL

HERE = Path(__file__).parent
CHECKER = HERE / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
QUICKLY = ("-XX:TieredStopAtLevel=1", "-Xss8m")
"""Java compiles as for a program that ends soon. What it makes so needs more of a stack."""

FRAMED = {
    "frame": "/embed/frame/5/all.html?theme=auto",
    "card": "/embed/release/2021/rich.html",
    "withdrawn-card": "/embed/release/2021/gone.html?theme=dark",
}
"""The pages that other sites show in a frame."""

Urls = dict[tuple[str, str], str]


def text_of(url: str) -> str:
    try:
        with urlopen(url) as answer:
            return str(answer.read().decode())
    except HTTPError as answer:  # a 404 or 410, which has its page too
        with answer:
            return str(answer.read().decode())


def page(url: str) -> Any:
    return html.document_fromstring(text_of(url).encode())


def linked(tree: Any, rel: str, **attributes: str) -> list[Any]:
    wanted = "".join(f'[@{name}="{value}"]' for name, value in attributes.items())
    return list(tree.xpath(f'//head/link[@rel="{rel}"]{wanted}'))


def article(url: str) -> Any:
    (script,) = page(url).xpath("//script[not(@src)]")
    assert script.get("type") == "application/ld+json"
    return json.loads(script.text)


def test_every_page_is_valid_html(urls: Urls, french: dict[str, str], tmp_path: Path, program: Program) -> None:
    java = program("java")
    program("npm")
    if not CHECKER.exists():
        subprocess.run([HERE / "install-html-checker"], check=True)
    framed = {
        (kind, language): url.rstrip("/") + path
        for (front, language), url in urls.items()
        if front == "front"
        for kind, path in FRAMED.items()
    }
    of_another = {(kind, "french-alone"): url for kind, url in french.items()}
    for (kind, language), url in {**urls, **framed, **of_another}.items():
        (tmp_path / f"{kind}.{language}.html").write_text(text_of(url), encoding="utf-8")
    checked = subprocess.run(
        [java, *QUICKLY, "-jar", CHECKER, "--format", "json", "--stdout", tmp_path], capture_output=True, check=False
    )
    found = [
        f"{each['url']}: {each.get('lastLine')}: {each['message']}" for each in json.loads(checked.stdout)["messages"]
    ]
    # The checker knows feed://host only; feed:https://host is what lets a reader know that the address is secure.
    assert [each for each in found if "Bad value “feed:http" not in each] == []


def test_no_page_bears_anything_that_runs(urls: Urls) -> None:
    own = assets()["style.css"].body.decode()
    for kind in STILL:
        tree = page(urls[kind, "en"])
        # A release may be passed on: what copies its address is the one script of these pages.
        scripts = [assets()["share.js"].path] if kind == "release" else []
        assert tree.xpath('//script[not(@type="application/ld+json")]/@src') == scripts, kind
        assert tree.xpath('//script[not(@type="application/ld+json" or @src)] | //iframe | //object') == [], kind
        assert [each.text for each in tree.xpath("//style")] == [own], "only the style whose hash the policy names"
        assert tree.xpath("//@style | //@*[starts-with(name(), 'on')]") == [], kind
        assert tree.xpath("//a[starts-with(@href, 'javascript:')]") == [], kind


def test_a_release_is_a_news_article_to_search_engines(urls: Urls) -> None:
    url = urls["release", "en"]
    told = article(url)
    assert told["@type"] == "NewsArticle"
    assert (
        told["headline"] == "Wages & working time in 2021: what 1 < 2 years of <b>data</b> say, and </script> says not"
    )
    assert told["mainEntityOfPage"] == told["url"] == url
    assert told["datePublished"] == "2021-05-01T09:30:00+08:00"
    assert datetime.fromisoformat(told["dateModified"]) == datetime.fromisoformat("2021-05-04T10:00:00+08:00")
    assert told["inLanguage"] == "en"
    assert told["isAccessibleForFree"] is True
    assert [each["name"] for each in told["author"]] == ["Bat-Erdene Dorj", "李明"]
    assert told["publisher"]["name"] == "ILO Country Office for China and Mongolia"
    assert {"@type": "Country", "name": "Mongolia"} in told["about"]
    assert told["image"]["creditText"] == "© ILO 2021"
    assert told["correction"][0]["text"] == "An earlier version named the wrong province."
    assert told["associatedMedia"][0]["encodingFormat"] == "application/pdf"
    assert {each["inLanguage"] for each in told["workTranslation"]} == {"zh-Hans", "mn"}


def test_no_text_ends_the_script_it_stands_in(urls: Urls) -> None:
    (raw,) = re.findall(r'<script type="application/ld\+json">(.*)</script>\n', text_of(urls["release", "en"]))
    assert not set("<>&") & set(raw)


def test_a_release_has_a_card_for_those_who_share_it(urls: Urls) -> None:
    tree = page(urls["release", "en"])
    card = dict(zip(tree.xpath("//meta/@property"), tree.xpath("//meta[@property]/@content"), strict=True))
    assert card["og:type"] == "article"
    assert card["og:title"].startswith("Wages & working time")
    assert card["og:url"] == urls["release", "en"]
    assert card["og:image:alt"] == "A herder signs a form at a table in front of a ger"
    assert card["article:published_time"] == "2021-05-01T09:30:00+08:00"


def test_everything_an_editor_can_give_is_on_the_page(urls: Urls) -> None:
    text = " ".join(page(urls["release", "en"]).xpath("string(//main)").split())
    for words in (
        "Ulaanbaatar, Mongolia · 1 May 2021 · Bat-Erdene Dorj and 李明",
        "Correction, 3 May 2021: An earlier version named the wrong province.",
        "The first contracts are signed. © ILO 2021",
        "Image: © ILO 2020",
        "The whole report PDF, 1.3 MB",
        "Tables Excel",
        "Press desk Communications",
        "press@news.example.org",
        "+86 (10) 1234-5678",
        "Wages & working time in 2021: what 1 < 2 years of <b>data</b> say, and </script> says not",
        "ILO Led UN Joint Programme in Mongolia",
        "Previous: 28 April 2021",
        "Next: 7 June 2021",
    ):
        assert words in text
    assert "not-there-yet" not in text


def test_a_withdrawn_release_leaves_a_notice_and_no_article(urls: Urls) -> None:
    tree = page(urls["withdrawn", "en"])
    text = tree.xpath("string(//main)")
    assert "Withdrawn: A figure that was wrong" in text
    assert "The figure came from a draft of the report and does not hold." in text
    assert "It said too much." not in text
    assert tree.xpath("//script") == []
    assert tree.xpath('//meta[@name="robots"]/@content') == ["noindex"]


def test_the_way_from_release_to_release_leaves_out_what_was_withdrawn(urls: Urls, base: str) -> None:
    (after,) = page(urls["release", "en"]).xpath('//a[@rel="next"]/@href')
    assert after == "/releases/2021/herders-social-insurance-coverage"
    (before,) = page(base + after).xpath('//a[@rel="prev"]/@href')
    assert before == "/releases/2021/rich"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["front", "selection", "empty", "directory", "release", "about", "help"])
def test_a_page_names_its_versions_and_the_one_for_everybody_else(urls: Urls, kind: str, language: str) -> None:
    tree = page(urls[kind, language])
    found = {each.get("hreflang"): each.get("href") for each in linked(tree, "alternate") if not each.get("type")}
    versions = {tag: urls[kind, tag] for tag in LANGUAGES} | {"x-default": urls[kind, "en"]}
    assert found == ({} if kind == "empty" else versions)
    (canonical,) = linked(tree, "canonical")
    assert canonical.get("href") == urls[kind, language]


@pytest.mark.parametrize(
    ("kind", "feed"),
    [
        ("front", "/feeds/all"),
        ("selection", "/feeds/topic/social-protection"),
        ("project", "/feeds/project/score"),
        ("archive", "/feeds/all"),
        ("withdrawn", "/feeds/topic/social-protection"),
        ("missing", "/feeds/all"),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_leads_readers_to_its_own_feed_in_its_own_language_first(
    urls: Urls, kind: str, feed: str, language: str
) -> None:
    found = [each for each in linked(page(urls[kind, language]), "alternate") if "hreflang" in each.attrib]
    feeds = [each for each in found if (each.get("type") or "").endswith(("atom+xml", "rss+xml", "feed+json"))]
    home = "/".join(urls[kind, language].split("/")[:3]) + LANGUAGES[language]
    assert [each.get("href") for each in feeds[:3]] == [f"{home}{feed}.{suffix}" for suffix in ("atom", "rss", "json")]
    assert [each.get("hreflang") for each in feeds[:3]] == [language] * 3
    assert {each.get("hreflang") for each in feeds} == set(LANGUAGES)


def test_a_release_that_lives_elsewhere_says_where(tmp_path: Path) -> None:
    bench = Bench(a_newsroom(tmp_path, {"2021/2021-06-01-dam.yaml": yaml(url="https://www.example.org/dam")}))
    bench.compile()
    tree = html.document_fromstring(bench.body("/releases/2021/dam"))
    (canonical,) = linked(tree, "canonical")
    assert canonical.get("href") == "https://www.example.org/dam"
    assert tree.xpath('//main//a[@href="https://www.example.org/dam"]')


def test_headings_of_a_text_begin_below_the_title_whichever_the_editor_took(tmp_path: Path) -> None:
    body = "### First\n\nText.\n\n#### Second\n"
    bench = Bench(a_newsroom(tmp_path, {"2021/2021-06-01-dam.yaml": yaml().rstrip() + f"\nbody: {json.dumps(body)}\n"}))
    bench.compile()
    tree = html.document_fromstring(bench.body("/releases/2021/dam"))
    assert [(each.tag, each.text) for each in tree.xpath('//div[@class="text"]/*[starts-with(name(), "h")]')] == [
        ("h2", "First"),
        ("h3", "Second"),
    ]


def test_an_empty_selection_names_the_languages_that_have_something(base: str) -> None:
    tree = page(f"{base}/mn/feeds/project/universal-social-protection.html")
    assert [each.get("hreflang") for each in tree.xpath("//main//ul[preceding-sibling::p]//a[@hreflang]")] == ["en"]
    assert [each.get("hreflang") for each in tree.xpath("//main//h3/a")] == ["en"]
    assert tree.xpath('//meta[@name="robots"]/@content') == ["noindex"]


def test_a_wrong_address_is_answered_in_the_language_it_begins_with(base: str) -> None:
    tree = page(f"{base}/mn/releases/2021/nothing-here")
    assert tree.get("lang") == "mn"
    assert "nothing-here" not in text_of(f"{base}/mn/releases/2021/nothing-here")
    assert f"{LANGUAGES['mn']}/" in tree.xpath("//main//a/@href")
