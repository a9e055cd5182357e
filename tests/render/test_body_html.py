"""What becomes of each thing that a newsroom writes into a body, and what the editor is told of it."""

from __future__ import annotations

import re
import time
from contextlib import suppress
from html import unescape
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nh3 import clean_text

from feeds.render import markdown, raw_html
from feeds.render.body import Body, MarkupError
from tests.tools import ROOT, examples
from tests.wire.rules_html import faults

HOME = "https://news.example.org"
YOUTUBE = "https://www.youtube-nocookie.com"
PAGE = f"{HOME}/releases/2021/dam"


def body(text: str) -> Body:
    return markdown.body_of(text, PAGE, HOME)


def told(text: str) -> list[tuple[int, str]]:
    """Line and message of each remark."""
    return sorted((text.count("\n", 0, each.offset) + 1, each.message) for each in body(text).remarks)


# -- strikes and tildes -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("培训对象为5~10岁和15~20岁的青年", "培训对象为5~10岁和15~20岁的青年"),
        ("~a~ and ~b~", "~a~ and ~b~"),
        ("10 ~ 20 ~ 30", "10 ~ 20 ~ 30"),
        ("~~gone~~ and ~here~", "<del>gone</del> and ~here~"),
        ("~~5~10岁~~", "<del>5~10岁</del>"),
        (r"\~5\~ and \\~a\\~", r"~5~ and \~a\~"),
        (r"\~~a~~", "~~a~~"),
        ("`a~b~c` and `~~`", "<code>a~b~c</code> and <code>~~</code>"),
        ("~_x_ and ~*y*", "~<em>x</em> and ~<em>y</em>"),
        ("https://e.org/~user/~x", '<a href="https://e.org/~user/~x">https://e.org/~user/~x</a>'),
        ("[x](https://e.org/~user)", '<a href="https://e.org/~user">x</a>'),
        ("<https://e.org/~user>", '<a href="https://e.org/~user">https://e.org/~user</a>'),
        ('<a href="https://e.org/~user">~x~</a>', '<a href="https://e.org/~user">~x~</a>'),
        ("![5~6](https://e.org/~a.png)", '<img src="https://e.org/~a.png" alt="5~6">'),
        ("[a~b]: https://e.org/~x\n\n[a~b] ~c~", '<a href="https://e.org/~x">a~b</a> ~c~'),
        ("&#126;a&#126;", "~a~"),
    ],
)
def test_two_tildes_strike_and_one_never_does(text: str, expected: str) -> None:
    assert body(text).html == f"<p>{expected}</p>\n"


def test_a_fence_of_tildes_is_code() -> None:
    assert body("~~~\na~b\n~~~\n\n~~~ python\n~\n~~~").html == (
        "<pre><code>a~b\n</code></pre>\n<pre><code>~\n</code></pre>\n"
    )


@pytest.mark.parametrize("sign", ["\U0001d000", "&#x1D000;", "%F0%9D%80%80", "\U0001d000\U0001d001", "\ufdd0"])
def test_what_stands_for_a_tilde_in_between_may_be_in_the_text(sign: str) -> None:
    assert clean_text(unescape(sign)) in clean_text(unescape(clean(body(f"{sign} 5~6 {sign} 7~8").html)))
    assert "5~6" in body(f"{sign} 5~6 {sign} 7~8").html
    assert body(f"[x](https://e.org/{sign}~)").html.count("~") == 1


def clean(html: str) -> str:
    return re.sub("<[^<>]*>", "", html)


@given(text=st.text(alphabet="~a5 *`\\[]()\n岁", max_size=40))
@examples(300)
def test_no_tilde_is_lost_but_those_that_strike_or_fence(text: str) -> None:
    html = body(text).html
    if "~~" not in text:
        assert html.count("~") == text.count("~")
        assert "<del>" not in html


