"""What the product says, in every language it speaks: nothing left out, nothing left over, in every plural form."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from functools import cache
from gettext import c2py
from pathlib import Path
from typing import TypeAlias

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes

import feeds
from feeds.content.starter import EXAMPLE
from feeds.i18n import Words, message_catalogues
from feeds.i18n.locales import locale_of
from feeds.model.facets import DEFAULT_FACETS, OTHER_WORDS
from feeds.render.shared_parts import OpenParts

FEEDS = Path(feeds.__file__).parent
CATALOGUES = sorted((FEEDS / "locale").glob("*/LC_MESSAGES/feeds.po"))
TEMPLATE = FEEDS / "locale" / "feeds.pot"
NUMBERS = range(1000)

Id: TypeAlias = str | tuple[str, str]
"""A message; with a number, its singular and plural."""

FOREIGN_SIGNS = {
    "ar": r"[,;?\"“”]",
    "de": r"[\"”«»]",
    "es": r"[\"“”]",
    "fr": r"(?<!\u202f)[:;?!»]|«(?!\u202f)|['\"“”]",
    "ja": r"[,.:;?!()\"“”]",
    "mn": r"[\"“”]",
    "pt": r"[\"«»]",
    "ru": r"[\"“”]",
    "zh_Hans": r"[,.:;?!()\"「」]",
}
"""What stands in no text of a language: signs of another one; in French also a sign without its narrow space."""

each_catalogue = pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])


@cache
def said() -> frozenset[Id]:
    """Every message that a module or a template says. It takes seconds to read them all."""
    in_code = {message for path in FEEDS.rglob("*.py") for message in _said_by(path)}
    # The product has words for facets that many newsrooms have.
    facets: frozenset[Id] = frozenset({*(facet.english_label for facet in DEFAULT_FACETS), *OTHER_WORDS, EXAMPLE})
    return facets | in_code | {message for path in FEEDS.rglob("*.html") for message in _said_in(path)}


def _said_by(module: Path) -> Iterator[Id]:
    # Babel's own extractor does not look into f-strings.
    for call in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
            texts: list[object] = [each.value if isinstance(each, ast.Constant) else None for each in call.args]
            yield from _message(call.func.attr, texts, f"{module.name}:{call.lineno}")


def _said_in(template: Path) -> Iterator[Id]:
    environment = Environment(autoescape=True, extensions=[OpenParts])
    for call in environment.parse(template.read_text(encoding="utf-8")).find_all(nodes.Call):
        if isinstance(call.node, nodes.Getattr):
            texts = [each.value if isinstance(each, nodes.Const) else None for each in call.args]
            yield from _message(call.node.attr, texts, f"{template.name}:{call.lineno}")


def _message(method: str, texts: list[object], place: str) -> Iterator[Id]:
    if method == "say":
        assert isinstance(texts[0], str), f"{place}: only a text can be translated"
        yield texts[0]
    elif method == "count" and len(texts) == 3 and "{n}" in str(texts):  # not the method of texts
        one, many, _ = texts
        assert isinstance(one, str), f"{place}: only a text can be translated"
        assert isinstance(many, str), f"{place}: only a text can be translated"
        yield one, many


@cache
def catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3] if path.suffix == ".po" else None)


def messages(path: Path) -> dict[Id, Message]:
    return {_id(each): each for each in catalogue(path) if each.id}


def _id(message: Message) -> Id:
    return message.id if isinstance(message.id, str) else (message.id[0], message.id[1])


def forms(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def _places(text: str) -> set[str]:
    return set(re.findall(r"\{\w*\}", text))


def test_the_template_has_every_message_and_says_where_it_is_shown() -> None:
    found = messages(TEMPLATE)
    assert said() - set(found) == set(), "not in feeds.pot"
    assert set(found) - said() == set(), "said nowhere"
    assert [id_ for id_, message in found.items() if not message.auto_comments] == []
    fields = {id_: _places(str(id_)) for id_ in found}
    told = {id_: {each for each in fields[id_] if each + ":" in " ".join(found[id_].auto_comments)} for id_ in found}
    assert told == fields, "feeds.pot does not say what these fields hold"


@each_catalogue
def test_every_message_has_a_translation_and_no_translation_is_left_over(path: Path) -> None:
    translated = messages(path)
    assert said() - set(translated) == set(), "not translated"
    assert set(translated) - said() == set(), "said nowhere"
    assert [id_ for id_, each in translated.items() if each.fuzzy or not all(forms(each))] == []


@each_catalogue
def test_a_translation_has_the_same_places_to_fill(path: Path) -> None:
    rule = plural_rule(path)
    for id_, each in messages(path).items():
        for number, form in enumerate(forms(each)):
            wanted = _places(id_ if isinstance(id_, str) else id_[1])
            if not isinstance(id_, str) and sum(rule(n) == number for n in NUMBERS) == 1:
                wanted &= {*_places(form), *wanted - {"{n}"}}  # a form for a single number need not write it
            assert _places(form) == wanted, form


@each_catalogue
def test_quotation_marks_and_stops_are_those_of_the_language(path: Path) -> None:
    texts = [form for each in messages(path).values() for form in forms(each)]
    assert [text for text in texts if re.search(FOREIGN_SIGNS[path.parts[-3]], text)] == []


@each_catalogue
def test_a_message_with_a_number_has_every_plural_form_of_its_language(path: Path) -> None:
    wanted = catalogue(path).num_plurals
    assert {len(forms(each)) for id_, each in messages(path).items() if not isinstance(id_, str)} == {wanted}


@each_catalogue
def test_the_plural_forms_are_those_of_cldr(path: Path) -> None:
    name, rule = path.parts[-3], plural_rule(path)
    assert "Plural-Forms" in path.read_text("utf-8")
    category = locale_of(name.replace("_", "-")).plural_form
    pairs = {(category(n), rule(n)) for n in NUMBERS}
    assert (
        len(pairs) == len({one for one, _ in pairs}) == len({form for _, form in pairs}) == catalogue(path).num_plurals
    )


def plural_rule(path: Path) -> Callable[[int], int]:
    return c2py(catalogue(path).plural_expr)


def test_a_number_stands_in_the_form_that_the_language_has_for_it() -> None:
    def most(language: str, n: int) -> str:
        return Words.of(language).count("at most {n} release a month", "at most {n} releases a month", n)

    assert [most("en", n) for n in (1, 2, 1200)] == [
        "at most 1 release a month",
        "at most 2 releases a month",
        "at most 1,200 releases a month",
    ]
    assert most("zh-Hans", 3) == "每月最多3篇"
    assert most("xx", 1) == "at most 1 release a month"


def test_the_country_where_most_speak_a_language_is_named_to_the_web() -> None:
    assert [Words(tag).open_graph_locale for tag in ("en", "zh-Hans", "mn")] == ["en_US", "zh_CN", "mn_MN"]


@pytest.mark.parametrize("spoken", ["zh-Hans", "zh-CN", "zh", "mn", "mn-MN"])
def test_a_country_or_script_that_is_usual_takes_the_catalogue_of_the_language(spoken: str) -> None:
    assert Words(spoken).say("Feeds") != "Feeds"


@pytest.mark.parametrize("other", ["zh-Hant", "zh-TW", "zh-HK", "mn-Mong"])
def test_no_reader_is_given_another_script(other: str) -> None:
    assert Words(other).say("Feeds") == "Feeds"


def test_a_language_is_added_by_its_file_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "it" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "feeds.po").write_text('msgid "Feeds"\nmsgstr "Canali"\n', encoding="utf-8")
    monkeypatch.setattr(message_catalogues, "FOLDER", tmp_path)
    assert Words("it-CH").say("Feeds") == "Canali"
    assert Words("it-CH").say("Follow") == "Follow"
    assert Words("it-CH").open_graph_locale == "it_CH"
