"""Builders: a release as a value, a newsroom as real YAML files in a folder. Say only what matters to the test."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from textwrap import indent
from typing import Any

from feeds.catalogue import Catalogue, CatalogueFile, CompileReport, Snapshot, compile_folder
from feeds.model.facets import DEFAULT_FACETS
from feeds.model.newsroom import Newsroom, Term
from feeds.model.release import Release
from feeds.model.vocabulary import Vocabulary
from feeds.publish import Router
from feeds.publish.all_addresses import all_addresses
from feeds.publish.context import Context
from feeds.publish.document import Answer, Document
from feeds.publish.value_cache import ValueCache
from feeds.settings import Settings

NOW = datetime(2021, 6, 24, 12, tzinfo=UTC)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
YESTERDAY = NOW - DAY
TOMORROW = NOW + DAY
BASE = "https://news.example.org"
LANGUAGES = ("en", "zh-Hans", "mn")

NEWSROOM = """\
title: {en: Test office, zh-Hans: 测试局, mn: Туршилтын товчоо}
subtitle: {en: News}
about: {en: About}
languages: [en, zh-Hans, mn]
time_zone: Asia/Shanghai
authority: example.org,2020
author: {name: Test office}
rights: {en: © Test office}
"""
COUNTRIES = """\
CN: {labels: {en: China}, aliases: [china]}
MN: {labels: {en: Mongolia}, aliases: [mongolia]}
"""
PROJECTS = """\
score: {labels: {en: SCORE}}
skills-for-all: {labels: {en: Skills for all}}
"""
TOPICS = """\
corrections: {labels: {en: What we got wrong}}
wages: {labels: {en: Wages}, aliases: [pay]}
"""
GENRE = """\
news: {labels: {en: News}}
report: {labels: {en: Report}}
"""
FACETS = tuple(facet.name for facet in DEFAULT_FACETS)
FIELDS = tuple(facet.field for facet in DEFAULT_FACETS)
TERMS: dict[str, tuple[str, ...]] = {
    "country": ("cn", "mn"),
    "project": ("score", "skills-for-all"),
    "topic": ("corrections", "wages"),
    "genre": ("news", "report"),
}
"""Every term of the newsroom that `a_newsroom` writes."""


def a_release(slug: str = "dam", *, published: datetime = YESTERDAY, **changes: Any) -> Release:
    """A sound release that says nothing special."""
    language = changes.get("language", "en")
    given: dict[str, Any] = {
        "id": f"tag:example.org,{published:%Y-%m-%d}:{slug}{'' if language == 'en' else f'.{language}'}",
        "slug": slug,
        "language": "en",
        "year": published.year,
        "title": f"About the {slug}",
        "summary": f"What was said of the {slug}.",
        "published": published,
    }
    terms = ((facet, changes.get(facet.field) or ()) for facet in DEFAULT_FACETS)
    given["terms"] = tuple((facet.name, (slugs,) if facet.one else tuple(slugs)) for facet, slugs in terms if slugs)
    return Release.model_validate(given | {name: value for name, value in changes.items() if name not in FIELDS})


def a_vocabulary() -> Vocabulary:
    """The newsroom that `a_newsroom` writes, as a value."""
    newsroom = Newsroom.model_validate(
        {
            "title": {"en": "Test office", "zh-Hans": "测试局", "mn": "Туршилтын товчоо"},
            "subtitle": {"en": "News"},
            "about": {"en": "About"},
            "languages": LANGUAGES,
            "time_zone": "Asia/Shanghai",
            "authority": "example.org,2020",
            "author": {"name": "Test office"},
            "rights": {"en": "© Test office"},
        }
    )
    terms = {
        facet: tuple(Term(slug=slug, labels={"en": slug.title()}) for slug in slugs) for facet, slugs in TERMS.items()
    }
    return Vocabulary(newsroom, terms)


def yaml(*, published: datetime | str = "2021-06-01", **fields: Any) -> str:
    """A release file's text; lists and groups are written in JSON, which is YAML."""
    if isinstance(published, datetime):
        published = published.isoformat()
    given: dict[str, Any] = {"title": "About it", "summary": "What was said.", "published": published} | fields
    return "".join(f"{name}: {_below_a_bar(value) or _written(value)}\n" for name, value in given.items())


def _below_a_bar(value: Any) -> str:
    """A text of several lines as it is, with all its line breaks."""
    return "|\n" + indent(value, "  ").rstrip("\n") if isinstance(value, str) and "\n" in value else ""


