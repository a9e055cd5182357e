"""The hub is told of exactly the feeds whose bytes changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feeds.addresses import Addresses
from feeds.publish import Router
from feeds.publish.document import Document
from tests.delivery.websub.newsrooms import BASE, HUB, NOON, TOMORROW, Office, Round, changed
from tests.makers import FACETS, NEWSROOM


@pytest.fixture
def office(tmp_path: Path) -> Office:
    office = Office(tmp_path)
    office.release("dam", "A dam", NOON - timedelta(days=2), countries=["MN"], topics=["social-protection"])
    office.release("score", "A pilot", NOON - timedelta(days=1), countries=["CN"], projects=["score"])
    return office


@pytest.fixture
def round_(office: Office) -> Round:
    """After the first look, which finds everything as it stands."""
    round_ = Round(office)
    assert round_.turns() == []
    return round_


def feeds_about(*paths: str) -> list[str]:
    """The feeds of an original in all formats; what is in that of all releases is in that of all languages too."""
    mixed = [f"{language}feeds/all-languages" for language in ("", "zh-Hans/", "mn/") if "all" in paths]
    feeds = [*(f"feeds/{path}" for path in paths), *mixed]
    return sorted(f"{BASE}/{path}.{suffix}" for path in feeds for suffix in ("atom", "rss", "json"))


def test_nothing_is_told_of_what_stood_before_the_first_look(round_: Round) -> None:
    round_.wait(hours=5)
    assert round_.turns() == []


def test_a_new_release_is_told_to_its_terms_and_their_combinations(round_: Round) -> None:
    round_.office.release("pension", countries=["MN"], topics=["no"])
    assert round_.turns() == feeds_about("all", "country/mn", "topic/no", "country/mn/topic/no")


def test_what_is_told_is_what_changed(round_: Round) -> None:
    before = round_.office.feeds(round_.now)
    round_.office.release("pension", countries=["CN", "MN"], topics=["no"], projects=["score"], genre="report")
    told = round_.turns()
    assert told == changed(before, round_.office.feeds(round_.now))
    # None or one of the terms in each facet; none at all is everything, and everything in all languages by three names.
    assert len(told) == 3 * (3 * 2 * 2 * 2 + 3)


def test_the_first_release_in_a_language_is_told_to_the_feeds_that_now_link_to_it_and_its_end_too(
    round_: Round,
) -> None:
    before = round_.office.feeds(round_.now)
    round_.office.release("dam.mn", "Далан", NOON - timedelta(days=2), countries=["MN"], topics=["social-protection"])
    told, after = round_.turns(), round_.office.feeds(round_.now)
    assert told == changed(before, after)
    assert set(feeds_about("all", "country/mn", "country/mn/topic/social-protection")) < set(told)
    assert f"{BASE}/mn/feeds/country/mn.atom" in told
    round_.office.release("road.mn", "Зам", NOON - timedelta(days=1), countries=["CN"])
    round_.office.release("road", "A road", NOON - timedelta(days=1), countries=["CN"])
    told, later = round_.turns(), round_.office.feeds(round_.now)
    assert told == changed(after, later)
    round_.office.remove("dam.mn")
    assert round_.turns() == changed(later, round_.office.feeds(round_.now))


def test_a_corrected_typo_is_told_though_no_date_moves(round_: Round) -> None:
    round_.office.release("dam", "A damn", NOON - timedelta(days=2), countries=["MN"], topics=["social-protection"])
    assert round_.turns() == feeds_about(
        "all", "country/mn", "topic/social-protection", "country/mn/topic/social-protection"
    )


def test_a_file_saved_without_a_change_is_not_told(round_: Round) -> None:
    round_.office.release("dam", "A dam", NOON - timedelta(days=2), countries=["MN"], topics=["social-protection"])
    assert round_.turns() == []


def test_a_release_that_loses_a_term_is_told_to_the_old_feeds_and_the_new(round_: Round) -> None:
    before = round_.office.feeds(round_.now)
    round_.office.release("dam", "A dam", NOON - timedelta(days=2), countries=["CN"], topics=["social-protection"])
    told = round_.turns()
    assert told == changed(before, round_.office.feeds(round_.now))
    assert set(feeds_about("country/cn", "country/mn", "country/mn/topic/social-protection")) < set(told)


def test_a_removed_release_is_told(round_: Round) -> None:
    before = round_.office.feeds(round_.now)
    round_.office.remove("dam")
    told = round_.turns()
    assert told == changed(before, round_.office.feeds(round_.now))
    assert set(feeds_about("country/mn")) < set(told)


def test_a_scheduled_release_is_told_at_its_moment_and_not_before(round_: Round) -> None:
    round_.office.release("embargo", published=TOMORROW, countries=["MN"], topics=["no"])
    assert round_.turns() == []
    round_.now = TOMORROW - timedelta(microseconds=1)
    assert not round_.delivery.turn(round_.now)
    assert round_.hub.told() == []
    round_.now = TOMORROW
    round_.delivery.turn(round_.now)
    assert round_.hub.told() == [], "workers may still answer with what they had"
    round_.wait(seconds=1)
    round_.delivery.turn(round_.now)
    assert round_.hub.told() == feeds_about("all", "country/mn", "topic/no", "country/mn/topic/no")


def test_a_moment_that_came_while_nothing_ran_is_told_afterwards(round_: Round) -> None:
    round_.office.release("embargo", published=TOMORROW, countries=["MN"])
    assert round_.turns() == []
    later = Round(round_.office, now=TOMORROW + timedelta(days=3))
    assert later.turns() == feeds_about("all", "country/mn")


def test_a_correction_reaches_the_feed_of_corrections(round_: Round) -> None:
    round_.office.release(
        "dam", "A dam", NOON - timedelta(days=2), countries=["MN"], topics=["social-protection"],
        corrections=[{"date": NOON, "note": "It is a dyke."}],
    )  # fmt: skip
    assert set(feeds_about("corrections", "all", "country/mn")) < set(round_.turns())


def test_a_change_beyond_the_live_document_is_not_told(tmp_path: Path) -> None:
    office = Office(tmp_path, entries=1)
    for day in range(1, 5):
        office.release(f"day-{day}", "One of many", NOON - timedelta(days=9 - day), countries=["MN"])
    round_ = Round(office)
    assert round_.turns() == []
    before = office.feeds(round_.now)
    office.release("day-1", "None of many", NOON - timedelta(days=8), countries=["MN"])
    assert round_.turns() == changed(before, office.feeds(round_.now)) == []


def test_a_newsroom_renamed_is_told_to_every_feed_that_was_there(round_: Round) -> None:
    before = round_.office.feeds(round_.now)
    newsroom = f"{NEWSROOM}hub: {HUB}\n".replace("Test office, zh", "Another office, zh")
    (round_.office.folder / "newsroom.yaml").write_text(newsroom, encoding="utf-8")
    told = round_.turns()
    after = changed(before, round_.office.feeds(round_.now))
    untold = {address.removeprefix(f"{BASE}/") for address in set(after) - set(told)}
    assert set(told) < set(after)
    assert all(path.count("/") >= 4 for path in untold), "only combinations without a release"


def test_another_number_of_entries_is_told_where_it_matters(round_: Round) -> None:
    before = round_.office.feeds(round_.now)
    round_.office.settings = replace(round_.office.settings, entries=1)
    assert Round(round_.office).turns() == changed(before, round_.office.feeds(round_.now))


def test_another_hub_begins_anew(round_: Round) -> None:
    (round_.office.folder / "newsroom.yaml").write_text(f"{NEWSROOM}hub: https://elsewhere.example/\n")
    assert round_.turns() == []
    round_.office.release("pension")
    assert round_.turns() == feeds_about("all")


def test_nothing_is_told_without_a_hub(round_: Round) -> None:
    (round_.office.folder / "newsroom.yaml").write_text(NEWSROOM, encoding="utf-8")
    round_.office.release("pension")
    assert round_.turns() == []
    assert round_.hub.asked == 0


def test_a_release_that_comes_out_from_behind_another_is_told(round_: Round) -> None:
    round_.office.release("twin", countries=["MN"], slug="pension")
    round_.office.release("twin-2", "The other", countries=["CN"], slug="pension")
    round_.turns()
    before = round_.office.feeds(round_.now)
    round_.office.remove("twin-2")
    told = round_.turns()
    assert told == changed(before, round_.office.feeds(round_.now))
    assert set(feeds_about("country/cn", "country/mn")) < set(told)


def test_a_clock_set_back_tells_what_that_changes(round_: Round) -> None:
    round_.office.release("pension", published=NOON, countries=["MN"])
    assert round_.turns()
    round_.now = NOON - timedelta(hours=1)
    before = round_.office.feeds(NOON + timedelta(seconds=2))
    assert round_.turns() == changed(before, round_.office.feeds(round_.now)) != []


@pytest.mark.slow
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_an_editor_does_exactly_what_changed_is_told(tmp_path_factory: pytest.TempPathFactory,
                                                              data: st.DataObject) -> None:  # fmt: skip
    office = Office(tmp_path_factory.mktemp("office"))
    round_ = Round(office)
    assert round_.turns() == []
    terms: dict[str, list[Any]] = {
        "countries": [["CN"], ["MN"], ["CN", "MN"]],
        "topics": [["no"], ["no", "social-protection"]],
        "projects": [["score"]],
        "genre": ["news", "report"],
    }
    there: set[str] = set()
    before = office.feeds(round_.now, "en")
    for _ in range(4):
        slug = data.draw(st.sampled_from(["one", "two", "three"]))
        if slug in there and data.draw(st.booleans()):
            office.remove(slug)
            there.remove(slug)
        else:
            chosen = data.draw(st.fixed_dictionaries({}, optional={n: st.sampled_from(v) for n, v in terms.items()}))
            published = NOON + timedelta(minutes=data.draw(st.integers(-5, 5)))
            office.release(slug, data.draw(st.sampled_from(["A", "B"])), published, **chosen)
            there.add(slug)
        round_.wait(minutes=data.draw(st.integers(0, 3)))
        told = [address for address in round_.turns() if address.startswith(f"{BASE}/feeds/")]
        after = office.feeds(round_.now, "en")
        assert told == changed(before, after)
        before = after


def test_only_the_feeds_that_are_told_of_bear_the_hub(round_: Round) -> None:
    told_of = round_.office.feeds(round_.now)
    assert all(HUB.encode() in body for body in told_of.values())
    assert f"{BASE}/feeds/country/cn/project/score.atom" in told_of


def test_no_other_feed_bears_the_hub(round_: Round) -> None:
    settings = replace(round_.office.settings, entries=1)
    assert Addresses(BASE, ("en",), FACETS).parse("/feeds/all/archive/1.atom")
    with round_.office.catalogue.reading() as snapshot:
        for path in ("country/cn+mn.atom", "country/cn/corrections.rss", "all/archive/1.atom", "country/cn+mn.json"):
            document = Router(settings).answer(snapshot, f"/feeds/{path}", "", round_.now)
            assert isinstance(document, Document), path
            assert HUB.encode() not in document.body
            assert not [link for link in document.links if link.rel == "hub"]
