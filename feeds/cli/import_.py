"""The command `feeds import`, which takes what other programs have published into the content folder."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from feeds import content
from feeds.cli import console
from feeds.errors import FeedsError

if TYPE_CHECKING:
    from feeds.importers.import_run import Import, ItemOutcome

NEEDED = ("feedparser", "mammoth", "charset_normalizer")
"""The libraries of the extra “import”."""


def import_(
    sources: tuple[str, ...], data: Path | None, media: Path | None, language: str, terms: tuple[str, ...], *,
    add_terms: bool, dry_run: bool, as_json: bool,
) -> None:  # fmt: skip
    """Imports the sources, and reports item by item."""
    _require_libraries()
    from feeds.importers import import_run
    from feeds.importers.category_terms import TermsMatching, parsed_mapping
    from feeds.importers.sources import open_source

    folder = console.settings_for(data).data
    vocabulary, problems = content.read_newsroom(folder)
    if vocabulary is None:
        raise FeedsError("\n".join(map(str, problems)) or f"{folder}: no newsroom (make one with “feeds init”)")
    opened = [open_source(name, vocabulary.newsroom.languages) for name in sources]
    matching = TermsMatching(vocabulary, parsed_mapping(terms, vocabulary), folder if add_terms else None, dry_run)
    options = import_run.ImportOptions(datetime.now(UTC), language, media, dry_run)
    importing = import_run.start(folder, matching, options)
    outcomes = (importing.take(item) for source in opened for item in source.items())
    with console.progress("Importing") as report:
        told = _counted(outcomes, report)
        if as_json:
            _print_json(told, importing)
        else:
            _print(told, importing, folder, dry=dry_run)


def _require_libraries() -> None:
    for name in NEEDED:
        try:
            importlib.import_module(name)
        except ImportError as error:
            raise FeedsError("importing needs more libraries: pip install 'newsroom-feeds[import]'") from error


def _counted(outcomes: Iterator[ItemOutcome], report: Any) -> Iterator[ItemOutcome]:
    for number, outcome in enumerate(outcomes, 1):
        report(number, None)
        yield outcome


def _print(outcomes: Iterator[ItemOutcome], importing: Import, folder: Path, *, dry: bool) -> None:
    try:
        for outcome in outcomes:
            if outcome.notes or outcome.result == "draft":
                file = f" → {folder.name}/{outcome.file}" if outcome.file else ""
                console.out().print(f"{outcome.where}: {outcome.result}{file}", markup=False)
                for note in outcome.notes:
                    console.out().print(f"    {note}", markup=False)
    finally:
        _print_totals(importing, dry=dry)


def _print_totals(importing: Import, *, dry: bool) -> None:
    for facet, slug, name in importing.matching.added:
        console.out().print(f"new term of {facet}: {slug} ({name})", markup=False)
    for field, name, number in importing.unmatched():
        times = "once" if number == 1 else f"{number} times"
        console.out().print(f"no term: {field} “{name}”, {times}", markup=False)
    counts = importing.counts
    written = f"{counts['written']} {'would be ' if dry else ''}written, {counts['draft']} as drafts"
    others = f"{counts['known']} known already, {counts['left out']} left out"
    made = f"{console.many(importing.summarized, 'summary', 'summaries')} made of the first sentences"
    console.out().print(f"{written}, {others}; {made}", markup=False)


def _print_json(outcomes: Iterator[ItemOutcome], importing: Import) -> None:
    """The report as one JSON object, item by item, so that a large import needs no more memory than a small one."""
    click.echo('{"items": [')
    try:
        for number, outcome in enumerate(outcomes):
            click.echo(f"{',' if number else ''}{json.dumps(asdict(outcome), ensure_ascii=False)}")
    finally:
        matching = importing.matching
        rest = {
            "counts": dict(importing.counts),
            "summarized": importing.summarized,
            "added_terms": [dict(zip(("facet", "slug", "label"), each, strict=True)) for each in matching.added],
            "unmatched_terms": [
                dict(zip(("field", "name", "count"), each, strict=True)) for each in importing.unmatched()
            ],
        }
        click.echo(f"],{json.dumps(rest, ensure_ascii=False)[1:]}")
