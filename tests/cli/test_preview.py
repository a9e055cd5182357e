"""The newsroom as it will be: for editors, marked, on this machine only."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from werkzeug.test import Client

from feeds.cli.main import group
from feeds.errors import FeedsError
from feeds.settings import Settings
from feeds.web import preview
from tests.makers import BASE, TOMORROW, a_newsroom, yaml

FILES = {
    "2021/2021-06-01-dam.yaml": yaml(),
    "2021/2021-06-25-road.yaml": yaml(published=TOMORROW, title="The road", topics=["wages"]),
    "2021/2099-01-01-far.yaml": yaml(published="2099-01-01", title="Far off"),
}


@pytest.fixture
def editor(tmp_path: Path) -> Client:
    folder = a_newsroom(tmp_path, FILES)
    settings = Settings(data=folder, state=tmp_path / "catalogue", base_url=BASE, watch="off")
    return Client(preview.create_app(settings, TOMORROW))


def test_it_shows_what_will_be_there_then_and_nothing_later(editor: Client) -> None:
    assert editor.get("/releases/2021/road").status_code == 200
    assert editor.get("/releases/2099/far").status_code == 404
    assert "The road" in editor.get("/feeds/topic/wages.atom").text


@pytest.mark.parametrize(
    "path", ["/", "/zh-Hans/", "/feeds/", "/feeds/all.html", "/releases/2021/road", "/about", "/no"]
)
def test_every_page_is_marked(editor: Client, path: str) -> None:
    page = editor.get(path).text
    assert re.search(r"<title>[^<]*PREVIEW 2021-06-25 12:00", page)
    assert '<aside class="preview"' in page


@pytest.mark.parametrize("path", ["/feeds/all.atom", "/feeds/all.rss", "/mn/feeds/all.json", "/feeds.opml"])
def test_every_feed_is_marked_in_its_title(editor: Client, path: str) -> None:
    assert re.search(r'<title>PREVIEW|"title":"PREVIEW', editor.get(path).text)


@pytest.mark.parametrize("path", ["/", "/feeds/all.atom", "/healthz", "/no", "/feeds/COUNTRY/cn.atom", "/robots.txt"])
def test_nothing_of_it_is_kept_or_listed(editor: Client, path: str) -> None:
    headers = editor.get(path).headers
    assert headers["Cache-Control"] == "no-store"
    assert "noindex" in headers["X-Robots-Tag"]
    assert "ETag" not in headers


@pytest.mark.parametrize("path", ["/feeds/all.json", "/feeds/all.atom", "/embed/frame/5/all.html"])
def test_no_other_site_reads_it_in_an_editor_s_browser(editor: Client, path: str) -> None:
    assert "Access-Control-Allow-Origin" not in editor.get(path).headers
    assert editor.get(path, headers={"Host": "evil.example:8000"}).status_code == 403
    for host in ("127.0.0.1:8000", "localhost", "[::1]:8000"):
        assert editor.get(path, headers={"Host": host}).status_code == 200


def test_the_newsroom_itself_bears_no_mark(tmp_path: Path) -> None:
    from feeds.web import create_app

    settings = Settings(data=a_newsroom(tmp_path, FILES), state=tmp_path / "catalogue", watch="off")
    page = Client(create_app(settings, clock=lambda: TOMORROW)).get("/").text
    assert "PREVIEW" not in page
    assert 'class="preview"' not in page


def test_the_list_can_be_that_of_another_time(tmp_path: Path) -> None:
    folder = a_newsroom(tmp_path, FILES)

    def listed(*options: str) -> str:
        result = CliRunner().invoke(group, ["list", "--data", str(folder), "--format", "atom", *options])
        assert result.exit_code == 0, result.output
        return next(line for line in result.output.splitlines() if line.endswith("/feeds/all.atom"))

    assert listed("--at", "2021-06-02").startswith("1\t")
    assert listed("--at", "2021-06-26T09:30:00+08:00").startswith("2\t")
    assert listed("--at", "2021-06-26 09:30").startswith("2\t")
    assert listed("--at", "2099-01-01").startswith("3\t")


@pytest.mark.parametrize("text", ["tomorrow", "2021-06-31", "2021-06-24T09:60", "2021-06-24T09:30+18:00", "1066-10-14"])
def test_a_time_that_is_none_is_refused_with_advice(tmp_path: Path, text: str) -> None:
    result = CliRunner().invoke(group, ["list", "--data", str(a_newsroom(tmp_path)), "--at", text])
    assert isinstance(result.exception, FeedsError)
    assert f"“{text}” is " in str(result.exception)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.7", "news.example.org", "::"])  # noqa: S104 - to be refused
def test_it_is_served_to_this_machine_only(tmp_path: Path, host: str) -> None:
    options = ["serve", "--data", str(a_newsroom(tmp_path)), "--at", "2021-07-01", "--host", host]
    result = CliRunner().invoke(group, options)
    assert isinstance(result.exception, FeedsError)
    assert "not public yet" in str(result.exception)


def test_its_clock_stands_still(editor: Client) -> None:
    assert editor.get("/feeds/all.atom").data == editor.get("/feeds/all.atom").data
    assert datetime.now(TOMORROW.tzinfo) > TOMORROW
