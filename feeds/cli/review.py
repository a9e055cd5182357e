"""Runs `feeds review`: shows what a change does to subscribers, release by release."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import click

from feeds.addresses import Addresses, FeedAddress
from feeds.catalogue import Catalogue, CatalogueFile, compile_folder
from feeds.cli import console
from feeds.errors import FeedsError
from feeds.model.problems import Problem
from feeds.model.review import (
    FAULTS,
    Change,
    ChangedRelease,
    ChangeKind,
    Finding,
    FormerFeedChange,
    ReleaseState,
    by_feed,
    by_release,
    facets_gone,
    former_feeds_changed,
)
from feeds.model.review import review as decide
from feeds.publish.context import Context
from feeds.settings import Settings

FIRST_FEEDS = 3
"""How many feeds of a change are named; the others are counted."""


class _CompiledNewsroom(NamedTuple):
    """A newsroom before or after a change."""

    releases: tuple[ReleaseState, ...]
    problems: frozenset[Problem]
    addresses: Addresses
    former_feeds: Mapping[str, str]
    """By old address, the path of the feed to which it leads."""


class _Changes(NamedTuple):
    """The effects of a change."""

    findings: tuple[Finding, ...]
    held_back: tuple[Problem, ...]
    late: tuple[Problem, ...]
    """What readers are told of later than its file says, with the line to write."""
    warnings: tuple[Problem, ...]
    """What else they do not get as it is written."""
    facets_gone: tuple[tuple[str, int], ...]
    former_feeds: tuple[FormerFeedChange, ...]
    addresses: Addresses

    @property
    def faulty(self) -> bool:
        """Whether something should not happen as it does."""
        lost = any(each.after is None for each in self.former_feeds)
        return bool(self.held_back or self.facets_gone) or lost or any(each.kind in FAULTS for each in self.findings)


def review(data: Path | None, since: str, *, as_json: bool) -> None:
    """Prints what subscribers will see of changes since a git revision. Exits with 1 for a fault."""
    changes = _changes_since(since, console.settings_for(data))
    if as_json:
        click.echo(json.dumps(_as_data(changes), ensure_ascii=False, indent=2))
    else:
        _print(changes)
    sys.exit(changes.faulty)


def _changes_since(revision: str, settings: Settings) -> _Changes:
    """What subscribers will see of the content folder as it is, compared with what it was at a git revision."""
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory(prefix="feeds-") as temporary:
        location = CatalogueFile(Path(temporary) / "catalogue.sqlite")
        old = settings.data.resolve()
        checked_out(old, revision, Path(temporary) / "before" / old.name)
        before = _compiled(Path(temporary) / "before" / old.name, location, settings, now)
        # Into the same catalogue, as a running server does: a file that became bad keeps its last good releases.
        after = _compiled(old, location, settings, now)
    return _changes(before, after, now)


def _changes(before: _CompiledNewsroom, after: _CompiledNewsroom, now: datetime) -> _Changes:
    gone = facets_gone(before.addresses.facets, after.addresses.facets, before.releases, now)
    names = {name for name, _ in gone}
    # A facet that is gone is reported once, not feed by feed.
    findings = tuple(
        finding
        for finding in decide(before.releases, after.releases, now)
        if names.isdisjoint(facet for facet, _ in finding.feed.terms)
    )
    new = sorted(after.problems - before.problems)
    held_back = tuple(problem for problem in new if problem.fatal)
    late = tuple(problem for problem in new if problem.path == "announced" and not problem.fatal)
    # Of a warning that only moved to another line there is nothing to say.
    known = {(problem.file, problem.path, problem.message) for problem in before.problems}
    warnings = tuple(
        problem
        for problem in new
        if not (problem.fatal or problem in late) and (problem.file, problem.path, problem.message) not in known
    )
    moved = former_feeds_changed(before.former_feeds, after.former_feeds)
    return _Changes(findings, held_back, late, warnings, gone, moved, after.addresses)


def checked_out(data: Path, revision: str, target: Path) -> None:
    """Writes the content folder as it was at a revision: without releases if it had no newsroom yet.

    Raises FeedsError if git cannot provide it.
    """
    if not data.is_dir():
        raise FeedsError(f"{data}: there is no such folder (--data names the content folder)")
    if shutil.which("git") and not _is_in_git(data):
        raise FeedsError(f"{data} is in no git repository, so there is nothing to compare with (`git init` makes one)")
    commit = _commit(data, revision)
    inside = _git(data, "rev-parse", "--show-prefix").decode().strip()
    top = Path(_git(data, "rev-parse", "--show-toplevel").decode().strip())
    if commit is None or not _git(top, "ls-tree", "--name-only", f"{commit}", f"{inside}newsroom.yaml").strip():
        _write_without_releases(data, target)
        return
    packed = _git(top, "archive", "--format=tar", f"{commit}:{inside}")
    target.mkdir(parents=True)
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(target, filter="data")


def _commit(data: Path, revision: str) -> str | None:
    """The commit of a revision; None for HEAD before the first commit. Raises FeedsError if there is no such one."""
    try:
        wanted = f"{revision}^{{commit}}"
        return _git(data, "rev-parse", "--verify", "--quiet", "--end-of-options", wanted).decode().strip()
    except FeedsError as error:
        if revision == "HEAD":
            return None
        raise FeedsError(f"{data}: git has no such revision: “{revision}” (`git log --oneline` names them)") from error


def _write_without_releases(data: Path, target: Path) -> None:
    """Writes the newsroom as it is, without releases: the state to compare with if git has none."""
    target.mkdir(parents=True)
    for path in data.glob("*.yaml"):
        shutil.copyfile(path, target / path.name)


def _is_in_git(folder: Path) -> bool:
    try:
        return _git(folder, "rev-parse", "--is-inside-work-tree").strip() == b"true"
    except FeedsError as error:
        if "not a git repository" in str(error):
            return False
        raise


def _git(folder: Path, *arguments: str) -> bytes:
    program = shutil.which("git")
    if program is None:
        raise FeedsError("git is not installed: a review compares with what it has kept")
    command = [program, "-C", str(folder), *arguments]
    in_english = {**os.environ, "LC_ALL": "C"}
    done = subprocess.run(command, env=in_english, capture_output=True, check=False)  # noqa: S603 - no shell
    if done.returncode:
        reason = done.stderr.decode(errors="replace").strip() or "no such revision"
        raise FeedsError(f"{folder}: git {' '.join(arguments)}: {reason}")
    return done.stdout


def _compiled(folder: Path, location: CatalogueFile, settings: Settings, now: datetime) -> _CompiledNewsroom:
    with console.progress("Reading") as report:
        media = console.only_looked_at(settings)
        compile_folder(folder, location, settings.base_url, now=now, media=media, progress=report)
    with Catalogue(location.path).reading() as snapshot:
        addresses = Addresses.of(snapshot.vocabulary, settings.base_url)
        context = Context.of(snapshot, now, settings)
        leading = {path: context.feed_formerly_at(path) for path in snapshot.vocabulary.newsroom.feeds}
        former = {path: addresses.make(feed) for path, feed in leading.items() if feed}
        problems = frozenset(snapshot.problems.all())
        return _CompiledNewsroom(snapshot.reports.states(now), problems, addresses, former)


def _print(changes: _Changes) -> None:
    """Prints what is wrong, then what subscribers get of each release, the faults first."""
    for problem in changes.held_back:
        console.out().print("[bold red]held back[/] ", end="")
        console.out().print(str(problem), markup=False)
    for problem in changes.late:
        console.out().print("[bold]announced now[/] ", end="")
        console.out().print(str(problem), markup=False)
    for problem in changes.warnings:
        console.out().print(str(problem), markup=False)
    for name, count in changes.facets_gone:
        console.out().print("[bold red]gone[/] ", end="")
        feeds = f"the feeds of {count} term{'s' if count > 1 else ''} answer 404"
        advice = "keep its name: readers see the labels only, or bring it back under “facets:” in newsroom.yaml"
        console.out().print(f"facet {name}: {feeds} ({advice})", markup=False)
    for moved in changes.former_feeds:
        console.out().print("[bold]leads elsewhere[/] " if moved.after else "[bold red]gone[/] ", end="")
        console.out().print(_said_of_former(moved), markup=False)
    releases = by_release(changes.findings)
    for each in releases:
        console.out().print(f"{each.release.title} ({each.release.file})", style="bold", markup=False)
        for change in each.changes:
            style = "bold red" if change.kind in FAULTS else "green"
            console.out().print(f"  [{style}]{_said(change, each.release)}[/]: ", end="")
            console.out().print(_named_feeds(change, changes.addresses), markup=False)
    if not (releases or changes.facets_gone or changes.former_feeds):
        console.out().print("subscribers will see no change")


def _said_of_former(moved: FormerFeedChange) -> str:
    if moved.after:
        return f"{moved.path}: to {moved.after}, before to {moved.before}"
    advice = f"bring it back under “feeds:” in newsroom.yaml: its subscribers get nothing more of {moved.before}"
    return f"{moved.path}: this old address of a feed answers 404 ({advice})"


def _said(change: Change, release: ReleaseState) -> str:
    if change.when:
        return f"{change.kind} for {change.when.isoformat()}"
    if change.kind is ChangeKind.NEW and release.late:
        return f"{change.kind}, dated {release.published:%Y-%m-%d}, announced now"
    return "leaves" if change.kind is ChangeKind.LEAVES else str(change.kind)


def _named_feeds(change: Change, addresses: Addresses) -> str:
    """The first feeds of a change, and the number of the others."""
    named = ", ".join(addresses.make(FeedAddress(feed)) for feed in change.feeds[:FIRST_FEEDS])
    more = len(change.feeds) - FIRST_FEEDS
    return f"{named} and {console.many(more, 'more feed')}" if more > 0 else named


def _as_data(changes: _Changes) -> dict[str, Any]:
    return {
        "faulty": changes.faulty,
        "held_back": [str(problem) for problem in changes.held_back],
        "announced_now": [str(problem) for problem in changes.late],
        "warnings": [str(problem) for problem in changes.warnings],
        "facets_gone": [{"facet": name, "terms": count} for name, count in changes.facets_gone],
        "former_feeds": [
            {"path": each.path, "before": each.before, "after": each.after} for each in changes.former_feeds
        ],
        "releases": [_release_row(each, changes.addresses) for each in by_release(changes.findings)],
        "feeds": [
            {"feed": changes.addresses.make(FeedAddress(feed)), "releases": [_row(finding) for finding in found]}
            for feed, found in by_feed(changes.findings).items()
        ],
    }


def _row(finding: Finding) -> dict[str, Any]:
    return {
        "kind": str(finding.kind),
        "fault": finding.kind in FAULTS,
        "id": finding.release.id,
        "title": finding.release.title,
        "file": finding.release.file,
        "when": finding.when and finding.when.isoformat(),
        "announced_now": finding.kind is ChangeKind.NEW and finding.release.late,
    }


def _release_row(changed: ChangedRelease, addresses: Addresses) -> dict[str, Any]:
    return {
        "id": changed.release.id,
        "title": changed.release.title,
        "file": changed.release.file,
        "fault": changed.faulty,
        "changes": [
            {
                "kind": str(change.kind),
                "fault": change.kind in FAULTS,
                "when": change.when and change.when.isoformat(),
                "announced_now": change.kind is ChangeKind.NEW and changed.release.late,
                "feeds": [addresses.make(FeedAddress(feed)) for feed in change.feeds],
            }
            for change in changed.changes
        ],
    }
