"""Runs `feeds digest`: makes an e-mail message of what is new in a feed, and remembers what it has made."""

from __future__ import annotations

import re
import sys
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click

from feeds.addresses import FeedAddress
from feeds.catalogue import catalogue_location
from feeds.cli import console
from feeds.errors import FeedsError
from feeds.memory import LastMailing, exists, last_mailing, remember_mailing
from feeds.model.formats import ATOM
from feeds.model.selection import Selection
from feeds.publish import mailing
from feeds.publish.context import Context
from feeds.publish.mailing import Envelope

NOTHING_NEW = 3
"""The exit code where there is no message."""

_UNSUBSCRIBE = re.compile(r"(?:https|mailto):[^\s<>\"]{1,900}")
_EMAIL = re.compile(r"[^\s<>@,;:\"()\[\]\\]+@[A-Za-z0-9.-]+")


def digest(
    data: Path | None,
    selection: str,
    since: str,
    *,
    sender: str | None,
    recipient: str,
    unsubscribe: str,
    output: Path | None,
    keep: bool,
) -> None:
    """Writes the message to a file or to standard output. Raises SystemExit(3) if there is nothing new."""
    settings = console.settings_for(data)
    _check(sender or "", recipient, unsubscribe)
    now = datetime.now(UTC)
    begin = None if since == "last" else console.moment(since, settings)
    location = catalogue_location(settings.data, settings.base_url, settings.state, database=settings.database).memory
    if begin is None and not exists(location):
        advice = "run `feeds serve` or `feeds export` first, with the same FEEDS_DATA, FEEDS_BASE_URL and FEEDS_STATE"
        raise FeedsError(f"{location}: readers have been shown nothing from here ({advice})")
    with console.newsroom(settings) as snapshot:
        context = Context.of(snapshot, now, settings)
        chosen = _selection(context, selection)
        feed = context.addresses.make(FeedAddress(chosen))
        releases = mailing.newest(context, chosen)
        before = last_mailing(location, feed) if begin is None else None
        if begin is not None:
            new = mailing.told_since(releases, begin)
        else:
            new = mailing.unknown(releases, before.known) if before else []
        made = (
            mailing.message(context, chosen, new, _envelope(context, sender, recipient, unsubscribe)) if new else None
        )
    if made:
        _write(made, output)
    if begin is None and not keep:
        remember_mailing(location, feed, LastMailing(now, mailing.known_by(releases)))
    if made is None:
        _tell(before, begin)
        raise SystemExit(NOTHING_NEW)


def _check(sender: str, recipient: str, unsubscribe: str) -> None:
    for option, address in (("--from", sender), ("--to", recipient)):
        if address and not _EMAIL.fullmatch(address):
            raise click.UsageError(f"{option}: “{address}” is no e-mail address: write it as in press@example.org")
    if unsubscribe and not _UNSUBSCRIBE.fullmatch(unsubscribe):
        raise click.UsageError(f"--unsubscribe: “{unsubscribe}” is no address: write https://… or mailto:…")


def _selection(context: Context, text: str) -> Selection:
    """The selection of the feed that a part of its address names: country/cn, fr/all. Raises FeedsError."""
    name = text.strip("/").removeprefix("feeds/").removesuffix(f".{ATOM.suffix}")
    found = context.addresses.feed_named(f"{name}.{ATOM.suffix}")
    address = context.canonical(found) if found else None
    if not isinstance(address, FeedAddress) or address.selection.words:
        advice = "write what stands in its address: all, country/cn, fr/topic/wages; `feeds list` has them all"
        raise FeedsError(f"--selection: there is no feed “{text}” ({advice})")
    return replace(address, count=0).selection


def _envelope(context: Context, sender: str | None, recipient: str, unsubscribe: str) -> Envelope:
    newsroom = context.vocabulary.newsroom
    addresses = (sender, newsroom.author.email, *(each.email for each in newsroom.contacts))
    found = next((each for each in addresses if each), None)
    if found is None:
        raise FeedsError("--from: newsroom.yaml names no e-mail address (say who writes: --from press@example.org)")
    return Envelope(found, recipient, unsubscribe)


def _write(message: bytes, output: Path | None) -> None:
    if output is None:
        sys.stdout.buffer.write(message)
        sys.stdout.buffer.flush()
        return
    beside = output.with_name(f".{output.name}.part")
    try:
        beside.write_bytes(message)
        beside.replace(output)
    except OSError as error:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise FeedsError(f"{output}: {error.strerror or error}") from error


def _tell(before: LastMailing | None, begin: datetime | None) -> None:
    if begin is None and before is None:
        console.err().print("The list begins now: the next message has what comes from here on.", markup=False)
    else:
        console.err().print("There is nothing new, and no message.", markup=False)
