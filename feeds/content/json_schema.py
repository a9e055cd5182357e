"""The JSON Schemas (2020-12) of the content folder's files, for text editors that check and complete YAML.

They are made from the models and from this newsroom's facets and terms. A text editor reads YAML 1.2, where true and
2021 are no texts.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from feeds.content.field_descriptions import DescribedJsonSchema
from feeds.model.facets import DEFAULT_FACETS, Facet
from feeds.model.newsroom import Newsroom, Term
from feeds.model.release import NOT_WRITTEN, Release
from feeds.model.vocabulary import Vocabulary

DIALECT = "https://json-schema.org/draft/2020-12/schema"

FILLED_IN = frozenset({"id", "slug", "language", "year"})
"""Fields of a release that are filled in if absent."""


def release_schema(vocabulary: Vocabulary | None = None, *, translation: bool = False) -> dict[str, Any]:
    """The schema of a file with one release or a list of releases.

    With a vocabulary, it lists the terms and languages that may be written. In a translation ``published`` is optional:
    it is the original's.
    """
    release, definitions = _schema(Release)
    optional = FILLED_IN | ({"published"} if translation else set())
    release["required"] = [field for field in release["required"] if field not in optional]
    if vocabulary:
        _list_languages(release["properties"], vocabulary)
    _add_facets(release["properties"], vocabulary.facets if vocabulary else DEFAULT_FACETS, vocabulary)
    definitions["Release"] = release
    return {
        "$schema": DIALECT,
        "title": "Translation of a press release" if translation else "Press release",
        "description": "One release, or a list of releases.",
        # With oneOf, text editors would report the errors of both alternatives.
        "if": {"type": "array"},
        "then": {"items": {"$ref": "#/$defs/Release"}},
        "else": {"$ref": "#/$defs/Release"},
        "$defs": definitions,
    }


def newsroom_schema() -> dict[str, Any]:
    """The schema of newsroom.yaml."""
    newsroom, definitions = _schema(Newsroom)
    return {"$schema": DIALECT, "title": "Newsroom", **newsroom, "$defs": definitions}


def terms_schema(facet: Facet, vocabulary: Vocabulary) -> dict[str, Any]:
    """The schema of the file with a facet's terms: under each slug, the fields of the term."""
    term, definitions = _schema(Term)
    del term["properties"]["slug"]
    term["required"] = [] if facet.codes else ["labels"]
    before = vocabulary.facets[: vocabulary.facet_names.index(facet.name)]
    _add_facets(term["properties"], before, vocabulary)
    group: dict[str, Any] = {
        "type": "object",
        # A code needs no fields: its line may end after the colon.
        "additionalProperties": {"anyOf": [{"type": "null"}, term]} if facet.codes else term,
    }
    codes = {"type": "array", "items": {"type": "string"}}
    return {
        "$schema": DIALECT,
        "title": f"Terms of the facet {facet.name}",
        **({"anyOf": [group, codes]} if facet.codes else group),
        "$defs": definitions,
    }


def _schema(model: type[BaseModel]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The schema of a model as written in its file, and the definitions that it refers to."""
    schema = _plain(model.model_json_schema(mode="validation", schema_generator=DescribedJsonSchema))
    definitions: dict[str, Any] = schema.pop("$defs", {})
    # In files each facet has a field of its own instead of terms.
    for each in (schema, *definitions.values()):
        for name in NOT_WRITTEN:
            each.get("properties", {}).pop(name, None)
    for name in ("MediaFile", "SmallerPicture"):
        definitions.pop(name, None)
    return schema, definitions


def _plain(schema: Any) -> Any:
    """The schema without nulls and defaults: in files an absent value has no line."""
    if isinstance(schema, list):
        return [_plain(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {key: _plain(part) for key, part in schema.items() if key != "default"}
    options = [option for option in plain.get("anyOf", ()) if option != {"type": "null"}]
    if options:
        plain.pop("anyOf")
        plain |= options[0] if len(options) == 1 else {"anyOf": options}
    # pydantic's titles only repeat the names.
    return {key: part for key, part in plain.items() if key != "title" or not isinstance(part, str)}


def _list_languages(properties: dict[str, Any], vocabulary: Vocabulary) -> None:
    properties["language"] = {**properties["language"], "enum": list(vocabulary.newsroom.languages)}


def _add_facets(properties: dict[str, Any], facets: tuple[Facet, ...], vocabulary: Vocabulary | None) -> None:
    """Adds a field for each facet. With a vocabulary, it lists the terms as they are written."""
    for facet in facets:
        choices: dict[str, Any] = {"type": "string", "minLength": 1}
        terms = vocabulary.terms.get(facet.name, ()) if vocabulary else ()
        if terms:
            choices["enum"] = [name for term in terms for name in (facet.written(term.slug), *term.aliases)]
        properties[facet.field] = choices if facet.one else {"type": "array", "items": choices}
