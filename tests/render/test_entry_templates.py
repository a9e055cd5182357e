"""Templates of entries: whatever an entry says, its bytes are those that feedgen makes of it, and so are the errors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from inspect import unwrap
from itertools import cycle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.model.newsroom import Person
from feeds.render import atom, rss
from feeds.render.entry_templates import templated
from feeds.render.feed_values import Category, CorrectionNote, Entry, File, Link, Picture
from tests.render.test_feeds import a_full_entry, a_withdrawn_entry, an_entry
from tests.tools import examples

BY_FEEDGEN = {"atom": unwrap(atom.entry), "rss": unwrap(rss.entry)}

TEXTS = st.one_of(
    st.text("&<>\"'\t\n\r\x7f\x85 aé中\U0001f600\ue000\ue001\ue002", max_size=8),
    st.sampled_from(
        ["]]>", "&amp;", "<title>&</title>", "\0", "\x07", "a\x1f", "\ufffe", "\uffff", "\ud800", "%s", "{0}", "\\1"]
    ),
)
NUMBERS = st.none() | st.integers(0, 2**70)
TIMES = st.datetimes(datetime(1900, 1, 1), timezones=st.sampled_from([UTC, timezone(timedelta(hours=8)), None]))  # noqa: DTZ001 - the zone is drawn
TYPES = st.sampled_from(["application/pdf", "audio/mpeg", "application/ogg", "video/mp4"])
FILES = st.builds(
    File,
    st.sampled_from(["https://n.example/a.ogv", "b"]) | TEXTS,
    TEXTS,
    TYPES,
    NUMBERS,
    st.sampled_from([None, "mn"]),
)
LINKS = st.builds(
    Link, TEXTS, st.sampled_from(["alternate", "related"]), st.none() | TYPES, st.none(), st.none() | TEXTS
)
PERSONS = st.builds(
    Person.model_construct, name=TEXTS, email=st.none() | TEXTS, url=st.none() | TEXTS, phone=st.none(), role=st.none()
)
PICTURES = st.builds(Picture, TEXTS, TEXTS, *[st.none() | TEXTS] * 2, NUMBERS, NUMBERS, st.none() | TYPES)


def _few(values: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(values, max_size=2).map(tuple)


@st.composite
def _entries(draw: st.DrawFn) -> Entry:
    published = draw(TIMES)
    optional = st.none() | TEXTS
    return Entry(
        id=draw(TEXTS),
        link=draw(TEXTS),
        language=draw(st.sampled_from(["en", "ar", "zh-Hans"])),
        title=draw(TEXTS),
        published=published,
        updated=draw(st.just(published) | TIMES),
        summary=draw(TEXTS),
        content=draw(TEXTS),
        date=draw(TEXTS),
        authors=draw(_few(PERSONS)),
        categories=draw(_few(st.builds(Category, TEXTS, TEXTS, TEXTS))),
        links=draw(_few(LINKS)),
        attachments=draw(_few(FILES)),
        image=draw(st.none() | PICTURES),
        credit=draw(optional),
        rights=draw(optional),
        license=draw(optional),
        corrections=draw(_few(st.builds(CorrectionNote, TIMES, TEXTS, TEXTS))),
        withdrawn=draw(st.none() | TIMES),
        replacement=draw(optional),
        excerpt=draw(optional),
        page=draw(optional),
        digest=draw(st.none() | st.binary(min_size=32, max_size=32).map(bytes.hex)),
        guid=draw(optional),
    )


def _with_other_texts(value: Any, texts: Iterator[str]) -> Any:
    """The same with other texts, as another release of the same shape may have them."""
    if isinstance(value, tuple):
        return tuple(_with_other_texts(each, texts) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        kept = {"language", "rel", "type", "hreflang", "digest"}
        names = [field.name for field in fields(value) if field.name not in kept]
        return replace(value, **{name: _with_other_texts(getattr(value, name), texts) for name in names})
    return next(texts) if value and isinstance(value, str) else value


def _outcome(render: Callable[[Entry], bytes], value: Entry) -> object:
    try:
        return render(value)
    except (ValueError, TypeError) as error:
        return type(error), str(error)


@pytest.mark.parametrize("made", BY_FEEDGEN.values(), ids=BY_FEEDGEN)
@given(value=_entries(), texts=st.lists(TEXTS, min_size=1, max_size=9))
@examples(100)
def test_any_entry_has_the_bytes_that_feedgen_makes_of_it_and_so_has_another_of_its_shape(
    made: Callable[[Entry], bytes], value: Entry, texts: list[str]
) -> None:
    entry = templated(made)
    for each in (value, _with_other_texts(value, cycle(texts)), value):
        assert _outcome(entry, each) == _outcome(made, each)


@pytest.mark.parametrize("made", BY_FEEDGEN.values(), ids=BY_FEEDGEN)
def test_feedgen_makes_one_entry_of_a_shape(made: Callable[[Entry], bytes]) -> None:
    asked: list[Entry] = []

    def counted(value: Entry) -> bytes:
        asked.append(value)
        return made(value)

    entry = templated(counted)
    for value in (a_full_entry(), an_entry(2), a_withdrawn_entry()):
        entry(value)
        assert entry(_with_other_texts(value, cycle(["R&D", "\t"]))) == made(
            _with_other_texts(value, cycle(["R&D", "\t"]))
        )
    assert len(asked) == 3


@pytest.mark.parametrize("made", BY_FEEDGEN.values(), ids=BY_FEEDGEN)
def test_a_newsroom_with_very_many_shapes_gets_the_same_bytes(made: Callable[[Entry], bytes]) -> None:
    entry = templated(made)
    terms = [Category("tag:n.example,2020:topic", f"t{number}", "") for number in range(300)]
    values = [an_entry(categories=tuple(terms[:number])) for number in range(300)]
    for value in (*values[:2], *values[250:], *values[:2]):
        assert entry(value) == made(value)
