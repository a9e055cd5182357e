"""Exports of a newsroom that is kept on a PostgreSQL server, from machines with and without its folder."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feeds.catalogue import CatalogueLocation, catalogue_location, compile_folder
from feeds.cli.export import export as export_command
from feeds.errors import FeedsError
from feeds.export import ExportOptions, ExportResult, ExportSource, Folder, export
from tests.catalogue.test_same_bytes import a_living_newsroom
from tests.export.exporter import contents, exported, manifest
from tests.makers import BASE, NOW, YESTERDAY, Bench, a_newsroom, write, yaml
from tests.postgresql import PASSWORD, Cluster
from tests.servers import Output
from tests.tools import DATA, ROOT, environment, free_port, wait_until

pytestmark = pytest.mark.slow

Places = Callable[..., CatalogueLocation]


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    made = a_living_newsroom(tmp_path)
    write(made.folder, "2021/2021-06-01-dam.yaml", yaml(image={"src": "dam.png", "alt": "A dam"}))
    shutil.copy(DATA.parent / "feeds/publish/assets/icon.png", made.folder / "releases/2021/dam.png")
    return made


@pytest.fixture
def places(postgresql: Cluster, tmp_path: Path) -> Places:
    """Where machines keep the newsroom on one server; one without a folder is a replica."""
    url = postgresql.database()
    return lambda machine, folder=None: catalogue_location(folder, BASE, tmp_path / machine, database=url)


def export_from(location: CatalogueLocation, bench: Bench, out: Path, processes: int = 1) -> ExportResult:
    source = ExportSource(location, replace(bench.settings, entries=3))
    return export(source, Folder(out), ExportOptions(processes=processes), NOW)


def test_a_machine_with_and_one_without_the_folder_write_the_files_of_an_export_from_sqlite(
    bench: Bench, places: Places, tmp_path: Path
) -> None:
    with_folder, replica = places("one", bench.folder), places("two")
    outs = [tmp_path / f"out-{number}" for number in range(3)]
    for edit in ("as it is", "a correction, and a picture that is gone"):
        if edit != "as it is":
            corrected = yaml(published="2021-05-03", title="3", corrections=[{"date": YESTERDAY, "note": "Not so."}])
            write(bench.folder, "2021/2021-05-03-number-3.yaml", corrected)
            write(bench.folder, "2021/2021-06-01-dam.yaml", yaml(title="Without its picture"))
        bench.compile(now=NOW)
        compile_folder(bench.folder, with_folder, BASE, processes=1, now=NOW)
        done = [
            exported(bench, outs[0]),
            export_from(with_folder, bench, outs[1]),
            export_from(replica, bench, outs[2], processes=2),
        ]
        files = contents(outs[0])
        assert len(files) > 300
        assert any("media/" in name for name in files) == (edit == "as it is")
        for out, result in zip(outs[1:], done[1:], strict=True):
            assert contents(out) == files, edit
            assert manifest(out) == manifest(outs[0]), edit
            # It makes again what an export from SQLite makes again, and no more.
            assert (result.made, result.written, result.removed) == (done[0].made, done[0].written, done[0].removed)
    assert done[0].made < len(files) / 2


@pytest.fixture
def without_folder(postgresql: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a new database, which this process takes for that of a machine without the folder."""
    url = postgresql.database()
    settings = {"DATABASE": url, "DATA": "none", "STATE": str(tmp_path / "state"), "BASE_URL": BASE}
    for name, value in settings.items():
        monkeypatch.setenv(f"FEEDS_{name}", value)
    return url


def test_a_machine_without_the_folder_shows_a_moment_to_come_and_keeps_nothing_of_it(
    without_folder: str, tmp_path: Path
) -> None:
    out, one = tmp_path / "out", tmp_path / "one"
    folder = a_newsroom(tmp_path, {"2099/2099-01-01-far.yaml": yaml(published="2099-01-01T09:00:00+08:00")})
    compile_folder(folder, catalogue_location(folder, BASE, one, database=without_folder), BASE, processes=1, now=NOW)
    for at, is_there in (("2099-01-01 08:59", False), ("2099-01-01 09:00", True)):  # the newsroom is in Shanghai
        export_command(None, str(out), None, at, 2, None, "", watch=False)
        assert (out / "releases/2099/far.html").exists() == is_there
    assert not list((tmp_path / "state").glob("*.export"))


def test_an_export_does_not_wait_for_what_may_never_be_there(
    without_folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    with pytest.raises(FeedsError, match=f"no catalogue yet: nothing was compiled for {BASE} "):
        export_command(None, str(out), None, None, 2, None, "", watch=False)
    monkeypatch.setenv("FEEDS_DATABASE", without_folder.replace("a%20secret", "another%20secret"))
    for watch in (False, True):
        with pytest.raises(FeedsError, match="check user, password"):
            export_command(None, str(out), None, None, 2, None, "", watch=watch)
    monkeypatch.setenv("FEEDS_DATABASE", f"postgresql://feeds@127.0.0.1:{free_port()}/news")
    with pytest.raises(FeedsError, match="refused"):
        export_command(None, str(out), None, None, 2, None, "", watch=False)
    assert not out.exists()


def test_a_machine_without_the_folder_follows_changes_and_scheduled_moments(
    bench: Bench, postgresql: Cluster, tmp_path: Path
) -> None:
    url, out = postgresql.database(), tmp_path / "out"
    location = catalogue_location(bench.folder, BASE, tmp_path / "one", database=url)
    command = [sys.executable, "-m", "feeds", "export", str(out), "--base-url", BASE, "--watch"]
    given = environment(
        FEEDS_DATABASE=url, FEEDS_DATA="none", FEEDS_STATE=str(tmp_path / "two"), PYTHONUNBUFFERED="1"
    )  # fmt: skip
    with subprocess.Popen(
        command, cwd=ROOT, env=given, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout
        output = Output(process.stdout)
        try:
            output.line("waiting for the newsroom: PostgreSQL at 127.0.0.1: no catalogue yet")
            soon = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=8)
            write(bench.folder, f"{soon:%Y/%Y-%m-%d}-secret.yaml", yaml(published=soon))
            compile_folder(bench.folder, location, BASE, processes=1, now=datetime.now(UTC))
            output.line(r"written, 0 removed")
            write(bench.folder, "2021/2021-06-02-road.yaml", yaml(published="2021-06-02"))
            compile_folder(bench.folder, location, BASE, processes=1, now=datetime.now(UTC))
            wait_until((out / "releases/2021/road.html").exists, "the new release is a file")
            page = out / f"releases/{soon:%Y}/secret.html"
            wait_until(page.exists, "the scheduled release is a file")
            assert page.stat().st_ctime >= soon.timestamp()
            postgresql.stop()
            try:
                output.line("error: PostgreSQL at 127.0.0.1")
            finally:
                postgresql.start()
            write(bench.folder, "2021/2021-06-03-wall.yaml", yaml(published="2021-06-03"))
            compile_folder(bench.folder, location, BASE, processes=1, now=datetime.now(UTC))
            wait_until((out / "releases/2021/wall.html").exists, "what came afterwards is a file")
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(60)
        output.close()
        assert PASSWORD not in str(output)
