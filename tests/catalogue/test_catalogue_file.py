"""Where the catalogue lives: where it is wanted, or else somewhere it can, and the operator is told."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from feeds.catalogue import catalogue_file
from feeds.web.live_newsroom import LiveNewsroom
from tests.makers import BASE, NOW, Bench, a_newsroom, write, yaml
from tests.tools import python

NEVER_WRITABLE = Path("/proc/newsroom")


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's cache folder."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "newsroom-feeds"


def test_it_lives_where_it_is_wanted_in_a_folder_for_its_user_alone(tmp_path: Path) -> None:
    location = catalogue_file(tmp_path / "data", BASE, tmp_path / "wanted" / "deep")
    assert location.path.parent == tmp_path / "wanted" / "deep"
    assert location.warning is None
    assert location.path.parent.stat().st_mode & 0o777 == 0o700
    assert location.lock.parent == location.path.parent


def test_nobody_else_reads_it_even_in_a_folder_that_everybody_reads(tmp_path: Path) -> None:
    bench = Bench(a_newsroom(tmp_path, {"2021/2021-06-01-dam.yaml": yaml()}))
    bench.location.path.parent.chmod(0o755)
    bench.compile()
    with bench.catalogue.reading():
        modes = {path.name: path.stat().st_mode & 0o777 for path in bench.location.path.parent.glob("catalogue.*")}
    assert len(modes) >= 2
    assert set(modes.values()) == {0o600}, modes


def test_two_newsrooms_never_share_one_and_one_newsroom_always_has_the_same(tmp_path: Path) -> None:
    one, other = (catalogue_file(tmp_path / name, BASE, tmp_path).path for name in ("one", "other"))
    assert one != other
    (tmp_path / "one").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "one")
    assert catalogue_file(tmp_path / "link", BASE, tmp_path).path == one


def a_file_in_the_way(path: Path) -> Path:
    (path / "file").write_text("")
    return path / "file"


def a_file_on_the_way(path: Path) -> Path:
    return a_file_in_the_way(path) / "deeper"


def a_file_system_that_takes_nothing(path: Path) -> Path:
    assert path.is_dir()
    return NEVER_WRITABLE


def a_folder_of_somebody_else(path: Path) -> Path:
    folder = path / "theirs"
    folder.mkdir()
    if os.getuid() == 0:
        os.chown(folder, 12_345, 12_345)
        return folder
    return NEVER_WRITABLE  # only root can give a folder away


@pytest.mark.parametrize(
    "wanted", [a_file_in_the_way, a_file_on_the_way, a_file_system_that_takes_nothing, a_folder_of_somebody_else]
)
def test_where_it_cannot_live_it_goes_to_the_cache_folder_and_says_so(
    tmp_path: Path, cache: Path, wanted: object
) -> None:
    folder = wanted(tmp_path)  # type: ignore[operator]  # each of the functions above
    location = catalogue_file(tmp_path / "data", BASE, folder)
    assert location.path.parent == cache
    assert str(location.warning).startswith(f"{folder}: ")
    assert str(location.warning).endswith(f"lies in {cache} instead: name a lasting folder as FEEDS_STATE")


def test_without_a_cache_folder_it_goes_to_a_temporary_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(NEVER_WRITABLE))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    location = catalogue_file(tmp_path / "data", BASE, NEVER_WRITABLE)
    assert location.path.parent == tmp_path / f"newsroom-feeds-{os.getuid()}"
    # Somebody else may have taken that name, to read what we write: then it is one nobody can guess.
    location.path.parent.rmdir()
    location.path.parent.symlink_to(NEVER_WRITABLE)
    alone = catalogue_file(tmp_path / "data", BASE, NEVER_WRITABLE)
    assert alone.path.parent.parent == tmp_path
    assert str(alone.warning).endswith("for this process alone: name a folder as FEEDS_STATE")


def test_a_newsroom_in_its_second_place_is_published_all_the_same(tmp_path: Path) -> None:
    bench = Bench(a_newsroom(tmp_path, {"2021/2021-06-01-dam.yaml": yaml(title="The dam")}))
    newsroom = LiveNewsroom(replace(bench.settings, state=NEVER_WRITABLE))
    newsroom.compile()
    assert b"The dam" in newsroom.answer("/feeds/all.atom", "", NOW).body  # type: ignore[union-attr]  # a document


FULL = """
import resource, sys
from pathlib import Path
from feeds.errors import FeedsError
from tests.makers import Bench
resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))
try:
    Bench(Path(sys.argv[1])).compile(afresh=sys.argv[2] == "afresh")
except FeedsError as error:
    print("told:", error)
"""


@pytest.mark.slow
@pytest.mark.parametrize("how", ["changes", "afresh"])
def test_a_full_disk_leaves_the_old_newsroom_and_is_told_in_one_line(tmp_path: Path, how: str) -> None:
    bench = Bench(a_newsroom(tmp_path, {"2021/2021-06-01-dam.yaml": yaml(title="The dam")}))
    bench.compile()
    before = bench.everything()
    for n in range(1, 29):
        write(bench.folder, f"2021/2021-05-{n:02}-new-{n}.yaml", yaml(published=f"2021-05-{n:02}", body="x " * 3_000))
    done = python("-c", FULL, str(bench.folder), how)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"told: {bench.location.path}: ")
    assert bench.everything() == before
    bench.compile()
    assert "new-28" in bench.body("/feeds/all.atom")
