"""Search engines are told of what readers can see and of nothing else: what is new, has changed, or is withdrawn."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from feeds.delivery.indexnow.delivery import SETTLE
from tests.delivery.indexnow.newsrooms import KEY, NOON, SECOND, Office, Round
from tests.makers import NEWSROOM, write

HOUR = timedelta(hours=1)
DAM, ROAD = "/releases/2021/dam", "/releases/2021/road"


@pytest.fixture
def round_(tmp_path: Path) -> Round:
    office = Office(tmp_path)
    office.release("old", published=NOON - HOUR)
    round_ = Round(office)
    assert round_.turn() == [], "what stood there before is found by the sitemap"
    return round_


def test_a_new_release_is_told_once(round_: Round) -> None:
    round_.office.release("dam")
    assert round_.turn() == [DAM]
    assert round_.turn() == []
    round_.office.release("dam")
    assert round_.turn() == [], "saved again without a change"


def test_a_change_is_told_also_a_silent_one(round_: Round) -> None:
    round_.office.release("dam", "The dam")
    round_.turn()
    round_.office.release("dam", "The damm")
    assert round_.turn() == [DAM]
    round_.office.release("dam", "The damm", body="It is high.")
    assert round_.turn() == [DAM]


def test_a_correction_and_a_withdrawal_are_told_when_they_come(round_: Round) -> None:
    round_.office.release("dam")
    round_.turn()
    later = round_.now + HOUR
    withdrawn = {"date": later + HOUR, "reason": "Wrong."}
    round_.office.release("dam", corrections=[{"date": later, "note": "Higher."}], withdrawn=withdrawn)
    assert round_.turn() == [], "nobody may know before"
    for _ in ("corrected", "withdrawn"):
        round_.now = later - SECOND - SETTLE
        assert round_.turn() == []
        round_.now = later
        assert round_.turn() == [DAM]
        later += HOUR
    assert round_.turn() == []


def test_a_scheduled_release_is_told_at_its_moment_and_a_draft_never(round_: Round) -> None:
    moment = round_.now + HOUR
    round_.office.release("dam", published=moment)
    round_.office.release("road", draft=True)
    assert round_.turn() == []
    round_.office.release("dam", "Another title", published=moment)
    round_.now = moment - SECOND - SETTLE
    assert round_.turn() == []
    round_.now = moment
    assert round_.turn() == [DAM]
    round_.office.remove("road")
    assert round_.turn() == []


def test_what_becomes_a_draft_again_or_is_deleted_is_told_as_gone_once(round_: Round) -> None:
    for name in ("dam", "road"):
        round_.office.release(name)
    assert round_.turn() == [DAM, ROAD]
    round_.office.release("dam", draft=True)
    round_.office.remove("road")
    assert round_.turn() == [DAM, ROAD]
    assert round_.turn() == []


def test_each_language_has_its_own_page_and_the_original_names_the_translation(round_: Round) -> None:
    round_.office.release("dam")
    round_.turn()
    write(round_.office.folder, "2021/2021-06-01-dam.mn.yaml", "title: Далан\nsummary: Далан.\n")
    assert round_.turn() == ["/mn/releases/2021/dam", DAM]


def test_another_slug_is_told_with_the_address_that_leads_there(round_: Round) -> None:
    round_.office.release("dam", id="tag:example.org,2021-06-01:dam")
    round_.turn()
    round_.office.remove("dam")
    round_.office.release("high-dam", id="tag:example.org,2021-06-01:dam", aliases=["2021/dam"])
    assert round_.turn() == [DAM, "/releases/2021/high-dam"]


def test_a_release_that_lives_elsewhere_is_left_out_as_in_the_sitemap(round_: Round) -> None:
    round_.office.release("dam", url="https://www.example.org/dam")
    assert round_.turn() == []


def test_a_catalogue_that_is_built_anew_tells_what_has_changed_meanwhile(round_: Round) -> None:
    round_.office.release("dam")
    round_.office.release("road")
    round_.turn()
    round_.delivery.close()
    round_.office.location.path.unlink()
    round_.office.release("dam", "Another title")
    round_.office.remove("road")
    again = Round(round_.office, round_.now)
    assert again.turn() == [DAM, ROAD]


def test_another_name_of_the_newsroom_tells_nothing_and_another_key_begins_anew(round_: Round) -> None:
    newsroom = round_.office.folder / "newsroom.yaml"
    newsroom.write_text(f"{NEWSROOM}indexnow: {KEY}\nurl: https://www.example.org/\n", encoding="utf-8")
    assert round_.turn() == []
    newsroom.write_text(NEWSROOM, encoding="utf-8")
    round_.office.release("dam")
    assert round_.turn() == [], "without a key nobody is told"
    newsroom.write_text(f"{NEWSROOM}indexnow: another-key-of-ours\n", encoding="utf-8")
    assert round_.turn() == []
    assert round_.engines.asked == 0
