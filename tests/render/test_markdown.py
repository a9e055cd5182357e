"""Markdown becomes HTML that no reader's sanitizer would touch, with every address whole."""

from __future__ import annotations

import html
import time
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.render import markdown, raw_html
from feeds.render.body import MarkupError
from tests.tools import examples

BASE = "https://news.example.org/releases/2021/dam"


class Seen(HTMLParser):
    """The tags and addresses of a fragment."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One *word*.", "<p>One <em>word</em>.</p>"),
        ("# More", '<h2 id="2021-dam--more">More</h2>'),
        ("###### Least", '<h6 id="2021-dam--least">Least</h6>'),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("| a |\n|---|\n| b |", "<th>a</th>"),
        ("~~no~~", "<del>no</del>"),
        ("[dam](/dam)", '<a href="https://news.example.org/dam">'),
        ("[dam](other)", '<a href="https://news.example.org/releases/2021/other">'),
        ("[mail](mailto:a@example.org)", '<a href="mailto:a@example.org">'),
        ("![A dam](/dam.png)", '<img src="https://news.example.org/dam.png" alt="A dam">'),
        ("a < b & c", "a &lt; b &amp; c"),
        ("社会保护", "<p>社会保护</p>"),
    ],
)
def test_what_an_editor_writes_is_what_a_reader_sees(text: str, expected: str) -> None:
    assert expected in markdown.html_of(text, BASE)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<style>*{}</style>",
        '<p onclick="x()" style="color:red" class="x" id="x">a</p>',
        '<iframe src="https://evil.example"></iframe>',
        '<form action="https://evil.example"><input></form>',
        "[x](javascript:alert(1))",
        "[x](JaVa\tScript:alert(1))",
        '<a href="java&#10;script:alert(1)">x</a>',
        '<a href="&#x6a;avascript:alert(1)">x</a>',
        "[x](data:text/html,x)",
        "![x](mailto:a@example.org)",
        '<svg onload="x()"><a xlink:href="javascript:x()">x</a></svg>',
        '<img src="https:///nowhere">',
        "<math><mi//xlink:href=javascript:x()>",
        "<!-- secret -->",
    ],
)
def test_nothing_that_acts_survives(text: str) -> None:
    seen = Seen(markdown.html_of(text, BASE))
    assert not {"script", "style", "iframe", "form", "input", "svg", "math", "object"} & set(seen.tags)
    for name, value in seen.attributes:
        assert name in {"href", "src", "alt", "id"}
        if name in {"href", "src"}:
            assert urlsplit(value).scheme in {"https", "mailto"}
            assert "script" not in value


@given(text=st.text(max_size=200) | st.text(alphabet='<>/"=a&;:[]()!*`#\n hrefscipt', max_size=120))
@examples(300)
def test_whatever_is_written_every_address_is_whole_and_every_tag_known(text: str) -> None:
    seen = Seen(markdown.html_of(text, BASE))
    assert set(seen.tags) <= raw_html.KEPT
    for name, value in seen.attributes:
        if name in ("href", "src", "cite"):
            assert urlsplit(value).scheme in {"http", "https", "mailto", "sms", "tel"}


@given(text=st.text(max_size=200))
@examples(100)
def test_the_same_text_gives_the_same_bytes(text: str) -> None:
    assert markdown.html_of(text, BASE) == markdown.html_of(text, BASE)


def test_what_is_nested_too_deep_is_refused_before_it_costs_time() -> None:
    begun = time.process_time()
    with pytest.raises(MarkupError, match="nested more than 60 deep"):
        markdown.html_of("<b>" * 60_000, BASE)
    assert time.process_time() - begun < 10


@given(text=st.text(alphabet="<&>;#aAbB1/!? x", max_size=40))
def test_plain_text_reads_the_same_decoded_once_or_twice(text: str) -> None:
    written = markdown.plain(text)
    assert written.replace("\u2060", "") == text.replace("\u2060", "")
    assert html.unescape(written) == written
    assert not Seen(written).tags


@pytest.mark.parametrize("text", ["Terms &copy 2021", "&#65 b", "&#x41 b", "a&notary", "&amp 2021", "x &lt b", "&#1"])
def test_a_reference_without_its_semicolon_stays_text_for_a_client_that_decodes_twice(text: str) -> None:
    written = markdown.plain(text)
    assert html.unescape(written) == written
    assert written.replace("\u2060", "") == text


@pytest.mark.parametrize("text", ["R&D", "AT&T", "B&B 2021", "a & b", "Q&A #1", "x &y"])
def test_an_ampersand_that_begins_no_reference_stays_as_it_is(text: str) -> None:
    assert markdown.plain(text) == text


def test_a_paragraph_is_text_and_nothing_else() -> None:
    assert markdown.paragraph('a <b> & "c"') == '<p>a &lt;b&gt; &amp; "c"</p>\n'