# -- Chinese ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("通过了**《宣言》**和**“计划”**。", "通过了<strong>《宣言》</strong>和<strong>“计划”</strong>。"),
        ("这是**“体面劳动”**的", "这是<strong>“体面劳动”</strong>的"),
        ("**注意：**请看", "<strong>注意：</strong>请看"),
        ("他说*（笑）*好", "他说<em>（笑）</em>好"),
        ("これは**「宣言」**です", "これは<strong>「宣言」</strong>です"),
        ("~~（旧）~~新", "<del>（旧）</del>新"),
        ("a**b**c", "a<strong>b</strong>c"),
    ],
)
def test_emphasis_works_beside_signs_of_chinese(text: str, expected: str) -> None:
    assert body(text).html == f"<p>{expected}</p>\n"


# -- footnotes, headings, anchors -------------------------------------------------------------------------------------


def targets(html: str) -> set[str]:
    return set(re.findall(r' id="([^"]*)"', html))


def leads(html: str) -> list[str]:
    """The fragments of links within the page, decoded as browsers do."""
    return [unquote(each) for each in re.findall(rf'href="{PAGE}#([^"]*)"', html)]


@pytest.mark.parametrize(
    "text",
    [
        "A fact[^1].\n\n[^1]: Estimate.",
        "A[^note] B[^note].\n\n[^note]: Twice *referred* to.",
        "事实[^甲]。\n\n[^甲]: 估计。",
        "[Annex](#annex)\n\n# Annex",
        "[Annex](#ANNEX)\n\n## Annex",
        "[附件](#附件一)\n\n## 附件一",
        "[Хавсралт](#хавсралт-1)\n\n## Хавсралт 1",
        "[ملحق](#ملحق)\n\n## ملحق",
        "[附](#%E9%99%84)\n\n# 附",
        "[second](#annex-1)\n\n# Annex\n\n# Annex",
        '[x](#Here)\n\n<a name="Here"></a>Here',
        '[x](#here)\n\n<p id="here">Here</p>',
        "[x](#here)\n\n<a name=here>Here\n\nMore, and *more*.",
        "[x](#here)\n\n<b id=here>Here\n\nMore.",
        '[x](#here)\n\n<a href="https://e.org/" id=here>Here</a>',
        '[x](#here)\n\n<a id=there href="#here">a</a> <a id=here href="#there">b</a>',
        "[x](#what-decent-work-is)\n\n# What <Decent Work> is",
        "[x](#my-part)\n\n# **My** `part`",
        f"[x]({PAGE}#annex)\n\n# Annex",
        "[x](/releases/2021/dam#annex)\n\n# Annex",
        "[x](#2021-dam--annex)\n\n# Annex",
        "Annex\n=====\n\n[x](#annex)",
        "<h2>Annex</h2>\n\n[x](#annex)",
    ],
)
def test_links_within_a_text_lead_to_their_places(text: str) -> None:
    made = body(text)
    assert leads(made.html)
    found = re.findall(r' id="([^"]*)"', made.html)
    assert set(leads(made.html)) <= set(found)
    assert len(set(found)) == len(found)
    assert not [each for each in made.remarks if "no HTML" not in each.message]


def test_ids_bear_the_release_so_that_they_are_unique_among_others() -> None:
    text = "# Annex\n\nA fact[^1].\n\n[^1]: Estimate.\n\n<a id=annex></a>"
    one, other = (markdown.body_of(text, f"{HOME}/releases/2021/{slug}", HOME).html for slug in ("dam", "dam-annex"))
    assert targets(one) == {"2021-dam--annex", "2021-dam--annex-1", "2021-dam--fn-1", "2021-dam--fnref-1"}
    assert not targets(one) & targets(other)


@given(headings=st.lists(st.text(alphabet="aA1- 附.", min_size=1, max_size=6), max_size=8))
@examples(200)
def test_no_two_headings_have_one_id(headings: list[str]) -> None:
    html = body("\n\n".join(f"## {heading}" for heading in headings)).html
    found = re.findall(r' id="([^"]*)"', html)
    assert len(found) == len(set(found))


def test_a_footnote_is_below_the_text_and_leads_back() -> None:
    html = body("A fact[^1].\n\n[^1]: Estimate.\n\nMore.").html
    assert html.startswith(
        f'<p>A fact<sup><a href="{PAGE}#2021-dam--fn-1" id="2021-dam--fnref-1">1</a></sup>.</p>\n<p>More.</p>\n<hr>\n'
    )
    assert f'<p>Estimate. <a href="{PAGE}#2021-dam--fnref-1">↩\ufe0e</a></p>' in html


