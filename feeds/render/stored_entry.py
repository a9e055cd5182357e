"""Writes entries as JSON, and reads them back. The catalogue keeps them so for the HTML pages."""

from __future__ import annotations

from pydantic import TypeAdapter

from feeds.render.feed_values import Entry

_ENTRY = TypeAdapter(Entry)


def entry_to_json(entry: Entry) -> bytes:
    """The same bytes for the same entry; what is absent is left out."""
    return _ENTRY.dump_json(entry, exclude_defaults=True)


def entry_from_json(text: bytes) -> Entry:
    """The entry that `entry_to_json` has written. Raises ValueError for anything else."""
    return _ENTRY.validate_json(text)
