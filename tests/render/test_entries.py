"""What feeds say of a release while an edition stands."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from feeds.addresses import Addresses
from feeds.model.editions import editions
from feeds.model.release import Release
from feeds.render.entries import Entries
from feeds.render.feed_values import Entry
from tests import makers
from tests.makers import BASE, FACETS, LANGUAGES, NOW, TOMORROW, YESTERDAY, a_release, a_vocabulary

ENTRIES = Entries(a_vocabulary(), Addresses(BASE, LANGUAGES, FACETS))


def entry(release: Release, *others: Release, now: datetime = NOW) -> Entry:
    """The entry at a time."""
    (current,) = [
        each
        for each in editions(release, (release, *others))
        if each.since <= now and (each.until is None or each.until > now)
    ]
    return ENTRIES.entry(current)


def test_an_entry_says_what_the_release_says() -> None:
    found = entry(a_release("dam", title="The dam", countries=("cn",), topics=("wages",)))
    assert (found.id, found.title, found.language) == ("tag:example.org,2021-06-23:dam", "The dam", "en")
    assert found.link == f"{BASE}/releases/2021/dam"
    assert [(each.scheme, each.term, each.label) for each in found.categories] == [
        ("tag:example.org,2020:country", "cn", "Cn"),
        ("tag:example.org,2020:topic", "wages", "Wages"),
    ]
    assert found.content == "<p>What was said of the dam.</p>\n"
    assert found.date == "23 June 2021"


def test_a_release_that_lives_elsewhere_is_linked_there() -> None:
    assert entry(a_release(url="https://elsewhere.example/dam")).link == "https://elsewhere.example/dam"


def test_a_release_that_names_no_author_is_signed_by_the_newsroom_in_its_language() -> None:
    assert entry(a_release(language="mn")).authors[0].name == "Туршилтын товчоо"
    assert entry(a_release(authors=[{"name": "Ms Bat"}])).authors[0].name == "Ms Bat"


def test_addresses_in_the_body_are_made_whole_for_the_place_of_the_release() -> None:
    assert 'href="https://news.example.org/releases/2021/other"' in entry(a_release(body="[x](other)")).content


@pytest.mark.parametrize(
    "language", ["ar", "he", "fa", "ur", "ps", "yi", "dv", "ug", "ckb", "sd", "ku-Arab", "uz-Arab"]
)
def test_a_text_that_runs_from_right_to_left_says_so(language: str) -> None:
    found = Entries(a_vocabulary(), Addresses(BASE, LANGUAGES, FACETS)).entry(
        *editions(release := a_release(language=language, body="نص *نص*."), (release,))
    )
    assert found.full_content == '<div dir="rtl">\n<p>نص <em>نص</em>.</p>\n</div>\n'
    assert found.content == "<p>نص <em>نص</em>.</p>\n"


def test_a_text_that_runs_from_left_to_right_says_nothing() -> None:
    assert entry(a_release(language="mn", body="Бичвэр.")).full_content == "<p>Бичвэр.</p>\n"


def test_the_picture_comes_with_its_words_and_its_credit() -> None:
    picture = {"src": "https://news.example.org/a.png", "alt": "A <dam>", "caption": "The dam.", "credit": "© Bat"}
    content = entry(a_release(image=picture)).content
    assert 'alt="A &lt;dam&gt;"' in content
    assert "<figcaption>The dam. © Bat</figcaption>" in content


def test_a_correction_stands_before_the_text_from_its_moment_on() -> None:
    release = a_release(published=YESTERDAY, corrections=[{"date": NOW, "note": "Not 5 < 6."}])
    assert "Correction" not in entry(release, now=YESTERDAY).full_content
    found = entry(release)
    (note,) = found.corrections
    assert found.full_content == note.html + found.content
    assert note.html == "<p><strong>Correction, 24 June 2021:</strong> Not 5 &lt; 6.</p>\n"
    assert found.content.startswith("<p>What was")
    assert (note.date, note.text, found.updated) == (NOW, "Not 5 < 6.", NOW)


def test_a_release_of_another_site_leads_there_and_knows_its_page_here() -> None:
    page = f"{BASE}/releases/2021/dam"
    found = entry(a_release(url="https://elsewhere.example/dam"))
    assert (found.link, found.page) == ("https://elsewhere.example/dam", page)
    for own in (a_release(), a_release(url=page)):
        assert (entry(own).link, entry(own).page) == (page, None)


def test_a_withdrawal_keeps_the_id_and_takes_back_everything_else() -> None:
    release = a_release(
        "dam",
        title="The dam",
        body="It will *burst*.",
        url="https://elsewhere.example/dam",
        image={"src": "https://news.example.org/a.png", "alt": "A dam"},
        attachments=[{"url": "https://news.example.org/a.pdf", "title": "Report", "type": "application/pdf"}],
        withdrawn={"date": NOW, "reason": "It will not.", "replacement": "2021/other-dam"},
    )
    found = entry(release)
    assert (found.id, found.title) == (release.id, "Withdrawn: The dam")
    assert (found.link, found.page, found.summary) == (f"{BASE}/releases/2021/dam", None, "It will not.")
    assert "burst" not in found.content
    assert 'href="https://news.example.org/releases/2021/other-dam"' in found.content
    assert (found.withdrawn, found.replacement) == (NOW, f"{BASE}/releases/2021/other-dam")
    assert (found.image, found.attachments, found.links) == (None, (), ())


def test_what_replaces_a_withdrawn_release_may_be_on_another_site_or_be_nothing() -> None:
    elsewhere = {"date": NOW, "reason": "No.", "replacement": "https://elsewhere.example/dam"}
    assert entry(a_release(withdrawn=elsewhere)).replacement == "https://elsewhere.example/dam"
    assert entry(a_release(withdrawn={"date": NOW, "reason": "No."})).replacement is None
    assert entry(a_release(withdrawn={**elsewhere, "date": TOMORROW})).replacement is None


def test_a_withdrawal_takes_the_corrections_back_as_well() -> None:
    corrections = [{"date": YESTERDAY, "note": "It is higher."}]
    found = entry(a_release(published=YESTERDAY, corrections=corrections, withdrawn={"date": NOW, "reason": "No."}))
    assert found.corrections == ()
    assert "higher" not in found.content


def test_a_withdrawal_is_told_in_the_language_of_the_release() -> None:
    release = a_release(language="mn", title="Далан", withdrawn={"date": NOW, "reason": "Буруу."})
    assert entry(release).title == "Буцаан татсан: Далан"


def test_translations_are_linked_while_they_may_be_seen() -> None:
    original, translation = a_release("dam"), a_release("dam", language="mn", published=TOMORROW)
    assert entry(original, translation).links == ()
    (link,) = entry(original, translation, now=TOMORROW).links
    assert (link.href, link.rel, link.hreflang) == (f"{BASE}/mn/releases/2021/dam", "alternate", "mn")


def test_a_related_release_of_our_own_is_not_told_of_in_feeds_for_it_may_be_still_to_come() -> None:
    found = entry(a_release(related=("2021/secret", "https://elsewhere.example/a")))
    assert [link.href for link in found.links] == ["https://elsewhere.example/a"]


def test_markup_in_a_title_is_shown_and_not_obeyed() -> None:
    assert entry(a_release(title="Why <b> & AT&amp;T")).title == "Why <\u2060b> & AT&\u2060amp;T"


def test_a_newsroom_that_is_signed_by_somebody_else_says_so_in_the_feed_and_in_its_entries(tmp_path: Path) -> None:
    newsroom = makers.NEWSROOM.replace("author: {name: Test office}", "author: {name: The press team}")
    bench = makers.Bench(makers.a_newsroom(tmp_path, {"2021/dam.yaml": makers.yaml()}, newsroom=newsroom))
    bench.compile()
    feed = json.loads(bench.body("/mn/feeds/all.json")), json.loads(bench.body("/feeds/all.json"))
    assert [each["authors"] for each in (*feed, *feed[1]["items"])] == [[{"name": "The press team"}]] * 3


def test_a_newsroom_that_signs_itself_does_so_by_its_name_in_each_language(tmp_path: Path) -> None:
    bench = makers.Bench(makers.a_newsroom(tmp_path))
    bench.compile()
    assert json.loads(bench.body("/mn/feeds/all.json"))["authors"] == [{"name": "Туршилтын товчоо"}]
