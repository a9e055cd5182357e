"""What goes over the wire to a hub, and what a bad hub can do to us: nothing."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

import pytest

from feeds.delivery.http_client import Outcome, Reply
from feeds.delivery.websub import client
from tests.delivery.websub.endpoint import Endpoint, running
from tests.tools import DEAD

FEED = "https://news.example/feeds/topic/social-protection.atom"


def test_the_word_is_a_form_with_the_address_of_the_feed() -> None:
    with running(Endpoint()) as endpoint:
        assert client.notify(endpoint.url, FEED) == Reply(202)
    ((path, headers, form),) = endpoint.heard
    assert path == "/hub?of=ours"
    assert headers["content-type"] == "application/x-www-form-urlencoded"
    assert headers["user-agent"].startswith("newsroom-feeds/")
    assert form == {"hub.mode": ["publish"], "hub.url": [FEED], "hub.topic": [FEED]}


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirection_is_not_followed(status: int) -> None:
    with running(Endpoint()) as elsewhere, running(Endpoint(status, Location=elsewhere.url)) as endpoint:
        assert client.notify(endpoint.url, FEED).outcome is Outcome.REFUSED
        assert elsewhere.heard == []


@pytest.mark.parametrize(("said", "heeded"), [("120", 120), ("Wed, 21 Oct 2015 07:28:00 GMT", 0), ("9" * 99, 0)])
def test_a_hub_may_ask_to_be_left_alone(said: str, heeded: int) -> None:
    with running(Endpoint(503, Retry_After=said)) as endpoint:
        assert client.notify(endpoint.url, FEED) == Reply(503, retry_after=heeded)


def test_nobody_at_home_is_an_answer_too() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        reply = client.notify(f"http://127.0.0.1:{nobody.getsockname()[1]}/", FEED)
    assert (reply.status, reply.outcome) == (0, Outcome.UNAVAILABLE)
    assert "refused" in reply.reason


@pytest.mark.parametrize("url", ["http://no such host/", f"http://{'x' * 99}.example/", "http://127.0.0.1:99999/"])
def test_an_address_that_leads_nowhere_raises_nothing(url: str) -> None:
    assert client.notify(url, FEED).outcome is Outcome.UNAVAILABLE


@pytest.mark.parametrize(
    "answer", [b"", b"HTTP/1.1 ", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 999]
)
def test_what_speaks_no_http_raises_nothing(answer: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=_answer, args=(server, answer))
        thread.start()
        assert client.notify(f"http://127.0.0.1:{server.getsockname()[1]}/", FEED).outcome is Outcome.UNAVAILABLE
        thread.join()


LIMIT = 0.3
"""Seconds. What a slow hub says here would take it ten times as long, and then be a success."""

SLOW = {
    "a status line": b"HTTP/1.1 202 " + b"OK" * 50 + b"\r\n\r\n",
    "a field": b"HTTP/1.1 202 OK\r\nX: " + b"y" * 100 + b"\r\n\r\n",
    "many fields": b"HTTP/1.1 202 OK\r\n" + b"A:b\r\n" * 20 + b"\r\n",
    "interim answers": b"HTTP/1.1 100 Continue\r\n\r\n" * 4 + b"HTTP/1.1 202 OK\r\n\r\n",
    "another protocol": b"HTTP/0.9 " * 12,
}
TLS_HELLO = b"\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03" + bytes(100)


@pytest.mark.parametrize("said", SLOW.values(), ids=SLOW)
def test_a_hub_that_answers_byte_by_byte_is_given_up(said: bytes) -> None:
    with dripping(said) as port:
        reply = client.notify(f"http://127.0.0.1:{port}/", FEED, seconds=LIMIT)
    assert reply.outcome is Outcome.UNAVAILABLE
    assert "timed out" in reply.reason


def test_a_hub_that_shakes_hands_byte_by_byte_is_given_up() -> None:
    with dripping(TLS_HELLO) as port:
        reply = client.notify(f"https://127.0.0.1:{port}/", FEED, seconds=LIMIT)
    assert reply.outcome is Outcome.UNAVAILABLE
    assert "timed out" in reply.reason


def test_a_proxy_that_answers_byte_by_byte_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    with dripping(SLOW["a field"]) as port:
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{port}")
        reply = client.notify("https://hub.example/", FEED, seconds=LIMIT)
    assert reply.outcome is Outcome.UNAVAILABLE
    assert "timed out" in reply.reason


def test_a_hub_that_never_answers_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        reply = client.notify(f"http://127.0.0.1:{server.getsockname()[1]}/", FEED, seconds=LIMIT)
    assert reply.outcome is Outcome.UNAVAILABLE
    assert "timed out" in reply.reason


def test_a_hub_that_never_takes_the_connection_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as server, ExitStack() as queue:
        for _ in range(8):  # the kernel drops whoever comes when the queue is full
            waiting = queue.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(server.getsockname())
        reply = client.notify(f"http://127.0.0.1:{server.getsockname()[1]}/", FEED, seconds=LIMIT)
    assert reply.outcome is Outcome.UNAVAILABLE
    assert "timed out" in reply.reason


@pytest.mark.parametrize("status", [202, 302, 500])
@pytest.mark.parametrize("length", ["Content-Length: 999999999999", "Transfer-Encoding: chunked", "X: until the end"])
def test_the_body_of_a_reply_is_not_waited_for(status: int, length: str) -> None:
    body = b"fffffff\r\n" + b"x" * 1_000_000
    with dripping(f"HTTP/1.1 {status} So\r\n{length}\r\n\r\n".encode(), at_once=True, then=body) as port:
        assert client.notify(f"http://127.0.0.1:{port}/", FEED, seconds=DEAD).status == status


def test_after_a_slow_hub_the_next_notification_is_sent() -> None:
    with dripping(SLOW["a field"]) as port, running(Endpoint()) as endpoint:
        assert client.notify(f"http://127.0.0.1:{port}/", FEED, seconds=LIMIT).outcome is Outcome.UNAVAILABLE
        assert client.notify(endpoint.url, FEED).outcome is Outcome.ACCEPTED


@contextmanager
def dripping(said: bytes, *, at_once: bool = False, then: bytes = b"") -> Iterator[int]:
    """The port of a server that says this to whoever asks, byte by byte unless ``at_once``, until he hangs up."""

    def say(server: socket.socket) -> None:
        connection, _ = server.accept()
        with connection, suppress(ConnectionError):
            connection.recv(65_536)
            for byte in (said,) if at_once else (said[at : at + 1] for at in range(len(said))):
                connection.sendall(byte)
                if not at_once and gone.wait(LIMIT / 10):
                    return
            connection.sendall(then)
            gone.wait(DEAD if then else 0)

    gone = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=say, args=(server,))
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            gone.set()
            thread.join()


def _answer(server: socket.socket, answer: bytes) -> None:
    connection, _ = server.accept()
    with connection:
        connection.recv(65_536)
        connection.sendall(answer)
