"""Turns pydantic's validation errors into faults: in plain words, with the position in the file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import takewhile
from typing import Any, TypeAlias

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from feeds.content.faults import MOST_FAULTS, Fault, alternatives, join_path
from feeds.content.field_types import inner_names
from feeds.content.raw_record import RawRecord
from feeds.content.value_advice import meant_name, nearly_right
from feeds.content.yaml_reader import Data
from feeds.model.facets import Facet
from feeds.model.newsroom import Person, Reader, Section, SiteLink, Term
from feeds.model.release import NOT_WRITTEN, Attachment, Correction, Image, Release, Withdrawal
from feeds.model.vocabulary import nearest_word

Wording: TypeAlias = tuple[str, str]
"""What is wrong, and what to do."""

_MISSING, _EMPTY, _NO_FIELD, _MEANT = "is missing", "is empty", "no such field", "did you mean {}?"
_LIST: Wording = ("must be a list", "write [one, two], or one line each that begins with “- ”")
_GROUP: Wording = ("must be a group of fields", "write “name: value” lines below it, indented by two spaces")
_NUMBER: Wording = ("not a whole number", "write digits only, for example 1200")
_TEXT: Wording = ("must be a text", "put it in quotes if it has brackets in it")

BY_KIND: Mapping[str, Wording] = {
    "string_type": _TEXT,
    "tuple_type": _LIST,
    "list_type": _LIST,
    "dict_type": _GROUP,
    "mapping_type": _GROUP,
    "model_type": _GROUP,
    "model_attributes_type": _GROUP,
    "int_type": _NUMBER,
    "int_parsing": _NUMBER,
    "int_parsing_size": _NUMBER,
    "int_from_float": _NUMBER,
    "bool_type": ("neither true nor false", "write true or false"),
    "bool_parsing": ("neither true nor false", "write true or false"),
}

_SLUG: Wording = (
    "must be small letters a to z and digits, in words joined by hyphens",
    "for example annual-report",
)
_PATH: Wording = (
    "must be the former address of a release",
    "write year and slug, as in 2021/annual-report, or a path, as in /news/old-report.html",
)

BY_FIELD: Mapping[str, Wording] = {
    "slug": _SLUG,
    "aliases": _SLUG,
    "successor": _SLUG,
    "name": ("must be small letters a to z and digits, in words joined by hyphens", "for example department"),
    "field": ("must be small letters a to z and digits, in words joined by _", "for example departments"),
    "authority": ("not a domain and a date", "write them as in example.org,2020"),
    "language": ("not a language tag", "write it as in en, zh-Hans or mn"),
    "languages": ("not a language tag", "write it as in en, zh-Hans or mn"),
    "type": ("not a media type", "write it as in application/pdf or image/jpeg"),
    "email": ("not an e-mail address", "write it as in press@example.org"),
    "address": ("not an address that takes a feed", "write it as in https://www.inoreader.com/?add_feed={feed}"),
    "subscribe": ("neither a web address nor an e-mail address", "write https://…, or news-join@lists.example.org"),
    "indexnow": ("not a key for IndexNow", "write 8 to 128 small letters, digits and hyphens of your own making"),
    "phone": ("not a telephone number", "write it as in +33 4 72 10 30 30"),
    "related": ("neither a release of this newsroom nor a web address", "write 2021/its-slug, or https://…"),
    "replacement": ("neither a release of this newsroom nor a web address", "write 2021/its-slug, or https://…"),
}
"""For fields with a pattern."""

EXAMPLES: Mapping[str, str] = {
    "published": "published: 2021-06-24",
    "date": "date: 2021-06-24",
    "languages": "languages: [en, zh-Hans]",
    "time_zone": "time_zone: Europe/Paris",
    "authority": "authority: example.org,2020",
}

_NAME = re.compile("[a-z_-]+")
_OTHER_NAMES = {
    **dict.fromkeys(("date", "pubdate"), "published"),
    **dict.fromkeys(("content", "text"), "body"),
    **dict.fromkeys(("description", "lead"), "summary"),
    "headline": "title",
    "lang": "language",
    "place": "dateline",
}
"""What other systems call the fields of a release."""

_PARTS: Mapping[str, type[BaseModel]] = {
    "facets": Facet,
    "sections": Section,
    "links": SiteLink,
    "image": Image,
    "attachments": Attachment,
    "authors": Person,
    "author": Person,
    "contacts": Person,
    "readers": Reader,
    "corrections": Correction,
    "withdrawn": Withdrawal,
}


def explain(
    error: ValidationError, model: type[BaseModel], record: RawRecord, own: tuple[str, ...] = ()
) -> Iterator[Fault]:
    """Yields a fault for each error. A misspelt field is not reported as missing too.

    ``own`` are the fields that the newsroom's facets add to those of the model.
    """
    details = error.errors(include_url=False, include_input=False)
    found = [_fault(detail, model, record, own, guess=number < MOST_FAULTS) for number, detail in enumerate(details)]
    meant = {(fault.path.rpartition(".")[0], fault.advice) for fault in found if fault.message == _NO_FIELD}
    for detail, fault in zip(details, found, strict=True):
        group, _, field = fault.path.rpartition(".")
        missing = fault.message == _MISSING
        misspelt = missing and (
            (group, _MEANT.format(field)) in meant or field in _meant_names(record, detail["loc"][:-1])
        )
        # If the only item of a list is wrong, pydantic also says that the list is too short.
        has_items = fault.message == _EMPTY and any(each.path.startswith(f"{fault.path}[") for each in found)
        if not (misspelt or has_items):
            yield fault


def _fault(
    detail: ErrorDetails, model: type[BaseModel], record: RawRecord, own: tuple[str, ...], *, guess: bool
) -> Fault:
    context: dict[str, Any] = detail.get("ctx", {})
    kind, loc = detail["type"], detail["loc"]
    path, position = record.prefix, record.position("")
    positions = record.document.layout.positions
    for step in loc:
        if step == "[key]":
            position = positions[path][0]
        elif (further := join_path(path, step)) in positions:
            path, position = further, positions[further][1]
    if kind == "missing":
        path = join_path(path, loc[-1])
    elif kind == "extra_forbidden" and path in positions:
        position = positions[path][0]
    elif "at" in context:
        path = f"{path}.{context['at']}" if path else context["at"]
        position = positions.get(path, (position, position))[1]
    elif not loc or path == record.prefix:
        path = join_path(path, loc[0]) if loc else path
    wording = nearly_right(kind, str(loc[-1]) if loc else "", _value_at(record.data, loc))
    wording = (
        wording or (guess and _not_indented(detail, record)) or _wording(detail, context, model, own if guess else None)
    )
    return Fault(*position, path, *wording)


def _not_indented(detail: ErrorDetails, record: RawRecord) -> Wording | None:
    """The wording for a field that belongs to a group above it, but stands in the group's own column; else None."""
    if detail["type"] != "extra_forbidden" or len(detail["loc"]) != 1:
        return None
    name = detail["loc"][0]
    for above in takewhile(lambda each: each != name, record.data):
        if record.data[above] == "" and name in inner_names(above):
            return _NO_FIELD, f"indent it by two spaces, so that it belongs to “{above}”"
    return None


