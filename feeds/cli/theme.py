"""The command `feeds theme`, which begins a template of the newsroom's own."""

from __future__ import annotations

from pathlib import Path

import click

from feeds import content
from feeds.cli import console
from feeds.cli.files import require_newsroom
from feeds.errors import FeedsError
from feeds.model.vocabulary import nearest_word
from feeds.render.theme_pages import PAGES, blocks_of, product_template, starter


def theme(data: Path | None, page: str | None, *, print_: bool) -> None:
    """Writes the file for a page, or prints the product's template; without a page, lists all with their blocks."""
    if page is None:
        for each in PAGES:
            console.out().print(f"{each}: {', '.join(blocks_of(each))}", markup=False)
        return
    name = page.rpartition("/")[2].removesuffix(".html")
    if name not in PAGES:
        near = nearest_word(name, PAGES)
        advice = f"did you mean {near}?" if near else f"there are {', '.join(PAGES)}"
        raise FeedsError(f"PAGE: no page has a template “{name}” ({advice})")
    if print_:
        click.echo(product_template(name), nl=False)
        return
    folder = console.settings_for(data).data
    require_newsroom(folder)
    path = folder / content.THEME / f"{name}.html"
    _write(path, starter(name))
    console.out().print(f"{path}: change the blocks that you need, and delete the others", markup=False)


def _write(path: Path, text: str) -> None:
    """Writes a new file. Raises FeedsError if there is one already."""
    try:
        path.parent.mkdir(exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise FeedsError(f"{path}: is there already, and stays as it is (`--print` prints the product's)") from error
    except OSError as error:
        raise FeedsError(f"{path}: cannot be written ({error.strerror})") from error
