"""What a compile reads, what it keeps of files that became bad or vanished, and what it says of them."""

from __future__ import annotations

import os
import re
from datetime import timedelta
from pathlib import Path

import pytest

from feeds import content
from feeds.catalogue import Catalogue, CatalogueFile, compile_folder
from feeds.errors import FeedsError
from feeds.publish.document import Missing
from tests import makers
from tests.makers import BASE, NOW, TOMORROW, Bench, a_newsroom, write, yaml

DAM = "2021/2021-06-01-dam.yaml"
ROAD = "2021/2021-06-02-road.yaml"
DAM_PAGE, ROAD_PAGE = "/releases/2021/dam", "/releases/2021/road"
BAD = "title: [unfinished"


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """Two releases, compiled."""
    bench = Bench(a_newsroom(tmp_path, {DAM: yaml(title="The dam"), ROAD: yaml(published="2021-06-02")}))
    bench.compile()
    return bench


@pytest.fixture
def read_files(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The release files whose bytes were asked for."""
    asked: list[str] = []
    reading = content.read_bytes

    def noted(folder: Path, path: str) -> bytes | content.SourceFile | object:
        asked.append(path)
        return reading(folder, path)

    monkeypatch.setattr(content, "read_bytes", noted)
    return asked


def test_nothing_is_read_again_while_nothing_changes(bench: Bench, read_files: list[str]) -> None:
    report = bench.compile()
    assert (report.stories, report.changed) == (0, False)
    assert not read_files


def test_only_the_file_that_changed_is_read_again(bench: Bench, read_files: list[str]) -> None:
    write(bench.folder, ROAD, yaml(published="2021-06-02", title="The new road"))
    report = bench.compile()
    assert (report.stories, report.changed) == (1, True)
    assert read_files == [f"releases/{ROAD}"]
    assert "The new road" in bench.body("/feeds/all.atom")


def test_a_translation_is_read_together_with_its_original_and_nothing_else(bench: Bench, read_files: list[str]) -> None:
    write(bench.folder, "2021/2021-06-01-dam.mn.yaml", "title: Далан\nsummary: Далангийн тухай.\n")
    assert bench.compile().stories == 1
    assert read_files == [f"releases/{DAM}", "releases/2021/2021-06-01-dam.mn.yaml"]
    assert "Далан" in bench.body("/mn/feeds/all.atom")


def test_a_file_put_in_the_place_of_another_with_the_same_size_and_time_is_noticed(bench: Bench) -> None:
    path = bench.folder / "releases" / DAM
    before = path.stat()
    write(bench.folder, DAM, yaml(title="The Dam"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size
    bench.compile()
    assert "The Dam" in bench.body(DAM_PAGE)


def test_a_file_that_became_bad_keeps_its_last_good_release_and_is_named(bench: Bench) -> None:
    good = bench.everything()
    write(bench.folder, DAM, BAD)
    bench.compile()
    assert bench.everything() == good
    (problem,) = bench.problems()
    assert problem.startswith(f"data/releases/{DAM}:")


def test_a_file_that_is_mended_shows_what_is_new_in_it(bench: Bench) -> None:
    write(bench.folder, DAM, BAD)
    bench.compile()
    write(bench.folder, DAM, yaml(title="The mended dam"))
    bench.compile()
    assert "The mended dam" in bench.body(DAM_PAGE)
    assert not bench.problems()


def test_a_bad_file_stays_published_through_a_change_of_the_newsroom(bench: Bench) -> None:
    write(bench.folder, DAM, BAD)
    bench.compile()
    (bench.folder / "newsroom.yaml").write_text(makers.NEWSROOM.replace("Test office", "Renamed office"))
    bench.compile()
    assert "The dam" in bench.body("/feeds/all.atom")
    assert "Renamed office" in bench.body("/feeds/all.atom")


def test_a_deleted_file_is_gone_everywhere(bench: Bench) -> None:
    (bench.folder / "releases" / DAM).unlink()
    bench.compile()
    assert isinstance(bench.answer(DAM_PAGE), Missing)
    assert "The dam" not in "".join(str(found) for found in bench.everything().values())


def test_a_deleted_bad_file_is_gone_too(bench: Bench) -> None:
    write(bench.folder, DAM, BAD)
    bench.compile()
    (bench.folder / "releases" / DAM).unlink()
    bench.compile()
    assert isinstance(bench.answer(DAM_PAGE), Missing)
    assert not bench.problems()


def many(path: Path, count: int = 20) -> Bench:
    """A newsroom with as many releases, compiled."""
    files = {f"2021/2021-05-{n:02}-number-{n}.yaml": yaml(published=f"2021-05-{n:02}") for n in range(1, count + 1)}
    bench = Bench(a_newsroom(path, files))
    bench.compile()
    return bench


def lose(bench: Bench, count: int) -> dict[Path, bytes]:
    """Takes files away; gives what was in them."""
    lost = sorted((bench.folder / "releases").rglob("*.yaml"))[:count]
    kept = {path: path.read_bytes() for path in lost}
    for path in lost:
        path.unlink()
    return kept


def test_the_sudden_loss_of_most_releases_is_refused_and_named(tmp_path: Path) -> None:
    bench = many(tmp_path)
    before = bench.everything()
    lose(bench, 11)
    bench.compile()
    assert bench.everything() == before
    assert "more than half of the release files are gone at once" in bench.problems()[0]
    assert not bench.compile().changed


def test_the_loss_of_half_is_taken_for_meant(tmp_path: Path) -> None:
    bench = many(tmp_path)
    lose(bench, 10)
    bench.compile()
    assert not bench.problems()
    assert bench.document("/feeds/all.json").body.count(b"date_published") == 10


def test_files_that_come_back_are_as_if_they_had_never_been_away(tmp_path: Path) -> None:
    bench = many(tmp_path)
    before = bench.everything()
    kept = lose(bench, 20)
    bench.compile()
    for path, raw in kept.items():
        path.write_bytes(raw)
    bench.compile()
    assert bench.everything() == before
    assert not bench.problems()


def test_lost_releases_follow_the_newsroom_when_it_changes_its_name(tmp_path: Path) -> None:
    bench = many(tmp_path)
    lose(bench, 20)
    bench.compile()
    bench.settings = Bench(bench.folder, base_url="https://moved.example.org").settings
    bench.compile()
    feed = bench.body("/feeds/all.atom")
    assert "https://moved.example.org/releases/2021/number-1" in feed
    assert makers.BASE not in feed
    assert not bench.compile().changed


def test_moving_every_file_to_another_folder_is_no_loss(tmp_path: Path) -> None:
    bench = many(tmp_path)
    before = bench.everything()
    (bench.folder / "releases" / "2021").rename(bench.folder / "releases" / "kept-since-2021")
    bench.compile()
    assert not bench.problems()
    assert bench.everything() == before


TWIN = "2021/2021-06-03-another.yaml"


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"slug": "dam", "id": "tag:example.org,2021:other"}, "the address “en/2021/dam”"),
        ({"id": "tag:example.org,2021-06-01:dam"}, "the id “tag:example.org,2021-06-01:dam”"),
    ],
)
def test_of_two_files_that_claim_one_thing_the_first_by_path_has_it_whichever_came_first(
    tmp_path: Path, fields: dict[str, str], what: str
) -> None:
    second = yaml(published="2021-06-03", title="The pretender", **fields)
    outcomes = []
    for number, order in enumerate([(DAM, TWIN), (TWIN, DAM), ()]):
        bench = Bench(a_newsroom(tmp_path / str(number)))
        for name in order:
            write(bench.folder, name, yaml(title="The dam") if name == DAM else second)
            bench.compile()
        if not order:
            write(bench.folder, TWIN, second)
            write(bench.folder, DAM, yaml(title="The dam"))
            bench.compile()
        (problem,) = bench.problems()
        assert problem.startswith(f"data/releases/{TWIN}: slug: {what} belongs to data/releases/{DAM}")
        assert "The pretender" not in bench.body("/feeds/all.atom")
        outcomes.append(bench.everything())
    assert outcomes[0] == outcomes[1] == outcomes[2]


def test_the_second_has_it_once_the_first_lets_go(tmp_path: Path) -> None:
    bench = Bench(a_newsroom(tmp_path, {DAM: yaml(), TWIN: yaml(title="The heir", slug="dam", published="2021-06-03")}))
    bench.compile()
    write(bench.folder, DAM, yaml(slug="old-dam"))
    bench.compile()
    assert "The heir" in bench.body(DAM_PAGE)
    assert not bench.problems()


def test_a_draft_takes_nothing_from_a_release_that_is_published(tmp_path: Path) -> None:
    draft = yaml(slug="road", id="tag:example.org,2021-06-02:road", draft=True)
    bench = Bench(a_newsroom(tmp_path, {DAM: draft, ROAD: yaml(title="The road", published="2021-06-02")}))
    bench.compile()
    assert "The road" in bench.body(ROAD_PAGE)
    assert "belongs to" in bench.problems()[0]


def test_two_releases_of_one_moment_are_both_published_and_named(tmp_path: Path) -> None:
    bench = Bench(a_newsroom(tmp_path, {DAM: yaml(title="The dam"), ROAD: yaml(title="The road")}))
    bench.compile()
    (problem,) = bench.problems()
    assert "published at the same moment as data/releases/2021/2021-06-01-dam.yaml" in problem
    assert all(title in bench.body("/feeds/all.atom") for title in ("The dam", "The road"))


@pytest.mark.parametrize(
    ("files", "named"),
    [
        ({ROAD: yaml(published="2021-06-02")}, []),
        ({ROAD: yaml(published="2021-06-02", slug="way", aliases=["2021/road"])}, []),
        ({}, ["en"]),
        ({ROAD: yaml(published=TOMORROW)}, ["en"]),
        ({ROAD: yaml(published="2021-06-02", draft=True)}, ["en"]),
        ({ROAD: yaml(published="2021-06-02", withdrawn={"date": "2021-06-03", "reason": "Wrong too."})}, ["en"]),
        (
            {ROAD: yaml(published="2021-06-02"), DAM.replace(".yaml", ".mn.yaml"): "title: Далан\nsummary: Үг.\n"},
            ["mn"],
        ),
    ],
)
def test_a_notice_of_withdrawal_that_leads_nowhere_is_named(
    tmp_path: Path, files: dict[str, str], named: list[str]
) -> None:
    gone = {"date": NOW, "reason": "Wrong.", "replacement": "2021/road"}
    bench = Bench(a_newsroom(tmp_path, {DAM: yaml(withdrawn=gone), **files}))
    bench.compile()
    problems = [each for each in bench.problems() if "withdrawn.replacement" in each]
    assert [re.findall("2021/road is not there in (\\S+) at", each) for each in problems] == [[each] for each in named]


def test_a_withdrawn_release_does_not_replace_itself(tmp_path: Path) -> None:
    gone = {"date": NOW, "reason": "Wrong.", "replacement": "2021/dam"}
    bench = Bench(a_newsroom(tmp_path, {DAM: yaml(withdrawn=gone)}))
    bench.compile()
    (problem,) = bench.problems()
    assert "withdrawn.replacement: 2021/dam is not there in en at the time of the withdrawal" in problem


@pytest.mark.parametrize("broken", ["", "title: [", "title: only a title\n", "\0"])
@pytest.mark.parametrize("file", ["newsroom.yaml", "topics.yaml", "countries.yaml"])
def test_a_broken_file_of_the_newsroom_s_own_leaves_everything_as_it_was(bench: Bench, file: str, broken: str) -> None:
    before = bench.everything()
    (bench.folder / file).write_text(broken)
    bench.compile()
    assert bench.everything() == before
    assert bench.problems()[0].startswith(f"data/{file}")


@pytest.mark.parametrize("file", ["newsroom.yaml", "topics.yaml", "countries.yaml"])
def test_a_lost_file_of_the_newsroom_s_own_leaves_everything_as_it_was(bench: Bench, file: str) -> None:
    before = bench.everything()
    (bench.folder / file).unlink()
    bench.compile()
    assert bench.everything() == before
    assert bench.problems()[0].startswith(f"data/{file}: there is no such file")


def test_releases_are_still_updated_while_the_newsroom_s_own_file_is_broken(bench: Bench) -> None:
    (bench.folder / "newsroom.yaml").write_text("title: [")
    write(bench.folder, DAM, yaml(title="The new dam"))
    bench.compile()
    assert "The new dam" in bench.body(DAM_PAGE)


def test_there_is_nothing_to_publish_where_there_has_never_been_a_newsroom(tmp_path: Path) -> None:
    bench = Bench(a_newsroom(tmp_path, newsroom="title: ["))
    with pytest.raises(FeedsError, match=r"there is no newsroom to publish:\n  data/newsroom.yaml:1:1:"):
        bench.compile()
    assert {path.suffix for path in bench.location.path.parent.iterdir() if path.is_file()} <= {".lock"}


def test_a_renamed_newsroom_is_renamed_in_everything(bench: Bench) -> None:
    (bench.folder / "newsroom.yaml").write_text(makers.NEWSROOM.replace("© Test office", "© Renamed office"))
    assert bench.compile().stories == 2
    assert bench.body("/feeds/all.atom").count("© Renamed office") == 3  # the feed's, and each entry's


def test_a_renamed_term_is_renamed_in_every_entry(bench: Bench) -> None:
    write(bench.folder, DAM, yaml(topics=["wages"]))
    bench.compile()
    (bench.folder / "topics.yaml").write_text("earnings: {labels: {en: Earnings}, aliases: [wages]}\n")
    bench.compile()
    assert 'label="Earnings"' in bench.body("/feeds/topic/earnings.atom")
    assert not bench.problems()


def test_another_base_address_is_in_every_link(bench: Bench) -> None:
    bench.settings = Bench(bench.folder, base_url="https://moved.example.org/news").settings
    bench.compile()
    for form in ("atom", "rss", "json", "html"):
        body = bench.body(f"/feeds/all.{form}")
        assert "https://moved.example.org/news" in body
        assert makers.BASE not in body


def test_a_newsroom_without_any_release_is_published_and_follows_its_file(tmp_path: Path) -> None:
    bench = Bench(a_newsroom(tmp_path))
    bench.compile()
    assert "Test office" in bench.body("/feeds/all.atom")
    (bench.folder / "newsroom.yaml").write_text(makers.NEWSROOM.replace("Test office", "Renamed office"))
    assert bench.compile().changed
    assert "Renamed office" in bench.body("/feeds/all.atom")


def test_the_whole_folder_of_releases_may_vanish(bench: Bench) -> None:
    (bench.folder / "releases").rename(bench.folder / "elsewhere")
    bench.compile()
    assert any("there is no such folder" in problem for problem in bench.problems())
    bench.document("/feeds/all.atom")


def test_what_still_moves_is_taken_as_it_was_and_what_is_new_waits(bench: Bench) -> None:
    before = bench.everything()
    write(bench.folder, DAM, yaml(title="Half"))
    write(bench.folder, TWIN, yaml(title="Half, too"))
    settled = {path: mark for path, mark in content.release_files(bench.folder)[0].items() if path.endswith(ROAD)}
    bench.compile(settled=settled)
    assert bench.everything() == before


def test_a_release_still_being_saved_is_not_read_because_its_translation_or_the_newsroom_changed(
    bench: Bench,
) -> None:
    write(bench.folder, DAM, yaml(title="Half"))
    write(bench.folder, "2021/2021-06-01-dam.mn.yaml", "title: Далан\nsummary: Далангийн тухай.\n")
    (bench.folder / "newsroom.yaml").write_text(makers.NEWSROOM.replace("Test office", "Renamed office"))
    sweep = content.release_files(bench.folder)[0]
    bench.compile(settled={path: mark for path, mark in sweep.items() if not path.endswith(DAM)})
    assert "Half" not in bench.body("/feeds/all.atom")
    assert "The dam" in bench.body("/feeds/all.atom")
    bench.compile(settled=sweep)
    assert "Half" in bench.body("/feeds/all.atom")
    assert "Далан" in bench.body("/mn/feeds/all.atom")


def test_scheduled_releases_and_drafts_are_counted_for_editors_alone(tmp_path: Path) -> None:
    files = {DAM: yaml(published=TOMORROW), ROAD: yaml(draft=True), TWIN: yaml(published=NOW - timedelta(hours=1))}
    bench = Bench(a_newsroom(tmp_path, files))
    bench.compile()
    with bench.catalogue.reading() as snapshot:
        found = snapshot.reports.inventory(NOW)
        assert (found.visible, found.by_language, found.scheduled, found.drafts) == (1, {"en": 1}, 1, 1)
        assert snapshot.counts.visible(NOW) == 1
        assert snapshot.next_moment(NOW) == TOMORROW
        assert snapshot.next_moment(TOMORROW) is None


def test_releases_in_other_languages_that_share_a_file_are_no_translations_of_each_other(tmp_path: Path) -> None:
    folder = a_newsroom(tmp_path)
    (folder / "releases").mkdir(exist_ok=True)
    (folder / "releases" / "2021.yaml").write_text(
        "- {slug: one, title: One, summary: One., published: 2021-01-01}\n"
        "- {slug: two, title: Хоёр, summary: Хоёр., published: 2021-01-02, language: mn}\n"
    )
    location = CatalogueFile(tmp_path / "catalogue.sqlite")
    compile_folder(folder, location, BASE)
    with Catalogue(location.path).reading() as snapshot:
        found = snapshot.releases.at("en", "2021/one", NOW)
        assert found is not None
        assert found.entry.links == ()
