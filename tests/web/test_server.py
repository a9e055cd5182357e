"""The bytes on the wire under real servers, and what slow clients can do to the one that is shipped."""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import quote

import pytest

from tests.servers import Server, Servers
from tests.tools import DEAD, free_port, wait_until

from .desk import DECODERS, FEED, Response, a_document, a_full_desk
from .served import LARGE, LONG_PAGE

COMMANDS = {
    "granian": ["-m", "tests.web.served", "{port}", "60"],
    "gunicorn": ["-m", "gunicorn", "-b", "127.0.0.1:{port}", "--threads=4", "tests.web.served:application()"],
    "impatient granian": ["-m", "tests.web.served", "{port}", "1"],
    "waitress": ["-m", "waitress", "--listen=127.0.0.1:{port}", "--call", "tests.web.served:application"],
}


def running(servers: Servers, kind: str) -> Server:
    """The full desk behind one of these servers."""
    port = free_port()
    command = [sys.executable, *(part.format(port=port) for part in COMMANDS[kind])]
    return servers.program(command, port=port, ready="/robots.txt")


@pytest.fixture(scope="module", params=["granian", "gunicorn", "waitress"])
def port(request: pytest.FixtureRequest, servers: Servers, granian: int) -> Iterator[int]:
    if request.param == "granian":
        yield granian
        return
    with running(servers, request.param) as server:
        yield server.port


@pytest.fixture(scope="module")
def granian(servers: Servers) -> Iterator[int]:
    with running(servers, "granian") as server:
        yield server.port


def request_bytes(path: str, method: str = "GET", **fields: str) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: newsroom.example", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def ask(port: int, path: str = FEED, method: str = "GET", **fields: str) -> Response:
    """One request over a connection of its own, read to its end: whatever follows the head is the body."""
    return ask_raw(port, request_bytes(path, method, **fields))


def ask_raw(port: int, request: bytes) -> Response:
    """The same with the bytes of the request."""
    with socket.create_connection(("127.0.0.1", port), timeout=DEAD) as connection:
        connection.sendall(request)
        received = read_to_end(connection)
    head, blank, body = received.partition(b"\r\n\r\n")
    if not blank:
        raise ConnectionError("closed before the end of the head")
    status, *lines = head.decode("latin-1").split("\r\n")
    headers = [line.split(": ", 1) for line in lines]
    assert len({name.lower() for name, _ in headers}) == len(headers), "a field is sent twice"
    return Response(int(status.split()[1]), {name.lower(): value for name, value in headers}, body)


def read_to_end(connection: socket.socket) -> bytes:
    return b"".join(iter(lambda: connection.recv(65_536), b""))


# -- on the wire ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("coding", ["identity", "gzip", "br", "zstd"])
def test_get_head_and_not_modified_agree_in_every_coding(port: int, coding: str) -> None:
    got, head = (ask(port, method=method, Accept_Encoding=coding) for method in ("GET", "HEAD"))
    assert got.status == head.status == 200
    assert DECODERS[coding](got.body) == a_document().body
    assert got.headers.get("content-encoding", "identity") == coding
    assert got.headers["content-length"] == head.headers["content-length"] == str(len(got.body))
    assert head.body == b""
    assert {**head.headers, "date": ""} == {**got.headers, "date": ""}

    same = ask(port, Accept_Encoding=coding, If_None_Match=got.headers["etag"])
    assert (same.status, same.body) == (304, b"")
    assert {"content-length", "content-type", "content-encoding", "transfer-encoding"}.isdisjoint(same.headers)
    for name in ("etag", "cache-control", "vary", "last-modified"):
        assert same.headers[name] == got.headers[name]


def test_a_date_is_sent_and_no_cookie(port: int) -> None:
    headers = ask(port).headers
    assert headers["date"].endswith(" GMT")
    assert "set-cookie" not in headers


def test_a_tag_in_the_second_of_two_fields_of_one_name_is_found(port: int) -> None:
    tag = ask(port).headers["etag"]
    assert ask(port, If_None_Match=f'"other"\r\nIf-None-Match: W/{tag}').status == 304


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [
        ("/feeds/old.atom", "GET", 308),
        ("/feeds/today.atom", "HEAD", 307),
        ("/releases/2021/gone", "GET", 410),
        ("/nowhere", "GET", 404),
        ("/%ff%fe", "GET", 404),
        ("/%E4%B8%AD", "GET", 404),
        (FEED, "POST", 405),
        (FEED, "DELETE", 405),
        (FEED, "OPTIONS", 204),
    ],
)
def test_every_other_reply_has_the_length_it_says(port: int, path: str, method: str, status: int) -> None:
    response = ask(port, path, method)
    assert response.status == status
    assert method != "HEAD" or response.body == b""
    assert method == "HEAD" or len(response.body) == int(response.headers.get("content-length", "0"))


def test_every_document_arrives_as_it_was_made(port: int) -> None:
    for path, answer in a_full_desk().answers.items():
        if body := getattr(answer, "body", None):
            assert ask(port, quote(path)).body == body


def test_a_long_page_of_the_application_arrives_whole(granian: int) -> None:
    response = ask(granian, LONG_PAGE)
    assert response.body == b"x" * 8_000_000
    assert response.headers["content-length"] == "8000000"


# -- malformed requests ---------------------------------------------------------------------------------------------

CLOSE = "Connection: close"
BARE = f"GET {FEED} HTTP/1.1\r\n{CLOSE}\r\n"


