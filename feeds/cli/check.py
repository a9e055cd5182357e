"""Runs `feeds check`: finds the problems in the content folder or in some of its files, and prints them."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from feeds import content
from feeds.catalogue import CheckedStory, StoryChecker, problems_of_templates
from feeds.cli import console
from feeds.cli.files import file_at_address, inner_paths, require_newsroom, unknown_file
from feeds.errors import FeedsError
from feeds.model.problems import Problem
from feeds.model.release import Release
from feeds.publish.theme_check import theme_faults
from feeds.settings import Settings

FAR = timedelta(days=2 * 366)
"""Beyond this, a date is most likely a slip of the keyboard."""


@dataclass(frozen=True, slots=True)
class CheckReport:
    """The problems, sorted, with a summary in words and in numbers."""

    problems: tuple[Problem, ...]
    summary: tuple[str, ...]
    counts: Mapping[str, Any]


def check(
    data: Path | None, files: tuple[str, ...], *, strict: bool, translations: bool, watch: bool, as_json: bool
) -> None:
    """Prints what is wrong in all files or in some, or what is not translated. Exits with 1 for a fault."""
    if files and translations:
        raise click.UsageError("--translations is about all releases: leave the files out.")
    settings = console.settings_for(data)

    def report() -> bool:
        if translations:
            _print_untranslated(settings, as_json=as_json, in_one_line=watch)
            return False
        found = _of_files(settings, files) if files else _of_all(settings)
        faulty = any(strict or problem.fatal for problem in found.problems)
        _print(found, faulty=faulty, as_json=as_json, in_one_line=watch)
        return faulty

    if watch:
        _repeat(settings.data, report)
    else:
        sys.exit(report())


def _of_all(settings: Settings) -> CheckReport:
    """Reads the whole newsroom."""
    now = datetime.now(UTC)
    with console.newsroom(settings) as snapshot:
        within_a_minute = _problems_with_seconds(snapshot.reports.within_a_minute(now), settings.data.name)
        far_ahead = _problems_far_ahead(snapshot.reports.moments_after(now + FAR), settings.data.name)
        theme = problems_of_templates(settings.data, theme_faults(snapshot, now, settings))
        problems = tuple(sorted((*snapshot.problems.all(), *within_a_minute, *far_ahead, *theme)))
        vocabulary = snapshot.vocabulary
        inventory = snapshot.reports.inventory(now)
    terms = {facet.name: len(vocabulary.terms.get(facet.name, ())) for facet in vocabulary.facets}
    by_language = {each: inventory.by_language.get(each, 0) for each in vocabulary.newsroom.languages}
    named_terms = ", ".join(
        console.many(terms[facet.name], facet.name.replace("-", " "), facet.english_label.lower())
        for facet in vocabulary.facets
    )
    languages = ", ".join(f"{number} in {language}" for language, number in by_language.items())
    summary = (
        f"{console.many(inventory.visible, 'release')} to be seen ({languages})",
        f"{inventory.scheduled} scheduled, {console.many(inventory.drafts, 'draft')}; {named_terms}",
    )
    counts = {
        "releases": inventory.visible,
        "by_language": by_language,
        "scheduled": inventory.scheduled,
        "drafts": inventory.drafts,
        "terms": terms,
    }
    return CheckReport(problems, summary, counts)


def _of_files(settings: Settings, named: Sequence[str]) -> CheckReport:
    """Reads only the stories of some files, and tells the problems of these files."""
    folder = settings.data
    require_newsroom(folder)
    listing = content.release_files(folder)
    stories, orphans = content.stories(folder, listing.files)
    original_of = {path: original for original, others in stories.items() for path in (original, *others)}
    wanted = dict.fromkeys(_file(folder, listing, name) for name in named)
    if any(path.startswith(f"{content.THEME}/") for path in wanted):
        whole = _of_all(settings)  # templates are rendered with the pages of all releases
        names = {content.printable_path(folder, path) for path in wanted}
        shown = tuple(problem for problem in whole.problems if problem.file in names)
        return CheckReport(shown, (f"{console.many(len(wanted), 'file')} checked",), {"files": len(wanted)})
    vocabulary, of_newsroom = content.read_newsroom(folder)
    if vocabulary is None and any(path in original_of for path in wanted):
        raise FeedsError("\n".join(map(str, of_newsroom)))
    problems = [*listing.problems, *orphans, *of_newsroom]
    if vocabulary:
        checker = StoryChecker(folder, vocabulary, settings.base_url, settings.media_megabytes * 1_000_000)
        now = datetime.now(UTC)
        for original in dict.fromkeys(original_of[path] for path in wanted if path in original_of):
            checked = checker.check(original, stories[original])
            problems += (*checked.problems, *_problems_of_moments(checked, original, folder.name, now))
    names = {content.printable_path(folder, path) for path in wanted}
    shown = tuple(sorted(problem for problem in problems if problem.file in names))
    summary = (f"{console.many(len(wanted), 'file')} checked; problems between releases: see `feeds check`",)
    return CheckReport(shown, summary, {"files": len(wanted)})


def _file(folder: Path, listing: content.FolderListing, named: str) -> str:
    """The path in the content folder of a file to be checked: a release's, or one of the newsroom's own."""
    misnamed = {problem.file for problem in listing.problems}
    paths = list(inner_paths(folder, named))
    for path in paths:
        own = "/" not in path or path.startswith((f"{content.WORDS}/", f"{content.THEME}/"))
        if path in listing.files or content.printable_path(folder, path) in misnamed:
            return path
        if own and path.endswith((".yaml", ".po", ".html", ".css")) and (folder / path).is_file():
            return path
    if beside := next((path for path in paths if path in listing.media), None):
        raise FeedsError(f"{folder / beside}: is no release (check the release that names it)")
    found = file_at_address(listing.files, named)
    if found is None:
        raise unknown_file(folder, listing.files, named)
    return found


def _problems_of_moments(checked: CheckedStory, original: str, folder: str, now: datetime) -> Iterator[Problem]:
    inexact = [(original, begin) for begin in checked.begins if begin > now and (begin.second or begin.microsecond)]
    far = {
        (original, field, moment)
        for release in checked.releases
        for field, moment in release.moments
        if moment > now + FAR
    }
    yield from _problems_with_seconds(inexact, folder)
    yield from _problems_far_ahead(sorted(far), folder)


def _problems_with_seconds(moments: Iterable[tuple[str, datetime]], folder: str) -> Iterator[Problem]:
    """A problem for each embargo that ends at no full minute: shorter cache lifetimes betray it just before."""
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


def _print(report: CheckReport, *, faulty: bool, as_json: bool, in_one_line: bool) -> None:
    """Prints problems and summary, or all of it as JSON: in one line where more such reports follow."""
    if as_json:
        counts = {**console.problem_counts(report.problems), **report.counts}
        found = {"faulty": faulty, "problems": [*map(console.problem_as_data, report.problems)], "counts": counts}
        click.echo(json.dumps(found, ensure_ascii=False, indent=None if in_one_line else 2))
        return
    for line in (*map(str, report.problems), *report.summary):
        console.out().print(line, markup=False)
    console.err().print(f"[{'bold red' if faulty else 'green'}]{console.counted(report.problems)}[/]")


def _print_untranslated(settings: Settings, *, as_json: bool, in_one_line: bool) -> None:
    """Prints by language what has no translation."""
    with console.newsroom(settings) as snapshot:
        stories = snapshot.reports.stories()
        languages = snapshot.vocabulary.newsroom.languages
    lacking = {language: untranslated(stories, language) for language in languages}
    if as_json:
        found = {
            language: [{"file": file, "title": release.title} for file, release in releases.items()]
            for language, releases in lacking.items()
        }
        told = {"stories": len(stories), "untranslated": found}
        click.echo(json.dumps(told, ensure_ascii=False, indent=None if in_one_line else 2))
        return
    for language, releases in lacking.items():
        line = f"{language}: {len(releases)} of {len(stories)} to be translated"
        console.out().print(line, style="bold", markup=False)
        for file, release in releases.items():
            console.out().print(f"  {file}: {release.title}", markup=False)


def untranslated(stories: Mapping[str, tuple[Release, ...]], language: str) -> dict[str, Release]:
    """The originals by file, newest first, that have no version in a language. Withdrawn ones are left out."""
    lacking = [
        (file, releases[0])
        for file, releases in stories.items()
        if all(release.language != language for release in releases) and not releases[0].withdrawn
    ]
    return dict(sorted(lacking, key=lambda each: (each[1].published, each[0]), reverse=True))


def _repeat(folder: Path, report: Callable[[], object]) -> None:
    """Reports now, and again whenever a file in the folder has been saved, until Ctrl+C."""
    require_newsroom(folder)
    try:
        for _ in _changes(folder):
            try:
                report()
            except FeedsError as error:  # it can be put right while we watch
                console.err().print(str(error), markup=False)
            console.err().print(f"[dim]checked at {datetime.now().astimezone():%H:%M:%S}; Ctrl+C ends it[/]")
    except KeyboardInterrupt:
        return


def _changes(folder: Path) -> Iterator[None]:
    """Yields at once, and whenever saved files have lain still for a moment.

    The watch begins before the first report, so that what is saved meanwhile is not missed.
    """
    from watchfiles import watch

    from feeds.web.watcher import has_events

    polling = not has_events(folder)
    changes = watch(
        folder, debounce=400, step=100, rust_timeout=200, yield_on_timeout=True, force_polling=polling
    )  # fmt: skip
    next(changes)  # the watch has begun
    yield
    for changed in changes:
        if changed:
            yield
