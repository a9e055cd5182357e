"""The command `feeds schema`, which prints the JSON Schemas of the content files."""

from __future__ import annotations

import json
from pathlib import Path

import click

from feeds import content
from feeds.cli import console
from feeds.errors import FeedsError
from feeds.model.vocabulary import Vocabulary


def schema(data: Path | None, *, translation: bool, newsroom: bool, terms: str | None) -> None:
    """Prints the JSON Schema of releases, of translations, of newsroom.yaml, or of the file with a facet's terms."""
    vocabulary, _ = content.read_newsroom(console.settings_for(data).data)
    if newsroom:
        found = content.newsroom_schema()
    elif terms:
        found = _terms(terms, vocabulary)
    else:
        found = content.release_schema(vocabulary, translation=translation)
    click.echo(json.dumps(found, ensure_ascii=False, indent=2))


def _terms(wanted: str, vocabulary: Vocabulary | None) -> dict[str, object]:
    if vocabulary is None:
        raise FeedsError("--terms: there is no newsroom here that can be read (`feeds check` says why)")
    facet = next((each for each in vocabulary.facets if wanted in (each.name, each.field)), None)
    if facet is None:
        raise FeedsError(f"--terms: no facet {wanted} (use {', '.join(vocabulary.facet_names)})")
    return content.terms_schema(facet, vocabulary)
