"""Whatever changes the bytes of an answer changes one of its surrogate keys, and an edit changes few others."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from feeds.catalogue import sitemap_parts
from tests.makers import NEWSROOM, NOW, TERMS, TOPICS, write, yaml
from tests.publish.keys.newsroom import CachedNewsroom, stale
from tests.tools import examples

SLUGS = ("dam", "road", "well", "bridge", "wall", "pier")
HOURS = (-24 * 40, -30, -29, -3, -2, 0, 1, 5, 49)
TOPICS_RENAMED = TOPICS.replace("Wages", "Pay")
OWN_FILES = {
    "newsroom.yaml": (NEWSROOM, NEWSROOM.replace("{en: News}", "{en: All the news}")),
    "topics.yaml": (
        TOPICS,
        TOPICS_RENAMED,
        TOPICS_RENAMED.replace("Pay}", "Pay}, retired: {date: 2021-06-24T15:00:00Z, successor: corrections}"),
    ),
    "theme/style.css": ("main { color: red }", "main { color: blue }"),
}

moments = st.sampled_from(HOURS).map(lambda hours: NOW + timedelta(hours=hours))
related = st.lists(st.sampled_from(SLUGS), max_size=2, unique=True).map(
    lambda slugs: [f"2021/{each}" for each in slugs]
)
fields = st.fixed_dictionaries(
    {
        "title": st.sampled_from(["One", "Two", "Three"]),
        "published": st.sampled_from(HOURS[:-1]).map(lambda hours: NOW + timedelta(hours=hours)),
    },
    optional={
        "countries": st.lists(st.sampled_from(["CN", "MN"]), min_size=1, unique=True),
        "topics": st.lists(st.sampled_from(TERMS["topic"]), min_size=1, unique=True),
        "projects": st.lists(st.sampled_from(TERMS["project"]), min_size=1, unique=True),
        "genre": st.sampled_from(TERMS["genre"]),
        "related": related,
        "body": st.sampled_from(["Short.", "Long and *emphatic*."]),
        "corrections": moments.map(lambda when: [{"date": when, "note": "It is higher.", "major": True}]),
        "withdrawn": moments.map(lambda when: {"date": when, "reason": "Wrong."}),
        "attachments": st.sampled_from(["one.txt", "two.txt"]).map(lambda name: [{"file": name, "title": "A file"}]),
        "draft": st.booleans(),
        "pinned": st.sampled_from(HOURS[3:]).map(lambda hours: NOW + timedelta(hours=hours)),
    },
)
"""What the editor may write into a release."""

edits = st.one_of(
    st.tuples(st.just("write"), st.sampled_from(SLUGS), fields),
    st.tuples(st.just("write"), st.sampled_from(SLUGS), fields),
    st.tuples(st.just("write"), st.sampled_from(SLUGS), fields),
    st.tuples(st.just("translate"), st.sampled_from(SLUGS), st.sampled_from(["Нэг", "Хоёр"])),
    st.tuples(st.just("remove"), st.sampled_from([*SLUGS, *(f"{slug}.mn" for slug in SLUGS)]), st.none()),
    st.tuples(st.just("own"), st.sampled_from(sorted(OWN_FILES)), st.integers(0, 2)),
    st.tuples(st.just("wait"), st.sampled_from([0.5, 2.0, 30.0, 24 * 35.0]), st.none()),
)


def do(newsroom: CachedNewsroom, edit: tuple[str, Any, Any]) -> None:
    match edit:
        case "write", slug, values:
            if "withdrawn" in values:  # nothing is withdrawn before it appears
                values = values | {
                    "withdrawn": values["withdrawn"] | {"date": values["published"] + timedelta(hours=1)}
                }
            write(newsroom.folder, file(slug), yaml(**values))
        case "translate", slug, title:
            write(newsroom.folder, file(f"{slug}.mn"), f"title: {title}\nsummary: Хураангуй.\n")
        case "remove", slug, _:
            (newsroom.folder / "releases" / file(slug)).unlink(missing_ok=True)
        case "own", name, number:
            texts = OWN_FILES[name]
            path = newsroom.folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(texts[number % len(texts)], encoding="utf-8")
        case "wait", hours, _:
            newsroom.wait(hours=hours)


def file(slug: str) -> str:
    return f"2021/2021-05-01-{slug}.yaml"


@pytest.mark.slow
@given(st.lists(st.lists(edits, min_size=1, max_size=2), min_size=4, max_size=10))
@settings(examples(25), deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.explicit, Phase.generate))
def test_whatever_changes_is_purged(history: list[list[tuple[str, Any, Any]]]) -> None:
    with tempfile.TemporaryDirectory() as path:
        follow(history, Path(path))


def test_a_notice_of_withdrawal_without_a_neighbour_gets_one(tmp_path: Path) -> None:
    published = NOW - timedelta(hours=3)
    withdrawn = {"published": published, "withdrawn": {"date": published, "reason": "Wrong."}}
    follow([[("write", "well", withdrawn)], [("translate", "well", "Нэг")], [("translate", "dam", "Хоёр")]], tmp_path)


def test_a_story_is_first_until_its_time_is_over(tmp_path: Path) -> None:
    pinned = {"published": NOW - timedelta(hours=30), "pinned": NOW + timedelta(hours=1)}
    follow([[("write", "well", pinned)], [("wait", 2.0, None)]], tmp_path)


def test_an_archive_page_without_a_release_names_other_languages(tmp_path: Path) -> None:
    lone = {"published": NOW - timedelta(hours=3), "countries": ["MN"]}
    new = {"published": NOW - timedelta(hours=2), "countries": ["MN"]}
    steps: list[list[tuple[str, Any, Any]]] = [
        *([("write", slug, lone | {"published": NOW - timedelta(hours=hours)})] for hours, slug in enumerate(SLUGS, 3)),
        [("translate", "dam", "Нэг")],
        [("remove", slug, None) for slug in SLUGS[2:]],
        [("write", "pier", new)],
        [("translate", "pier", "Хоёр")],
        [("remove", "pier", None)],
    ]
    follow(steps, tmp_path)


def follow(history: list[list[tuple[str, Any, Any]]], path: Path) -> None:
    """Does what the editor does, step by step, and looks after each whether something stale is left in the cache."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sitemap_parts, "LARGEST", 2)
        _follow(history, path)


def _follow(history: list[list[tuple[str, Any, Any]]], path: Path) -> None:
    newsroom = CachedNewsroom(path, {file("dam"): yaml(countries=["CN"]), file("road"): yaml()})
    for name in ("one.txt", "two.txt"):
        (newsroom.folder / "releases" / "2021" / name).write_text(f"File {name}", encoding="utf-8")
    before = newsroom.look()
    for step in history:
        written = newsroom.written()
        for edit in step:
            do(newsroom, edit)
        if newsroom.written() == written:
            continue
        after = newsroom.look(before)
        assert stale(before, after) == [], (step, sorted(after.changes.keys))
        before = after
