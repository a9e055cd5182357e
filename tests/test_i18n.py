"""What the product says itself: in every language of the newsroom, whatever the machine's locale."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from babel.localedata import locale_identifiers

from feeds.i18n import Words

LATE = datetime(2021, 6, 23, 16, 30, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", "24 June 2021"), ("zh-Hans", "2021年6月24日"), ("mn", "2021 оны зургаадугаар сарын 24")],
)
def test_a_day_is_that_of_the_newsroom_s_zone_in_its_language(language: str, expected: str) -> None:
    # CLDR puts a narrow space after the Mongolian year, and may change its mind about it.
    assert " ".join(Words.of(language).date(LATE, SHANGHAI).split()) == expected


@pytest.mark.parametrize(
    ("language", "names", "expected"),
    [
        ("en", ["China"], "China"),
        ("en", ["China", "Mongolia"], "China or Mongolia"),
        ("en", ["China", "Japan", "Mongolia"], "China, Japan, or Mongolia"),
        ("zh-Hans", ["中国", "蒙古国"], "中国或蒙古国"),
        ("zh-Hans", ["中国", "日本", "蒙古国"], "中国、日本或蒙古国"),
        ("mn", ["Хятад", "Монгол"], "Хятад эсвэл Монгол"),
        ("mn", ["Хятад", "Япон", "Монгол"], "Хятад эсвэл Япон эсвэл Монгол"),
        ("ar", ["الصين", "منغوليا"], "الصين أو منغوليا"),
    ],
)
def test_names_are_listed_as_alternatives(language: str, names: list[str], expected: str) -> None:
    assert Words.of(language).any_of(names) == expected


def test_what_has_no_translation_is_said_in_english() -> None:
    assert Words.of("mn").say("Never said before: {title}", title="x") == "Never said before: x"
    assert Words.of("xx").say("Withdrawn: {title}", title="x") == "Withdrawn: x"


def test_braces_in_a_title_are_left_alone() -> None:
    assert Words.of("en").say("Withdrawn: {title}", title="{x} {0}") == "Withdrawn: {x} {0}"


def test_a_language_calls_itself_by_its_own_name() -> None:
    assert [Words.of(language).own_name for language in ("en", "zh-Hans", "mn")] == ["English", "中文 (简体)", "Монгол"]


def test_text_runs_as_its_script_does() -> None:
    tags = """ar he fa ur ps yi dv ug ckb sd ks syr nqo ku-Arab az-Arab pa-Arab uz-Arab ff-Adlm arc
        en mn zh-Hans zh-Hant ku tr az uz ar-Latn pa ha ms hi th ru el ka hy am ff xx"""
    right, left = (line.split() for line in tags.splitlines())
    assert {tag: Words.of(tag).direction for tag in right} == dict.fromkeys(right, "rtl")
    assert {tag: Words.of(tag).direction for tag in left} == dict.fromkeys(left, "ltr")


def test_names_are_listed_in_every_language_that_cldr_has() -> None:
    for language in locale_identifiers():
        words = Words.of(language.replace("_", "-"))
        for names in (["A"], ["A", "B"], ["A", "B", "C"], ["A", "B", "C", "D"]):
            for written in (words.any_of(names), words.all_of(names)):
                assert [sign for sign in written if sign in "ABCD"] == names, language


def test_authors_are_named_together() -> None:
    assert Words.of("en").all_of(["Ada", "Grace"]) == "Ada and Grace"
    assert Words.of("fr").all_of(["Ada", "Grace", "Mary"]) == "Ada, Grace et Mary"


def test_parts_stand_one_after_the_other() -> None:
    assert Words.of("en").listed(["China", "Wages"]) == "China, Wages"
    assert Words.of("zh-Hans").listed(["中国", "工资", "新闻"]) == "中国，工资，新闻"
    assert Words.of("en").listed([]) == ""


def test_sentences_have_a_space_between_them_where_the_script_has_one() -> None:
    assert Words.of("mn").sentences("Нэг.", "Хоёр.") == "Нэг. Хоёр."
    assert Words.of("zh-Hans").sentences("一。", "二。") == "一。二。"


@pytest.mark.parametrize(("language", "expected"), [("en", "1,234"), ("de", "1.234"), ("ar", "1,234")])
def test_a_number_is_written_as_the_language_does(language: str, expected: str) -> None:
    assert Words.of(language).number(1234) == expected


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "A, B, or C"),
        ("de", "A, B oder C"),
        ("es", "A, B ni C"),
        ("fr", "A, B ni C"),
        ("ja", "A、B、C"),
        ("mn", "A, B, C"),
        ("pt", "A, B nem C"),
        ("ru", "A, B и C"),
        ("zh-Hans", "A、B或C"),
    ],
)
def test_what_is_left_out_is_listed_as_the_language_does_after_without(language: str, said: str) -> None:
    assert Words.of(language).none_of(["A", "B", "C"]) == said
    assert Words.of(language).none_of(["A"]) == "A"
