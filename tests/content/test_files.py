"""Which files count, what their names mean, and that nothing but a plain file is ever opened."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from feeds.content import read_bytes, release_files, stories
from feeds.content.text_checks import SIZE
from feeds.model.problems import Problem


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "data" / "releases" / "2021").mkdir(parents=True)
    return tmp_path / "data"


def test_files_come_sorted_with_a_signature_that_changes_with_the_file(folder: Path) -> None:
    for name in ("b.yaml", "a.yaml", "2021/2021-06-24-x.yaml"):
        (folder / "releases" / name).write_text("x")
    before, problems, *_ = release_files(folder)
    assert not problems
    assert list(before) == ["releases/2021/2021-06-24-x.yaml", "releases/a.yaml", "releases/b.yaml"]
    (folder / "releases" / "a.yaml").write_text("xy")
    after, *_ = release_files(folder)
    assert [path for path in after if after[path] != before[path]] == ["releases/a.yaml"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("x.yml", "call it x.yaml"),
        ("x.YAML", "call it x.yaml"),
        ("x.YML", "call it x.yaml"),
        ("Score Conference.yaml", "small letters"),
        ("2021-02-30-x.yaml", "the date in its name does not exist"),
        ("x_y.yaml", "small letters"),
        ("x.zh-Hans.mn.yaml", "small letters"),
        ("x\n.yaml", "small letters"),
        ("新闻.yaml", "small letters"),
        ("x\x1b[31m.yaml", "small letters"),
    ],
)
def test_a_file_with_another_name_is_a_problem_with_advice(folder: Path, name: str, said: str) -> None:
    (folder / "releases" / name).write_text("x")
    files, (problem,), *_ = release_files(folder)
    assert not files
    assert said in str(problem)
    assert str(problem).isprintable()


@pytest.mark.parametrize(
    "name", [".hidden.yaml", ".git", "x.yaml~", "x.yaml.swp", "#x.yaml#", "x.yaml.bak", ".DS_Store"]
)
def test_hidden_files_and_backups_do_not_count(folder: Path, name: str) -> None:
    (folder / "releases" / name).write_text("x")
    (folder / "releases" / ".idea").mkdir()
    (folder / "releases" / ".idea" / "x.yaml").write_text("x")
    assert release_files(folder) == ({}, (), {}, ())


def test_a_name_that_is_no_unicode_can_still_be_told(folder: Path) -> None:
    (folder / "releases" / os.fsdecode(b"x\xff.yaml")).write_text("x")
    _, (problem,), *_ = release_files(folder)
    assert str(problem).encode().startswith(b"data/releases/x")


def test_links_pipes_and_sockets_are_problems_and_are_never_opened(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    releases = folder / "releases"
    (releases / "real.yaml").write_text("x")
    (releases / "link.yaml").symlink_to(releases / "real.yaml")
    (releases / "gone.yaml").symlink_to("/nowhere")
    (releases / "loop").symlink_to(releases)
    os.mkfifo(releases / "pipe.yaml")
    with socket.socket(socket.AF_UNIX) as unix:
        monkeypatch.chdir(releases)  # the address of a socket may have 107 octets
        unix.bind("socket.yaml")
        files, problems, *_ = release_files(folder)
        assert list(files) == ["releases/real.yaml"]
        assert [problem.file.rpartition("/")[2] for problem in problems] == [
            "gone.yaml",
            "link.yaml",
            "loop",
            "pipe.yaml",
            "socket.yaml",
        ]
        for name in ("link.yaml", "gone.yaml", "pipe.yaml", "socket.yaml", "2021", "loop/real.yaml"):
            assert isinstance(read_bytes(folder, f"releases/{name}"), Problem)


def test_nothing_outside_of_the_folder_can_be_read(folder: Path) -> None:
    (folder.parent / "secret.yaml").write_text("x")
    for path in ("../secret.yaml", "releases/../../secret.yaml", "/etc/passwd", "releases//x", "", "a\0b", "no/such"):
        assert isinstance(read_bytes(folder, path), Problem)


def test_a_file_that_is_too_large_is_not_read(folder: Path) -> None:
    (folder / "releases" / "x.yaml").write_bytes(b"x" * (SIZE + 1))
    problem = read_bytes(folder, "releases/x.yaml")
    assert isinstance(problem, Problem)
    assert "262,145 bytes" in problem.message
    (folder / "releases" / "x.yaml").write_bytes(b"x" * SIZE)
    assert read_bytes(folder, "releases/x.yaml") == b"x" * SIZE


def test_a_folder_without_releases_is_one_problem(tmp_path: Path) -> None:
    files, (problem,), *_ = release_files(tmp_path)
    assert not files
    assert "there is no such folder" in problem.message


def test_a_translation_belongs_to_the_file_beside_it(folder: Path) -> None:
    paths = ["r/x.yaml", "r/x.mn.yaml", "r/x.zh-Hans.yaml", "r/y.yaml", "s/y.mn.yaml"]
    found, (problem,) = stories(folder, paths)
    assert found == {"r/x.yaml": ("r/x.mn.yaml", "r/x.zh-Hans.yaml"), "r/y.yaml": ()}
    assert problem.file == "data/s/y.mn.yaml"
    assert "without its original, y.yaml" in problem.message


@pytest.mark.parametrize(
    ("name", "date"),
    [("2021-6-24-score", "2021-06-24"), ("20210624-score", "2021-06-24"), ("2021-06-1-score", "2021-06-01")],
)
def test_a_date_with_a_slip_is_told_and_holds_nothing_back(folder: Path, name: str, date: str) -> None:
    (folder / "releases" / f"{name}.yaml").write_text("title: x\n")
    listing = release_files(folder)
    assert f"releases/{name}.yaml" in listing.files
    (problem,) = (each for each in listing.problems if name in each.file)
    assert not problem.fatal
    assert f"begin it with {date}-" in problem.advice


@pytest.mark.parametrize("name", ["2021-06-24-score", "2030-agenda", "2021-06-report", "covid-2021-6-24", "20210624"])
def test_numbers_that_are_no_date_are_left_alone(folder: Path, name: str) -> None:
    (folder / "releases" / f"{name}.yaml").write_text("title: x\n")
    assert not [each for each in release_files(folder).problems if name in each.file]
