"""What a reader gets, whether the answer was kept or is made on the spot: one suite for both."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.http import http_date

from feeds.publish.document import Moved
from feeds.publish.http.header_fields import link_header
from feeds.publish.http.security_headers import document_security_headers
from feeds.render.feed_values import Link
from tests.application import Clock

from .desk import (
    DECODERS,
    FEED,
    NOON,
    PAGE,
    YESTERDAY,
    Application,
    Asking,
    Desk,
    a_document,
    a_page,
    ask,
)

# -- every reply ----------------------------------------------------------------------------------------------------


def test_a_feed_goes_out_whole_with_all_its_headers(get: Asking) -> None:
    response = get()
    assert response.status == 200
    assert response.body == a_document().body
    assert response.headers.pop("ETag").startswith('"')
    assert response.headers == {
        "Content-Type": "application/atom+xml; charset=utf-8",
        "Content-Length": str(len(response.body)),
        "Content-Language": "en",
        "Last-Modified": "Wed, 23 Jun 2021 12:00:00 GMT",
        "Cache-Control": "public, max-age=300, stale-while-revalidate=60, stale-if-error=86400",
        "Vary": "Accept-Encoding, Sec-Fetch-Dest",
        "Link": '<https://newsroom.example/feeds/all.atom>; rel="self"; type="application/atom+xml"',
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
        **dict(document_security_headers(a_document())),
    }


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip"])
def test_every_coding_decodes_to_the_same_bytes_under_its_own_tag(get: Asking, coding: str) -> None:
    response = get(accept_encoding=coding)
    assert response.headers["Content-Encoding"] == coding
    assert response.headers["Content-Length"] == str(len(response.body))
    assert DECODERS[coding](response.body) == a_document().body
    assert len(response.body) < len(a_document().body)
    assert response.headers["ETag"] != get().headers["ETag"]


def test_gzip_names_neither_a_time_nor_an_operating_system(get: Asking) -> None:
    assert get(accept_encoding="gzip").body[:10] == b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"


@pytest.mark.parametrize("path", ["/robots.txt", "/static/a.png"])
def test_what_does_not_get_smaller_goes_out_plain(get: Asking, path: str) -> None:
    assert "Content-Encoding" not in get(path, accept_encoding="br, gzip").headers


def test_a_reader_who_refuses_plain_bytes_gets_a_coding_however_small_the_document(get: Asking) -> None:
    response = get("/robots.txt", accept_encoding="gzip, identity;q=0")
    assert DECODERS[response.headers["Content-Encoding"]](response.body) == b"User-agent: *\n"


def test_a_reader_who_refuses_everything_is_told_what_there_is(get: Asking) -> None:
    response = get(accept_encoding="*;q=0")
    assert response.status == 406
    assert b"gzip" in response.body


@pytest.mark.parametrize("path", [FEED, PAGE, "/releases/2021/gone", "/feeds/old.atom", "/robots.txt", "/nowhere"])
@pytest.mark.parametrize("coding", ["br", "identity", "*;q=0"])
def test_head_says_what_get_says_without_the_body(get: Asking, path: str, coding: str) -> None:
    got, head = (get(path, method, accept_encoding=coding) for method in ("GET", "HEAD"))
    assert (head.status, head.headers, head.body) == (got.status, got.headers, b"")


def test_a_notice_of_withdrawal_is_gone_and_never_not_modified(get: Asking) -> None:
    response = get("/releases/2021/gone")
    assert response.status == 410
    assert get("/releases/2021/gone", if_none_match=response.headers["ETag"]).status == 410


def test_a_person_who_opens_a_feed_gets_the_same_bytes_as_a_page_of_xml(get: Asking) -> None:
    plain, person = get(), get(sec_fetch_dest="document")
    assert person.headers["Content-Type"] == "application/xml; charset=utf-8"
    assert person.body == plain.body
    assert person.headers["ETag"] != plain.headers["ETag"]
    assert get(if_none_match=person.headers["ETag"]).status == 200
    assert get(if_none_match=person.headers["ETag"], sec_fetch_dest="document").status == 304


@pytest.mark.parametrize("destination", ["empty", "iframe", "Document", "", "document, document"])
def test_only_a_browser_opening_the_address_is_a_person(get: Asking, destination: str) -> None:
    assert get(sec_fetch_dest=destination).headers["Content-Type"].startswith("application/atom+xml")


def test_a_page_is_a_page_for_everybody_and_belongs_to_this_site(get: Asking) -> None:
    page = get(PAGE, sec_fetch_dest="document")
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert page.headers["Vary"] == "Accept-Encoding"
    assert page.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in page.headers


# -- conditions -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip", "identity"])
def test_a_reader_who_has_the_document_is_told_so_without_a_body(get: Asking, coding: str) -> None:
    have = get(accept_encoding=coding)
    response = get(accept_encoding=coding, if_none_match=have.headers["ETag"])
    assert (response.status, response.body) == (304, b"")
    assert response.headers == {
        name: have.headers[name]
        for name in (
            "ETag",
            "Last-Modified",
            "Cache-Control",
            "Vary",
            "Access-Control-Allow-Origin",
            "Cross-Origin-Resource-Policy",
            *dict(document_security_headers(a_document())),
        )
    }


def test_the_tag_of_another_coding_counts_if_the_reader_can_read_that_coding(get: Asking) -> None:
    zipped = get(accept_encoding="gzip").headers["ETag"]
    for fields in ({}, {"accept_encoding": "gzip, br"}):
        response = get(if_none_match=zipped, **fields)
        assert (response.status, response.headers["ETag"]) == (304, zipped)
    assert get(if_none_match=zipped, accept_encoding="identity").status == 200


def test_a_tag_wins_over_a_date(get: Asking) -> None:
    new, old = http_date(NOON), http_date(YESTERDAY - timedelta(days=9))
    assert get(if_none_match='"other"', if_modified_since=new).status == 200
    assert get(if_none_match=get().headers["ETag"], if_modified_since=old).status == 304


@pytest.mark.parametrize(
    ("since", "status"),
    [
        ("Wed, 23 Jun 2021 12:00:00 GMT", 304),
        ("Wednesday, 23-Jun-21 12:00:00 GMT", 304),
        ("Wed Jun 23 12:00:00 2021", 304),
        ("Thu, 24 Jun 2021 12:00:00 GMT", 304),
        ("Wed, 23 Jun 2021 11:59:59 GMT", 200),
        ("23 June", 200),
        ("Sun, 06 Nov 99999999999999999 08:49:37 GMT", 200),
    ],
)
def test_a_reader_with_only_a_date_is_told_whether_that_is_still_good(get: Asking, since: str, status: int) -> None:
    assert get(if_modified_since=since).status == status


def test_a_failed_precondition_comes_before_all_others(get: Asking) -> None:
    tag = get().headers["ETag"]
    assert get(if_match='"other"', if_none_match=tag).status == 412
    assert get(if_match=tag, if_unmodified_since="Wed, 23 Jun 1999 12:00:00 GMT").status == 200
    assert get(if_unmodified_since="Wed, 23 Jun 1999 12:00:00 GMT").status == 412


def test_a_range_is_not_served_in_part(get: Asking) -> None:
    response = get(range="bytes=0-9")
    assert (response.status, response.body) == (200, a_document().body)


HEADERS = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=60)


@given(HEADERS, HEADERS, HEADERS)
def test_no_header_upsets_an_answer(encoding: str, tag: str, date: str) -> None:
    app = Application(Desk(), Clock())
    response = ask(app, accept_encoding=encoding, if_none_match=tag, if_modified_since=date, sec_fetch_dest=date)
    assert response.status in (200, 304, 406)


# -- methods and addresses ------------------------------------------------------------------------------------------


def test_options_names_the_methods_and_lets_every_origin_ask_for_a_feed(get: Asking) -> None:
    response = get(FEED, "OPTIONS", origin="https://partner.example", access_control_request_method="GET")
    assert (response.status, response.body) == (204, b"")
    assert response.headers["Allow"] == response.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in get(PAGE, "OPTIONS").headers


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "get", "PROPFIND"])
@pytest.mark.parametrize("path", [FEED, "/feeds/old.atom"])
@pytest.mark.filterwarnings("ignore:Unknown REQUEST_METHOD")
def test_nothing_can_be_changed_over_http(get: Asking, method: str, path: str) -> None:
    response = get(path, method)
    assert (response.status, response.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert response.body == b"Use GET, HEAD or OPTIONS.\n"


def test_another_address_of_the_same_thing_leads_to_it(get: Asking) -> None:
    response = get("/feeds/old.atom")
    assert (response.status, response.headers["Location"]) == (308, "/feeds/all.atom")
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert get("/feeds/today.atom").status == 307


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("//evil.example/x", "/evil.example/x"),
        ("/a\r\nSet-Cookie: x", "/a%0D%0ASet-Cookie:%20x"),
        ("/\\evil.example", "/%5Cevil.example"),
        ("/feeds/all.atom?q=a%20b", "/feeds/all.atom?q=a%20b"),
    ],
)
def test_a_redirect_never_leaves_the_site(get: Asking, desk: Desk, path: str, location: str) -> None:
    desk.answers["/here"] = Moved(path)
    assert get("/here").headers["Location"] == location


def test_what_there_is_not_is_for_the_application_to_show(get: Asking) -> None:
    for path in ("/nowhere", "/feeds/\xe4\xb8\xad"):
        for query in ("", "q=1"):
            response = get(path, query=query)
            assert (response.status, response.body) == (404, b"nothing here: see /feeds/")
            assert response.headers["Cache-Control"] == "no-store"


def test_a_path_that_is_not_utf_8_is_not_even_asked_for(get: Asking, desk: Desk) -> None:
    assert get("/\xff\xfe").body == b"nothing here: "
    assert desk.asked == []


def test_what_there_is_not_is_asked_for_once(hot: Application, desk: Desk) -> None:
    ask(hot, "/nowhere")
    assert desk.asked == [("/nowhere", "")]


def test_a_path_arrives_as_text(hot: Application, desk: Desk) -> None:
    desk.answers["/中"] = a_page()
    assert ask(hot, "/中".encode().decode("latin-1")).status == 200


def test_host_and_forwarding_headers_change_nothing(get: Asking) -> None:
    evil = "evil.example"
    strange = get(host=evil, x_forwarded_host=evil, x_forwarded_proto="gopher", forwarded=f"host={evil}", cookie="a=b")
    assert strange == get()


def test_links_are_quoted_and_titles_in_any_script_survive() -> None:
    links = (Link("https://e.org/>;x", "alternate", title='a "b"\\'), Link("https://e.org/", "hub", title="新闻"))
    assert link_header(links) == (
        '<https://e.org/%3E;x>; rel="alternate"; title="a \\"b\\"\\\\", '
        "<https://e.org/>; rel=\"hub\"; title*=UTF-8''%E6%96%B0%E9%97%BB"
    )


def test_two_replicas_give_the_same_bytes_and_tags(desk: Desk) -> None:
    one, two = Application(desk, Clock()), Application(desk, Clock(NOON + timedelta(hours=3)))
    for coding in ("identity", "gzip", "br", "zstd"):
        assert ask(one, accept_encoding=coding) == ask(two, accept_encoding=coding)
