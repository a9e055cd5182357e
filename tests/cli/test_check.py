"""`feeds check` of single files, for programs, and again whenever a file is saved."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from feeds.cli.commands import group
from feeds.errors import FeedsError
from tests.makers import a_newsroom, write, yaml
from tests.media.files import picture
from tests.servers import Output
from tests.tools import DEAD, ROOT, environment, python

DAM, ROAD = "2021/2021-06-01-dam.yaml", "2021/2021-06-02-road.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files = {
        DAM: yaml(countries=["Mongoliaa"]),
        "2021/2021-06-01-dam.mn.yaml": 'title: "Далан"\nsummary: "Далан."\n',
        ROAD: yaml(published="2021-06-02", body="See [x](#nowhere)."),
        "2021/2021-06-03-port.yaml": yaml(published="2021-06-03"),
    }
    return a_newsroom(tmp_path, files)


def checked(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(group, ["check", "--data", str(folder), *arguments])


def data(folder: Path, *arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(checked(folder, "--json", *arguments).stdout)
    return found


def test_only_the_problems_of_the_named_files_are_told(folder: Path) -> None:
    result = checked(folder, f"releases/{DAM}")
    assert result.exit_code == 1
    first, last = result.stdout.splitlines()
    assert first.startswith("data/releases/2021/2021-06-01-dam.yaml:4:13: countries[0]: no such country")
    assert last == "1 file checked; problems between releases: see `feeds check`"
    assert result.stderr == "1 problem\n"


def test_a_file_is_named_by_its_path_from_anywhere_or_as_in_its_address(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder / "releases/2021")
    names = ("2021-06-01-dam.yaml", "../2021/2021-06-01-dam.yaml", f"releases/{DAM}", DAM, "2021/dam")
    found = {checked(folder, name).stdout for name in (*names, str(folder / "releases" / DAM))}
    assert len(found) == 1
    assert "2021-06-01-dam.yaml:4:13" in found.pop()


def test_a_translation_is_read_with_its_original(folder: Path) -> None:
    result = checked(folder, "2021/dam.mn")
    assert result.exit_code == 1
    assert "dam.mn.yaml: waits for its original" in result.stdout
    assert "dam.yaml:4" not in result.stdout


def test_what_rendering_and_looking_at_pictures_find_is_told_too(folder: Path) -> None:
    warning, *_ = checked(folder, "2021/road").stdout.splitlines()
    assert warning.startswith(f"data/releases/{ROAD}:4:12: warning: body: “#nowhere” leads to no place")
    assert checked(folder, "2021/road").exit_code == 0
    assert checked(folder, "2021/road", "--strict").exit_code == 1
    write(folder, ROAD, yaml(published="2021-06-02", image={"src": "photo.jpg", "alt": "A road"}))
    assert "image.src: no such file “photo.jpg”" in checked(folder, "2021/road").stdout
    (folder / "releases/2021/photo.jpg").write_bytes(picture())
    assert checked(folder, "2021/road").exit_code == 0


def test_a_date_that_is_most_likely_a_slip_is_told(folder: Path) -> None:
    far = (datetime.now(UTC) + timedelta(days=800)).replace(second=1, microsecond=0)
    write(folder, ROAD, yaml(published=far))
    told = checked(folder, "2021/road").stdout
    assert "warning: published: comes in the middle of a minute" in told
    assert f"warning: published: {far:%Y-%m-%d} is more than two years ahead" in told


def test_the_newsroom_s_own_files_can_be_named(folder: Path) -> None:
    (folder / "topics.yaml").write_text("wages: {labels: {en: Wages}, color: red}\n", encoding="utf-8")
    result = checked(folder, "topics.yaml")
    assert result.exit_code == 1
    assert result.stdout.startswith("data/topics.yaml:1:30: wages.color: no such field")
    assert checked(folder, "newsroom.yaml").exit_code == 0


def test_a_file_with_an_impossible_name_is_told_by_its_problem(folder: Path) -> None:
    write(folder, "2021/2021-06-31-late.yaml", yaml())
    result = checked(folder, "releases/2021/2021-06-31-late.yaml")
    assert result.exit_code == 1
    assert "the date in its name does not exist" in result.stdout


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("2021/dan", "2021/dan: no release of {folder} (did you mean 2021/dam?)"),
        ("2021/photo.jpg", "{folder}/releases/2021/photo.jpg: is no release (check the release that names it)"),
    ],
)
def test_a_name_that_means_no_release_is_an_error(folder: Path, name: str, message: str) -> None:
    (folder / "releases/2021/photo.jpg").write_bytes(picture())
    result = checked(folder, name)
    assert isinstance(result.exception, FeedsError)
    assert str(result.exception) == message.format(folder=folder)


OPENED = """
import sys
sys.addaudithook(lambda event, about: print("opened", about[0]) if event == "open" else None)
from feeds.cli import main
main(sys.argv[1:])
"""


@pytest.mark.slow
def test_no_other_release_is_read(folder: Path) -> None:
    done = python("-c", OPENED, "check", "--data", str(folder), "2021/dam.mn", PYTHONPATH=str(ROOT))
    opened = {line.removeprefix("opened ") for line in done.stdout.splitlines() if line.startswith("opened 2021-")}
    assert opened == {"2021-06-01-dam.yaml", "2021-06-01-dam.mn.yaml"}


def test_programs_get_each_problem_in_its_parts(folder: Path) -> None:
    for arguments in ((), ("2021/dam",)):
        found = data(folder, *arguments)
        problem = next(each for each in found["problems"] if each["line"] == 4 and each["column"] == 13)
        assert problem == {
            "file": f"data/releases/{DAM}",
            "line": 4,
            "column": 13,
            "field": "countries[0]",
            "message": "no such country “Mongoliaa”",
            "advice": "did you mean MN?",
            "fatal": True,
        }
        assert found["faulty"] is True
    assert data(folder)["counts"] == {
        "problems": 2,
        "warnings": 1,
        "releases": 2,
        "by_language": {"en": 2, "zh-Hans": 0, "mn": 0},
        "scheduled": 0,
        "drafts": 0,
        "terms": {"country": 2, "project": 2, "topic": 2, "genre": 2},
    }


def test_programs_get_what_is_not_translated(folder: Path) -> None:
    found = data(folder, "--translations")
    assert found["stories"] == 2
    assert [each["file"] for each in found["untranslated"]["mn"]] == [
        f"releases/{path}" for path in ("2021/2021-06-03-port.yaml", ROAD)
    ]


def test_translations_of_single_files_are_a_usage_error(folder: Path) -> None:
    result = checked(folder, "--translations", "2021/dam")
    assert result.exit_code == 2
    assert "leave the files out" in result.stderr


@pytest.mark.slow
def test_a_watch_checks_again_when_a_file_is_saved_and_ends_with_ctrl_c(folder: Path) -> None:
    command = [sys.executable, "-m", "feeds", "check", "--watch", "--json", "--data", str(folder), "2021/dam"]
    watching = subprocess.Popen(
        command, cwd=ROOT, env=environment(PYTHONUNBUFFERED="1"), text=True, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )  # fmt: skip
    assert watching.stdout
    assert watching.stderr
    out, err = Output(watching.stdout), Output(watching.stderr)
    try:
        assert json.loads(out.line("problems"))["counts"]["problems"] == 1
        err.line("Ctrl.C ends it")
        write(folder, DAM, yaml(countries=["MN"]))
        assert json.loads(out.line("problems"))["counts"]["problems"] == 0
        (folder / "newsroom.yaml").rename(folder / "newsroom.off")
        err.line("no newsroom here")
        (folder / "newsroom.off").rename(folder / "newsroom.yaml")
        assert json.loads(out.line("problems"))["counts"]["problems"] == 0
        watching.send_signal(signal.SIGINT)
        assert watching.wait(DEAD) == 0
        assert "Traceback" not in str(err)
    finally:
        watching.kill()
        watching.wait()
        out.close()
        err.close()
