"""The state that version 1.0.0 left behind: a newsroom of five releases, one of them gone, served until `NOW`."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from feeds.catalogue import CatalogueFile, catalogue_file
from tests.makers import BASE, a_newsroom

STATE = Path(__file__).with_name("state-1.0.0.sql")


def old(number: int) -> str:
    """The file of a release, as version 1.0.0 read it."""
    withdrawn = "withdrawn: {date: 2021-06-20, reason: Wrong.}\n" if number == 3 else ""
    return f"title: Number {number}\nsummary: S.\npublished: 2021-06-0{number}\ncountries: [CN]\n{withdrawn}"


def version_1_newsroom(path: Path, state: Path, base: str = BASE) -> CatalogueFile:
    """Writes the newsroom into ``path / "data"``, and what version 1.0.0 knew of it into a state folder."""
    files = {f"2021/2021-06-0{n}-number-{n}.yaml": old(n) for n in (1, 3, 4, 5)}
    folder = a_newsroom(path, files, projects="", topics="", genre="")
    (folder / "newsroom.yaml").write_text(
        (folder / "newsroom.yaml").read_text().replace("[en, zh-Hans, mn]", "[en]"), encoding="utf-8"
    )
    location = catalogue_file(folder, base, state)
    with closing(sqlite3.connect(location.elders[0])) as database:
        database.executescript(STATE.read_text(encoding="utf-8").replace(BASE, base))
        database.executescript("PRAGMA application_id = 1178944836; PRAGMA user_version = 1;")
    return location
