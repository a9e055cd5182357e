"""The access log of a running server: bytes, duration, the client behind its proxy, and a file that is rotated."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator
from ipaddress import ip_network
from pathlib import Path
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import pytest

from feeds.web.access_log import middleware
from feeds.web.access_log.lines import LoggedRequest, parse
from feeds.web.access_log.middleware import LogFile
from tests.makers import YESTERDAY, a_newsroom, yaml
from tests.servers import Servers
from tests.tools import wait_until

DAM = {"2021/dam.yaml": yaml(published=YESTERDAY)}
ENVIRON: WSGIEnvironment = {
    "PATH_INFO": "/feeds/all.atom", "REQUEST_METHOD": "GET", "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "10.0.0.1",
    "HTTP_USER_AGENT": "reader/1.0", "HTTP_X_FORWARDED_FOR": "203.0.113.9",
}  # fmt: skip


class Pieces:
    """A body in three pieces."""

    closed = False

    def __iter__(self) -> Iterator[bytes]:
        yield from (b"a", b"bc", b"def")

    def close(self) -> None:
        self.closed = True


def answering(body: Iterable[bytes]) -> WSGIApplication:
    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ["PATH_INFO"] = "/changed"
        start_response("200 OK", [])
        return body

    return app


def logged(app: WSGIApplication, *trusted: str) -> tuple[Iterable[bytes], list[LoggedRequest]]:
    lines: list[LoggedRequest] = []
    ticks = iter((1.0, 1.5))
    networks = [ip_network(each) for each in trusted]
    wrapped = middleware.in_front_of(app, lines.append, networks, lambda: 100.0, lambda: next(ticks))
    return wrapped(ENVIRON.copy(), lambda *_: io.BytesIO().write), lines


def test_a_line_says_what_came_and_how_long_it_took() -> None:
    _, lines = logged(answering([b"abc"]))
    expected = LoggedRequest(
        100.0, "10.0.0.1", "GET", "/feeds/all.atom", "HTTP/1.1", 200, 3, 0.5, user_agent="reader/1.0"
    )
    assert lines == [expected]


def test_the_client_behind_a_trusted_proxy_is_named() -> None:
    assert logged(answering([]), "10.0.0.0/8")[1][0].address == "203.0.113.9"


def test_what_goes_out_in_pieces_is_logged_when_it_is_closed_with_what_was_taken() -> None:
    body = Pieces()
    given, lines = logged(answering(body))
    taken = iter(given)
    assert (next(taken), next(taken), lines) == (b"a", b"bc", [])
    given.close()  # type: ignore[attr-defined]  # as servers do
    assert (lines[0].octets, body.closed) == (3, True)


def test_an_error_of_the_application_is_logged_as_what_the_server_makes_of_it() -> None:
    def failing(*_: object) -> Iterable[bytes]:
        raise ZeroDivisionError

    lines: list[LoggedRequest] = []
    wrapped = middleware.in_front_of(failing, lines.append)
    with pytest.raises(ZeroDivisionError):
        wrapped(ENVIRON.copy(), lambda *_: io.BytesIO().write)
    assert (lines[0].status, lines[0].octets) == (500, 0)


def test_a_file_that_was_moved_away_is_opened_anew(tmp_path: Path) -> None:
    path, moved, now = tmp_path / "access.log", tmp_path / "access.log.1", [0.0]
    file = LogFile(path, lambda: now[0])
    file.write("one")
    path.rename(moved)
    file.write("two")
    now[0] = 2.0
    file.write("three")
    assert (moved.read_text(), path.read_text()) == ("one\ntwo\n", "three\n")


def test_a_file_that_cannot_be_opened_anew_goes_on_as_it_was(tmp_path: Path) -> None:
    path, moved, now = tmp_path / "logs/access.log", tmp_path / "moved", [0.0]
    path.parent.mkdir()
    file = LogFile(path, lambda: now[0])
    path.parent.rename(moved)
    now[0] = 2.0
    file.write("one")
    assert (moved / "access.log").read_text() == "one\n"


def test_the_server_logs_what_it_sends_and_answers_the_same_whatever_proxies_say(
    tmp_path: Path, servers: Servers
) -> None:
    file = tmp_path / "access.log"
    options = ("--log", "json", "--log-file", str(file))
    data = a_newsroom(tmp_path, DAM)
    with servers.newsroom(data, *options, workers=1, FEEDS_TRUSTED_PROXIES="127.0.0.0/8") as server:
        plain = server.ask("/feeds/all.atom", **{"User-Agent": "reader/1.0"})
        forwarded = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
        behind = server.ask("/feeds/all.atom", **forwarded)
        assert behind == plain
        assert plain[0] == 200
        assert server.ask("/feeds/all.atom", method="HEAD")[0] == 200
        wait_until(lambda: file.read_text().count("all.atom") == 3, "all requests are logged")
    lines = [line for line in map(parse, file.read_text().splitlines()) if line and "all.atom" in line.target]
    assert [line.address for line in lines] == ["127.0.0.1", "203.0.113.9", "127.0.0.1"]
    assert [line.octets for line in lines] == [len(plain[2]), len(plain[2]), 0]
    assert lines[0].user_agent == "reader/1.0"
    assert all(0 < line.seconds < 60 for line in lines)


def test_all_lines_are_json_where_json_is_asked_for(tmp_path: Path, servers: Servers) -> None:
    data = a_newsroom(tmp_path, DAM)
    with servers.newsroom(data, workers=1, watch="poll", FEEDS_LOG_FORMAT="json", FEEDS_LOG_LEVEL="debug") as server:
        (data / "releases/2021/dam.yaml").write_text(yaml(countries=["Atlantis"]), encoding="utf-8")
        assert json.loads(server.stderr.line("dam.yaml"))["level"] == "WARNING"
    lines = [json.loads(line) for line in str(server.stderr).splitlines()]
    assert all({"time", "level", "logger", "message"} == set(line) for line in lines)
    assert any(line["logger"] == "_granian" for line in lines)


def test_a_log_file_that_cannot_be_written_is_said_at_the_start(tmp_path: Path, servers: Servers) -> None:
    with pytest.raises(AssertionError, match=r"--log-file .*nowhere/log: No such file or directory"):
        servers.newsroom(a_newsroom(tmp_path, DAM), "--log", "common", "--log-file", "/nowhere/log").__enter__()
