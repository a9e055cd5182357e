"""How long a keyword feed and the page for searches take in a newsroom of 10,000 releases.

    python -m benchmarks.search [RELEASES]

Method: generated releases of about 3 kB are compiled, and each question is asked through `publish`, from path and query
to the finished document, nothing kept in between: a word that every release has (the newest 30 are taken), ten such
words, a word in a single release, a word in none, and a common word within a country. Each is asked for as an Atom feed
and as the page for searches, with its marks, its counts and what it suggests. Medians of the rounds. Exits with 1 if a
feed takes longer than 50 ms, or the page longer than 20 ms in the median of the questions.
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
PAGE = 0.02
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


def asked(catalogue: Catalogue, settings: Settings, path: str, query: str) -> tuple[float, int]:
    """The median of the seconds that an answer takes, and its number of entries."""
    times, entries = [], 0
    for _ in range(ROUNDS):
        begun = perf_counter()
        with catalogue.reading() as snapshot:
            found = Router(settings).answer(snapshot, path, query, NOW)
        times.append(perf_counter() - begun)
        assert isinstance(found, Document), found
        entries = found.body.count(b"<entry")
    return median(times), entries


def main(releases: int) -> int:
    """Print the figures; 1 if the target is missed."""
    print(f"{releases} releases, {machine()}")
    slowest = 0.0
    with tempfile.TemporaryDirectory() as scratch:
        folder = newsroom(Path(scratch) / "data", releases)
        place = CatalogueFile(Path(scratch) / "catalogue.sqlite")
        settings = Settings(data=folder)
        compile_folder(folder, place, settings.base_url)
        catalogue, pages = Catalogue(place.path), []
        for name, (selection, words) in QUESTIONS.items():
            query = "q=" + words.replace(" ", "+")
            feed, entries = asked(catalogue, settings, f"/feeds/{selection}.atom", query)
            page, _ = asked(catalogue, settings, "/search", query + ("&country=mn" if selection != "all" else ""))
            slowest = max(slowest, feed)
            pages.append(page)
            print(f"{name}: page in {page * 1000:.1f} ms; {entries} entries in {feed * 1000:.1f} ms")
    print(f"page for searches, median of the questions: {median(pages) * 1000:.1f} ms (at most {PAGE * 1000:.0f})")
    return int(slowest > TARGET or median(pages) > PAGE)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))
