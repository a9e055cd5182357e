"""Measures how long a feed of 50 entries takes: spliced from rendered entries, and rendered by feedgen.

    python -m benchmarks.feed_documents

Method: 60 generated releases of about 3 kB are compiled. In alternating rounds the live Atom feed (and the RSS one) of
exactly 50 of them is made (a) by feedgen, head and every entry, from values that are ready; (b) by splicing the kept
entries into the kept head; (c) by the whole of `publish`, from the path through the catalogue to the document. Equal
bytes are asserted. Medians of the rounds. Exits with 1 if (a)/(b) is below 50; (c) is for information.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks.newsrooms import machine, newsroom
from feeds.addresses import FeedAddress
from feeds.catalogue import Catalogue, CatalogueFile, compile_folder
from feeds.model.formats import ATOM, RSS
from feeds.model.selection import Selection
from feeds.publish import Router
from feeds.publish.context import Context
from feeds.publish.document import Document
from feeds.publish.feed import feed_head
from feeds.render import RENDERERS
from feeds.settings import Settings
from tests.render.unspliced import unspliced

TARGET = 50
ROUNDS = 21
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def seconds(work: Callable[[], object], times: int) -> float:
    """How long one piece of work takes."""
    begun = perf_counter()
    for _ in range(times):
        work()
    return (perf_counter() - begun) / times


def main() -> int:
    """Print the figures; 1 if the target is missed."""
    missed = 0
    print(machine())
    with tempfile.TemporaryDirectory() as scratch:
        folder = newsroom(Path(scratch) / "data", 50)
        location = CatalogueFile(Path(scratch) / "catalogue.sqlite")
        settings = Settings(data=folder, entries=50)
        compile_folder(folder, location, settings.base_url)
        with Catalogue(location.path).reading() as snapshot:
            context = Context.of(snapshot, NOW, settings)
            for form in (ATOM, RSS):
                address = FeedAddress(Selection("en"), form)
                page = context.page(address)
                assert page is not None
                assert len(page.editions) == 50
                head, renderer = feed_head(context, address, page), RENDERERS[form]
                values = [each.entry for each in snapshot.releases.of(page.editions)]
                kept = snapshot.pages.entries(page.editions, form)

                def published(path: str = f"/feeds/all.{form.suffix}") -> bytes:
                    answer = Router(settings).answer(snapshot, path, "", NOW)
                    assert isinstance(answer, Document)
                    return answer.body

                assert unspliced(form, head, values) == renderer.feed(head, kept) == published()
                rounds = [
                    (
                        seconds(lambda: unspliced(form, head, values), 3),  # noqa: B023 - called at once
                        seconds(lambda: renderer.feed(head, kept), 100),  # noqa: B023
                        seconds(published, 10),
                    )
                    for _ in range(ROUNDS)
                ]
                feedgen, spliced, through = (median(column) for column in zip(*rounds, strict=True))
                ratio = median(each[0] / each[1] for each in rounds)
                missed |= ratio < TARGET
                print(
                    f"{form.name}: feedgen {feedgen * 1e3:.2f} ms, spliced {spliced * 1e6:.0f} µs: {ratio:.0f} times"
                    f" (at least {TARGET}); path to document {through * 1e6:.0f} µs: {feedgen / through:.0f} times"
                )
    return missed


if __name__ == "__main__":
    sys.exit(main())
