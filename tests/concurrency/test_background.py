"""What runs in the background never stops: an error is logged with its time, told, and the work tried again."""

from __future__ import annotations

import errno
import logging
import os
import sqlite3
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from feeds.concurrency.background import PATIENCE, Background, FileTurn, Trouble
from feeds.errors import FeedsError
from tests.tools import DEAD

NOON = datetime(2021, 6, 24, 12, tzinfo=UTC)


class Panic(BaseException):
    """As a library in Rust raises it."""


def wrapped() -> FeedsError:
    error = FeedsError("/var/lib/feeds/catalogue.sqlite: disk I/O error")
    error.__cause__ = OSError(errno.EIO, os.strerror(errno.EIO), "/var/lib/feeds/catalogue.sqlite")
    return error


ERRORS = [
    (OSError(errno.EMFILE, os.strerror(errno.EMFILE), "/srv/data/releases"), "Too many open files"),
    (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), "No space left on device"),
    (FeedsError("there is no newsroom to publish:\n  data/newsroom.yaml: …"), "there is no newsroom to publish"),
    (wrapped(), "Input/output error"),
    (FeedsError("/var/lib/feeds: made by another version"), "FeedsError"),
    (sqlite3.OperationalError("disk I/O error"), "disk I/O error"),
    (sqlite3.OperationalError("no such file: /srv/secret"), "OperationalError"),
    (ValueError("2021-12-24-merger.yaml says: the merger"), "ValueError"),
    (KeyError("the merger"), "KeyError"),
    (MemoryError(), "MemoryError"),
    (Panic("called unwrap on None"), "Panic"),
]


@pytest.mark.parametrize(("error", "told"), ERRORS, ids=lambda each: each if isinstance(each, str) else "")
def test_no_error_ends_it_and_everybody_may_read_what_is_told(
    error: BaseException, told: str, caplog: pytest.LogCaptureFixture
) -> None:
    tries: list[Trouble | None] = []
    mended = threading.Event()

    def work() -> None:
        tries.append(background.trouble)
        if len(tries) < 4:
            raise error
        background.succeeded()
        mended.set()
        background.stopping.wait()

    background = Background("nothing is done", work, lambda: NOON, first_pause=0.001)
    with caplog.at_level(logging.WARNING, "feeds"):
        background.start()
        assert mended.wait(DEAD)
        background.stop()
        assert background.join(DEAD)
    assert tries == [None, *[Trouble(f"nothing is done: {told}", NOON)] * 3]
    assert background.trouble is None
    # Once when it begins and once when it is over: who reads the log is not told the same every minute.
    assert [record.levelname for record in caplog.records] == ["ERROR", "WARNING"]
    # Nor of what stands in files, or what they are called: others read it too.
    assert "merger" not in caplog.text
    assert "/srv/data" not in caplog.text


def test_a_clock_that_fails_does_not_end_it_either() -> None:
    tries: list[int] = []
    again = threading.Event()

    def work() -> None:
        tries.append(1)
        if len(tries) > 2:
            again.set()
            background.stopping.wait()
        raise ValueError

    def clock() -> datetime:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    background = Background("nothing is done", work, clock, first_pause=0.001)
    background.start()
    assert again.wait(DEAD)
    background.stop()
    assert background.join(DEAD)


def test_pauses_grow_and_are_short_again_once_it_has_gone_well(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    done = threading.Event()
    turns = iter([False, False, False, True, False, False])

    def work() -> None:
        for good in turns:
            if not good:
                raise FeedsError("not now")
            background.succeeded()
        done.set()
        background.stopping.wait()

    background = Background("nothing is done", work, lambda: NOON, first_pause=0.001)
    waiting = background.stopping.wait

    def wait(timeout: float | None = None) -> bool:
        if timeout is not None:
            pauses.append(timeout)
        return waiting(timeout)

    monkeypatch.setattr(background.stopping, "wait", wait)
    background.start()
    assert done.wait(DEAD)
    background.stop()
    assert background.join(DEAD)
    assert pauses == [0.001, 0.002, 0.004, 0.001, 0.002]


def test_another_process_that_keeps_its_turn_is_taken_to_do_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = FileTurn(tmp_path / "new/lead"), FileTurn(tmp_path / "new/lead")
    first.take(lambda: pytest.fail("nobody else has it"))
    looks: list[float] = []
    monkeypatch.setattr("feeds.concurrency.background.time.sleep", looks.append)
    second.take(first.leave)  # else it would wait for ever
    assert sum(looks) == pytest.approx(PATIENCE)
    second.leave()


def test_a_turn_that_was_left_at_once_says_nothing_of_how_it_went(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = FileTurn(tmp_path / "lead"), FileTurn(tmp_path / "lead")
    first.take(lambda: None)
    monkeypatch.setattr("feeds.concurrency.background.time.sleep", lambda _: first.leave())
    well: list[bool] = []
    second.take(lambda: well.append(True))
    assert not well
    second.leave()
