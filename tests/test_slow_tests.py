"""The list of tests that --quick leaves out names tests that there are."""

from __future__ import annotations

import re

from tests.conftest import SLOW, recorded_as_slow


def test_each_name_is_that_of_a_test() -> None:
    names = recorded_as_slow()
    assert names
    for name in names:
        module, _, function = name.partition("::")
        found = (SLOW.parents[1] / module).read_text(encoding="utf-8")
        assert re.search(rf"(?m)^ *(async )?def {function.rpartition('::')[2]}\(", found), name


def test_the_list_is_written_as_it_is_recorded() -> None:
    assert SLOW.read_text(encoding="utf-8") == "".join(f"{name}\n" for name in sorted(recorded_as_slow()))
