"""A compile that looks only where something has changed does what one does that looks everywhere."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from feeds import content
from feeds.content import Scope
from feeds.content.compile_scope import folders_above
from feeds.memory import memory_file
from tests.makers import NOW, Bench, a_newsroom, write, yaml

FOLDERS = ("2020", "2021", "2021/deep/er", ".")
NAMES = ("dam", "road", "2021-06-01-well", "2021-06-02-bridge", "school")
LANGUAGES = (".mn", ".zh-Hans")


class Editor:
    """Changes a folder at random, and says which paths were touched, as the kernel does."""

    def __init__(self, folder: Path, dice: random.Random) -> None:
        self._folder = folder
        self._dice = dice
        self._kinds = (
            *(self.release, self.release, self.release, self.translation, self.misnamed, self.file, self.file),
            *(self.remove, self.remove, self.rename, self.rename_folder, self.remove_folder, self.link, self.hidden),
            *(self.into_a_folder, self.to_a_file),
        )

    def change(self) -> set[str]:
        return self._dice.choice(self._kinds)()

    def _place(self) -> str:
        return f"{self._dice.choice(FOLDERS)}/{self._dice.choice(NAMES)}".removeprefix("./")

    def _write(self, name: str, text: str) -> set[str]:
        try:
            write(self._folder, name, text)
        except OSError:  # a file is where a folder would have to be
            return set()
        return {f"releases/{name}", *self._above(self._folder / "releases" / name)}

    def _some(self, *, folders: bool = False) -> Path | None:
        there = [
            each
            for each in sorted((self._folder / "releases").rglob("*"))
            if each.is_dir() == folders and not each.is_symlink() and ".git" not in each.parts
        ]
        return self._dice.choice(there) if there else None

    def _path(self, path: Path) -> str:
        return path.relative_to(self._folder).as_posix()

    def release(self) -> set[str]:
        number = self._dice.randrange(99)
        picture = "image: {src: photo.png, alt: A photo}\n" if self._dice.random() < 0.3 else ""
        country = self._dice.choice(("CN", "MN", "Atlantis"))
        day = f"2021-06-{self._dice.randrange(1, 28):02}"
        text = yaml(title=f"Number {number}", published=f"{day}T10:00:{number % 60:02}Z", countries=[country])
        return self._write(f"{self._place()}.yaml", text + picture)

    def translation(self) -> set[str]:
        text = f"title: Нэг {self._dice.randrange(99)}\nsummary: Нэг.\n"
        return self._write(f"{self._place()}{self._dice.choice(LANGUAGES)}.yaml", text)

    def misnamed(self) -> set[str]:
        return self._write(f"{self._place()}{self._dice.choice(('.yml', ' 2.yaml', '.mn.fr.yaml'))}", "title: x\n")

    def file(self) -> set[str]:
        inner = self._dice.choice(("/photo.png", "/spare.png", "/../photo.png"))
        place = f"{self._place()}{inner}"
        if inner == "/../photo.png":
            place = f"{place.rpartition('/../')[0].rpartition('/')[0]}/photo.png".lstrip("/")
        try:
            path = self._folder / "releases" / place
            path.parent.mkdir(parents=True, exist_ok=True)
            size = self._dice.randrange(1, 4)
            path.write_bytes(picture(size))
        except OSError:
            return set()
        return {self._path(path), *self._above(path)}

    def _above(self, path: Path) -> set[str]:
        """The folders in which it lies: they may be new too."""
        return set(folders_above(self._path(path.parent))) - {"releases"}

    def remove(self) -> set[str]:
        path = self._some()
        if path is None:
            return set()
        path.unlink()
        return {self._path(path)}

    def rename(self) -> set[str]:
        path = self._some()
        if path is None:
            return set()
        to = path.with_name(f"{self._dice.choice(NAMES)}.yaml")
        if to.is_dir():
            return set()
        path.replace(to)
        return {self._path(path), self._path(to)}

    def rename_folder(self) -> set[str]:
        path = self._some(folders=True)
        if path is None:
            return set()
        to = path.with_name(f"{self._dice.choice(('2019', '2022', 'dam', 'road'))}")
        if to.exists():
            return set()
        path.replace(to)
        return {self._path(path), self._path(to)}

    def remove_folder(self) -> set[str]:
        path = self._some(folders=True)
        if path is None:
            return set()
        shutil.rmtree(path)
        return {self._path(path)}

    def link(self) -> set[str]:
        path = self._folder / "releases" / self._dice.choice(("linked", "linked.yaml"))
        if path.is_symlink():
            path.unlink()
        else:
            target = self._some(folders=path.suffix == "")
            if target:
                path.symlink_to(target)
        return {self._path(path), f"{self._path(path)}/2021-06-01-well.yaml"}

    def hidden(self) -> set[str]:
        path = self._folder / "releases/.git/2021-06-01-well.yaml"
        path.parent.mkdir(exist_ok=True)
        if path.is_dir():
            return set()
        path.write_text(yaml(title="Hidden"), encoding="utf-8")
        return {self._path(path), self._path(path.parent)}

    def into_a_folder(self) -> set[str]:
        """A file gives way to a folder of its name."""
        path = self._some()
        if path is None or path.suffix != ".yaml":
            return set()
        path.unlink()
        path.mkdir()
        return {self._path(path)}

    def to_a_file(self) -> set[str]:
        """A folder gives way to a file of its name."""
        path = self._some(folders=True)
        if path is None:
            return set()
        shutil.rmtree(path)
        path.write_text("title: x\n", encoding="utf-8")
        return {self._path(path)}


def picture(size: int) -> bytes:
    found = BytesIO()
    Image.new("RGB", (size, size)).save(found, "PNG")
    return found.getvalue()


@pytest.fixture(name="benches")
def two_benches(tmp_path: Path) -> tuple[Bench, Bench]:
    folder = a_newsroom(
        tmp_path,
        {f"2021/{name}.yaml": yaml(title=name, published=f"2021-05-{day:02}") for day, name in enumerate(NAMES, 1)},
    )
    return Bench(folder, location=tmp_path / "part"), Bench(folder, location=tmp_path / "whole")


def test_two_compiles_of_a_folder_do_the_same(benches: tuple[Bench, Bench]) -> None:
    part, whole = benches
    for each in benches:
        each.location.path.parent.mkdir(exist_ok=True)
        each.compile(now=NOW)
    assert part.everything() == whole.everything()


@pytest.mark.parametrize("start", range(16))
def test_a_compile_of_a_part_does_what_one_of_the_whole_does(benches: tuple[Bench, Bench], start: int) -> None:
    part, whole = benches
    for each in benches:
        each.location.path.parent.mkdir(exist_ok=True)
        each.compile(now=NOW)
    dice = random.Random(start)  # noqa: S311  # to repeat a failure
    editor = Editor(part.folder, dice)
    for step in range(25):
        touched = {path for _ in range(dice.choice((1, 1, 1, 3))) for path in editor.change()}
        report = part.compile(now=NOW, scope=Scope.of(touched))
        if report.elsewhere:
            part.compile(now=NOW)
        whole.compile(now=NOW)
        assert set(part.problems()) ^ set(whole.problems()) == set(), f"step {step}: {sorted(touched)}"
        assert part.rows() == whole.rows(), f"step {step}: {sorted(touched)}"
        listed, known = content.release_files(part.folder), content.release_files(part.folder, Scope.of(touched))
        covers = Scope.of(touched).covers
        assert known.files == {path: mark for path, mark in listed.files.items() if covers(path)}
        assert known.media == {path: mark for path, mark in listed.media.items() if covers(path)}
    assert part.everything() == whole.everything()


def changes_elsewhere(folder: Path) -> Iterator[None]:
    file = folder / "newsroom.yaml"
    text = file.read_text(encoding="utf-8")
    for each in (text.replace("Test office", "New office"), text + "nonsense: 1\n", text):
        file.write_text(each, encoding="utf-8")
        yield
    (folder / "theme").mkdir()
    (folder / "theme/style.css").write_text("p { color: red }", encoding="utf-8")
    yield


def test_what_has_changed_elsewhere_is_said_and_not_taken_up_by_halves(benches: tuple[Bench, Bench]) -> None:
    part, whole = benches
    for each in benches:
        each.location.path.parent.mkdir(exist_ok=True)
        each.compile(now=NOW)
    scope = Scope.of([f"releases/2021/{NAMES[0]}.yaml"])
    for _ in changes_elsewhere(part.folder):
        before = part.rows(), part.problems()
        assert part.compile(now=NOW, scope=scope).elsewhere
        assert (part.rows(), part.problems()) == before
        part.compile(now=NOW)
        whole.compile(now=NOW)
        assert part.everything() == whole.everything()
        assert part.problems() == whole.problems()
    assert not part.compile(now=NOW, scope=scope).elsewhere


def test_damage_of_the_memory_is_noticed_while_the_catalogue_still_knows(tmp_path: Path) -> None:
    texts = {
        f"2021/number-{n}.yaml": yaml(title=f"Number {n}", published=f"2021-05-{n // 24 + 1:02}T{n % 24:02}:00:00Z")
        for n in range(100)
    }
    bench = Bench(a_newsroom(tmp_path, texts))
    bench.compile(now=NOW - timedelta(days=1))
    write(bench.folder, "2021/late.yaml", yaml(title="Late", published="2021-05-01T00:30:00Z"))
    bench.compile(now=NOW)
    before = bench.everything()
    whole = bytearray(bench.location.memory.read_bytes())
    page = whole.rindex(b"2021/late") // 4096 * 4096
    whole[page : page + 2_000] = b"\xa5" * 2_000
    bench.location.memory.write_bytes(whole)
    write(bench.folder, "2021/number-7.yaml", texts["2021/number-7.yaml"].replace("Number", "Nummer"))
    bench.compile(now=NOW, scope=Scope.of(["releases/2021/number-7.yaml"]))
    write(bench.folder, "2021/number-7.yaml", texts["2021/number-7.yaml"])
    bench.compile(now=NOW)
    bench.location.path.unlink()
    bench.compile(now=NOW)
    after = bench.everything()
    assert {path: found[1] for path, found in after.items()} == {path: found[1] for path, found in before.items()}


@pytest.mark.parametrize("table", ["seen", "places"])
def test_damage_anywhere_in_a_large_memory_is_noticed_by_some_compile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, table: str
) -> None:
    monkeypatch.setattr(memory_file, "_LOOKED_AT", 20)
    monkeypatch.setattr(memory_file, "_SMALL", 0)
    texts = {
        f"2021/number-{n}.yaml": yaml(published=f"2021-05-{n // 24 + 1:02}T{n % 24:02}:00:00Z") for n in range(200)
    }
    bench = Bench(a_newsroom(tmp_path, texts))
    bench.compile(now=NOW)
    with closing(memory_file.open_memory(bench.location.memory)) as memory:
        memory.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (root,) = memory.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
        (size,) = memory.execute("PRAGMA page_size").fetchone()
    whole = bytearray(bench.location.memory.read_bytes())
    page = whole[(root - 1) * size : root * size]
    cells = int.from_bytes(page[3:5], "big")
    middle = int.from_bytes(page[12 + cells // 2 * 2 :][:2], "big")  # of an interior page: a child, then its key
    child = int.from_bytes(page[middle : middle + 4], "big")
    whole[(child - 1) * size : child * size] = b"\xa5" * size
    bench.location.memory.write_bytes(whole)

    def is_noticed(now: int) -> bool:
        try:
            with closing(memory_file.open_memory(bench.location.memory)) as memory:
                memory_file.check(memory, now, thoroughly=False)
        except sqlite3.DatabaseError:
            return True
        return False

    noticed = [is_noticed(now) for now in range(100)]
    assert any(noticed)
    assert not all(noticed)
