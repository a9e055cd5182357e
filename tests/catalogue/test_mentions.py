"""Releases that others name and that are not there are told, with the line; what is still to come is there."""

from __future__ import annotations

from html import unescape
from pathlib import Path
from urllib.parse import quote, unquote

import pytest

from tests.makers import BASE, NOW, TOMORROW, Bench, a_compiled, a_newsroom, write, yaml

DAM = "2021/2021-06-01-dam.yaml"
ROAD = "2021/2021-06-02-road.yaml"
HEAD = "title: T\nsummary: S.\npublished: 2021-06-01\n"


def told(bench: Bench) -> list[str]:
    """The problems without the folder's name and the advice."""
    return [problem.removeprefix("data/releases/2021/").rpartition(" (")[0] for problem in bench.problems()]


NO_FILE = "no file of this name that can be published lies beside the release"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("related: [2021/nope]", "4:11: warning: related[0]: this newsroom has no release 2021/nope"),
        (
            "related:\n  - https://e.org/\n  - 2021/road\n  - 2020/road",
            "7:5: warning: related[2]: this newsroom has no release 2020/road",
        ),
        (
            "body: |-\n  One.\n\n  See [x](/releases/2021/nope).",
            f"7:7: warning: body: “/releases/2021/nope” leads to {BASE}/releases/2021/nope, where nothing is",
        ),
        ("body: See [x](nope).", f"4:11: warning: body: “nope” leads to {BASE}/releases/2021/nope, where nothing is"),
        (
            f"body: See <{BASE}/mn/releases/2021/road>.",
            f"4:11: warning: body: {BASE}/mn/releases/2021/road is no page of this newsroom",
        ),
        (
            "body: '[x](a.pdf)'",
            f"4:8: warning: body: “a.pdf” is left out: {NO_FILE}",
        ),
        (
            "body: '![x](a.jpg)'",
            f"4:8: warning: body: “a.jpg” is left out: {NO_FILE}",
        ),
        (
            "body: '[x](e.org/x)'",
            f"4:8: warning: body: “e.org/x” leads to {BASE}/releases/2021/e.org/x, where nothing is",
        ),
        (
            "body: '[x](/feeds/topic/nope)'",
            f"4:8: warning: body: “/feeds/topic/nope” leads to {BASE}/feeds/topic/nope, where nothing is",
        ),
        (
            "body: '[x](/releases/2021/road#annex)'",
            "4:8: warning: body: “/releases/2021/road#annex” leads to no place in that release",
        ),
        ("body: '[x](road#Hours)'", "4:8: warning: body: “road#Hours” leads to no place in that release"),
        (
            "body: '[x](/releases/2021/way#wages)'",
            "4:8: warning: body: “/releases/2021/way#wages” leads to no place in that release",
        ),
        ("body: 'https://news.example.org/nope'", f"4:8: warning: body: {BASE}/nope is no page of this newsroom"),
        (
            "body: '[x](http://news.example.org/nope)'",
            "4:8: warning: body: http://news.example.org/nope is no page of this newsroom",
        ),
        (f"body: '[x]({BASE}/nope)'", f"4:8: warning: body: {BASE}/nope is no page of this newsroom"),
    ],
)
def test_what_is_not_there_is_told_with_its_line(tmp_path: Path, text: str, expected: str) -> None:
    road = yaml(published="2021-06-02", aliases=["2021/way"], body="## Wages\n\nText.")
    bench = a_compiled(tmp_path, {DAM: HEAD + text + "\n", ROAD: road})
    assert told(bench) == [f"2021-06-01-dam.yaml:{expected}"]
    assert "<entry" in bench.body("/feeds/all.atom")


@pytest.mark.parametrize(
    "target",
    ["related: [2021/road]", "body: See [x](road).", "body: See [x](/releases/2021/road#annex).", "related: [2021/way]",
     "body: See [x](road#annex-i).", "body: See [x](/releases/2021/road#top).",
     "body: See [x](road#%E9%99%84%E4%BB%B6).",
     "body: See [x](road#附件) [y](road#Parts) [z](/releases/2021/road#2021-road--annex).",
     f"body: 'See {BASE}/releases/2021/way'", "body: '[a](/) [b](/feeds/) [c](/feeds/topic/wages.atom)'",
     "body: '[a](/static/logo.png) [d](/feeds.opml) [b](/mn/feeds/country/cn) [c](/about)'"],
)  # fmt: skip
def test_what_is_there_is_not(tmp_path: Path, target: str) -> None:
    body = '## Annex\n\nText.\n\n## Annex I\n\n<a id="Parts"></a>Text.\n\n## 附件\n'
    road = yaml(published="2021-06-02", aliases=["2021/way"], body=body)
    assert a_compiled(tmp_path, {DAM: f"{HEAD}{target}\n", ROAD: road}).problems() == []


def test_a_link_to_a_heading_of_a_renamed_release_is_told_with_its_new_address(tmp_path: Path) -> None:
    road = yaml(published="2021-06-02", aliases=["2021/way"], body="## Wages\n\nText.")
    bench = a_compiled(tmp_path, {DAM: f"{HEAD}body: See [x](/releases/2021/way#wages).\n", ROAD: road})
    (problem,) = bench.problems()
    assert "the release is at /releases/2021/road now: write that" in problem


