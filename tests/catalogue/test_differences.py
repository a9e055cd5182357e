"""The parts of the folder that may differ from the catalogue are found, and no others, without holding all files."""

from __future__ import annotations

import os
import tracemalloc
from collections.abc import Callable, Collection
from contextlib import closing
from pathlib import Path

import pytest

from feeds import content
from feeds.catalogue.differences import differences
from feeds.catalogue.last_compile import last_compile
from feeds.content import Scope
from tests.catalogue.test_compile_scope import picture
from tests.makers import NOW, Bench, a_newsroom, write, yaml

PICTURE = "image: {src: photo.png, alt: A photo}\n"
WITH_PICTURES = {
    "2020/2020-05-01-dam.yaml": yaml(title="Dam", published="2020-05-01") + PICTURE,
    "2021/2021-05-01-road.yaml": yaml(title="Road", published="2021-05-01") + PICTURE,
    "2022/2022-05-01-well.yaml": yaml(title="Well", published="2022-05-01"),
    "2019-05-01-school.yaml": yaml(title="School", published="2019-05-01") + PICTURE,
}


@pytest.fixture(name="bench")
def a_compiled_bench(tmp_path: Path) -> Bench:
    folder = a_newsroom(tmp_path, WITH_PICTURES)
    for name in ("2020/photo.png", "2021/2021-05-01-road/photo.png", "2019-05-01-school/photo.png", "2022/spare.png"):
        place(folder, name, 1)
    bench = Bench(folder)
    bench.compile(now=NOW)
    return bench


def place(folder: Path, name: str, size: int) -> None:
    path = folder / "releases" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(picture(size))


def found(bench: Bench, again: Collection[str] = ()) -> Scope:
    with closing(bench.location.open_to_write()) as database:
        return differences(database, bench.folder, again).scope


def test_nothing_differs_after_a_compile_though_no_release_names_a_file(bench: Bench) -> None:
    assert any("spare.png" in each for each in bench.problems())
    assert found(bench) == Scope(frozenset(), frozenset())


@pytest.mark.parametrize(
    ("change", "parts"),
    [
        (lambda folder: write(folder, "2022/2022-05-01-well.yaml", yaml(title="Deep")), {"releases/2022"}),
        (lambda folder: write(folder, "2023/2023-05-01-bridge.yaml", yaml()), {"releases/2023"}),
        (lambda folder: (folder / "releases/2022/2022-05-01-well.yaml").unlink(), {"releases/2022"}),
        (lambda folder: os.utime(folder / "releases/2021/2021-05-01-road.yaml", (1, 1)), {"releases/2021"}),
        (lambda folder: place(folder, "2020/photo.png", 2), {"releases/2020"}),
        (lambda folder: (folder / "releases/2021/2021-05-01-road/photo.png").unlink(), {"releases/2021"}),
        (lambda folder: place(folder, "2020/2020-05-01-dam/photo.png", 2), {"releases/2020"}),
        (lambda folder: place(folder, "2022/another.png", 1), {"releases/2022"}),
        (lambda folder: (folder / "releases/2022/spare.png").unlink(), {"releases/2022"}),
        (lambda folder: place(folder, "2019-05-01-school/photo.png", 2), {"releases", "releases/2019-05-01-school"}),
        (lambda folder: write(folder, "2018-05-01-church.yaml", yaml()), {"releases"}),
    ],
)
def test_the_part_with_a_change_differs(bench: Bench, change: Callable[[Path], object], parts: set[str]) -> None:
    change(bench.folder)
    scope = found(bench)
    assert scope.folders | scope.trees == parts
    assert bench.compile(now=NOW).changed
    assert found(bench) == Scope(frozenset(), frozenset())


def test_a_story_to_be_read_again_counts_as_differing(bench: Bench) -> None:
    assert found(bench, {"releases/2021/2021-05-01-road.yaml"}).trees == {"releases/2021"}


def test_all_that_is_no_release_file_is_told_wherever_it_lies(bench: Bench) -> None:
    write(bench.folder, "2022/2022-05-02 2.yaml", "title: x\n")
    with closing(bench.location.open_to_write()) as database:
        (problem,) = differences(database, bench.folder, ()).problems
    assert "2022-05-02 2.yaml" in problem.file
    bench.compile(now=NOW)
    assert found(bench) == Scope(frozenset(), frozenset())
    (bench.folder / "releases/2022/2022-05-02 2.yaml").unlink()
    assert bench.compile(now=NOW).changed, "the problem is gone, though no release has changed"


def test_a_comparison_holds_a_small_part_of_what_it_compares(bench: Bench) -> None:
    for year in range(1990, 2010):
        for number in range(30):
            (bench.folder / f"releases/{year}").mkdir(exist_ok=True)
            (bench.folder / f"releases/{year}/{year}-06-01-number-{number}.yaml").write_text("title: x\n")
    bench.compile(now=NOW)
    with closing(bench.location.open_to_write()) as database:
        tracemalloc.start()
        try:
            held = (content.release_files(bench.folder), last_compile(database))
            _, whole = tracemalloc.get_traced_memory()
            del held
            before, _ = tracemalloc.get_traced_memory()
            tracemalloc.reset_peak()
            differences(database, bench.folder, ())
            _, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert most - before < whole / 4
