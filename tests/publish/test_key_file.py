"""The file that shows search engines that the newsroom's key is its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from feeds.publish.document import Missing, Moved
from tests.makers import NEWSROOM, NOW, Bench, a_compiled, yaml

KEY = "3f9c2b7e41d84a06"
FILES = {"2021/2021-06-01-dam.yaml": yaml(published="2021-06-01", aliases=["/security.txt"])}


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return a_compiled(tmp_path_factory.mktemp("key"), FILES, newsroom=f"{NEWSROOM}indexnow: {KEY}\n")


def test_it_holds_the_key_and_nothing_else(bench: Bench) -> None:
    document = bench.document(f"/{KEY}.txt")
    assert (document.body, document.media_type, document.status) == (KEY.encode(), "text/plain; charset=utf-8", 200)
    assert document == bench.document(f"/{KEY}.txt", NOW.replace(year=2022))
    assert bench.answer(f"/{KEY.upper()}.TXT") == Moved(f"/{KEY}.txt")


def test_it_is_among_the_addresses_of_the_newsroom(bench: Bench) -> None:
    assert f"/{KEY}.txt" in bench.everything()
    assert KEY not in bench.body("/sitemap-pages.xml")


def test_no_other_key_is_there_and_none_without_one(bench: Bench, tmp_path: Path) -> None:
    assert isinstance(bench.answer("/3f9c2b7e41d84a07.txt"), Missing)
    assert isinstance(bench.answer(f"/mn/{KEY}.txt"), Missing)
    without = a_compiled(tmp_path, FILES)
    assert isinstance(without.answer(f"/{KEY}.txt"), Missing)
    assert not [path for path in without.everything() if path.endswith(f"{KEY}.txt")]


def test_a_former_address_like_that_of_a_key_leads_on(bench: Bench) -> None:
    assert bench.answer("/security.txt") == Moved("/releases/2021/dam")


@pytest.mark.parametrize("written", ["short", "with space in it", "UPPERCASE-KEY", "a/../../etc-passwd", "k" * 129])
def test_what_is_no_key_is_refused(tmp_path: Path, written: str) -> None:
    with pytest.raises(Exception, match="indexnow"):
        a_compiled(tmp_path, FILES, newsroom=f"{NEWSROOM}indexnow: {written}\n")
