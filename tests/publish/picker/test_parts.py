"""The picker's parts: the form's query, the picture for a telephone, the months."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st

from feeds.content import read_newsroom
from feeds.model import search_words
from feeds.model.selection import Selection
from feeds.publish import Router, picker_query
from feeds.publish.context import Context
from feeds.publish.pages import picker
from feeds.publish.pages.chart import MONTHS, Chart, chart
from feeds.render import qr
from tests.makers import LANGUAGES, NOW, TERMS, TOMORROW, Bench, a_newsroom, a_vocabulary, yaml

_TERMS = {facet: st.sets(st.sampled_from(slugs)) for facet, slugs in TERMS.items()}


@st.composite
def _choices(draw: st.DrawFn) -> Selection:
    words = search_words.words(draw(st.text("ab 社会дал'-\"&=+%#", max_size=20)))
    terms, without = draw(st.fixed_dictionaries(_TERMS)), draw(st.fixed_dictionaries(_TERMS))
    left_out = {facet: slugs - terms[facet] for facet, slugs in without.items()}
    return Selection.of(draw(st.sampled_from(LANGUAGES)), terms, words=words, without=left_out)


_CHOICES = _choices()


@given(_CHOICES, st.sampled_from(LANGUAGES), st.integers(0, 100))
def test_a_choice_comes_back_from_its_query(selection: Selection, language: str, count: int) -> None:
    query = picker_query.to_query(selection, language, count).removeprefix("?")
    assert picker_query.from_query(a_vocabulary(), language, query) == picker_query.Choice(selection, count=count)


@pytest.mark.parametrize(
    "query",
    [
        "country=XX",
        "not=country/XX",
        "not=cn",
        "not=all/cn",
        "&".join(f"not=topic/{number}" for number in range(30)),
        "topic=%3Cscript%3E",
        "language=tlh",
        "a=b&" * 300,
        "q=" + "x" * 5_000,
    ],
)
def test_what_cannot_be_meant_is_left_out_and_that_is_told(query: str) -> None:
    assert picker_query.from_query(a_vocabulary(), "en", query) == picker_query.Choice(Selection("en"), complete=False)


def test_what_is_chosen_and_left_out_at_once_is_chosen_and_that_is_told() -> None:
    asked = "topic=wages&not=topic/wages&not=country/CHINA"
    choice = picker_query.from_query(a_vocabulary(), "en", asked.replace("CHINA", "CN"))
    assert choice.contradictory
    assert choice.selection == Selection.of("en", {"topic": ["wages"]}, without={"country": ["cn"]})


def test_empty_fields_and_those_of_others_mean_nothing() -> None:
    assert picker_query.from_query(a_vocabulary(), "mn", "q=&count=&language=mn&utm_source=x") == picker_query.Choice(
        Selection("mn")
    )


@given(_CHOICES)
def test_what_is_wider_asks_for_one_thing_less(selection: Selection) -> None:
    asked = _conditions(selection)
    broader = picker_query.broader_selections(selection)
    assert len(set(broader)) == asked
    assert {_conditions(each) for each in broader} <= {asked - 1}


def _conditions(selection: Selection) -> int:
    return len(selection.terms) + len(selection.without) + bool(selection.words)


def test_nothing_unknown_is_echoed(tmp_path: Path) -> None:
    bench = Bench(a_newsroom(tmp_path))
    bench.compile()
    with bench.catalogue.reading() as snapshot:
        found = Router(bench.settings).answer(snapshot, "/feeds/", "country=zz-nobody&nobody=zz-nobody", NOW)
    assert b"zz-nobody" not in found.body  # type: ignore[union-attr]  # the directory is always there


ADDRESS = "https://news.example.org/feeds/country/cn+mn/topic/social-protection.atom?q=%E7%A4%BE%E4%BC%9A"


def test_a_camera_reads_the_address_from_the_picture() -> None:
    code = qr.code(ADDRESS)
    assert code is not None
    (found,) = zxingcpp.read_barcodes(_drawn(*code))
    assert found.text == ADDRESS


def test_the_picture_of_an_address_is_drawn_once() -> None:
    assert qr.code(ADDRESS) is qr.code(ADDRESS)


def _drawn(side: int, path: str, scale: int = 4) -> memoryview:
    """The picture as a browser paints it, a byte a pixel."""
    light = [[255] * side for _ in range(side)]
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", path):
        light[int(y)][int(x) : int(x) + int(width)] = [0] * int(width)
    pixels = bytes(level for row in light for _ in range(scale) for level in row for _ in range(scale))
    return memoryview(pixels).cast("B", shape=[side * scale, side * scale])


def test_an_address_too_long_for_a_camera_has_no_picture() -> None:
    assert qr.code("https://news.example.org/feeds/all.atom?q=" + "a" * qr.LONGEST) is None


def test_readers_are_secure_and_take_one_feed() -> None:
    for reader in picker.WELL_KNOWN_READERS:
        link = picker.reader_address(reader, "https://news.example.org/feeds/all.atom?q=a+b&c")
        assert link.startswith("https://")
        assert "https%3A%2F%2Fnews.example.org%2Ffeeds%2Fall.atom%3Fq%3Da%2Bb%26c" in link


def test_a_newsroom_may_name_the_readers_its_picker_offers(tmp_path: Path) -> None:
    ours = "readers: [{name: Ours, address: 'https://reader.example.net/add?{feed}&x=1'}]"
    bench = Bench(a_newsroom(tmp_path))
    with (bench.settings.data / "newsroom.yaml").open("a", encoding="utf-8") as file:
        file.write(ours)
    bench.compile()
    with bench.catalogue.reading() as snapshot:
        found = Router(bench.settings).answer(snapshot, "/feeds/", "", NOW).body.decode()  # type: ignore[union-attr]
    assert 'href="https://reader.example.net/add?https%3A%2F%2Fnews.example.org%2Ffeeds%2Fall.atom&amp;x=1"' in found
    assert "Feedly" not in found


@pytest.mark.parametrize("address", ["http://reader.example.net/{feed}", "https://reader.example.net/", "{feed}"])
def test_an_address_that_takes_no_feed_is_a_problem(tmp_path: Path, address: str) -> None:
    data = a_newsroom(tmp_path)
    with (data / "newsroom.yaml").open("a", encoding="utf-8") as file:
        file.write(f"readers: [{{name: Ours, address: '{address}'}}]")
    vocabulary, (problem,) = read_newsroom(data)
    assert vocabulary is None
    assert (problem.path, problem.message) == ("readers[0].address", "not an address that takes a feed")


def charted(
    folder: Path, dates: list[str], selection: Selection, now: datetime = NOW, more: dict[str, str] | None = None
) -> Chart | None:
    files = {
        f"2021/{date}-a{n}.yaml": yaml(published=f"{date}T10:00:{n:02}+08:00", countries=["MN"] if n % 2 else ["CN"])
        for n, date in enumerate(dates)
    }
    bench = Bench(a_newsroom(folder, files | (more or {})))
    bench.compile()
    with bench.catalogue.reading() as snapshot:
        return chart(Context.of(snapshot, now, bench.settings), selection, subjects=True)


DATES = ["2020-11-03", "2021-04-30", "2021-05-01", "2021-05-31", "2021-06-01"]


def test_the_months_end_with_the_newest_release_and_begin_with_the_first_a_year_ago_at_least(tmp_path: Path) -> None:
    found = charted(tmp_path, DATES, Selection("en"))
    assert found is not None
    assert (found.first, found.last, found.most) == ("Jul 2020", "Jun 2021", 2)
    assert found.total.months == (("Jun 2021", 1), ("May 2021", 2), ("Apr 2021", 1), ("Nov 2020", 1))
    assert found.total.bars.count("M") == 4


def test_what_has_gone_quiet_shows_as_empty_months_at_its_end(tmp_path: Path) -> None:
    found = charted(tmp_path, DATES, Selection.of("en", {"country": ["mn"]}))
    assert found is not None
    assert found.last == "Jun 2021", "the newsroom's last month, not the country's"
    assert found.total.newest == "May 2021"
    assert found.subjects == (), "of what was asked for, the picture as a whole tells"


def test_every_subject_of_a_selection_has_a_row_that_leads_to_it(tmp_path: Path) -> None:
    found = charted(tmp_path, DATES, Selection("en"))
    assert found is not None
    assert [(row.subject and row.subject.label, row.releases, row.newest) for row in found.subjects] == [
        ("China", 3, "Jun 2021"),
        ("Mongolia", 2, "May 2021"),
    ]
    (tmp_path / "topics").mkdir()
    both = {"2021/2021-05-20-pay.yaml": yaml(published="2021-05-20", countries=["CN"], topics=["wages"])}
    within = charted(tmp_path / "topics", DATES, Selection.of("en", {"country": ["cn"]}), more=both)
    assert within is not None
    assert [(row.subject and row.subject.href, row.releases) for row in within.subjects] == [
        ("/feeds/country/cn/topic/wages.html", 1)
    ]


def test_a_single_bar_is_no_picture(tmp_path: Path) -> None:
    in_one_month = ["2021-06-01", "2021-06-02", "2021-06-03"]
    assert charted(tmp_path / "one", in_one_month, Selection("en")) is None
    assert charted(tmp_path / "two", ["2021-05-31", *in_one_month], Selection("en")) is not None


def test_the_rows_of_all_subjects_have_one_scale(tmp_path: Path) -> None:
    found = charted(tmp_path, ["2021-05-01", "2021-06-01", "2021-06-02", "2021-06-03", "2021-06-04"], Selection("en"))
    assert found is not None
    assert found.most == 4
    # Two of four in June; and one of four in May.
    bars = {row.subject.label: row.bars for row in found.subjects if row.subject}
    assert bars["Mongolia"] == "M110 100v-50h8V100z"
    assert bars["China"] == "M100 100v-25h8V100zM110 100v-50h8V100z"


def test_the_axis_names_its_beginning_middle_and_end(tmp_path: Path) -> None:
    found = charted(tmp_path, DATES, Selection("en"))
    assert found is not None
    assert (found.first, found.middle, found.last) == ("Jul 2020", "Jan 2021", "Jun 2021")


def test_an_old_newsroom_shows_two_years(tmp_path: Path) -> None:
    found = charted(tmp_path, ["2015-01-01", *DATES], Selection("en"))
    assert found is not None
    assert (found.first, found.width) == ("Jul 2019", MONTHS * 10)


def test_nothing_scheduled_shows_and_time_alone_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    scheduled = {"2021/2021-06-25-later.yaml": yaml(published=TOMORROW)}
    plain = charted(tmp_path / "a", DATES, Selection("en"))
    assert charted(tmp_path / "b", DATES, Selection("en"), more=scheduled) == plain
    assert charted(tmp_path / "c", DATES, Selection("en"), NOW + timedelta(days=900)) == plain


def test_where_nothing_is_published_there_is_no_picture(tmp_path: Path) -> None:
    assert charted(tmp_path, [], Selection("en")) is None
    assert charted(tmp_path / "b", DATES, Selection.of("en", {"topic": ["wages"]})) is None
    assert charted(tmp_path / "c", DATES, Selection("en"), datetime(2020, 1, 1, tzinfo=UTC)) is None
