"""What the product says itself: in every language of the newsroom, whatever the machine's locale."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from babel.messages.pofile import read_po

import feeds
from feeds.i18n import Words

LOCALES = sorted((Path(feeds.__file__).parent / "locale").glob("*/LC_MESSAGES/feeds.po"))
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
        ("mn", ["Хятад", "Монгол"], "Хятад эсвэл Монгол"),
    ],
)
def test_names_are_listed_as_alternatives(language: str, names: list[str], expected: str) -> None:
    assert Words.of(language).any_of(names) == expected


def test_what_has_no_translation_is_said_in_english() -> None:
    assert Words.of("mn").say("Never said before: {title}", title="x") == "Never said before: x"
    assert Words.of("fr").say("Withdrawn: {title}", title="x") == "Withdrawn: x"


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


@pytest.mark.parametrize("path", LOCALES, ids=lambda path: path.parts[-3])
def test_every_message_is_translated_with_the_same_places_to_fill(path: Path) -> None:
    with path.open("rb") as file:
        messages = [each for each in read_po(file) if each.id]
    assert messages
    for each in messages:
        assert each.string, f"no translation of “{each.id}”"
        assert not each.fuzzy, f"a guessed translation of “{each.id}”"
        places = [sorted(re.findall(r"\{\w*\}", str(text))) for text in (each.id, each.string)]
        assert places[0] == places[1], each.id


def test_the_languages_have_the_same_messages() -> None:
    ids = []
    for path in LOCALES:
        with path.open("rb") as file:
            ids.append({str(each.id) for each in read_po(file)})
    assert len(ids) >= 2
    assert all(each == ids[0] for each in ids)
