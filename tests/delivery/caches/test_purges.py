"""Caches are told of exactly what changed: after it is visible, twice, and again after failures."""

from __future__ import annotations

import json
import logging
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest

from feeds.delivery.caches.purges import AGAIN, GIVE_UP_AFTER, REQUESTS, SETTLE, Purging
from feeds.delivery.caches.worker import purge_trouble
from feeds.delivery.websub.delivery import WAIT_FOR_CACHES, WebSubDelivery
from feeds.memory import open_memory, set_facts
from feeds.memory.purge_outbox import MOST
from feeds.settings import Settings
from tests.delivery.websub.newsrooms import Listener
from tests.makers import NEWSROOM, NOW, Bench, a_newsroom, write, yaml

from .stand_in import SECRET, Told

ONE, TWO = "http://one.example:6081/secret-path", "http://two.example:6081/"
DAM = "2021/2021-05-01-dam.yaml"


@dataclass
class Round:
    """A newsroom, its caches, and the moment it is: turns are taken by hand."""

    bench: Bench
    caches: tuple[str, ...] = (ONE,)
    told: Told = field(default_factory=Told)

    def __post_init__(self) -> None:
        self.now = NOW
        self.start()

    def start(self) -> None:
        """A process begins to tell the caches, in place of another one."""
        settings = replace(self.bench.settings, cache_keys="xkey", purge_url=self.caches, purge_token=SECRET)
        self.purging = Purging(self.bench.location, settings, send=self.told)

    def turn(self, **wait: float) -> list[str]:
        """Lets time pass and takes turns; what the caches were told to purge."""
        self.now += timedelta(**wait)
        while self.purging.turn(self.now):
            pass
        return self.told.keys()

    def write(self, name: str, text: str) -> None:
        write(self.bench.folder, name, text)
        self.bench.compile(now=self.now)

    def settled(self) -> list[str]:
        """Takes the turns after a change up to the first purge."""
        assert self.turn() == []
        return self.turn(seconds=SETTLE.total_seconds())


@pytest.fixture
def round_(tmp_path: Path) -> Round:
    """After everything was purged at the first start."""
    bench = Bench(a_newsroom(tmp_path, {DAM: yaml(published="2021-05-01", topics=["wages"])}))
    bench.compile(now=NOW)
    round_ = Round(bench)
    assert round_.settled() == ["all"]
    assert round_.turn(seconds=AGAIN.total_seconds()) == ["all"]
    return round_


def test_a_change_is_purged_once_it_is_visible_and_once_more_a_little_later(round_: Round) -> None:
    round_.write(DAM, yaml(title="Mended", published="2021-05-01", topics=["wages"]))
    assert round_.turn() == []
    assert round_.turn(milliseconds=300) == []
    first = round_.turn(milliseconds=100)
    assert {"any", "l:en", "t:topic/wages", "t:en/topic/wages"} < set(first)
    assert "t:country/cn" not in first
    assert round_.turn(seconds=9.9) == []
    assert round_.turn(milliseconds=100) == first
    assert round_.turn(days=3) == []


def test_a_scheduled_release_is_purged_at_its_moment_and_not_before(round_: Round) -> None:
    round_.write("2021/2021-06-24-new.yaml", yaml(published=NOW + timedelta(minutes=10), countries=["CN"]))
    assert round_.turn() == []
    assert round_.turn(minutes=9) == []
    assert round_.turn(seconds=(NOW + timedelta(minutes=10) - round_.now).total_seconds()) == []
    assert "t:country/cn" in round_.turn(seconds=SETTLE.total_seconds())


def test_what_is_told_in_vain_is_told_again_with_growing_pauses(round_: Round) -> None:
    round_.told.status = 503
    round_.write(DAM, yaml(title="Mended", published="2021-05-01"))
    round_.settled()
    attempts = []
    for second in range(1, 130):
        before = round_.told.asked
        round_.turn(seconds=1)
        if round_.told.asked > before:
            attempts.append(second)
    assert attempts == [1, 3, 7, 15, 31, 63, 123]
    round_.told.status = 200
    assert "any" in round_.turn(minutes=1)
    assert "any" in round_.turn(seconds=AGAIN.total_seconds())
    assert round_.turn(days=2) == []


def test_a_cache_that_asks_for_more_time_gets_it(round_: Round) -> None:
    round_.told.status, round_.told.retry_after = 429, 20
    round_.write(DAM, yaml(title="Mended", published="2021-05-01"))
    round_.settled()
    round_.told.status = 200
    assert round_.turn(seconds=19) == []
    assert "any" in round_.turn(seconds=1)


def test_purges_outlive_a_restart(round_: Round) -> None:
    round_.told.status = 0
    round_.write(DAM, yaml(title="Mended", published="2021-05-01"))
    round_.settled()
    round_.purging.close()
    round_.told.status = 200
    round_.start()
    assert "any" in round_.turn(seconds=5)


def test_what_changed_while_no_process_lived_is_purged(round_: Round) -> None:
    round_.purging.close()
    round_.write(DAM, yaml(title="Mended", published="2021-05-01"))
    round_.start()
    changed = round_.settled()
    assert "l:en" in changed
    assert "all" not in changed


def test_a_second_change_of_the_same_keys_is_purged_twice_too(round_: Round) -> None:
    round_.write(DAM, yaml(title="Mended", published="2021-05-01", topics=["wages"]))
    first = round_.settled()
    round_.write(DAM, yaml(title="Mended again", published="2021-05-01", topics=["wages"]))
    assert round_.turn() == []
    assert round_.turn(seconds=1) == first
    assert round_.turn(seconds=9) == []
    assert round_.turn(seconds=1) == first
    assert round_.turn(days=1) == []


