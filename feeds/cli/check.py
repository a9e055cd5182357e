"""The command `feeds check`, which prints the problems in the content folder."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from feeds.cli import console


@click.command()
@console.data_option
@click.argument("files", nargs=-1, metavar="[FILE]…")
@click.option(
    "--strict", is_flag=True, help="Exit code 1 for warnings too: for what is published otherwise than written."
)
@click.option("--translations", is_flag=True, help="List the releases without a translation, by language, instead.")
@click.option("--watch", is_flag=True, help="Check again whenever a file is saved, until Ctrl+C.")
@console.json_option
def check(
    data: Path | None, files: tuple[str, ...], *, strict: bool, translations: bool, watch: bool, as_json: bool
) -> None:
    """Read all files, and print all problems and a summary. Exit code 1 if a problem holds something back.

    With FILE (a path, or year and name as in 2021/annual-report) only these files are read, which takes a moment;
    problems between releases are not looked for then.
    """
    from feeds.cli import check_report

    if files and translations:
        raise click.UsageError("--translations is about all releases: leave the files out.")
    settings = console.settings_for(data)

    def report() -> bool:
        if translations:
            check_report.print_untranslated(settings, as_json=as_json)
            return False
        found = check_report.of_files(settings, files) if files else check_report.of_all(settings)
        faulty = any(strict or problem.fatal for problem in found.problems)
        check_report.print_report(found, faulty=faulty, as_json=as_json, in_one_line=watch)
        return faulty

    if watch:
        check_report.repeat(settings.data, report)
    else:
        sys.exit(report())
