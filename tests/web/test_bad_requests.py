"""Malformed requests are refused before anything reads them; all others are none the wiser."""

from __future__ import annotations

from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.provisional import domains

from feeds.web.bad_requests import is_host
from tests.application import Served
from tests.makers import NOW, YESTERDAY, a_newsroom, yaml

from .desk import FEED, Response, ask

GOOD_HOSTS = (
    "news.example.org", "NEWS.example.org:443", "localhost:8000", "127.0.0.1", "[::1]", "[::1]:8000",
    "[2001:db8::192.0.2.1]:80", "news_room", "xn--fiqs8s.example.", "example.org:", "a%2db", "example.org:65535",
)  # fmt: skip
BAD_HOSTS = (
    "one.example,two.example", "one.example, one.example", "example.org:99999", "example.org:65536",
    "example.org:http", "example.org:-1", "example.org:80:80", "example.org :80", "two words", "example.org/feeds",
    "http://example.org", "user@example.org", "user:pass@example.org", "example.org?q", "example.org#a", "a\\b",
    "a\0b", "a\tb", "a\r\nX: y", "bücher.example", "[::1", "::1", "[]", "[::1]x", "[example.org]", "[1.2.3]",
    "[fe80::1%25eth0]", "a%2", "a%zz", '"a"', "<a>", "a|b", "a^b", ":80", "example.org:８０",
)  # fmt: skip


@pytest.mark.parametrize("host", GOOD_HOSTS)
def test_a_host_with_or_without_a_port_is_taken(host: str) -> None:
    assert is_host(host)


@pytest.mark.parametrize("host", BAD_HOSTS)
def test_what_is_no_single_host_is_not(host: str) -> None:
    assert not is_host(host)


@given(
    st.one_of(domains(), st.ip_addresses(v=4).map(str), st.ip_addresses(v=6).map(lambda address: f"[{address}]")),
    st.one_of(st.just(""), st.integers(0, 65_535).map(lambda port: f":{port}")),
)
def test_every_domain_and_every_address_is_a_host(name: str, port: str) -> None:
    assert is_host(name + port)
    assert not is_host(f"{name},{name}{port}")
    assert not is_host(f"user@{name}{port}")


@given(st.text())
def test_any_text_is_either_a_host_or_not(text: str) -> None:
    assert is_host(text) in (True, False)


# -- the whole application ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=["kept", "on the spot"])
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Served:
    files = {"2021/2021-06-01-dam.yaml": yaml(published=YESTERDAY, aliases=["2021/weir"], countries=["CN"])}
    return Served(a_newsroom(tmp_path_factory.mktemp("newsroom"), files), NOW, hot=request.param == "kept")


def raw(served: Served, path: str = FEED, method: str = "GET", query: str = "", **environ: str | None) -> Response:
    """One request as a server hands it over; None takes a variable away.

    The validator sees a plain request: it knows no odd ones.
    """
    changes = {"PATH_INFO": path, "REQUEST_METHOD": method, "QUERY_STRING": query, **environ}

    def handed_over(plain: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        odd = {name: value for name, value in (plain | changes).items() if value is not None}
        return served.app(odd, start_response)

    return ask(handed_over)


def is_guarded(response: Response) -> bool:
    """Whether an answer bears the security headers, and says how long it may be kept."""
    wanted = {"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Permissions-Policy",
              "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy", "Cache-Control"}  # fmt: skip
    return wanted <= response.headers.keys()


@pytest.mark.parametrize("path", [FEED, "/", "/healthz", "/nowhere", "/releases/2021/weir", "/static/nothing.css"])
@pytest.mark.parametrize("host", [None, "", "one.example,two.example", "user@evil.example", "evil.example/x"])
def test_a_request_without_exactly_one_host_is_refused_everywhere(served: Served, path: str, host: str | None) -> None:
    served.status(path)  # kept from now on
    response = raw(served, path, HTTP_HOST=host, SERVER_PROTOCOL="HTTP/1.1")
    assert response.status == 400
    assert b"evil" not in response.body
    assert response.headers["Cache-Control"] == "no-store"
    assert is_guarded(response)
    assert raw(served, path, "HEAD", HTTP_HOST=host, SERVER_PROTOCOL="HTTP/1.1").body == b""


@pytest.mark.parametrize("protocol", ["HTTP/1.0", "HTTP/1"])
def test_before_http_1_1_a_request_needs_no_host_but_must_not_have_two(served: Served, protocol: str) -> None:
    assert raw(served, HTTP_HOST=None, SERVER_PROTOCOL=protocol).status == 200
    assert raw(served, HTTP_HOST="", SERVER_PROTOCOL=protocol).status == 200
    assert raw(served, HTTP_HOST="a.example,b.example", SERVER_PROTOCOL=protocol).status == 400


@pytest.mark.parametrize("path", [FEED, "/", "/nowhere", "/releases/2021/weir", "/FEEDS/all.atom", "/feeds", "/healthz",
                                  "/feeds//all.atom", "//evil.example/feeds/"])  # fmt: skip
def test_host_scheme_and_forwarding_fields_change_nothing(served: Served, path: str) -> None:
    one = raw(served, path, HTTP_HOST="news.example.org")
    other = raw(
        served, path, HTTP_HOST="evil.example:81", HTTP_X_FORWARDED_HOST="evil.example", HTTP_X_FORWARDED_PROTO="ftp",
        HTTP_X_FORWARDED_PREFIX="/evil", HTTP_FORWARDED="host=evil.example;proto=ftp", HTTP_X_ORIGINAL_URL="/evil",
        HTTP_X_REWRITE_URL="/evil", HTTP_X_HTTP_METHOD_OVERRIDE="DELETE", SERVER_NAME="evil.example", SERVER_PORT="81",
        HTTP_CONNECTION="upgrade", HTTP_UPGRADE="websocket", SCRIPT_NAME="/evil", **{"wsgi.url_scheme": "https"},
    )  # fmt: skip
    assert other == one
    assert "evil" not in f"{other.headers}"
    assert b"evil" not in other.body.replace(b"://evil.example", b"")
    assert is_guarded(one)


@pytest.mark.parametrize(
    ("method", "target", "status"),
    [
        ("OPTIONS", "*", 204),
        ("GET", "*", 400),
        ("HEAD", "*", 400),
        ("GET", "443", 400),
        ("GET", "feeds/all.atom", 400),
        ("POST", "healthz", 400),
        ("CONNECT", "443", 405),
        ("CONNECT", "", 405),
        ("TRACE", FEED, 405),
        ("PROPFIND", "/", 405),
        ("get", FEED, 405),
        ("X" * 3_000, FEED, 405),
        ("BREW", "/nowhere", 405),
        ("OPTIONS", "/nowhere", 404),
        ("GET", "/" + "x" * 60_000, 404),
        ("GET", "/%zz%2", 404),
        ("GET", "/a\0b", 404),
        ("GET", "/a\r\nX: y", 404),
        ("GET", "/feeds/../feeds/all.atom", 404),
        ("GET", "/\\evil.example/feeds/", 404),
        ("GET", "//evil.example", 404),
        ("GET", "/\x80\xff", 404),
    ],
)
def test_odd_targets_and_methods_get_a_guarded_answer_that_echoes_nothing(
    served: Served, method: str, target: str, status: int
) -> None:
    response = raw(served, target, method)
    assert response.status == status
    assert is_guarded(response)
    assert "evil" not in f"{response.headers}"
    assert b"evil" not in response.body
    assert b"xxx" not in response.body
