"""The life of a release as readers meet it, with and without the hot path: both give the same answers."""

from __future__ import annotations

import gc
import json
import re
import weakref
from collections.abc import Callable
from pathlib import Path

import pytest
from werkzeug.test import Client

from feeds.settings import Settings
from feeds.web import create_app
from tests.application import Served as Application
from tests.makers import BASE, DAY, NOW, SECOND, TOMORROW, YESTERDAY, a_newsroom, yaml
from tests.tools import wait_until

DAM = "/releases/2021/dam"
FILE = "2021/2021-06-25-dam.yaml"
FEEDS = [f"/feeds/{name}.{form}" for name in ("all", "country/mn", "topic/wages") for form in ("atom", "rss", "json")]
PAGES = ["/", "/feeds/", "/feeds/all.html", "/feeds/country/mn.html", "/feeds/project/score.html"]
LISTS = ["/feeds.opml", "/feeds/country.opml", "/sitemap.xml", "/sitemap-news.xml", "/embed/frame/5/all.html"]
TAGS = {"countries": ["MN"], "topics": ["wages"]}


class Served(Application):
    """The application, and what a reader finds on its pages."""

    def body(self, path: str, status: int = 200) -> str:
        """What a reader gets there."""
        response = self.client.get(path)
        assert response.status_code == status, f"{path}: {response.status}"
        return response.get_data(as_text=True)

    def count(self, path: str) -> int:
        """How many releases the directory says a feed holds, in the row of the feed's page; 0 if it has no row."""
        rows = [row for row in re.split(r"<(?:tr|li)\b", self.body("/feeds/")) if f'href="{path}"' in row]
        return int(re.search(r">\s*(\d+)\s*<", rows[0])[1]) if rows else 0  # type: ignore[index]  # it has a number


Serve = Callable[..., Served]


@pytest.fixture(params=[True, False], ids=["hot", "cold"])
def serve(request: pytest.FixtureRequest, tmp_path: Path) -> Serve:
    """Serves these files, with or without the hot path."""

    def serving(**files: str) -> Served:
        folder = a_newsroom(tmp_path, {FILE.replace("dam", name): text for name, text in files.items()})
        return Served(folder, NOW, hot=request.param)

    return serving


def test_a_scheduled_release_leaves_by_no_door_before_its_second(serve: Serve) -> None:
    served = serve(dam=yaml(title="The secret dam", published=TOMORROW, aliases=["2020/secret"], **TAGS))
    served.clock.now = TOMORROW - SECOND
    for path in [*FEEDS, *PAGES, *LISTS, "/healthz"]:
        assert "secret" not in served.body(path).lower(), path
    assert served.body(DAM, 404).replace("dam", "xyz") == served.body("/releases/2021/xyz", 404)
    assert served.client.get("/releases/2020/secret").status_code == 404
    assert json.loads(served.body("/healthz"))["releases"] == 0
    assert served.count("/feeds/country/mn.html") == 0


def test_it_appears_everywhere_at_its_second(serve: Serve) -> None:
    served = serve(dam=yaml(title="The new dam", published=TOMORROW, aliases=["2020/secret"], **TAGS))
    for path in [*FEEDS, *PAGES, *LISTS]:
        served.body(path)
    served.clock.now = TOMORROW
    for path in [*FEEDS, "/", "/feeds/all.html", "/feeds/country/mn.html", "/embed/frame/5/all.html", DAM]:
        assert "The new dam" in served.body(path), path
    assert f"{BASE}{DAM}" in served.body("/sitemap-2021.xml")
    assert served.client.get("/releases/2020/secret").headers["Location"] == DAM
    assert json.loads(served.body("/healthz"))["releases"] == 1
    assert served.count("/feeds/country/mn.html") == 1


def test_no_cache_may_keep_an_answer_beyond_the_next_publication(serve: Serve) -> None:
    served = serve(dam=yaml(published=TOMORROW))
    served.clock.now = TOMORROW - 7 * SECOND
    found = served.client.get("/feeds/all.atom").headers["Cache-Control"]
    assert 0 < int(re.search(r"\bmax-age=(\d+)", found)[1]) <= 7  # type: ignore[index]  # without one the test fails


