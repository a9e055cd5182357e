"""The word reaches the hub in the end: once, as long as it answers; with growing pauses, as long as it does not."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from feeds.catalogue import Catalogue
from feeds.delivery.http_client import Outcome, Reply
from feeds.delivery.websub import Pusher
from feeds.delivery.websub.delivery import BATCH, GIVE_UP_AFTER
from feeds.errors import FeedsError
from feeds.memory.backlogs import backlogs
from feeds.memory.websub_outbox import PendingPush, WebSubOutbox
from tests.delivery.websub.newsrooms import BASE, NOON, Listener, Office, Round
from tests.tools import DEAD, wait_until


@pytest.fixture
def round_(tmp_path: Path) -> Round:
    round_ = Round(Office(tmp_path, languages="en"))
    assert round_.turns() == []
    return round_


ALL = sorted(f"{BASE}/feeds/all.{suffix}" for suffix in ("atom", "rss", "json"))


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        *((status, Outcome.ACCEPTED) for status in (200, 202, 204)),
        *((status, Outcome.UNAVAILABLE) for status in (0, 408, 429, 500, 503)),
        *((status, Outcome.REFUSED) for status in (301, 307, 400, 403, 404, 410)),
    ],
)
def test_what_a_status_means(status: int, outcome: Outcome) -> None:
    assert Reply(status).outcome is outcome


def test_a_hub_that_is_down_is_asked_once_a_pause_and_told_all_when_it_is_back(round_: Round) -> None:
    round_.hub.status = 0
    round_.office.release("dam", countries=["MN"])
    assert round_.turns() == []
    assert round_.hub.asked == 1, "one attempt says that nobody is there"
    for seconds in (1, 2, 4, 8):
        round_.wait(seconds=seconds - 0.001)
        round_.delivery.turn(round_.now)
        asked = round_.hub.asked
        round_.wait(seconds=0.001)
        round_.delivery.turn(round_.now)
        assert round_.hub.asked == asked + 1
    round_.hub.status = 202
    round_.wait(seconds=16)
    round_.delivery.turn(round_.now)
    assert round_.hub.told() == sorted([*ALL, *(feed.replace("all", "country/mn") for feed in ALL)])
    round_.wait(days=1)
    round_.delivery.turn(round_.now)
    assert round_.hub.told() == []


def test_what_changes_again_while_the_hub_is_down_is_told_once(round_: Round) -> None:
    round_.hub.status = 503
    for title in ("One", "Two", "Three"):
        round_.office.release("dam", title)
        assert round_.turns() == []
    round_.hub.status = 204
    round_.wait(hours=1)
    assert round_.turns() == ALL


def test_a_feed_that_the_hub_refuses_keeps_no_other_waiting(round_: Round, caplog: pytest.LogCaptureFixture) -> None:
    round_.hub.refuses = frozenset(ALL[:1])
    round_.office.release("dam")
    assert round_.turns() == ALL[1:]
    (said,) = caplog.messages
    assert f"refused {ALL[0].removeprefix(BASE)}" in said
    round_.hub.refuses = frozenset()
    round_.wait(seconds=1)
    assert round_.turns() == ALL[:1]


def test_a_hub_that_asks_to_be_left_alone_is_left_alone(round_: Round) -> None:
    round_.hub.status, round_.hub.retry_after = 429, 120
    round_.office.release("dam")
    round_.turns()
    round_.hub.status, round_.hub.asked = 202, 0
    round_.wait(seconds=118)
    assert round_.turns() == []
    assert round_.hub.asked == 0
    round_.wait(seconds=2)
    assert round_.turns() == ALL


def test_after_a_week_in_vain_an_operator_is_told_instead(round_: Round, caplog: pytest.LogCaptureFixture) -> None:
    round_.hub.status = 500
    round_.office.release("dam")
    round_.turns()
    round_.wait(seconds=GIVE_UP_AFTER.total_seconds() + 3600)
    with caplog.at_level(logging.ERROR):
        for _ in ALL:
            round_.delivery.turn(round_.now)
            round_.wait(hours=2)
    assert len([each for each in caplog.messages if "was not told of /feeds/all." in each]) == len(ALL)
    round_.hub.status, round_.hub.asked = 200, 0
    assert round_.turns() == []
    assert round_.hub.asked == 0


def test_what_is_owed_survives_a_restart(round_: Round) -> None:
    round_.hub.status = 0
    round_.office.release("dam")
    round_.turns()
    round_.delivery.close()
    later = Round(round_.office, now=round_.now + timedelta(minutes=1))
    assert later.turns() == ALL


def test_what_was_noticed_by_nobody_before_a_restart_is_told_after_it(round_: Round) -> None:
    round_.office.release("dam")
    round_.office.compile()
    round_.delivery.close()
    assert Round(round_.office, now=round_.now).turns() == ALL


def test_what_a_wrong_clock_put_off_for_years_is_told_all_the_same(round_: Round) -> None:
    round_.hub.status = 0
    round_.now = NOON + timedelta(days=9_999)
    round_.office.release("dam")
    round_.turns()
    round_.now, round_.hub.status = NOON, 202
    assert set(ALL) <= set(round_.turns())


def test_a_word_that_could_not_be_struck_off_is_not_sent_again(tmp_path: Path) -> None:
    """Another process writes to the memory while the hub answers."""
    office = Office(tmp_path, languages="en")
    round_ = Round(office)
    round_.turns()
    office.release("dam")
    office.compile()
    round_.delivery.turn(round_.now)
    round_.wait(seconds=1)
    with closing(sqlite3.connect(office.location.memory, isolation_level=None)) as compiler:
        outbox = WebSubOutbox(office.location.memory)
        impatient = closing(outbox)
        with impatient:
            outbox._database.execute("PRAGMA busy_timeout = 0")
            round_.delivery._outbox = outbox
            compiler.execute("BEGIN IMMEDIATE")
            with pytest.raises(FeedsError, match="locked"):
                round_.delivery.turn(round_.now)
            compiler.execute("ROLLBACK")
    assert round_.hub.told() == ALL[:1]
    round_.delivery.turn(round_.now)
    assert round_.hub.told() == ALL[1:]


def test_a_hub_that_is_named_for_the_first_time_is_told_from_then_on(tmp_path: Path) -> None:
    """By whoever waits for it: that need not be who takes up the change of the newsroom."""
    office = Office(tmp_path, languages="en")
    newsroom = office.folder / "newsroom.yaml"
    named = newsroom.read_text()
    newsroom.write_text(named.replace("hub:", "# hub:"))
    office.release("before")
    office.compile()
    listener = Listener()
    pusher = Pusher(office.location, office.settings, lambda: NOON, notify=listener, settle=timedelta())
    pusher.start()
    office.release("meanwhile")
    office.compile()
    with closing(WebSubOutbox(office.location.memory)) as outbox:
        assert outbox.basis() is None, "no feed was looked at for nobody"
        newsroom.write_text(named)
        office.compile()
        wait_until(lambda: outbox.basis() is not None, "the feeds were looked at")
    assert listener.told() == [], "nobody could subscribe before"
    office.release("dam")
    office.compile()
    wait_until(lambda: len(listener.heard) >= len(ALL), "the hub was told of all")
    assert listener.told() == ALL
    pusher.stop()
    assert pusher.join(DEAD)


def test_the_thread_that_begins_again_knows_what_the_hub_was_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The memory could not be written when the hub had answered: on a full disk, or while the database was away."""
    round_ = Round(Office(tmp_path, languages="en"))
    round_.turns()
    round_.delivery.close()
    round_.office.release("dam")
    round_.office.compile()
    written, remove = [], WebSubOutbox.remove

    def fails_once(outbox: WebSubOutbox, push: PendingPush) -> None:
        written.append(push.path)
        if len(written) == 1:
            raise FeedsError("disk full")
        remove(outbox, push)

    monkeypatch.setattr(WebSubOutbox, "remove", fails_once)
    pusher = Pusher(
        round_.office.location, round_.office.settings, lambda: round_.now, notify=round_.hub, settle=timedelta()
    )
    pusher.start()
    location = round_.office.location.memory
    wait_until(lambda: backlogs(location)["push"].number == 0 and len(written) > 1, "the hub was told of all")
    pusher.stop()
    assert pusher.join(DEAD)
    assert round_.hub.told() == ALL


