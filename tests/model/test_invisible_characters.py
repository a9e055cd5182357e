"""A text of invisible characters is empty; what turns other text around is told; what is invisible and useful stays."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from feeds.model.fields import Line, Markdown, Text
from feeds.model.invisible_characters import doubtful_directions

TYPES = [TypeAdapter[str](Line), TypeAdapter[str](Text), TypeAdapter[str](Markdown)]

UNSEEN = (
    "\u200b",
    "\ufeff",
    "\u2060\u2060",
    "\u00ad",
    "\u3164",
    "\uffa0",
    "\u115f\u1160",
    "\u00a0\u3000\u202f \u2009",
    "\u200d\u200c",
    "\ufe0f",
    "\U000e0100",
    "\U000e0041\U000e007f",
    "\u180e\u180b",
    "\u2800\u2800",
    "\u202e\u202c",
    "\u2066 \u2069",
    "\u034f",
    "\u061c",
    "\ufff9\ufffb",
    "\n\u200b\n\n\u200b\n",
)
SEEN = (
    "👩\u200d🔬",
    "می\u200cخواهم",
    "a\u200fb",
    "שלום\u200e!",
    "ᠮᠣᠩᠭᠣᠯ\u180e᠎ᠠ",
    "ᠭ\u180b",
    "❤\ufe0f",
    "葛\U000e0100城",
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "co\u00adoperation",
    "เขา\u200bไป",
    "a\u2060b",
    "नि\u200dज",
    "𓂀",
    "\u0301",
    "\u0600",
)


@pytest.mark.parametrize("text", UNSEEN, ids=ascii)
@pytest.mark.parametrize("type_", TYPES, ids=["Line", "Text", "Markdown"])
def test_a_text_that_nobody_can_see_is_refused(type_: TypeAdapter[str], text: str) -> None:
    with pytest.raises(ValidationError) as raised:
        type_.validate_python(text)
    (error,) = raised.value.errors()
    assert "cannot be seen" in error["msg"] or error["type"] == "string_too_short"


@pytest.mark.parametrize("text", SEEN, ids=ascii)
@pytest.mark.parametrize("type_", TYPES, ids=["Line", "Text", "Markdown"])
def test_invisible_characters_that_have_a_use_stay(type_: TypeAdapter[str], text: str) -> None:
    assert type_.validate_python(text) == text
    assert not list(doubtful_directions(text))


@pytest.mark.parametrize("text", ["\ufeffTitle", "\ufeff\ufeffTitle", " \ufeff Title", "Title\ufeff", "\ufeff\nTitle"])
@pytest.mark.parametrize("type_", TYPES, ids=["Line", "Text", "Markdown"])
def test_a_byte_order_mark_at_the_ends_goes(type_: TypeAdapter[str], text: str) -> None:
    assert type_.validate_python(text) == "Title"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a\u202eb", [1]),
        ("a\u202eb\u202c", [1]),
        ("\u202dabc\u202c", [0]),
        ("a\u202ab", [1]),
        ("a \u2067b", [2]),
        ("\u2068a\u202bb\u202c", [0]),
        ("\u202aa\n\nb\u202c", [0, 5]),
        ("a\u202c", [1]),
        ("a\u2069b", [1]),
        ("\u2066a\u202cb\u2069", [2]),
        ("\u202aa\u202c \u2066b\u2069", []),
        ("\u202b\u2067a\u2069\u202c", []),
        ("\u2067a\u202ab\u2069", []),
        ("\u2067a\nb\u2069", []),
    ],
)
def test_marks_of_direction_without_partner_and_overrides_are_found(text: str, found: list[int]) -> None:
    assert [offset for offset, _ in doubtful_directions(text)] == found
