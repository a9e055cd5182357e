"""Mistakes of people who do not know YAML: each is named with its place, and whoever follows the advice is done."""

from __future__ import annotations

import re
import tempfile
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.content import SourceFile, read_story
from feeds.content.faults import printable
from feeds.model.problems import Problem
from feeds.model.release import Release
from feeds.model.vocabulary import Vocabulary
from tests.content.newsrooms import a_vocabulary
from tests.tools import examples

TITLE = "title: Conference\n"
REST = "summary: What was said.\npublished: 2021-06-24\n"
GOOD = TITLE + REST
FILE = "data/releases/2021/2021-06-24-x.yaml"
IMAGE = "image:\n  src: https://e.org/a.jpg\n  alt: Two workers\n"


class Mistake(NamedTuple):
    """A faulty file, the line and column of its first problem, words of it and of its advice, and the mended file."""

    text: str
    line: int
    column: int
    message: str
    advice: str
    mended: str


def of_title(written: str, column: int, message: str, mended: str, advice: str = "") -> Mistake:
    """A mistake in the line of the title, which the advice repeats as it should be if it says nothing else."""
    return Mistake(f"title{written}\n{REST}", 1, column, message, advice or mended, f"title: {mended}\n{REST}")


def below(written: str, line: int, column: int, message: str, advice: str, mended: str) -> Mistake:
    """A mistake below GOOD, whose lines are 1 to 3."""
    return Mistake(f"{GOOD}{written}\n", line, column, message, advice, f"{GOOD}{mended}\n")


BODY = "write “body: |-” in place of this line, and indent all of the text below it by two spaces"


def of_front_matter(text: str) -> Mistake:
    """Markdown with fields above it."""
    below = text.replace("\n", "\n  ")
    message = "the text below this line belongs to no field"
    return Mistake(f"---\n{GOOD}---\n{text}\n", 5, 1, message, BODY, f"---\n{GOOD}body: |\n  {below}\n")


FRONT_MATTER = (
    "Text of the *release*.\n\nMore text.",
    "# Heading\n\nText.",
    "- one\n- two",
    "Huzhou: The text. It says: more.\n\n> Quoted",
    "[A link](https://e.org/) and **bold**\n* one\n* two",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "First part.\n\n---\n\nSecond part.",
    "湖州：会议召开。\n\n更多文字。",
    "<p>Some HTML</p>",
    '"Quoted" text, and: more',
)

