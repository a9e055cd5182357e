"""The catalogue may be missing, foreign or damaged at any time: it is built again, and nobody is told an error."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from feeds.catalogue import Catalogue, CatalogueError
from feeds.publish.document import Document
from feeds.web.live_newsroom import LiveNewsroom
from tests.conftest import Seed
from tests.makers import NOW, Bench, a_newsroom, yaml
from tests.tools import python

FILES = {f"2021/2021-05-{n:02}-number-{n}.yaml": yaml(published=f"2021-05-{n:02}") for n in range(1, 10)}


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    bench = Bench(a_newsroom(tmp_path, FILES))
    bench.compile()
    return bench


def missing(path: Path) -> None:
    for each in path.parent.glob(f"{path.name}*"):
        each.unlink()


def file_alone_missing(path: Path) -> None:
    path.unlink()


def folder_missing(path: Path) -> None:
    shutil.rmtree(path.parent)


def zero_bytes(path: Path) -> None:
    path.write_bytes(b"")


def garbage(path: Path) -> None:
    path.write_bytes(b"not a database at all " * 1_000)


def truncated(path: Path) -> None:
    settle(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def middle_overwritten(path: Path) -> None:
    settle(path)
    whole = bytearray(path.read_bytes())
    whole[9_000:-9_000] = b"\xff" * len(whole[9_000:-9_000])
    path.write_bytes(whole)


def older(path: Path) -> None:
    with_sql(path, "PRAGMA user_version = 0")


def newer(path: Path) -> None:
    with_sql(path, "PRAGMA user_version = 999")


def of_another_program(path: Path) -> None:
    with_sql(path, "PRAGMA application_id = 1")


def without_a_table(path: Path) -> None:
    with_sql(path, "DROP TABLE rendered")


def without_meta(path: Path) -> None:
    with_sql(path, "DROP TABLE meta")


def with_an_unreadable_vocabulary(path: Path) -> None:
    with_sql(path, "UPDATE meta SET value = '{' WHERE name = 'vocabulary'")


def with_an_unreadable_signature(path: Path) -> None:
    with_sql(path, "UPDATE files SET size = 'x'")


def with_an_unreadable_entry(path: Path) -> None:
    with_sql(path, "UPDATE entries SET entry = '{'")


def with_another_text(path: Path) -> None:
    with_sql(path, "UPDATE rendered SET bytes = CAST(substr(bytes, 1, 99) || x'00' || substr(bytes, 101) AS BLOB)")


def without_a_dictionary(path: Path) -> None:
    with_sql(path, "DROP TABLE dictionary")


def with_another_dictionary(path: Path) -> None:
    with_sql(path, "INSERT OR REPLACE INTO dictionary (rowid, bytes) VALUES (1, CAST('What is this?' AS BLOB))")


def without_a_rendered_entry(path: Path) -> None:
    with_sql(path, "DELETE FROM rendered WHERE format = 'rss'")


def with_sql(path: Path, statement: str) -> None:
    database = sqlite3.connect(path, isolation_level=None)
    database.execute(statement)
    database.close()


def settle(path: Path) -> None:
    with_sql(path, "PRAGMA wal_checkpoint(TRUNCATE)")


DAMAGES = [
    *(missing, file_alone_missing, folder_missing, zero_bytes, garbage, truncated, middle_overwritten, older, newer),
    *(of_another_program, without_a_table, without_meta, with_an_unreadable_vocabulary, with_an_unreadable_signature),
    *(with_an_unreadable_entry, without_a_rendered_entry, with_another_text),
    *(without_a_dictionary, with_another_dictionary),
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_start_finds_it_whole_again(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    location = tmp_path / "catalogue"
    location.mkdir()
    bench = Bench(a_newsroom(tmp_path, FILES), location=location)
    bench.compile()
    expected = bench.everything()
    damage(bench.location.path)
    again = live(bench)
    again.compile()
    assert answers(again) == answers_of(expected)


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_running_newsroom_goes_on_answering(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    bench = Bench(a_newsroom(tmp_path, FILES))
    newsroom = live(bench)
    newsroom.compile()
    before = answers(newsroom)
    damage(newsroom.location.path)
    # As every worker meets it: one with its connection open, one that opens it now.
    assert answers(newsroom) == before
    assert answers(live(bench)) == before
    assert answers(newsroom) == before


PAGES = 62
"""More than the small newsroom's catalogue has."""


@pytest.mark.parametrize("restarted", [False, True], ids=["with a connection open", "after a restart"])
@pytest.mark.parametrize("filling", [b"\xa5", b"a", b"\0"], ids=["bits", "letters", "zeros"])
def test_damage_in_the_middle_of_any_page_is_healed_by_the_next_question(
    tmp_path: Path, filling: bytes, restarted: bool
) -> None:
    bench = Bench(a_newsroom(tmp_path, FILES))
    newsroom = live(bench)
    newsroom.compile()
    before = everything_of(newsroom)
    path = newsroom.location.path
    settle(path)
    sound = shutil.copytree(path.parent, tmp_path / "sound")
    whole = path.read_bytes()
    for number in range(PAGES):
        start = number * 8192 + 3000
        if start > len(whole):
            break
        # Other files each time: an open connection may have the sound page of the last ones, and answer from it.
        shutil.rmtree(path.parent)
        shutil.copytree(sound, path.parent)
        path.write_bytes(whole[:start] + filling * 2000 + whole[start + 2000 :])
        asked = live(bench) if restarted else newsroom
        if restarted:
            asked.compile()
        assert everything_of(asked) == before, number
    else:
        raise AssertionError("the catalogue has more pages")


