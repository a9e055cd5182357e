"""`feeds schema`: the JSON Schema of a release file, for editors' tools."""

from __future__ import annotations

import json
from pathlib import Path

import click

from feeds import content
from feeds.cli import console


@click.command()
@console.data_option
@click.option("--translation", is_flag=True, help="Of a translation, which need not say when it is published.")
def schema(data: Path | None, *, translation: bool) -> None:
    """Print the JSON Schema of a release file, with the newsroom's own terms, for editors to complete and check."""
    vocabulary, _ = content.read_newsroom(console.settings_for(data).data)
    click.echo(json.dumps(content.release_schema(vocabulary, translation=translation), ensure_ascii=False, indent=2))