# -- tables -----------------------------------------------------------------------------------------------------------


def test_a_table_keeps_how_its_columns_are_aligned() -> None:
    html = body("| a | b | c | d |\n|:--|:-:|--:|---|\n| 1 | 2 | 3 | 4 |").html
    assert re.findall(r"<t[hd](?: [^>]*)?>", html) == [
        *('<th align="left">', '<th align="center">', '<th align="right">', "<th>"),
        *('<td align="left">', '<td align="center">', '<td align="right">', "<td>"),
    ]


@pytest.mark.parametrize(
    "style", ['align="right"', 'style="text-align: right"', "align=RIGHT", "style='text-align:right;color:red'"]
)
def test_a_cell_written_in_html_keeps_how_it_is_aligned(style: str) -> None:
    html = body(f"<table><caption>Wages</caption><tr><td {style}>1</td></tr></table>").html
    assert html.startswith("<table><caption>Wages</caption><tbody><tr><td align=")
    assert 'align="right"' in html.lower()
    assert "style" not in html


@pytest.mark.parametrize(
    ("table", "aligned"),
    [
        ("<tr align=right><td>1</td><td align=left>2</td></tr><tr><td>3</td></tr>", ["right", "left", ""]),
        ("<tbody align=center><tr><td>1</td></tr><tr align=right><td>2</td></tr></tbody>", ["center", "right"]),
        ("<thead style='text-align: right'><tr><th>1</th></tr></thead><tr><td>2</td></tr>", ["right", ""]),
        ("<tr align=right><td>1<table><tr><td>2</td></tr></table></td></tr>", ["right", "right"]),
        ("<tr align=top><td>1</td></tr>", [""]),
    ],
)
def test_cells_take_the_alignment_of_their_row_or_group_of_rows(table: str, aligned: list[str]) -> None:
    html = body(f"<table>{table}</table>").html
    assert re.findall(r'<t[dh](?: align="(\w+)")?>', html) == aligned
    assert not re.search(r"<t(?:r|body|head) ", html)


# -- references -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["a {} b", "`x` {}", "<p>a {}</p>", "# {}", "- {}", "[{}](https://e.org/)", "**{}**"])
@pytest.mark.parametrize(("reference", "sign"), [("&#146;", "’"), ("&#x93;", "“"), ("&#128;", "€"), ("&#150;", "–")])
def test_a_reference_is_read_as_browsers_read_it(place: str, reference: str, sign: str) -> None:
    html = body(place.format(reference)).html
    assert sign in unescape(html)
    assert not re.search("[\x80-\x9f]", html)


# -- HTML -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["<Decent Work for All>", "<Annex>", "<Title>", "<Section 2>", "<Report on wages in 2021>", "<foo>",
     "<Time and place>", "<my-element>", "<Source>", "<姓名>", "<e.org>", "<Name: Bat>"],
)  # fmt: skip
def test_text_between_angle_brackets_is_shown(text: str) -> None:
    for written in (text, f"See {text}, and more", f"- {text} a\n- b"):
        assert text in unescape(clean(body(written).html))
    assert not told(f"\\{text} x")


