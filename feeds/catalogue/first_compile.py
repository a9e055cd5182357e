"""Fills a new catalogue with all stories of the folder, before it is settled and takes its place.

It commits batch by batch, so that memory and transactions stay small however many stories there are. Nobody reads the
new catalogue yet. If the process is killed, the next compile goes on where it was.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from typing import TypeVar

from feeds.catalogue import compile_processes, compression, story_writer
from feeds.catalogue.catalogue_location import CatalogueLocation
from feeds.catalogue.compile_plan import StoryPlan
from feeds.catalogue.compile_processes import WORTH_SHARING, Progress
from feeds.catalogue.compression import Packing
from feeds.catalogue.errors import CatalogueError
from feeds.catalogue.last_compile import known_files
from feeds.catalogue.release_rows import StoryReader, StorySource, Task
from feeds.catalogue.tables import meta, set_meta
from feeds.content import Signatures
from feeds.database import Database, transaction

BATCH = 500
"""Stories that are committed together."""

_SAMPLE = 48
"""Stories from which the dictionary is learned."""

Each = TypeVar("Each")


def new_catalogue(location: CatalogueLocation, basis: str, files: Signatures) -> Database:
    """The new catalogue that a compile has begun on the same basis and could not finish; else an empty one.

    ``basis`` says what all of its stories depend on besides their own files. ``files`` are those that are there now.
    """
    begun = location.begun()
    if begun is not None:
        with suppress(CatalogueError, sqlite3.Error):
            if meta(begun, "basis") == basis and files.keys() >= known_files(begun).keys():
                return begun
        begun.close()
    database = location.begin()
    set_meta(database, basis=basis)
    return database


def fill(
    database: Database,
    stories: Sequence[StoryPlan],
    task: Callable[[StoryPlan], Task],
    source: StorySource,
    cores: int,
    progress: Progress,
) -> None:
    """Reads stories that the catalogue does not have yet, and writes them."""
    files = {each.story: each.files for each in stories}
    done = 0
    with compile_processes.readers(len(stories), cores) as helpers:
        is_empty = database.execute("SELECT 1 FROM files").fetchone() is None
        if is_empty and len(stories) >= WORTH_SHARING:
            compression.set_dictionary(database, _learned(stories, task, source))
        source = replace(source, dictionary=compression.dictionary(database))
        for batch in _batches(compile_processes.made(map(task, stories), source, helpers), BATCH):
            with transaction(database):
                story_writer.add_stories(database, [(rows, files[rows.story]) for rows in batch])
                for _ in batch:
                    done += 1
                    progress(done, len(stories))


def _learned(stories: Sequence[StoryPlan], task: Callable[[StoryPlan], Task], source: StorySource) -> bytes:
    """A dictionary of what the stories have in common, learned from a sample that covers all times."""
    reader, unpack = StoryReader(source), Packing().unpack
    samples: list[bytes] = []
    for rows in reader.all_rows(map(task, stories[:: len(stories) // _SAMPLE])):
        for release in rows.releases:
            packed = [release.model]
            for edition in release.editions:
                packed += (edition.entry, *(content for _, content in edition.rendered))
            samples += map(unpack, packed)
    return compression.dictionary_of(samples)


def _batches(each: Iterable[Each], size: int) -> Iterator[list[Each]]:
    left = iter(each)
    while batch := list(islice(left, size)):
        yield batch
