"""The JSON Schema agrees with the reading about what a release file may hold."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from feeds.content import release_schema
from feeds.content.field_descriptions import descriptions
from feeds.model.release import NOT_WRITTEN, Correction, Release, Withdrawal
from tests.content.newsrooms import a_vocabulary

GOOD: dict[str, Any] = {"title": "x", "summary": "y", "published": "2021-06-24"}
FULL: dict[str, Any] = GOOD | {
    "slug": "x",
    "year": 2021,
    "language": "zh-Hans",
    "countries": ["CN", "mongolia"],
    "topics": ["no"],
    "genre": "news",
    "draft": True,
    "image": {"src": "https://ilo.org/a.jpg", "alt": "x", "width": 1200},
    "attachments": [{"url": "https://ilo.org/a.pdf", "title": "x", "type": "application/pdf", "length": 12}],
    "corrections": [{"date": "2021-06-25T09:00:00+08:00", "note": "x", "major": False}],
    "withdrawn": {"date": "2021-06-26", "reason": "x", "replacement": "2021/y"},
}


@pytest.fixture
def schema(tmp_path: Path) -> Draft202012Validator:
    schema = release_schema(a_vocabulary(tmp_path))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@pytest.mark.parametrize("data", [GOOD, FULL, [GOOD, FULL]])
def test_good_files_pass(schema: Draft202012Validator, data: Any) -> None:
    assert not list(schema.iter_errors(data))
    assert not list(Draft202012Validator(release_schema()).iter_errors(data))


@pytest.mark.parametrize(
    "change",
    [
        {"wibble": 1},
        {"title": None},
        {"title": ["x"]},
        {"title": ""},
        {"published": "24 June 2021"},
        {"published": "2021-06-24 and more"},
        {"countries": ["Mongola"]},
        {"countries": "CN"},
        {"genre": "nws"},
        {"language": "fr"},
        {"draft": "perhaps"},
        {"year": 1492},
        {"slug": "Not a slug"},
        {"image": {"src": "https://ilo.org/a.jpg"}},
        {"image": {"src": "https://ilo.org/a.jpg", "alt": "x", "width": "wide"}},
    ],
)
def test_bad_files_do_not_pass(schema: Draft202012Validator, change: dict[str, Any]) -> None:
    assert list(schema.iter_errors(GOOD | change))
    assert list(schema.iter_errors([GOOD | change]))


@pytest.mark.parametrize("field", GOOD)
def test_the_three_fields_that_matter_are_required(schema: Draft202012Validator, field: str) -> None:
    assert list(schema.iter_errors({name: text for name, text in GOOD.items() if name != field}))


def test_a_translation_need_not_say_when_it_is_published() -> None:
    data = {"title": "x", "summary": "y"}
    assert list(Draft202012Validator(release_schema()).iter_errors(data))
    assert not list(Draft202012Validator(release_schema(translation=True)).iter_errors(data))


def test_the_descriptions_are_the_models_own() -> None:
    definitions = release_schema()["$defs"]
    assert definitions["Release"]["properties"].keys().isdisjoint(NOT_WRITTEN)
    for model in (Release, Correction, Withdrawal):
        texts = descriptions(model)
        assert texts.keys() <= model.model_fields.keys()
        for name in model.model_fields.keys() - NOT_WRITTEN:
            assert definitions[model.__name__]["properties"][name].get("description") == texts.get(name)


def test_a_description_is_the_text_below_the_field() -> None:
    assert descriptions(Correction) == {
        "date": "When it was corrected: 2021-06-25T09:30:00+08:00.",
        "note": "What was wrong, and what is right.",
        "major": "Whether subscribers get the release again. Write false for a typo.",
    }


def test_the_schema_of_one_vocabulary_is_always_the_same(tmp_path: Path) -> None:
    vocabulary = a_vocabulary(tmp_path)
    assert release_schema(vocabulary) == release_schema(vocabulary)
