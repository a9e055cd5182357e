"""A process that compiles and purges, until a test kills it."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

from feeds.catalogue import CatalogueFile, compile_folder
from feeds.delivery.caches import Purger
from feeds.settings import Settings

from .stand_in import SECRET


def serve(data: Path, catalogue: Path, url: str) -> None:
    """Does what a starting server does, and goes on until it is killed."""
    location = CatalogueFile(catalogue)
    settings = Settings(
        data=data, cache_keys="Surrogate-Key", purger="http", purge_url=(url,), purge_token=SECRET
    )  # fmt: skip
    compile_folder(data, location, settings.base_url, processes=1, now=datetime.now(UTC))
    Purger(location, settings, lambda: datetime.now(UTC), settle=timedelta(), again=timedelta(days=1)).start()
    threading.Event().wait()
