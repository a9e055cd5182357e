"""Runs `feeds verify`: says which release says what a file or a text says."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from feeds.addresses import ReleasePage
from feeds.cli import console
from feeds.errors import FeedsError
from feeds.publish.context import Context
from feeds.publish.pages.headlines import title_of
from feeds.publish.verification import MOST_BYTES, Match, PassageCheck, Refusal, passage_in, verified
from feeds.settings import Settings


def verify(data: Path | None, passage: str, at: str | None, *, as_json: bool) -> None:
    """Prints the releases that have a passage. Raises SystemExit(1) unless one has it word for word."""
    settings = console.settings_for(data)
    now = console.moment_of(at, settings)
    text = _text(passage)
    found, told = (text, []) if isinstance(text, Refusal) else _asked(settings, text, now)
    if isinstance(found, Refusal):
        raise FeedsError(f"{_shown(passage)}: {found} (give a passage, or a file of plain text, Markdown or HTML)")
    if as_json:
        answer = {"word_for_word": found.is_word_for_word, "releases": told}
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
    else:
        _print(told)
    if not found.is_word_for_word:
        raise SystemExit(1)


def _text(passage: str) -> str | Refusal:
    """The passage: of a file, of standard input for “-”, or as it was given."""
    if passage == "-":
        return passage_in("", sys.stdin.buffer.read(MOST_BYTES + 1))
    try:
        if not Path(passage).is_file():
            return passage
        with Path(passage).open("rb") as file:
            return passage_in(passage, file.read(MOST_BYTES + 1))
    except OSError as error:
        if "\n" in passage or len(passage) > 255:
            return passage  # longer than the name of any file
        raise FeedsError(f"{passage}: {error.strerror or error}") from error


def _asked(settings: Settings, text: str, now: datetime) -> tuple[PassageCheck | Refusal, list[dict[str, Any]]]:
    """The answer, and what it says of each release."""
    with console.newsroom(settings) as snapshot:
        context = Context.of(snapshot, now, settings)
        found = verified(context, text)
        matches = () if isinstance(found, Refusal) else found.matches
        return found, [_release(context, each) for each in matches]


def _release(context: Context, match: Match) -> dict[str, Any]:
    release, entry = match.visible.release, match.visible.entry
    return {
        "title": title_of(context, match.visible),
        "address": context.addresses.absolute(ReleasePage(release.language, release.path)),
        "language": release.language,
        "published": release.published.isoformat(),
        "word_for_word": match.likeness.word_for_word,
        "share": round(match.likeness.share, 3),
        "corrected": [{"date": each.date.isoformat(), "note": each.text} for each in entry.corrections],
        "withdrawn": entry.withdrawn.isoformat() if entry.withdrawn else None,
        "sha256": entry.digest,
        "other": [
            stretch.text.strip() for part in match.likeness.parts for stretch in part if not stretch.found
        ],
    }  # fmt: skip


def _print(releases: list[dict[str, Any]]) -> None:
    if not releases:
        console.out().print("No release says this.", markup=False)
    for each in releases:
        how = "word for word" if each["word_for_word"] else f"{each['share']:.0%} of it"
        console.out().print(f"{how}: {each['title']}", markup=False)
        console.out().print(f"  {each['address']}", markup=False)
        if each["other"]:
            console.out().print(f"  not there: {' … '.join(each['other'])}", markup=False)
        for correction in each["corrected"]:
            console.out().print(f"  corrected {correction['date'][:10]}: {correction['note']}", markup=False)
        if each["withdrawn"]:
            console.out().print(f"  withdrawn {each['withdrawn'][:10]}", markup=False)


def _shown(passage: str) -> str:
    return passage if len(passage) < 60 else f"{passage[:59]}…"
