"""From an editor's file to a subscriber's hands: the shipped server, its workers, and a hub that others wrote."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

from tests.delivery.websub.newsrooms import NOON, Office
from tests.servers import Servers
from tests.tools import DEAD, free_port


@pytest.fixture
def hub(servers: Servers) -> Iterator[str]:
    """A real hub with a real subscriber; gives the address of both."""
    port = free_port()
    command = [sys.executable, "-m", "tests.delivery.websub.real_hub", str(port)]
    with servers.program(command, port=port, ready="/deliveries?topic=none&count=0") as server:
        yield server.base_url


@pytest.fixture
def office(tmp_path: Path, hub: str, servers: Servers) -> Iterator[Office]:
    """A newsroom and, with two workers, its server."""
    port = free_port()
    office = Office(tmp_path, hub=f"{hub}/hub", base_url=f"http://127.0.0.1:{port}")
    office.release("dam", "A dam", NOON - timedelta(days=1), countries=["MN"])
    with servers.newsroom(office.folder, watch="poll", port=port, FEEDS_BASE_URL=office.base_url):
        yield office


def asked(url: str, **form: str) -> Any:
    with urlopen(url, urlencode(form).encode() if form else None, DEAD) as response:
        return json.load(response)


def test_a_subscriber_is_handed_what_is_saved_and_what_has_its_moment_once_each(office: Office, hub: str) -> None:
    topics = [f"{office.base_url}/feeds/country/mn.{suffix}" for suffix in ("atom", "rss", "json")]
    for topic in topics:
        subscribed = asked(f"{hub}/subscribe", feed=topic)
        assert subscribed == {"status": 202, "hub_url": office.hub, "topic_url": topic, "verified": True}

    office.release("pension", "A pension", NOON, countries=["MN"])
    for topic in topics:
        (first,) = asked(f"{hub}/deliveries?count=1&topic={topic}")
        assert "A pension" in first["body"]

    moment = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=4)
    office.release("embargo", "An embargo", moment, countries=["MN"])
    for topic in topics:
        _, second = asked(f"{hub}/deliveries?count=2&topic={topic}")
        assert "An embargo" in second["body"]
        assert datetime.fromisoformat(second["at"]) >= moment
        with urlopen(topic, timeout=DEAD) as response:
            assert second["body"] == response.read().decode("utf-8")
