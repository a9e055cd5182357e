"""A release that moves: its old address leads to it, and nobody sees it twice."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.application import Served
from tests.makers import NOW, TOMORROW, Bench, a_newsroom, write, yaml

DAM = yaml(published="2021-06-01", title="The dam", body="All of it.")
OLD, NEW = "2021/2021-06-01-dam.yaml", "2021/2021-06-01-weir.yaml"
ID = "tag:example.org,2021-06-01:dam"
DIGEST = re.compile("<dcterms:hasFormat>[^<]*</dcterms:hasFormat>")
TRANSLATION = "title: Далан\nsummary: Далангийн тухай.\n"


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    bench = Bench(a_newsroom(tmp_path, {OLD: DAM, "2021/2021-06-02-road.yaml": yaml(published="2021-06-02")}))
    bench.compile(now=NOW)
    return bench


def rename(bench: Bench, text: str = DAM, new: str = NEW) -> None:
    (bench.folder / "releases" / OLD).unlink()
    write(bench.folder, new, text)
    bench.compile(now=NOW)


def ids(bench: Bench) -> list[str]:
    """What subscribers of everything are shown."""
    return sorted(
        part.split("</id>")[0]
        for part in bench.body("/feeds/all.atom").split("<entry")[1:]
        for part in [part.split("<id>")[1]]
    )


# -- former addresses -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lead", ["", "/mn"])
@pytest.mark.parametrize("withdrawn", [False, True])
def test_a_former_address_leads_to_the_release_in_every_language(tmp_path: Path, lead: str, withdrawn: bool) -> None:
    fields: dict[str, Any] = {"withdrawn": {"date": "2021-06-03", "reason": "Wrong."}} if withdrawn else {}
    files = {
        "2021/2021-06-01-dam.yaml": yaml(aliases=["2020/weir"], **fields),
        "2021/2021-06-01-dam.mn.yaml": f"{TRANSLATION}aliases: [2020/weir]\n",
    }
    served = Served(a_newsroom(tmp_path, files), NOW)
    status, headers, _ = served.ask(f"{lead}/releases/2020/weir")
    assert (status, dict(headers)["Location"]) == (308, f"{lead}/releases/2021/dam")
    assert served.status(f"{lead}/releases/2021/dam") == (410 if withdrawn else 200)
    assert served.status(f"{lead}/releases/2020/WEIR") == 308


@pytest.mark.parametrize("hidden", [{"published": TOMORROW}, {"published": "2021-06-01", "draft": True}])
def test_a_former_address_of_a_hidden_release_is_as_if_it_were_not(tmp_path: Path, hidden: dict[str, Any]) -> None:
    served = Served(a_newsroom(tmp_path, {OLD: yaml(aliases=["2021/secret"], **hidden)}), NOW)
    for lead in ("", "/zh-Hans", "/mn"):
        (status, headers, body), nothing = (
            served.ask(f"{lead}/releases/2021/secret"),
            served.ask(f"{lead}/releases/2021/x"),
        )
        assert (status, headers, body) == nothing
        assert status == 404


# -- renamed without a word -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [DAM, DAM.replace("The dam", "The weir"), DAM.replace("All of it", "More of it")],
    ids=["as it was", "with another title", "with another text"],
)
def test_a_renamed_file_keeps_its_former_name_and_the_problem_names_the_way_out(bench: Bench, text: str) -> None:
    before = bench.body("/feeds/all.atom")
    rename(bench, text)
    # What the editor has written is published, under the name that readers know.
    for old, new in (("The dam", "The weir"), ("All of it", "More of it")):
        before = before.replace(old, new) if new in text else before
    assert DIGEST.sub("", bench.body("/feeds/all.atom")) == DIGEST.sub("", before)
    (problem,) = bench.problems()
    assert f"{NEW}: id: readers know this release by another id" in problem
    assert f"“id: {ID}”" in problem
    assert "“aliases: [2021/dam]”" in problem


def test_the_way_out_leads_out(bench: Bench) -> None:
    rename(bench)
    write(bench.folder, NEW, f"{DAM}id: {ID}\naliases: [2021/dam]\n")
    bench.compile(now=NOW)
    assert bench.problems() == []
    assert ids(bench).count(ID) == 1
    assert len(ids(bench)) == 2
    assert getattr(bench.answer("/releases/2021/dam"), "path", "") == "/releases/2021/weir"


def test_bringing_the_file_back_leads_out_as_well(bench: Bench) -> None:
    rename(bench)
    (bench.folder / "releases" / NEW).unlink()
    write(bench.folder, OLD, DAM)
    bench.compile(now=NOW)
    assert bench.problems() == []
    assert len(ids(bench)) == 2


def test_the_problem_stays_until_it_is_settled(bench: Bench) -> None:
    rename(bench)
    for text in (f"{DAM}dateline: Huzhou\n", f"{DAM}aliases: [2021/dam]\n", f"{DAM}id: {ID}\n"):
        write(bench.folder, "2021/2021-06-03-well.yaml", yaml(published="2021-06-03", title=f"Well {len(text)}"))
        bench.compile(now=NOW)
        write(bench.folder, NEW, text)
        bench.compile(now=NOW)
        assert any(NEW in problem for problem in bench.problems())
        assert "/releases/2021/dam" in bench.body("/feeds/all.atom")


def test_a_file_that_went_before_the_new_one_came_is_recognised(bench: Bench) -> None:
    before = ids(bench)
    (bench.folder / "releases" / OLD).unlink()
    bench.compile(now=NOW)
    assert len(ids(bench)) == len(before) - 1
    write(bench.folder, NEW, DAM)
    bench.compile(now=NOW)
    assert ids(bench) == before
    assert "by another id" in bench.problems()[0]


def test_another_id_in_the_same_file_waits(bench: Bench) -> None:
    before = bench.body("/feeds/all.atom")
    write(bench.folder, OLD, f"{DAM}id: tag:example.org,2021:other\n")
    bench.compile(now=NOW)
    assert bench.body("/feeds/all.atom") == before
    assert f"“id: {ID}”" in bench.problems()[0]


def test_another_address_under_the_same_id_waits_for_its_alias(bench: Bench) -> None:
    rename(bench, f"{DAM}id: {ID}\n")
    (problem,) = bench.problems()
    assert "aliases: readers know this release at 2021/dam" in problem
    assert bench.document("/releases/2021/dam").status == 200


def test_what_nobody_has_seen_may_be_renamed(bench: Bench) -> None:
    later = DAM.replace("2021-06-01", "2021-07-01").replace("The dam", "The later dam")
    write(bench.folder, "2021/2021-07-01-later.yaml", later)
    bench.compile(now=NOW)
    (bench.folder / "releases/2021/2021-07-01-later.yaml").unlink()
    write(bench.folder, "2021/2021-07-01-much-later.yaml", later)
    bench.compile(now=NOW)
    assert bench.problems() == []


def test_a_translation_moves_with_its_original(bench: Bench) -> None:
    write(bench.folder, "2021/2021-06-01-dam.mn.yaml", TRANSLATION)
    bench.compile(now=NOW)
    before = bench.body("/mn/feeds/all.atom")
    (bench.folder / "releases/2021/2021-06-01-dam.mn.yaml").unlink()
    write(bench.folder, "2021/2021-06-01-weir.mn.yaml", TRANSLATION)
    rename(bench)
    assert bench.body("/mn/feeds/all.atom") == before
    assert any("weir.mn.yaml" in problem for problem in bench.problems())


# -- gone without a word --------------------------------------------------------------------------------------------


def test_a_deleted_release_is_remembered_until_it_is_back(bench: Bench) -> None:
    (bench.folder / "releases" / OLD).unlink()
    bench.compile(now=NOW)
    for day in (5, 6):
        write(
            bench.folder, f"2021/2021-06-0{day}-well{day}.yaml", yaml(published=f"2021-06-0{day}", title=f"Well {day}")
        )
        bench.compile(now=NOW)
        (problem,) = bench.problems()
        assert "2021/dam was published, and is gone" in problem
        assert "withdrawn" in problem
    write(bench.folder, OLD, DAM)
    bench.compile(now=NOW)
    assert bench.problems() == []


@pytest.mark.parametrize("line", ["draft: true\n", "published: 2021-07-01\n"])
def test_a_published_release_that_is_hidden_again_is_named(bench: Bench, line: str) -> None:
    name = line.partition(":")[0]
    kept = "".join(f"{each}\n" for each in DAM.splitlines() if not each.startswith(name))
    write(bench.folder, OLD, kept + line)
    bench.compile(now=NOW)
    (problem,) = bench.problems()
    assert "2021/dam was published, and is now hidden" in problem
