"""A newsroom on a PostgreSQL server: the same answers as from files, byte by byte."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from feeds.catalogue import (
    CatalogueError,
    CatalogueLocation,
    catalogue_location,
    compile_folder,
    newest_releases,
    open_catalogue,
)
from feeds.catalogue.postgresql_catalogue import CatalogueServer, current
from feeds.catalogue.replica import Replica
from feeds.database import DatabaseError, connect
from feeds.memory import LastMailing, exists, last_mailing, open_memory, remember_mailing, save_copy
from feeds.model import search_words
from feeds.model.selection import Selection
from feeds.publish import Router
from feeds.publish.context import Context
from feeds.publish.document import Document
from feeds.publish.verification import PassageCheck, verified
from feeds.settings import Settings
from tests.catalogue.test_same_bytes import a_living_newsroom
from tests.makers import BASE, DAY, NEWSROOM, NOW, YESTERDAY, Bench, a_newsroom, everything, write, yaml
from tests.postgresql import Cluster
from tests.tools import DATA, wait_until

pytestmark = pytest.mark.slow

Kept = Callable[..., CatalogueServer]


@pytest.fixture
def kept(postgresql: Cluster, tmp_path: Path) -> Kept:
    """Where newsrooms are kept on one database that is new; ``machine`` tells machines apart."""
    url = postgresql.database()

    def place(folder: Path | None, machine: str = "one", base_url: str = BASE) -> CatalogueServer:
        found = catalogue_location(folder, base_url, tmp_path / machine, database=url)
        assert isinstance(found, CatalogueServer)
        return found

    return place


def compile_both(bench: Bench, location: CatalogueLocation, **options: Any) -> None:
    """Brings the newsroom in files and the one on the server up to date."""
    bench.compile(now=NOW, **options)
    compile_folder(bench.folder, location, BASE, processes=1, now=NOW, **options)


def answers(location: CatalogueLocation, settings: Settings) -> dict[str, tuple[Any, ...]]:
    with open_catalogue(location).reading() as snapshot:
        return everything(snapshot, settings, NOW)


def edits(bench: Bench) -> Iterator[str]:
    """Changes of every kind, one after the other."""
    yield "as it is"
    write(bench.folder, "2021/2021-06-20-late.yaml", yaml(published="2021-06-20", title="Late", countries=["MN"]))
    yield "a release that comes late"
    corrected = yaml(
        published="2021-05-03", title="Number 3", corrections=[{"date": YESTERDAY, "note": "Not so: %s ? :x '."}]
    )
    write(bench.folder, "2021/2021-05-03-number-3.yaml", corrected)
    yield "a correction"
    (bench.folder / "releases/2021/2021-05-04-number-4.yaml").unlink()
    yield "a release that is gone"
    write(bench.folder, "2021/2021-05-05-number-5.yaml", yaml(published="2021-05-05", countries="CN"))
    yield "a file that is wrong"
    (bench.folder / "newsroom.yaml").write_text(NEWSROOM.replace("Test office", "Press office"))
    yield "another name"
    (bench.folder / "newsroom.yaml").write_text(NEWSROOM.replace("languages: [en, zh-Hans, mn]", "languages: [en]"))
    yield "fewer languages"


def test_every_address_has_the_same_bytes_on_both_engines_after_every_change(tmp_path: Path, kept: Kept) -> None:
    bench = a_living_newsroom(tmp_path)
    place = kept(bench.folder)
    for change in edits(bench):
        compile_both(bench, place)
        with open_catalogue(place).reading() as snapshot:
            assert [str(each) for each in snapshot.problems.all()] == bench.problems(), change
            assert snapshot.reports.inventory(NOW).visible > 5
            shown = snapshot.reports.states(NOW), snapshot.reports.unseen(NOW), snapshot.releases.editions(NOW)
        with bench.catalogue.reading() as snapshot:
            assert shown[:2] == (snapshot.reports.states(NOW), snapshot.reports.unseen(NOW)), change
            assert len(shown[2]) == len(snapshot.releases.editions(NOW))
        assert answers(place, bench.settings) == bench.everything(), change


def test_the_bundled_newsroom_has_the_same_bytes_on_both_engines(tmp_path: Path, kept: Kept) -> None:
    bench = Bench(DATA, location=tmp_path)
    place = kept(DATA)
    compile_both(bench, place)
    found = answers(place, bench.settings)
    assert len(found) > 300
    assert found == bench.everything()


WORDS = (
    "dam", "running", "dams", "ran", "DAM’S", "covid-19", "covid", "19", "社会保护", "社会", "保", "保护", "护",
    "малчид", "далан", "малчдын", "café", "cafe", "naïve", "ä", "a-b.c", "x", "²", "ª", "the", "thousandth",
    "о", "ой", "日本語", "ノ", "caresses", "ponies", "relational", "l'oreille", "nothing-there",
)  # fmt: skip
TEXTS = (
    "The dams are running. COVID-19, a-b.c and the DAM’s café; naïve ² ª.",
    "社会保护 is 社会 and 保护。日本語のノート",
    "Малчид, малчдын далан ой о.",
    "caresses ponies relational l'oreille",
    "a b c " * 3_000 + "thousandth dam covid 19",
    "the " * 600 + "covid " + "the " * 600 + "covid 19",
    "x" * 3_000 + " dam",
)


def test_a_search_finds_the_same_on_both_engines(tmp_path: Path, kept: Kept) -> None:
    files = {
        f"2021/2021-05-{number + 1:02}-text-{number}.yaml": yaml(published=f"2021-05-{number + 1:02}", body=text)
        for number, text in enumerate(TEXTS)
    }
    bench = Bench(a_newsroom(tmp_path, files))
    place = kept(bench.folder)
    compile_both(bench, place)
    searches = [*WORDS, *(f"{one} {other}" for one, other in zip(WORDS, WORDS[3:], strict=False))]
    found = 0
    with bench.catalogue.reading() as files_, open_catalogue(place).reading() as server:
        for text in searches:
            asked = Selection("en", words=search_words.words(text))
            pages = [each.pages.of(asked, NOW, 0, 30) for each in (files_, server)]
            assert pages[0] is not None
            assert pages[1] is not None
            ids = [[each.release.id for each in snapshot.releases.of(page.editions)]
                   for snapshot, page in ((files_, pages[0]), (server, pages[1]))]  # fmt: skip
            assert ids[0] == ids[1], text
            found += len(ids[0])
            months = [
                each.counts.months(asked, NOW, files_.vocabulary.newsroom.time_zone, 12) for each in (files_, server)
            ]
            assert months[0] == months[1]
    assert found > 30


def test_what_many_releases_have_is_found_on_both_engines(
    tmp_path: Path, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {
        f"2021/2021-05-0{day}-text-{day}.yaml": yaml(
            title="The dam" if day % 2 else "The road",
            published=f"2021-05-0{day}",
            countries=["CN", "MN"][day % 3 :],
        )
        for day in range(1, 10)
    }
    bench = Bench(a_newsroom(tmp_path, files))
    place = kept(bench.folder)
    compile_both(bench, place)
    monkeypatch.setattr(newest_releases, "FEW", 0)
    words = (("dam",), ("the", "road"), ("nowhere",), ("社会",))
    with bench.catalogue.reading() as files_, open_catalogue(place).reading() as server:
        for some, terms, sought in product((0, 10_000), ({}, {"country": ["mn"]}), words):
            monkeypatch.setattr(newest_releases, "SOME", some)
            asked = Selection.of("en", terms, words=sought)
            found = [
                [each.release.path for each in snapshot.releases.of(page.editions)]
                for snapshot in (files_, server)
                if (page := snapshot.pages.of(asked, NOW, 0, 2))
            ]
            assert found[0] == found[1]
            assert len(found[0]) == (2 if sought in words[:2] else 0)


def test_a_search_meets_terms_on_both_sides_of_a_row_s_end(tmp_path: Path, kept: Kept) -> None:
    # Each row ends where “the” has its 256 places; the words searched for lie around that.
    files = {
        f"2021/2021-05-{number:02}-text.yaml": yaml(
            slug=f"text-{number}", published=f"2021-05-{number:02}", title="T", summary="S",
            body="the " * (240 + number) + "corner stone " + "the " * 300,
        )
        for number in range(1, 28)
    }  # fmt: skip
    folder = a_newsroom(tmp_path, files)
    place = kept(folder)
    compile_folder(folder, place, BASE, processes=1, now=NOW)
    with open_catalogue(place).reading() as snapshot:
        page = snapshot.pages.of(Selection("en", words=("corner-stone",)), NOW, 0, 30)
    assert page is not None
    assert len(page.editions) == 27


def test_a_reader_sees_one_catalogue_until_it_has_its_answer(tmp_path: Path, kept: Kept) -> None:
    bench = a_living_newsroom(tmp_path)
    place = kept(bench.folder)
    compile_both(bench, place)
    reader = open_catalogue(place)
    with reader.reading() as snapshot:
        before = everything(snapshot, bench.settings, NOW)
        write(bench.folder, "2021/2021-06-21-more.yaml", yaml(published="2021-06-21"))
        compile_folder(bench.folder, place, BASE, processes=1, now=NOW, afresh=True)
        assert everything(snapshot, bench.settings, NOW) == before
    with reader.reading() as snapshot:
        assert everything(snapshot, bench.settings, NOW) != before
    # The next compile drops what nobody reads any longer.
    compile_folder(bench.folder, place, BASE, processes=1, now=NOW)
    with closing(place.server.connect()) as database:
        schemas = database.execute(
            "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'feeds_%_catalogue_%'"
        ).fetchall()
        assert len(schemas) == 1
        assert current(database, place.server) == 2


def test_whoever_reads_is_told_of_a_change(tmp_path: Path, kept: Kept) -> None:
    bench = a_living_newsroom(tmp_path)
    compile_folder(bench.folder, kept(bench.folder), BASE, processes=1, now=NOW)
    replica = open_catalogue(kept(None, "two"))
    assert isinstance(replica, Replica)
    first = replica.version()
    assert replica.version() == first
    write(bench.folder, "2021/2021-06-21-more.yaml", yaml(published="2021-06-21"))
    compile_folder(bench.folder, kept(bench.folder), BASE, processes=1, now=NOW)
    wait_until(lambda: replica.version() != first, "the replica knows of the change")


def test_two_newsrooms_share_a_database_and_nothing_else(tmp_path: Path, kept: Kept) -> None:
    one, other = a_living_newsroom(tmp_path / "a"), a_living_newsroom(tmp_path / "b")
    write(other.folder, "2021/2021-06-21-more.yaml", yaml(published="2021-06-21", title="Elsewhere"))
    compile_folder(one.folder, kept(one.folder), BASE, processes=1, now=NOW)
    elsewhere = kept(other.folder, base_url="https://other.example.org")
    compile_folder(other.folder, elsewhere, "https://other.example.org", processes=1, now=NOW)
    one.compile(now=NOW)
    assert answers(kept(None), one.settings) == one.everything()
    other.settings = replace(other.settings, base_url="https://other.example.org")
    other.compile(now=NOW)
    assert answers(elsewhere, other.settings) == other.everything()


def test_only_who_leads_compiles(tmp_path: Path, kept: Kept) -> None:
    bench = a_living_newsroom(tmp_path)
    leader, other = kept(bench.folder), kept(bench.folder, "two")
    leader.lead.take()
    try:
        assert not compile_folder(bench.folder, other, BASE, processes=1, now=NOW).changed
        with pytest.raises(CatalogueError, match="no catalogue yet"), open_catalogue(other).reading():
            pass
        assert compile_folder(bench.folder, leader, BASE, processes=1, now=NOW).changed
    finally:
        leader.lead.leave()
    write(bench.folder, "2021/2021-06-21-more.yaml", yaml(published="2021-06-21"))
    assert compile_folder(bench.folder, other, BASE, processes=1, now=NOW).changed


def test_a_leader_whose_connection_was_cut_does_not_compile(tmp_path: Path, kept: Kept) -> None:
    bench = a_living_newsroom(tmp_path)
    leader, other = kept(bench.folder), kept(bench.folder, "two")
    leader.lead.take()
    with closing(leader.server.connect()) as database:
        database.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
        )
    other.lead.take()
    try:
        with pytest.raises(DatabaseError):
            compile_folder(bench.folder, leader, BASE, processes=1, now=NOW)
    finally:
        other.lead.leave()
        leader.lead.leave()


def test_a_first_compile_that_was_killed_goes_on_where_it_was(
    tmp_path: Path, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = a_living_newsroom(tmp_path)
    place = kept(bench.folder)
    read: list[str] = []
    monkeypatch.setattr("feeds.catalogue.first_compile.BATCH", 3)

    class Killed(BaseException):
        pass

    def dying(done: int, total: int) -> None:
        read.append(f"{done} of {total}")
        if done == 7:
            raise Killed

    with pytest.raises(Killed):
        compile_folder(bench.folder, place, BASE, processes=1, now=NOW, progress=dying)
    again: list[str] = []
    compile_folder(
        bench.folder, place, BASE, processes=1, now=NOW, progress=lambda done, total: again.append(f"{done} of {total}")
    )
    assert again[-1] == "5 of 5"  # of eleven, six were committed
    bench.compile(now=NOW)
    assert answers(place, bench.settings) == bench.everything()


def test_what_readers_have_been_shown_moves_to_the_server_and_back(tmp_path: Path, kept: Kept) -> None:
    bench = a_living_newsroom(tmp_path)
    in_files = catalogue_location(bench.folder, BASE, tmp_path / "one")
    compile_folder(bench.folder, in_files, BASE, processes=1, now=NOW - 10 * DAY)
    write(bench.folder, "2021/2021-05-11-late.yaml", yaml(published="2021-05-11", title="It came late"))
    compile_folder(bench.folder, in_files, BASE, processes=1, now=NOW)
    expected = answers(in_files, bench.settings)
    place = kept(bench.folder)
    assert exists(place.memory)
    compile_folder(bench.folder, place, BASE, processes=1, now=NOW)
    assert answers(place, bench.settings) == expected
    save_copy(place.memory, tmp_path / "copy.sqlite")
    with closing(connect(tmp_path / "copy.sqlite", "ro")) as copy, closing(open_memory(in_files.memory)) as file:
        for table in ("seen", "places", "leavings"):
            question = f"SELECT * FROM {table} ORDER BY 1, 2, 3, 4"  # noqa: S608 - our own names
            assert copy.execute(question).fetchall() == file.execute(question).fetchall()


def test_a_file_for_readers_is_there_on_a_machine_that_has_never_seen_the_folder(tmp_path: Path, kept: Kept) -> None:
    pixel = (DATA.parent / "feeds/publish/assets/icon.png").read_bytes() * 1
    folder = a_newsroom(tmp_path, {"2021/2021-06-01-dam.yaml": yaml(image={"src": "dam.png", "alt": "A dam"})})
    (folder / "releases/2021/dam.png").write_bytes(pixel)
    place = kept(folder)
    compile_folder(folder, place, BASE, processes=1, now=NOW)
    replica = kept(None, "two")
    with open_catalogue(replica).reading() as snapshot:
        files = snapshot.media.visible(NOW)
    assert files
    for digest, _ in files:
        assert not replica.media.has(digest)
        assert replica.fetch(digest)
        assert replica.media.path(digest).read_bytes() == place.media.path(digest).read_bytes()
    assert not replica.fetch("0" * 32)
    # A machine that takes the lead finds them on the server, and reads nothing again.
    assert not compile_folder(folder, kept(folder, "one"), BASE, processes=1, now=NOW).changed
    (folder / "releases/2021/2021-06-01-dam.yaml").unlink()
    compile_folder(folder, place, BASE, processes=1, now=NOW)
    assert not replica.fetch(files[0][0])


def test_a_backup_of_what_readers_have_been_shown_is_restored_into_another_database(
    tmp_path: Path, kept: Kept, postgresql: Cluster
) -> None:
    bench = a_living_newsroom(tmp_path)
    place = kept(bench.folder)
    compile_folder(bench.folder, place, BASE, processes=1, now=NOW - 10 * DAY)
    write(bench.folder, "2021/2021-05-11-late.yaml", yaml(published="2021-05-11", title="It came late"))
    compile_folder(bench.folder, place, BASE, processes=1, now=NOW)
    url, dump = postgresql.database(), str(postgresql.folder / "memory.sql")
    postgresql.run("pg_dump", "--schema=feeds_*_memory", "--file", dump, place.server.url)
    postgresql.run("psql", "--quiet", "--set=ON_ERROR_STOP=1", "--file", dump, url)
    restored = catalogue_location(bench.folder, BASE, tmp_path / "restored", database=url)
    compile_folder(bench.folder, restored, BASE, processes=1, now=NOW)
    assert answers(restored, bench.settings) == answers(place, bench.settings)


MADE_UP = [
    *(f"/feeds/{feed}.{form}" for form in ("atom", "html", "opml") for feed in (
        "all/not/country/cn", "country/cn/not/topic/wages", "all/not/country/cn+mn/topic/wages/all-languages",
        "country/mn/not/topic/wages/corrections")),
    *("/feeds/all/not/country/mn/archive/1.atom", "/embed/frame/5/all/not/country/cn.html"),
    *(f"/feeds/{feed}.json?count={count}" for feed in ("all", "all/not/country/cn") for count in (1, 7, 100)),
    "/feeds/all/not/country/cn.atom?q=number&count=9",
    "/feeds/?country=mn&not=topic/wages&count=8",
]  # fmt: skip


def test_what_readers_make_up_has_the_same_bytes_on_both_engines(tmp_path: Path, kept: Kept) -> None:
    bench = a_living_newsroom(tmp_path)
    place = kept(bench.folder)
    compile_both(bench, place)
    with open_catalogue(place).reading() as on_server, bench.catalogue.reading() as in_files:
        for address in MADE_UP:
            path, _, query = address.partition("?")
            one, other = (Router(bench.settings).answer(each, path, query, NOW) for each in (on_server, in_files))
            assert isinstance(one, Document), address
            assert one == other, address


def test_both_engines_find_the_same_quotes(tmp_path: Path, kept: Kept) -> None:
    withdrawn = {"date": YESTERDAY, "reason": "It does not."}
    files = {
        "2021/2021-06-01-dam.yaml": yaml(body="The dam was opened by the *Mayor* on Monday. 新的大坝已经向公众开放。"),
        "2021/2021-06-02-wall.yaml": yaml(body="The wall keeps all the water out.", withdrawn=withdrawn),
        "2021/2021-06-30-later.yaml": yaml(published=NOW + DAY, body="The bridge shall be built in the spring."),
    }
    bench = Bench(a_newsroom(tmp_path, files))
    place = kept(bench.folder)
    compile_both(bench, place)
    passages = (
        *("the dam was opened by the Mayor", "The dam was closed by the Mayor on Monday", "大坝已经向公众开放"),
        *("The wall keeps all the water", "The bridge shall be built in the spring", "It's said: \\ ' & | by nobody"),
    )
    found = []
    for catalogue in (bench.catalogue, open_catalogue(place)):
        with catalogue.reading() as snapshot:
            context = Context.of(snapshot, NOW, bench.settings)
            answered = [verified(context, each) for each in passages]
        found.append(
            [
                [(each.visible.release.path, each.likeness) for each in answer.matches]
                for answer in answered
                if isinstance(answer, PassageCheck)
            ]
        )
    assert found[0] == found[1]
    assert [[path for path, _ in each] for each in found[0]] == [
        *(["2021/dam"], ["2021/dam"], ["2021/dam"]),
        *(["2021/wall"], [], []),
    ]


def test_the_last_message_of_a_mailing_list_is_remembered_there_too(tmp_path: Path, kept: Kept) -> None:
    place = kept(a_newsroom(tmp_path, {}))
    assert last_mailing(place.memory, "/feeds/all.atom") is None
    for mailing in (LastMailing(YESTERDAY, {}), LastMailing(NOW, {-5: YESTERDAY, 7: NOW})):
        remember_mailing(place.memory, "/feeds/all.atom", mailing)
        assert last_mailing(place.memory, "/feeds/all.atom") == mailing
    assert last_mailing(place.memory, "/mn/feeds/all.atom") is None
