"""What the documents for people say about this project's own files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from feeds import content
from tests import documents
from tests.tools import ROOT

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
_EXAMPLES = re.compile(r"(?ms)^```.*?^```$|^ {4}[^\n]*|`[^`\n]+`")
"""What stands there as an example, with links to files that are not ours."""
_TARGET = re.compile(r"\]\(([^)#\s]+)[^)]*\)")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_to_a_file_leads_to_one(document: Path) -> None:
    text = _EXAMPLES.sub("", document.read_text(encoding="utf-8"))
    targets = [target for target in _TARGET.findall(text) if "://" not in target]
    assert [target for target in targets if not (document.parent / target).exists()] == []


def test_every_field_is_in_its_document() -> None:
    made = documents.newsroom_document()
    assert documents.DOCUMENT.read_text(encoding="utf-8") == made, "run python -m tests.documents"


def test_every_block_and_value_of_a_template_is_in_its_document() -> None:
    made = documents.theme_document()
    assert documents.THEME.read_text(encoding="utf-8") == made, "run python -m tests.documents"


def test_the_examples_with_every_field_have_no_problem(tmp_path: Path) -> None:
    for name, text in (("newsroom", documents.NEWSROOM), ("departments", documents.TERMS), ("countries", "FR: {}\n")):
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    vocabulary, problems = content.read_newsroom(tmp_path)
    assert (vocabulary is not None, problems) == (True, ())
    assert vocabulary
    file = content.SourceFile("2021-06-24-new-bridge.yaml", documents.RELEASE.encode())
    releases, problems = content.read_story(file, (), vocabulary)
    assert (len(releases), problems) == (1, ())
