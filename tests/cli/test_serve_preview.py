"""The newsroom as it will be: for editors, marked, on this machine only."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser
from werkzeug.test import Client

from feeds.cli.commands import group
from feeds.errors import FeedsError
from feeds.publish.pages import preview as pages
from feeds.settings import Settings
from feeds.web import preview_app
from tests.makers import BASE, TOMORROW, a_newsroom, write, yaml
from tests.servers import Servers
from tests.tools import DEAD

FILES = {
    "2021/2021-06-01-dam.yaml": yaml(),
    "2021/2021-06-25-road.yaml": yaml(published=TOMORROW, title="The road", topics=["wages"]),
    "2021/2099-01-01-far.yaml": yaml(published="2099-01-01", title="Far off"),
}


@pytest.fixture
def editor(tmp_path: Path) -> Client:
    folder = a_newsroom(tmp_path, FILES)
    settings = Settings(data=folder, state=tmp_path / "catalogue", base_url=BASE, watch="off")
    return Client(preview_app.create_app(settings, TOMORROW))


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


# -- with all that is to come -------------------------------------------------------------------------------------

LATER = datetime.now(UTC).replace(microsecond=0) + timedelta(days=30)
TO_COME = {
    "2021/2021-06-01-dam.yaml": yaml(title="The dam"),
    "2021/2021-06-02-road.yaml": yaml(title="The road", published=LATER, topics=["wages"]),
    "2021/2021-06-03-bridge.yaml": yaml(title="The bridge", published="2021-06-03", draft=True),
    "2021/2021-06-04-wall.yaml": yaml(title="The wall", published="2021-06-04", countries=["Atlantis"]),
}


@pytest.fixture
def desk(tmp_path: Path) -> Client:
    """The preview with all that is to come, as an editor's browser asks it."""
    folder = a_newsroom(tmp_path, TO_COME)
    settings = Settings(data=folder, state=tmp_path / "catalogue", base_url=BASE, watch="off")
    return Client(preview_app.create_app_with_all(lambda: "<b>subscribers</b> get it", settings))


def test_drafts_and_scheduled_releases_are_shown_and_marked(desk: Client) -> None:
    front = desk.get("/", headers={"Accept-Encoding": "br, gzip"}).text
    when = LATER.astimezone(ZoneInfo("Asia/Shanghai"))
    assert f'<span class="unseen">Scheduled for {when:%Y-%m-%d %H:%M}</span> <a href="/releases/2021/road"' in front
    assert '<h2><span class="unseen">Draft</span> <a href="/releases/2021/bridge"' in front
    assert '<h2><a href="/releases/2021/dam"' in front
    page = desk.get("/releases/2021/bridge").text
    assert '<p class="unseen">Draft</p>\n<h1>The bridge</h1>' in page
    own = desk.get("/releases/2021/dam").text.partition("<article>")[2].partition("</article>")[0]
    assert "unseen" not in own
    assert "The bridge" in desk.get("/feeds/all.atom").text


def test_a_bar_lists_the_problems_and_what_is_to_come(desk: Client) -> None:
    bar = desk.get("/help").text.partition('<aside class="editors"')[2].partition("</aside>")[0]
    assert "1 problem, 0 more to look at; 2 to come" in bar
    assert re.search(r"data/releases/2021/2021-06-04-wall.yaml:\d+ countries\[0\]: no such country “Atlantis”", bar)
    assert '<a href="/releases/2021/road" lang="en"' in bar
    assert f'<a href="{pages.REVIEW}">' in bar


def test_a_theme_leaves_the_bar_where_it_is_and_what_is_wrong_with_it_is_listed(tmp_path: Path) -> None:
    folder = a_newsroom(tmp_path, TO_COME)
    (folder / "theme").mkdir()
    base = '{% extends "product/base.html" %}{% block header %}<header>Ours</header>{% endblock %}'
    (folder / "theme" / "base.html").write_text(base)
    (folder / "theme" / "help.html").write_text("\n{{ nothing }}")
    settings = Settings(data=folder, state=tmp_path / "catalogue", base_url=BASE, watch="off")
    client = Client(preview_app.create_app_with_all(lambda: "", settings))
    page = client.get("/about").text
    bar = page.partition('<aside class="editors"')[2].partition("</aside>")[0]
    assert "data/theme/help.html:2 it cannot be rendered: &#39;nothing&#39; is undefined, on /help" in bar
    assert "<header>Ours</header>" in page
    assert 'class="editors"' not in client.get("/embed/frame/5/all.html").text
    assert client.get(pages.REVIEW).text.count("<aside") == 0


def test_what_subscribers_will_get_is_one_click_away(desk: Client) -> None:
    page = desk.get(pages.REVIEW)
    assert page.status_code == 200
    assert "<pre>&lt;b&gt;subscribers&lt;/b&gt; get it</pre>" in page.text
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/", pages.REVIEW, pages.CHANGES])
def test_it_too_is_for_this_machine_only(desk: Client, path: str) -> None:
    assert desk.get(path, headers={"Host": "evil.example:8000"}).status_code == 403


def test_pages_that_wait_for_changes_are_few_and_leave_their_place(desk: Client) -> None:
    waiting = [desk.get(pages.CHANGES, buffered=False) for _ in range(6)]
    assert all(next(iter(each.response)) == b": \n\n" for each in waiting)
    assert desk.get(pages.CHANGES).status_code == 503
    for each in waiting:
        each.close()
    with desk.get(pages.CHANGES, buffered=False) as again:
        assert again.status_code == 200


def test_the_preview_of_one_moment_and_of_all_exclude_each_other(tmp_path: Path) -> None:
    options = ["serve", "--data", str(a_newsroom(tmp_path)), "--at", "2021-07-01", "--preview"]
    result = CliRunner().invoke(group, options)
    assert "give one of the two" in str(result.exception)


def test_a_saved_file_reloads_the_page_in_a_browser(tmp_path: Path, servers: Servers, browser: Browser) -> None:
    folder = a_newsroom(tmp_path, TO_COME)
    with servers.newsroom(folder, "--preview", workers=1, watch="poll") as server:
        page = browser.new_page()
        messages: list[str] = []
        page.on("console", lambda message: messages.append(message.text))
        page.goto(f"{server.base_url}/releases/2021/dam")
        assert page.locator("h1").inner_text() == "The dam"
        write(folder, "2021/2021-06-01-dam.yaml", yaml(title="The high dam"))
        page.get_by_role("heading", name="The high dam", level=1).wait_for(timeout=DEAD * 1000)
        page.get_by_role("link", name="What subscribers will get").click()
        page.locator("pre").wait_for(timeout=DEAD * 1000)
        assert "git" in page.locator("pre").inner_text()
        page.close()
        assert messages == []
