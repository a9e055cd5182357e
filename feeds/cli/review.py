"""`feeds review`: what subscribers will see of a change, before it is published."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from feeds.addresses import Addresses, FeedAddress
from feeds.catalogue import Catalogue, CatalogueFile, compile_folder
from feeds.cli import console
from feeds.errors import FeedsError, Problem
from feeds.model.review import FAULTS, Finding, Known, by_feed
from feeds.model.review import review as decide
from feeds.settings import Settings

_State = tuple[tuple[Known, ...], frozenset[Problem], Addresses]


@click.command()
@console.data_option
@click.option(
    "--since", default="HEAD", show_default=True, metavar="REVISION", help="The git revision to compare with."
)
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def review(data: Path | None, since: str, *, as_json: bool) -> None:
    """Say what the subscribers of each feed will see of the change since a git revision.

    Exit code 1 if there is a fault: a release that vanishes, is announced again without news, or is held back.
    """
    settings = console.settings_for(data)
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory(prefix="feeds-") as temporary:
        place = CatalogueFile(Path(temporary) / "catalogue.sqlite")
        old = settings.data.resolve()
        checked_out(old, since, Path(temporary) / "before" / old.name)
        before, known_problems, _ = _compiled(Path(temporary) / "before" / old.name, place, settings, now)
        # Into the same catalogue, as a server that runs would: what has become bad stays there as it last was.
        after, problems, addresses = _compiled(old, place, settings, now)
    findings = decide(before, after, now)
    held_back = sorted(problem for problem in problems - known_problems if problem.fatal)
    faulty = bool(held_back) or any(finding.kind in FAULTS for finding in findings)
    if as_json:
        click.echo(json.dumps(_as_data(findings, held_back, addresses, faulty), ensure_ascii=False, indent=2))
    else:
        _print(findings, held_back, addresses)
    sys.exit(1 if faulty else 0)


def checked_out(data: Path, revision: str, target: Path) -> None:
    """Writes the content folder as it was at a revision. Raises FeedsError where git has no such thing."""
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
        said = done.stderr.decode(errors="replace").strip() or "no such revision"
        raise FeedsError(f"{folder}: git {' '.join(arguments)}: {said}")
    return done.stdout


def _compiled(folder: Path, place: CatalogueFile, settings: Settings, now: datetime) -> _State:
    with console.progress("Reading") as told:
        compile_folder(folder, place, settings.base_url, now=now, progress=told)
    with Catalogue(place.path).reading() as snapshot:
        addresses = Addresses(settings.base_url, snapshot.vocabulary.newsroom.languages)
        return snapshot.reports.states(now), frozenset(snapshot.problems.all()), addresses


def _print(findings: Iterable[Finding], held_back: Iterable[Problem], addresses: Addresses) -> None:
    for problem in held_back:
        console.out.print("[bold red]held back[/] ", end="")
        console.out.print(str(problem), markup=False)
    grouped = by_feed(findings)
    for feed, found in grouped.items():
        console.out.print(addresses.make(FeedAddress(feed)), style="bold", markup=False)
        for finding in found:
            said = f"{finding.kind} for {finding.when.isoformat()}" if finding.when else str(finding.kind)
            style = "bold red" if finding.kind in FAULTS else "green"
            console.out.print(f"  [{style}]{said}[/] ", end="")
            console.out.print(f"{finding.release.title} ({finding.release.file})", markup=False)
    if not grouped:
        console.out.print("subscribers will see no change")


def _as_data(
    findings: Iterable[Finding], held_back: Iterable[Problem], addresses: Addresses, faulty: bool
) -> dict[str, Any]:
    return {
        "faulty": faulty,
        "held_back": [str(problem) for problem in held_back],
        "feeds": [
            {"feed": addresses.make(FeedAddress(feed)), "releases": [_row(finding) for finding in found]}
            for feed, found in by_feed(findings).items()
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
    }
