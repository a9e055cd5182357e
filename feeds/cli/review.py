"""The command `feeds review`, which shows what a change does to the subscribers of each feed."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import click

from feeds.addresses import Addresses, FeedAddress
from feeds.catalogue import Catalogue, CatalogueFile, compile_folder
from feeds.cli import console
from feeds.errors import FeedsError, Problem
from feeds.model.review import FAULTS, Finding, Kind, ReleaseState, by_feed, facets_gone
from feeds.model.review import review as decide
from feeds.settings import Settings


class _CompiledNewsroom(NamedTuple):
    """A newsroom before or after a change."""

    releases: tuple[ReleaseState, ...]
    problems: frozenset[Problem]
    addresses: Addresses


class _Changes(NamedTuple):
    """The effects of a change."""

    findings: tuple[Finding, ...]
    held_back: tuple[Problem, ...]
    late: tuple[Problem, ...]
    """What readers are told of later than its file says, with the line to write."""
    warnings: tuple[Problem, ...]
    """What else they do not get as it is written."""
    facets_gone: tuple[tuple[str, int], ...]
    addresses: Addresses

    @property
    def faulty(self) -> bool:
        return bool(self.held_back or self.facets_gone) or any(each.kind in FAULTS for each in self.findings)


@click.command()
@console.data_option
@click.option(
    "--since", default="HEAD", show_default=True, metavar="REVISION", help="The git revision to compare with."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
def review(data: Path | None, since: str, *, as_json: bool) -> None:
    """Show what subscribers will see of changes since a git revision.

    Exit code 1 if there is a fault: a release vanishes, is announced again without news, or is held back.
    """
    settings = console.settings_for(data)
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory(prefix="feeds-") as temporary:
        place = CatalogueFile(Path(temporary) / "catalogue.sqlite")
        old = settings.data.resolve()
        checked_out(old, since, Path(temporary) / "before" / old.name)
        before = _compiled(Path(temporary) / "before" / old.name, place, settings, now)
        # Into the same catalogue, as a running server does: a file that became bad keeps its last good releases.
        after = _compiled(old, place, settings, now)
    changes = _changes(before, after, now)
    if as_json:
        click.echo(json.dumps(_as_data(changes), ensure_ascii=False, indent=2))
    else:
        _print(changes)
    sys.exit(1 if changes.faulty else 0)


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
    return _Changes(findings, held_back, late, warnings, gone, after.addresses)


def checked_out(data: Path, revision: str, target: Path) -> None:
    """Writes the content folder as it was at a revision. Raises FeedsError if git cannot provide it."""
    commit = (
        _git(data, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}").decode().strip()
    )
    inside = _git(data, "rev-parse", "--show-prefix").decode().strip()
    top = Path(_git(data, "rev-parse", "--show-toplevel").decode().strip())
    packed = _git(top, "archive", "--format=tar", f"{commit}:{inside}")
    target.mkdir(parents=True)
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(target, filter="data")


def _git(folder: Path, *arguments: str) -> bytes:
    program = shutil.which("git")
    if program is None:
        raise FeedsError("git is not installed: a review compares with what it has kept")
    done = subprocess.run([program, "-C", str(folder), *arguments], capture_output=True, check=False)  # noqa: S603 - no shell
    if done.returncode:
        reason = done.stderr.decode(errors="replace").strip() or "no such revision"
        raise FeedsError(f"{folder}: git {' '.join(arguments)}: {reason}")
    return done.stdout


def _compiled(folder: Path, place: CatalogueFile, settings: Settings, now: datetime) -> _CompiledNewsroom:
    with console.progress("Reading") as report:
        media = console.only_looked_at(settings)
        compile_folder(folder, place, settings.base_url, now=now, media=media, progress=report)
    with Catalogue(place.path).reading() as snapshot:
        addresses = Addresses.of(snapshot.vocabulary, settings.base_url)
        return _CompiledNewsroom(snapshot.reports.states(now), frozenset(snapshot.problems.all()), addresses)


def _print(changes: _Changes) -> None:
    for problem in changes.held_back:
        console.out.print("[bold red]held back[/] ", end="")
        console.out.print(str(problem), markup=False)
    for problem in changes.late:
        console.out.print("[bold]announced now[/] ", end="")
        console.out.print(str(problem), markup=False)
    for problem in changes.warnings:
        console.out.print(str(problem), markup=False)
    for name, count in changes.facets_gone:
        console.out.print("[bold red]gone[/] ", end="")
        feeds = f"the feeds of {count} term{'s' if count > 1 else ''} answer 404"
        advice = "keep its name: readers see the labels only, or bring it back under “facets:” in newsroom.yaml"
        console.out.print(f"facet {name}: {feeds} ({advice})", markup=False)
    grouped = by_feed(changes.findings)
    for feed, found in grouped.items():
        console.out.print(changes.addresses.make(FeedAddress(feed)), style="bold", markup=False)
        for finding in found:
            said = _said(finding)
            style = "bold red" if finding.kind in FAULTS else "green"
            console.out.print(f"  [{style}]{said}[/] ", end="")
            console.out.print(f"{finding.release.title} ({finding.release.file})", markup=False)
    if not (grouped or changes.facets_gone):
        console.out.print("subscribers will see no change")


def _said(finding: Finding) -> str:
    if finding.when:
        return f"{finding.kind} for {finding.when.isoformat()}"
    if finding.kind is Kind.NEW and finding.release.late:
        return f"{finding.kind}, dated {finding.release.published:%Y-%m-%d}, announced now"
    return str(finding.kind)


def _as_data(changes: _Changes) -> dict[str, Any]:
    return {
        "faulty": changes.faulty,
        "held_back": [str(problem) for problem in changes.held_back],
        "announced_now": [str(problem) for problem in changes.late],
        "warnings": [str(problem) for problem in changes.warnings],
        "facets_gone": [{"facet": name, "terms": count} for name, count in changes.facets_gone],
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
        "announced_now": finding.kind is Kind.NEW and finding.release.late,
    }