@pytest.mark.parametrize(
    "text", ["<Decent Work for All>", "<Annex>", "<Title>", "<Section 2>", "<foo>", "<Time and place>", "<my-element>"]
)
def test_text_that_markdown_takes_for_a_tag_is_told(text: str) -> None:
    assert told(f"One.\n\n{text} x") == [(3, f"“{text}” is no HTML, so it is shown as text")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<b>a</b> <u>b</u> <mark>c</mark> <sub>2</sub>", "<b>a</b> <u>b</u> <mark>c</mark> <sub>2</sub>"),
        ("a<br>b<br/>c", "a<br>b<br>c"),
        ("<span class=x onclick='y()' style=z>a</span>", "<span>a</span>"),
        ("<B>a</B>", "<b>a</b>"),
        ("<strike>a</strike> <tt>b</tt>", "<s>a</s> <code>b</code>"),
        ('<font color="red">a</font>', "a"),
        ("<o:p></o:p>a", "&lt;o:p&gt;&lt;/o:p&gt;a"),
        ("a<!-- secret -->b", "ab"),
        ('[x](https://e.org "Title")', '<a href="https://e.org/" title="Title">x</a>'),
        ("<ruby>汉<rt>hàn</rt></ruby>", "<ruby>汉<rt>hàn</rt></ruby>"),
        ('<a href="sms:+8610">x</a>', '<a href="sms:+8610">x</a>'),
        ("[x](tel:+8610)", '<a href="tel:+8610">x</a>'),
    ],
)
def test_html_that_readers_show_is_kept_and_how_it_looks_is_left_to_them(text: str, expected: str) -> None:
    assert body(text).html == f"<p>{expected}</p>\n"
    assert not body(text).remarks


def test_parts_of_a_page_keep_their_text_on_lines_of_their_own() -> None:
    html = body("<section><header>One</header><p>Two</p></section><center>Three</center>").html
    assert html == "<div><div>One</div><p>Two</p></div><div>Three</div>\n"


@pytest.mark.parametrize(
    ("embed", "page", "label"),
    [
        (
            f'<iframe src="{YOUTUBE}/embed/a-b?rel=0" allowfullscreen></iframe>',
            "www.youtube.com/watch?v=a-b",
            "YouTube",
        ),
        (f'<iframe src="{YOUTUBE}/embed/c" title="Film"></iframe>', "www.youtube.com/watch?v=c", "Film"),
        ('<iframe src="https://player.vimeo.com/video/123" />', "vimeo.com/123", "Vimeo"),
        ("<iframe src=https://map.example.org/x></iframe>", "map.example.org/x", "map.example.org"),
        ('<iframe data-src="https://e.org/late"></iframe>', "e.org/late", "e.org"),
        ('<video src="https://m.e.org/a.mp4" controls>No film?</video>', "m.e.org/a.mp4", "m.e.org"),
        ('<video><source src="https://m.e.org/a.mp4"><p>No film?</p></video>', "m.e.org/a.mp4", "m.e.org"),
        ('<audio title="Listen" src="https://m.e.org/a.mp3"></audio>', "m.e.org/a.mp3", "Listen"),
        ('<object data="https://e.org/a.pdf"><p>fallback</p></object>', "e.org/a.pdf", "e.org"),
        ('<embed src="https://e.org/a.swf">', "e.org/a.swf", "e.org"),
    ],
)
def test_an_embed_becomes_a_link_to_what_it_shows(embed: str, page: str, label: str) -> None:
    link = f'<a href="https://{page}">{label}</a>'
    assert body(embed).html.strip() == f"<p>{link}</p>"
    assert body(f"Before {embed} after").html == f"<p>Before {link} after</p>\n"
    assert body(f"<figure>{embed}<figcaption>c</figcaption></figure>").html == (
        f"<figure>{link}<figcaption>c</figcaption></figure>\n"
    )
    assert not body(embed).remarks


