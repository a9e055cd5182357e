"""An entry that was kept as JSON is the entry it was: every format and every page says the same of it."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime

import pytest

from feeds.model.formats import SYNDICATED
from feeds.render import RENDERERS
from feeds.render.feed_values import Entry
from feeds.render.stored_entry import entry_from_json, entry_to_json
from tests.render.test_feeds import a_full_entry, a_withdrawn_entry, an_entry

ENTRIES = {
    "full": a_full_entry(),
    "bare": an_entry(),
    "withdrawn": an_entry(withdrawn=datetime(2022, 1, 1, tzinfo=UTC)),
    "replaced": a_withdrawn_entry(),
    "credited": an_entry(credit="© ILO 2023"),
    "empty": an_entry(content="", summary=""),
    "imported": an_entry(guid="4711 at https://www.example.org", digest="9f86d081" * 8),
    "elsewhere": an_entry(page="https://n.example.org/releases/2021/dam"),
    "heavy": an_entry(excerpt="<p>It begins.</p>"),
}


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES)
def test_an_entry_read_back_is_the_same_and_renders_the_same_bytes(entry: Entry) -> None:
    found = entry_from_json(entry_to_json(entry))
    assert found == entry
    assert entry_to_json(found) == entry_to_json(entry)
    for form in SYNDICATED:
        assert RENDERERS[form].entry(found) == RENDERERS[form].entry(entry)


def test_every_field_of_an_entry_is_tried() -> None:
    absent = (None, (), "")
    tried = {
        field.name for entry in ENTRIES.values() for field in fields(Entry) if getattr(entry, field.name) not in absent
    }
    assert tried == {field.name for field in fields(Entry)}


def test_what_is_absent_takes_no_room() -> None:
    text = entry_to_json(an_entry()).decode()
    assert "null" not in text
    assert "[]" not in text
