"""`feeds theme` begins a template, and never overwrites one."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from feeds.cli.commands import group
from feeds.errors import FeedsError
from feeds.render.theme_pages import PAGES, product_template, starter
from tests.makers import a_newsroom


def theme(*arguments: str) -> Result:
    """The command with these arguments."""
    return CliRunner().invoke(group, ["theme", *arguments])


def test_it_lists_the_pages_with_their_blocks() -> None:
    lines = theme().output.splitlines()
    assert [line.partition(":")[0] for line in lines] == list(PAGES)
    assert "front: content, heading" in lines[PAGES.index("front")]


@pytest.mark.parametrize("named", ["front", "front.html", "theme/front.html"])
def test_it_writes_a_template_once(tmp_path: Path, named: str) -> None:
    folder = a_newsroom(tmp_path)
    path = folder / "theme" / "front.html"
    assert theme("--data", str(folder), named).output.startswith(f"{path}: change the blocks")
    assert path.read_text(encoding="utf-8") == starter("front")
    path.write_text("mine")
    again = theme("--data", str(folder), named)
    assert isinstance(again.exception, FeedsError)
    assert "is there already" in str(again.exception)
    assert path.read_text(encoding="utf-8") == "mine"


def test_it_prints_the_product_s_template() -> None:
    assert theme("base", "--print").output == product_template("base")


@pytest.mark.parametrize(("name", "advice"), [("relase", "did you mean release?"), ("xyz", "there are about, base")])
def test_another_name_is_refused_with_advice(tmp_path: Path, name: str, advice: str) -> None:
    refused = theme("--data", str(a_newsroom(tmp_path)), name)
    assert advice in str(refused.exception)
