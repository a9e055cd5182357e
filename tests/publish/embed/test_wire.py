"""What goes over the wire: headers a partner's browser and caches act on."""

from __future__ import annotations

import gzip
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

import pytest
from flask.testing import FlaskClient

from feeds.publish.assets.embed_scripts import scripts
from feeds.settings import Settings
from feeds.web import create_app
from tests.tools import DATA

from .sites import Newsroom

CARD = "/embed/release/2021/score-pilot-experience-sharing-conference.html"
BOTH = (
    "/embed/",
    "/embed/frame/5/all.html",
    "/embed/frame/5/all.html?theme=dark",
    CARD,
    "/embed/fragment/5/all.html",
    scripts()[-1].path,
    "/oembed",
)


def test_every_version_is_served_as_published_for_a_year(newsroom: Newsroom) -> None:
    for each in scripts():
        with urlopen(Request(newsroom.origin + each.path, headers={"Accept-Encoding": "gzip"})) as reply:
            body = gzip.decompress(reply.read())
            assert body == each.body
            assert reply.headers["Content-Type"] == "text/javascript; charset=utf-8"
            assert reply.headers["Cache-Control"].startswith("public, max-age=31536000, immutable")
            assert reply.headers["Access-Control-Allow-Origin"] == "*"
            assert reply.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_the_script_goes_out_in_two_kilobytes(newsroom: Newsroom) -> None:
    for coding in ("gzip", "br", "zstd"):
        with urlopen(Request(newsroom.origin + scripts()[-1].path, headers={"Accept-Encoding": coding})) as reply:
            assert reply.headers["Content-Encoding"] == coding
            assert len(reply.read()) <= 2_048


def test_only_the_frame_lets_itself_be_framed(newsroom: Newsroom) -> None:
    policies = {}
    frames = (CARD, "/embed/frame/5/all.html", "/embed/frame/5/all.html?theme=dark")
    for path in ("/", "/embed/", "/feeds/all.html", "/embed/fragment/5/all.html", *frames):
        with urlopen(newsroom.origin + path) as reply:
            policies[path] = reply.headers["Content-Security-Policy"]
            assert "Set-Cookie" not in reply.headers
    for framed in map(policies.pop, frames):
        assert "frame-ancestors *" in framed
        assert "script-src" not in framed
        assert "https:" not in framed  # a partner's readers meet nobody but us
    assert all("frame-ancestors 'none'" in policy for policy in policies.values())


@pytest.mark.parametrize(
    ("query", "status"),
    [("", 400), ("url=x&format=yaml", 501), ("url=https%3A%2F%2Fexample.org%2F", 404)],
)
def test_a_bad_question_to_oembed_has_its_status(newsroom: Newsroom, query: str, status: int) -> None:
    with pytest.raises(HTTPError) as refused:
        urlopen(f"{newsroom.origin}/oembed?{query}")
    with refused.value as reply:
        assert reply.code == status


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory, served: Newsroom) -> FlaskClient:
    settings = Settings(data=DATA, state=tmp_path_factory.mktemp("catalogue"), base_url=served.origin, watch="off")
    return create_app(settings, hot=False).test_client()


@pytest.mark.parametrize("path", BOTH)
def test_the_same_goes_out_without_the_hot_path(plain: FlaskClient, newsroom: Newsroom, path: str) -> None:
    query = "?url=" + quote(newsroom.origin + "/", safe="") if path == "/oembed" else ""
    with urlopen(newsroom.origin + path + query) as reply:
        assert plain.get(path + query).data == reply.read()
