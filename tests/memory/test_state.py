"""What readers have been shown is never forgotten, and never mixed with what other readers were shown."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import pytest

from feeds.catalogue import CatalogueFile, catalogue_file, compile_folder
from feeds.database import connect, transaction
from feeds.errors import FeedsError
from feeds.memory import announced_until, memory_file, save_copy, set_aside
from feeds.memory.memory_file import fact, open_memory
from feeds.memory.websub_outbox import WebSubOutbox
from tests.catalogue.test_history import a_history, change, closed, live, name, release
from tests.makers import BASE, NOW, Bench, a_newsroom, write
from tests.memory.version_1 import old, version_1_newsroom
from tests.tools import python

HOUR = timedelta(hours=1)
LATER = NOW + 10 * HOUR


def at(data: Path, base: str, state: Path, now: datetime) -> Bench:
    """A newsroom that is served at an address, with its files where the program puts them."""
    bench = Bench(data, base_url=base, entries=3)
    bench.location = catalogue_file(data, base, state)
    bench.catalogue = type(bench.catalogue)(bench.location.path)
    bench.compile(now=now)
    return bench


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return a_newsroom(tmp_path, {name(n): release(n) for n in range(12)})


def test_two_servers_with_other_addresses_on_one_folder_spoil_nothing_of_each_other(data: Path, tmp_path: Path) -> None:
    one = at(data, BASE, tmp_path / "state", NOW)
    before = one.everything()
    other = at(data, "http://127.0.0.1:8000", tmp_path / "state", NOW)
    assert one.everything() == before
    assert "127.0.0.1" in other.body("/feeds/all.atom")
    for bench in (one, other):
        bench.compile(now=NOW)
    assert one.everything() == before


def test_a_newsroom_at_a_new_address_remembers(data: Path, tmp_path: Path) -> None:
    old = at(data, BASE, tmp_path / "state", NOW)
    change(old, LATER, n99=release(99, title="Late", published="2020-10-12"))
    new = at(data, "https://new.example.org", tmp_path / "state", LATER + HOUR)
    assert live(new, LATER + HOUR)[0] == "Late"


@pytest.mark.parametrize("how", ["moved", "through a link that leads elsewhere now"])
def test_a_folder_that_was_moved_takes_its_memory_along(data: Path, tmp_path: Path, how: str) -> None:
    old = at(data, BASE, tmp_path / "state", NOW)
    change(old, LATER, n99=release(99, title="Late", published="2020-10-12"))
    moved = tmp_path / "elsewhere"
    data.rename(moved)
    if how != "moved":
        data.symlink_to(moved)
    new = at(moved if how == "moved" else data, BASE, tmp_path / "state", LATER + HOUR)
    assert live(new, LATER + HOUR)[0] == "Late"


def test_another_newsroom_on_the_same_machine_begins_with_nothing(data: Path, tmp_path: Path) -> None:
    at(data, BASE, tmp_path / "state", NOW)
    (tmp_path / "city").mkdir()
    city = a_newsroom(tmp_path / "city", {name(1): release(1, title="Of the city")})
    bench = at(city, BASE, tmp_path / "state", NOW)
    assert bench.problems() == []


def test_by_default_it_lies_in_the_users_state_folder_wherever_the_program_starts(tmp_path: Path) -> None:
    code = "from feeds.catalogue import catalogue_file; from pathlib import Path; import sys, os\n"
    code += "os.chdir(sys.argv[2]); print(catalogue_file(Path(sys.argv[1]), 'https://e.org').memory)"
    data = a_newsroom(tmp_path)
    found = {
        python("-c", code, str(data), where, XDG_STATE_HOME=str(tmp_path / "state")).stdout.strip()
        for where in ("/", "/tmp", str(tmp_path))
    }
    (path,) = found
    assert Path(path).parent == tmp_path / "state" / "newsroom-feeds"


# -- backup ---------------------------------------------------------------------------------------------------------


def test_a_backup_and_the_content_folder_are_all_that_another_machine_needs(data: Path, tmp_path: Path) -> None:
    bench = at(data, BASE, tmp_path / "state", NOW)
    now = a_history(bench)
    save_copy(bench.location.memory, tmp_path / "backup.sqlite")
    there = catalogue_file(data, BASE, tmp_path / "other machine")
    there.memory.parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / "backup.sqlite").rename(there.memory)
    other = at(data, BASE, tmp_path / "other machine", now)
    assert {path: each[1] for path, each in other.everything(now).items()} == {
        path: each[1] for path, each in bench.everything(now).items()
    }


def test_a_backup_never_writes_over_a_file(data: Path, tmp_path: Path) -> None:
    bench = at(data, BASE, tmp_path / "state", NOW)
    (tmp_path / "mine").write_text("mine")
    with pytest.raises(FeedsError, match="is there already"):
        save_copy(bench.location.memory, tmp_path / "mine")
    assert (tmp_path / "mine").read_text() == "mine"


def test_the_command_copies_it(data: Path, tmp_path: Path) -> None:
    settings = {"FEEDS_DATA": str(data), "FEEDS_BASE_URL": BASE, "FEEDS_STATE": str(tmp_path / "state")}
    early = python("-m", "feeds", "backup", str(tmp_path / "copy"), **settings)
    assert (early.returncode, "have been shown nothing" in early.stderr) == (1, True)
    bench = at(data, BASE, tmp_path / "state", NOW)
    done = python("-m", "feeds", "backup", str(tmp_path / "copy"), **settings)
    assert done.returncode == 0, done.stderr
    assert str(bench.location.memory) in done.stdout
    with closing(sqlite3.connect(tmp_path / "copy")) as copy:
        assert copy.execute("SELECT COUNT(*) FROM seen").fetchone() == (12,)


# -- other versions -------------------------------------------------------------------------------------------------


def test_a_memory_of_a_newer_version_is_left_alone_and_told(data: Path, tmp_path: Path) -> None:
    bench = at(data, BASE, tmp_path / "state", NOW)
    with closing(sqlite3.connect(bench.location.memory)) as database:
        database.execute("PRAGMA user_version = 999")
    before = bench.location.memory.read_bytes()
    write(data, name(99), release(99))
    with pytest.raises(FeedsError, match="written by a newer version"):
        bench.compile(now=LATER)
    assert bench.location.memory.read_bytes() == before


@pytest.fixture
def version_1(tmp_path: Path) -> CatalogueFile:
    """The newsroom that version 1.0.0 has served until NOW, with its state."""
    return version_1_newsroom(tmp_path, tmp_path / "state")


def test_what_version_1_knew_is_taken_over(version_1: CatalogueFile, tmp_path: Path) -> None:
    data = tmp_path / "data"
    write(data, "2021/2021-05-31-late.yaml", "title: Late\nsummary: S.\npublished: 2021-05-31\ncountries: [CN]\n")
    bench = at(data, BASE, tmp_path / "state", LATER)
    assert live(bench, LATER)[0] == "Late"
    told = "\n".join(bench.problems())
    assert "number-2.yaml: warning: 2021/number-2 was published, and is gone" in told
    assert "late.yaml: warning: announced: dated 2021-05-31, announced 2021-06-25" in told
    assert announced_until(version_1.memory) == datetime(2021, 6, 24, 12, tzinfo=UTC)
    with closing(WebSubOutbox(version_1.memory)) as outbox:
        basis = outbox.basis()
        assert basis
        assert basis.subscribed_at == f"https://hub.example.org/ {BASE}"
        assert outbox.paths() == ("/feeds/all.atom",)
        assert [(each.path, each.tries) for each in outbox.pending(LATER, LATER + HOUR, 9)] == [("/feeds/all.rss", 2)]
    write(data, "2021/2021-06-03-number-3.yaml", old(4).replace("Number 4", "Number 3").replace("06-04", "06-03"))
    bench.compile(now=LATER + HOUR)
    assert "Withdrawn: Number 3" in bench.body("/feeds/all.atom", LATER + HOUR)


def test_without_version_1_there_is_nothing_to_take_over(version_1: CatalogueFile, tmp_path: Path) -> None:
    version_1.elders[0].unlink()
    bench = at(tmp_path / "data", BASE, tmp_path / "state", LATER)
    assert bench.problems() == []


@pytest.mark.parametrize("fields", [{"published": "2020-10-12"}, {"countries": ["CN", "MN"]}], ids=["late", "tagged"])
def test_a_compile_killed_after_the_memory_was_written_is_made_good_by_the_next(
    data: Path, tmp_path: Path, fields: dict[str, Any]
) -> None:
    bench = at(data, BASE, tmp_path / "state", NOW)
    with closing(sqlite3.connect(bench.location.path)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = bench.location.path.read_bytes()
    write(data, name(99 if "published" in fields else 2), release(2, title="Changed", **fields))
    bench.compile(now=LATER)
    for each in bench.location.path.parent.glob(f"{bench.location.path.name}*"):
        each.unlink()
    bench.location.path.write_bytes(before)
    write(data, name(50), release(50, published=LATER + HOUR))
    bench.compile(now=LATER + HOUR)
    found = bench.everything(LATER + HOUR)
    bench.compile(afresh=True, now=LATER + HOUR)
    assert bench.everything(LATER + HOUR) == found


# -- damage ---------------------------------------------------------------------------------------------------------


def overwritten(path: Path) -> None:
    path.write_bytes(b"\xa5" * path.stat().st_size)


def lost(path: Path) -> None:
    path.unlink()


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def halved(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def of_another_program(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE mine (x)")


def without_a_table(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("DROP TABLE places")


def with_nonsense(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("UPDATE facts SET value = 'nonsense' WHERE name = 'seen_until'")


def page(number: int) -> Callable[[Path], None]:
    def damage(path: Path) -> None:
        with closing(sqlite3.connect(path)) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        whole = bytearray(path.read_bytes())
        if number * 4096 < len(whole):
            whole[number * 4096 + 500 : number * 4096 + 2500] = b"\xa5" * 2000
        path.write_bytes(whole)

    damage.__name__ = f"page {number}"
    return damage


DAMAGES = (
    overwritten,
    lost,
    emptied,
    halved,
    of_another_program,
    without_a_table,
    with_nonsense,
    *map(page, range(24)),
)


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_a_damaged_memory_is_made_anew_from_what_the_catalogue_knows(
    data: Path, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    bench = at(data, BASE, tmp_path / "state", NOW)
    change(bench, LATER, n99=release(99, title="Late", published="2020-10-12"))
    pages = closed(bench, LATER)
    for companion in bench.location.memory.parent.glob(f"{bench.location.memory.name}-*"):
        companion.unlink()
    damage(bench.location.memory)
    change(bench, LATER + HOUR, n12=release(12, published=LATER + HOUR / 2))
    assert live(bench, LATER + HOUR)[:2] == ["Number 12", "Late"]
    assert {path: closed(bench, LATER + HOUR)[path] for path in pages} == pages
    change(bench, LATER + 2 * HOUR, n98=release(98, title="Later", published="2020-10-13"))
    assert live(bench, LATER + 2 * HOUR)[0] == "Later"


def test_damage_anywhere_in_a_small_memory_is_noticed_at_every_change(tmp_path: Path) -> None:
    path = tmp_path / "memory.sqlite"
    with closing(open_memory(path)) as memory, transaction(memory):
        memory.executemany("INSERT INTO pushed VALUES (?, ?)", ((f"/feeds/{n}.atom", b"x" * 16) for n in range(600)))
    with closing(connect(path)) as memory:
        memory.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        memory_file.check(memory, 1, thoroughly=False)
        (root,) = memory.execute("SELECT rootpage FROM sqlite_master WHERE name = 'pushed'").fetchone()
    whole = bytearray(path.read_bytes())
    whole[(root - 1) * 4096 : root * 4096] = b"\xa5" * 4096
    path.write_bytes(whole)
    with closing(connect(path)) as memory, pytest.raises((memory_file.MemoryDamagedError, sqlite3.Error)):
        memory_file.check(memory, 1, thoroughly=False)


@pytest.mark.parametrize("damage", [overwritten, lost, without_a_table])
def test_a_lost_memory_is_not_replaced_by_that_of_another_address(
    data: Path, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    one, other = (at(data, base, tmp_path / "state", NOW) for base in (BASE, "http://127.0.0.1:8000"))
    write(data, name(99), release(99, title="Late", published="2020-10-12"))
    one.compile(now=LATER)
    other.compile(now=LATER + HOUR)
    before = one.everything(LATER + HOUR)
    damage(one.location.memory)
    change(one, LATER + 2 * HOUR, n3=release(3, title="Changed"))
    change(one, LATER + 2 * HOUR, n3=release(3))
    one.compile(afresh=True, now=LATER + 2 * HOUR)
    assert {path: each[1] for path, each in one.everything(LATER + HOUR).items()} == {
        path: each[1] for path, each in before.items()
    }


def test_an_error_of_the_program_costs_no_memory(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = at(data, BASE, tmp_path / "state", NOW)
    change(bench, LATER, n99=release(99, title="Late", published="2020-10-12"))
    write(data, name(12), release(12, published=LATER))
    with monkeypatch.context() as broken:
        broken.setattr("feeds.catalogue.conflicts.settle", lambda *_: _raise(KeyError("nothing")))
        with pytest.raises(FeedsError, match="KeyError"):
            bench.compile(now=LATER)
    assert not list(bench.location.memory.parent.glob("*.damaged*"))
    for catalogue in bench.location.path.parent.glob(f"{bench.location.path.name}*"):
        catalogue.unlink()
    bench.compile(now=LATER + HOUR)
    assert live(bench, LATER + HOUR)[:2] == ["Number 12", "Late"]


def _raise(error: Exception) -> None:
    raise error


def test_what_is_set_aside_stays_for_whoever_wants_to_look_into_it(data: Path, tmp_path: Path) -> None:
    bench = at(data, BASE, tmp_path / "state", NOW)
    bench.location.memory.write_bytes(b"nonsense")
    write(data, name(99), release(99))
    compile_folder(data, bench.location, BASE, now=LATER, processes=1)
    aside = bench.location.memory.with_suffix(".damaged")
    assert aside.read_bytes() == b"nonsense"
    assert set_aside(bench.location.memory) != aside
    assert aside.read_bytes() == b"nonsense"


def test_several_processes_may_make_a_memory_at_the_same_time(tmp_path: Path) -> None:
    context = get_context("spawn")
    together = context.Barrier(6)
    processes = [context.Process(target=_make_memories, args=(tmp_path, together)) for _ in range(together.parties)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0] * len(processes)


def _make_memories(folder: Path, together: Barrier) -> None:
    """What one of several processes does: it makes a hundred memories, each when the others make it too."""
    for number in range(100):
        together.wait(timeout=60)
        with closing(open_memory(folder / f"{number}.sqlite")) as database:
            assert fact(database, "nothing") is None
