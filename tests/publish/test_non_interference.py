"""Before its moment a release makes no difference to any answer: not to a status, a header, or a byte."""

from __future__ import annotations

import hashlib
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.application import Said, Served
from tests.makers import BASE, NOW, TERMS, a_newsroom, yaml
from tests.makers import TOMORROW as MOMENT

PUBLIC: dict[str, dict[str, Any]] = {
    "2021/2021-06-01-dam": {"published": "2021-06-01", "countries": ["CN"], "topics": ["wages"]},
    "2021/2021-06-02-road": {
        "published": "2021-06-02",
        "aliases": ["2021/way"],
        "countries": ["MN"],
        "corrections": [{"date": "2021-06-04", "note": "It is longer."}],
    },
    "2021/2021-06-03-bridge": {
        "published": "2021-06-03",
        "genre": "news",
        "related": ["2021/secret-one", "2021/secret-two", "2021/dam"],
    },
    "2021/2021-06-05-wall": {"published": "2021-06-05", "withdrawn": {"date": "2021-06-06", "reason": "Wrong."}},
    "2021/2021-06-07-well": {
        "published": "2021-06-07",
        "projects": ["score"],
        "genre": "report",
        "body": "After [one](secret-one) comes [another](/releases/2021/secret-three).",
    },
}
TRANSLATED = {"2021/2021-06-01-dam.mn": {"published": "2021-06-01"}, "2021/2021-06-02-road.zh-Hans": {}}
LAST = MOMENT - timedelta(microseconds=1)
"""The last moment before."""
SLUGS = ("secret-one", "secret-two", "secret-three")
FILE = "It is secret."
GUESSES = [
    f"/media/{hashlib.sha256(FILE.encode()).hexdigest()[:32]}/secret.txt",
    *(f"{lead}/releases/2021/{slug}" for lead in ("", "/zh-Hans", "/mn") for slug in (*SLUGS, "former", "way")),
    *(f"{lead}/releases/2021/{slug}.{suffix}" for suffix in ("md", "png") for lead in ("", "/mn")
      for slug in (*SLUGS, "former", "way")),
    *("/sitemap-pages.xml", "/sitemap-2021.xml", "/sitemap-2021-2.xml", "/sitemap-2022.xml"),
    *("/sitemap.xml", "/sitemap-news.xml", "/robots.txt", "/healthz", "/feeds/all.atom?q=secret"),
    *(f"{lead}/embed/release/2021/{slug}.html" for lead in ("", "/zh-Hans", "/mn")
      for slug in (*SLUGS, "former", "way", "dam", "wall")),
    *("/embed/?theme=dark", "/embed/frame/5/all.html?theme=auto", "/embed/release/2021/secret-one.html?theme=dark"),
    *("/embed/", "/embed/frame/5/all.html", "/embed/fragment/9/country/cn.html", "/oembed"),
    *("/about", "/help", "/developers"),
    *(f"{lead}/search{query}" for lead in ("", "/zh-Hans", "/mn")
      for query in ("", "?q=secret", "?q=about", "?country=cn", "?q=about&topic=wages&language=*", "?q=former&page=2")),
    *("/feeds/all/archive/1.atom", "/feeds/all/archive/2.atom", "/feeds/all/archive/3.json", "/feeds/no.rss"),
    *(f"{lead}/feeds/{chosen}.{form}?q={words}" for lead in ("", "/zh-Hans", "/mn") for chosen in ("all", "country/cn")
      for form in ("atom", "rss", "json", "html") for words in ("secret", "about", "%D0%BD%D1%83%D1%83%D1%86")),
    *(f"{lead}/feeds/{chosen}.{form}?count={count}" for lead in ("", "/mn") for chosen in ("all", "country/cn")
      for form in ("atom", "rss", "json") for count in (1, 2, 5, 100)),
    *(f"{lead}/feeds/{chosen}.{form}" for lead in ("", "/mn") for form in ("atom", "rss", "json", "html", "opml")
      for chosen in ("all/not/topic/wages", "country/cn/not/genre/news+report", "all/not/country/cn+mn/all-languages",
                     "all/not/country/mn/corrections")),
    *(f"/oembed?url={BASE}{lead}/releases/2021/{slug}" for lead in ("", "/mn") for slug in (*SLUGS, "bridge")),
    *("/feeds/corrections.atom", "/feeds/corrections/archive/1.atom", "/mn/feeds/all.atom", "/zh-Hans/feeds/all.json"),
]  # fmt: skip

terms = st.fixed_dictionaries(
    {},
    optional={
        "countries": st.lists(st.sampled_from(["CN", "MN"]), unique=True, min_size=1),
        "topics": st.lists(st.sampled_from(TERMS["topic"]), unique=True, min_size=1),
        "genre": st.sampled_from(TERMS["genre"]),
        "aliases": st.sampled_from([["2021/former"], ["2021/dam-to-be"]]),
        "related": st.just(["2021/dam"]),
        "url": st.just("https://elsewhere.example/it"),
        "body": st.just("It is *secret*."),
        "attachments": st.just([{"file": "secret.txt", "title": "A secret"}]),
    },
)
"""What a secret may bear."""


