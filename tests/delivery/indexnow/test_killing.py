"""Servers die at any moment: search engines hear of every change, and of nothing that has not changed."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from feeds.delivery.indexnow.delivery import IndexNowDelivery
from feeds.publish.document import Document
from tests.conftest import Seed
from tests.delivery.indexnow.endpoint import Endpoint, running
from tests.delivery.indexnow.newsrooms import Office, SearchEngines
from tests.delivery.indexnow.server import serve
from tests.makers import BASE
from tests.servers import Servers
from tests.tools import wait_until

KILLS = 12
LONG_AGO = datetime(2021, 6, 1, tzinfo=UTC)


@pytest.mark.slow
def test_servers_killed_at_any_moment_lose_no_page(tmp_path: Path, servers: Servers, seed: Seed) -> None:
    office = Office(tmp_path)
    for number in range(4):
        office.release(f"release-{number}", published=LONG_AGO)
    office.compile()
    first = IndexNowDelivery(office.location, office.settings, submit=SearchEngines().submit)
    first.turn(datetime.now(UTC))
    first.close()

    def look(address: str) -> bytes:
        found = office.answer(urlsplit(address).path, datetime.now(UTC))
        return found.body if isinstance(found, Document) else b""

    chance = random.Random(seed(2021))  # noqa: S311  # moments, not secrets
    with running(Endpoint(look=look)) as endpoint:
        for number in range(KILLS):
            soon = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=2)
            published = soon if number % 4 == 3 else LONG_AGO
            office.release(f"release-{number % 3}", f"Change {number}", published)
            process = servers.victim(serve, office.folder, office.location.path, BASE, endpoint.url)
            process.wait(chance.uniform(0, 2))
            process.kill()
        last = servers.victim(serve, office.folder, office.location.path, BASE, endpoint.url)
        final = {f"{BASE}/releases/2021/release-{n % 3}": f"Change {n}".encode() for n in range(KILLS - 3, KILLS)}
        try:
            wait_until(
                lambda: all(title in endpoint.seen.get(page, b"") for page, title in final.items()), "all is told"
            )  # fmt: skip
        finally:
            last.kill()
    told = Counter(page for each in endpoint.heard for page in each["urlList"])
    assert told.keys() == final.keys(), "the release that was not changed is not told"