def everything_of(newsroom: LiveNewsroom) -> dict[str, bytes]:
    found = {}
    for path in KNOWN:
        answer = newsroom.answer(path, "", NOW)
        assert isinstance(answer, Document), path
        found[path] = answer.body
    return found


KNOWN = (
    *(
        f"/feeds/{feed}.{form}"
        for feed in ("all", "genre/news", "corrections")
        for form in ("atom", "rss", "json", "html")
    ),
    *("/", "/feeds/", "/feeds.opml", "/sitemap.xml", "/about", "/embed/"),
    *(f"/releases/2021/number-{n}" for n in range(1, 10)),
)


def live(bench: Bench) -> LiveNewsroom:
    return LiveNewsroom(replace(bench.settings, state=bench.folder.parent / "catalogue"))


PATHS = ("/feeds/all.atom", "/feeds/all.rss", "/feeds/all.json", "/", "/releases/2021/number-3")


def answers(newsroom: LiveNewsroom) -> list[bytes]:
    found = [newsroom.answer(path, "", NOW) for path in PATHS]
    assert newsroom.version()
    return [each.body for each in found if isinstance(each, Document)]


def answers_of(everything: dict[str, tuple[int, bytes]]) -> list[bytes]:
    return [everything[path][1] for path in PATHS]


@pytest.mark.parametrize("number", range(12))
def test_wherever_bytes_are_flipped_nothing_but_a_catalogue_error_comes_of_it(
    bench: Bench, number: int, seed: Seed
) -> None:
    chance = random.Random(seed(number))  # noqa: S311  # to repeat a failure, not to hide a secret
    settle(bench.location.path)
    whole = bytearray(bench.location.path.read_bytes())
    start = chance.randrange(len(whole))
    whole[start : start + 400] = chance.randbytes(len(whole[start : start + 400]))
    bench.location.path.write_bytes(whole)
    with suppress(CatalogueError), Catalogue(bench.location.path).reading() as snapshot:
        assert snapshot.vocabulary.newsroom.title
        assert snapshot.counts.visible(NOW) >= 0
        assert snapshot.problems.all() is not None
    bench.compile()
    bench.compile(afresh=True)
    assert "number-9" in bench.body("/feeds/all.atom")


def test_a_rebuilt_catalogue_is_a_new_version(bench: Bench) -> None:
    before = bench.catalogue.version()
    bench.location.path.unlink()
    assert bench.catalogue.version() == before
    bench.compile()
    assert bench.catalogue.version() != before


def test_a_change_is_a_new_version_and_no_change_is_not(bench: Bench) -> None:
    before = bench.catalogue.version()
    bench.compile()
    assert bench.catalogue.version() == before
    (bench.folder / "releases" / "2021" / "2021-05-01-number-1.yaml").write_text(yaml(title="New"))
    bench.compile()
    assert bench.catalogue.version() != before


def test_nothing_is_left_lying_about(bench: Bench) -> None:
    garbage(bench.location.path)
    bench.compile()
    names = {path.name for path in bench.location.path.parent.iterdir()}
    assert names <= {"data", "catalogue.sqlite", "catalogue.sqlite-wal", "catalogue.sqlite-shm", "catalogue.lock"}


FORKED = """
import os, sys
from pathlib import Path
from tests.makers import Bench
bench = Bench(Path(sys.argv[1]))
expected, version = bench.body("/feeds/all.atom"), bench.catalogue.version()
child = os.fork()
opened = set(os.listdir("/proc/self/fd"))
assert bench.body("/feeds/all.atom") == expected and bench.catalogue.version() == version
if not child:
    # Connections of its own, and those of its parent still open: to close them would take the parent's locks away.
    os._exit(0 if set(os.listdir("/proc/self/fd")) > opened else 1)
assert os.waitpid(child, 0)[1] == 0
assert bench.body("/feeds/all.atom") == expected
"""


@pytest.mark.slow
def test_a_connection_is_never_carried_across_a_fork(bench: Bench) -> None:
    done = python("-c", FORKED, str(bench.folder))
    assert done.returncode == 0, done.stderr


def test_damage_to_a_newsroom_that_cannot_be_built_again_is_one_clear_error(bench: Bench) -> None:
    (bench.folder / "newsroom.yaml").unlink()
    garbage(bench.location.path)
    with pytest.raises(Exception, match="no newsroom here") as caught:
        bench.compile()
    assert "CatalogueError" not in type(caught.value).__name__