def test_a_correction_is_told_from_its_moment_on(serve: Serve) -> None:
    corrections = [{"date": NOW + DAY, "note": "It is a weir."}]
    served = serve(dam=yaml(published=YESTERDAY, corrections=corrections))
    before = served.client.get("/feeds/all.atom")
    assert "weir" not in before.get_data(as_text=True)
    assert "The" not in served.body("/feeds/corrections.json")
    served.clock.now = NOW + DAY
    for path in ("/feeds/all.atom", "/feeds/all.rss", "/feeds/all.json", "/feeds/corrections.atom", DAM):
        assert "It is a weir." in served.body(path), path
    after = served.client.get("/feeds/all.atom", headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert after.headers["Last-Modified"] == "Fri, 25 Jun 2021 12:00:00 GMT"


def test_a_withdrawn_release_is_told_under_its_own_id_and_its_page_is_gone(serve: Serve) -> None:
    withdrawn = {"date": TOMORROW, "reason": "There is no such dam."}
    served = serve(dam=yaml(title="The dam", published=YESTERDAY, body="It *holds*.", withdrawn=withdrawn, **TAGS))
    (before,) = json.loads(served.body("/feeds/all.json"))["items"]
    served.clock.now = TOMORROW
    (after,) = json.loads(served.body("/feeds/all.json"))["items"]
    assert (after["id"], after["title"]) == (before["id"], "Withdrawn: The dam")
    for path in (*FEEDS, "/feeds/corrections.atom"):
        assert "Withdrawn: The dam" in served.body(path), path
        assert "holds" not in served.body(path), path
    page = served.body(DAM, 410)
    assert "Withdrawn: The dam" in page
    assert "There is no such dam." in page
    assert "holds" not in page


def test_the_page_of_what_was_first_corrected_and_then_withdrawn_says_why(serve: Serve) -> None:
    corrections = [{"date": YESTERDAY, "note": "It is higher."}, {"date": NOW, "note": "And wider."}]
    withdrawn = {"date": NOW, "reason": "There is no such dam.", "replacement": "2021/road"}
    served = serve(dam=yaml(published=YESTERDAY, corrections=corrections, withdrawn=withdrawn))
    page = served.body(DAM, 410)
    assert "There is no such dam." in page
    assert 'href="https://news.example.org/releases/2021/road"' in page
    assert "higher" not in page + served.body("/feeds/all.json")
    assert "Withdrawn" in served.body("/feeds/corrections.json")


def test_a_translation_appears_at_its_own_moment(serve: Serve, tmp_path: Path) -> None:
    mongolian = f'title: Далан\nsummary: Тухай.\npublished: "{TOMORROW.isoformat()}"\n'
    served = serve(**{"dam": yaml(title="The dam", published=YESTERDAY), "dam.mn": mongolian})
    there = f"{BASE}/mn{DAM}"
    assert "Далан" not in served.body("/mn/feeds/all.atom")
    assert there not in served.body("/feeds/all.atom") + served.body(DAM)
    served.body(f"/mn{DAM}", 404)
    served.clock.now = TOMORROW
    assert "Далан" in served.body("/mn/feeds/all.atom")
    assert "Далан" in served.body(f"/mn{DAM}")
    assert there in served.body("/feeds/all.atom")
    assert there in served.body(DAM)
    assert "The dam" not in served.body("/mn/feeds/all.atom")


def test_translations_name_each_other_in_the_head_of_the_answer(serve: Serve) -> None:
    served = serve(**{"dam": yaml(published=YESTERDAY), "dam.mn": "title: Далан\nsummary: Тухай.\n"})
    for path, other, language in (
        (DAM, f"/mn{DAM}", "mn"),
        (f"/mn{DAM}", DAM, "en"),
        ("/feeds/all.atom", "/mn/feeds/all.atom", "mn"),
        ("/mn/feeds/all.json", "/feeds/all.json", "en"),
        ("/mn/feeds/all.html", "/feeds/all.html", "en"),
    ):
        links = served.client.get(path).headers["Link"].split(", ")
        (found,) = [link for link in links if f'hreflang="{language}"' in link]
        assert found.startswith(f'<{BASE}{other}>; rel="alternate"'), path


def test_a_draft_is_never_seen(serve: Serve) -> None:
    served = serve(dam=yaml(title="The draft dam", published=YESTERDAY, draft=True, **TAGS))
    served.clock.now = NOW + 10_000 * DAY
    for path in [*FEEDS, *PAGES, *LISTS]:
        assert "draft dam" not in served.body(path), path
    served.body(DAM, 404)


@pytest.mark.parametrize(
    "spelled", ["/FEEDS/Country/MONGOLIA.Atom", "/feeds/country/mn+mn.atom", "/en/feeds/country/mn.atom"]
)
def test_another_spelling_is_sent_to_the_one_address(serve: Serve, spelled: str) -> None:
    response = serve().client.get(spelled)
    assert (response.status_code, response.headers["Location"]) == (308, "/feeds/country/mn.atom")


@pytest.mark.parametrize(
    "path", ["/feeds/country/fr.atom", "/nothing", "/feeds/all.exe", "/releases/2021/none", "/\ud800"]
)
def test_what_is_not_there_is_404_and_a_way_on(serve: Serve, path: str) -> None:
    response = serve().client.get(path.encode("utf-8", "surrogatepass").decode("latin-1"))
    assert response.status_code == 404
    assert 'href="' in response.get_data(as_text=True)


@pytest.mark.parametrize("path", ["/feeds//all.atom", "/a//b", "/zh-Hans//feeds/"])
def test_no_redirect_names_the_host_that_the_request_names(serve: Serve, path: str) -> None:
    response = serve().client.get(path, headers={"Host": "evil.example"})
    assert response.status_code == 404
    assert "evil" not in response.get_data(as_text=True) + str(response.headers)


@pytest.mark.parametrize(
    ("path", "endpoint"),
    [
        ("/", "front"),
        ("/about", "about"),
        ("/feeds/", "directory"),
        ("/feeds.opml", "outline"),
        ("/feeds/country/cn+mn/topic/wages.atom", "selection"),
        ("/feeds/all/archive/1.json", "selection"),
        ("/releases/2021/dam", "release"),
        ("/embed/", "embedding"),
        ("/embed/frame/5/country/mn.html", "headlines"),
        ("/oembed", "oembed"),
    ],
)
def test_every_kind_of_address_has_one_endpoint_in_every_language(serve: Serve, path: str, endpoint: str) -> None:
    routes = serve().app.url_map.bind("")
    for prefix in ("", "/mn", "/zh-Hans"):
        assert routes.match(f"{prefix}{path}")[0] == endpoint


@pytest.mark.parametrize(
    "path", ["/feeds/all.atom", "/", "/releases/2021/none", "/feeds/ALL.atom", "/healthz", "/static/none.css"]
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST"])
def test_flask_and_the_hot_path_say_the_same(serve: Serve, path: str, method: str) -> None:
    client = serve(dam=yaml(published=YESTERDAY)).client
    tag = client.get(path).headers.get("ETag", "none")
    for fields in ({}, {"If-None-Match": tag}, {"Accept-Encoding": "gzip"}):
        kept = client.open(path, method=method, headers=fields)
        made = client.open(path, method=method, headers=fields, query_string="utm_source=x")
        assert (kept.status, kept.headers, kept.data) == (made.status, made.headers, made.data)


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
@pytest.mark.parametrize("path", ["/feeds/all.atom", "/", DAM, "/healthz"])
def test_nothing_can_be_changed_from_outside(serve: Serve, method: str, path: str) -> None:
    response = getattr(serve(dam=yaml(published=YESTERDAY)).client, method)(path)
    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD, OPTIONS"


def test_a_known_term_without_releases_has_an_empty_feed(serve: Serve) -> None:
    assert json.loads(serve().body("/feeds/project/score.json"))["items"] == []


def test_no_cookie_is_ever_set_and_the_host_is_never_believed(serve: Serve) -> None:
    served = serve(dam=yaml(published=YESTERDAY, **TAGS))
    for path in [*FEEDS, *PAGES, *LISTS, DAM, "/nothing", "/healthz"]:
        headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
        response = served.client.get(path, headers=headers)
        assert "Set-Cookie" not in response.headers
        assert "evil.example" not in response.get_data(as_text=True) + str(response.headers)


def test_who_has_the_application_no_more_has_none_of_its_threads_and_files(tmp_path: Path) -> None:
    folder = a_newsroom(tmp_path, {FILE: yaml()})
    application = create_app(Settings(data=folder, state=tmp_path / "catalogue", base_url=BASE), clock=lambda: NOW)
    assert Client(application).get("/").status_code == 200
    threads = [weakref.ref(each) for each in application.extensions["feeds.background"]]
    assert len(threads) == 3, "the watcher, and those that tell the hub and search engines"
    del application

    def ended() -> bool:
        gc.collect()
        open_files = [each.resolve() for each in Path("/proc/self/fd").iterdir()]
        return not any(each() for each in threads) and not any(tmp_path in each.parents for each in open_files)

    wait_until(ended, "the threads have ended and the catalogue is closed")
