"""Of the Markdown that is made of HTML, our own renderer shows the same words."""

from __future__ import annotations

from html import escape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.render.html_to_markdown import html_to_markdown, names, text_of
from feeds.render.markdown import body_of
from tests.generated.alphabet import SIGNS, WORDS

PAGE, HOME = "https://news.example.org/releases/2021/dam", "https://news.example.org"

INLINE = names(
    """a abbr b bdi bdo cite code del dfn em font i img ins kbd mark q s samp small span strong sub sup time u var"""
)


class Words(HTMLParser):
    """The words that a reader sees, as an independent parser reads them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in INLINE and tag != "wbr":
            self.found.append(" ")

    handle_startendtag = handle_starttag

    def handle_endtag(self, tag: str) -> None:
        if tag not in INLINE:
            self.found.append(" ")

    def handle_data(self, data: str) -> None:
        self.found.append(data)


def words(html: str) -> list[str]:
    parser = Words()
    parser.feed(html)
    parser.close()
    return "".join(parser.found).split()


def shown(markdown: str) -> str:
    return body_of(markdown, PAGE, HOME).html


PIECES = (
    *(word for word in (*WORDS, *SIGNS) if "&#65 b" not in word),
    *(
        "1.",
        "2)",
        "-",
        "+",
        "#",
        "##",
        ">",
        "=",
        "===",
        "---",
        "***",
        "___",
        "|",
        "||",
        "!",
        "![",
        "](",
        "[^1]",
        "[^1]:",
    ),
    *(
        "*a",
        "b*",
        "_a",
        "a_",
        "**",
        "__init__",
        "~",
        "~~",
        "`",
        "``",
        "\\*",
        "\\",
        ":",
        "::",
        "draft:",
        "title：",
        "&amp;",
    ),
    *("  ", "\u00a0", "\t", "\n", "<", "</p>", "<!-- x -->", "http://e.org/a_b*c", "www.e.org", "x@e.org", "--", "…"),
)
TEXT = st.lists(st.sampled_from(PIECES), min_size=1, max_size=5).map(lambda parts: escape(" ".join(parts)))
GLUED = st.lists(st.sampled_from(PIECES), min_size=1, max_size=4).map(lambda parts: escape("".join(parts)))


def tagged(name: str, inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    attributes = {"a": ' href="https://e.org/a_(b)?c=d&amp;e*f"', "span": ' lang="mn"', "abbr": ' title="x &quot; y"'}
    return inner.map(lambda text: f"<{name}{attributes.get(name, '')}>{text}</{name}>")


RUNNING = st.recursive(
    TEXT | GLUED,
    lambda inner: st.one_of(
        *(
            tagged(name, inner)
            for name in ("b", "strong", "em", "i", "code", "sub", "sup", "span", "abbr", "u", "font", "s")
        ),
        st.lists(inner, min_size=2, max_size=3).map("".join),
        st.lists(inner, min_size=2, max_size=3).map("<br>".join),
        TEXT.map(lambda text: f'<a href="https://e.org/a_(b)?c=d&amp;e*f">{text}</a>'),
    ),
    max_leaves=6,
)
BLOCK = st.recursive(
    st.one_of(*(tagged(name, RUNNING) for name in ("p", "h1", "h2", "h3", "div", "blockquote", "address")), RUNNING)
    | GLUED.map(lambda text: f"<pre><code class='language-py'>{text}\n\n  {text}</code></pre>"),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(
            lambda items: f"<ul>{''.join(f'<li>{i}</li>' for i in items)}</ul>"
        ),
        st.lists(inner, min_size=1, max_size=3).map(
            lambda items: f"<ol start=3>{''.join(f'<li>{i}</li>' for i in items)}</ol>"
        ),
        inner.map(lambda text: f"<blockquote>{text}</blockquote>"),
        inner.map(lambda text: f"<div dir=ltr>{text}</div>"),
        st.lists(RUNNING, min_size=4, max_size=4).map(
            lambda c: f"<table><tr><th>{c[0]}<th align=right>{c[1]}</tr><tr><td>{c[2]}</td><td>{c[3]}</td></tr></table>"
        ),
        st.lists(inner, min_size=2, max_size=2).map(
            lambda c: f"<table><caption>T</caption><tr><td>{c[0]}</td></tr><tr><td>{c[1]}</td></tr></table>"
        ),
        st.lists(RUNNING, min_size=2, max_size=2).map(lambda c: f"<dl><dt>{c[0]}</dt><dd>{c[1]}</dd></dl>"),
        RUNNING.map(lambda c: f"<figure><img src='https://e.org/x.jpg' alt='a'><figcaption>{c}</figcaption></figure>"),
        st.lists(inner, min_size=2, max_size=3).map("".join),
    ),
    max_leaves=5,
)


@given(BLOCK)
def test_the_renderer_shows_the_same_words(source: str) -> None:
    converted = html_to_markdown(source)
    assert words(shown(converted.markdown)) == words(source), converted.markdown


@given(BLOCK)
def test_the_words_alone_are_those_that_an_independent_parser_reads(source: str) -> None:
    assert text_of(source).split() == words(source)


@pytest.mark.parametrize(
    ("source", "markdown"),
    [
        ("a <b>b </b>c <i>“x”</i>y", "a **b** c <em>“x”</em>y"),
        ("<b>中文</b>字和<i>《书》</i>", "**中文**字和<em>《书》</em>"),
        ("<b>a</b><b>b</b><i>c</i>", "<strong>ab</strong><em>c</em>"),
        ("one<br>two<br><br>three", "one\\\ntwo\n\nthree"),
        ("<ul><li>a<ol start=3><li>b</ol><li>c</ul><ul><li>d</ul>", "- a\n  3. b\n- c\n\n* d"),
        ("<ul><li><p>a</p><p>b</p></li><li>c</li></ul>", "- a\n\n  b\n\n- c"),
        ("<ol type=a><li>x</ol>", '<ol type="a"><li>x</li>\n</ol>'),
        ("<h2>C #</h2><h4>x</h4>", "# C \\#\n\n### x"),
        ("<blockquote><p>a</p><pre>x\n\ny</pre></blockquote>", "> a\n>\n> ```\n> x\n>\n> y\n> ```"),
        ('<pre class="brush: py"><code>a</code></pre>', "```py\na\n```"),
        ('<pre><code class="language-c++">```</code></pre>', "````c++\n```\n````"),
        ("<p>x<sub>2</sub> <abbr title='a \" b'>y</abbr></p>", 'x<sub>2</sub> <abbr title="a &quot; b">y</abbr>'),
        ("<p lang=mn dir=ltr>Монгол</p>", '<div lang="mn" dir="ltr">\n\nМонгол\n\n</div>'),
        ("<p>a <span lang=mn>Монгол</span></p>", 'a <span lang="mn">Монгол</span>'),
        ("<a href='/a b_c(d)' title='t'> x </a>y", '[x](</a%20b_c(d)> "t") y'),
        ("<a href='https://e.org/x'>https://e.org/x</a>", "<https://e.org/x>"),
        ("<a href='javascript:x'>x</a>", "x"),
        ("<iframe src='https://e.org/v' title='A film'></iframe>", "[A film](https://e.org/v)"),
        ("<video><source src='https://e.org/v.mp4'></video>", "[e.org](https://e.org/v.mp4)"),
        ("<img data-src='https://e.org/x.jpg' src='data:x' alt='a [b]'>", "![a \\[b\\]](https://e.org/x.jpg)"),
        (
            "<figure><a href='/x'><img src='/x.jpg' alt='a'></a><figcaption>c <b>d</b></figcaption></figure>",
            '<figure><a href="/x"><img src="/x.jpg" alt="a"></a><figcaption>c <b>d</b></figcaption></figure>',
        ),
        (
            "<table><thead><tr><th style='text-align: right'>a|b<th>c</thead><tr><td align=right>1<td>2<br>3</table>",
            "| a\\|b | c |\n| --: | --- |\n| 1 | 2<br>3 |",
        ),
        (
            "<table><caption>T</caption><tr><th colspan=2>x</th></tr></table>",
            '<table><caption>T</caption>\n<tr><th colspan="2">x</th></tr>\n</table>',
        ),
        ("<dl><dt>a</dt><dd>b</dd><dd>c</dd></dl>", "<dl><dt>a</dt><dd>b</dd>\n<dd>c</dd>\n</dl>"),
        (
            "x<sup><a href='#n' id='r'>[1]</a></sup><hr><ol><li id='n'><p>N <a href='#r'>↩</a></p><p>M</p></li></ol>",
            "x[^1]\n\n[^1]: N\n\n    M",
        ),
        ("draft: yes", "draft\\: yes"),
        ("<p>Oh! No!</p>", "Oh! No\\!"),
        ("R&amp;D &amp;amp; &amp;#8; &amp;x", "R&D &amp;amp; &amp;#8; &x"),
        ("a  b\tc\nd\r\ne \f\v f\xa0 g", "a b c d e f\xa0 g"),
        ("a<br> <br> b <br>c", "a\n\nb\\\nc"),
        ("a</b>b</i>c", "abc"),
        ("<details><summary>S</summary>T</details>", "S\n\nT"),
        ("a<!-- b --><script>c</script><style>d</style>", "a"),
        ("", ""),
    ],
)
def test_each_kind_of_html_has_its_markdown(source: str, markdown: str) -> None:
    assert html_to_markdown(source).markdown == markdown


def test_addresses_are_resolved_against_the_page() -> None:
    converted = html_to_markdown("<a href='../b'>x</a><img src='c.jpg' alt=''>", "https://e.org/2021/a/")
    assert converted.markdown == "[x](https://e.org/2021/b)![](https://e.org/2021/a/c.jpg)"
    assert converted.pictures == ("https://e.org/2021/a/c.jpg",)


def test_line_breaks_count_where_they_are_meant() -> None:
    source = "one\ntwo\n\n<b>three</b>\n<ul>\n<li>a</li>\n</ul>\nfour"
    assert html_to_markdown(source, newlines=True).markdown == "one\\\ntwo\n\n**three**\n\n- a\n\nfour"
    assert html_to_markdown(source).markdown == "one two **three**\n\n- a\n\nfour"


@pytest.mark.parametrize(
    ("source", "lost"),
    [
        ("<svg>x</svg>y", "<svg> is left out: “x”"),
        ("<script>x</script>y", "a script is left out"),
        ("<img src='data:image/png;base64,xx'>y", "part of the text itself"),
        ("<a href='ftp://x/y'>y</a>", "the link to “ftp://x/y” is left out"),
        ("<iframe></iframe>y", "<iframe> has no address"),
        (f"<table><tr>{'<td>y' * 101}</table>", "more than 100 columns"),
    ],
)
def test_what_cannot_be_carried_is_told(source: str, lost: str) -> None:
    converted = html_to_markdown(source)
    assert "y" in converted.markdown
    assert [each for each in converted.lost if lost in each]