def test_a_newer_change_is_told_though_the_hub_has_answered_to_the_last(round_: Round) -> None:
    round_.office.release("dam")
    round_.office.compile()
    round_.delivery.turn(round_.now)
    with closing(WebSubOutbox(round_.office.location.memory)) as outbox:
        (first, *_) = outbox.pending(round_.now + timedelta(minutes=1), round_.now + timedelta(hours=1), BATCH)
        outbox.remove(replace(first, since=first.since - timedelta(seconds=1)))
        assert backlogs(round_.office.location.memory)["push"].number == len(ALL)
        outbox.remove(first)
        assert backlogs(round_.office.location.memory)["push"].number == len(ALL) - 1


def test_a_catalogue_built_anew_is_noticed(round_: Round) -> None:
    round_.office.release("dam")
    assert round_.turns() == ALL
    for file in round_.office.location.path.parent.glob("catalogue.sqlite*"):
        file.unlink()
    assert round_.turns() == [], "the feeds are as they were"
    round_.office.release("pension")
    assert round_.turns() == ALL


def test_what_changed_while_the_catalogue_was_deleted_is_pushed(round_: Round) -> None:
    round_.office.release("dam")
    assert round_.turns() == ALL
    for file in round_.office.location.path.parent.glob("catalogue.sqlite*"):
        file.unlink()
    round_.office.release("pension")
    assert round_.turns() == ALL


def test_without_a_memory_nobody_is_known_to_have_subscribed(round_: Round) -> None:
    round_.office.release("dam")
    assert round_.turns() == ALL
    for file in round_.office.location.path.parent.glob("*.sqlite*"):
        file.unlink()
    assert round_.turns() == []
    round_.office.release("pension")
    assert round_.turns() == ALL


def test_many_words_are_sent_a_few_at_a_time(round_: Round) -> None:
    round_.office.release("dam", countries=["CN", "MN"], topics=["no", "social-protection"], projects=["score"])
    round_.office.compile()
    round_.delivery.turn(round_.now)
    round_.wait(seconds=1)
    assert round_.delivery.turn(round_.now)
    assert len(round_.hub.heard) == BATCH
    assert not round_.delivery.turn(round_.now)
    assert len(set(round_.hub.heard)) == len(round_.hub.heard) == 3 * 3 * 3 * 2


def test_telling_the_hub_empties_no_cache(round_: Round) -> None:
    round_.office.release("dam")
    round_.office.compile()
    catalogue = Catalogue(round_.office.location.path)
    version = catalogue.version()
    assert round_.turns() == ALL
    assert catalogue.version() == version
    round_.office.release("dam", "Another")
    round_.office.compile()
    assert catalogue.version() != version


def test_without_anything_to_do_a_turn_asks_nobody(round_: Round) -> None:
    hub: Listener = round_.hub
    for _ in range(3):
        round_.wait(seconds=1)
        assert not round_.delivery.turn(round_.now)
    assert hub.asked == 0
