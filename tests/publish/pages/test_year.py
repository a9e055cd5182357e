"""The front page shows what is new, and the pages of years have every release once."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import html

from feeds.model.selection import Selection
from feeds.publish import all_addresses
from feeds.publish.document import Document, Missing, Moved
from feeds.publish.pages import front, year
from tests.makers import DAY, NOW, Bench, a_compiled, yaml
from tests.media.files import picture

# In the newsroom's time zone, which is eight hours ahead, the last of these is of 2021.
MOMENTS = (
    *(datetime(2019, 3, day, 12, tzinfo=UTC) for day in range(1, 6)),
    *(datetime(2020, month, 1, 12, tzinfo=UTC) for month in range(1, 9)),
    datetime(2020, 12, 31, 15, 59, tzinfo=UTC),
    datetime(2020, 12, 31, 16, 0, tzinfo=UTC),
)
NEXT_YEAR = datetime(2022, 1, 2, tzinfo=UTC)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    files = {
        f"{at.year}/{at:%Y-%m-%d}-story-{number}.yaml": yaml(title=f"Story {number}", published=at)
        for number, at in enumerate(MOMENTS)
    }
    files["2019/2019-03-01-story-0.mn.yaml"] = yaml(title="Нэг", published=MOMENTS[0])
    files["2022/2022-01-02-to-come.yaml"] = yaml(title="To come", published=NEXT_YEAR)
    files["2020/2020-02-02-gone.yaml"] = yaml(title="Gone", withdrawn={"date": NOW - DAY, "reason": "Not so."})
    return a_compiled(tmp_path, files)


def titles(found: Document, path: str = "//main//*[self::h2 or self::h3]/a") -> list[str]:
    return [str(each.text_content()) for each in html.fromstring(found.body.decode()).xpath(path)]


def test_every_release_stands_once_on_the_page_of_its_year(bench: Bench) -> None:
    found = {each: titles(bench.document(f"/{each}/")) for each in (2019, 2020, 2021)}
    assert found[2019] == [f"Story {number}" for number in (4, 3, 2, 1, 0)]
    every = Counter(title for each in found.values() for title in each)
    assert every == Counter([f"Story {number}" for number in range(len(MOMENTS))] + ["Withdrawn: Gone"])
    assert "Story 14" in found[2021], "the year begins where the newsroom is"
    assert "Story 13" in found[2020]


def test_what_is_still_to_come_has_no_year_before_its_moment(bench: Bench) -> None:
    assert isinstance(bench.answer("/2022/"), Missing)
    assert "2022" not in bench.body("/")
    assert titles(bench.document("/2022/", NEXT_YEAR)) == ["To come"]
    assert "/2022/" in bench.body("/", NEXT_YEAR)


def test_the_years_are_counted_as_they_are_listed(bench: Bench) -> None:
    with bench.catalogue.reading() as snapshot:
        counts = snapshot.counts.by_year(Selection("en"), NOW)
        assert list(counts) == [2021, 2020, 2019]
        assert snapshot.counts.by_year(Selection("mn"), NOW) == {2019: 1}
        assert snapshot.counts.by_year(Selection.of("en", {"country": ["cn"]}), NOW) == {}
    assert counts == {each: len(titles(bench.document(f"/{each}/"))) for each in counts}
    links = html.fromstring(bench.body("/")).xpath("//nav[@class='years']//a/@href")
    assert links == [f"/{each}/" for each in counts]


def test_a_long_year_has_several_pages(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(all_addresses, "PER_YEAR_PAGE", 2)
    monkeypatch.setattr(year, "PER_YEAR_PAGE", 2)
    pages = ["/2019/", "/2019/page/2/", "/2019/page/3/"]
    assert [titles(bench.document(each)) for each in pages] == [
        ["Story 4", "Story 3"],
        ["Story 2", "Story 1"],
        ["Story 0"],
    ]
    assert isinstance(bench.answer("/2019/page/4/"), Missing)
    assert {*pages} <= {*bench.everything()}
    middle = html.fromstring(bench.body(pages[1]))
    assert middle.xpath("//a[@rel='next']/@href") == ["/2019/"]
    assert middle.xpath("//a[@rel='prev']/@href") == ["/2019/page/3/"]


@pytest.mark.parametrize(
    ("path", "target"),
    [("/2019", "/2019/"), ("/2019/page/1", "/2019/"), ("/en/2019/", "/2019/"), ("/MN/2019", "/mn/2019/")],
)
def test_other_spellings_lead_to_the_page(bench: Bench, path: str, target: str) -> None:
    found = bench.answer(path)
    assert isinstance(found, Moved)
    assert found.path == target


@pytest.mark.parametrize(
    "path", ["/2018/", "/3000/", "/0000/", "/20190/", "/2019/page/0/", "/2019/page/x/", "/2019/2/", "/mn/2020/"]
)
def test_there_is_no_page_of_what_is_no_year_here(bench: Bench, path: str) -> None:
    assert isinstance(bench.answer(path), Missing)


def test_it_names_the_other_languages_that_have_the_year(bench: Bench) -> None:
    alternates = "//link[@rel='alternate' and @hreflang and not(@type)]/@href"
    assert html.fromstring(bench.body("/2020/")).xpath(alternates) == []
    found = html.fromstring(bench.body("/2019/")).xpath(alternates)
    assert [each.partition("example.org")[2] for each in found] == ["/2019/", "/mn/2019/", "/2019/"]


def test_a_path_of_another_program_below_a_year_still_leads_on(tmp_path: Path) -> None:
    files = {"2020/2020-06-01-dam.yaml": yaml(published="2020-06-01", aliases=["/2020/06/dam/"])}
    found = a_compiled(tmp_path, files).answer("/2020/06/dam")
    assert isinstance(found, Moved)
    assert found.path == "/releases/2020/dam"


def test_the_front_page_leads_with_the_newest_picture_and_has_few_stories(bench: Bench) -> None:
    shown = bench.document("/")
    assert len(titles(shown)) == front.MOST
    assert titles(shown)[0] == "Story 14"
    folder = bench.folder / "releases" / "2020"
    (folder / "wide.jpg").write_bytes(picture("jpeg", 1600, 900))
    (folder / "2020-08-01-story-12.yaml").write_text(
        yaml(title="Story 12", published=MOMENTS[12], image={"src": "wide.jpg", "alt": "A dam"})
    )
    bench.compile()
    shown = bench.document("/")
    assert titles(shown)[0] == "Story 12"
    assert titles(shown).count("Story 12") == 1
    (lead,) = html.fromstring(shown.body.decode()).xpath("//article[@class='lead-story']//img")
    assert int(lead.get("width")) >= 960
    assert lead.get("loading") is None