def _written(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {_written(inner)}" for name, inner in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_written(inner) for inner in value) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)


def a_newsroom(path: Path, files: Mapping[str, str] | None = None, **top: str) -> Path:
    """A content folder in ``path`` with these release files (``{"2021/2021-06-01-dam.yaml": yaml()}``).

    ``topics="…"`` replaces one of the newsroom's own files; an empty text leaves it out.
    """
    folder = path / "data"
    (folder / "releases").mkdir(parents=True)
    texts = {"newsroom": NEWSROOM, "countries": COUNTRIES, "projects": PROJECTS, "topics": TOPICS, "genre": GENRE} | top
    for name, text in texts.items():
        if text:
            (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    for name, text in (files or {}).items():
        write(folder, name, text)
    return folder


def write(folder: Path, name: str, text: str) -> Path:
    """Puts a release file in its place in one step, as careful editors do."""
    path = folder / "releases" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.tmp")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)
    return path


def overwrite_catalogues(state: Path, content: bytes) -> None:
    """Puts other files in the place of all catalogues in a folder, as a program that writes them anew would.

    Whoever has an old one open keeps it. To cut off a file that SQLite has mapped would end the whole process.
    """
    for path in filter(Path.is_file, list(state.glob("catalogue*"))):
        beside = path.with_name(f"new-{path.name}")
        beside.write_bytes(content)
        beside.replace(path)


class Bench:
    """A content folder with its catalogue, compiled when a test says so."""

    def __init__(self, folder: Path, *, base_url: str = BASE, entries: int = 30, location: Path | None = None) -> None:
        self.folder = folder
        self.location = CatalogueFile((location or folder.parent) / "catalogue.sqlite")
        self.settings = Settings(data=folder, base_url=base_url, entries=entries, watch="off")
        self.catalogue = Catalogue(self.location.path)

    def compile(self, **options: Any) -> CompileReport:
        """Brings the catalogue up to date, in this process alone."""
        return compile_folder(self.folder, self.location, self.settings.base_url, processes=1, **options)

    def answer(self, path: str, now: datetime = NOW, query: str = "") -> Answer:
        """What stands at a path."""
        with self.catalogue.reading() as snapshot:
            return Router(self.settings).answer(snapshot, path, query, now)

    def document(self, path: str, now: datetime = NOW, query: str = "") -> Document:
        """The document that stands at a path."""
        found = self.answer(path, now, query)
        assert isinstance(found, Document), f"{path}: {found}"
        return found

    def body(self, path: str, now: datetime = NOW) -> str:
        """Its bytes as text."""
        return self.document(path, now).body.decode()

    def problems(self) -> list[str]:
        """What is wrong in the folder."""
        with self.catalogue.reading() as snapshot:
            return [str(problem) for problem in snapshot.problems.all()]

    def rows(self) -> dict[str, list[str]]:
        """What each table of the catalogue holds: documents are made of nothing else.

        Left out is what a catalogue calls itself and its memory by, and when its files were last looked through.
        """
        # A virtual table keeps what it holds in others.
        named = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
        with closing(sqlite3.connect(self.location.path)) as database:
            tables = [name for (name,) in database.execute(named)]
            found = {each: [*map(repr, database.execute(f'SELECT * FROM "{each}"'))] for each in tables}  # noqa: S608
        own = ("('basis'", "('change_log'", "('memory'", "('store_kept'")
        return {each: sorted(row for row in rows if not row.startswith(own)) for each, rows in found.items()}

    def everything(self, now: datetime = NOW, below: str = "/") -> dict[str, tuple[Any, ...]]:
        """What stands at every address of the newsroom that begins so, whole."""
        with self.catalogue.reading() as snapshot:
            return everything(snapshot, self.settings, now, below)


def everything(snapshot: Snapshot, settings: Settings, now: datetime, below: str = "/") -> dict[str, tuple[Any, ...]]:
    """By path: the bytes and validators of every document (pages, feeds with their archives, outlines)."""
    router = Router(settings, kept=ValueCache())
    found: dict[str, tuple[Any, ...]] = {}
    for path in known_paths(snapshot, settings, now):
        if not path.startswith(below):
            continue
        answer = router.answer(snapshot, path, "", now)
        assert isinstance(answer, Document), f"{path}: {answer}"
        found[path] = (answer.status, answer.body, answer.last_modified, answer.until, answer.links)
    return found


def known_paths(snapshot: Snapshot, settings: Settings, now: datetime) -> list[str]:
    """Every address at which a document stands at a moment."""
    context = Context.of(snapshot, now, settings)
    return [context.addresses.make(address) for address in all_addresses(context)]


def a_compiled(path: Path, files: Mapping[str, str] | None = None, **top: str) -> Bench:
    """The newsroom that `a_newsroom` writes, compiled."""
    bench = Bench(a_newsroom(path, files, **top))
    bench.compile()
    return bench
