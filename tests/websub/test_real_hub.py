"""From an editor's file to a subscriber's hands: the shipped server, its workers, and a hub that others wrote."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

from tests.tools import free_port
from tests.websub.newsrooms import NOON, Office

ROOT = Path(__file__).parents[2]
DEADLINE = 30  # seconds for a server to answer, under whatever load


@contextmanager
def running(port: int, *arguments: str, **environment: str) -> Iterator[None]:
    """A Python program in a process of its own, once it listens."""
    environ = os.environ | {"PYTHONPATH": str(ROOT)} | environment
    with subprocess.Popen([sys.executable, *arguments], cwd=ROOT, env=environ) as process:
        try:
            deadline = time.monotonic() + DEADLINE
            while not listens(port) and process.poll() is None and time.monotonic() < deadline:
                os.sched_yield()
            assert process.poll() is None, "the server did not start"
            yield
        finally:
            process.terminate()


def listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


@pytest.fixture
def hub() -> Iterator[str]:
    """A real hub with a real subscriber; gives the address of both."""
    port = free_port()
    with running(port, "-m", "tests.websub.real_hub", str(port)):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def office(tmp_path: Path, hub: str) -> Iterator[Office]:
    """A newsroom and, with two workers, its server."""
    port = free_port()
    office = Office(tmp_path, hub=f"{hub}/hub", base=f"http://127.0.0.1:{port}")
    office.release("dam", "A dam", NOON - timedelta(days=1), countries="[MN]")
    command = ["-m", "feeds", "serve", "--data", str(office.folder), "--port", str(port), "--workers", "2"]
    environment = {"FEEDS_CATALOGUE": str(tmp_path), "FEEDS_BASE_URL": office.base, "FEEDS_WATCH": "poll"}
    with running(port, *command, **environment):
        yield office


def asked(url: str, **form: str) -> Any:
    with urlopen(url, urlencode(form).encode() if form else None, DEADLINE * 2) as response:
        return json.load(response)


def test_a_subscriber_is_handed_what_is_saved_and_what_has_its_moment_once_each(office: Office, hub: str) -> None:
    topics = [f"{office.base}/feeds/country/mn.{suffix}" for suffix in ("atom", "rss", "json")]
    for topic in topics:
        subscribed = asked(f"{hub}/subscribe", feed=topic)
        assert subscribed == {"status": 202, "hub_url": office.hub, "topic_url": topic, "verified": True}

    office.release("pension", "A pension", NOON, countries="[MN]")
    for topic in topics:
        (first,) = asked(f"{hub}/deliveries?count=1&topic={topic}")
        assert "A pension" in first["body"]

    moment = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=4)
    office.release("embargo", "An embargo", moment, countries="[MN]")
    for topic in topics:
        _, second = asked(f"{hub}/deliveries?count=2&topic={topic}")
        assert "An embargo" in second["body"]
        assert datetime.fromisoformat(second["at"]) >= moment
        with urlopen(topic, timeout=DEADLINE) as response:
            assert second["body"] == response.read().decode("utf-8")