def _meant_names(record: RawRecord, loc: tuple[int | str, ...]) -> set[str]:
    """The fields that a group of fields was most likely meant to have."""
    group = _value_at(record.data, loc)
    return set(map(meant_name, group)) if isinstance(group, dict) else set()


def _value_at(data: Data, loc: tuple[int | str, ...]) -> Data | None:
    """The value at the place of an error, or the nearest one around it; None if the place is a name."""
    for step in loc:
        if step == "[key]":
            return None
        if isinstance(data, dict):
            data = data.get(str(step), data)
        elif isinstance(data, list) and isinstance(step, int):
            data = data[step]
    return data


def _wording(
    detail: ErrorDetails, context: dict[str, Any], model: type[BaseModel], own: tuple[str, ...] | None
) -> Wording:
    """``own`` is None if guessing which field was meant would take too long."""
    kind, loc = detail["type"], detail["loc"]
    names = [step for step in loc if isinstance(step, str)]
    field = next((name for name in reversed(names) if name in BY_FIELD), names[-1] if names else "")
    if "advice" in context:
        return detail["msg"], context["advice"]
    if kind == "missing":
        return _MISSING, f"add a line “{EXAMPLES.get(names[-1], f'{names[-1]}: …')}”"
    if kind == "literal_error":
        return "not a word that may stand here", f"write {context['expected']}"
    if kind == "extra_forbidden":
        return _unknown(names, model, own)
    if kind == "string_pattern_mismatch":
        return _misspelt(names, field, model)
    return BY_KIND.get(kind) or _measured(kind, context) or (detail["msg"], "see the description of this field")


def _unknown(names: list[str], model: type[BaseModel], own: tuple[str, ...] | None) -> Wording:
    part = next((_PARTS[name] for name in reversed(names[:-1]) if name in _PARTS), model)
    hidden = {*NOT_WRITTEN, "slug"} if part is Term else NOT_WRITTEN
    more = (own or ()) if part is model else ()
    fields = (*(name for name in part.model_fields if name not in hidden), *more)
    name = names[-1]
    meant = _OTHER_NAMES.get(name) if part is Release else None
    meant = meant or (nearest_word(name, fields) if own is not None else None)
    if not (meant or _NAME.fullmatch(name)):
        return _NO_FIELD, "if it is text, indent it by two spaces more than the field above it; else delete it"
    return _NO_FIELD, _MEANT.format(meant) if meant else f"use {alternatives(fields)}"


def _misspelt(names: list[str], field: str, model: type[BaseModel]) -> Wording:
    if names[-1] == "[key]":
        return BY_FIELD["language"]
    if field == "aliases" and model is Release:
        return _PATH
    if "facets" in names and field == "type":
        return "not a type of schema.org", "write it as in Organization"
    return BY_FIELD.get(field, ("not written as it must be", "see the description of this field"))


def _measured(kind: str, context: dict[str, Any]) -> Wording | None:
    if kind in ("too_short", "string_too_short"):
        return _EMPTY, "write something, or delete the line"
    if kind in ("too_long", "string_too_long"):
        unit = "entries" if context.get("field_type") == "Tuple" else "characters"
        return f"is too long: at most {context['max_length']:,} {unit} fit", "shorten it"
    for limit, words in (("gt", "above"), ("ge", "at least"), ("lt", "below"), ("le", "at most")):
        if limit in context:
            return f"must be {words} {context[limit]:,}".replace("1,900", "1900").replace("2,200", "2200"), "correct it"
    return None
