"""A server process that compiles and tells search engines: what the tests kill."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

from feeds.catalogue import CatalogueFile, compile_folder
from feeds.delivery.indexnow import Indexer
from feeds.settings import Settings


def serve(data: Path, catalogue: Path, base_url: str, endpoint: str) -> None:
    """Does what a starting server does, and goes on until it is killed."""
    location = CatalogueFile(catalogue)
    settings = Settings(data=data, base_url=base_url, indexnow_url=endpoint)
    compile_folder(data, location, base_url, processes=1)
    Indexer(location, settings, lambda: datetime.now(UTC), settle=timedelta()).start()
    threading.Event().wait()
