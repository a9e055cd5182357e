"""Every answer of every kind bears every security header, whichever way it comes about."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from feeds.publish.assets import assets
from feeds.publish.assets.embed_scripts import scripts
from feeds.settings import Settings
from feeds.web.app import create_app
from tests.makers import NOW, YESTERDAY, a_newsroom, overwrite_catalogues, yaml

BASE = "https://news.example.org"
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
PAGES = (
    "/",
    "/mn/",
    "/about",
    "/help",
    "/developers",
    "/feeds/",
    "/feeds/country/mn.html",
    "/releases/2021/dam",
    "/embed/",
    "/search",
)
FEEDS = ("/feeds/all.atom", "/feeds/all.rss", "/feeds/all.json", "/mn/feeds/topic/wages.atom")
FRAME = "/embed/frame/5/all.html"
SHARED = (*FEEDS, "/feeds.opml", FRAME, "/embed/fragment/5/all.html", "/oembed?url=https://news.example.org/")
OWN = (*PAGES, "/sitemap.xml", "/sitemap-news.xml", "/robots.txt", "/favicon.ico", "/healthz", "/releases/2021/gone")
STATIC = (*(asset.path for asset in assets().values()), *(script.path for script in scripts()))
ADDRESSES = (*SHARED, *OWN, *STATIC)


@pytest.fixture(scope="module", params=["kept", "on the spot"])
def client(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    files = {
        "2021/dam.yaml": yaml(published=YESTERDAY, countries=["MN"], aliases=["2021/old-dam"]),
        "2021/gone.yaml": yaml(withdrawn={"date": YESTERDAY, "reason": "It was wrong."}),
    }
    path = tmp_path_factory.mktemp("newsroom")
    settings = Settings(data=a_newsroom(path, files), state=path, base_url=BASE, watch="off")
    return create_app(settings, clock=lambda: NOW, hot=request.param == "kept").test_client()


def directives(response: TestResponse) -> dict[str, str]:
    parts = (part.partition(" ") for part in response.headers["Content-Security-Policy"].split("; "))
    return {name: sources for name, _, sources in parts}


def is_guarded(response: TestResponse) -> bool:
    found = {name: response.headers.getlist(name) for name in ALWAYS}
    assert found == {name: [value] for name, value in ALWAYS.items()}
    assert len(response.headers.getlist("Cross-Origin-Resource-Policy")) == 1
    policy = directives(response)
    assert policy["default-src"] == "'none'"
    assert policy["base-uri"] == "'none'"
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert {"frame-ancestors", "form-action"} <= policy.keys()
    assert "Set-Cookie" not in response.headers
    return True


@pytest.mark.parametrize("path", ADDRESSES)
def test_every_answer_to_every_method_bears_every_header(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code in ((410,) if path.endswith("gone") else (200,))
    assert is_guarded(response)
    assert is_guarded(client.head(path))
    assert is_guarded(client.options(path))
    refused = client.post(path)
    assert refused.status_code == 405
    assert is_guarded(refused)


@pytest.mark.parametrize("path", [path for path in ADDRESSES if path not in ("/healthz", "/releases/2021/gone")])
def test_an_unchanged_document_bears_the_same_headers_as_the_whole(client: FlaskClient, path: str) -> None:
    whole = client.get(path)
    unchanged = client.get(path, headers={"If-None-Match": whole.headers["ETag"]})
    assert unchanged.status_code == 304
    assert is_guarded(unchanged)
    assert directives(unchanged) == directives(whole)


@pytest.mark.parametrize(
    ("path", "fields", "status"),
    [
        ("/nothing", {}, 404),
        ("/releases/2021/nothing", {}, 404),
        ("/feeds/country/xx.atom", {}, 404),
        ("/static/nothing.css", {}, 404),
        ("/a/b/c/d", {}, 404),
        ("/releases/2021/gone", {}, 410),
        ("/releases/2021/old-dam", {}, 308),
        ("/FEEDS/all.atom", {}, 308),
        ("/feeds/all.atom", {"Accept-Encoding": "*;q=0"}, 406),
        ("/feeds/all.atom", {"If-Match": '"x"'}, 412),
    ],
)
def test_what_is_no_success_is_guarded_too(client: FlaskClient, path: str, fields: dict[str, str], status: int) -> None:
    response = client.get(path, headers=fields)
    assert response.status_code == status
    assert is_guarded(response)


def test_a_newsroom_that_cannot_be_read_is_guarded_too(tmp_path: Path) -> None:
    data = a_newsroom(tmp_path)
    client = create_app(Settings(data=data, state=tmp_path, base_url=BASE, watch="off")).test_client()
    (data / "newsroom.yaml").unlink()
    overwrite_catalogues(tmp_path, b"no database")
    for path in ("/", "/healthz", "/feeds/all.atom"):
        response = client.get(path)
        assert response.status_code == 503
        assert is_guarded(response)


@pytest.mark.parametrize("path", ADDRESSES)
def test_only_the_frame_of_headlines_may_be_framed(client: FlaskClient, path: str) -> None:
    assert directives(client.get(path))["frame-ancestors"] == ("*" if path == FRAME else "'none'")


@pytest.mark.parametrize("path", ADDRESSES)
def test_scripts_of_other_origins_read_feeds_embeds_and_static_files_alone(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    if path in (*SHARED, *STATIC):
        assert headers["Access-Control-Allow-Origin"] == "*"
        assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    else:
        assert "Access-Control-Allow-Origin" not in headers
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize("path", ADDRESSES)
def test_only_pages_run_scripts_and_only_their_own(client: FlaskClient, path: str) -> None:
    allowed = directives(client.get(path)).get("script-src")
    is_page = client.get(path).mimetype == "text/html" and path != FRAME
    assert allowed == ("'self'" if is_page else None)


@pytest.mark.parametrize("path", FEEDS[:2])
def test_a_feed_may_load_its_style_sheet_from_the_address_it_names_and_nothing_more(
    client: FlaskClient, path: str
) -> None:
    policy = directives(client.get(path, headers={"Sec-Fetch-Dest": "document"}))
    assert policy.pop("style-src") == f"'self' {BASE}"
    assert set(policy.values()) == {"'none'"}
