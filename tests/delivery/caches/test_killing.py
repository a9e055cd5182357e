"""Processes die at any moment: no purge is lost, and of several processes one sends each."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feeds.memory.purge_outbox import PendingPurge, PurgeOutbox
from feeds.model.renames import fingerprint
from feeds.publish.surrogate_keys import of_release
from tests.conftest import Seed
from tests.makers import Bench, a_newsroom, write, yaml
from tests.servers import Servers, Victim
from tests.tools import wait_until

from .server import serve
from .stand_in import Provider, running

KILLS = 30


@pytest.fixture
def provider() -> Iterator[Provider]:
    with running(Provider("http")) as provider:
        yield provider


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    bench = Bench(a_newsroom(tmp_path, {file(0): yaml(published="2021-05-01")}), base_url="http://127.0.0.1:8000")
    bench.compile(now=datetime.now(UTC))
    return bench


def file(number: int) -> str:
    return f"2021/2021-05-01-release-{number}.yaml"


def key(number: int) -> str:
    return of_release(fingerprint(f"tag:example.org,2021-05-01:release-{number}"))


def purged(provider: Provider) -> Counter[str]:
    return Counter(each for keys in list(provider.purged) for each in keys)


def to_be_sent(bench: Bench, provider: Provider) -> tuple[PendingPurge, ...]:
    now = datetime.now(UTC)
    with closing(PurgeOutbox(bench.location.memory)) as outbox:
        return outbox.pending(provider.url, now, now + timedelta(days=2))


def a_server(servers: Servers, bench: Bench, provider: Provider) -> Victim:
    return servers.victim(serve, bench.folder, bench.location.path, provider.url)


def test_purges_of_processes_killed_at_any_moment_are_not_lost(
    servers: Servers, bench: Bench, provider: Provider, seed: Seed
) -> None:
    first = a_server(servers, bench, provider)
    wait_until(lambda: purged(provider)["all"] == 1, "everything is purged at the first start")
    wait_until(lambda: not to_be_sent(bench, provider), "it is written down that it was purged")
    first.kill()
    chance = random.Random(seed(2021))  # noqa: S311  # moments, not secrets
    for number in range(1, KILLS + 1):
        write(bench.folder, file(number), yaml(title=f"Release {number}", published="2021-05-01", topics=["wages"]))
        process = a_server(servers, bench, provider)
        if number % 2:
            wait_until(lambda number=number: purged(provider)[key(number)] > 0, "it is purged")  # type: ignore[misc]
        process.wait(chance.uniform(0, 0.02 if number % 2 else 0.3))
        process.kill()
    last = a_server(servers, bench, provider)
    wait_until(lambda: all(purged(provider)[key(number)] for number in range(1, KILLS + 1)), "all is purged")
    last.kill()
    twice = sum(purged(provider)[key(number)] - 1 for number in range(1, KILLS + 1))
    assert twice <= KILLS, "at most the request that was on its way"
    assert purged(provider)["all"] == 1


def test_of_several_processes_one_purges_and_another_takes_over_when_it_dies(
    servers: Servers, bench: Bench, provider: Provider
) -> None:
    at_work = [a_server(servers, bench, provider) for _ in range(3)]
    try:
        wait_until(lambda: purged(provider)["all"] == 1, "everything is purged at the first start")
        for number in range(1, 4):
            write(bench.folder, file(number), yaml(title=f"Release {number}", published="2021-05-01"))
            bench.compile(now=datetime.now(UTC))
            wait_until(lambda number=number: purged(provider)[key(number)] > 0, "it is purged")  # type: ignore[misc]
            if number < 3:
                at_work.pop(0).kill()
    finally:
        for server in at_work:
            server.kill()
    again = [purged(provider)[key(number)] - 1 for number in range(1, 4)]
    assert sum(again) <= 2, "at most the requests that were on their way when a process died"
