"""A text is indexed by the terms of each of its words, whatever scripts stand beside each other in it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.model.search_words import index_terms, index_text, is_next, runs
from tests.tools import examples


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Decent WORK, 2021!", "decent work 2021"),
        ("Café Straße ﬁne Ångström", "cafe strasse fine angstrom"),
        ("社会保护", "社会 会保 保护 护"),
        ("社会\n保护", "社会 会保 保护 护"),
        ("社", "社"),
        ("малчдын аж ахуй", "малчдн аж ах"),
        ("a社b", "a 社 b"),
        ("xмалчдын малчдын_y", "xмалчдын малчдн y"),
        ("العمل اللائق", "العمل اللائق"),
        ("한국 문장", "한국 문장"),
        ("", ""),
    ],
)
def test_each_word_is_indexed_as_its_script_has_it(text: str, terms: str) -> None:
    assert index_text(text) == terms


@given(text=st.text(alphabet="aZé1малы社会保 _-.,\n한ع", max_size=30))
@examples(300)
def test_words_beside_each_other_are_indexed_as_each_of_them_alone(text: str) -> None:
    words = text.replace("\n", " ").split()
    assert index_text(" ".join(words)) == " ".join(filter(None, map(index_text, words)))


@given(word=st.text(alphabet="aZé1малы社会保", min_size=1, max_size=12))
@examples(300)
def test_what_is_sought_for_a_word_is_in_its_index(word: str) -> None:
    sought, indexed = index_terms(word), index_text(word).split()
    assert [*sought.terms] == indexed[: len(sought.terms)]


@given(st.text(alphabet="abZ09_-'.\n\t‘’“”„«»–—…•\u00a0éÅßﬁ①社л", max_size=30))
@examples(300)
def test_text_in_latin_letters_is_indexed_as_any_other(text: str) -> None:
    # With a Chinese character after it, it is read in the way of all scripts.
    assert [*index_text(text).split(), "社"] == index_text(f"{text} 社").split()


_LATIN = "aAbéÉıſ1²½ªßø_ -’“.\u00ad\u0301"


@given(
    text=st.text(_LATIN, max_size=30) | st.text(f"{_LATIN}社д", max_size=30),
    beginnings=st.frozensets(st.sampled_from(["a", "ab", "b", "be", "1", "д", "社"])),
)
@examples(500)
def test_the_words_that_begin_so_are_found_where_all_words_are(text: str, beginnings: frozenset[str]) -> None:
    everything, some = runs(text), runs(text, beginnings)
    assert [run for run in everything if run in some] == some
    assert {run for run in everything if run.form.startswith(tuple(beginnings))} <= {*some}
    for one, other in pairwise(some):
        assert is_next(text, one, other) == ((one, other) in pairwise(everything))


@given(word=st.text(_LATIN, max_size=12))
@examples(300)
def test_a_word_is_spelled_the_same_beside_other_scripts(word: str) -> None:
    alone = [(run.begin, run.form) for run in runs(word)]
    assert alone == [(run.begin, run.form) for run in runs(f"{word} 社") if run.form != "社"]