def test_each_cache_is_told_and_one_that_fails_holds_up_no_other(round_: Round) -> None:
    class OneIsDown(Told):
        def __call__(self, settings: Settings, url: str, keys: object) -> object:  # type: ignore[override]
            self.status = 503 if url == ONE else 200
            return super().__call__(settings, url, keys)  # type: ignore[arg-type]

    round_.caches, round_.told = (ONE, TWO), OneIsDown()
    round_.start()
    round_.write(DAM, yaml(title="Mended", published="2021-05-01"))
    round_.turn()
    round_.now += SETTLE
    round_.purging.turn(round_.now)
    assert {url for url, _ in round_.told.heard} == {TWO}


def test_a_cache_that_is_no_longer_there_is_forgotten(round_: Round) -> None:
    round_.told.status = 0
    round_.write(DAM, yaml(title="Mended", published="2021-05-01"))
    round_.settled()
    assert purge_trouble(round_.bench.location)
    round_.caches, round_.told = (TWO,), Told()
    round_.start()
    round_.turn()
    assert purge_trouble(round_.bench.location) is None


def test_a_failure_is_told_without_the_address_or_the_token(round_: Round, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    round_.told.status = 403
    round_.write(DAM, yaml(title="Mended", published="2021-05-01"))
    assert purge_trouble(round_.bench.location) is None
    round_.settled()
    trouble = purge_trouble(round_.bench.location)
    assert trouble is not None
    assert trouble.reason == "caches are not told of changes"
    assert trouble.since == round_.now - SETTLE
    assert "the cache at one.example refused to purge (status 403)" in caplog.text
    assert "secret-path" not in caplog.text
    assert SECRET not in caplog.text
    round_.told.status = 200
    round_.turn(seconds=1)
    assert purge_trouble(round_.bench.location) is None


def test_what_has_expired_in_every_cache_is_given_up(round_: Round, caplog: pytest.LogCaptureFixture) -> None:
    round_.told.status = 503
    round_.write(DAM, yaml(title="Mended", published="2021-05-01"))
    round_.settled()
    round_.turn(seconds=GIVE_UP_AFTER.total_seconds())
    assert "was not told of changes: status 503 for 1 day, 1:00:00" in caplog.text
    round_.told.status = 200
    assert round_.turn(minutes=2) == []


def test_very_many_pending_keys_become_the_one_that_all_answers_have(round_: Round) -> None:
    round_.told.status = 503
    for start in range(0, MOST, 400):
        for number in range(start, start + 400):
            name = f"2021/2021-04-01-number-{number}.yaml"
            write(
                round_.bench.folder, name, yaml(title=f"Number {number}", published="2021-04-01", draft=number % 7 == 0)
            )
        round_.bench.compile(now=round_.now)
        round_.settled()
    round_.told.status = 200
    assert round_.turn(minutes=2) == ["all"]


def test_many_keys_are_sent_in_several_requests_and_turns(round_: Round) -> None:
    for number in range(100):
        name = f"2021/2021-04-01-number-{number}.yaml"
        write(round_.bench.folder, name, yaml(title=f"Number {number}", published="2021-04-01"))
    round_.bench.compile(now=round_.now)
    keys = round_.settled()
    assert len(keys) > 256
    assert round_.told.asked <= REQUESTS + 4


def test_a_clock_that_was_wrong_holds_up_no_purge(round_: Round) -> None:
    round_.now += timedelta(days=30)
    round_.write(DAM, yaml(title="Mended", published="2021-05-01"))
    round_.turn()
    round_.now -= timedelta(days=30)
    round_.purging.close()
    round_.start()
    assert "l:en" in round_.turn()


def test_a_state_of_another_version_purges_everything(round_: Round) -> None:
    round_.purging.close()
    with closing(open_memory(round_.bench.location.memory)) as memory:
        set_facts(memory, purged=json.dumps({"another": "form"}))
    round_.start()
    assert round_.settled() == ["all"]


def test_a_change_of_the_newsroom_purges_everything(round_: Round) -> None:
    (round_.bench.folder / "newsroom.yaml").write_text(NEWSROOM.replace("News}", "All news}"), encoding="utf-8")
    round_.bench.compile(now=round_.now)
    assert round_.settled() == ["all"]


def test_without_anything_to_do_a_turn_tells_nobody(round_: Round) -> None:
    asked = round_.told.asked
    for _ in range(3):
        round_.turn(seconds=1)
    assert round_.told.asked == asked


def test_the_hub_is_told_after_the_caches_and_waits_for_none_that_is_down(round_: Round) -> None:
    hub = Listener()
    newsroom = f"{NEWSROOM}hub: https://hub.example.net/\n"
    (round_.bench.folder / "newsroom.yaml").write_text(newsroom, encoding="utf-8")
    round_.bench.compile(now=round_.now)
    settings = replace(round_.bench.settings, cache_keys="xkey", purge_url=(ONE,))
    delivery = WebSubDelivery(round_.bench.location, settings, notify=hub)
    delivery.turn(round_.now)
    round_.settled()
    round_.told.status = 503
    round_.write(DAM, yaml(title="Mended", published="2021-05-01", topics=["wages"]))
    delivery.turn(round_.now)
    round_.settled()
    round_.now += timedelta(seconds=2)
    delivery.turn(round_.now)
    assert hub.told() == []
    round_.told.status = 200
    assert "l:en" in round_.turn()
    delivery.turn(round_.now)
    assert hub.told() != []
    round_.told.status = 503
    round_.write(DAM, yaml(title="Mended again", published="2021-05-01", topics=["wages"]))
    delivery.turn(round_.now)
    round_.settled()
    round_.now += WAIT_FOR_CACHES
    delivery.turn(round_.now)
    assert hub.told() != []