@pytest.mark.parametrize(
    "hosts",
    [
        "",
        "Host:\r\n",
        "Host:  \t \r\n",
        "Host: one.example\r\nHost: two.example\r\n",
        "Host: one.example\r\nAccept: */*\r\nHOST: one.example\r\n",
        "Host: one.example\r\nHost:\r\n",
        "Host: one.example, two.example\r\n",
        "Host: one.example:99999\r\n",
        "Host: one.example:http\r\n",
        "Host: one example\r\n",
        "Host: one.example/feeds\r\n",
        "Host: user:word@one.example\r\n",
        "Host: one\0.example\r\n",
        "Host: \xff.example\r\n",
        "Host: [::1\r\n",
        "Host : one.example\r\n",
        "X-Forwarded-Host: one.example\r\n",
    ],
)
def test_a_request_without_exactly_one_host_is_refused(port: int, hosts: str) -> None:
    response = ask_raw(port, f"{BARE}{hosts}\r\n".encode("latin-1"))
    assert response.status == 400
    assert b".example" not in response.body


@pytest.mark.parametrize("host", ["", "Host: newsroom.example\r\n"])
def test_an_old_client_need_not_name_a_host(port: int, host: str) -> None:
    assert ask_raw(port, f"GET {FEED} HTTP/1.0\r\n{host}\r\n".encode()).status == 200


@pytest.mark.parametrize(
    ("line", "status"),
    [
        (f"GET http://elsewhere.example{FEED} HTTP/1.1", 200),
        ("GET http://elsewhere.example/feeds/old.atom HTTP/1.1", 308),
        ("OPTIONS * HTTP/1.1", 204),
        ("GET * HTTP/1.1", 400),
        ("GET feeds/all.atom HTTP/1.1", 400),
        (f"TRACE {FEED} HTTP/1.1", 405),
        (f"BREW {FEED} HTTP/1.1", 405),
        ("GET /%zz%2 HTTP/1.1", 404),
        ("GET /%00 HTTP/1.1", 404),
        ("GET //elsewhere.example/feeds HTTP/1.1", 404),
        ("GET /\\elsewhere.example/feeds HTTP/1.1", 404),
        (f"GET  {FEED}", 400),
    ],
)
def test_odd_request_lines_get_the_answer_that_the_protocol_has_for_them(port: int, line: str, status: int) -> None:
    response = ask_raw(port, f"{line}\r\nHost: newsroom.example\r\n{CLOSE}\r\n\r\n".encode())
    assert response.status == status
    assert b"elsewhere" not in response.body
    assert response.headers.get("location", FEED) == FEED


def test_a_target_of_any_length_is_answered_or_refused(port: int) -> None:
    for length in (3_000, 60_000, 200_000):
        assert ask(port, "/" + "x" * length).status in (400, 404, 414, 431)


# -- slow clients ---------------------------------------------------------------------------------------------------

CROWD = 200


def answers_everybody_else(port: int) -> bool:
    """Whether twenty readers in a row get a feed, each well before any slow client has been dropped."""
    return all(ask(port, Accept_Encoding="gzip").status == 200 for _ in range(20))


def test_two_hundred_clients_that_never_end_their_request_starve_nobody(granian: int) -> None:
    with ExitStack() as crowd:
        for _ in range(CROWD):
            client = crowd.enter_context(socket.create_connection(("127.0.0.1", granian), timeout=DEAD))
            client.sendall(request_bytes(FEED)[:40])
        assert answers_everybody_else(granian)


@pytest.mark.parametrize("path", [LARGE, LONG_PAGE])
def test_two_hundred_clients_that_hardly_read_starve_nobody(granian: int, path: str) -> None:
    with ExitStack() as crowd:
        for _ in range(CROWD // 2 if path == LONG_PAGE else CROWD):
            client = crowd.enter_context(socket.socket())
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2_048)
            client.settimeout(DEAD)
            client.connect(("127.0.0.1", granian))
            client.sendall(request_bytes(path))
            assert client.recv(1) == b"H"
        assert answers_everybody_else(granian)


def test_clients_that_announce_a_body_and_never_send_it_starve_nobody(granian: int) -> None:
    with ExitStack() as crowd:
        for method, path in [("POST", FEED), ("GET", FEED), ("POST", "/nowhere")] * 20:
            client = crowd.enter_context(socket.create_connection(("127.0.0.1", granian), timeout=DEAD))
            client.sendall(request_bytes(path, method, Content_Length="1000000"))
        assert answers_everybody_else(granian)


def test_a_client_that_never_ends_its_request_is_dropped(servers: Servers) -> None:
    with running(servers, "impatient granian") as server:
        idle = socket.create_connection(("127.0.0.1", server.port), timeout=DEAD)
        with idle, socket.create_connection(("127.0.0.1", server.port), timeout=DEAD) as client:
            client.sendall(request_bytes(FEED)[:40])
            assert b" 200 " not in read_to_end(client) + read_to_end(idle)


def test_a_head_without_end_is_refused(granian: int) -> None:
    with socket.create_connection(("127.0.0.1", granian), timeout=DEAD) as client:
        try:
            client.sendall(b"GET / HTTP/1.1\r\nX: " + b"x" * 2_000_000)
            answer = client.recv(1_024)
        except ConnectionError:
            answer = b""
        assert b" 200 " not in answer
    assert answers_everybody_else(granian)


# -- the life of the server -----------------------------------------------------------------------------------------


def test_a_worker_that_dies_is_replaced_and_the_server_stops_when_told(servers: Servers) -> None:
    with running(servers, "granian") as server:
        wait_until(lambda: len(server.workers()) == 2, "both workers are at work")
        first = server.workers()
        os.kill(min(first), signal.SIGKILL)
        wait_until(lambda: len(server.workers() - first) == 1, "another worker is at work")
        assert len(server.workers()) == 2
        assert answers_everybody_else(server.port)
    with pytest.raises(ConnectionError):
        ask(server.port)
