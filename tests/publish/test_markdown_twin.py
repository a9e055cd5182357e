"""The Markdown of a release holds what its page shows, for a message or a document, and nothing else."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from feeds.model import search_words
from feeds.publish.document import Document, Missing, Moved
from feeds.render.markdown import body_of
from tests.application import Served
from tests.makers import BASE, NOW, TOMORROW, YESTERDAY, Bench, a_compiled, a_newsroom, yaml

TEXT = """\
# In short

It is *finished*: see [the road](road) and [below](#costs), and www.example.org; a_b < c & R&D.[^1]

## Costs

| Year | Cost |
|---|---|
| 2021 | 5*3 |

<script>alert(1)</script>

[^1]: As *planned* in [the plan](/releases/2020/plan).
"""
FULL = yaml(
    title="The dam is open: 5 * 3 [metres] #",
    summary="The dam opened. # It is *high*.",
    published=YESTERDAY,
    dateline="Harbour City",
    body=TEXT,
    image={"src": "https://img.example/dam.jpg", "alt": "Two [workers]", "caption": "At work.", "credit": "© Ada"},
    attachments=[{"url": "https://files.example/a(1).pdf", "title": "Full report", "type": "application/pdf",
                  "length": 1_300_000}],
    contacts=[{"name": "Ada_L", "role": "Press", "email": "ada@example.org", "phone": "+1 555 0100"}],
    corrections=[{"date": YESTERDAY + timedelta(hours=1), "note": "It is higher."}],
)  # fmt: skip


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    files = {
        "2021/2021-06-23-dam.yaml": FULL,
        "2021/2021-06-22-road.yaml": yaml(published=YESTERDAY - timedelta(days=1), aliases=["2021/way"]),
        "2021/2021-06-22-road.mn.yaml": "title: Зам\nsummary: Замын тухай.\n",
        "2021/2021-06-21-wall.yaml": yaml(
            title="Wall", published="2021-06-21", body="A wall.", contacts=[{"name": "Ada", "email": "a@example.org"}],
            withdrawn={"date": YESTERDAY, "reason": "It was [wrong]."},
        ),
        "2021/2021-06-25-later.yaml": yaml(published=TOMORROW),
    }  # fmt: skip
    return a_compiled(tmp_path_factory.mktemp("twins"), files)


def test_it_holds_what_a_careful_editor_would_paste(bench: Bench) -> None:
    document = bench.document("/releases/2021/dam.md")
    assert document.media_type == "text/markdown; charset=utf-8"
    assert document.language == "en"
    page = f"{BASE}/releases/2021/dam"
    assert (
        document.body.decode()
        == f"""\
# The dam is open: 5 \\* 3 \\[metres\\] \\#

Harbour City · 23 June 2021

The dam opened. # It is \\*high\\*.

**Correction, 23 June 2021:** It is higher.

![Two \\[workers\\]](https://img.example/dam.jpg)

At work. © Ada

## In short

It is *finished*: see [the road]({BASE}/releases/2021/road) and [below]({page}#2021-dam--costs), and \
[www.example.org](https://www.example.org/); a_b \\< c & R&D.[^1]

### Costs

| Year | Cost |
| --- | --- |
| 2021 | 5\\*3 |

[^1]: As *planned* in [the plan]({BASE}/releases/2020/plan).

## Files

- [Full report](<https://files.example/a(1).pdf>) (PDF, 1.3 MB)

## Contact

- Ada_L, Press, <ada@example.org>, +1 555 0100

***

Test office\\
<{page}>\\
© Test office
"""
    )


def words(markup: str) -> list[str]:
    return search_words.html_text(re.sub(r"<sup>.*?</sup>|<a [^>]*>↩[^<]*</a>", "", markup)).split()


def test_markdown_engines_make_of_it_the_words_of_the_page(bench: Bench) -> None:
    twin = bench.body("/releases/2021/dam.md")
    page = bench.body("/releases/2021/dam")
    text = page[page.index('<div class="text">') : page.index("<h2>Files</h2>")]
    shown = words(body_of(twin, f"{BASE}/releases/2021/dam", BASE).html)
    begin = shown.index("In")
    assert shown[begin : begin + 3] == ["In", "short", "It"]
    said = words(text[text.index("</figure>") :])
    assert " ".join(said[:-6]) in " ".join(shown)
    assert said[:5] == ["In", "short", "It", "is", "finished:"]


def test_each_language_has_its_own(bench: Bench) -> None:
    found = bench.document("/mn/releases/2021/road.md")
    assert found.body.decode().startswith("# Зам\n\n2021")
    assert f"<{BASE}/mn/releases/2021/road>" in found.body.decode()
    assert found.language == "mn"


def test_a_page_names_it_for_people_programs_and_in_its_header(bench: Bench) -> None:
    page = bench.document("/releases/2021/dam")
    twin = f"{BASE}/releases/2021/dam.md"
    assert f'<link rel="alternate" type="text/markdown" href="{twin}">' in page.body.decode()
    assert f'<a type="text/markdown" href="{twin}">' in page.body.decode()
    assert [link.rel for link in page.links if link.href == twin] == ["alternate"]
    assert {(link.rel, link.href) for link in bench.document("/releases/2021/dam.md").links} == {
        ("canonical", f"{BASE}/releases/2021/dam"),
        ("alternate", f"{BASE}/releases/2021/dam"),
    }
    assert "text/markdown" not in bench.body("/")


def test_of_a_withdrawn_release_it_has_the_notice_alone(bench: Bench) -> None:
    found = bench.document("/releases/2021/wall.md")
    assert found.status == 410
    assert (
        found.body.decode()
        == f"""\
# Withdrawn: Wall

21 June 2021

**Withdrawn on 23 June 2021:** It was \\[wrong\\].

***

Test office\\
<{BASE}/releases/2021/wall>\\
© Test office
"""
    )
    assert "text/markdown" not in bench.body("/releases/2021/wall")


def test_a_former_address_leads_to_it_and_before_its_moment_there_is_nothing(bench: Bench) -> None:
    assert bench.answer("/releases/2021/way.md") == Moved("/releases/2021/road.md")
    assert bench.answer("/releases/2021/Road.MD") == Moved("/releases/2021/road.md")
    assert bench.answer("/releases/2021/later.md") == Missing("/")
    assert isinstance(bench.answer("/releases/2021/later.md", TOMORROW), Document)


def test_a_reader_that_has_it_is_told_so(tmp_path: Path) -> None:
    served = Served(a_newsroom(tmp_path, {"2021/2021-06-22-road.yaml": yaml(published=YESTERDAY)}), NOW)
    first = served.client.get("/releases/2021/road.md")
    assert first.status_code == 200
    assert first.headers["Content-Type"] == "text/markdown; charset=utf-8"
    again = served.client.get("/releases/2021/road.md", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
