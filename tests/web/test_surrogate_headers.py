"""What a cache that is told of changes gets with an answer: its keys, and a long life for that cache alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client

from feeds.addresses import LONGEST_PATH
from feeds.publish.document import SurrogateKeys
from feeds.settings import Settings
from feeds.web import create_app
from tests.application import Clock
from tests.makers import BASE, NOW, a_newsroom, known_paths, write, yaml

from .desk import FEED, NOON, Application, Desk, a_document, ask

KEYS = SurrogateKeys("Cache-Tag", ("all", "l:en"), 86_400)
PURGED = ("http://127.0.0.1:9/",)


def asked(**fields: str) -> dict[str, str]:
    desk = Desk({FEED: a_document(surrogate=KEYS)})
    return ask(Application(desk, lambda: NOON), **fields).headers


def test_the_keys_stand_in_the_field_that_the_cache_reads() -> None:
    assert asked()["Cache-Tag"] == "all,l:en"
    assert asked()["CDN-Cache-Control"] == "max-age=86400"
    assert asked()["Cache-Control"].startswith("public, max-age=300")


@pytest.mark.parametrize("hot", [True, False])
def test_a_304_tells_the_same(hot: bool) -> None:
    desk = Desk({FEED: a_document(surrogate=KEYS)})
    app = Application(desk, lambda: NOON, hot=hot)
    unmodified = ask(app, if_none_match=ask(app).headers["ETag"])
    assert unmodified.status == 304
    assert (unmodified.headers["Cache-Tag"], unmodified.headers["CDN-Cache-Control"]) == ("all,l:en", "max-age=86400")


def test_a_cache_holds_a_feed_once_for_programs_and_people() -> None:
    assert asked()["Vary"] == "Accept-Encoding"
    assert asked(sec_fetch_dest="document") == asked()


def test_the_last_good_answer_of_a_broken_newsroom_is_for_no_cache() -> None:
    clock = Clock(NOON)
    desk = Desk({FEED: a_document(surrogate=KEYS, until=NOON)})
    app = Application(desk, clock)
    assert "CDN-Cache-Control" in ask(app).headers
    desk.broken = True
    clock.wait(5)
    last = ask(app)
    assert last.status == 200
    assert last.headers["Cache-Control"] == "public, max-age=0"
    assert last.headers["Cache-Tag"] == "all,l:en"
    assert "CDN-Cache-Control" not in last.headers


def client(folder: Path, *, preview: str = "", **changes: Any) -> Client:
    settings = Settings(data=folder, state=folder.parent / "state", base_url=BASE, entries=2, watch="off")
    return Client(create_app(replace(settings, **changes), clock=Clock(NOW), preview=preview))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    texts = {
        f"2021/2021-05-{day:02}-dam-{day}.yaml": yaml(published=f"2021-05-{day:02}", countries=["CN"])
        for day in range(1, 6)
    }
    folder = a_newsroom(tmp_path, texts)
    write(folder, "2021/2021-05-09-file.yaml", yaml(attachments=[{"file": "one.txt", "title": "One"}]))
    (folder / "releases" / "2021" / "one.txt").write_text("One", encoding="utf-8")
    return folder


def test_every_document_has_keys_and_a_life_of_a_day_at_the_cache(folder: Path) -> None:
    with_keys = client(folder, cache_keys="xkey", purge_url=PURGED)
    without = client(folder)
    newsroom = without.application.extensions["feeds"]  # type: ignore[attr-defined]
    with newsroom.catalogue.reading() as snapshot:
        paths = known_paths(snapshot, newsroom.settings, NOW)
        paths += [f"/media/{digest}/{name}" for digest, name in snapshot.media.visible(NOW)]
    assert any(path.startswith("/media/") for path in paths)
    for path in paths:
        answer, plain = with_keys.get(path), without.get(path)
        more = dict(answer.headers)
        assert "all" in more.pop("xkey").split(" "), path
        assert more.pop("CDN-Cache-Control") == "max-age=86400", path
        assert answer.data == plain.data
        # Nothing else is different, but for the one field that would make a cache hold feeds twice.
        expected = dict(plain.headers)
        if "Vary" in expected:
            expected["Vary"] = expected["Vary"].replace(", Sec-Fetch-Dest", "")
        assert more == expected, path


@pytest.mark.parametrize("path", ["/feeds/all.atom?q=dam", "/feeds/?country=cn", "/embed/?count=3"])
def test_what_readers_make_up_is_kept_no_longer_than_by_other_caches(folder: Path, path: str) -> None:
    answer = client(folder, cache_keys="xkey", purge_url=PURGED).get(path)
    assert answer.status_code == 200
    assert "any" in answer.headers["xkey"].split(" ") or "s" in answer.headers["xkey"].split(" ")
    assert "CDN-Cache-Control" not in answer.headers


@pytest.mark.parametrize(
    ("path", "is_long"),
    [
        ("/feeds/all.atom?count=5", True),
        ("/feeds/country/cn.json?count=100", True),
        ("/feeds/all/not/country/mn.atom", True),
        ("/embed/frame/5/all.html?theme=dark", True),
        ("/embed/frame/5/all.html?theme=dark&utm_source=x", False),
        ("/embed/frame/5/all.html?theme=blue", False),
        ("/embed/fragment/5/all.html?theme=dark", False),
        ("/feeds/all.atom?count=5&utm_source=x", False),
        ("/feeds/all.atom?q=dam&count=5", False),
        ("/feeds/all.atom?count=0", False),
        ("/feeds/all.html?count=5", False),
    ],
)
def test_a_count_or_a_theme_alone_is_kept_as_long_as_any_answer(folder: Path, path: str, is_long: bool) -> None:
    answer = client(folder, cache_keys="xkey", purge_url=PURGED).get(path)
    assert answer.status_code == 200
    assert answer.headers["xkey"]
    assert ("CDN-Cache-Control" in answer.headers) == is_long


@pytest.mark.parametrize("path", ["/nowhere", "/feeds/all", "/releases/2021/no"])
def test_what_no_cache_keeps_has_no_keys(folder: Path, path: str) -> None:
    answer = client(folder, cache_keys="xkey", purge_url=PURGED).get(path)
    assert answer.headers["Cache-Control"] in ("no-store", "no-cache")
    assert "xkey" not in answer.headers
    assert "CDN-Cache-Control" not in answer.headers


def test_a_preview_is_for_no_cache(folder: Path) -> None:
    answer = client(folder, preview="Preview", cache_keys="xkey", purge_url=PURGED).get("/feeds/all.atom")
    assert "xkey" not in answer.headers
    assert "CDN-Cache-Control" not in answer.headers


def test_the_keys_of_a_document_fit_into_what_caches_take(tmp_path: Path) -> None:
    # Varnish takes a line of 8 kB by default, Fastly and Cloudflare 16 kB with keys of at most 1 kB.
    slugs = [f"a-topic-with-a-rather-long-name-that-has-a-number-{number}" for number in range(37)]
    topics = "".join(f"{slug}: {{labels: {{en: Topic}}}}\n" for slug in slugs)
    folder = a_newsroom(tmp_path, {"2021/2021-05-01-dam.yaml": yaml()}, topics=topics)
    path = f"/feeds/topic/{'+'.join(sorted(slugs))}.atom"
    assert LONGEST_PATH - 100 < len(path) <= LONGEST_PATH
    answer = client(folder, cache_keys="xkey", purge_url=PURGED).get(path)
    assert answer.status_code == 200
    assert len(answer.headers["xkey"]) < 8_000
