"""A withdrawal or a correction is written into a file, and no other byte of it changes."""

from __future__ import annotations

from datetime import datetime

import pytest
from yaml import BaseLoader, load_all

from feeds.content.release_edits import with_correction, with_withdrawal
from feeds.errors import FeedsError

WHEN = datetime.fromisoformat("2021-06-26T09:30:00+08:00")
WITHDRAWN = {"date": "2021-06-26T09:30:00+08:00", "reason": "It was “wrong”: # all of it"}
NOTE = {"date": "2021-06-26T09:30:00+08:00", "note": "Nine, not 'ten'."}

FILES = {
    "plain": "title: Dam\npublished: 2021-06-24\nsummary: S\n",
    "comments": "# a\ntitle: Dam # b#\n\n# when\npublished: 2021-06-24   # as agreed\n\n# what\nsummary: S\n",
    "no line break at the end": "title: Dam\nsummary: S\npublished: 2021-06-24",
    "Windows": "title: Dam\r\npublished: 2021-06-24\r\nsummary: >-\r\n  One\r\n  two\r\n",
    "marks": "\ufefftitle: Dam\npublished: 2021-06-24\n\ufeffsummary: S\n",
    "Chinese": "summary: >-\n  北京\n  上海\ntitle: >-\n  第一\n  第二\npublished: 2021-06-24\nbody: |-\n  北京\n",
    "quotes": "title: 'Dam\n\n  and more'\n'published': \"2021-06-24\"\nsummary: S\n",
    "translation": "title: >\n  Далан\n\n\nsummary: S\n",
    "indented": "  title: Dam\n  published: 2021-06-24\n  summary: S\n",
    "list": "- title: Dam\n  published: 2021-06-24\n  summary: S\n",
    "documents": "---\ntitle: Dam\npublished: 2021-06-24\nsummary: S\n...\n",
    "braces": "{title: Dam, published: 2021-06-24, summary: S}\n",
    "JSON": '{\n  "title": "Dam",\n  "published": "2021-06-24",\n  "summary": "北京 上海"\n}\n',
    "a comment in braces": "{title: Dam, published: 2021-06-24, summary: S # the end, really\n}\n",
    "a comma at the end": "{\n  title: Dam,\n  published: 2021-06-24, # day\n  summary: S,\n}\n",
    "date last, in a block": "title: Dam\nsummary: S\npublished: |-\n  2021-06-24\n\n\n",
}
LISTS = {
    "block": "corrections:\n  - date: 2021-06-25\n    note: |\n      One.\n\n      Two.\n\nsummary: S\n",
    "at the margin": "corrections:\n- date: 2021-06-25 # first\n  note: One\n# end\nsummary: S\n",
    "brackets": "corrections: [{date: 2021-06-25, note: 'One]'}]\nsummary: S\n",
    "lines in brackets": "corrections: [\n  {date: 2021-06-25, note: One},\n]\nsummary: S\n",
    "empty": "corrections: []\nsummary: S\n",
    "last": "summary: S\ncorrections:\n    -   date: 2021-06-25\n        note: One",
    "braces in a block": "corrections:\n  - {date: 2021-06-25, note: One} # that\nsummary: S\n",
}


def data(raw: bytes) -> list[object]:
    """The records of a file, by PyYAML."""
    text = raw.decode().replace("\ufeff", "")
    return [
        each
        for document in load_all(text, BaseLoader)
        for each in (document if isinstance(document, list) else [document])
    ]


def without_the_new(before: bytes, after: bytes) -> bytes:
    """The bytes of ``after`` but for one run that is new."""
    start = next((at for at, pair in enumerate(zip(before, after, strict=False)) if pair[0] != pair[1]), len(before))
    return after[:start] + after[start + len(after) - len(before) :]


@pytest.mark.parametrize("name", FILES)
def test_a_withdrawal_is_one_new_field_and_all_else_stays(name: str) -> None:
    raw = FILES[name].encode()
    after = with_withdrawal(raw, WHEN, WITHDRAWN["reason"], None)
    assert without_the_new(raw, after) == raw
    assert data(after) == [{**data(raw)[0], "withdrawn": WITHDRAWN}]  # type: ignore[dict-item]
    assert (b"\r\n" in raw) == (b"\r\n" in after)
    assert after.count(b"\n") - after.count(b"\r\n") == (0 if b"\r\n" in raw else after.count(b"\n"))


@pytest.mark.parametrize("name", FILES)
def test_a_first_correction_is_one_new_field_and_all_else_stays(name: str) -> None:
    raw = FILES[name].encode()
    after = with_correction(raw, WHEN, NOTE["note"], major=False)
    assert without_the_new(raw, after) == raw
    assert data(after) == [{**data(raw)[0], "corrections": [{**NOTE, "major": "false"}]}]  # type: ignore[dict-item]


@pytest.mark.parametrize("name", LISTS)
def test_another_correction_comes_last_in_the_list(name: str) -> None:
    raw = f"title: Dam\npublished: 2021-06-24\n{LISTS[name]}".encode()
    after = with_correction(raw, WHEN, NOTE["note"])
    assert without_the_new(raw, after) == raw
    (was,), (now,) = data(raw), data(after)
    assert isinstance(was, dict)
    assert now == {**was, "corrections": [*was["corrections"], NOTE]}


def test_it_stands_below_the_date_where_an_editor_sees_it() -> None:
    after = with_withdrawal(FILES["comments"].encode(), WHEN, "Wrong.", "2021/new-dam").decode()
    added = 'withdrawn:\n  date: 2021-06-26T09:30:00+08:00\n  reason: "Wrong."\n  replacement: 2021/new-dam\n'
    assert f"published: 2021-06-24   # as agreed\n{added}\n# what\n" in after


def test_of_several_releases_one_must_be_named() -> None:
    raw = b"- slug: one\n  title: One\n- slug: two\n  title: Two\n"
    with pytest.raises(FeedsError, match="has 2 releases: say with --slug which"):
        with_withdrawal(raw, WHEN, "Wrong.", None)
    with pytest.raises(FeedsError, match="no release with “slug: three”"):
        with_withdrawal(raw, WHEN, "Wrong.", None, "three")
    first, second = data(with_withdrawal(raw, WHEN, "Wrong.", None, "two"))
    assert first == {"slug": "one", "title": "One"}
    assert second == {"slug": "two", "title": "Two", "withdrawn": {"date": WITHDRAWN["date"], "reason": "Wrong."}}


@pytest.mark.parametrize("text", ["title: [", ""])
def test_a_file_that_cannot_be_read_is_left_alone(text: str) -> None:
    with pytest.raises(FeedsError):
        with_withdrawal(text.encode(), WHEN, "Wrong.", None)


def test_where_it_cannot_be_written_the_line_is_said() -> None:
    raw = b"? title\n: Dam\n? published\n: 2021-06-24\n"
    with pytest.raises(FeedsError, match="write the line yourself: withdrawn: "):
        with_withdrawal(raw, WHEN, "Wrong.", None)
