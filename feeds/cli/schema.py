"""The command `feeds schema`, which prints the JSON Schemas of the content files."""

from __future__ import annotations

import json
from pathlib import Path

import click

from feeds import content
from feeds.cli import console
from feeds.errors import FeedsError
from feeds.model.vocabulary import Vocabulary


@click.command()
@console.data_option
@click.option("--translation", is_flag=True, help="Of a translation, which needs no `published`.")
@click.option("--newsroom", is_flag=True, help="Of newsroom.yaml instead.")
@click.option(
    "--terms", metavar="FACET", help="Of the file with the terms of this facet instead (country or countries)."
)
def schema(data: Path | None, *, translation: bool, newsroom: bool, terms: str | None) -> None:
    """Print the JSON Schema of a release file of this newsroom.

    It holds the facets and terms. With it, text editors complete and check release files.
    """
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