MISTAKES = (
    # text that is no field, or in the wrong place
    Mistake(f"Release\n{GOOD}", 1, 1, "a line that is no field", "write “# ” before it", f"# Release\n{GOOD}"),
    Mistake(f"// 新闻稿\n\n{GOOD}", 1, 1, "a line that is no field", "or delete it", GOOD),
    Mistake(
        "title: T\npublished: 2021-06-24\nsummary: Met partners of its\nprojects in China.\n", 4, 1, "nor part of",
        "or indent it if it belongs to the text of “summary”",
        "title: T\npublished: 2021-06-24\nsummary: Met partners of its\n  projects in China.\n",
    ),
    below("body: |-\n  First.\n\nNote: more.", 7, 1, "no such field", "if it is text, indent it",
          "body: |-\n  First.\n\n  Note: more."),
    below("body: |-\n  First.\n\n- item\n- more", 7, 1, "a line of text that is not indented", "by two spaces",
          "body: |-\n  First.\n\n  - item\n  - more"),
    Mistake(
        "title: T\npublished: 2021-06-24\nsummary: >-\n  Text\n body: x\n", 5, 2, "“body:” is indented too far",
        "begin it in column 1", "title: T\npublished: 2021-06-24\nsummary: >-\n  Text\nbody: x\n",
    ),
    Mistake(
        "title: T\npublished: 2021-06-24\nsummary: One\n  two\nthree", 5, 1, "nor part of", "or indent it",
        "title: T\npublished: 2021-06-24\nsummary: One\n  two\n  three",
    ),
    # bodies that need a bar
    below("body: First: it begins.\n\n  Second.", 4, 12, "a second", "write “body: |-”",
          "body: |-\n  First: it begins.\n\n  Second."),
    below("body: *One* start\n  more", 4, 7, "begins with *", "write “body: |-”", "body: |-\n  *One* start\n  more"),
    below("body: - one\n  - two", 4, 7, "a list that begins", "write “body: |-”", "body: |-\n  - one\n  - two"),
    below("rights: @ILO and\n  others", 4, 9, "cannot begin with @", "write “rights: >-”",
          "rights: >-\n  @ILO and\n  others"),
    below("body: 'First.\n\n  The workers' rights.'", 6, 14, "a quote that ends", "write “body: |-”",
          "body: |-\n  First.\n\n  The workers' rights."),
    below('body: "First.\n\n  He said "yes" to it."', 6, 11, "a quote that ends", "write “body: |-”",
          'body: |-\n  First.\n\n  He said "yes" to it.'),
    below("body: |\u00a0\n  Text", 4, 8, "a no-break space", "put ordinary", "body: |\n  Text"),
    # other shapes
    below("corrections:\n  date: 2021-06-25\n  note: N", 5, 3, "a list of groups", "write “- ” before the first",
          "corrections:\n  - date: 2021-06-25\n    note: N"),
    below("authors: Name One", 4, 10, "a list of groups", "write “- name: Name One”", "authors:\n  - name: Name One"),
    below("image:\n  - src: https://e.org/a\n    alt: x", 5, 3, "not a list", "take the hyphen out",
          "image:\n  src: https://e.org/a\n  alt: x"),
    below("countries:\n  CN\n  MN", 5, 3, "must be a list", "write [CN, MN]", "countries: [CN, MN]"),
    below("countries: CN and MN", 4, 12, "must be a list", "write [CN, MN]", "countries: [CN, MN]"),
    below("countries: 1. CN", 4, 12, "must be a list", "write [CN]", "countries: [CN]"),
    below("genre: news, report", 4, 8, "no such genre", "a release has one genre: write news or report", "genre: news"),
    below("rights:\n  - one\n  - two", 5, 3, "must be a text", "take its hyphens out", "rights:\n  one\n  two"),
    Mistake(f"title: {{x}}\n{REST}", 1, 8, "must be a text", "put it in quotes", f'title: "{{x}}"\n{REST}'),
    Mistake("title: T\nsummary: S.\ndate: 2021-06-24\n", 3, 1, "no such field", "did you mean published?",
            "title: T\nsummary: S.\npublished: 2021-06-24\n"),
    # headings, dots and commas
    below(
        "body: Text\n\n  # Wages\n\n  More.", 6, 3, "“# Wages” is a comment", "write “body: |-”",
        "body: |-\n  Text\n\n  # Wages\n\n  More.",
    ),
    below(
        "body:\n  Text\n\n  ## Wages\n  and *more*", 7, 3, "“## Wages” is a comment", "write “body: |-”",
        "body: |-\n  Text\n\n  ## Wages\n  and *more*",
    ),
    below(
        "body: |-\n    Text\n  # Wages\n    More.\ncredit: x", 6, 3, "“# Wages” is a comment", "indent it by 4 spaces",
        "body: |-\n    Text\n    # Wages\n    More.\ncredit: x",
    ),
    below(
        "rights: All\n  # 1\n  of them", 5, 3, "“# 1” is a comment", "put quotes around the whole text",
        'rights: "All\n  # 1\n  of them"',
    ),
    below("genre :news", 4, 6, "a colon is missing", "write “genre: news”", "genre: news"),
    below("...\ncredit: x", 4, 1, "three dots, which ends a file", "delete it", "credit: x"),
    Mistake(f"---\n{GOOD}...\nText\n", 5, 1, "belongs to no field", BODY, f"---\n{GOOD}body: |-\n  Text\n"),
    below(
        "image: {src: https://e.org/a, alt: One, two}", 4, 41, "the comma before it ends the text",
        'alt: "One, two"', 'image: {src: https://e.org/a, alt: "One, two"}',
    ),
    below(
        "contacts:\n  - {name: Wang Li, press officer, phone: +86 10}", 5, 21, "the comma before it ends the text",
        'name: "Wang Li, press officer"', 'contacts:\n  - {name: "Wang Li, press officer", phone: +86 10}',
    ),
    # spaces and signs that are no part of YAML
    of_title(":\u00a0Conference", 7, "a no-break space (U+00A0)", "Conference", "put ordinary spaces"),
    of_title(":\u3000会议", 7, "an ideographic space (U+3000)", "会议", "put ordinary spaces"),
    of_title(":\u200bConference", 7, "an invisible character (U+200B)", "Conference", "put ordinary spaces"),
    Mistake(
        f"title\u00a0: Conference\n{REST}", 1, 1, "a space of another kind (U+00A0)", "put ordinary spaces",
        f"title : Conference\n{REST}",
    ),
    Mistake(f"\u200b{GOOD}", 1, 1, "an invisible character (U+200B)", "delete it", GOOD),
    below("countries:\n  -\u00a0CN", 5, 3, "must be a list", "write [CN]", "countries: [CN]"),
    below(
        "image:\n\u00a0\u00a0src: https://e.org/a\n\u00a0 alt: x", 4, 1, "has no value",
        "begin the lines below it with ordinary spaces",
        "image:\n  src: https://e.org/a\n  alt: x",
    ),
    below(
        "credit:\u202fILO\nrights: x", 4, 8, "a narrow no-break space (U+202F)", "put ordinary",
        "credit: ILO\nrights: x",
    ),
    below(
        "updated: 2021-06-25\u00a0", 4, 10, "a space of another kind (U+00A0)", "put ordinary",
        "updated: 2021-06-25",
    ),
    below("updated: 2021-06-25\u200b", 4, 10, "an invisible character (U+200B)", "delete it", "updated: 2021-06-25"),
    below("slug: dam\u00ad", 4, 7, "an invisible character (U+00AD)", "delete it", "slug: dam"),
    below("countries: [CN\u200b]", 4, 13, "no such country", "delete it", "countries: [CN]"),
    of_title("：会议", 6, "： is no colon", "会议", "an ordinary colon and a space: “title: ”"),
    below("credit： © ILO\nrights: x", 4, 7, "： is no colon", "“credit: ”", "credit: © ILO\nrights: x"),
    below("draft：true", 4, 6, "： is no colon", "“draft: ”", "draft: true"),
    below(
        "image:\n  src： https://e.org/a\n  alt: x", 5, 6, "： is no colon", "“src: ”",
        "image:\n  src: https://e.org/a\n  alt: x",
    ),
    of_title(":Foo", 7, "a space is missing after the colon", "Foo"),
    below("dateline:Huzhou", 4, 10, "a space is missing", "write “dateline: Huzhou”", "dateline: Huzhou"),
    below(
        "contacts:\n  - name:A\n    role: x", 5, 10, "a space is missing", "write “- name: A”",
        "contacts:\n  - name: A\n    role: x",
    ),
    below(
        "image: {src:https://e.org/a, alt: x}", 4, 9, "a space is missing", "write “src: https://e.org/a”",
        "image: {src: https://e.org/a, alt: x}",
    ),
    of_title(" = Foo", 7, "an equals sign", "Foo"),
    Mistake(f"**title**: Foo\n{REST}", 1, 1, "asterisks around the name", "write “title: Foo”", f"title: Foo\n{REST}"),
    Mistake(f"**title:** Foo\n{REST}", 1, 1, "asterisks around the name", "write “title: Foo”", f"title: Foo\n{REST}"),
    below("dateline Huzhou", 4, 9, "a colon is missing", "write “dateline: Huzhou”", "dateline: Huzhou"),
    below("updated: “2021-06-25”", 4, 10, "quotation marks", "write 2021-06-25", "updated: 2021-06-25"),
    below("draft: ‘true’", 4, 8, "quotation marks", "write true", "draft: true"),
    below("countries: [“CN”]", 4, 13, "no such country", "write [CN]", "countries: [CN]"),
    # quotes
    of_title(': "Decent" work', 17, "text after a closing quote", "'\"Decent\" work'"),
    of_title(": 'Decent' work", 17, "text after a closing quote", "\"'Decent' work\""),
    of_title(': "Decent" and "fair"', 17, "text after", "'\"Decent\" and \"fair\"'"),
    of_title(": 'Workers' rights'", 18, "text after", "\"Workers' rights\""),
    of_title(': "The "Decent" work"', 14, "text after", "'The \"Decent\" work'"),
    of_title(": “Decent work: for all”", 20, "a second “: ”", '"“Decent work: for all”"'),
    of_title(': "Conference', 8, "the quotes that open here", '"Conference"', 'add the missing "'),
    of_title(": 'Tis the season", 8, "the quotes that open here", "'Tis the season'", "add the missing '"),
    below(
        'credit: "ILO\nrights: "All"', 4, 9, "the quotes that open here", 'add the missing "',
        'credit: "ILO"\nrights: "All"',
    ),
    below('credit: "ILO', 4, 9, "the quotes that open here", "add the missing", 'credit: "ILO"'),
    below(
        'credit: "C:\\photos"', 4, 12, "a backslash inside double quotes", "use single quotes",
        "credit: 'C:\\photos'",
    ),
    # unquoted text that means something in YAML
    of_title(": SCORE: the conference", 13, "a second “: ”", '"SCORE: the conference"'),
    of_title(": What was said:", 21, "a second “: ”", '"What was said:"'),
    of_title(': The "end": it came', 17, "a second “: ”", "'The \"end\": it came'"),
    of_title(": @ilo says", 8, "cannot begin with @", '"@ilo says"'),
    of_title(": `code` x", 8, "cannot begin with `", '"`code` x"'),
    of_title(": %5 more", 8, "cannot begin with %", '"%5 more"'),
    of_title(": *Decent* work", 8, "begins with *", '"*Decent* work"'),
    of_title(": **Decent** work", 8, "begins with *", '"**Decent** work"'),
    of_title(": &Co", 8, "begins with &", '"&Co"', "put it in quotes"),
    of_title(": !Stop", 8, "begins with !", '"!Stop"', "put it in quotes"),
    of_title(": | Decent work", 10, "text on the line of |", '"| Decent work"'),
    of_title(": > Decent work", 10, "text on the line of |", ">\n  Decent work", "begin the text on the next line"),
    of_title(": [Update] Decent work", 8, "text after a closing bracket", '"[Update] Decent work"'),
    of_title(": {x} Decent work", 8, "text after a closing bracket", '"{x} Decent work"'),
    of_title(": [Update]", 8, "must be a text", '"[Update]"', "put it in quotes"),
    of_title(": , and more", 8, "in the wrong place", '", and more"'),
    of_title(": ? x", 8, "a question mark", '"? x"'),
    of_title(": - x", 8, "a list that begins", '"- x"'),
    of_title(": A # 3\n  more", 10, "is a comment for YAML", '"A # 3\n  more"', "put quotes around the whole text"),
    of_title(": # 3 is out", 1, "has no value, since “# 3 is out”", '"# 3 is out"', "put quotes around the text"),
    below(
        "related:\n  - ILO: Geneva", 5, 5, "must be a text", 'put quotes around it: "ILO: Geneva"',
        "related:\n  - 2021/x",
    ),
    below(
        "contacts: [{name: ILO #1, role: x}]", 4, 23, "is a comment for YAML", "put quotes around",
        'contacts: [{name: "ILO #1", role: x}]',
    ),
    below("contacts:\n  - name: a: b", 5, 12, "a second “: ”", 'name: "a: b"', 'contacts:\n  - name: "a: b"'),
    Mistake(
        f"{TITLE}summary: One line\n  and two: three\npublished: 2021-06-24\n", 3, 10,
        "a colon in a text of several lines", "write “summary: >-”",
        f"{TITLE}summary: >-\n  One line\n  and two: three\npublished: 2021-06-24\n",
    ),
    below(
        "body: Text.\n\n  More text: here.", 6, 12, "a colon in a text", "write “body: |-”",
        "body: |\n  Text.\n\n  More text: here.",
    ),
    # columns
    Mistake(
        "title: A\n  published: 2021-06-24\nsummary: S.\n", 2, 3, "“published:” is indented too far",
        "begin it in column 1",
        "title: A\npublished: 2021-06-24\nsummary: S.\n",
    ),
    below(
        "  draft: true", 4, 3, "“draft:” is indented too far", "begin it in column 1, like “published:” above",
        "draft: true",
    ),
    below(
        "countries:\n  - CN\n  draft: true", 6, 3, "“draft:” is indented too far", "begin it in column 1",
        "countries:\n  - CN\ndraft: true",
    ),
    below(
        "image:\n src: https://e.org/a\n   alt: x", 6, 4, "“alt:” is indented too far", "begin it in column 2",
        "image:\n src: https://e.org/a\n alt: x",
    ),
    below(
        "image:\nsrc: https://e.org/a\nalt: x", 4, 1, "has no value", "indent the lines that belong to it",
        "image:\n  src: https://e.org/a\n  alt: x",
    ),
    below(
        "withdrawn:\ndate: 2021-06-25\nreason: x", 4, 1, "has no value", "indent the lines",
        "withdrawn:\n  date: 2021-06-25\n  reason: x",
    ),
    below(
        "image:\n\tsrc: https://e.org/a\n\talt: x", 5, 1, "a tab", "use spaces instead",
        "image:\n  src: https://e.org/a\n  alt: x",
    ),
    below("body: |\n\tText.", 5, 1, "a tab", "use spaces instead", "body: |\n  Text."),
    below(
        "body: |\nText.\n\nMore.", 5, 1, "a line of text that is not indented", "indent it by two spaces, like all",
        "body: |\n  Text.\n\n  More.",
    ),
    below(
        "body: |\n  Text.\n\nMore text.\n\nEven more.", 7, 1, "a line of text that is not indented",
        "indent it by two spaces",
        "body: |\n  Text.\n\n  More text.\n\n  Even more.",
    ),
    below(
        "body: |\n  Text.\n\n# Results\n\n  More.", 7, 1, "a line of text that is not indented",
        "indent it by two spaces",
        "body: |\n  Text.\n\n  # Results\n\n  More.",
    ),
    below(
        "body: |\n    Text.\n\n  More.", 7, 3, "indented less than the first line", "indent it by 4 spaces",
        "body: |\n    Text.\n\n    More.",
    ),
    Mistake(
        f"{TITLE}summary:\nWhat was said.\npublished: 2021-06-24\n", 3, 1,
        "a line of text that is not indented", "indent it by two spaces",
        f"{TITLE}summary:\n  What was said.\npublished: 2021-06-24\n",
    ),
    Mistake(f" {GOOD}", 2, 1, "outside of the fields", "in the same column", GOOD),
    # lists
    below("countries:\n  -CN\n  -MN", 5, 3, "must be a list", "write [CN, MN]", "countries: [CN, MN]"),
    below(
        "countries:\n  - CN\n  -MN", 6, 3, "a space is missing after the hyphen", "write “- MN”",
        "countries:\n  - CN\n  - MN",
    ),
    below("countries:\n  -CN\n  - MN", 5, 3, "must be a list", "write [CN, MN]", "countries: [CN, MN]"),
    below("countries:\n  • CN\n  • MN", 5, 3, "must be a list", "write [CN, MN]", "countries: [CN, MN]"),
    below("countries:\n  – CN", 5, 3, "must be a list", "write [CN]", "countries: [CN]"),
    below("countries: CN, MN", 4, 12, "must be a list", "write [CN, MN]", "countries: [CN, MN]"),
    below("countries: 【CN、MN】", 4, 12, "must be a list", "write [CN, MN]", "countries: [CN, MN]"),
    below("countries: [CN；MN]", 4, 13, "no such country", "write [CN, MN]", "countries: [CN, MN]"),
    below("countries: [CN，MN]", 4, 13, "no such country", "write [CN, MN]", "countries: [CN, MN]"),
    below(
        "countries: [CN, MN\ntopics: [no]", 4, 12, "the list that opens here", "add the missing ]",
        "countries: [CN, MN]\ntopics: [no]",
    ),
    below("related: 2021/x", 4, 10, "must be a list", "write [2021/x]", "related: [2021/x]"),
    Mistake(
        "- title: x\n- summary: y\n- published: 2021-06-24\n", 1, 3, "each of these fields is a release",
        "delete these hyphens",
        "title: x\nsummary: y\npublished: 2021-06-24\n",
    ),
    # Markdown with fields above it
    *map(of_front_matter, FRONT_MATTER),
    Mistake(
        f"{GOOD}---\nText.\n", 4, 1, "the text below this line belongs to no field", BODY,
        f"{GOOD}body: |\n  Text.\n",
    ),
)  # fmt: skip


