"""The first compile is committed batch by batch: what was killed goes on where it was, and nobody can tell."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from feeds.catalogue import first_compile, history
from feeds.errors import FeedsError
from tests.makers import NOW, Bench, a_newsroom, write, yaml

COUNT = 23
FILES = {
    f"2021/2021-05-{n:02}-number-{n}.yaml": yaml(title=f"Number {n}", published=f"2021-05-{n:02}", countries=["CN"])
    for n in range(1, COUNT + 1)
}


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_compile, "BATCH", 5)


def killed_at(bench: Bench, story: int) -> None:
    """Compiles in a fork that is killed at a story."""
    child = os.fork()
    if not child:

        def progress(done: int, total: int) -> None:
            if done == story:
                os.kill(os.getpid(), signal.SIGKILL)

        try:
            bench.compile(progress=progress, now=NOW)
        finally:
            os._exit(os.EX_SOFTWARE)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def stories_read(bench: Bench) -> int:
    """How many stories the next compile has to read."""
    read = []
    bench.compile(progress=lambda done, total: read.append(total), now=NOW)
    return len(read)


def half_done(path: Path) -> Bench:
    bench = Bench(a_newsroom(path, FILES))
    killed_at(bench, 18)
    assert not bench.location.path.exists()
    return bench


def test_releases_settled_in_parts_have_the_places_that_they_have_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    together, in_parts = Bench(a_newsroom(tmp_path / "1", FILES)), Bench(a_newsroom(tmp_path / "2", FILES))
    together.compile(now=NOW)
    monkeypatch.setattr(history, "TOGETHER", 4)
    in_parts.compile(now=NOW)
    own = ("files", "changes")  # when files were written, and in which newsroom
    assert {name: rows for name, rows in in_parts.rows().items() if name not in own} == {
        name: rows for name, rows in together.rows().items() if name not in own
    }


def test_what_was_killed_goes_on_where_it_was(tmp_path: Path) -> None:
    bench, whole = half_done(tmp_path / "killed"), Bench(a_newsroom(tmp_path / "whole", FILES))
    whole.compile(now=NOW)
    assert stories_read(bench) == COUNT - 15
    assert bench.everything() == whole.everything()
    assert bench.problems() == whole.problems()
    assert stories_read(bench) == 0


def another_text(bench: Bench) -> None:
    write(bench.folder, "2021/2021-05-03-number-3.yaml", yaml(title="Another", published="2021-05-03"))


def one_more(bench: Bench) -> None:
    write(bench.folder, "2020/2020-05-03-older.yaml", yaml(title="Older", published="2020-05-03"))


def a_translation(bench: Bench) -> None:
    write(bench.folder, "2021/2021-05-03-number-3.zh-Hans.yaml", "title: 三\nsummary: 三。\n")


@pytest.mark.parametrize(("change", "read"), [(another_text, 9), (one_more, 9), (a_translation, 9)])
def test_what_has_changed_meanwhile_is_read_again(tmp_path: Path, change: Callable[[Bench], None], read: int) -> None:
    bench, whole = half_done(tmp_path / "killed"), Bench(a_newsroom(tmp_path / "whole", FILES))
    for each in (bench, whole):
        change(each)
    whole.compile(now=NOW)
    assert stories_read(bench) == read
    assert bench.everything() == whole.everything()


def a_story_is_gone(bench: Bench) -> None:
    (bench.folder / "releases/2021/2021-05-03-number-3.yaml").unlink()


def most_are_gone(bench: Bench) -> None:
    for n in range(1, 13):
        (bench.folder / f"releases/2021/2021-05-{n:02}-number-{n}.yaml").unlink()


def another_title(bench: Bench) -> None:
    file = bench.folder / "newsroom.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("Test office", "New office", 1), encoding="utf-8")


def a_damaged_file(bench: Bench) -> None:
    new = bench.location.path.with_suffix(".new")
    new.write_bytes(new.read_bytes()[:20_000] + b"\xff" * 20_000)


def no_file(bench: Bench) -> None:
    bench.location.path.with_suffix(".new").write_bytes(b"")


@pytest.mark.parametrize("change", [a_story_is_gone, most_are_gone, another_title, a_damaged_file, no_file])
def test_what_cannot_be_gone_on_with_is_begun_again(tmp_path: Path, change: Callable[[Bench], None]) -> None:
    bench, whole = half_done(tmp_path / "killed"), Bench(a_newsroom(tmp_path / "whole", FILES))
    for each in (bench, whole):
        if change not in (a_damaged_file, no_file):
            change(each)
    if change in (a_damaged_file, no_file):
        change(bench)
    whole.compile(now=NOW)
    bench.compile(now=NOW)
    assert bench.everything() == whole.everything()
    assert bench.problems() == whole.problems()
    assert not bench.location.path.with_suffix(".new").exists()


def test_what_was_begun_with_another_memory_is_begun_again(tmp_path: Path) -> None:
    bench = half_done(tmp_path)
    bench.location.memory.unlink()
    assert stories_read(bench) == COUNT


def test_an_error_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(a_newsroom(tmp_path, FILES))

    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("feeds.catalogue.story_writer.add_stories", full)
        with pytest.raises(FeedsError, match="No space left"):
            bench.compile(now=NOW)
    assert not bench.location.path.with_suffix(".new").exists()
    assert stories_read(bench) == COUNT


def test_a_dictionary_is_learned_where_there_are_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_compile, "WORTH_SHARING", COUNT)
    monkeypatch.setattr(first_compile, "_SAMPLE", 12)
    bench, whole = half_done(tmp_path / "killed"), Bench(a_newsroom(tmp_path / "whole", FILES))
    whole.compile(now=NOW)
    bench.compile(now=NOW)
    assert bench.everything() == whole.everything()
    for each in (bench, whole):
        another_text(each)
        each.compile(now=NOW)
    assert bench.everything() == whole.everything()
