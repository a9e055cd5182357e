"""Which documents have asked which questions."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from feeds.export.dependency_table import DependencyTable

DOCUMENTS = st.dictionaries(
    st.sampled_from("abcdefgh"), st.frozensets(st.sampled_from(["e 1", "e 2", "e 11", "r x", "time"]))
)


@given(DOCUMENTS, DOCUMENTS, st.frozensets(st.sampled_from("abcdefgh")), st.frozensets(st.sampled_from(["e 1", "r x"])))
def test_every_document_is_found_by_what_it_has_asked_last(
    first: dict[str, frozenset[str]],
    then: dict[str, frozenset[str]],
    kept: frozenset[str],
    sought: frozenset[str],
) -> None:
    asked = DependencyTable()
    for path, questions in first.items():
        asked.add(path, questions)
    asked = DependencyTable.from_data(json.loads(json.dumps(asked.to_data())))
    for path, questions in then.items():
        asked.add(path, questions)
    there = {path: questions for path, questions in {**first, **then}.items() if path in kept}
    asked = asked.keep(kept)
    assert asked.having(sought) == {path for path, questions in there.items() if questions & sought}
    assert set(asked.questions) == {each for questions in there.values() for each in questions}
