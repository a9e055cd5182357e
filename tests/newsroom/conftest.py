"""The bundled newsroom, compiled once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from feeds.catalogue import Catalogue, CatalogueFile, Snapshot, compile_folder
from feeds.settings import Settings
from tests.tools import DATA

NOW = datetime(2026, 11, 22, tzinfo=UTC)
BASE = "https://news.example.org"
SETTINGS = Settings(data=DATA, base_url=BASE)


@pytest.fixture(scope="session")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    location = CatalogueFile(tmp_path_factory.mktemp("newsroom") / "catalogue.sqlite")
    compile_folder(DATA, location, BASE)
    with Catalogue(location.path).reading() as reading:
        yield reading
