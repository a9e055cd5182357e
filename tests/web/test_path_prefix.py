"""A newsroom below a path: the same answers whether the proxy in front takes that path off or not."""

from __future__ import annotations

from pathlib import Path

import pytest
from werkzeug.test import Client

from feeds.settings import Settings
from feeds.web.app import create_app
from tests.makers import NOW, YESTERDAY, a_newsroom, yaml
from tests.media.files import picture

BASE = "https://press.example.org/newsroom"
RELEASE = yaml(title="The dam", published=YESTERDAY, countries=["CN"], image={"src": "dam.jpg", "alt": "A dam"})
PATHS = [
    "/", "/feeds/", "/feeds/all.atom", "/feeds/all.rss", "/feeds/all.json", "/feeds/all.html", "/feeds/country/cn.atom",
    "/feeds/country/CN.atom", "/mn/feeds/all.atom", "/feeds.opml", "/releases/2021/dam", "/embed/", "/sitemap.xml",
    "/robots.txt", "/favicon.ico", "/nothing", "/feeds/all.atom?q=dam", "/oembed", "/feeds", "/newsroomx",
]  # fmt: skip


def a_client(path: Path, base: str) -> Client:
    data = a_newsroom(path, {"2021/2021-06-01-dam.yaml": RELEASE})
    (data / "releases/2021/dam.jpg").write_bytes(picture())
    app = create_app(Settings(data=data, state=path, base_url=base, watch="off"), clock=lambda: NOW)
    return Client(app)


@pytest.fixture
def client(tmp_path: Path) -> Client:
    return a_client(tmp_path, BASE)


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST"])
def test_the_answer_is_the_same_with_the_path_and_without_it(client: Client, method: str) -> None:
    for path in PATHS:
        plain, whole = (client.open(f"{lead}{path}", method=method) for lead in ("", "/newsroom"))
        assert (whole.status, list(whole.headers), whole.data) == (plain.status, list(plain.headers), plain.data), path


def test_redirects_lead_to_the_whole_path(client: Client) -> None:
    for lead in ("", "/newsroom"):
        answer = client.get(f"{lead}/feeds/country/CN.atom")
        assert (answer.status_code, answer.headers["Location"]) == (308, "/newsroom/feeds/country/cn.atom")


def test_the_path_alone_leads_to_the_front_page(client: Client) -> None:
    answer = client.get("/newsroom")
    assert (answer.status_code, answer.headers["Location"]) == (308, "/newsroom/")


def test_the_path_is_taken_off_once(client: Client) -> None:
    assert client.get("/newsroom/newsroom/feeds/all.atom").status_code == 404


@pytest.mark.parametrize("path", ["/nouvelles%20d%C3%A9but", "/a/b/c", "/en"])
def test_any_path_will_do(tmp_path: Path, path: str) -> None:
    client = a_client(tmp_path, f"https://press.example.org{path}/")
    assert client.get(f"{path}/feeds/all.atom").status_code == 200
    assert client.get("/feeds/all.atom").status_code == 200


@pytest.mark.parametrize("path", ["/feeds", "/mn", "/media/press"])
def test_a_path_like_the_newsroom_s_own_is_for_the_proxy_to_take_off(
    tmp_path: Path, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    client = a_client(tmp_path, f"https://press.example.org{path}")
    assert client.get("/feeds/all.atom").status_code == 200
    assert client.get("/mn/feeds/all.atom").headers["Content-Language"] == "mn"
    assert f"“{path}” begins like addresses of the newsroom itself: the proxy has to take it off" in caplog.text
