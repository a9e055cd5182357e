"""Connections to a real PostgreSQL server."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from typing import TYPE_CHECKING

import pytest

from feeds.database import DatabaseAwayError, DatabaseError, DatabaseRefusedError, Server
from feeds.errors import Failure
from tests.postgresql import PASSWORD, Cluster
from tests.tools import free_port, wait_until

if TYPE_CHECKING:
    from feeds.database.postgresql import PostgresqlDatabase


@pytest.fixture
def database(postgresql: Cluster) -> Iterator[PostgresqlDatabase]:
    with closing(Server(postgresql.database(), "feeds_test").connect()) as opened:
        opened.script('CREATE TABLE t (a BIGINT PRIMARY KEY, b TEXT COLLATE "C", c BYTEA)')
        yield opened


def test_what_is_written_is_read(database: PostgresqlDatabase) -> None:
    rows = [(1, "%s ? :x 'é", b"\x00\xff"), (2**62, "", b""), (-(2**62), "Z", bytes(2_000_000))]
    database.executemany("INSERT INTO t VALUES (?, ?, ?)", rows)
    assert database.execute("SELECT a, b, c FROM t ORDER BY a").fetchall() == sorted(rows)
    assert database.execute("SELECT b FROM t WHERE a = :a", {"a": 1}).fetchone() == (rows[0][1],)


def test_a_block_that_fails_leaves_nothing(database: PostgresqlDatabase) -> None:
    def write_twice() -> None:
        with database.transaction():
            database.executemany("INSERT INTO t VALUES (?, ?, NULL)", [(1, "a")])
            database.executemany("INSERT INTO t VALUES (?, ?, NULL)", [(1, "b")])

    with pytest.raises(DatabaseError):
        write_twice()
    assert database.execute("SELECT count(*) FROM t").fetchone() == (0,)


def test_rows_that_are_written_may_ask_the_same_connection(database: PostgresqlDatabase) -> None:
    def rows() -> Iterator[tuple[int, str]]:
        for number in range(1_200):
            (last,) = database.execute("SELECT count(*) FROM t").fetchone()
            yield number, str(last)

    with database.transaction():
        database.executemany("INSERT INTO t VALUES (?, ?, NULL)", rows())
        streamed = [(a, database.execute("SELECT b FROM t WHERE a = ?", (a,)).fetchone()[0])
                    for (a,) in database.stream("SELECT a FROM t WHERE a > ? ORDER BY a", (1,))]  # fmt: skip
    assert len(streamed) == 1_198
    assert int(streamed[-1][1]) >= 500


def test_a_row_is_not_quoted_in_an_error(database: PostgresqlDatabase) -> None:
    database.execute("INSERT INTO t VALUES (7, 'secret embargo', NULL)")
    with pytest.raises(DatabaseError) as found:
        database.execute("INSERT INTO t VALUES (7, 'secret embargo', NULL)")
    assert "t_pkey" in str(found.value)
    assert "7" not in str(found.value).partition(":")[2]
    assert "embargo" not in str(found.value)


def refusals(postgresql: Cluster) -> Iterator[str]:
    """Addresses that do not work, each with a password in it."""
    sound = postgresql.url("postgres")
    yield sound.replace(str(postgresql.port), str(free_port()))
    yield sound.replace("/postgres", "/there-is-none")
    yield sound.replace("feeds:", "nobody:")
    yield sound.replace("feeds:", "feeds:wrong")
    yield f"postgresql://feeds@127.0.0.1:{free_port()}/x?password={PASSWORD.replace('%', '%25').replace(':', '%3A')}"
    yield sound + "?nonsense=1"


def test_no_message_shows_the_password(postgresql: Cluster, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for url in refusals(postgresql):
        server = Server(url, "feeds_test")
        with pytest.raises(DatabaseError) as found:
            server.connect()
        failure = Failure(found.value)
        shown = f"{found.value} {found.value!r} {server!r} {server} {failure.logged} {failure.public} {caplog.text}"
        for spelling in (PASSWORD, "a%20secret", "secret"):
            assert spelling not in shown


def test_the_server_is_away_or_the_connection_is_cut(postgresql: Cluster, database: PostgresqlDatabase) -> None:
    with pytest.raises(DatabaseAwayError, match="refused"):
        Server(f"postgresql://feeds@127.0.0.1:{free_port()}/x", "feeds_test").connect()
    (own,) = database.execute("SELECT pg_backend_pid()").fetchone()
    other = Server(postgresql.url("postgres"), "feeds_test").connect()
    other.execute("SELECT pg_terminate_backend(?)", (own,))
    other.close()
    with pytest.raises(DatabaseAwayError):
        database.execute("SELECT 1")
    assert database.lost


@pytest.mark.parametrize(
    ("wrong", "with_this", "told"),
    [
        ("a%20secret", "another%20secret", "password authentication failed"),
        ("feeds:", "nobody:", "password authentication failed"),
        ("/postgres", "/there-is-none", "does not exist"),
        ("/postgres", "/postgres?sslmode=require", "does not support SSL"),
        ("/postgres", "/postgres?sslmode=verify-full", "SSL"),
    ],
)
def test_a_server_that_refuses_the_connection_says_why_and_what_to_do(
    postgresql: Cluster, wrong: str, with_this: str, told: str
) -> None:
    server = Server(postgresql.url("postgres").replace(wrong, with_this), "feeds_test")
    with pytest.raises(DatabaseRefusedError, match=told) as found:
        server.connect()
    assert "check user, password, database and sslmode in FEEDS_DATABASE or the PG* variables" in str(found.value)
    assert "secret" not in str(found.value)
    assert Failure(found.value).reason == str(found.value)  # all of it stands in the log


def test_a_server_that_is_asked_through_a_socket_may_refuse_too(postgresql: Cluster) -> None:
    url = f"postgresql://feeds:another@/postgres?host={postgresql.folder}&port={postgresql.port}"
    with pytest.raises(DatabaseRefusedError, match="PostgreSQL at its usual place: FATAL: password"):
        Server(url, "feeds_test").connect()
    with pytest.raises(DatabaseAwayError):
        Server(url.replace(str(postgresql.port), str(free_port())), "feeds_test").connect()


def test_what_is_no_server_at_all_is_taken_for_one_that_is_away() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other, ThreadPoolExecutor(1) as thread:
        answering = thread.submit(_say, other, b"HTTP/1.1 400 Bad Request\r\n\r\n")
        with pytest.raises(DatabaseAwayError):
            Server(f"postgresql://feeds@127.0.0.1:{other.getsockname()[1]}/x?sslmode=disable", "feeds_test").connect()
        other.shutdown(socket.SHUT_RDWR)
        answering.result()


def _say(server: socket.socket, what: bytes) -> None:
    """Answers every connection in this way until nobody can come any more."""
    with suppress(OSError):
        while True:
            with server.accept()[0] as connection:
                connection.recv(100)
                connection.sendall(what)


def test_a_server_without_room_at_present_is_waited_for(postgresql: Cluster, database: PostgresqlDatabase) -> None:
    database.script("CREATE ROLE crowded LOGIN PASSWORD 'x' CONNECTION LIMIT 0")
    try:
        with pytest.raises(DatabaseAwayError, match="too many"):
            Server(f"postgresql://crowded:x@127.0.0.1:{postgresql.port}/postgres", "feeds_test").connect()
    finally:
        database.script("DROP ROLE crowded")


def test_a_server_that_ends_or_starts_is_waited_for(postgresql: Cluster, database: PostgresqlDatabase) -> None:
    server = Server(postgresql.url("postgres"), "feeds_test")

    def told() -> str:
        try:
            server.connect().close()
        except DatabaseAwayError as error:
            return str(error)
        return ""

    postgresql.stop_when_nobody_is_connected()
    try:
        # The state 57P03, as while it starts.
        wait_until(lambda: "the database system is shutting down" in told(), "it lets nobody in")
        database.close()
        wait_until(lambda: "refused" in told(), "it has ended")
    finally:
        database.close()
        postgresql.restart()
    server.connect().close()


def test_one_of_several_servers_is_waited_for(postgresql: Cluster) -> None:
    sound, port = postgresql.url("postgres"), postgresql.port
    several = sound.replace(f"127.0.0.1:{port}", f"127.0.0.1:{port},127.0.0.1:{free_port()}")
    with pytest.raises(DatabaseAwayError):
        Server(several.replace("a%20secret", "wrong"), "feeds_test").connect()
    with pytest.raises(DatabaseAwayError):  # none is a standby at present
        Server(f"{sound}?target_session_attrs=standby", "feeds_test").connect()


def test_the_usual_variables_say_what_the_address_does_not(
    postgresql: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = postgresql.database().rpartition("/")[2]
    monkeypatch.setenv("PGHOST", "127.0.0.1")
    monkeypatch.setenv("PGPORT", str(postgresql.port))
    monkeypatch.setenv("PGUSER", "feeds")
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    with closing(Server(f"postgresql:///{name}", "feeds_test").connect()) as database:
        assert database.execute("SELECT current_database()").fetchone() == (name,)
