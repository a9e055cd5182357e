"""Catalogues of several versions of the program on a PostgreSQL server: which are kept, and which are dropped."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from feeds.catalogue import (
    catalogue_location,
    compile_folder,
    open_catalogue,
    postgresql_catalogue,
    postgresql_versions,
)
from feeds.catalogue.postgresql_catalogue import CatalogueServer
from feeds.catalogue.tables import SCHEMA
from tests.makers import BASE, NOW, a_newsroom, write, yaml
from tests.postgresql import Cluster
from tests.tools import wait_until

if TYPE_CHECKING:
    from feeds.database.postgresql import PostgresqlDatabase

pytestmark = pytest.mark.slow

FORMER = SCHEMA - 1


class Upgrade:
    """A newsroom of which the former version and this one have made a catalogue on one server."""

    def __init__(self, folder: Path, location: CatalogueServer, database: PostgresqlDatabase) -> None:
        self.folder = folder
        self.location = location
        self.database = database
        self._changes = 0

    def compile(self) -> None:
        """A change, which the server that leads compiles."""
        self._changes += 1
        write(self.folder, "2021/2021-06-01-dam.yaml", yaml(published="2021-06-01", title=f"Change {self._changes}"))
        compile_folder(self.folder, self.location, BASE, processes=1, now=NOW)

    @property
    def versions(self) -> set[int]:
        """Those that have a catalogue."""
        rows = self.database.execute("SELECT version, number FROM catalogues").fetchall()
        there = {name for (name,) in self.database.execute("SELECT nspname FROM pg_namespace")}
        assert {f"{self.location.server.name}_catalogue_{number}" for _, number in rows} == {
            name for name in there if "_catalogue_" in name
        }
        return {version for version, _ in rows}

    def used_before(self, time: str) -> None:
        """Moves the last use of the former version back."""
        self.database.execute(
            "UPDATE versions SET used = now() - CAST(? AS INTERVAL) WHERE version = ?", (time, FORMER)
        )


@pytest.fixture
def upgrade(postgresql: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Upgrade]:
    folder = a_newsroom(tmp_path)
    location = catalogue_location(folder, BASE, tmp_path / "state", database=postgresql.database())
    assert isinstance(location, CatalogueServer)
    with closing(location.server.connect()) as database:
        database.use(location.server.name)
        made = Upgrade(folder, location, database)
        with monkeypatch.context() as former:
            for module in (postgresql_catalogue, postgresql_versions):
                former.setattr(module, "SCHEMA", FORMER)
            made.compile()
        made.compile()
        assert made.versions == {FORMER, SCHEMA}
        yield made


def test_a_version_that_is_in_use_keeps_its_catalogue(upgrade: Upgrade, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgresql_versions, "SILENCE", "1 second")
    upgrade.used_before("-1 hour")  # by now the last second would be over
    upgrade.compile()
    assert upgrade.versions == {FORMER, SCHEMA}


def test_a_version_that_nobody_has_used_for_long_is_dropped(upgrade: Upgrade, monkeypatch: pytest.MonkeyPatch) -> None:
    upgrade.used_before("2 days")
    upgrade.compile()
    assert upgrade.versions == {FORMER, SCHEMA}  # the database has not run for a day: nobody could use it
    with monkeypatch.context() as later:
        later.setattr(postgresql_versions, "SILENCE", "1 second")
        upgrade.compile()
    assert upgrade.versions == {SCHEMA}
    with monkeypatch.context() as former:  # whoever goes back begins anew
        for module in (postgresql_catalogue, postgresql_versions):
            former.setattr(module, "SCHEMA", FORMER)
        upgrade.compile()
    upgrade.compile()
    assert upgrade.versions == {FORMER, SCHEMA}


def test_a_version_of_which_no_use_was_ever_noted_keeps_its_catalogue(
    upgrade: Upgrade, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql_versions, "SILENCE", "1 second")
    upgrade.database.execute("DELETE FROM versions WHERE version = ?", (FORMER,))
    upgrade.compile()
    upgrade.database.execute("DROP TABLE versions")  # as before there was such a table
    upgrade.compile()
    assert upgrade.versions == {FORMER, SCHEMA}


def test_what_is_being_read_is_dropped_another_time(upgrade: Upgrade, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgresql_versions, "SILENCE", "1 second")
    upgrade.used_before("1 hour")
    asked = "SELECT number FROM catalogues WHERE version = ?"
    ((number,),) = upgrade.database.execute(asked, (FORMER,)).fetchall()
    with closing(upgrade.location.server.connect()) as reader:
        reader.use(f"{upgrade.location.server.name}_catalogue_{number}")
        reader.begin_to_read()
        reader.execute("SELECT count(*) FROM releases")
        upgrade.compile()
        assert upgrade.versions == {FORMER, SCHEMA}
        reader.end_reading()
    upgrade.compile()
    assert upgrade.versions == {SCHEMA}


def test_whoever_reads_notes_it_and_not_again_at_once(upgrade: Upgrade) -> None:
    def used() -> list[float]:
        question = "SELECT EXTRACT(EPOCH FROM used) FROM versions WHERE version = ?"
        return [moment for (moment,) in upgrade.database.execute(question, (SCHEMA,))]

    upgrade.database.execute("DELETE FROM versions")
    catalogue = open_catalogue(upgrade.location)
    catalogue.version()
    wait_until(lambda: bool(used()), "the use is noted")
    (first,) = used()
    postgresql_versions.note_use(upgrade.database, upgrade.location.server)
    assert used() == [first]
    upgrade.database.execute("UPDATE versions SET used = used - INTERVAL '1 hour'")
    postgresql_versions.note_use(upgrade.database, upgrade.location.server)
    assert used()[0] >= first


def test_files_for_readers_stay_while_another_version_may_name_them(
    upgrade: Upgrade, monkeypatch: pytest.MonkeyPatch
) -> None:
    upgrade.database.execute("INSERT INTO stored VALUES (?, 0, ?)", ("0" * 32, b"of the former version"))
    upgrade.compile()
    assert "0" * 32 in upgrade.location.stored()
    monkeypatch.setattr(postgresql_versions, "SILENCE", "1 second")
    upgrade.used_before("1 hour")
    upgrade.compile()
    assert not upgrade.location.stored()
