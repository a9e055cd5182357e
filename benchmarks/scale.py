"""What an answer costs that is not kept ready, in a newsroom ten times as large.

    python -m benchmarks.scale [SMALL] [LARGE]

Method: newsrooms of 1,000 and of 10,000 generated releases are compiled once. Then the same questions are asked of both
in turn, from the path through the catalogue to the finished document: forty selections (everything, one term, several,
terms of up to four facets, corrections), the front page, the page of all feeds, OPML, a page of the archive, the index
of the sitemap, the news sitemap, the sitemap of a year. Each is asked nine times, with nothing kept but the connection;
the figure is the median, that of the selections the median of their medians. What counts is the ratio between the two
newsrooms. Exits with 1 if a feed or a page of the archive costs more than twice as much in the large one, or the front
page, the page of all feeds, OPML or the index or the news of the sitemap more than three times. The sitemap of a year
names every release of it, and only informs.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter

from benchmarks.newsrooms import COUNTRIES, GENRES, PROJECTS, TOPICS, machine, newsroom
from feeds.catalogue import Catalogue, CatalogueFile, compile_folder
from feeds.document import Document
from feeds.publish import Router
from feeds.settings import Settings

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ROUNDS = 9
SELECTIONS = 40
PAGES = {
    "front page": ("/", 3.0),
    "page of all feeds": ("/feeds/", 3.0),
    "OPML": ("/feeds.opml", 3.0),
    "page of the archive": ("/feeds/all/archive/1.atom", 2.0),
    "index of the sitemap": ("/sitemap.xml", 3.0),
    "news sitemap": ("/sitemap-news.xml", 3.0),
    "sitemap of a year": ("/sitemap-2021.xml", None),
}
"""Paths, and by how much they may cost more in the large newsroom."""
FEED = 2.0


def selections() -> list[str]:
    """Forty selections of all kinds, the same in every run."""
    dice = Random(7)  # noqa: S311 - terms, not secrets

    def some(facet: str, slugs: tuple[str, ...], count: int) -> str:
        return f"{facet}/{'+'.join(sorted(slug.lower() for slug in dice.sample(slugs, count)))}"

    def kinds() -> Iterator[str]:
        while True:
            yield "all"
            yield some("country", COUNTRIES, 1)
            yield some("project", PROJECTS, 1)
            yield some("topic", TOPICS, 1)
            yield some("genre", GENRES, 1)
            yield some("country", COUNTRIES, 2)
            yield f"{some('country', COUNTRIES, 1)}/{some('topic', TOPICS, 1)}"
            yield f"{some('country', COUNTRIES, 2)}/{some('topic', TOPICS, 2)}"
            yield f"{some('country', COUNTRIES, 1)}/{some('project', PROJECTS, 1)}/{some('topic', TOPICS, 1)}"
            yield f"{some('topic', TOPICS, 1)}/{some('genre', GENRES, 1)}"
            yield (
                f"{some('country', COUNTRIES, 3)}/{some('project', PROJECTS, 2)}"
                f"/{some('topic', TOPICS, 2)}/{some('genre', GENRES, 1)}"
            )
            yield "corrections"

    found: list[str] = []
    for each in kinds():
        if len(found) == SELECTIONS:
            break
        found.append(each)
    return found


@dataclass(frozen=True)
class Newsroom:
    """A compiled newsroom."""

    catalogue: Catalogue
    settings: Settings

    def seconds(self, path: str) -> float:
        """How long the document at a path takes, from nothing."""
        begun = perf_counter()
        with self.catalogue.reading() as snapshot:
            found = Router(self.settings).answer(snapshot, path, "", NOW)
        taken = perf_counter() - begun
        assert isinstance(found, Document), f"{path}: {found}"
        return taken


def compiled(folder: Path, releases: int) -> Newsroom:
    """A newsroom of so many releases."""
    data = newsroom(folder / "data", releases)
    settings = Settings(data=data)
    place = CatalogueFile(folder / "catalogue.sqlite")
    begun = perf_counter()
    compile_folder(data, place, settings.base_url)
    print(f"{releases} releases compiled, {(perf_counter() - begun) / releases * 1000:.1f} ms a release")
    return Newsroom(Catalogue(place.path), settings)


def medians(newsrooms: tuple[Newsroom, Newsroom], path: str) -> tuple[float, float]:
    """The median time of a path in each newsroom, asked in turn."""
    times = [[each.seconds(path) for each in newsrooms] for _ in range(ROUNDS)]
    small, large = (median(column) for column in zip(*times, strict=True))
    return small, large


def main(small: int, large: int) -> int:
    """Print the figures; 1 if a target is missed."""
    print(machine())
    missed = False
    with tempfile.TemporaryDirectory() as scratch:
        newsrooms = (compiled(Path(scratch) / "small", small), compiled(Path(scratch) / "large", large))
        feeds = [medians(newsrooms, f"/feeds/{each}.atom") for each in selections()]
        of_feeds = (median(one for one, _ in feeds), median(other for _, other in feeds))
        found: dict[str, tuple[tuple[float, float], float | None]] = {
            f"feed, median of {SELECTIONS} selections": (of_feeds, FEED)
        }
        found |= {name: (medians(newsrooms, path), most) for name, (path, most) in PAGES.items()}
        for name, ((one, other), most) in found.items():
            target = f" (at most {most:.1f})" if most else ""
            print(f"{name}: {other / one:.1f} times as long{target}: {one * 1000:.1f} ms, {other * 1000:.1f} ms")
            missed |= most is not None and other / one > most
        slowest = (max(one for one, _ in feeds), max(other for _, other in feeds))
        print(f"slowest feed: {slowest[0] * 1000:.1f} ms, {slowest[1] * 1000:.1f} ms")
    return int(missed)


if __name__ == "__main__":
    sizes = [int(each) for each in sys.argv[1:3]]
    sys.exit(main(*(sizes if len(sizes) == 2 else (1_000, 10_000))))
