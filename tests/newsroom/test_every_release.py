"""Every release of the bundled newsroom: its Markdown is genuine, and its digest is its own."""

from __future__ import annotations

from feeds.addresses import ReleaseMarkdown
from feeds.catalogue import Snapshot
from feeds.publish import Router
from feeds.publish.all_addresses import all_addresses
from feeds.publish.context import Context
from feeds.publish.document import Document
from feeds.publish.verification import PassageCheck, passage_in, verified
from tests.newsroom.conftest import NOW, SETTINGS


def test_the_markdown_of_every_release_is_found_word_for_word(snapshot: Snapshot) -> None:
    desk = Context.of(snapshot, NOW, SETTINGS)
    twins = [each for each in all_addresses(desk) if isinstance(each, ReleaseMarkdown)]
    assert len(twins) > 20
    digests = set()
    for address in twins:
        document = Router(SETTINGS).answer(snapshot, desk.addresses.make(address), "", NOW)
        assert isinstance(document, Document)
        passage = passage_in("copy.md", document.body)
        assert isinstance(passage, str)
        found = verified(desk, passage)
        assert isinstance(found, PassageCheck)
        assert found.is_word_for_word, address
        (release,) = [each.visible.release for each in found.matches]
        assert (release.language, release.path) == (address.language, address.path)
        digests.add(found.matches[0].visible.entry.digest)
    assert len(digests) == len(twins)