def test_a_link_to_a_heading_of_a_draft_is_told_once(tmp_path: Path) -> None:
    road = yaml(published="2021-06-02", draft=True, body="## Wages\n\nText.")
    bench = a_compiled(tmp_path, {DAM: f"{HEAD}body: See [x](/releases/2021/road#nope).\n", ROAD: road})
    (problem,) = bench.problems()
    assert "where nothing is" in problem


def test_a_link_to_a_heading_of_another_release_leads_there_in_every_feed(tmp_path: Path) -> None:
    road = yaml(published="2021-06-02", body="## Wages\n\nText.\n\n## 附件\n")
    bench = a_compiled(
        tmp_path, {DAM: f"{HEAD}body: See [x](road#wages) and [y](/releases/2021/road#附件).\n", ROAD: road}
    )
    page = bench.body("/releases/2021/road")
    for form in ("atom", "rss", "json"):
        whole = unescape(bench.body(f"/feeds/all.{form}")).replace('\\"', '"')
        for anchor in ("wages", quote("附件")):
            assert f'<a href="{BASE}/releases/2021/road#2021-road--{anchor}">' in whole
            assert f'id="2021-road--{unquote(anchor)}"' in page


@pytest.mark.parametrize("mention", ["related: [2021/road]", "body: See [x](road)."])
def test_a_problem_comes_and_goes_with_the_other_release(tmp_path: Path, mention: str) -> None:
    bench = a_compiled(tmp_path, {DAM: f"{HEAD}{mention}\n"})
    assert len(bench.problems()) == 1
    write(bench.folder, ROAD, yaml(published=TOMORROW))
    bench.compile(now=NOW)
    assert bench.problems() == [], "what is still to come is there"
    write(bench.folder, ROAD, yaml(published=TOMORROW, draft=True))
    bench.compile(now=NOW)
    assert len(bench.problems()) == 1, "a draft is shown to nobody"
    write(bench.folder, ROAD, yaml(published=TOMORROW))
    bench.compile(now=NOW)
    write(bench.folder, DAM, HEAD)
    bench.compile(now=NOW)
    assert bench.problems() == []


def test_a_release_that_is_still_to_come_makes_no_difference_to_what_is_public(tmp_path: Path) -> None:
    public = []
    text = f"{HEAD}related: [2021/road]\nbody: See [x](road) and [y](road#nowhere).\n"
    for place, others in (("a", {}), ("b", {ROAD: yaml(published=TOMORROW)})):
        bench = a_compiled(tmp_path / place, {DAM: text, **others})
        with bench.catalogue.reading() as snapshot:
            public.append(snapshot.problems.public(NOW))
    assert public == [(), ()]


def test_a_newsroom_in_a_folder_of_a_site_looks_at_its_own_pages_only(tmp_path: Path) -> None:
    text = "body: '[a](road) [b](/files/a.pdf) [c](/news/nope) [d](https://e.org/news/releases/2021/nope)'"
    files = {DAM: f"{HEAD}{text}\n", ROAD: yaml(published="2021-06-02")}
    bench = Bench(a_newsroom(tmp_path, files), base_url="https://e.org/news")
    bench.compile()
    assert told(bench) == [
        "2021-06-01-dam.yaml:4:36: warning: body: “/news/nope” leads to https://e.org/news/nope, where nothing is",
        "2021-06-01-dam.yaml:4:52: warning: body: https://e.org/news/releases/2021/nope is no page of this newsroom",
    ]


def test_a_list_that_a_translation_takes_over_is_told_once(tmp_path: Path) -> None:
    files = {DAM: f"{HEAD}related: [2021/nope]\n", DAM.replace(".yaml", ".mn.yaml"): "title: Далан\nsummary: С.\n"}
    assert told(a_compiled(tmp_path, files)) == [
        "2021-06-01-dam.yaml:4:11: warning: related[0]: this newsroom has no release 2021/nope"
    ]


def test_remarks_on_a_body_are_kept_with_its_story_and_go_with_it(tmp_path: Path) -> None:
    bench = a_compiled(tmp_path, {DAM: f"{HEAD}body: |-\n  One.\n\n  A <script>x</script> [a](#nowhere)\n"})
    expected = [
        "2021-06-01-dam.yaml:7:24: warning: body: “#nowhere” leads to no place in this text",
        "2021-06-01-dam.yaml:7:5: warning: body: <script> is left out",
    ]
    assert sorted(told(bench)) == expected
    write(bench.folder, ROAD, yaml(published="2021-06-02"))
    bench.compile()
    assert sorted(told(bench)) == expected
    write(bench.folder, DAM, HEAD)
    bench.compile()
    assert told(bench) == []


def test_a_draft_and_a_translation_are_looked_at_too(tmp_path: Path) -> None:
    files = {
        DAM: f"{HEAD}draft: true\nbody: '[a](#nowhere)'\n",
        ROAD: yaml(published="2021-06-02"),
        ROAD.replace(".yaml", ".mn.yaml"): "title: Зам\nsummary: С.\nbody: '<svg></svg>'\n",
    }
    assert told(a_compiled(tmp_path, files)) == [
        "2021-06-01-dam.yaml:5:8: warning: body: “#nowhere” leads to no place in this text",
        "2021-06-02-road.mn.yaml:3:8: warning: body: <svg> is left out",
    ]
