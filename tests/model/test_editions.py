"""A release's life as a row of editions: nothing before its second, and one at any time after."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from feeds.model.editions import Edition, editions
from feeds.model.release import Correction, Release, Withdrawal
from tests.makers import DAY, NOW, SECOND, TOMORROW, YESTERDAY, a_release
from tests.tools import examples

days = st.integers(0, 8).map(timedelta)
noons = days.map(NOW.__add__)
lives = st.tuples(
    days,
    st.none() | days,
    st.none() | days,
    st.lists(st.tuples(days, st.booleans()), max_size=3),
    st.sampled_from([False, False, False, True]),
)
"""When a release is published and, from then on, updated, withdrawn and corrected; and whether it is a draft."""


def a_life(language: str, life: tuple[Any, ...]) -> Release:
    after, updated, withdrawn, corrected, draft = life
    published = NOW + after
    return a_release(
        language=language,
        published=published,
        updated=None if updated is None else published + updated,
        corrections=tuple(Correction(date=published + day, note="Not so.", major=major) for day, major in corrected),
        withdrawn=None if withdrawn is None else Withdrawal(date=published + withdrawn, reason="Wrong."),
        draft=draft,
    )


stories = st.tuples(lives, lives, lives).map(lambda story: tuple(map(a_life, ("en", "mn", "zh-Hans"), story)))


def current(found: tuple[Edition, ...], now: datetime) -> list[Edition]:
    return [each for each in found if each.since <= now and (each.until is None or now < each.until)]


@given(story=stories, moment=noons | noons.map(lambda noon: noon - SECOND))
@examples(300)
def test_there_is_one_edition_at_any_time_from_publication_and_none_before(
    story: tuple[Release, ...], moment: datetime
) -> None:
    for release in story:
        visible = not release.draft and moment >= release.published
        assert len(current(editions(release, story), moment)) == visible


@given(story=stories)
@examples(300)
def test_editions_follow_one_another_without_gap_or_overlap_for_good(story: tuple[Release, ...]) -> None:
    found = editions(story[0], story)
    assert all(earlier.until == later.since for earlier, later in pairwise(found))
    assert all(each.until is None or each.since < each.until for each in found)
    assert [each.until for each in found[-1:]] == ([] if story[0].draft else [None])


@given(story=stories)
@examples(300)
def test_what_readers_must_be_told_of_only_ever_becomes_newer(story: tuple[Release, ...]) -> None:
    found = editions(story[0], story)
    for earlier, later in pairwise(found):
        assert earlier.updated <= later.updated <= later.since
        assert later.announces == (earlier.updated < later.updated)
        # An announcement and its moment are one: so its place in a feed's history is the end.
        assert not later.announces or later.updated == later.since


@given(story=stories)
@examples(300)
def test_no_edition_repeats_the_one_before(story: tuple[Release, ...]) -> None:
    for earlier, later in pairwise(editions(story[0], story)):
        assert (earlier.updated, earlier.corrections, earlier.withdrawal, earlier.translations) != (
            later.updated,
            later.corrections,
            later.withdrawal,
            later.translations,
        )


@given(story=stories, moment=noons)
@examples(300)
def test_a_translation_is_named_exactly_while_it_may_be_seen(story: tuple[Release, ...], moment: datetime) -> None:
    own, *others = story
    for edition in current(editions(own, story), moment):
        expected = sorted(
            (other.language, other.path)
            for other in others
            if current(editions(other, story), moment) and not (other.withdrawn and other.withdrawn.date <= moment)
        )
        assert list(edition.translations) == expected


@given(story=stories)
@examples(100)
def test_the_order_of_the_story_does_not_matter(story: tuple[Release, ...]) -> None:
    assert editions(story[0], story) == editions(story[0], reversed(story))


def test_a_draft_has_no_edition_whatever_its_date() -> None:
    assert editions(a_release(draft=True), ()) == ()


def test_a_major_correction_is_announced_and_a_minor_one_is_not() -> None:
    for major in (True, False):
        release = a_release(published=YESTERDAY, corrections=[{"date": NOW, "note": "Not so.", "major": major}])
        first, second = editions(release, (release,))
        assert (first.corrections, first.updated) == ((), YESTERDAY)
        assert second.corrections == release.corrections
        assert (second.updated, second.announces) == ((NOW, True) if major else (YESTERDAY, False))


def test_a_withdrawal_is_announced_and_lasts() -> None:
    release = a_release(published=YESTERDAY, withdrawn={"date": NOW, "reason": "Wrong."})
    first, second = editions(release, (release,))
    assert first.withdrawal is None
    assert (second.withdrawal, second.updated, second.until) == (release.withdrawn, NOW, None)


def test_a_correction_to_come_is_not_told_beforehand() -> None:
    correction = {"date": TOMORROW, "note": "It will turn out otherwise."}
    release = a_release(published=YESTERDAY, updated=TOMORROW + DAY, corrections=[correction])
    (now,) = current(editions(release, (release,)), TOMORROW - SECOND)
    assert (now.corrections, now.updated) == ((), YESTERDAY)