@pytest.mark.parametrize(
    ("picture", "src"),
    [
        ('<img src="data:image/gif;base64,R0" data-src="https://e.org/a.jpg" alt="A">', "https://e.org/a.jpg"),
        ('<img data-original="https://e.org/a.jpg" alt="A">', "https://e.org/a.jpg"),
        ('<img src="//e.org/a.jpg" alt="A" loading="lazy" srcset="x 2x">', "https://e.org/a.jpg"),
        ('<picture><source srcset="x"><img src="https://e.org/a.jpg" alt="A"></picture>', "https://e.org/a.jpg"),
        (
            '<img data-src="https://e.org/a.jpg" alt="A"><noscript><img src="https://e.org/a.jpg"></noscript>',
            "https://e.org/a.jpg",
        ),
        ('<noscript><img src="https://e.org/a.jpg" alt="A"></noscript>', "https://e.org/a.jpg"),
    ],
)
def test_a_picture_that_loads_late_is_shown_at_once_and_once(picture: str, src: str) -> None:
    assert body(f"x {picture}").html == f'<p>x <img src="{src}" alt="A"></p>\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<script>alert(1)</script>", "<script> is left out"),
        ('<script async src="https://e.org/x.js"></script>', "<script> is left out"),
        ("<style>p { color: red }</style>", "<style> is left out"),
        ('<svg viewBox="0 0 1 1"><title>A</title><path d="M0 0"/></svg>', "<svg> is left out"),
        ("<math><mi>x</mi></math>", "<math> is left out"),
        ("<canvas></canvas>", "<canvas> is left out"),
        ('<form action="https://e.org"><input name=a><button>Send</button></form>', "of a form only the text is shown"),
        ("<input type=checkbox>", "<input> is left out"),
        ("<iframe></iframe>", "<iframe> is left out: it has no address on the web"),
        ('<iframe srcdoc="x"></iframe>', "<iframe> is left out: it has no address on the web"),
        ("<video><p>x</p></video>", "<video> is left out: it has no address on the web"),
        ('<img alt="A">', "the picture without an address is left out"),
        ("![A](data:image/png;base64,xx)", "the picture “data:image/png;base64,xx” is left out"),
        ("[x](javascript:alert(1))", "the link to “javascript:alert(1)” is left out, its text stays"),
        ("[x](file:///C:/a.doc)", "the link to “file:///C:/a.doc” is left out, its text stays"),
        ("[x](C:\\a.doc)", "the link to “C:\\a.doc” is left out, its text stays"),
        ("[x](ftp://e.org/a)", "the link to “ftp://e.org/a” is left out, its text stays"),
        ("[x](webcal://e.org/a)", "the link to “webcal://e.org/a” is left out, its text stays"),
        ("[x](https://me:pw@e.org/)", "the link to “https://me:pw@e.org/” is left out, its text stays"),
        ("[x]()", "the link to “” is left out, its text stays"),
        ("[x](#nowhere)", "“#nowhere” leads to no place in this text"),
        ("A fact[^9].", "no footnote belongs to “[^9]”, so it is shown as text"),
        ("[x](https://e.org/a b)", "“[x](h…” is no link, so it is shown as text"),
        ('<a id="x"></a><b id="x">a</b>', "the id “x” is given twice"),
        ("<?php echo 1 ?>", "“<?php echo 1 ?>” is left out"),
        ("<div>\n<p title=\"a", "“<p title=\"a…” does not end"),
    ],
)  # fmt: skip
def test_what_readers_do_not_get_as_it_is_written_is_told_with_its_line(text: str, message: str) -> None:
    assert told(f"Один.\n\n二 `{text.splitlines()[0].replace('`', '')}`.\n\n{text}")[-1:] == [
        (5 + message.startswith("“<p title"), message)
    ]


def test_a_footnote_that_nothing_refers_to_is_told() -> None:
    assert told("One.\n\n[^9]: Never *used*.\n\n[^8]: Neither.") == [
        (3, "no place in the text refers to the footnote [^9]"),
        (5, "no place in the text refers to the footnote [^8]"),
    ]
    assert not told("~~~\n[^9]: In code.\n~~~\n\nA[^1].\n\n[^1]: Used.")


def test_every_place_of_one_mistake_is_told() -> None:
    text = "[a](#x) [#x](#x)\n\n- ~~b~~ 5~6 [c](#x)\n\n> 引 [d](#x)\n> <iframe></iframe>"
    assert [line for line, _ in told(text)] == [1, 1, 3, 5, 6]
    offsets = [each.offset for each in body(text).remarks if "#x" in each.message]
    assert [text[offset : offset + 3] for offset in offsets] == ["[a]", "[#x", "[c]", "[d]"]


def test_the_text_of_a_link_that_is_left_out_is_no_link() -> None:
    assert body("[*One*](javascript:x) two <a>three</a> [four](https://e.org/)").html == (
        '<p><em>One</em> two three <a href="https://e.org/">four</a></p>\n'
    )


