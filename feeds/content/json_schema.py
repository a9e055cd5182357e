"""The JSON Schema of a release file, for the tools in which people write it."""

from __future__ import annotations

from typing import Any

from feeds.content.terms import FIELDS, spelt
from feeds.model.release import Facet, Release
from feeds.model.vocabulary import Vocabulary

DIALECT = "https://json-schema.org/draft/2020-12/schema"
FILLED_IN = frozenset({"id", "slug", "language", "year"})


def release_schema(vocabulary: Vocabulary | None = None, *, translation: bool = False) -> dict[str, Any]:
    """The schema (2020-12) of a file with one release or a list of them, as an editor's tool sees it after YAML 1.2.

    With a vocabulary, the terms and languages that may be written are listed in it. A translation need not say
    when it is published: its original does.
    """
    release = _plain(Release.model_json_schema(mode="validation"))
    definitions = release.pop("$defs")
    optional = FILLED_IN | ({"published"} if translation else set())
    release["required"] = [field for field in release["required"] if field not in optional]
    _list_choices(release["properties"], vocabulary)
    definitions["Release"] = release
    return {
        "$schema": DIALECT,
        "title": "Translation of a press release" if translation else "Press release",
        "description": "One release, or a list of releases.",
        # Rather than oneOf: of two alternatives that fail, tools would report both.
        "if": {"type": "array"},
        "then": {"items": {"$ref": "#/$defs/Release"}},
        "else": {"$ref": "#/$defs/Release"},
        "$defs": definitions,
    }


def _plain(schema: Any) -> Any:
    """The same schema without nulls and defaults: an absent value has no line in the file."""
    if isinstance(schema, list):
        return [_plain(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {key: _plain(part) for key, part in schema.items() if key != "default"}
    options = [option for option in plain.get("anyOf", ()) if option != {"type": "null"}]
    if options:
        plain.pop("anyOf")
        plain |= options[0] if len(options) == 1 else {"anyOf": options}
    # The titles that pydantic makes say what the name says already.
    return {key: part for key, part in plain.items() if key != "title" or not isinstance(part, str)}


def _list_choices(properties: dict[str, Any], vocabulary: Vocabulary | None) -> None:
    """Terms as people write them: the model's own patterns are those of slugs."""
    if vocabulary:
        properties["language"] = {**properties["language"], "enum": list(vocabulary.newsroom.languages)}
    for facet, field in FIELDS.items():
        choices: dict[str, Any] = {"type": "string", "minLength": 1}
        if vocabulary:
            terms = vocabulary.terms.get(facet, ())
            choices["enum"] = [name for term in terms for name in (spelt(facet, term.slug), *term.aliases)]
        kept = {key: part for key, part in properties[field].items() if key == "description"}
        properties[field] = kept | (choices if facet is Facet.GENRE else {"type": "array", "items": choices})
