"""`feeds init` makes a newsroom that is sound, speaks of nobody else, and is shown at once."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest
from jsonschema import Draft202012Validator
from yaml import BaseLoader, SafeLoader, load

from feeds.settings import Settings
from feeds.web import create_app
from tests.cli.in_process import feeds_here
from tests.conftest import Program
from tests.tools import DEAD, environment

pytestmark = pytest.mark.slow  # many of these start Python

CITY = (
    *("--title", "Ville du Port", "--language", "fr", "--language", "en", "--timezone", "Europe/Paris"),
    *("--base-url", "https://presse.port.example", "--facet", "department:departments", "--facet", "country"),
)
OTHERS = re.compile(r"\bILO\b|ilo\.org|United Nations|China|Mongolia|Shanghai|Beijing|\bUN\b|国际劳工|ОУХБ")
"""Words of the bundled newsroom."""


def feeds(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """The program, run in a folder, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "feeds", *arguments],
        cwd=folder, env=environment(**settings), capture_output=True, text=True, check=False, timeout=10 * DEAD,
    )  # fmt: skip


def read(text: str) -> dict[str, Any]:
    """The fields of a file, as text."""
    return cast("dict[str, Any]", load(text, BaseLoader))  # noqa: S506 - it makes nothing but texts


def texts(folder: Path) -> dict[str, str]:
    """All files by their paths."""
    return {str(path.relative_to(folder)): path.read_text("utf-8") for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new newsroom."""
    folder = tmp_path_factory.mktemp("init") / "port"
    done = feeds(folder.parent, "init", "port", *CITY, "--yes")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[2:] == [
        "  cd port",
        "  feeds serve                    # shows it at http://127.0.0.1:8000/",
        "  feeds check                    # says what is wrong in its files",
        "  FEEDS_BASE_URL=https://presse.port.example feeds serve   # for the world",
        "  git config core.hooksPath .githooks   # checks before each commit",
    ]
    return folder


def test_it_has_all_that_a_team_needs_and_no_word_of_another_newsroom(city: Path) -> None:
    made = texts(city)
    today = datetime.now(UTC).astimezone().date()
    (release,) = (name for name in made if name.startswith("data/releases/"))
    assert re.fullmatch(rf"data/releases/\d{{4}}/{today.year}-\d\d-\d\d-newsroom-opens\.yaml", release)
    assert {*made} == {
        *("data/newsroom.yaml", "data/departments.yaml", "data/countries.yaml", release),
        *(f"schemas/{name}.json" for name in ("newsroom", "release", "departments", "countries")),
        *(".gitignore", ".githooks/pre-commit", ".github/workflows/newsroom.yaml"),
        *(".vscode/settings.json", ".vscode/extensions.json"),
    }
    assert os.access(city / ".githooks/pre-commit", os.X_OK)
    assert f"authority: presse.port.example,{today.year}" in made["data/newsroom.yaml"]
    for name, text in made.items():
        assert not OTHERS.search(text), name


def test_it_is_sound_and_is_shown_where_it_is(city: Path) -> None:
    done = feeds(city, "check", "--strict")
    assert done.returncode == 0, done.stdout
    assert "no problems" in done.stderr
    assert done.stdout.startswith("1 release to be seen (1 in fr, 0 in en)")


def test_its_pages_and_feeds_are_there(city: Path, tmp_path: Path) -> None:
    client = create_app(Settings(data=city / "data", state=tmp_path, watch="off")).test_client()
    front = client.get("/").get_data(as_text=True)
    assert "Ville du Port" in front
    assert '<html lang="fr"' in front
    for suffix in ("atom", "rss", "json"):
        feed = client.get(f"/feeds/all.{suffix}")
        assert feed.status_code == 200
        assert "Notre espace presse est ouvert" in feed.get_data(as_text=True)
        assert client.get(f"/feeds/department/example.{suffix}").status_code == 200
        assert client.get(f"/feeds/country/fr.{suffix}").status_code == 200


def uncommented(text: str) -> str:
    """A file in which every example stands as a field."""
    return re.sub(r"(?m)^# (?=[a-z_]+:(?: |$)|  )", "", text)


def test_every_example_in_a_comment_is_right(city: Path, tmp_path: Path) -> None:
    for name, text in texts(city / "data").items():
        path = tmp_path / "data" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        terms = name in ("departments.yaml", "countries.yaml")  # their comments tell of fields without examples
        written = text if terms else uncommented(text)
        assert terms or len(read(written)) > len(read(text))
        path.write_text(written, "utf-8")
    done = feeds_here(tmp_path, "check")
    assert done.returncode == 0, done.stdout
    assert "no problems" in done.stderr, done.stdout


def test_text_editors_find_the_schema_of_each_file_and_it_is_valid_there(city: Path) -> None:
    settings = json.loads((city / ".vscode/settings.json").read_text())["yaml.schemas"]
    claimed = {path for pattern in settings.values() for path in city.glob(pattern)}
    for path in city.glob("data/**/*.yaml"):
        text = path.read_text("utf-8")
        found = re.match(r"# yaml-language-server: \$schema=(\S+)\n", text)
        assert found, path
        schema = (path.parent / found[1]).resolve()
        assert settings[f"./{schema.relative_to(city)}"]
        assert path in claimed
        values = json.loads(json.dumps(load(text, SafeLoader), default=str))
        Draft202012Validator(json.loads(schema.read_text())).validate(values)


def test_what_is_there_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("mine\n")
    (tmp_path / "data").mkdir()
    (tmp_path / "data/departments.yaml").symlink_to(tmp_path / "nowhere")
    done = feeds_here(tmp_path, "init", *CITY, "--yes")
    assert ".gitignore was there, and is left as it was" in done.stdout
    assert (tmp_path / ".gitignore").read_text() == "mine\n"
    assert not (tmp_path / "nowhere").exists()
    before = texts(tmp_path / "data")
    again = feeds_here(tmp_path, "init", *CITY, "--yes")
    assert again.returncode == 1
    assert again.stderr == "data/newsroom.yaml: there is a newsroom already\n"
    assert texts(tmp_path / "data") == before


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--title", "\u200b"), "has only characters that cannot be seen (write something"),
        (("--title", "x" * 400), "…”: cannot be used (write at most 300 characters)"),
        (("--language", "english please"), "--language: “english”: cannot be used (write a language tag"),
        (("--language", "e"), "--language: “e”: cannot be used"),
        (("--timezone", "Paris"), "--timezone: “Paris”: no such time zone (use a name of"),
        (("--base-url", "port.example"), "--base-url: “port.example”: not an absolute web address (write it whole"),
        (("--base-url", "http://[::1]:8000"), "names no domain"),
        (("--facet", "Département"), "--facet: “Département” is no name"),
        (("--facet", "all"), "--facet: “all” has a meaning of its own"),
        (("--facet", "topic", "--facet", "topic:subjects"), "--facet: “topic” is given twice"),
        (("--facet", "title:title"), "--facet: “title” has a meaning of its own in files (choose another field, as in"),
        (("--facet", "news:newsroom"), "--facet: “newsroom” has a meaning of its own in files"),
        (("--language", ""), "--language: no language is named"),
        (("--base-url", "https://n.example/?p=1"), "--base-url: “https://n.example/?p=1” has a ? or # in it"),
        (("--base-url", "https://n.example:99999"), "--base-url: “https://n.example:99999”: not a web address"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_written(tmp_path: Path, options: tuple[str, ...], said: str) -> None:
    usual = {CITY[at]: CITY[at + 1] for at in range(0, 10, 2) if CITY[at] not in options}
    done = feeds_here(tmp_path, "init", *(each for pair in usual.items() for each in pair), *options, "--yes")
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("option", ["--title", "--base-url"])
def test_what_nobody_can_guess_is_asked_for(tmp_path: Path, option: str) -> None:
    given = [each for at in range(0, 10, 2) if CITY[at] != option for each in CITY[at : at + 2]]
    done = feeds_here(tmp_path, "init", *given)
    assert (done.returncode, done.stderr) == (1, f"{option} is missing: nobody can guess it\n")


@pytest.mark.parametrize(
    "title", ['R&D: "Ville" — {x} #1', "- Ville", "北京市", "Ville d’Île", "@port", "yes", "a\\b: c"]
)
def test_any_title_is_written_so_that_it_is_read_as_it_is(tmp_path: Path, title: str) -> None:
    done = feeds_here(tmp_path, "init", "--title", title, "--base-url", "https://n.example", "--yes")
    assert done.returncode == 0, done.stderr
    written = read((tmp_path / "data/newsroom.yaml").read_text("utf-8"))
    assert written["title"] == {"en": title}
    assert written["author"] == {"name": title}
    assert feeds_here(tmp_path, "check", "--strict").returncode == 0


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("zh-Hans", "新闻中心正式上线"),
        ("mn", "Манай мэдээний сайт нээгдлээ"),
        ("fr", "Notre espace presse est ouvert"),
    ],
)
def test_the_first_release_speaks_the_newsroom_s_language(tmp_path: Path, language: str, title: str) -> None:
    feeds_here(tmp_path, "init", "--title", "X", "--language", language, "--base-url", "https://n.example", "--yes")
    (release,) = tmp_path.glob("data/releases/*/*.yaml")
    assert read(release.read_text("utf-8"))["title"] == title


def test_on_a_terminal_it_asks(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    program = subprocess.Popen(
        [sys.executable, "-m", "feeds", "init"], cwd=tmp_path, env=environment(),
        stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    os.close(theirs)
    os.write(ours, b"Port\nfr, en\nEurope/Paris\nhttps://n.example/\ntheme press-office\n")
    printed, asked = program.communicate(timeout=10 * DEAD)
    os.close(ours)
    assert program.returncode == 0, asked
    for question in ("The newsroom's name", "Languages", "Time zone [", "Web address", "What readers ask for"):
        assert question in asked
    assert "Port: made in" in printed
    written = read((tmp_path / "data/newsroom.yaml").read_text("utf-8"))
    assert written["languages"] == ["fr", "en"]
    assert [(each["name"], each["field"]) for each in written["facets"]] == [
        ("theme", "themes"),
        ("press-office", "press_offices"),
    ]


def test_on_a_terminal_it_asks_again_until_an_answer_is_right(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    program = subprocess.Popen(
        [sys.executable, "-m", "feeds", "init"], cwd=tmp_path, env=environment(),
        stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    os.close(theirs)
    answers = (" ", "Port", "french", ",", "fr", "Paris", "Europe/Paris", "port", "https://n.example/#x")
    last = ("https://n.example", "Thème", "title", "topics")
    os.write(ours, "".join(f"{answer}\n" for answer in (*answers, *last)).encode())
    _, asked = program.communicate(timeout=10 * DEAD)
    os.close(ours)
    assert program.returncode == 0, asked
    for said in ("no language is named", "no such time zone", "has a ? or # in it", "“Thème” is no name"):
        assert said in asked
    written = read((tmp_path / "data/newsroom.yaml").read_text("utf-8"))
    assert (written["title"], written["languages"], written["time_zone"]) == ({"fr": "Port"}, ["fr"], "Europe/Paris")
    assert [(each["name"], each["field"]) for each in written["facets"]] == [("title", "titles")]


@pytest.mark.parametrize("command", ["check", "serve", "list", "serve --preview", "serve --at 2030-01-01", "new A"])
def test_where_there_is_no_newsroom_it_is_named(tmp_path: Path, command: str) -> None:
    run = feeds if command.startswith("serve") else feeds_here
    done = run(tmp_path, *command.split(), FEEDS_STATE=str(tmp_path / "state"))
    assert done.returncode == 1
    assert "no newsroom here: data/newsroom.yaml is missing (`feeds init` makes one)" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_newsroom_that_cannot_be_read_is_not_previewed(tmp_path: Path) -> None:
    assert feeds_here(tmp_path, "init", *CITY, "--yes").returncode == 0
    (tmp_path / "data/newsroom.yaml").write_text("title: {fr: Ville}\n")
    done = feeds(tmp_path, "serve", "--preview", FEEDS_STATE=str(tmp_path / "state"))
    assert done.returncode == 1
    assert "data/newsroom.yaml:1:1: subtitle: is missing" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("inside", "said"), [("data", "."), ("data/releases", ".."), ("schemas", "../data")])
def test_in_a_folder_of_the_newsroom_the_way_to_it_is_said(tmp_path: Path, inside: str, said: str) -> None:
    assert feeds_here(tmp_path, "init", *CITY, "--yes").returncode == 0
    done = feeds_here(tmp_path / inside, "check")
    assert done.returncode == 1
    assert f"(there is one in {said}: name it with --data {said})" in done.stderr
    assert feeds_here(tmp_path / inside, "check", "--data", said).returncode == 0


def test_the_hook_lets_the_first_commit_pass(tmp_path: Path, program: Program) -> None:
    program("git")
    assert feeds_here(tmp_path, "init", *CITY, "--yes").returncode == 0
    there = tmp_path / "bin"
    there.mkdir()
    (there / "feeds").write_text(f'#!/bin/sh\nexec {sys.executable} -m feeds "$@"\n')
    (there / "feeds").chmod(0o755)
    path = f"{there}:{os.environ['PATH']}"
    for command in ("init -q", "config core.hooksPath .githooks", "add data .githooks"):
        subprocess.run(["git", "-C", str(tmp_path), *command.split()], check=True)
    author = ("-c", "user.name=An Editor", "-c", "user.email=e@example.org")
    done = subprocess.run(
        ["git", "-C", str(tmp_path), *author, "commit", "-m", "Begin"],
        env=environment(PATH=path), capture_output=True, text=True, check=False, timeout=10 * DEAD,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_an_argument_in_another_encoding_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    assert feeds_here(tmp_path, "init", *CITY, "--yes").returncode == 0
    before = texts(tmp_path / "data")
    done = subprocess.run(
        [sys.executable, "-m", "feeds", "new", "Été".encode("latin-1")],
        cwd=tmp_path, env=environment(), capture_output=True, check=False, timeout=10 * DEAD,
    )  # fmt: skip
    assert (done.returncode, b"is no text in UTF-8" in done.stderr, b"Traceback" in done.stderr) == (1, True, False)
    assert texts(tmp_path / "data") == before


def test_a_terminal_without_quotation_marks_gets_escapes(tmp_path: Path) -> None:
    assert feeds_here(tmp_path, "init", *CITY, "--yes").returncode == 0
    (tmp_path / "data/departments.yaml").write_text("x: {labels: {fr: É}, nonsense: 1}\n")
    done = feeds(tmp_path, "check", PYTHONIOENCODING="ascii")
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert "\\u201c" in done.stdout or "nonsense" in done.stdout
