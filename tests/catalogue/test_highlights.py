"""What a search has found is marked in a text by the same rules by which it was found."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.catalogue import fulltext, tokenizer
from feeds.catalogue.highlights import LONGEST, HighlightedText, Highlights
from feeds.model import search_words
from tests.tools import examples


def marked(sought: str, text: str) -> str:
    """The text with brackets around what was sought."""
    return shown(Highlights(search_words.words(sought)).pieces(text))


def shown(pieces: tuple[HighlightedText, ...]) -> str:
    return "".join(f"[{piece.text}]" if piece.sought else piece.text for piece in pieces)


@pytest.mark.parametrize(
    ("sought", "text"),
    [
        ("herder", "[Herders]’ lives, a [herder]'s life; shepherds"),
        ("insured herders", "[Insurance] for [herders]"),
        ("covid-19", "[COVID-19] since 19 June: [Covid, 19], 19 covid"),
        ("covid-19", "covid and 19, covid é 19, covid 社 19, [covid—19]"),
        ("ties skies possibility", "Tie, [tied], the sky, [ski], [possible], [possibly]"),
        ("cafe", "A [Café], [cafés], a cafeteria"),
        ("STRASSE", "Eine [Straße]"),
        ("社会保护", "[社会保护]与社会保障"),
        ("社", "[社]会保护与[社]会"),
        ("社会 保护", "[社会保护]与[社会]保障"),
        ("малчид", "[Малчдын] нийгмийн даатгал, [малчид]; мал"),
        ("работа", "[Работы] и [работников], раб"),
        ("الاجتماعية", "الحماية [الاجتماعية]"),
        ("a.b o'clock", "[A.B] at nine [o'clock]"),
        ("nothing", "Something else"),
        ("!?", "Signs!? are no words"),
    ],
)
def test_what_is_marked(sought: str, text: str) -> None:
    assert marked(sought, text.replace("[", "").replace("]", "")) == text


def test_an_accent_of_its_own_belongs_to_its_letter() -> None:
    assert marked("cafe", "cafe\u0301s and cafe\u0301") == "[cafés] and [café]"


def test_an_excerpt_stands_around_the_first_word_that_was_sought() -> None:
    text = f"{'Before it all. ' * 30}The herders came{', and went on' * 30}."
    found = shown(Highlights(("herder",)).excerpt(text, ("herder",)))
    assert found.startswith("… ")
    assert found.endswith(" …")
    assert " The [herders] came, and went" in found
    assert len(found) < LONGEST + 10
    assert not Highlights(("nobody",)).excerpt(text, ("nobody",))


@pytest.mark.parametrize("before", [0, 1, 380, 395, 400, 785, 790, 795, 800, 3_190, 3_200, 9_000])
def test_an_excerpt_is_the_same_wherever_in_a_text_it_is(before: int) -> None:
    around = "What they said of covid-19 was new to the herders: " + "it went on, " * 20
    found = shown(Highlights(("covid-19", "herder")).excerpt(f"{'x' * before} {around}{around}", ("covid-19",)))
    assert "What they said of [covid-19] was new to the [herders]: it went on" in found
    assert len(found) < LONGEST + 10


def test_an_excerpt_of_a_short_text_is_all_of_it() -> None:
    assert shown(Highlights(("came",)).excerpt("The herders came.", ("came",))) == "The herders [came]."


def test_an_excerpt_is_about_what_is_asked_and_marks_all() -> None:
    text = f"The herders came. {'Nothing more. ' * 30}The herders had a dam."
    highlights = Highlights(("dam", "herder", "road"))
    assert highlights.words_in(text) == {"dam", "herder"}
    assert not highlights.excerpt(text, ("road",))
    assert shown(highlights.excerpt(text, ("road", "dam"))).endswith("The [herders] had a [dam].")


def test_a_language_without_spaces_is_cut_anywhere() -> None:
    found = shown(Highlights(("牧民",)).excerpt("社会保护" * 100 + "牧民" + "社会保护" * 100, ("牧民",)))
    assert "[牧民]" in found
    assert len(found) < LONGEST + 10


_TEXTS = st.text("ab社会дал-' .éß\u0301İ", max_size=40)
_SOUGHT = st.text("ab社会дал-' éß", max_size=12)


@given(_SOUGHT, _TEXTS)
@examples(500)
def test_it_finds_what_the_index_finds_and_loses_no_character(sought: str, text: str) -> None:
    words = search_words.words(sought)
    highlights = Highlights(words)
    assert "".join(piece.text for piece in highlights.pieces(text)) == normalize("NFC", text)
    if words and all(search_words.index_terms(word).terms for word in words):
        with closing(sqlite3.connect(":memory:")) as index:
            index.executescript(tokenizer.TABLE)
            index.execute("INSERT INTO fulltext (rowid, text) VALUES (1, ?)", (search_words.index_text(text),))
            query = "SELECT count(*) FROM fulltext WHERE fulltext MATCH ?"
            (found,) = index.execute(query, (fulltext.query(words),)).fetchone()
        assert (highlights.words_in(text) == {*words}) >= bool(found)


def test_stems_of_many_words_are_told_as_those_of_a_few(monkeypatch: pytest.MonkeyPatch) -> None:
    words = [f"{first}{second}ing" for first in "abdmt" for second in ("alk", "ump", "ell")]
    alone = [tokenizer.terms(word)[0] for word in words]
    monkeypatch.setattr(tokenizer, "_MOST_KNOWN", 4)
    for at in range(len(words)):
        assert tokenizer.term_of_each(words[: at + 1]) == alone[: at + 1]
