"""How long keyword feeds, the page for searches and the page that verifies a passage take, in newsrooms of two sizes.

    python -m benchmarks.search [RELEASES RELEASES]

Method: two newsrooms of generated releases of about 3 kB are compiled. Each question is asked of both in turn through
`publish`, from path and query to the finished document, nothing kept in between: a word that every release has (the
newest 30 are taken), ten such words, a word in a single release, a word in none, and a common word within a country.
Each is asked for as an Atom feed and as the page for searches, with its marks, its counts and what it suggests. The
passages are a paragraph of a release, words that no release has, and the worst that is known: thirty common words with
nothing between them that would belong together. All words of these releases are common ones, which is hard on phrases.
Medians of the rounds, in processor time. Exits with 1 if a feed of the larger newsroom takes longer than 50 ms, or if
the page for searches takes longer than 20 ms or more than twice as long as in the smaller one, in the median of the
questions.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import process_time

from benchmarks.newsrooms import machine, newsroom
from feeds.addresses import Verification
from feeds.catalogue import Catalogue, CatalogueFile, Snapshot, compile_folder
from feeds.model.selection import Selection
from feeds.publish import Router
from feeds.publish.context import Context
from feeds.publish.document import Document
from feeds.publish.pages.verify import answer_page
from feeds.settings import Settings

FEED, PAGE = 0.05, 0.02
"""Seconds that one may take."""
TIMES = 2.0
"""By how much longer the page for searches may take in the larger newsroom."""
ROUNDS = 15
NOW = datetime(2026, 1, 1, tzinfo=UTC)
COMMON = "conference partners government workers employers safety work small river mine"
QUESTIONS = {
    "in every release": ("all", "conference"),
    "ten words in every release": ("all", COMMON),
    "in one release": ("all", "711"),
    "in none": ("all", "none-such"),
    "in every release of a country": ("country/mn", "conference"),
}
NOWHERE = "Nobody here has ever said a word about whales that sing in winter."
APART = " … ".join(3 * COMMON.split())


@dataclass(frozen=True)
class Newsroom:
    """A compiled newsroom."""

    catalogue: Catalogue
    settings: Settings

    def asked(self, path: str, query: str) -> tuple[float, int]:
        """The seconds that the document at a path takes, and its number of entries."""
        return self._timed(lambda snapshot: Router(self.settings).answer(snapshot, path, query, NOW))

    def verified(self, passage: str) -> float:
        """The seconds that the answer for a passage takes."""
        return self._timed(
            lambda snapshot: answer_page(Context.of(snapshot, NOW, self.settings), Verification("en"), passage)
        )[0]

    def _timed(self, answer: Callable[[Snapshot], object]) -> tuple[float, int]:
        begun = process_time()
        with self.catalogue.reading() as snapshot:
            found = answer(snapshot)
        taken = process_time() - begun
        assert isinstance(found, Document), found
        return taken, found.body.count(b"<entry")

    @property
    def paragraph(self) -> str:
        """A paragraph of its newest release."""
        with self.catalogue.reading() as snapshot:
            page = snapshot.pages.of(Selection("en"), NOW, 0, 30)
            assert page is not None
            return (snapshot.releases.of(page.editions[:1])[0].release.body or "").split("\n\n")[1]


def compiled(folder: Path, releases: int) -> Newsroom:
    """A newsroom of so many releases."""
    data, place = newsroom(folder / "data", releases), CatalogueFile(folder / "catalogue.sqlite")
    settings = Settings(data=data)
    compile_folder(data, place, settings.base_url)
    return Newsroom(Catalogue(place.path), settings)


def medians(rounds: Sequence[Sequence[float]]) -> tuple[float, float]:
    """The median of each newsroom in milliseconds."""
    small, large = (median(column) * 1000 for column in zip(*rounds, strict=True))
    return small, large


def measured(newsrooms: Sequence[Newsroom]) -> bool:
    """Prints the figures of a small and a large newsroom. Returns whether a target is missed."""
    pages, slowest = [], 0.0
    for name, (selection, words) in QUESTIONS.items():
        query = "q=" + words.replace(" ", "+")
        path, more = f"/feeds/{selection}.atom", "&country=mn" if selection != "all" else ""
        feeds = [[each.asked(path, query) for each in newsrooms] for _ in range(ROUNDS)]
        feed = medians([[seconds for seconds, _ in each] for each in feeds])
        pages.append(medians([[each.asked("/search", query + more)[0] for each in newsrooms] for _ in range(ROUNDS)]))
        slowest = max(slowest, feed[1])
        entries = feeds[0][1][1]
        print(f"{name}: page in {_told(pages[-1])}; {entries} entries in {_told(feed)}")
    page = median(small for small, _ in pages), median(large for _, large in pages)
    print(f"page for searches, median of the questions: {_told(page)} (at most {PAGE * 1000:.0f})")
    print(f"which is {page[1] / page[0]:.1f} times as long (at most {TIMES:.1f})")
    for name, passages in {
        "a paragraph of a release": [each.paragraph for each in newsrooms],
        "a passage of no release": [NOWHERE] * 2,
        "thirty common words apart": [APART] * 2,
    }.items():
        rounds = [
            [each.verified(passage) for each, passage in zip(newsrooms, passages, strict=True)] for _ in range(ROUNDS)
        ]
        print(f"{name}: verified in {_told(medians(rounds))}")
    return slowest > FEED * 1000 or page[1] > PAGE * 1000 or page[1] > TIMES * page[0]


def _told(times: tuple[float, float]) -> str:
    return ", ".join(f"{each:.1f} ms" for each in times)


def main(small: int, large: int) -> int:
    """Print the figures; 1 if a target is missed."""
    print(f"{small} and {large} releases, {machine()}")
    with tempfile.TemporaryDirectory() as scratch:
        newsrooms = [compiled(Path(scratch) / name, size) for name, size in (("small", small), ("large", large))]
        return int(measured(newsrooms))


if __name__ == "__main__":
    sizes = [int(each) for each in sys.argv[1:3]]
    sys.exit(main(*(sizes if len(sizes) == 2 else (1_000, 10_000))))
