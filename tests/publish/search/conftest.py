"""A newsroom in three languages whose releases can be sought by words."""

from __future__ import annotations

import json
from datetime import datetime
from urllib.parse import quote_plus

import pytest

from feeds.publish.document import Document, Moved
from tests.makers import DAY, NOW, Bench, a_compiled, yaml

FILES = {
    "2021/2021-06-01-dam.yaml": yaml(
        title="Café talks on the **dam**", summary="COVID-19 and decent work.", published=NOW - 9 * DAY,
        countries=["MN"], topics=["wages"], body="Workers met *under*standing employers. See [this](https://x.example/y).",
    ),
    "2021/2021-06-01-dam.mn.yaml": yaml(title="Далангийн тухай", summary="Малчдын нийгмийн даатгал, ажлын байр."),
    "2021/2021-06-01-dam.zh-Hans.yaml": yaml(title="社会保护与平台用工", summary="劳动者的权益，2019冠状病毒病疫情。"),
    "2021/2021-06-02-road.yaml": yaml(title="The road", summary="Nothing on work or a “NEAR” thing.",
                                      published=NOW - 3 * DAY, countries=["CN"]),
}  # fmt: skip


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return a_compiled(tmp_path_factory.mktemp("sought"), FILES)


def titles(bench: Bench, words: str, path: str = "/feeds/all.json", now: datetime = NOW) -> list[str]:
    """What a reader finds who asks for these words, following where he is sent."""
    answer = bench.answer(path, now, f"q={quote_plus(words)}")
    if isinstance(answer, Moved):
        path, _, query = answer.path.partition("?")
        answer = bench.answer(path, now, query)
    assert isinstance(answer, Document)
    return [item["title"] for item in json.loads(answer.body)["items"]]
