"""A feed reader as people use it."""

from __future__ import annotations

import sqlite3
import subprocess
from pathlib import Path

from tests.tools import DEAD


def newsboat_shows(newsboat: str, address: str, folder: Path) -> list[str]:
    """The titles that newsboat, a feed reader, shows after its first visit of a feed.

    ``newsboat`` is the path of the program; ``folder`` is an empty one for its files.
    """
    (folder / "urls").write_text(f"{address}\n")
    (folder / "config").write_text("cleanup-on-quit no\n")
    paths = ["-u", str(folder / "urls"), "-c", str(folder / "cache.db"), "-C", str(folder / "config")]
    environment = {"HOME": str(folder), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TERM": "dumb"}
    subprocess.run([newsboat, *paths, "-x", "reload"], check=True, timeout=DEAD, env=environment)
    with sqlite3.connect(folder / "cache.db") as cache:
        rows = cache.execute("SELECT title, url, content FROM rss_item WHERE deleted = 0").fetchall()
    assert all(url and content for _, url, content in rows)
    return [title for title, _, _ in rows]
