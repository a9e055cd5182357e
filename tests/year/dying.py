"""A server that is there to be killed: the real application with its watcher, in a process of its own."""

from __future__ import annotations

import threading
from datetime import datetime
from pathlib import Path

from feeds.settings import Settings
from feeds.web import create_app


def serve(folder: Path, catalogue: Path, base_url: str, now: datetime) -> None:
    """Compiles what has changed, and goes on doing so; never returns."""
    create_app(Settings(data=folder, state=catalogue, base_url=base_url, watch="events"), clock=lambda: now)
    threading.Event().wait()
