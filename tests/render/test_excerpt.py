"""A heavy text: feeds give its beginning and a link to the whole, and none passes a megabyte."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.render.excerpt import MOST, excerpt, weight
from tests.makers import NOW, Bench, a_newsroom, yaml

ELEMENTS = st.sampled_from((
    "<p>One <em>two</em>.</p>",
    "<ul><li>A</li><li><p>B<br>C</p></li></ul>", "<hr>", "<p>漢字。</p>\n",
    "<table><tr><td>1</td></tr></table>",
    '<figure><img src="https://e.org/a.jpg" alt="a &gt; b"></figure>\n', "<blockquote><p>x</p></blockquote>",
))  # fmt: skip


@given(st.lists(ELEMENTS, max_size=9), st.integers(0, 200))
def test_the_beginning_is_as_many_whole_elements_as_fit(elements: list[str], most: int) -> None:
    whole = "".join(elements)
    found = excerpt(whole, most)
    if weight(whole) <= most:
        assert found is None
        return
    kept: list[str] = []
    for element in elements:
        if weight("".join((*kept, element.strip()))) > most:
            break
        kept.append(element)
    assert found is not None
    assert found.strip() == "".join(kept).strip()


TEXTS = {
    "many paragraphs": "One. Two. Three.\n\n" * 2_000,
    "one paragraph": "One. Two. Three. " * 2_000,
    "Chinese": "落实就业政策推动高质量发展。\n\n" * 1_000,
    "a list": "- One\n" * 4_000,
    "a table": "| a | b |\n|---|---|\n" + "| 1 | 2 |\n" * 3_000,
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_feed_gives_the_beginning_and_a_link_and_the_page_has_all_of_it(tmp_path: Path, text: str) -> None:
    bench = Bench(a_newsroom(tmp_path, {"2021/2021-06-01-dam.yaml": yaml(body=f"{text}The end.")}))
    bench.compile()
    (item,) = json.loads(bench.body("/feeds/all.json"))["items"]
    assert len(item["content_html"].encode()) < MOST + 500
    assert '<a href="https://news.example.org/releases/2021/dam">Read the whole release</a>' in item["content_html"]
    assert "The end." not in item["content_html"]
    assert "The end." in bench.body("/releases/2021/dam")
    assert "The end." not in bench.body("/feeds/all.atom") + bench.body("/feeds/all.rss")
    (problem,) = bench.problems()
    assert "2021-06-01-dam.yaml: warning: body: the text is heavier than 15 kB" in problem


def test_where_not_even_the_first_element_fits_the_summary_stands_in_its_place(tmp_path: Path) -> None:
    body = "One. Two. Three. " * 2_000
    bench = Bench(a_newsroom(tmp_path, {"2021/2021-06-01-dam.yaml": yaml(body=body, summary="R&D for all.")}))
    bench.compile()
    (item,) = json.loads(bench.body("/feeds/all.json"))["items"]
    assert item["content_html"].startswith("<p>R&amp;D for all.</p>\n<p><a href=")


def test_what_the_feed_leaves_out_is_found_all_the_same(tmp_path: Path) -> None:
    body = "One. Two.\n\n" * 3_000 + "Pangolin."
    bench = Bench(a_newsroom(tmp_path, {"2021/2021-06-01-dam.yaml": yaml(body=body)}))
    bench.compile()
    found = bench.document("/feeds/all.json", query="q=pangolin").body
    assert len(json.loads(found)["items"]) == 1


@given(st.text(alphabet="a<>&\"\n\\漢é'", max_size=40))
def test_no_format_writes_more_than_the_weight(text: str) -> None:
    assert len(escape(text).encode()) <= weight(text)
    assert len(json.dumps(text, ensure_ascii=False).encode()) - 2 <= weight(text)


@pytest.mark.parametrize("text", ["漢字。\n\n", "a\n\n", "\"x\" & 'y'\n\n", "- a **b**\n"])
def test_no_feed_passes_a_megabyte(tmp_path: Path, text: str) -> None:
    files = {
        f"2021/2021-05-01-number-{n}.yaml": yaml(
            published=NOW - timedelta(hours=n + 1), body=text * 1_200, summary="漢" * 1_000
        )
        for n in range(59)
    }
    bench = Bench(a_newsroom(tmp_path, files))
    bench.compile()
    for form in ("atom", "rss", "json"):
        document = bench.document(f"/feeds/all.{form}").body
        assert document.count(b"number-58") == 0 or document.count(b"number-0")
        assert len(document) < 1_000_000
        assert document.count(b"Read the whole release") == 59, "no text is given whole"
    assert len(json.loads(bench.body("/feeds/all.json"))["items"]) == 59


def test_no_character_is_heavier_than_an_ampersand() -> None:
    fits = f"<p>{'&' * ((MOST - weight('<p></p>')) // 5)}</p>"
    assert excerpt(fits) is None
    assert excerpt(fits + "&") is not None
    assert max(weight(chr(number)) for number in range(0xD800)) == weight("&") == 5
