"""A full disk under catalogue and memory: readers are served what was there, and the operator is told."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest

from tests.makers import BASE, a_newsroom, write, yaml
from tests.servers import Servers
from tests.tools import wait_until

NEW = "2021/2021-06-02-road.yaml"


@pytest.mark.parametrize("how", ["restarted", "killed"])
def test_a_restart_on_a_full_disk_serves_what_was_there_and_says_that_changes_are_not_taken_up(
    tmp_path: Path, servers: Servers, how: str
) -> None:
    folder = a_newsroom(tmp_path, {"2021/2021-06-01-dam.yaml": yaml(title="The dam")})
    with servers.newsroom(folder, workers=1, FEEDS_BASE_URL=BASE) as server:
        before = server.get("/feeds/all.atom")
        if how == "killed":
            os.killpg(server.process_id, signal.SIGKILL)
    write(folder, NEW, yaml(title="The road", published="2021-06-02"))
    with servers.newsroom(folder, workers=1, watch="poll", full_disk=True, FEEDS_BASE_URL=BASE) as full:
        assert full.get("/feeds/all.atom") == before
        wait_until(lambda: json.loads(full.get("/healthz")[1])["status"] == "degraded", "the newsroom says so")
        told = json.loads(full.get("/healthz")[1])
        assert told["reason"].startswith("changes are not taken up: ")
        assert full.get("/healthz?fresh")[0] == 503
        assert full.get("/releases/2021/dam")[0] == 200
        assert "changes are not taken up" in str(full.stderr)
    with servers.newsroom(folder, workers=1, FEEDS_BASE_URL=BASE) as freed:
        assert b"The road" in freed.get("/feeds/all.atom")[1]


def test_a_first_start_on_a_full_disk_is_one_clear_line(tmp_path: Path, servers: Servers) -> None:
    folder = a_newsroom(tmp_path, {"2021/2021-06-01-dam.yaml": yaml()})
    with pytest.raises(AssertionError, match="does not answer, exit code 1") as caught:
        servers.newsroom(folder, workers=1, full_disk=True).__enter__()
    assert "Traceback" not in str(caught.value)
