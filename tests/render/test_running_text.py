"""Bare addresses become links, as far as the address goes; lines of Chinese and Japanese join without a space."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.render import markdown, running_text
from tests.tools import examples


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("见https://e.org/x。", "https://e.org/x"),
        ("（https://e.org/x）", "https://e.org/x"),
        ("见https://e.org/x，再看", "https://e.org/x"),
        ("见https://e.org/x的附件", "https://e.org/x"),
        ("“https://e.org/x”", "https://e.org/x"),
        ("《https://e.org/x》", "https://e.org/x"),
        ("링크는 https://e.org/x입니다", "https://e.org/x"),
        ("https://e.org/xを見る", "https://e.org/x"),
        ("See https://e.org/x.", "https://e.org/x"),
        ("See https://e.org/x, then", "https://e.org/x"),
        ("(see https://e.org/x)", "https://e.org/x"),
        ("(see https://e.org/x_(y))", "https://e.org/x_(y)"),
        ("https://e.org/x!?", "https://e.org/x"),
        ("https://e.org/x(见附件)", "https://e.org/x"),
        ("https://e.org/?a=1&b=2#c;", "https://e.org/?a=1&b=2#c"),
        ("https://e.org/~user/a_b-c", "https://e.org/~user/a_b-c"),
        ("link:https://e.org/x", "https://e.org/x"),
        ("https://m.e.org/Ярилцлага.mp3 (МP3)", "https://m.e.org/Ярилцлага.mp3"),
        ("www.ilo.org/beijing.", "www.ilo.org/beijing"),
        ("见www.gov.cn。", "www.gov.cn"),
        ("HTTPS://E.ORG/X", "HTTPS://E.ORG/X"),
        ("见https://例え.jp/x。", "https://例え.jp/x"),
        ("见https://例え.jp是", "https://例え.jp"),
        ("https://政府.中国/x", "https://政府.中国/x"),
        ("https://政府.中国 и", "https://政府.中国"),
        ("www.例え.jp/x", "www.例え.jp/x"),
        ("https://m.例え.jp:8080/x", "https://m.例え.jp:8080/x"),
        ("https://한국.kr/x", "https://한국.kr/x"),
        ("https://e.org是a.com", "https://e.org"),
    ],
)
def test_a_bare_address_is_a_link_as_far_as_it_goes(text: str, shown: str) -> None:
    made = running_text.linked(text)
    assert re.findall("<a [^>]*>(.*?)</a>", made) == [html.escape(shown)]
    assert html.unescape(re.sub("<[^<>]*>", "", made)) == text
    (href,) = re.findall('href="([^"]*)"', made)
    assert href.isascii()
    assert href.startswith("https://")


@pytest.mark.parametrize(
    "text",
    ["https://", "www.", "www.example", "http://localhost/x", "me@www.e.org", "xhttps://e.org", "https://me:pw@e.org/",
     "https://[::1", "ftp://e.org/x", "https:/e.org", "a.www.e.org/", "https://e.org:99999/", "https://例え",
     "https://政府.中国是的"],
)  # fmt: skip
def test_what_is_no_web_address_stays_text(text: str) -> None:
    assert running_text.linked(text) == html.escape(text, quote=False)


def test_two_addresses_are_two_links() -> None:
    made = running_text.linked("https://a.org/1、https://b.org/2;https://c.org/3")
    assert re.findall(">(https[^<]*)<", made) == ["https://a.org/1", "https://b.org/2;https://c.org/3"]


@pytest.mark.parametrize("text", ["`https://e.org/`", "[https://e.org/](https://e.org/)", "~~~\nhttps://e.org/\n~~~"])
def test_in_code_and_in_links_no_address_becomes_another_link(text: str) -> None:
    made = markdown.html_of(text, "https://n.example/releases/2021/dam")
    assert made.count("<a ") == text.count("](")


@given(text=st.text(alphabet="htps:/.w egor()[]&<>中。_*", max_size=60))
@examples(200)
def test_no_text_is_changed_by_its_links(text: str) -> None:
    assert html.unescape(re.sub('<a href="[^"]*">|</a>', "", running_text.linked(text))) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("他们通过\n了宣言", "<p>他们通过了宣言</p>"),
        ("他们**通过**\n了宣言", "<p>他们<strong>通过</strong>了宣言</p>"),
        ("他们\n**通过**了", "<p>他们<strong>通过</strong>了</p>"),
        ("他们**通过\n了**宣言", "<p>他们<strong>通过了</strong>宣言</p>"),
        ("他们[通过](https://e.org/)\n*了*", '<p>他们<a href="https://e.org/">通过</a><em>了</em></p>'),
        ("他说：\n“是。”\n然后", "<p>他说：“是。”然后</p>"),
        ("一，\n二、\n三", "<p>一，二、三</p>"),
        ("これは\n日本語\nです。", "<p>これは日本語です。</p>"),
        ("- 一\n  二\n- 三", "<ul>\n<li>一二</li>\n<li>三</li>\n</ul>"),
        ("> 一\n> 二", "<blockquote>\n<p>一二</p>\n</blockquote>"),
        ("한국어\n문장", "<p>한국어\n문장</p>"),
        ("中文\nEnglish\n中文", "<p>中文\nEnglish\n中文</p>"),
        ("one\ntwo", "<p>one\ntwo</p>"),
        ("Нэг\nхоёр", "<p>Нэг\nхоёр</p>"),
        ("“one”\n“two”", "<p>“one”\n“two”</p>"),
        ("一  \n二", "<p>一<br>\n二</p>"),
        ("~~~\n一\n二\n~~~", "<pre><code>一\n二\n</code></pre>"),
        ("一\n\n二", "<p>一</p>\n<p>二</p>"),
        ("    一\n    二", "<pre><code>一\n二\n</code></pre>"),
        ("<pre>一\n二</pre>", "<pre>一\n二</pre>"),
        ("　　一\n二", "<p>　　一二</p>"),
        ("a\u00a0b\u202fc  d", "<p>a&nbsp;b\u202fc  d</p>"),
    ],
)
def test_lines_join_as_their_script_has_it(text: str, expected: str) -> None:
    assert markdown.html_of(text, "https://n.example/releases/2021/dam") == f"{expected}\n"


@given(text=st.text(alphabet="中“”a한\n ", max_size=30))
@examples(200)
def test_joining_takes_away_line_breaks_and_nothing_else(text: str) -> None:
    made = running_text.joined(text)
    assert made.replace("\n", "") == text.replace("\n", "")
    assert "中\n中" not in made
