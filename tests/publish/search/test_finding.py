"""What is found by which words, in three languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.model import search_words
from tests.makers import DAY, NOW, TOMORROW, Bench, a_compiled, write, yaml
from tests.tools import examples

from .conftest import titles

DAM = "Café talks on the **dam**"


@pytest.mark.parametrize(
    "words",
    ["dam", "DAM", "café", "cafe", "CAFÉ", "cafe\u0301", "worker", "workers", "understanding", "covid-19", "wages dam",
     "mongolia", '"dam"', "dam*", "(dam)", "ｄａｍ"],
)  # fmt: skip
def test_case_accents_endings_and_punctuation_do_not_matter(bench: Bench, words: str) -> None:
    assert titles(bench, words) == [DAM]


@pytest.mark.parametrize(
    "words", ["社会", "保护", "会保", "社会保护", "用工", "平台用工", "疫情", "疫", "2019冠状", "社会 权益"]
)
def test_chinese_words_of_any_length_are_found(bench: Bench, words: str) -> None:
    assert titles(bench, words, "/zh-Hans/feeds/all.json") == ["社会保护与平台用工"]


@pytest.mark.parametrize("words", ["护社", "社保", "社会平台", "2020", "冠状2019"])
def test_chinese_signs_in_another_order_are_another_word(bench: Bench, words: str) -> None:
    assert titles(bench, words, "/zh-Hans/feeds/all.json") == []


@pytest.mark.parametrize("words", ["далан", "ДАЛАНГИЙН", "малчид", "малчи", "нийгэм", "нийгмийн", "ажил", "даатга"])
def test_mongolian_words_are_found_whatever_their_endings(bench: Bench, words: str) -> None:
    assert titles(bench, words, "/mn/feeds/all.json") == ["Далангийн тухай"]


def test_all_words_must_be_there_and_the_newest_comes_first(bench: Bench) -> None:
    assert titles(bench, "work") == ["The road", DAM]
    assert titles(bench, "work road") == ["The road"]
    assert titles(bench, "work", "/feeds/country/mn.json") == [DAM]
    assert titles(bench, "work bridge") == []


@pytest.mark.parametrize(
    "words", ["road OR dam", "road NEAR dam", "NEAR(road dam)", "NOT dam", "text:dam", "sought:dam"]
)
def test_operators_of_the_index_are_words_like_any_other(bench: Bench, words: str) -> None:
    assert DAM not in titles(bench, words)


def test_near_is_found_as_a_word(bench: Bench) -> None:
    assert titles(bench, "near") == ["The road"]


def test_addresses_and_markup_are_no_words(bench: Bench) -> None:
    assert titles(bench, "example") == titles(bench, "strong") == titles(bench, "href") == []


def test_a_release_that_changes_is_found_by_its_new_words_only(tmp_path: Path) -> None:
    name = "2021/2021-06-01-a.yaml"
    bench = a_compiled(tmp_path, {name: yaml(title="The dam")})
    write(bench.folder, name, yaml(title="The bridge"))
    bench.compile()
    assert (titles(bench, "dam"), titles(bench, "bridge")) == ([], ["The bridge"])
    (bench.folder / "releases" / name).unlink()
    bench.compile()
    assert titles(bench, "bridge") == []


def test_words_that_seem_to_be_bad_for_the_index_do_no_harm(bench: Bench) -> None:
    for words in ('"', "'", "*", "^a", "a^", "-", "--", "a:b", "{text}: dam", "\x00dam\x00", "\\", ";", "%", "\ud7ff"):
        titles(bench, words or "x")


@given(st.text(max_size=300))
@examples(300)
def test_the_one_spelling_of_words_is_spelled_in_one_way(text: str) -> None:
    words = search_words.words(text)
    assert search_words.words(" ".join(words)) == words
    assert len(words) <= search_words.MOST
    assert len(" ".join(words)) <= search_words.LONGEST
    assert search_words.from_query(search_words.to_query(words)[1:]) == " ".join(words)


_LETTERS = "ab社会保护дал'-.\"*: 19"


@given(st.lists(st.text(_LETTERS, min_size=1, max_size=6), min_size=1, max_size=4))
@examples(150)
def test_every_word_of_a_text_finds_the_text(bench: Bench, parts: list[str]) -> None:
    text = " ".join(parts)
    terms = search_words.index_text(f"before {text} after").split()
    for word in search_words.words(text):
        row = search_words.index_terms(word)
        size = len(row.terms)
        places = [tuple(terms[at : at + size]) for at in range(len(terms))]
        found = [
            place[:-1] == row.terms[:-1] and (place[-1].startswith(row.terms[-1]) if row.prefix else place == row.terms)
            for place in places
            if len(place) == size
        ]
        assert any(found), (word, row, terms)


STATES = {
    "published": {"published": NOW - DAY},
    "just published": {"published": NOW},
    "scheduled": {"published": TOMORROW},
    "a draft": {"published": NOW - DAY, "draft": True},
    "withdrawn": {"published": NOW - 2 * DAY, "withdrawn": {"date": NOW - DAY, "reason": "An error in the dam."}},
    "to be withdrawn": {"published": NOW - 2 * DAY, "withdrawn": {"date": TOMORROW, "reason": "An error in the dam."}},
}
SEEN = {"published", "just published", "to be withdrawn"}


@given(st.lists(st.sampled_from(sorted(STATES)), min_size=1, max_size=8))
@examples(20)
def test_nothing_scheduled_drafted_or_withdrawn_is_ever_found(
    tmp_path_factory: pytest.TempPathFactory, states: list[str]
) -> None:
    files = {
        f"2021/2021-06-01-story-{n}.yaml": yaml(title=f"{state} {n} of the dam", **STATES[state])  # type: ignore[arg-type]
        for n, state in enumerate(states)
    }
    bench = a_compiled(tmp_path_factory.mktemp("states"), files)
    expected = sorted(f"{state} {n} of the dam" for n, state in enumerate(states) if state in SEEN)
    assert sorted(titles(bench, "dam")) == expected
    assert titles(bench, "reason") == titles(bench, "error") == []
