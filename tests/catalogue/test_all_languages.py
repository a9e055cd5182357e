"""Feeds of all languages: every story once, in the language it was written in, at a place that never moves."""

from __future__ import annotations

import json
import re
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.catalogue import CatalogueFile
from feeds.database import connect
from feeds.publish.document import Document, Moved
from tests.makers import DAY, LANGUAGES, NEWSROOM, NOW, Bench, a_newsroom, write, yaml
from tests.tools import examples

HOUR = timedelta(hours=1)
BEGINNING = NOW - 100 * DAY
MIXED = "/feeds/all-languages"


def original(number: int, language: str = "en", /, **fields: Any) -> dict[str, str]:
    """A story of its day, by the name of its file."""
    given: dict[str, Any] = {"title": f"Story {number}", "published": BEGINNING + number * DAY, "language": language}
    return {f"2021/2021-05-01-story-{number}.yaml": yaml(**(given | fields))}


def translation(number: int, language: str, /, **fields: Any) -> dict[str, str]:
    given: dict[str, Any] = {"title": f"Story {number} in {language}", "published": BEGINNING + number * DAY}
    return {f"2021/2021-05-01-story-{number}.{language}.yaml": yaml(**(given | fields))}


STORIES = {
    **original(0, countries=["CN"], topics=["wages"]),
    **original(1, "mn", countries=["MN"]),
    **translation(1, "en"),
    **original(2, "zh-Hans", countries=["CN", "MN"]),
    **original(3, "en", countries=["CN"]),
    **translation(3, "mn"),
    **translation(3, "zh-Hans"),
}


def newsroom(path: Path, files: dict[str, str], *, entries: int = 3, **top: str) -> Bench:
    bench = Bench(a_newsroom(path, files, **top), entries=entries)
    bench.compile(now=NOW)
    return bench


def save(bench: Bench, files: dict[str, str], now: datetime) -> None:
    for name, text in files.items():
        write(bench.folder, name, text)
    bench.compile(now=now)


