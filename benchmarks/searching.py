"""How long a keyword feed takes in a newsroom of 10,000 releases.

    python -m benchmarks.searching [RELEASES]

Method: generated releases of about 3 kB are compiled, and each question is asked through `publish`, from path and query
to the finished Atom document, nothing kept in between: a word that every release has (the newest 30 are taken), ten
such words, a word in a single release, a word in none, and a common word within a country. Medians of the rounds.
Exits with 1 if any takes longer than 50 ms.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks.newsrooms import machine, newsroom
from feeds.catalogue import Catalogue, CatalogueFile, compile_folder
from feeds.document import Document
from feeds.publish import Router
from feeds.settings import Settings

TARGET = 0.05
ROUNDS = 15
NOW = datetime(2026, 1, 1, tzinfo=UTC)
QUESTIONS = {
    "in every release": ("all", "conference"),
    "ten words in every release": (
        "all",
        "conference partners government workers employers safety work small river mine",
    ),
    "in one release": ("all", "4711"),
    "in none": ("all", "none-such"),
    "in every release of a country": ("country/mn", "conference"),
}


def main(releases: int) -> int:
    """Print the figures; 1 if the target is missed."""
    print(f"{releases} releases, {machine()}")
    slowest = 0.0
    with tempfile.TemporaryDirectory() as scratch:
        folder = newsroom(Path(scratch) / "data", releases)
        place = CatalogueFile(Path(scratch) / "catalogue.sqlite")
        settings = Settings(data=folder)
        compile_folder(folder, place, settings.base_url)
        with Catalogue(place.path).reading() as snapshot:
            for name, (selection, words) in QUESTIONS.items():
                path, query = f"/feeds/{selection}.atom", "q=" + words.replace(" ", "+")
                times, entries = [], 0
                for _ in range(ROUNDS):
                    begun = perf_counter()
                    found = Router(settings).answer(snapshot, path, query, NOW)
                    times.append(perf_counter() - begun)
                    assert isinstance(found, Document), found
                    entries = found.body.count(b"<entry")
                slowest = max(slowest, median(times))
                print(f"{name}: {entries} entries in {median(times) * 1000:.1f} ms")
    return int(slowest > TARGET)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))