@pytest.mark.parametrize("address", ["ftp://e.org/a", "webcal://e.org/a", "whatsapp://send?text=a", "skype:a"])
def test_an_address_that_readers_do_not_open_is_told_with_those_that_they_do(address: str) -> None:
    (remark,) = body(f"[a]({address})").remarks
    assert "links that begin with http, https, mailto, sms or tel" in remark.advice


def test_a_near_miss_is_named() -> None:
    (remark,) = body("[x](#anex)\n\n# Annex").remarks
    assert remark.advice == "did you mean #annex?"


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("[site](www.example.org/x) [x](//e.org/y)", []),
        ("![](img/dam.jpg)", []),
        ("[x](programme.pdf) [y](../2020/a)", [f"{HOME}/releases/2020/a"]),
        ("[x](https://news.example.organic/)", []),
        ("[x](https://news.example.org) [y](/feeds/)", [f"{HOME}/", f"{HOME}/feeds/"]),
        ("[x](#annex) [y](dam)\n\n# Annex", []),
    ],
)
def test_links_to_pages_of_our_own_are_known(text: str, addresses: list[str]) -> None:
    assert [each.address for each in body(text).own_links] == addresses


def test_a_mail_address_without_its_scheme_is_told() -> None:
    (remark,) = body("[m](press@e.org)").remarks
    assert remark.advice == "write mailto:press@e.org"


def test_a_place_on_a_page_of_our_own_is_found_however_it_is_written() -> None:
    text = f"{HOME}/releases/2021/road#Wages [x](/releases/2021/ROAD#hours) [y](road?x=1#hours) {HOME}/feeds/#q"
    assert re.findall('href="[^"]*#([^"]*)"', body(text).html) == [
        "2021-road--Wages", "2021-road--hours", "2021-road--hours", "q",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One.</br>Two.", "One.<br>Two."),
        ("Company <A> and company <B>", "Company &lt;A&gt; and company &lt;B&gt;"),
        ('<A HREF="https://e.org/">x</A> <B>b</B>', '<a href="https://e.org/">x</a> <b>b</b>'),
        ("<I>x</I> <U>y</U>", "<i>x</i> <u>y</u>"),
    ],
)
def test_tags_as_people_write_them(text: str, expected: str) -> None:
    assert body(text).html == f"<p>{expected}</p>\n"


def test_a_link_in_html_is_told_where_it_stands() -> None:
    assert [line for line, _ in told('One\ntwo\n<a href="#nix">x</a>\n\n- a\n- <a href="#nix">y</a>')] == [3, 6]


def test_a_host_without_its_scheme_is_a_web_address() -> None:
    assert 'href="https://www.example.org/x"' in body("[site](www.example.org/x)").html
    assert 'href="https://www.example.org:8080/x"' in body("[site](www.example.org:8080/x)").html


@pytest.mark.parametrize("name", ["noembed", "noframes", "noscript"])
def test_what_stands_there_for_old_browsers_is_text(name: str) -> None:
    assert "Words" in body(f"<{name}>Words</{name}>").html


# -- bounds -----------------------------------------------------------------------------------------------------------

PIECES = [
    *"<>/\"'=&#[]()*_~`|-\n \\!^中",
    *("<a href=", "<img src=", "<iframe src=", "</iframe>", "<video>", "</video>", "<!--", "-->", "<svg>", "</svg>"),
    *("<p", "</p>", "<li>", "<h2>", "</h2>", "<b>", "</b>", 'id="x"', "javascript:", "data:", "https://e.org/", "(#x)"),
    *("www.e.org", "[^1]", "onclick=x", "style=", "&#10;", "<Decent Work>", "<noscript>", "<form>", "<title>", "<pre>"),
]


@given(text=st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=30).map("".join))
@examples(500)
def test_whatever_is_written_feeds_can_carry_and_every_remark_has_its_place(text: str) -> None:
    made = body(text)
    # What looks like markup that is escaped twice was written so.
    assert not [fault for fault in faults(made.html) if fault[0] != "EscapedTwice"]
    found = re.findall(r' id="([^"]*)"', "".join(re.findall("<[^<>]*>", made.html)))
    assert len(found) == len(set(found))
    assert all(each.startswith("2021-dam--") for each in found)
    offsets = [*(each.offset for each in made.remarks), *(each.offset for each in made.own_links)]
    assert all(0 <= offset <= len(text) for offset in offsets)
    assert "data-sourcepos" not in made.html


