"""What goes over the wire to a hub, and what a bad hub can do to us: nothing."""

from __future__ import annotations

import socket
import threading

import pytest

from feeds.websub import client
from feeds.websub.client import HubReply, Outcome
from tests.websub.endpoint import Endpoint, running

FEED = "https://news.example/feeds/topic/social-protection.atom"


def test_the_word_is_a_form_with_the_address_of_the_feed() -> None:
    with running(Endpoint()) as endpoint:
        assert client.notify(endpoint.url, FEED) == HubReply(202)
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
        assert client.notify(endpoint.url, FEED) == HubReply(503, retry_after=heeded)


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


def test_a_hub_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "TIMEOUT", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as server:
        reply = client.notify(f"http://127.0.0.1:{server.getsockname()[1]}/", FEED)
    assert reply.outcome is Outcome.UNAVAILABLE
    assert "timed out" in reply.reason


def _answer(server: socket.socket, answer: bytes) -> None:
    connection, _ = server.accept()
    with connection:
        connection.recv(65_536)
        connection.sendall(answer)
