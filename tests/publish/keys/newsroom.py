"""A small newsroom in the hands of a restless editor, and a cache that holds every document of it."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from feeds.addresses import (
    SHAPES,
    Address,
    Directory,
    Embedding,
    FeedAddress,
    Front,
    Headlines,
    Outline,
    ReleaseCard,
)
from feeds.catalogue import sitemap_parts
from feeds.model.formats import FORMATS, HTML
from feeds.model.selection import Selection
from feeds.publish import Router
from feeds.publish.all_addresses import all_addresses
from feeds.publish.context import Context
from feeds.publish.document import Document
from feeds.publish.key_changes import KeyChanges, NewsroomState, changed_keys
from feeds.publish.surrogate_keys import document_keys, file_keys
from feeds.publish.value_cache import ValueCache
from tests.makers import NOW, TERMS, Bench, a_newsroom

PER_PAGE = 2


def selections(language: str) -> Iterator[Selection]:
    """Selections that readers make up: several terms, several facets, corrections, in all languages."""
    asked: list[dict[str, tuple[str, ...]]] = [
        {"country": ("cn", "mn")},
        {"country": ("cn",), "topic": ("wages",)},
        {"country": ("cn", "mn"), "topic": ("wages",), "genre": ("news",)},
        {"topic": TERMS["topic"], "project": TERMS["project"]},
    ]
    for terms in asked:
        yield Selection.of(language, terms)
        yield Selection.of(language, terms, corrections=True)
        yield Selection.of(language, terms, in_all_languages=True)
    yield Selection.of(language, {"country": ["cn"]}, corrections=True, in_all_languages=True)
    yield Selection.of(language, {"topic": ["wages"]}, in_all_languages=True)
    yield Selection.of(language, {"topic": ["wages"]}, corrections=True)
    yield Selection.of(language, without={"topic": ["wages"]})
    yield Selection.of(language, {"country": ["cn"]}, corrections=True, without={"topic": TERMS["topic"]})
    yield Selection.of(language, {"country": ["cn"]}, in_all_languages=True, without={"topic": ["wages"]})


def addresses(context: Context) -> Iterator[Address]:
    """Every listed address, and many that readers make up; the made-up feeds in the two formats that differ most."""
    yield from all_addresses(context)
    for language in context.addresses.languages:
        for selection in selections(language):
            live = context.page(FeedAddress(selection))
            for number in range(live.last + 1 if live else 0):
                yield from (FeedAddress(selection, form, number) for form in (FORMATS[0], HTML))
            yield FeedAddress(selection, count=5)
            yield Outline(language, selection=selection)
        yield from (FeedAddress(Selection(language), form, count=each) for form in FORMATS[:2] for each in (1, 5))
        for terms in ({}, {"country": ["cn"]}, {"country": ["cn"], "topic": ["wages"]}):
            yield from (Headlines(Selection.of(language, terms), 3, shape) for shape in SHAPES)
        paths = context.snapshot.releases.paths(language, context.now)
        yield from (ReleaseCard(language, path) for path in paths)
        yield from (Front(language), Directory(language), Embedding(language))


@dataclass(frozen=True)
class Held:
    """What a cache holds of one address."""

    content: object
    keys: frozenset[str]
    address: Address | None = None


@dataclass(frozen=True)
class Look:
    """What a cache holds after a look at a newsroom, by path, and what the look found changed."""

    held: Mapping[str, Held]
    changes: KeyChanges


_BEGINNINGS: dict[Hashable, Mapping[str, Held]] = {}


class CachedNewsroom(Bench):
    """A newsroom of which everything is in a cache."""

    def __init__(self, path: Path, files: Mapping[str, str] | None = None, **top: str) -> None:
        super().__init__(a_newsroom(path, files, **top), entries=PER_PAGE)
        self.now = NOW

    def look(self, last: Look | None = None) -> Look:
        """Compiles, and finds what has changed since the last look."""
        self.compile(now=self.now)
        state = NewsroomState.from_json(last.changes.state.to_json()) if last else None
        with self.catalogue.reading() as snapshot:
            context = Context.of(snapshot, self.now, self.settings)
            changes = changed_keys(state, context)
            held = self._fetched(context, last) if last else self._begun(context)
            # What was not purged keeps the keys that it came with.
            kept = {path: each for path, each in (last.held if last else {}).items() if not each.keys & changes.keys}
            same = {path: each for path, each in kept.items() if path in held and held[path].content == each.content}
            return Look({**held, **same}, changes)

    def written(self) -> tuple[datetime, dict[str, bytes]]:
        """The time, and all that the editor has written."""
        files = {str(path.relative_to(self.folder)): path for path in self.folder.rglob("*") if path.is_file()}
        return self.now, {name: path.read_bytes() for name, path in files.items()}

    def wait(self, **time: float) -> None:
        self.now += timedelta(**time)

    def _begun(self, context: Context) -> Mapping[str, Held]:
        """What stands in a newsroom without a past, of which many begin alike: it takes a second to make it all."""
        now, files = self.written()
        alike = (now, frozenset(files.items()), sitemap_parts.LARGEST)
        if alike not in _BEGINNINGS:
            _BEGINNINGS[alike] = self._fetched(context, None)
        return _BEGINNINGS[alike]

    def _fetched(self, context: Context, last: Look | None) -> dict[str, Held]:
        router = Router(self.settings, kept=ValueCache())
        known = {context.addresses.make(address): address for address in addresses(context)}
        known |= {path: held.address for path, held in (last.held if last else {}).items() if held.address}
        found = {}
        for path, address in known.items():
            asked, _, query = path.partition("?")
            answer = router.answer(context.snapshot, asked, query, self.now)
            if isinstance(answer, Document):
                content = (answer.status, answer.media_type, answer.body, answer.links)
                found[path] = Held(content, frozenset(document_keys(context, address)), address)
        for digest, name in context.snapshot.media.visible(self.now):
            found[f"/media/{digest}/{name}"] = Held(digest, frozenset(file_keys(digest)))
        return found


def stale(before: Look, after: Look) -> list[str]:
    """The paths of what has changed and is not purged."""
    return sorted(differing(before, after) - purged(before, after))


def differing(before: Look, after: Look) -> set[str]:
    """The paths at which something else stands now, or nothing."""
    now = after.held
    return {path for path, held in before.held.items() if path not in now or now[path].content != held.content}


def purged(before: Look, after: Look) -> set[str]:
    """The paths of what a cache drops."""
    return {path for path, held in before.held.items() if held.keys & after.changes.keys}
