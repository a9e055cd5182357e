"""A change of the newsroom or its terms renders again what it makes other, and nothing else."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from feeds.model.newsroom import Newsroom
from tests.makers import COUNTRIES, NEWSROOM, NOW, SECOND, TOPICS, YESTERDAY, Bench, a_newsroom, yaml
from tests.tools import examples

RELEASES: dict[str, dict[str, object]] = {
    "plain": {},
    "wages": {"topics": ["wages"], "countries": ["CN"]},
    "alias": {"topics": ["pay", "corrections"], "body": "Of [that](/feeds/topic/pay.html)."},
    "unknown": {"topics": ["salaries"], "countries": ["MN"]},
    "twice": {"topics": ["wages", "salary"]},
    "linking": {"body": "See [them](/feeds/topic/salaries.html) and [these](/feeds/country/mn.html)."},
    "draft": {"topics": ["wages"], "draft": True},
    "gone": {"countries": ["MN"], "withdrawn": {"date": NOW - SECOND, "reason": "Wrong."}},
    "credited": {"authors": [{"name": "Somebody"}], "rights": "Free"},
    "licensed": {"license": "https://www.example.org/terms"},
}
WAGES = "wages: {labels: {en: Wages}, aliases: [pay]}"
OWN: dict[str, tuple[str, ...]] = {
    "topics.yaml": (
        TOPICS,
        *(
            TOPICS.replace(WAGES, wages)
            for wages in (
                "wages: {labels: {en: Pay, mn: Цалин}, aliases: [pay]}",
                "wages: {labels: {en: Wages}, aliases: [pay, salaries]}",
                "wages: {labels: {en: Wages}, aliases: [pay, salary, salaries]}",
                "wages: {labels: {en: Wages}}",
                "wages: {labels: {en: Wages}}\npay: {labels: {en: Pay}, aliases: [salaries]}",
                "salaries: {labels: {en: Salaries}, aliases: [wages, pay]}",
                "wages: {labels: {en: Wages}, aliases: [pay], countries: [MN], url: 'https://www.example.org/pay'}",
                "wages: {labels: {en: Wages}, aliases: [pay], retired: {date: 2021-01-01, successor: corrections}}",
                "wages: {labels: {en: Wages}, aliases: [pay]}\nsalariat: {labels: {en: Salaries}}",
            )
        ),
    ),
    "countries.yaml": (
        COUNTRIES,
        COUNTRIES.replace("en: China", "en: Cathay"),
        COUNTRIES.replace("en: Mongolia", "en: Mongolia, mn: Монгол"),
        f"{COUNTRIES}DE: {{}}\n",
        COUNTRIES.replace("[mongolia]", "[mongolia, mongol-uls]"),
    ),
    "newsroom.yaml": (
        NEWSROOM,
        NEWSROOM.replace("en: Test office", "en: Our office"),
        NEWSROOM.replace("author: {name: Test office}", "author: {name: A team}"),
        NEWSROOM.replace("Test office", "The bureau"),
        NEWSROOM.replace("en: © Test office", "en: Free"),
        f"{NEWSROOM}license: https://creativecommons.org/licenses/by/4.0/\n",
        NEWSROOM.replace("Asia/Shanghai", "Pacific/Apia"),
        NEWSROOM.replace("[en, zh-Hans, mn]", "[en, mn, zh-Hans]"),
        f"{NEWSROOM}gone_after: 30\nurl: https://www.example.org\nhub: https://hub.example.org/\n",
    ),
    "locale/en.po": (
        'msgid "Correction, {date}:"\nmsgstr "Corrected on {date}:"\n',
        'msgid "Withdrawn: {title}"\nmsgstr "Taken back: {title}"\n',
        "",
    ),
}


def a_bench(path: Path) -> Bench:
    texts = {
        f"2021/{name}.yaml": yaml(title=f"On {name}", published=YESTERDAY - 60 * number * SECOND, **fields)
        for number, (name, fields) in enumerate(RELEASES.items())
    }
    texts["2021/wages.mn.yaml"] = "title: Цалин\nsummary: Цалин.\n"
    bench = Bench(a_newsroom(path, texts))
    bench.compile(now=NOW)
    return bench


def write_own(bench: Bench, changes: Mapping[str, str]) -> None:
    for name, text in changes.items():
        (bench.folder / name).parent.mkdir(exist_ok=True)
        (bench.folder / name).write_text(text, encoding="utf-8")


changes = st.sampled_from([(name, text) for name, texts in OWN.items() for text in texts])


@pytest.mark.slow
@given(history=st.lists(st.lists(changes, min_size=1, max_size=2), min_size=1, max_size=5))
@settings(examples(15), suppress_health_check=[HealthCheck.too_slow], phases=(Phase.explicit, Phase.generate))
def test_after_any_change_all_is_as_if_everything_had_been_rendered_again(
    history: list[list[tuple[str, str]]],
) -> None:
    with tempfile.TemporaryDirectory() as path, pytest.MonkeyPatch.context() as patch:
        patch.setattr("feeds.catalogue.first_compile.BATCH", 2)
        bench = a_bench(Path(path))
        for number, each in enumerate(history, 1):
            patch.setattr("feeds.catalogue.compile_stages.MANY", number % 2 * 1_000)
            now = NOW + number * 60 * SECOND
            write_own(bench, dict(each))
            bench.compile(now=now)
            found = bench.everything(now), bench.problems()
            bench.compile(now=now, afresh=True)
            assert (bench.everything(now), bench.problems()) == found


WRONG = {"releases/2021/unknown.yaml", "releases/2021/twice.yaml", "releases/2021/linking.yaml"}
"""Stories in which something is wrong: they are always read again."""


@pytest.mark.parametrize(
    ("name", "before", "after", "again"),
    [
        ("topics.yaml", "en: Wages", "en: Pay", {"wages", "alias", "draft"}),
        ("topics.yaml", "en: What we got wrong", "en: Errors", {"alias"}),
        ("countries.yaml", "en: Mongolia", "en: Mongol", {"gone"}),
        ("projects.yaml", "en: SCORE", "en: Score", set()),
        ("topics.yaml", "[pay]", "[pay, paid]", {"wages", "alias", "draft"}),
        ("newsroom.yaml", "subtitle: {en: News}", "subtitle: {en: All news}", set()),
        ("newsroom.yaml", "en: About", "en: About us", set()),
        ("newsroom.yaml", "title: {en: Test office,", "title: {en: Our office,", RELEASES.keys()),
        ("newsroom.yaml", "time_zone: Asia/Shanghai", "time_zone: Asia/Tokyo", RELEASES.keys()),
        ("topics.yaml", ", aliases: [pay]", "", RELEASES.keys()),
    ],
)
def test_a_change_renders_again_what_shows_it(
    tmp_path: Path, name: str, before: str, after: str, again: set[str]
) -> None:
    bench = a_bench(tmp_path)
    text = (bench.folder / name).read_text(encoding="utf-8")
    assert before in text
    (bench.folder / name).write_text(text.replace(before, after), encoding="utf-8")
    report = bench.compile(now=NOW)
    assert report.changed
    assert report.stories == len({f"releases/2021/{each}.yaml" for each in again} | WRONG)
    assert bench.compile(now=NOW).stories == 0


def test_the_title_is_rendered_again_only_where_it_is_the_author(tmp_path: Path) -> None:
    bench = a_bench(tmp_path)
    for title, count in (("Our office", len(RELEASES)), ("The office", len(WRONG))):
        write_own(bench, {"newsroom.yaml": NEWSROOM.replace("title: {en: Test office", f"title: {{en: {title}")})
        assert bench.compile(now=NOW).stories == count
        assert title in bench.body("/feeds/all.atom")


def test_very_many_stories_are_rendered_again_in_a_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So the file that readers have open stays as it is until the copy takes its place, whole."""
    monkeypatch.setattr("feeds.catalogue.compile_stages.MANY", len(RELEASES))
    monkeypatch.setattr("feeds.catalogue.first_compile.BATCH", 2)
    bench = a_bench(tmp_path)
    path, copy = bench.location.path, bench.location.path.with_suffix(".copy")
    before, bytes_before = path.stat(), path.read_bytes()
    write_own(bench, {"newsroom.yaml": NEWSROOM.replace("en: © Test office", "en: Free")})

    def fails_late(done: int, _: int) -> None:
        assert copy.exists()
        assert (path.stat(), path.read_bytes()) == (before, bytes_before)
        if done == len(RELEASES) - 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bench.compile(now=NOW, progress=fails_late)
    assert not copy.exists()
    assert (path.stat(), path.read_bytes()) == (before, bytes_before)
    copy.write_bytes(b"left by a compile that was killed")
    with bench.catalogue.reading() as snapshot:
        assert bench.compile(now=NOW).stories == len(RELEASES)
        assert snapshot.vocabulary.newsroom.rights == {"en": "© Test office"}
    assert not copy.exists()
    assert path.stat().st_ino != before.st_ino
    assert "Free" in bench.body("/feeds/all.atom")
    assert bench.compile(now=NOW).stories == 0


def test_a_file_that_became_bad_keeps_its_release_in_a_copy_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feeds.catalogue.compile_stages.MANY", 1)
    bench = a_bench(tmp_path)
    (bench.folder / "releases/2021/plain.yaml").write_text("title: [\n", encoding="utf-8")
    write_own(bench, {"newsroom.yaml": NEWSROOM.replace("en: © Test office", "en: Free")})
    bench.compile(now=NOW)
    assert any("plain.yaml" in each for each in bench.problems())
    assert "On plain" in bench.body("/releases/2021/plain")
    assert "Free" in bench.body("/releases/2021/plain")


def test_every_field_of_the_newsroom_is_thought_of() -> None:
    """Whoever adds one must say in `stale_stories.in_common` whether stories depend on it, and try it here."""
    in_entries = {"languages", "time_zone", "authority", "author", "rights", "license", "facets", "title"}
    only_elsewhere = {
        *("subtitle", "headline", "about", "contacts", "url", "hub", "indexnow", "sections", "logo", "icon", "colour"),
        *("links", "readers", "subscribe", "feeds", "gone_after"),
    }
    assert set(Newsroom.model_fields) == in_entries | only_elsewhere