@pytest.mark.parametrize(
    "text",
    [
        ">" * 100_000,
        "".join(f"{'  ' * depth}- a\n" for depth in range(60)),
        "|" + "a|" * 40_000 + "\n|" + "-|" * 40_000 + "\n",
        "|" + "a|" * 2_000 + "\n|" + "-|" * 2_000 + "\n" + "|a\n" * 60_000,
        "[^1]" * 40_000 + "\n\n[^1]: x",
        "*" * 90_000 + "a" + "*" * 90_000,
    ],
)
def test_a_text_that_would_become_too_much_is_refused(text: str) -> None:
    with pytest.raises(MarkupError, match=r"nested more than 60|2,000,000 characters|100 columns"):
        body(text)


HEAVY = {
    "open tags": "<div>\n" + "<a b=" * 30_000,
    "open quotes": "<div>\n" + '<a b="' * 30_000,
    "comments": "<div>\n" + "<!-- " * 40_000,
    "instructions": "<div>\n" + "<?x " * 50_000,
    "players": "<div>\n" + "<iframe src=a>" * 14_000,
    "unclosed": "<div>\n" + "<Title>" * 28_000,
    "headings": "# a\n" * 50_000,
    "links": "[a](#b)" * 28_000,
    "own links": "[a](b)" * 33_000,
    "notes": "".join(f"[^{n}]: x\n\n" for n in range(15_000)),
    "escaped": "".join(f"\\[^{n}] " for n in range(22_000)),
    "no footnotes": "".join(f"[^{n}]\n\n" for n in range(20_000)),
    "no links": "".join(f"[a{n}](b c\n\n" for n in range(13_000)),
    "no addresses": "".join(f"[a{n}][b{n}] " for n in range(12_000)),
    "labels": "".join(f"[{n} a]:\n" for n in range(20_000)),
    "lists": "- a\n" * 50_000,
    "bare": "https://e.org/" * 14_000,
    "brackets": "https://e.org/" + ")" * 190_000,
    "ticks": "`a``b" * 40_000,
    "Chinese": "中\n" * 100_000,
    "emphasis": "**《a》**" * 25_000,
}


@pytest.mark.parametrize("text", HEAVY.values(), ids=HEAVY)
def test_the_time_for_a_text_grows_with_its_length(text: str) -> None:
    """Compares two times of one run: four times the text takes sixteen times as long if time grows with the square."""
    assert not faults(body(text[:2_000]).html)
    whole = processor_time(text)
    assert whole < 1 or whole < 9 * processor_time(text[: len(text) // 4])


def processor_time(text: str) -> float:
    """The seconds that the processor takes for a body."""
    began = time.process_time()
    with suppress(MarkupError):
        body(text)
    return time.process_time() - began


# -- the guide for editors --------------------------------------------------------------------------------------------

GUIDE = (ROOT / "docs" / "editing.md").read_text(encoding="utf-8").partition("## What a body may contain")[2]


def test_the_example_in_the_guide_is_published_as_written() -> None:
    example = GUIDE.partition("```markdown\n")[2].partition("```")[0]
    assert not told(example)
    assert not faults(body(example).html)


def test_the_guide_names_every_element_and_attribute_that_is_kept() -> None:
    rows = dict(re.findall(r"^\| ([\w ]+) \| (.*) \|$", GUIDE, re.MULTILINE))
    elements = re.sub("`h1` to `h6`", "h1 h2 h3 h4 h5 h6", rows["text"])
    assert set(re.findall(r"\w+", elements)) == raw_html.KEPT
    attributes = rows["attributes"].partition("`")[2].partition("`")[0].split()
    assert set(attributes) == set().union(*raw_html.ATTRIBUTES.values())
    assert set(re.findall(r"\w+", rows["players"].partition(" become")[0])) <= raw_html.PLAYERS
