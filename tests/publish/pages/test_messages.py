"""What the product says, in every language it speaks: nothing left out, nothing left over."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes

from feeds import i18n
from feeds.i18n import Words
from feeds.model.facets import DEFAULT_FACETS

FEEDS = Path(i18n.__file__).parent
CATALOGUES = sorted((FEEDS / "locale").glob("*/LC_MESSAGES/feeds.po"))


def said() -> set[str]:
    """Every message that a module or a template says."""
    in_code = {message for path in FEEDS.rglob("*.py") for message in _said_by(path)}
    # The product has words for the facets of a newsroom that declares none.
    facets = {facet.english_label for facet in DEFAULT_FACETS}
    return facets | in_code | {message for path in FEEDS.rglob("*.html") for message in _said_in(path)}


def _said_by(module: Path) -> Iterator[str]:
    # Babel's own extractor does not look into f-strings.
    for call in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "say":
            message = call.args[0]
            assert isinstance(message, ast.Constant), f"{module.name}:{call.lineno}: only a text can be translated"
            yield str(message.value)


def _said_in(template: Path) -> Iterator[str]:
    for call in Environment(autoescape=True).parse(template.read_text(encoding="utf-8")).find_all(nodes.Call):
        if isinstance(call.node, nodes.Getattr) and call.node.attr == "say":
            (message,) = call.args
            assert isinstance(message, nodes.Const), f"{template.name}:{call.lineno}: only a text can be translated"
            yield str(message.value)


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_every_message_has_a_translation_and_no_translation_is_left_over(path: Path) -> None:
    with path.open("rb") as file:
        translated = {str(each.id): str(each.string) for each in read_po(file) if each.id}
    assert {message for message, text in translated.items() if not text} == set()
    assert said() - set(translated) == set(), "not translated"
    assert set(translated) - said() == set(), "said nowhere"


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_a_translation_has_the_same_places_to_fill(path: Path) -> None:
    with path.open("rb") as file:
        for each in read_po(file):
            if each.id:
                assert _places(str(each.string)) == _places(str(each.id))


def _places(text: str) -> list[str]:
    return sorted(re.findall(r"\{\w*\}", text))


def test_a_language_is_added_by_its_file_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "pt_BR" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "feeds.po").write_text('msgid "Feeds"\nmsgstr "Fontes"\n', encoding="utf-8")
    monkeypatch.setattr(i18n, "_FOLDER", tmp_path)
    i18n._messages.cache_clear()
    try:
        assert Words("pt-BR").say("Feeds") == "Fontes"
        assert Words("pt-BR").say("Follow") == "Follow"
        assert Words("pt-BR").open_graph_locale == "pt_BR"
    finally:
        i18n._messages.cache_clear()


def test_the_country_where_most_speak_a_language_is_named_to_the_web() -> None:
    assert [Words(tag).open_graph_locale for tag in ("en", "zh-Hans", "mn")] == ["en_US", "zh_CN", "mn_MN"]
