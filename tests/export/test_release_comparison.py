"""A census brought up to date is the one that is made anew."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from feeds.catalogue import Catalogue
from feeds.export.release_comparison import Census, Comparison
from tests.export.exporter import exported, kept
from tests.makers import DAY, NOW, TOMORROW, Bench, a_newsroom, write, yaml


def census(bench: Bench, now: datetime, before: Census | None) -> Census:
    """The census after one before, which must be the same as without."""
    bench.compile(now=now)
    with Catalogue(bench.location.path).reading() as snapshot:
        found = Census.of(snapshot, now, before)
        assert found == Census.of(snapshot, now)
        assert list(found.releases) == list(Census.of(snapshot, now).releases)
        return Census.from_data(found.to_data())


def test_a_census_brought_up_to_date_is_the_one_that_is_made_anew(tmp_path: Path) -> None:
    files = {
        f"2021/2021-06-0{day}-{day}.yaml": yaml(published=f"2021-06-0{day}", countries=["CN"]) for day in (1, 2, 3)
    }
    files["2021/2021-06-25-later.yaml"] = yaml(published=TOMORROW, title="Later")
    bench = Bench(a_newsroom(tmp_path, files))
    found = census(bench, NOW, None)
    write(bench.folder, "2021/2021-06-02-2.yaml", yaml(published="2021-06-02", title="Changed", aliases=["/old.php"]))
    write(bench.folder, "2020/2020-06-02-old.yaml", yaml(published="2020-06-02"))
    found = census(bench, NOW, found)
    (bench.folder / "releases/2021/2021-06-01-1.yaml").unlink()
    found = census(bench, NOW, found)
    assert len(found.releases) == 3
    found = census(bench, NOW + 2 * DAY, found)
    assert len(found.releases) == 4
    found = census(bench, NOW, found)  # the clock was wrong
    (bench.folder / "topics.yaml").write_text("wages: {labels: {en: Pay}}\n", encoding="utf-8")
    census(bench, NOW, found)


def test_a_census_of_another_catalogue_is_made_anew(tmp_path: Path) -> None:
    one = Bench(a_newsroom(tmp_path / "one", {"2021/2021-06-01-a.yaml": yaml(published="2021-06-01", title="One")}))
    other = Bench(a_newsroom(tmp_path / "other", {"2021/2021-06-01-a.yaml": yaml(published="2021-06-01", title="Two")}))
    census(other, NOW, census(one, NOW, None))


def asked_again(bench: Bench, census: Census, answers: dict[str, str]) -> int:
    """How many questions about a selection an export has to ask again."""
    bench.compile(now=NOW)
    with Catalogue(bench.location.path).reading() as snapshot:
        comparison = Comparison(census, Census.of(snapshot, NOW, census), answers, snapshot, NOW)
        assert [*comparison.differing()]
        return len(comparison.present)


def test_of_a_changed_text_no_selection_is_asked_for_again_and_of_a_changed_date_those_that_have_it(
    tmp_path: Path,
) -> None:
    bench = Bench(a_newsroom(tmp_path, {"2021/2021-06-01-a.yaml": yaml(published="2021-06-01", countries=["CN"])}))
    bench.compile(now=NOW)
    exported(bench, tmp_path / "out")
    found = kept(bench.location.path.with_suffix(".export"))
    known = {key: answer for key, answer in found["answers"].items() if "releases.pinned" not in key}
    write(bench.folder, "2021/2021-06-01-a.yaml", yaml(published="2021-06-01", countries=["CN"], title="Changed"))
    assert asked_again(bench, found["census"], known) == 0
    write(bench.folder, "2021/2021-06-01-a.yaml", yaml(published="2021-06-02", countries=["CN"], title="Changed"))
    assert 0 < asked_again(bench, found["census"], known) < len(known)
