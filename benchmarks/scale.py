"""What grows with a newsroom that is ten times as large: answers that are not kept, changes, restarts, memory.

    python -m benchmarks.scale [SMALL] [LARGE]

Method: newsrooms of 1,000 and of 10,000 generated releases are served by the real program with two workers, from an
empty place until the first answer, and again. The first compile is the difference of both. Memory is the most that
was seen five times a second, pages that processes share counted once. Then both run side by side, and the newest
release of each gets another title in turn: the time from its file in its place until a feed shows it. A restart is
that of `restart`.

Then the same questions are asked of both catalogues in turn, from the path to the finished document: forty selections
(everything, one term, several, terms of up to four facets, corrections), the front page, the page of all feeds, OPML,
a page of the archive, the index of the sitemap, the news sitemap, the sitemap of a year. Each is asked nine times,
with nothing kept but the connection; the figure is the median, that of the selections the median of their medians.
What counts is the ratio between the two newsrooms, and for a change, a restart and memory what the large one takes as
well. Exits with 1 if a target is missed. The sitemap of a year names every release of it, and only informs. How long
an answer takes that is kept ready, `hot` says: no size comes into it.
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
from benchmarks.restart import start
from benchmarks.served import FEED as SHOWN
from benchmarks.served import Server, Site
from feeds.catalogue import Catalogue
from feeds.publish import Router
from feeds.publish.document import Document
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


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of both newsrooms, by how much the larger one may have more, and how much it may have at all."""

    name: str
    small: float
    large: float
    unit: str
    most: float | None = None
    limit: float | None = None

    @property
    def is_missed(self) -> bool:
        """Whether a target is missed."""
        grown = self.most is not None and self.large > self.most * self.small
        return grown or (self.limit is not None and self.large > self.limit)

    def __str__(self) -> str:
        most = f" (at most {self.most:.1f})" if self.most else ""
        limit = f" (at most {self.limit:,.0f} {self.unit})" if self.limit else ""
        digits = 2 if self.unit == "s" else 1
        figures = f"{self.small:.{digits}f} {self.unit}, {self.large:.{digits}f} {self.unit}{limit}"
        as_ = "as much" if self.unit == "MB" else "as long"
        return f"{self.name}: {self.large / self.small:.1f} times {as_}{most}: {figures}"


def served(sites: tuple[Site, Site], sizes: tuple[int, int]) -> list[Figure]:
    """What both take as they are served: the first compile, changes, memory, and what lies on the disk."""
    with sites[0].served() as one:
        pass
    with sites[1].served() as other:
        pass
    with sites[0].served() as one_again, sites[1].served() as other_again:
        again = (one_again, other_again)
        for server in again:
            for path, _ in PAGES.values():
                server.get(path)
        changes = [[_change(*each, turn) for each in zip(sites, again, strict=True)] for turn in range(ROUNDS)]
    compiled = [
        max(first.ready - second.ready, 0.001) / size * 1000
        for first, second, size in zip((one, other), again, sizes, strict=True)
    ]
    restarts = [[start(each.environ).ready for each in sites] for _ in range(min(ROUNDS, 3))]
    return [
        Figure("first compile, a release", compiled[0], compiled[1], "ms", 1.3),
        Figure("all processes during the first compile", one.weight.all, other.weight.all, "MB", None, 400),
        Figure("a worker with changes", one_again.weight.worker, other_again.weight.worker, "MB", None, 120),
        Figure("one change until it is seen", *_medians(changes), "s", 1.5, 1),
        Figure("restart", *_medians(restarts), "s", None, 1),
        Figure("catalogue on the disk", sites[0].megabytes, sites[1].megabytes, "MB", None, sizes[1] / 100),
    ]


def _change(site: Site, server: Server, turn: int) -> float:
    """How long it takes until readers see another title of the newest release."""
    title = f"Another title, number {turn}"
    saved = site.retitle(title)
    return server.until(SHOWN, title.encode()) - saved


def asked(site: Site) -> Newsroom:
    """The catalogue of a newsroom that was served."""
    (path,) = site.state.glob("catalogue*.sqlite")
    return Newsroom(Catalogue(path), Settings(data=site.data, base_url=site.base_url))


def medians(newsrooms: tuple[Newsroom, Newsroom], path: str) -> tuple[float, float]:
    """The median time of a path in each newsroom, asked in turn."""
    return _medians([[each.seconds(path) for each in newsrooms] for _ in range(ROUNDS)])


def _medians(rounds: list[list[float]]) -> tuple[float, float]:
    small, large = (median(column) for column in zip(*rounds, strict=True))
    return small, large


def main(small: int, large: int) -> int:
    """Print the figures; 1 if a target is missed."""
    print(machine())
    with tempfile.TemporaryDirectory() as scratch:
        places = (Path(scratch) / "small", Path(scratch) / "large")
        one, other = (
            Site(newsroom(place / "data", size), place / "state")
            for place, size in zip(places, (small, large), strict=True)
        )
        figures = served((one, other), (small, large))
        newsrooms = (asked(one), asked(other))
        feeds = [medians(newsrooms, f"/feeds/{each}.atom") for each in selections()]
        of_feeds = [median(column) * 1000 for column in zip(*feeds, strict=True)]
        figures.append(Figure(f"feed, median of {SELECTIONS} selections", of_feeds[0], of_feeds[1], "ms", FEED))
        for name, (path, most) in PAGES.items():
            times = medians(newsrooms, path)
            figures.append(Figure(name, times[0] * 1000, times[1] * 1000, "ms", most))
    for figure in figures:
        print(figure)
    slowest = (max(one for one, _ in feeds), max(other for _, other in feeds))
    print(f"slowest feed: {slowest[0] * 1000:.1f} ms, {slowest[1] * 1000:.1f} ms")
    return int(any(figure.is_missed for figure in figures))


if __name__ == "__main__":
    sizes = [int(each) for each in sys.argv[1:3]]
    sys.exit(main(*(sizes if len(sizes) == 2 else (1_000, 10_000))))
