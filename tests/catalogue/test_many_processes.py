"""Many at once: readers beside a compiler, compilers beside each other, and compilers that are killed."""

from __future__ import annotations

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from feeds.model.selection import Selection
from feeds.publish.document import Document
from feeds.web.live_newsroom import LiveNewsroom
from tests.catalogue import dying
from tests.conftest import Seed
from tests.makers import NEWSROOM, NOW, Bench, a_newsroom, write, yaml
from tests.tools import DEAD, ROOT, environment, python


def at_work(*arguments: str) -> subprocess.Popen[str]:
    """Python in a process of its own."""
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["changes", "afresh"])
def test_a_compile_that_is_killed_leaves_the_old_newsroom_or_the_new_one(tmp_path: Path, kind: str, seed: Seed) -> None:
    done = python("-m", "tests.catalogue.dying", kind, str(tmp_path), str(seed(24)))
    assert done.returncode == 0, done.stdout + done.stderr
    told = done.stdout
    assert len(re.findall(r"^step \d+ of \d+: (?:Before|After)$", told, re.MULTILINE)) == dying.DEATHS
    assert "Before" in told


def a_large_newsroom(path: Path, title: str) -> Bench:
    bench = Bench(a_newsroom(path))
    retitle(bench, title)
    return bench


def retitle(bench: Bench, title: str) -> None:
    for n in range(1, 29):
        text = yaml(title=f"{title} {n}", published=f"2021-05-{n:02}")
        write(bench.folder, f"2021/2021-05-{n:02}-number-{n}.yaml", text)


def titles(bench: Bench) -> set[str]:
    return set(re.findall(r"<title>(Old|New) \d+</title>", bench.body("/feeds/all.atom")))


def test_readers_get_the_whole_old_newsroom_while_the_new_one_is_being_written(tmp_path: Path) -> None:
    bench = a_large_newsroom(tmp_path, "Old")
    bench.compile()
    retitle(bench, "New")
    seen = []
    with ThreadPoolExecutor(1) as reader:

        def in_the_middle(done: int, total: int) -> None:
            # The compiler waits for the reader here: if ever a reader waited for the compiler, nobody would go on.
            if done % 7 == 0:
                seen.append(reader.submit(titles, bench).result(DEAD))

        bench.compile(progress=in_the_middle)
        seen.append(reader.submit(titles, bench).result(DEAD))
    assert seen == [{"Old"}, {"Old"}, {"Old"}, {"Old"}, {"New"}]


def test_what_was_begun_on_the_old_newsroom_is_finished_on_it(tmp_path: Path) -> None:
    bench = a_large_newsroom(tmp_path, "Old")
    bench.compile()
    with bench.catalogue.reading() as snapshot:
        before = snapshot.counts.by_term(Selection("en"), NOW)
        retitle(bench, "New")
        (bench.folder / "newsroom.yaml").write_text(NEWSROOM.replace("Test office", "Renamed office"))
        bench.compile()
        assert snapshot.vocabulary.newsroom.title["en"] == "Test office"
        assert snapshot.counts.by_term(Selection("en"), NOW) == before
    assert titles(bench) == {"New"}


@pytest.mark.slow
def test_no_reader_ever_meets_a_mixture_however_often_the_newsroom_changes(tmp_path: Path) -> None:
    bench = a_large_newsroom(tmp_path, "Old")
    bench.compile()
    enough = Event()

    def hammering() -> list[set[str]]:
        seen = []
        while not enough.is_set():
            seen.append(titles(bench))
        return seen

    with ThreadPoolExecutor(3) as readers:
        jobs = [readers.submit(hammering) for _ in range(3)]
        try:
            for title in ("New", "Old", "New"):
                retitle(bench, title)
                bench.compile()
        finally:
            enough.set()
        seen = [found for job in jobs for found in job.result(DEAD)]
    assert seen
    assert all(len(found) == 1 for found in seen)


@pytest.mark.slow
def test_readers_notice_nothing_while_the_catalogue_is_deleted_and_built_again(tmp_path: Path) -> None:
    bench = a_large_newsroom(tmp_path, "Old")
    newsroom = LiveNewsroom(replace(bench.settings, state=tmp_path / "catalogue"))
    newsroom.compile()
    expected = newsroom.answer("/feeds/all.atom", "", NOW)
    assert isinstance(expected, Document)
    enough = Event()

    def hammering() -> int:
        count = 0
        while not enough.is_set():
            assert newsroom.answer("/feeds/all.atom", "", NOW) == expected
            count += 1
        return count

    with ThreadPoolExecutor(3) as readers:
        jobs = [readers.submit(hammering) for _ in range(3)]
        try:
            for _ in range(3):
                newsroom.location.path.unlink(missing_ok=True)
                newsroom.compile()
                newsroom.compile(afresh=True)
        finally:
            enough.set()
        assert all(job.result(DEAD) for job in jobs)


@pytest.mark.slow
def test_two_processes_never_compile_at_once(tmp_path: Path) -> None:
    files = {name: dying.a_text(name, "Title") for name in dying.FILES}
    folder = a_newsroom(tmp_path, files)
    log = tmp_path / "log"
    compilers = [at_work("-m", "tests.catalogue.compiler", str(folder), str(log), "3") for _ in range(2)]
    for each in compilers:
        told, _ = each.communicate()
        assert each.returncode == 0, told
    steps = log.read_text().split()
    compiles = [steps[at : at + len(files)] for at in range(0, len(steps), len(files))]
    assert len(compiles) == 6
    assert {len(set(each)) for each in compiles} == {1}
    assert len(set(steps)) == 2
