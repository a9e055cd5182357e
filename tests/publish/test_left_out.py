"""`not` in an address: everything but the releases with some terms, in feeds, pages, counts and histories."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.model.selection import Selection
from feeds.publish.context import Context
from feeds.publish.document import Document, Missing
from tests.application import Served
from tests.makers import BASE, LANGUAGES, NEWSROOM, NOW, TOMORROW, Bench, a_compiled, a_newsroom, write, yaml
from tests.tools import examples

HOUR = timedelta(hours=1)
FILES = {
    "2021/2021-06-01-dam.yaml": yaml(title="The dam", published="2021-06-01", countries=["CN"], topics=["wages"]),
    "2021/2021-06-02-road.yaml": yaml(title="The road", published="2021-06-02", countries=["CN"]),
    "2021/2021-06-03-well.yaml": yaml(title="The well", published="2021-06-03", countries=["MN"], genre="news"),
    "2021/2021-06-04-wall.yaml": yaml(title="The wall", published="2021-06-04", countries=["CN", "MN"]),
}
HUB = NEWSROOM + "hub: https://hub.example.org/\n"


def titles(bench: Bench, feed: str, query: str = "") -> list[str]:
    """The last words of the titles in a feed."""
    items = json.loads(bench.document(f"/feeds/{feed}.json", NOW, query).body)["items"]
    return [item["title"].split()[-1] for item in items]


@pytest.mark.parametrize(
    ("feed", "expected"),
    [
        ("all/not/topic/wages", ["wall", "well", "road"]),
        ("all/not/country/mn", ["road", "dam"]),
        ("all/not/country/cn+mn", []),
        ("all/not/country/mn/topic/wages", ["road"]),
        ("country/cn/not/topic/wages", ["wall", "road"]),
        ("country/cn/not/country/mn", ["road", "dam"]),
        ("country/cn+mn/not/topic/wages/genre/news", ["wall", "road"]),
        ("all/not/genre/news/all-languages", ["wall", "road", "dam"]),
    ],
)
def test_releases_with_one_of_these_terms_are_left_out(tmp_path: Path, feed: str, expected: list[str]) -> None:
    bench = a_compiled(tmp_path, FILES)
    assert titles(bench, feed) == expected
    page = bench.body(f"/feeds/{feed}.html")
    listed = [each for each in ("dam", "road", "well", "wall") if f'/releases/2021/{each}"' in page]
    assert sorted(listed) == sorted(expected)


def test_words_corrections_and_counts_go_with_it(tmp_path: Path) -> None:
    corrected = {"corrections": [{"date": "2021-06-05", "note": "Not so."}]}
    more = {
        "2021/2021-06-01-dam.yaml": yaml(title="The dam", published="2021-06-01", topics=["wages"], **corrected),
        "2021/2021-06-02-road.yaml": yaml(title="The road", published="2021-06-02", **corrected),
    }
    bench = a_compiled(tmp_path, FILES | more)
    assert titles(bench, "all/not/topic/wages/corrections") == ["road"]
    assert titles(bench, "all/not/topic/wages", "q=the") == ["wall", "well", "road"]
    assert titles(bench, "all/not/topic/wages", "q=dam") == []
    assert titles(bench, "all/not/topic/wages", "count=1") == ["road"]


def test_it_says_so_in_its_title_its_id_and_its_address(tmp_path: Path) -> None:
    body = a_compiled(tmp_path, FILES).body("/feeds/country/cn/not/topic/wages.atom")
    assert "<title>Test office – China, without Wages</title>" in body
    assert "<subtitle>China, without Wages: News</subtitle>" in body
    assert "<id>tag:example.org,2020:feeds/country/cn/not/topic/wages</id>" in body
    assert f'href="{BASE}/feeds/country/cn/not/topic/wages.atom" rel="self"' in body


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/feeds/all/not/topic/wages.html", "All releases, without Wages"),
        ("/feeds/all/not/country/cn+mn.html", "All releases, without China or Mongolia"),
        ("/feeds/country/cn/not/topic/wages/genre/news/all-languages.html",
         "China, without Wages or News, in all languages"),
        ("/zh-Hans/feeds/country/cn/not/topic/wages.html", "China（不含Wages）"),
        ("/mn/feeds/all/not/topic/wages.html", "Бүх мэдээ, хассан: Wages"),
    ],
)  # fmt: skip
def test_its_page_says_so_in_the_language_of_its_readers_and_to_them_alone(
    tmp_path: Path, path: str, title: str
) -> None:
    page = a_compiled(tmp_path, FILES).body(path)
    (heading,) = re.findall(r"<h1[^>]*>(.*?)</h1>", page)
    assert re.sub(r"<[^>]+>", "", heading) == title
    (description,) = re.findall(r'<meta name="description" content="([^"]*)"', page)
    assert title in description
    assert 'name="robots" content="noindex' in page


def test_no_list_names_it_and_no_hub_pushes_it(tmp_path: Path) -> None:
    bench = a_compiled(tmp_path, FILES, newsroom=HUB)
    assert "hub.example.org" in bench.body("/feeds/country/cn.atom")
    assert "hub.example.org" not in bench.body("/feeds/country/cn/not/topic/wages.atom")
    for path, (_, body, *_) in bench.everything().items():
        assert b"/not/" not in body, path


@pytest.mark.parametrize("feed", ["country/cn/not/country/cn", "country/cn/not/country/china+mn"])
def test_who_leaves_out_all_that_he_asks_for_is_led_to_what_he_asks_for(tmp_path: Path, feed: str) -> None:
    bench = a_compiled(tmp_path, FILES)
    for form in ("atom", "html"):
        assert bench.answer(f"/feeds/{feed}.{form}") == Missing("/feeds/country/cn.html")
    client = Served(bench.folder, NOW).client
    answer = client.get(f"/feeds/{feed}.html")
    assert answer.status_code == 404
    assert 'href="/feeds/country/cn.html"' in answer.get_data(as_text=True)


def test_headlines_and_lists_of_one_feed_leave_out_too(tmp_path: Path) -> None:
    bench = a_compiled(tmp_path, FILES)
    frame = bench.body("/embed/frame/5/country/cn/not/topic/wages.html")
    assert "The road" in frame
    assert "The dam" not in frame
    outline = bench.body("/feeds/country/cn/not/topic/wages.opml")
    assert f'xmlUrl="{BASE}/feeds/country/cn/not/topic/wages.atom"' in outline


# -- as time goes by ------------------------------------------------------------------------------------------------


def test_a_release_that_gets_the_term_goes_and_one_that_loses_it_comes_and_everybody_is_told(tmp_path: Path) -> None:
    folder = a_newsroom(tmp_path, FILES)
    served = Served(folder, NOW)
    path = "/feeds/all/not/topic/wages.atom"
    before = served.client.get(path)
    write(folder, "2021/2021-06-02-road.yaml", yaml(title="The road", published="2021-06-02", topics=["wages"]))
    write(folder, "2021/2021-06-01-dam.yaml", yaml(title="The dam", published="2021-06-01"))
    served.newsroom.compile()
    served.clock.wait(5)
    for condition in ("ETag", "Last-Modified"):
        field = "If-None-Match" if condition == "ETag" else "If-Modified-Since"
        after = served.client.get(path, headers={field: before.headers[condition]})
        assert after.status_code == 200, condition
    text = after.get_data(as_text=True)
    assert "The dam" in text
    assert "The road" not in text


def test_a_scheduled_release_makes_no_difference_before_its_moment(tmp_path: Path) -> None:
    secret = {
        "2021/2021-06-25-secret.yaml": yaml(title="Secret", published=TOMORROW, countries=["CN"], topics=["wages"])
    }
    one, other = (a_compiled(tmp_path / name, FILES | more) for name, more in (("one", {}), ("other", secret)))
    for feed in ("all/not/topic/wages", "country/cn/not/topic/wages", "all/not/country/cn", "all/not/genre/news"):
        for form in ("atom", "html"):
            found = [bench.document(f"/feeds/{feed}.{form}") for bench in (one, other)]
            assert [(each.body, each.last_modified) for each in found[:1]] == [
                (each.body, each.last_modified) for each in found[1:]
            ]


TERMS: Mapping[str, list[Any]] = {
    "countries": [[], ["CN"], ["MN"], ["CN", "MN"]],
    "topics": [[], ["wages"]],
    "genre": [None, "news"],
}


@st.composite
def histories(draw: st.DrawFn) -> list[dict[str, str | None]]:
    """What is written or deleted from one compile to the next."""

    def files() -> Iterator[tuple[str, str | None]]:
        for _ in range(draw(st.integers(1, 4))):
            number = draw(st.integers(0, 11))
            published = NOW - draw(st.integers(-3, 60)) * HOUR
            fields: dict[str, Any] = {name: draw(st.sampled_from(values)) for name, values in TERMS.items()}
            if draw(st.integers(0, 3)) == 0:
                fields["corrections"] = [{"date": published + HOUR, "note": "Not so.", "major": True}]
            given = {name: value for name, value in fields.items() if value}
            text = yaml(title=f"Number {number}", published=published, **given)
            yield f"2021/2021-05-01-n{number}.yaml", None if draw(st.integers(0, 5)) == 0 else text

    return [dict(files()) for _ in range(draw(st.integers(1, 5)))]


SELECTIONS = [
    Selection.of("en", {}, without={"topic": ["wages"]}),
    Selection.of("en", {"country": ["cn"]}, without={"topic": ["wages"]}),
    Selection.of("en", {"country": ["cn", "mn"]}, without={"topic": ["wages"], "genre": ["news"]}),
    Selection.of("en", {}, without={"country": ["cn", "mn"]}, in_all_languages=True),
    Selection.of("en", {"country": ["cn"]}, without={"country": ["mn"]}, corrections=True),
]


@given(history=histories(), entries=st.integers(1, 3))
@examples(40)
def test_whatever_is_changed_the_history_is_that_of_the_selection_without_what_is_left_out(
    history: list[dict[str, str | None]], entries: int
) -> None:
    with TemporaryDirectory() as path:
        bench = Bench(a_newsroom(Path(path)), entries=entries)
        for step in history:
            for name, text in step.items():
                if text is None:
                    (bench.folder / "releases" / name).unlink(missing_ok=True)
                else:
                    write(bench.folder, name, text)
            bench.compile(now=NOW)
            _compare(bench, entries)


def _compare(bench: Bench, entries: int) -> None:
    with bench.catalogue.reading() as snapshot:
        context = Context.of(snapshot, NOW, bench.settings)
        for selection in SELECTIONS:
            whole = Selection(
                selection.language, selection.terms, selection.corrections, (), selection.in_all_languages
            )
            left_out = dict(selection.without)
            last = context.archives(selection)
            assert last == context.archives(whole)
            seen: set[int] = set()
            for number in range(last, -1, -1):
                page, full = (snapshot.pages.of(each, NOW, number, entries) for each in (selection, whole))
                assert page is not None
                assert full is not None
                kept = [each for each in full.editions if _has_none(snapshot, each, left_out)]
                if number:
                    assert list(page.editions) == kept
                else:
                    assert list(page.editions)[: len(kept)] == kept
                seen |= set(page.editions)
            counted = snapshot.counts.of(selection, NOW)
            assert len(seen) == (counted.releases if counted else 0)
            assert context.has_releases(selection) == bool(seen)
            live = snapshot.pages.of(selection, NOW, 0, entries)
            assert live
            assert len(live.editions) >= min(entries, len(seen))


def _has_none(snapshot: Any, edition: int, left_out: Mapping[str, tuple[str, ...]]) -> bool:
    (found,) = snapshot.releases.of([edition])
    return not any(slug in left_out.get(facet, ()) for facet, slugs in found.release.terms for slug in slugs)


def test_what_is_nearly_everything_leaves_a_live_feed_as_full_as_any(tmp_path: Path) -> None:
    files = {
        f"2021/2021-05-01-n{n:02}.yaml": yaml(
            title=f"Number {n}", published=NOW - (60 - n) * HOUR, topics=["wages"] if n % 20 else []
        )
        for n in range(60)
    }
    bench = Bench(a_newsroom(tmp_path, files), entries=2)
    bench.compile(now=NOW)
    assert titles(bench, "all/not/topic/wages") == ["40", "20"]
    assert titles(bench, "all/not/topic/wages", "count=3") == ["40", "20", "0"]
    assert isinstance(bench.answer("/feeds/all/not/topic/wages/archive/3.atom"), Document)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_feed_links_to_its_twins_where_they_hold_something(tmp_path: Path, language: str) -> None:
    files = FILES | {"2021/2021-06-01-dam.mn.yaml": "title: Далан\nsummary: Хураангуй.\n"}
    bench = a_compiled(tmp_path, files)
    lead = "" if language == "en" else f"/{language}"
    for feed, twins in (("all/not/genre/news", {"en", "mn"}), ("all/not/topic/wages", {"en"})):
        body = bench.body(f"{lead}/feeds/{feed}.atom").partition("<entry")[0]
        expected = twins if language in twins else {language}  # the link to its page says its own
        assert set(re.findall(r'hreflang="([^"]+)"', body)) == expected
