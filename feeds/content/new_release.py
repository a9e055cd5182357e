"""The text of a new release, or of a new translation: what is known of it, and all other fields as comments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from feeds.content.commented_yaml import comment, commented_out, described, fields, modeline, scalar
from feeds.model.facets import Facet
from feeds.model.fields import Value
from feeds.model.release import Release

_EXAMPLES = {
    "dateline": " Harbour City",
    "image": "\n  src: https://www.example.org/images/bridge.jpg\n  alt: The new bridge",
    "credit": " © Ada Lovelace",
    "attachments": "\n  - url: https://www.example.org/files/report.pdf\n    title: Report\n    type: application/pdf",
    "related": " [https://www.example.org/]",
    "authors": "\n  - name: Ada Lovelace",
    "contacts": "\n  - name: Press team\n    email: press@example.org",
    "url": " https://www.example.org/news/bridge",
    "rights": " © Ada Lovelace",
    "license": " https://creativecommons.org/licenses/by/4.0/",
}
_LATER_EXAMPLES = {
    "aliases": " [2020/old-name]",
    "draft": " true",
}
_MOST_TERMS = 40
"""For a facet with more terms, the comment names its file instead."""


class NewRelease(NamedTuple):
    """What is known of a new release. Without a text, its summary and body are left to be written."""

    title: str
    published: str
    """As the file says it: 2021-06-24, or 2021-06-24T09:30:00+08:00."""
    language: str | None = None
    """Its language, if it is not the newsroom's own."""
    summary: str | None = None
    body: str | None = None
    draft: bool = False


class FacetTerms(NamedTuple):
    """A facet with the labels of its terms that can be chosen, by their names in release files."""

    facet: Facet
    labels: Mapping[str, str]


def release_text(written: NewRelease, facets: Sequence[FacetTerms], schema: str | None = None) -> str:
    """The text of a release's file. ``schema`` is the path of its JSON Schema from there, for text editors.

    Every commented example is valid once its “# ” is deleted.
    """
    values = {
        "title": f" {scalar(written.title)}",
        "language": f" {written.language}",
        "published": f" {written.published}",
        "summary": f" {scalar(written.summary)}" if written.summary else "",
        "draft": " true",
    }
    said = ["title", "language", "published", "draft", "summary"]
    stated = [name for name in said if getattr(written, name) or name == "summary"]
    later = {name: example for name, example in _LATER_EXAMPLES.items() if name not in stated}
    parts = [
        *fields(Release, values, {}, stated),
        *map(_terms, facets),
        *fields(Release, {}, _EXAMPLES),
        *fields(Release, {}, later),
        "\n".join((*comment(described(Release, "body")), _body(written.body))),
    ]
    return "\n\n".join(_with_modeline(schema, parts)) + "\n"


def translation_text(original: Release, title: str | None, schema: str | None = None, *, draft: bool = False) -> str:
    """The text of a translation's file: what differs from the original, each with the original's words above it."""
    parts = [
        _with_original(original.title, f"title:{f' {scalar(title)}' if title else ''}"),
        *(["draft: true"] if draft else []),
        _with_original(original.summary, "summary:"),
    ]
    if original.dateline:
        parts.append(_with_original(original.dateline, "# dateline:"))
    if original.image:
        parts.append(commented_out("\n".join(("image:", *_stated(original.image, "  ")))))
    if original.attachments:
        parts.append(commented_out("\n".join(("attachments:", *_listed(original.attachments)))))
    if original.body:
        parts.append(_with_original(original.body, _body(None)))
    return "\n\n".join(_with_modeline(schema, parts)) + "\n"


def _with_modeline(schema: str | None, parts: Sequence[str]) -> Iterator[str]:
    if schema:
        yield modeline(schema)
    yield from parts


def _terms(each: FacetTerms) -> str:
    """The field of a facet as a comment, with the names that can be written there."""
    facet, labels = each
    named = [f"{name} ({label})" if label and label != name else name for name, label in labels.items()]
    known = ", ".join(named) if 0 < len(named) <= _MOST_TERMS else f"names of {facet.file}"
    name = next(iter(labels), "example")
    example = f"{facet.field}: {name if facet.one else f'[{name}]'}"
    return "\n".join((*comment(f"What it is about: {known}."), commented_out(example)))


def _stated(value: Value, indent: str) -> list[str]:
    """The fields that a value states, a line each."""
    stated = ((name, each) for name, each in value if each is not None)
    return [f"{indent}{name}: {scalar(each) if isinstance(each, str) else each}" for name, each in stated]


def _listed(values: Sequence[Value]) -> Iterator[str]:
    for value in values:
        first, *others = _stated(value, "    ")
        yield from (f"  - {first.strip()}", *others)


def _body(text: str | None) -> str:
    lines = text.split("\n") if text else []
    return "\n".join(("body: |-", *(f"  {line}".rstrip() for line in lines)))


def _with_original(text: str, field: str) -> str:
    """A field with the original's text above it."""
    paragraphs = text.split("\n")
    return "\n".join((*(line for each in paragraphs for line in comment(each) or ["#"]), field))
