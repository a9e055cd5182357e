"""The digest of a text is the same for whoever has its words, and another one for whoever has others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import feedparser
import pytest

from feeds.render.text_digest import digest_uri, text_digest
from tests.makers import YESTERDAY, Bench, a_compiled, yaml

TEXT = """\
# In short

*Ус* – 5 * 3 <b title="a > b">m</b>, R&D: [here](/releases/2021/road).[^1]

- one
- two<br>three

| a | b |
|---|---|
| e\u0301 | 社会\u200b保护 |

[^1]: A note.
"""


DOCUMENT = Path(__file__).parents[2] / "docs" / "verify.md"


def as_documented(title: str, summary: str, content: str) -> str:
    """The digest as the document has it made, with other means than the program's."""
    found: dict[str, Any] = {}
    code = DOCUMENT.read_text(encoding="utf-8").partition("```python\n")[2].partition("```")[0]
    exec(code, found)  # noqa: S102 - it is our own document
    return str(found["digest"]({"title": title, "summary": summary, "content_html": content}))


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    image = {"src": "https://img.example/a.jpg", "alt": "A > B", "caption": "At work."}
    corrections = [{"date": YESTERDAY, "note": "It is <higher>."}]
    full = yaml(title="R&D: 5 < 6 <b>", body=TEXT, image=image, corrections=corrections)
    return a_compiled(tmp_path, {"2021/2021-06-01-dam.yaml": full, "2021/2021-06-02-road.yaml": yaml()})


def test_whoever_reads_a_feed_can_make_it_again(bench: Bench) -> None:
    items = json.loads(bench.body("/feeds/all.json"))["items"]
    assert len(items) == 2
    of_json = [item["_newsroom"]["sha256"] for item in items]
    assert of_json == [as_documented(item["title"], item["summary"], item["content_html"]) for item in items]
    for name in ("atom", "rss"):
        entries = feedparser.parse(bench.body(f"/feeds/all.{name}"), sanitize_html=False).entries
        assert [each.dcterms_hasformat for each in entries] == [digest_uri(digest) for digest in of_json]
        assert of_json[1] == as_documented(entries[1].title, entries[1].summary, entries[1].content[0].value)


def test_the_page_says_it_to_people_and_to_programs(bench: Bench) -> None:
    page = bench.body("/releases/2021/dam")
    (digest,) = [item["_newsroom"]["sha256"] for item in json.loads(bench.body("/feeds/all.json"))["items"]
                 if item["url"].endswith("dam")]  # fmt: skip
    assert f"<code>{digest}</code>" in page
    article = json.loads(page.partition('<script type="application/ld+json">')[2].partition("</script>")[0])
    assert article["identifier"][1] == {"@type": "PropertyValue", "propertyID": "sha-256", "value": digest}


def test_layout_makes_no_difference_and_words_do() -> None:
    digest = text_digest("Dam", "It is open.", "<p>One two</p>")
    assert digest == text_digest("Dam", "It is\u00a0open.", '<div>\n<p class="x>y">One\n<b>two</b></p></div>')
    assert digest == text_digest("D\u2060am", "It is open.", "One&#32;two")
    others = [("dam", "It is open.", "One two"), ("Dam", "It is open", "One two"), ("Dam", "It is open.", "One 2wo")]
    assert digest not in {text_digest(*each) for each in others}
