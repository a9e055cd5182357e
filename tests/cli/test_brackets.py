"""Brackets in titles and paths are no markup: a terminal shows them as they are written."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from feeds.cli import console, schedule
from tests.makers import NOW

TITLE = "[Update] The dam [/bold] is open"


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    shown = io.StringIO()
    wide = Console(file=shown, force_terminal=True, highlight=False, no_color=True, width=200)
    for name in ("out", "err"):
        monkeypatch.setattr(console, name, lambda: wide)
    return shown


def test_what_is_scheduled_is_told_with_its_title(terminal: io.StringIO) -> None:
    schedule._print([{"when": NOW, "what": "appears", "title": TITLE}])
    assert TITLE in terminal.getvalue()


def test_a_sentence_is_told_as_it_is(terminal: io.StringIO) -> None:
    console.tell(f"/srv/{TITLE}: another export is running")
    assert f"/srv/{TITLE}: another export is running" in terminal.getvalue()
