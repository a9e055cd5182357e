"""`feeds export` on the command line."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.in_process import feeds_here
from tests.makers import BASE, a_newsroom, write, yaml
from tests.servers import Output
from tests.tools import ROOT, environment, python, wait_until

DAM = {"2021/2021-06-01-dam.yaml": yaml(published="2021-06-01", countries=["MN"])}


def exported(tmp_path: Path, *options: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Exports the newsroom in ``tmp_path``."""
    return feeds_here(tmp_path, "export", "out", *options, FEEDS_STATE=str(tmp_path / "state"), **settings)


def test_it_writes_the_newsroom_and_says_when_to_run_it_next(tmp_path: Path) -> None:
    soon = (datetime.now(UTC) + timedelta(days=2)).replace(microsecond=0)
    a_newsroom(tmp_path, DAM | {f"{soon:%Y/%Y-%m-%d}-secret.yaml": yaml(published=soon)})
    out, data = str(tmp_path / "out"), str(tmp_path / "data")
    done = python(
        *("-m", "feeds", "export", out, "--data", data, "--base-url", BASE), FEEDS_STATE=str(tmp_path / "state")
    )
    lines = done.stdout.splitlines()
    assert re.fullmatch(r".*/out: \d+ files, \d+ written, 0 removed", lines[0])
    assert lines[1].startswith("left out, since only a server can answer: ")
    assert lines[-1] == f"run it again at {soon.isoformat()}, when something is scheduled to change"
    again = exported(tmp_path, "--base-url", BASE, "--host", "github")
    assert "GitHub Pages has no 410" in again.stdout
    assert (tmp_path / "out/.nojekyll").exists()


def test_files_have_no_keys_for_caches(tmp_path: Path) -> None:
    a_newsroom(tmp_path, DAM)
    caches = {"FEEDS_CACHE_KEYS": "xkey", "FEEDS_PURGE_URL": "http://127.0.0.1:9/"}
    options = ("--base-url", BASE, "--host", "nginx")
    assert exported(tmp_path, *options, **caches).returncode == 0
    written = [path.read_bytes() for path in sorted((tmp_path / "out").rglob("*")) if path.is_file()]
    assert not [each for each in written if b"xkey" in each or b"CDN-Cache-Control" in each]
    again = exported(tmp_path, *options)
    assert "0 written, 0 removed" in again.stdout


def test_it_shows_a_moment_to_come_and_remembers_nothing_of_it(tmp_path: Path) -> None:
    a_newsroom(tmp_path, DAM | {"2099/2099-01-01-far.yaml": yaml(published="2099-01-01")})
    done = exported(tmp_path, "--base-url", BASE, "--at", "2099-02-01")
    assert "PREVIEW" in done.stderr
    assert done.stdout.splitlines()[-1] == "nothing is scheduled: run it again when something has changed"
    assert (tmp_path / "out/releases/2099/far.html").exists()
    assert not list((tmp_path / "state").glob("*"))
    assert exported(tmp_path, "--base-url", BASE).returncode == 0
    assert not (tmp_path / "out/releases/2099/far.html").exists()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ((), "give --base-url, or set FEEDS_BASE_URL"),
        (("--base-url", "news"), "“news”: not an absolute web address"),
        (("--base-url", BASE, "--precompress", "zip"), "“zip” is none of gzip, br, zstd"),
        (("--base-url", BASE, "--host", "iis"), "'iis' is not one of"),
        (("--base-url", BASE, "--at", "2021-06-02", "--watch"), "give one of the two"),
    ],
)
def test_it_says_what_is_wrong_with_the_command(tmp_path: Path, options: tuple[str, ...], told: str) -> None:
    a_newsroom(tmp_path, DAM)
    done = exported(tmp_path, *options)
    assert done.returncode
    assert told in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_it_follows_changes_and_scheduled_moments(tmp_path: Path) -> None:
    soon = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=8)
    folder = a_newsroom(tmp_path, DAM | {f"{soon:%Y/%Y-%m-%d}-secret.yaml": yaml(published=soon)})
    command = [sys.executable, "-m", "feeds", "export", str(tmp_path / "out"), "--data", str(folder), "--watch"]
    given = environment(FEEDS_STATE=str(tmp_path / "state"), FEEDS_BASE_URL=BASE, PYTHONUNBUFFERED="1")
    with subprocess.Popen(command, cwd=ROOT, env=given, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        output = Output(process.stdout)
        try:
            output.line(r"written, 0 removed")
            write(folder, "2021/2021-06-02-road.yaml", yaml(published="2021-06-02"))
            wait_until((tmp_path / "out/releases/2021/road.html").exists, "the new release is a file")
            page = tmp_path / f"out/releases/{soon:%Y}/secret.html"
            wait_until(page.exists, "the scheduled release is a file")
            assert page.stat().st_ctime >= soon.timestamp()
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(60)
        output.close()
