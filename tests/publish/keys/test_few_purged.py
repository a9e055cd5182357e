"""An edit of one release purges what shows it, and little else; and no document has many keys."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from feeds.addresses import FeedAddress, ReleasePage
from feeds.catalogue import sitemap_parts
from feeds.model.selection import Selection
from feeds.publish import surrogate_keys
from feeds.publish.context import Context
from feeds.publish.key_changes import next_change
from tests.makers import NEWSROOM, NOW, write, yaml
from tests.publish.keys.newsroom import CachedNewsroom, Look, differing, purged

FILES: dict[str, dict[str, Any]] = {
    "2021/2021-05-01-dam.yaml": {"countries": ["CN"], "topics": ["wages"]},
    "2021/2021-05-02-road.yaml": {"countries": ["MN"], "related": ["2021/pier"]},
    "2021/2021-05-03-well.yaml": {"countries": ["MN"], "topics": ["corrections"]},
    "2021/2021-05-04-wall.yaml": {"projects": ["score"]},
    "2021/2021-05-05-pier.yaml": {"projects": ["score"], "countries": ["CN"], "topics": ["wages"]},
    "2021/2021-05-06-lock.yaml": {"genre": "news"},
    "2021/2021-05-07-gate.yaml": {"genre": "news", "topics": ["wages"]},
}  # fmt: skip


@pytest.fixture
def newsroom(tmp_path: Path) -> CachedNewsroom:
    texts = {name: yaml(published=name[5:15], **fields) for name, fields in FILES.items()}
    return CachedNewsroom(tmp_path, texts)


def release_pages(before: Look, paths: set[str]) -> set[str]:
    """The slugs of the releases among pages, without those in other languages."""
    addresses = [before.held[path].address for path in paths]
    return {each.path.partition("/")[2] for each in addresses if isinstance(each, ReleasePage)}


def feeds_with_terms(before: Look, paths: set[str]) -> list[FeedAddress]:
    addresses = [before.held[path].address for path in paths]
    return [each for each in addresses if isinstance(each, FeedAddress) and each.selection.terms]


def without_left_out(paths: set[str]) -> set[str]:
    """The paths but for feeds that leave something out: these are purged with what they are taken from."""
    return {path for path in paths if "/not/" not in path}


def test_a_typo_purges_no_feed_without_a_term_of_the_release_and_no_page_that_does_not_show_it(
    newsroom: CachedNewsroom,
) -> None:
    before = newsroom.look()
    write(
        newsroom.folder,
        "2021/2021-05-05-pier.yaml",
        yaml(title="Mended", published="2021-05-05", projects=["score"], countries=["CN"], topics=["wages"]),
    )
    after = newsroom.look(before)
    gone = without_left_out(purged(before, after))
    # Itself, the ones before and after it, the one that names it, and the one after it about the same.
    assert release_pages(before, gone) == {"pier", "wall", "lock", "road", "gate"}
    asked = [dict(each.selection.terms) for each in feeds_with_terms(before, gone)]
    own = {"project": "score", "country": "cn", "topic": "wages"}
    assert asked
    assert all(any(own.get(facet) in slugs for facet, slugs in terms.items()) for terms in asked)
    assert len(gone) <= 2 * len(without_left_out(differing(before, after)))


def test_an_archive_document_is_purged_only_with_a_release_that_has_a_place_in_it(newsroom: CachedNewsroom) -> None:
    before = newsroom.look()
    write(newsroom.folder, "2021/2021-05-08-new.yaml", yaml(published="2021-05-08", genre="news"))
    after = newsroom.look(before)
    archives = [path for path in purged(before, after) if "/archive/" in path and not path.endswith(".html")]
    assert archives == []
    write(
        newsroom.folder,
        "2021/2021-05-01-dam.yaml",
        yaml(title="Mended", published="2021-05-01", countries=["CN"], topics=["wages"]),
    )
    again = newsroom.look(after)
    gone = without_left_out(purged(after, again))
    archives = [path for path in gone if "/archive/" in path and path.endswith(".atom")]
    assert archives
    assert all(path in differing(after, again) for path in archives)


def test_a_new_release_purges_the_pages_of_its_neighbours_alone(newsroom: CachedNewsroom) -> None:
    before = newsroom.look()
    write(newsroom.folder, "2021/2021-05-08-new.yaml", yaml(published="2021-05-08"))
    after = newsroom.look(before)
    assert release_pages(before, purged(before, after)) == {"gate"}


def test_what_is_scheduled_changes_no_key_before_its_moment(newsroom: CachedNewsroom) -> None:
    before = newsroom.look()
    write(newsroom.folder, "2021/2021-06-24-secret.yaml", yaml(published=NOW + timedelta(hours=1), countries=["CN"]))
    hidden = newsroom.look(before)
    assert hidden.changes.keys == frozenset()
    assert {path: held.keys for path, held in hidden.held.items()} == {
        path: held.keys for path, held in before.held.items()
    }
    newsroom.wait(minutes=59)
    waiting = newsroom.look(hidden)
    assert waiting.changes.keys == frozenset()
    newsroom.wait(minutes=1)
    assert surrogate_keys.of_term("country", "cn") in newsroom.look(waiting).changes.keys


def test_nothing_changed_changes_no_key(newsroom: CachedNewsroom) -> None:
    before = newsroom.look()
    newsroom.wait(days=20)
    assert newsroom.look(before).changes.keys == frozenset()


def test_a_change_of_the_newsroom_purges_everything(newsroom: CachedNewsroom) -> None:
    before = newsroom.look()
    (newsroom.folder / "newsroom.yaml").write_text(NEWSROOM.replace("Test office", "The office"), encoding="utf-8")
    after = newsroom.look(before)
    assert after.changes.keys == {surrogate_keys.ALL}
    assert purged(before, after) == set(before.held)


def test_without_a_state_before_and_after_a_new_catalogue_everything_is_purged(newsroom: CachedNewsroom) -> None:
    before = newsroom.look()
    assert before.changes.keys == {surrogate_keys.ALL}
    assert newsroom.look(before).changes.keys == frozenset()
    newsroom.compile(now=newsroom.now, afresh=True)
    assert newsroom.look(before).changes.keys == {surrogate_keys.ALL}


def test_a_document_has_few_keys_and_a_change_names_few(newsroom: CachedNewsroom) -> None:
    before = newsroom.look()
    assert max(len(held.keys) for held in before.held.values()) <= 12
    write(
        newsroom.folder,
        "2021/2021-05-01-dam.yaml",
        yaml(title="Mended", published="2021-05-01", countries=["CN"], topics=["wages"]),
    )
    assert len(newsroom.look(before).changes.keys) <= 12


def test_a_selection_of_very_many_terms_depends_on_every_release(newsroom: CachedNewsroom) -> None:
    newsroom.look()
    with newsroom.catalogue.reading() as snapshot:
        context = Context.of(snapshot, newsroom.now, newsroom.settings)
        many = Selection.of("en", {"country": [f"c{number}" for number in range(500)]})
        assert surrogate_keys.ANY in surrogate_keys.document_keys(context, FeedAddress(many))
        assert len(surrogate_keys.document_keys(context, FeedAddress(many))) <= 4


def sitemaps(paths: set[str]) -> set[str]:
    return {path.removeprefix("/sitemap").removesuffix(".xml") for path in paths if path.startswith("/sitemap")}


def test_a_change_purges_the_part_of_the_sitemap_that_it_is_in(
    newsroom: CachedNewsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemap_parts, "LARGEST", 4)
    write(newsroom.folder, "2020/2020-05-01-old.yaml", yaml(published="2020-05-01"))
    before = newsroom.look()
    assert sitemaps(set(before.held)) == {"", "-news", "-pages", "-2020", "-2021", "-2021-2"}
    typo = yaml(title="Mended", published="2021-05-06", genre="news")
    write(newsroom.folder, "2021/2021-05-06-lock.yaml", typo)
    mended = newsroom.look(before)
    assert sitemaps(purged(before, mended)) == {"-news"}, "addresses and dates are the same"
    correction = "corrections: [{date: 2021-05-09, note: It is higher.}]\n"
    write(newsroom.folder, "2021/2021-05-06-lock.yaml", typo + correction)
    corrected = newsroom.look(mended)
    assert sitemaps(purged(mended, corrected)) == {"", "-news", "-2021-2"}
    write(newsroom.folder, "2020/2020-05-02-late.yaml", yaml(published="2020-05-02"))
    assert sitemaps(purged(corrected, newsroom.look(corrected))) == {"", "-news", "-2020"}


def test_the_news_sitemap_changes_by_itself_two_days_after_a_release(newsroom: CachedNewsroom) -> None:
    write(newsroom.folder, "2021/2021-06-24-new.yaml", yaml(published=NOW - timedelta(hours=1)))
    before = newsroom.look()
    with newsroom.catalogue.reading() as snapshot:
        context = Context.of(snapshot, newsroom.now, newsroom.settings)
        assert next_change(context) == NOW + timedelta(hours=47)
    newsroom.wait(hours=47)
    after = newsroom.look(before)
    assert after.changes.keys == {surrogate_keys.NEWS}
    assert purged(before, after) == {"/sitemap-news.xml"} == differing(before, after)