def items(bench: Bench, now: datetime = NOW, path: str = MIXED, query: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(bench.document(f"{path}.json", now, query).body)["items"]
    return found


def titles(bench: Bench, now: datetime = NOW, path: str = MIXED, query: str = "") -> list[str]:
    return [item["title"] for item in items(bench, now, path, query)]


def archives(bench: Bench, now: datetime) -> dict[str, bytes]:
    """The closed pages of all releases, in every language and in all of them, by path."""
    found = {}
    for lead in ("/feeds/all", "/mn/feeds/all", MIXED, "/feeds/country/cn/all-languages"):
        number = 1
        while isinstance(answer := bench.answer(f"{lead}/archive/{number}.atom", now), Document):
            found[f"{lead} {number}"] = answer.body
            number += 1
    return found


def test_every_story_stands_once_in_the_language_it_was_written_in(tmp_path: Path) -> None:
    bench = newsroom(tmp_path, STORIES)
    found = [(item["title"], item["language"]) for item in items(bench)]
    assert found == [("Story 3", "en"), ("Story 2", "zh-Hans"), ("Story 1", "mn"), ("Story 0", "en")]
    linked = [link["hreflang"] for link in items(bench)[0]["_newsroom"]["links"] if link["rel"] == "alternate"]
    assert linked == ["mn", "zh-Hans"]


def test_each_format_says_the_language_of_each_release(tmp_path: Path) -> None:
    bench = newsroom(tmp_path, STORIES)
    expected = ["en", "zh-Hans", "mn", "en"]
    rss = feedparser.parse(bench.body(f"{MIXED}.rss"))
    assert not rss.bozo
    assert [entry.language for entry in rss.entries] == expected
    atom = feedparser.parse(bench.body(f"{MIXED}.atom"))
    assert not atom.bozo
    assert [entry.title_detail.language.lower() for entry in atom.entries] == [each.lower() for each in expected]
    assert [entry.title for entry in rss.entries] == [entry.title for entry in atom.entries] == titles(bench)
    for suffix in ("atom", "rss", "json"):
        assert bench.document(f"{MIXED}.{suffix}").language is None


def test_its_head_is_in_the_language_of_its_address(tmp_path: Path) -> None:
    bench = newsroom(tmp_path, STORIES)
    heads = [json.loads(bench.body(f"{lead}{MIXED}.json")) for lead in ("", "/mn", "/zh-Hans")]
    assert [head["title"] for head in heads] == [
        "Test office – All releases, in all languages",
        "Туршилтын товчоо – Бүх мэдээ, бүх хэлээр",
        "测试局 – 全部新闻稿（所有语言）",
    ]
    assert heads[0]["items"] == heads[1]["items"] == heads[2]["items"]
    assert len({head["_newsroom"]["id"] for head in heads}) == 3


@pytest.mark.parametrize(
    ("path", "query", "expected"),
    [
        ("/feeds/country/cn/all-languages", "", [3, 2, 0]),
        ("/feeds/country/mn/all-languages", "", [2, 1]),
        ("/feeds/country/cn/topic/wages/all-languages", "", [0]),
        ("/mn/feeds/country/cn+mn/all-languages", "", [3, 2, 1, 0]),
        (MIXED, "q=2", [2]),
        ("/feeds/country/mn/all-languages", "q=story", [2, 1]),
    ],
)
def test_it_can_be_asked_by_anything(tmp_path: Path, path: str, query: str, expected: list[int]) -> None:
    bench = newsroom(tmp_path, STORIES)
    assert titles(bench, NOW, path, query) == [f"Story {number}" for number in expected]


def test_corrections_in_all_languages(tmp_path: Path) -> None:
    note = {"corrections": [{"date": NOW - HOUR, "note": "Not so."}]}
    files = STORIES | original(1, "mn", **note) | translation(3, "mn", **note)
    bench = newsroom(tmp_path, files)
    assert titles(bench, NOW, "/feeds/corrections/all-languages") == ["Story 1"]
    assert titles(bench)[0] == "Story 1"


def test_a_translation_stands_for_an_original_that_nobody_sees(tmp_path: Path) -> None:
    draft = original(3, draft=True)
    shown = translation(3, "mn", draft=False) | translation(3, "zh-Hans", draft=False)
    bench = newsroom(tmp_path, STORIES | draft | shown)
    assert titles(bench)[0] == "Story 3 in zh-Hans"  # the first of the newsroom's languages that it has
    assert "Story 3 in mn" not in titles(bench)
    before = bench.document(f"{MIXED}.atom")
    save(bench, original(3), NOW + HOUR)
    after = bench.document(f"{MIXED}.atom", NOW + HOUR)
    assert titles(bench, NOW + HOUR) == ["Story 3", "Story 2", "Story 1", "Story 0"]
    assert after.last_modified > before.last_modified


def test_what_is_older_than_something_told_in_another_language_is_announced_when_it_comes(tmp_path: Path) -> None:
    bench = newsroom(tmp_path, STORIES)
    late = original(9, "mn", title="Late", published=BEGINNING + 2 * DAY + HOUR)
    save(bench, late, NOW + HOUR)
    assert titles(bench, NOW + HOUR)[0] == "Late"
    (problem,) = bench.problems()
    found = re.search(r"write “(announced: [^”]*)”", problem)
    assert found
    save(bench, {name: f"{text}{found[1]}\n" for name, text in late.items()}, NOW + 2 * HOUR)
    assert bench.problems() == []
    other = Bench(bench.folder, entries=3, location=tmp_path / "other")
    other.compile(now=NOW + 3 * HOUR)
    assert {path: each[1] for path, each in other.everything(NOW + 3 * HOUR).items()} == {
        path: each[1] for path, each in bench.everything(NOW + 3 * HOUR).items()
    }


def test_a_late_translation_is_no_news_in_all_languages(tmp_path: Path) -> None:
    bench = newsroom(tmp_path, STORIES)
    before = titles(bench)
    save(bench, translation(0, "mn"), NOW + HOUR)
    assert titles(bench, NOW + HOUR) == before
    assert titles(bench, NOW + HOUR, "/mn/feeds/all")[0] == "Story 0 in mn"


def test_two_originals_of_one_moment_are_told_of_in_any_languages(tmp_path: Path) -> None:
    bench = newsroom(tmp_path, STORIES | original(7, "mn", published=BEGINNING + 3 * DAY))
    (problem,) = bench.problems()
    assert "story-7.yaml: warning: published: published at the same moment as data/" in problem


def test_in_one_language_there_is_only_that_one(tmp_path: Path) -> None:
    newsroom_ = NEWSROOM.replace("languages: [en, zh-Hans, mn]\n", "languages: [en]\n")
    bench = newsroom(tmp_path, original(0) | original(1), newsroom=newsroom_)
    assert bench.answer(f"{MIXED}.atom") == Moved("/feeds/all.atom")
    assert bench.answer("/feeds/country/cn/all-languages.rss") == Moved("/feeds/country/cn.rss")
    assert "all-languages" not in "".join(body.decode() for _, body, *_ in bench.everything().values())


def forget_feeds_of_all_languages(location: CatalogueFile) -> None:
    """Makes the memory as it was before there were feeds of all languages."""
    with closing(connect(location.memory)) as memory:
        memory.execute("DELETE FROM places WHERE language = '*'")
        memory.execute("DELETE FROM facts WHERE name = 'feeds_of_all_languages'")
        memory.commit()


def test_what_readers_were_told_before_there_were_such_feeds_keeps_its_order(tmp_path: Path) -> None:
    bench = newsroom(tmp_path, STORIES, entries=1)
    save(bench, original(9, "en", title="Late", published=BEGINNING), NOW + HOUR)
    before = archives(bench, NOW + HOUR)
    assert titles(bench, NOW + HOUR)[0] == "Late"
    forget_feeds_of_all_languages(bench.location)
    bench.location.path.unlink()
    bench.compile(now=NOW + 2 * HOUR)
    assert archives(bench, NOW + 2 * HOUR) == before
    save(bench, original(10, "mn", published=BEGINNING), NOW + 3 * HOUR)
    assert before.items() <= archives(bench, NOW + 3 * HOUR).items()
    assert titles(bench, NOW + 3 * HOUR)[0] == "Story 10"


def test_a_newsroom_can_give_a_language_up_and_take_it_up_again(tmp_path: Path) -> None:
    files = original(0) | original(1) | translation(1, "mn") | original(2)
    bench = newsroom(tmp_path, files)
    before = bench.body(f"{MIXED}.atom")
    config = bench.folder / "newsroom.yaml"
    config.write_text(NEWSROOM.replace("languages: [en, zh-Hans, mn]\n", "languages: [en]\n"))
    bench.compile(now=NOW + HOUR)
    assert isinstance(bench.answer(f"{MIXED}.atom"), Moved)
    save(bench, original(3), NOW + HOUR)
    config.write_text(NEWSROOM)
    bench.compile(now=NOW + 2 * HOUR)
    assert titles(bench, NOW + 2 * HOUR) == ["Story 3", "Story 2", "Story 1", "Story 0"]
    assert all(
        entry in bench.body(f"{MIXED}.atom", NOW + 2 * HOUR) for entry in re.findall("<entry.*?</entry>", before)
    )


@st.composite
def days(draw: st.DrawFn) -> list[dict[str, str]]:
    """What an editor writes from one compile to the next: originals and translations in any language, with any date."""
    found = []
    for _ in range(draw(st.integers(2, 5))):
        files: dict[str, str] = {}
        for _ in range(draw(st.integers(1, 2))):
            number, draft = draw(st.integers(0, 5)), draw(st.booleans())
            own = LANGUAGES[number % 3]
            if draw(st.booleans()):
                published = BEGINNING + draw(st.integers(0, 120)) * DAY + number * HOUR
                countries = draw(st.sampled_from([["CN"], ["MN"]]))
                files |= original(number, own, draft=draft, published=published, countries=countries)
            else:  # it is published with its original
                language = draw(st.sampled_from([each for each in LANGUAGES if each != own]))
                name = f"2021/2021-05-01-story-{number}.{language}.yaml"
                files[name] = f"title: Story {number} in {language}\nsummary: It.\ndraft: {str(draft).lower()}\n"
        found.append(files)
    return found


@given(days())
@examples(60)
def test_whatever_is_written_no_closed_page_moves_and_nothing_stands_twice(written: list[dict[str, str]]) -> None:
    with TemporaryDirectory() as path:
        stories = [original(number, LANGUAGES[number % 3]) for number in range(4)]
        bench = newsroom(Path(path), {name: text for story in stories for name, text in story.items()}, entries=2)
        now = NOW
        before = _borders(archives(bench, now))
        for files in written:
            now += HOUR
            save(bench, files, now)
            after = _borders(archives(bench, now))
            for page, ids in before.items():
                assert set(after[page]) <= set(ids), "what is on a closed page was there before, or has left it"
            before = after
            for lead in ("", "/mn"):
                assert _walked(bench, f"{lead}{MIXED}", now) == _stories(bench, now)


def _borders(pages: dict[str, bytes]) -> dict[str, list[str]]:
    return {path: re.findall("<entry.*?<id>([^<]*)</id>", body.decode(), re.DOTALL) for path, body in pages.items()}


def _story(id_: str) -> str:
    return str(re.findall("story-[0-9]+", id_)[0])


def _walked(bench: Bench, path: str, now: datetime) -> list[str]:
    """The stories that a reader meets who walks back through the archive, sorted, each as often as it is met."""
    found = []
    here: str | None = f"{path}.json"
    while here:
        feed = json.loads(bench.body(here, now))
        found += [_story(item["id"]) for item in feed["items"]]
        here = feed.get("next_url", "").removeprefix("https://news.example.org") or None
    return sorted(found)


def _stories(bench: Bench, now: datetime) -> list[str]:
    """The stories of which readers see a release, sorted."""
    with bench.catalogue.reading() as snapshot:
        states = snapshot.reports.states(now)
    return sorted({_story(state.id) for state in states if state.appears <= now})
