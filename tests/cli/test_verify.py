"""`feeds verify`: which release says what a file or a text says, without a server."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from feeds.cli.commands import group
from tests.makers import a_newsroom, yaml


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    corrections = [{"date": "2021-06-02", "note": "It is higher."}]
    soon = (datetime.now(UTC) + timedelta(days=2)).replace(microsecond=0)
    files = {
        "2021-06-01-dam.yaml": yaml(title="New dam", body="The dam cost 4.5 million.", corrections=corrections),
        "2021-06-03-bridge.yaml": yaml(title="Bridge", published=soon, body="The bridge shall be built soon."),
    }
    return a_newsroom(tmp_path, files)


def verified(folder: Path, *arguments: str, given: bytes | None = None) -> Result:
    return CliRunner().invoke(group, ["verify", "--data", str(folder), *arguments], input=given)


def test_a_text_is_found_word_for_word(folder: Path) -> None:
    done = verified(folder, "“the dam cost 4.5 million”")
    assert (done.exit_code, done.stdout.splitlines()) == (
        0,
        [
            "word for word: New dam",
            "  http://127.0.0.1:8000/releases/2021/dam",
            "  corrected 2021-06-02: It is higher.",
        ],
    )


def test_a_file_and_standard_input_are_read(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "quote.md"
    file.write_text("The **dam**\ncost 4.5 [million](https://elsewhere.example/).\n", encoding="utf-8")
    assert verified(folder, str(file)).exit_code == 0
    assert verified(folder, "-", given=b"The dam cost 4.5 million").exit_code == 0
    assert verified(folder, "The dam\n" + "cost 4.5 million. " * 20).exit_code == 1


def test_what_is_not_there_is_told_and_the_exit_code_is_one(folder: Path) -> None:
    near = verified(folder, "The dam cost 4.5 million or so")
    assert (near.exit_code, near.stdout.splitlines()[0]) == (1, "71% of it: New dam")
    assert "  not there: or so" in near.stdout
    assert verified(folder, "Nobody said this ever").stdout == "No release says this.\n"
    assert verified(folder, "The bridge shall be built soon").exit_code == 1
    later = (datetime.now(UTC) + timedelta(days=4)).date().isoformat()  # the newsroom's day begins before that of UTC
    assert verified(folder, "The bridge shall be built soon", "--at", later).exit_code == 0


def test_programs_get_an_object(folder: Path) -> None:
    found = json.loads(verified(folder, "--json", "the dam cost 4.5 million").stdout)
    assert found["word_for_word"]
    (release,) = found["releases"]
    assert (release["title"], release["share"], release["other"]) == ("New dam", 1, [])
    assert len(release["sha256"]) == 64


@pytest.mark.parametrize(
    ("given", "said"), [("too short", "too few words"), ("x " * 11_000, "longer than"), ("-", "no plain text")]
)
def test_what_cannot_be_looked_for_is_refused(folder: Path, given: str, said: str) -> None:
    done = verified(folder, given, given=b"\xff\xfe")
    assert done.exit_code == 1
    assert said in str(done.exception)