@cache
def the_vocabulary() -> Vocabulary:
    with tempfile.TemporaryDirectory() as folder:
        return a_vocabulary(Path(folder))


@pytest.fixture
def vocabulary() -> Vocabulary:
    return the_vocabulary()


def read(vocabulary: Vocabulary, text: str) -> tuple[tuple[Release, ...], tuple[Problem, ...]]:
    return read_story(SourceFile(FILE, text.encode()), (), vocabulary)


@pytest.mark.parametrize("mistake", MISTAKES, ids=[ascii(each.text)[1:60] for each in MISTAKES])
def test_a_mistake_is_named_and_its_advice_mends_it(vocabulary: Vocabulary, mistake: Mistake) -> None:
    releases, problems = read(vocabulary, mistake.text)
    assert not releases
    first = problems[0]
    assert (first.line, first.column) == (mistake.line, mistake.column), first
    assert mistake.message in first.message
    assert mistake.advice in first.advice
    for problem in problems:
        assert str(problem).isprintable()
    mended, none = read(vocabulary, mistake.mended)
    assert mended
    assert not none


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"PK\x03\x04\x14\x00\x06\x00", "word processor (.docx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00", "word processor (.doc"),
        (b"{\\rtf1\\ansi{\\fonttbl\\f0 Times;}\\f0 Hello}", "word processor (.doc, .rtf"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "a PDF file"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "a picture"),
        (b"GIF89a\x01\x00", "a picture"),
        (b"<!DOCTYPE html>\n<html></html>\n", "HTML or XML"),
        (b"\xef\xbb\xbf\n  <?xml version='1.0'?><rss/>", "HTML or XML"),
        (b"<p>Hello: world</p>\n", "HTML or XML"),
    ],
)
def test_a_file_of_another_kind_is_named(vocabulary: Vocabulary, raw: bytes, words: str) -> None:
    releases, (problem,) = read_story(SourceFile(FILE, raw), (), vocabulary)
    assert not releases
    assert (problem.line, problem.column) == (1, 1)
    assert words in problem.message


