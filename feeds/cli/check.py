"""`feeds check`: everything that is wrong in the content folder, and what was found."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from feeds.cli import console
from feeds.model import Facet


@click.command()
@console.data_option
def check(data: Path | None) -> None:
    """Read every file, print every problem, and say what was found. Exit code 1 if there is any problem."""
    settings = console.settings_for(data)
    now = datetime.now(UTC)
    with console.newsroom(settings) as snapshot:
        problems = snapshot.problems()
        vocabulary = snapshot.vocabulary
        languages = vocabulary.newsroom.languages
        everything = snapshot.inventory(now)
    for problem in problems:
        console.out.print(str(problem), markup=False)
    terms = ", ".join(f"{len(vocabulary.terms.get(facet, ()))} {_plural(facet)}" for facet in Facet)
    by_language = ", ".join(f"{everything.by_language.get(language, 0)} in {language}" for language in languages)
    console.out.print(f"{everything.visible} releases to be seen ({by_language})", markup=False)
    console.out.print(f"{everything.scheduled} scheduled, {everything.drafts} drafts; {terms}", markup=False)
    if problems:
        count = f"{len(problems)} problem{'s' if len(problems) > 1 else ''}"
        console.err.print(f"[bold red]{count}[/]")
        sys.exit(1)
    console.err.print("[green]no problems[/]")


def _plural(facet: Facet) -> str:
    return {"country": "countries"}.get(facet.value, f"{facet.value}s")