@st.composite
def secrets(draw: st.DrawFn) -> dict[str, str]:
    """Files that say nothing yet: scheduled releases and drafts, and their translations."""
    files = {}
    for slug in draw(st.lists(st.sampled_from(SLUGS), unique=True, max_size=3)):
        fields: dict[str, Any] = draw(terms)
        if draw(st.booleans()):
            # The files' names and dates try to come before those that are public.
            name, when = f"2021/2021-01-01-{slug}", MOMENT + timedelta(minutes=SLUGS.index(slug))
            fields |= {"published": when}
            if draw(st.booleans()):
                fields |= {"withdrawn": {"date": when + timedelta(hours=1), "reason": "Too soon."}}
            if draw(st.booleans()):
                fields |= {"pinned": when + timedelta(hours=2)}
        else:
            name, fields = f"2021/2021-05-05-{slug}", fields | {"published": "2021-05-05", "draft": True}
            if draw(st.booleans()):
                fields |= {"pinned": MOMENT - timedelta(minutes=1)}
        files[f"{name}.yaml"] = yaml(title=f"About {slug}", **fields)
        if "attachments" in fields:
            files["2021/secret.txt"] = FILE
        if draw(st.booleans()):
            files[f"{name}.mn.yaml"] = "title: Нууц\nsummary: Нууц мэдээ.\n"
    if draw(st.booleans()):
        # One that claims the address of a public release.
        files["2021/2021-01-01-dam.yaml"] = yaml(title="Another dam", published=MOMENT + timedelta(minutes=9))
    if draw(st.booleans()):
        files["2021/2021-06-03-bridge.mn.yaml"] = yaml(title="Гүүр", published=MOMENT)
    return files


@st.composite
def intentions(draw: st.DrawFn) -> dict[str, dict[str, Any]]:
    """What is still to become of public releases."""
    possible: dict[str, dict[str, Any]] = {
        "2021/2021-06-01-dam": {"corrections": [{"date": MOMENT, "note": "It is higher."}]},
        "2021/2021-06-07-well": {"withdrawn": {"date": MOMENT, "reason": "It ran dry.", "replacement": "2021/dam"}},
        "2021/2021-06-03-bridge": {"updated": MOMENT},
    }
    return {name: fields for name, fields in possible.items() if draw(st.booleans())}


def files_of(intended: dict[str, dict[str, Any]], secret: dict[str, str]) -> dict[str, str]:
    """The public releases as intended, and the secret ones."""
    stated = {f"{name}.yaml": yaml(**fields, **intended.get(name, {})) for name, fields in PUBLIC.items()}
    translated = {f"{name}.yaml": "title: Орчуулга\nsummary: Хураангуй.\n" for name in TRANSLATED}
    return stated | translated | secret


class Plain:
    """The newsroom in which nothing is to come: at each of two moments it is asked once for every address."""

    def __init__(self, path: Path) -> None:
        folder = a_newsroom(path, files_of({}, {}))
        self.served = {now: Served(folder, now) for now in (NOW, LAST)}
        self.paths = self.served[NOW].paths(NOW)
        self._said: dict[tuple[datetime, str], Said] = {}

    def all(self, paths: set[str], now: datetime) -> dict[str, Said]:
        """Its answers at these addresses."""
        for path in sorted(paths):
            if (now, path) not in self._said:
                self._said[now, path] = self.served[now].ask(path)
        return {path: self._said[now, path] for path in paths}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Plain:
    return Plain(tmp_path_factory.mktemp("plain"))


@pytest.mark.slow
@settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow])
@given(intentions(), secrets())
def test_what_is_still_to_come_makes_no_difference_before_its_moment_and_comes_everywhere_at_once(
    plain: Plain, intended: dict[str, dict[str, Any]], secret: dict[str, str]
) -> None:
    with tempfile.TemporaryDirectory() as path:
        full = Served(a_newsroom(Path(path), files_of(intended, secret)), NOW)
        paths = {*GUESSES, *plain.paths, *full.paths(NOW), *full.paths(MOMENT + timedelta(days=2))}
        for now in (NOW, LAST):
            full.clock.now = now
            assert_alike(plain.all(paths, now), full.all(paths))
        for later in (timedelta(0), timedelta(hours=2)):
            full.clock.now = MOMENT + later
            # What was kept until a moment ago is gone: as if the newsroom had only just begun.
            assert_alike(Served(full.settings.data, full.clock.now, hot=False).all(paths), full.all(paths))


def assert_alike(one: dict[str, Any], other: dict[str, Any]) -> None:
    """Says where they differ."""
    for path, said in one.items():
        assert other[path] == said, path


def test_two_secrets_that_are_at_odds_are_not_counted_in_public(tmp_path: Path) -> None:
    secret = {
        "2021/2021-01-01-secret-one.yaml": yaml(published=MOMENT),
        "2021/2021-06-03-bridge.mn.yaml": yaml(published=MOMENT),
        "2021/2021-01-01-secret-one.mn.yaml": yaml(published=MOMENT),
        "2021/2021-06-02-road.mn.yaml": yaml(published=MOMENT, colour="red"),
    }
    plain = Served(a_newsroom(tmp_path / "plain", files_of({}, {})), NOW)
    full = Served(a_newsroom(tmp_path / "full", files_of({}, secret)), NOW)
    with full.newsroom.catalogue.reading() as snapshot:
        assert len(snapshot.problems.all()) > 1
    assert full.ask("/healthz") == plain.ask("/healthz")
