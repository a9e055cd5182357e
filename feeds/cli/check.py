"""The command `feeds check`, which prints the problems in the content folder."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from feeds.cli import console
from feeds.errors import Problem
from feeds.model.release import Release
from feeds.settings import Settings

FAR = timedelta(days=2 * 366)
"""Beyond this, a date is most likely a slip of the keyboard."""


@click.command()
@console.data_option
@click.option(
    "--strict", is_flag=True, help="Exit code 1 for warnings too: for what is published otherwise than written."
)
@click.option("--translations", is_flag=True, help="List the releases without a translation, by language, instead.")
def check(data: Path | None, *, strict: bool, translations: bool) -> None:
    """Read all files, and print all problems and a summary. Exit code 1 if a problem holds something back."""
    settings = console.settings_for(data)
    if translations:
        _translations(settings)
        return
    now = datetime.now(UTC)
    with console.newsroom(settings) as snapshot:
        within_a_minute = _problems_with_seconds(snapshot.reports.within_a_minute(now), settings.data.name)
        far_ahead = _problems_far_ahead(snapshot.reports.moments_after(now + FAR), settings.data.name)
        problems = tuple(sorted((*snapshot.problems.all(), *within_a_minute, *far_ahead)))
        vocabulary = snapshot.vocabulary
        languages = vocabulary.newsroom.languages
        inventory = snapshot.reports.inventory(now)
    for problem in problems:
        console.out.print(str(problem), markup=False)
    terms = ", ".join(
        console.many(
            len(vocabulary.terms.get(facet.name, ())), facet.name.replace("-", " "), facet.english_label.lower()
        )
        for facet in vocabulary.facets
    )
    by_language = ", ".join(f"{inventory.by_language.get(language, 0)} in {language}" for language in languages)
    console.out.print(f"{console.many(inventory.visible, 'release')} to be seen ({by_language})", markup=False)
    console.out.print(
        f"{inventory.scheduled} scheduled, {console.many(inventory.drafts, 'draft')}; {terms}", markup=False
    )
    failed = any(strict or problem.fatal for problem in problems)
    console.err.print(f"[{'bold red' if failed else 'green'}]{console.counted(problems)}[/]")
    sys.exit(failed)


def _problems_with_seconds(moments: Iterable[tuple[str, datetime]], folder: str) -> Iterator[Problem]:
    """A problem for each embargo that ends within a minute: shorter cache lifetimes show it just before."""
    message = "comes in the middle of a minute: just before, caches are told so"
    for file, moment in moments:
        full = moment.replace(second=0, microsecond=0) + timedelta(minutes=1)
        advice = f"choose a full minute, for example {full:%Y-%m-%dT%H:%M:%SZ}"
        yield Problem(f"{folder}/{file}", 0, 0, "published", message, advice, fatal=False)


def _problems_far_ahead(moments: Iterable[tuple[str, str, datetime]], folder: str) -> Iterator[Problem]:
    """A problem for each moment that lies so far ahead that its year is most likely a slip of the keyboard."""
    for file, field, moment in moments:
        message = f"{moment:%Y-%m-%d} is more than two years ahead"
        yield Problem(f"{folder}/{file}", 0, 0, field, message, "look at the year; it waits until then", fatal=False)


def _translations(settings: Settings) -> None:
    with console.newsroom(settings) as snapshot:
        stories = snapshot.reports.stories()
        languages = snapshot.vocabulary.newsroom.languages
    for language in languages:
        lacking = untranslated(stories, language)
        console.out.print(f"{language}: {len(lacking)} of {len(stories)} to be translated", style="bold", markup=False)
        for file, release in lacking.items():
            console.out.print(f"  {file}: {release.title}", markup=False)


def untranslated(stories: Mapping[str, tuple[Release, ...]], language: str) -> dict[str, Release]:
    """The originals by file, newest first, that have no version in a language. Withdrawn ones are left out."""
    lacking = [
        (file, releases[0])
        for file, releases in stories.items()
        if all(release.language != language for release in releases) and not releases[0].withdrawn
    ]
    return dict(sorted(lacking, key=lambda each: (each[1].published, each[0]), reverse=True))