def test_json_is_yaml(vocabulary: Vocabulary) -> None:
    releases, problems = read(vocabulary, '{"title": "x", "summary": "y", "published": "2021-06-24"}')
    assert releases
    assert not problems
    _, (problem,) = read(vocabulary, '{"title": "x" "summary": "y"}')
    assert "add the missing } or comma" in problem.advice


@pytest.mark.parametrize(
    "text",
    [
        f"---\nslug: a\n{GOOD}---\nslug: b\n{GOOD}",
        f"---\nslug: a\n{GOOD}---\n# the second\nslug: b\n{GOOD}",
        f"---\n{GOOD}---\n",
        f"---\n{GOOD}---\n# nothing more\n",
        f"---\n{GOOD}body: |\n  Text.\n  ---\n  More.\n",
    ],
)
def test_several_releases_in_a_file_are_no_markdown(vocabulary: Vocabulary, text: str) -> None:
    releases, problems = read(vocabulary, text)
    assert releases
    assert not problems


PIECES = st.sampled_from((
    *("a", "Decent work", "中国", "“", "”", '"', "'", ": ", ":", " # ", "#3", "@", "`", "%", "*", "&", "!", "|", ">"),
    *("[", "]", "{", "}", ",", "?", "-", "- ", "\\", "~", "null", "=", "<", "(", ")", "é", "\u00a0", "：", "\t", "  "),
    *("...", "---"),
))  # fmt: skip
TEXTS = (
    st.lists(PIECES, min_size=1, max_size=6)
    .map("".join)
    .map(str.strip)
    .filter(lambda text: bool(text.strip("\u00a0 ")))
)
COMMENT = re.compile(r"(?:[ \t]{2,}|\t)#+(?:[ \t].*)?$")
FIELD = re.compile(r"(?:write “|: )(title: .+?)”?$")


@examples(400)
@given(TEXTS)
def test_a_title_typed_without_quotes_is_published_as_it_is_or_told_with_a_line_that_is(text: str) -> None:
    """Unless it is written in sound quotes, or with a comment, as comments are written."""
    vocabulary = the_vocabulary()
    releases, problems = read(vocabulary, f"title: {text}\n{REST}")
    if releases and not problems:
        assert text[0] in "\"'" or releases[0].title == COMMENT.sub("", text).strip()
        return
    assert problems
    advised = FIELD.search(problems[0].advice)
    if advised and printable(advised[1], 200) == advised[1]:
        mended, none = read(vocabulary, f"{advised[1]}\n{REST}")
        assert mended, none
        assert mended[0].title in (text.strip(), text[1:-1].strip())
