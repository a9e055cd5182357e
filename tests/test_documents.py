"""What the documents for people say about this project's own files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.tools import ROOT

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
_EXAMPLE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
_TARGET = re.compile(r"\]\(([^)#\s]+)[^)]*\)")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_to_a_file_leads_to_one(document: Path) -> None:
    text = _EXAMPLE.sub("", document.read_text(encoding="utf-8"))
    targets = [target for target in _TARGET.findall(text) if "://" not in target]
    assert [target for target in targets if not (document.parent / target).exists()] == []
