"""The commands as people and scripts run them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator
from yaml import BaseLoader, load

import feeds
from feeds.cli.commands import group
from feeds.settings import Settings
from feeds.web import create_app
from tests.cli.in_process import feeds_here
from tests.makers import BASE, a_newsroom, yaml
from tests.tools import ROOT, environment, python

pytestmark = pytest.mark.slow

PROBLEM = re.compile(r"data/\S+\.yaml(?::\d+:\d+)?: (?:[\w.\[\]]+: )?.+ \(.+\)")


def run(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """The program with these arguments."""
    return feeds_here(ROOT, *arguments, **settings)


def test_the_version_is_the_package_s_and_the_end_looks_for_no_garbage() -> None:
    seen_last = "import atexit, gc; atexit.register(lambda: print(gc.get_freeze_count() > 0))"
    done = python("-c", f"{seen_last}; from feeds.cli import main; main(['--version'])")
    assert done.returncode == 0
    assert feeds.__version__ in done.stdout
    assert done.stdout.endswith("True\n")


def test_the_bundled_newsroom_has_no_problem() -> None:
    done = python("-m", "feeds", "check")
    assert done.returncode == 0, done.stdout
    assert "no problems" in done.stderr
    assert re.match(r"\d+ releases to be seen \(20 in en, \d+ in zh-Hans, \d+ in mn\)\n", done.stdout)


def test_what_lies_more_than_two_years_ahead_is_told(tmp_path: Path) -> None:
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    soon, far = (now + timedelta(days=days) for days in (730, 735))
    files = {
        "2021-06-01-dam.yaml": yaml(published=far),
        "2021-06-01-dam.mn.yaml": 'title: "Далан"\nsummary: "Далан."\n',
        "2021-06-02-road.yaml": yaml(published="2021-06-02", updated=far),
        "2021-06-03-mine.yaml": yaml(published="2021-06-03", withdrawn={"date": far, "reason": "x"}),
        "2021-06-04-port.yaml": yaml(published="2021-06-04", corrections=[{"date": far, "note": "x"}]),
        "2021-06-05-bridge.yaml": yaml(published=soon, updated=soon + timedelta(seconds=60)),
        "2021-06-06-draft.yaml": yaml(published=far, draft=True),
    }
    done = run("check", "--data", str(a_newsroom(tmp_path, files)))
    told = [line.partition(" is more than two years ahead")[0] for line in done.stdout.splitlines() if "years" in line]
    assert told == [
        f"data/releases/2021-06-01-dam.yaml: warning: published: {far:%Y-%m-%d}",
        f"data/releases/2021-06-02-road.yaml: warning: updated: {far:%Y-%m-%d}",
        f"data/releases/2021-06-03-mine.yaml: warning: withdrawn.date: {far:%Y-%m-%d}",
        f"data/releases/2021-06-04-port.yaml: warning: corrections[0].date: {far:%Y-%m-%d}",
    ]
    assert done.returncode == 0


def test_every_problem_is_printed_with_its_place_and_what_to_do_and_the_exit_code_is_one(tmp_path: Path) -> None:
    folder = a_newsroom(
        tmp_path,
        {
            "2021-06-01-dam.yaml": yaml(countries=["Mongoliaa"]),
            "2021-06-02-road.yaml": yaml(published="2021-06-31", sumary="x"),
            "2021-06-03-good.yaml": yaml(published="2021-06-03"),
            "2021-06-04-[red]bold.yaml": yaml(),
        },
    )
    done = run("check", "--data", str(folder))
    assert done.returncode == 1
    *problems, found, _ = done.stdout.splitlines()
    assert len(problems) == 4
    assert all(PROBLEM.fullmatch(problem) for problem in problems), done.stdout
    assert problems == sorted(problems)
    assert any("did you mean MN?" in problem for problem in problems)
    assert found.startswith("1 release to be seen")
    assert "4 problems" in done.stderr


def test_what_is_published_otherwise_than_written_is_a_warning_which_fails_only_where_wanted(tmp_path: Path) -> None:
    folder = a_newsroom(tmp_path, {"2021-06-01-dam.yaml": yaml(body="See [x](#nowhere)."), "2021-06-02-road.yaml": yaml(
        published="2021-06-02", related=["2021/nope"])})  # fmt: skip
    for arguments, status in (((), 0), (("--strict",), 1)):
        done = run("check", *arguments, "--data", str(folder))
        assert (done.returncode, done.stderr.strip()) == (status, "no problems, 2 warnings")
        first, second, *_ = done.stdout.splitlines()
        assert first.startswith("data/releases/2021-06-01-dam.yaml:4:12: warning: body: “#nowhere” leads to no place")
        assert second.startswith("data/releases/2021-06-02-road.yaml:4:11: warning: related[0]: this newsroom has no")
        assert PROBLEM.fullmatch(first)
    assert "no problems, 2 warnings: see `feeds check`" in run("list", "--data", str(folder)).stderr
    assert "--strict" in run("check", "--help").stdout


def test_a_folder_without_a_newsroom_is_one_clear_message(tmp_path: Path) -> None:
    for command in ("check", "list"):
        done = run(command, "--data", str(tmp_path))
        assert done.returncode == 1
        assert "no newsroom here" in done.stderr
        assert "Traceback" not in done.stderr


def test_check_writes_nothing_into_the_folder(tmp_path: Path) -> None:
    folder = a_newsroom(tmp_path, {"2021-06-01-dam.yaml": yaml()})
    before = sorted(tmp_path.rglob("*"))
    assert run("check", "--data", str(folder)).returncode == 0
    assert sorted(tmp_path.rglob("*")) == before


def test_each_address_that_is_listed_answers_with_as_many_releases(tmp_path: Path) -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    folder = a_newsroom(
        tmp_path,
        {
            "2021-06-01-dam.yaml": yaml(countries=["CN", "MN"], topics=["wages"], genre="news"),
            "2021-06-01-dam.mn.yaml": "title: Далан\nsummary: Тухай.\n",
            "2021-06-02-road.yaml": yaml(published="2021-06-02", countries=["CN"], projects=["score"]),
            "2021-06-03-soon.yaml": yaml(published=tomorrow.isoformat(timespec="seconds"), countries=["CN"]),
        },
    )
    done = run("list", "--combinations", "--data", str(folder), FEEDS_BASE_URL=BASE)
    assert done.returncode == 0, done.stderr
    rows = [line.split("\t") for line in done.stdout.splitlines()]
    app = create_app(Settings(data=folder, state=tmp_path / "catalogue", base_url=BASE, watch="off"))
    client = app.test_client()
    for count, address in rows:
        response = client.get(address.removeprefix(BASE))
        assert response.status_code == 200, address
        if address.endswith(".json"):
            assert len(json.loads(response.data)["items"]) == int(count), address
    counts = {address.removeprefix(BASE): int(count) for count, address in rows}
    assert counts["/feeds/all.atom"] == 2
    assert counts["/feeds/country/cn/project/score.rss"] == 1
    assert counts["/mn/feeds/country/cn.json"] == 1
    assert len(counts) == len(rows)


def test_the_list_can_be_of_one_format_and_cut_short_by_its_reader(tmp_path: Path) -> None:
    folder = a_newsroom(tmp_path)
    done = run("list", "--format", "rss", "--data", str(folder))
    assert {line.rpartition(".")[2] for line in done.stdout.splitlines()} == {"rss"}
    command = [sys.executable, "-m", "feeds", "list", "--data", str(folder)]
    with subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as cut:
        assert cut.stdout
        assert cut.stderr
        cut.stdout.close()
        assert cut.stderr.read() == b""


def test_the_schema_is_one_and_accepts_every_bundled_release_field() -> None:
    done = run("schema")
    assert done.returncode == 0, done.stderr
    schema = json.loads(done.stdout)
    Draft202012Validator.check_schema(schema)
    valid = Draft202012Validator(schema)
    good = {"title": "T", "summary": "S", "published": "2021-06-24", "countries": ["CN"], "genre": "event"}
    assert valid.is_valid(good)
    assert valid.is_valid([good])
    assert not valid.is_valid(good | {"countries": ["XX"]})
    assert not valid.is_valid(good | {"sumary": "S"})


def test_every_bundled_file_passes_the_schema_of_its_kind() -> None:
    schemas = {option: json.loads(run("schema", *option).stdout) for option in [(), ("--translation",)]}
    for path in sorted((ROOT / "data" / "releases").rglob("*.yaml")):
        kind = ("--translation",) if "." in path.stem else ()
        data = load(path.read_text(encoding="utf-8"), BaseLoader)  # noqa: S506 - it makes nothing but text
        assert [error.message for error in Draft202012Validator(schemas[kind]).iter_errors(data)] == [], path.name


@pytest.mark.parametrize("command", ["check", "list", "schema"])
def test_an_unknown_setting_stops_every_command_with_one_clear_line(command: str) -> None:
    done = run(command, FEEDS_BASEURL="https://news.example.org")
    assert done.returncode == 1
    assert done.stderr == "FEEDS_BASEURL: no such setting (did you mean FEEDS_BASE_URL?)\n"


def test_help_names_every_command() -> None:
    done = run("--help")
    assert done.returncode == 0
    for command in ("serve", "check", "list", "schema"):
        assert re.search(rf"^  {command} +\S", done.stdout, re.MULTILINE)


def test_the_words_of_a_language_are_written_to_be_filled_in(tmp_path: Path) -> None:
    folder = a_newsroom(tmp_path, {"2021-06-01-dam.yaml": yaml()})
    path = folder / "locale" / "it.po"
    done = run("words", "it", "--data", str(folder))
    assert re.fullmatch(rf"{path}: \d+ messages to translate\nAdd it to “languages:” .+\n", done.stdout), done.stderr
    path.write_text(path.read_text("utf-8").replace('msgid "Help"\nmsgstr ""', 'msgid "Help"\nmsgstr "Aiuto"'), "utf-8")
    before = path.read_bytes()
    assert run("words", "IT", "--data", str(folder)).returncode == 0
    assert path.read_bytes() == before
    assert run("words", "fr", "--data", str(folder)).stdout.startswith(
        f"{folder}/locale/fr.po: every message is translated\n"
    )
    assert 'msgstr "Flux"' in (folder / "locale/fr.po").read_text("utf-8")


@pytest.mark.parametrize("fault", ["tag", "folder", "link", "bytes"])
def test_words_that_cannot_be_written_are_one_clear_message(tmp_path: Path, fault: str) -> None:
    folder = a_newsroom(tmp_path)
    (folder / "locale").mkdir()
    if fault == "link":
        (folder / "locale/it.po").symlink_to(tmp_path / "elsewhere")
    if fault == "bytes":
        (folder / "locale/it.po").write_bytes(b"\xff")
    language, place = (
        ("italiano", folder) if fault == "tag" else ("it", tmp_path / "x" if fault == "folder" else folder)
    )
    done = run("words", language, "--data", str(place))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "it.po" in done.stderr or fault in ("tag", "folder")
    assert not (tmp_path / "elsewhere").exists()


def test_the_list_of_commands_says_of_each_what_it_does_in_one_line() -> None:
    said = CliRunner().invoke(group, ["--help"], terminal_width=80).stdout
    lines = said.partition("Commands:\n")[2].partition("\n\n")[0].splitlines()
    assert len(lines) == len(group.commands)
    assert all(line.endswith(".") and not line.endswith("...") for line in lines)
