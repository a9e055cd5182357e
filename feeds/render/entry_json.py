"""Writes entries as JSON, and reads them back. The catalogue keeps them so for the HTML pages."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from feeds.document import Link
from feeds.model.newsroom import Person
from feeds.model.release import Attachment, Image
from feeds.render.types import Category, CorrectionNote, Entry

_TEXTS = ("id", "link", "language", "title", "summary", "content", "date")


def entry_to_json(entry: Entry) -> bytes:
    """Compact JSON, without empty fields. Equal entries give equal bytes."""
    fields: dict[str, Any] = {name: getattr(entry, name) for name in _TEXTS}
    fields |= {
        "published": entry.published.isoformat(),
        "updated": entry.updated.isoformat(),
        "authors": [_fields(author) for author in entry.authors],
        "categories": [(each.scheme, each.term, each.label) for each in entry.categories],
        "links": [(each.href, each.rel, each.type, each.hreflang, each.title) for each in entry.links],
        "attachments": [_fields(each) for each in entry.attachments],
        "image": entry.image and _fields(entry.image),
        "credit": entry.credit,
        "rights": entry.rights,
        "corrections": [(each.date.isoformat(), each.text, each.html) for each in entry.corrections],
        "withdrawn": entry.withdrawn and entry.withdrawn.isoformat(),
    }
    given = {name: value for name, value in fields.items() if value or name in _TEXTS}
    return json.dumps(given, ensure_ascii=False, separators=(",", ":")).encode()


def entry_from_json(text: bytes) -> Entry:
    """Reads an entry that `entry_to_json` has written."""
    found = json.loads(text)
    withdrawn = found.get("withdrawn")
    image = found.get("image")
    return Entry(
        **{name: found[name] for name in _TEXTS},
        published=datetime.fromisoformat(found["published"]),
        updated=datetime.fromisoformat(found["updated"]),
        authors=tuple(Person(**each) for each in found.get("authors", ())),
        categories=tuple(Category(*each) for each in found.get("categories", ())),
        links=tuple(Link(*each) for each in found.get("links", ())),
        attachments=tuple(Attachment(**each) for each in found.get("attachments", ())),
        image=Image(**image) if image else None,
        credit=found.get("credit"),
        rights=found.get("rights"),
        corrections=tuple(
            CorrectionNote(datetime.fromisoformat(date), note, html)
            for date, note, html in found.get("corrections", ())
        ),
        withdrawn=datetime.fromisoformat(withdrawn) if withdrawn else None,
    )


def _fields(value: Person | Attachment | Image) -> dict[str, Any]:
    return value.model_dump(mode="json", exclude_defaults=True)
