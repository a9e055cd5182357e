"""The files of a release, in the order and with the words that podcast players and aggregators look for."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from feeds.addresses import Addresses
from feeds.model.editions import editions
from feeds.model.formats import ATOM, JSON_FEED, RSS, SYNDICATED, Format
from feeds.model.release import Attachment, Image
from feeds.render import entry_media
from feeds.render.entries import Entries
from feeds.render.feed_values import Entry, File
from tests.makers import BASE, a_release, a_vocabulary
from tests.render.test_feeds import complaints, feed

MRSS = "{http://search.yahoo.com/mrss/}content"
KINDS = {
    "image/jpeg": "image",
    "image/svg+xml": "image",
    "IMAGE/PNG": "image",
    "audio/mpeg": "audio",
    "audio/ogg; codecs=opus": "audio",
    "audio/x-mpegurl": "audio",
    "application/ogg": "audio",
    "application/x-flac": "audio",
    "video/mp4": "video",
    "video/quicktime": "video",
    "Application/X-MpegURL": "video",
    "application/vnd.apple.mpegurl": "video",
    "application/dash+xml": "video",
    "application/mp4": "video",
    "application/pdf": "document",
    "text/plain; charset=utf-8": "document",
    "application/zip": "document",
    "application/octet-stream": "document",
    "model/gltf+json": "document",
    "font/woff2": "document",
}


def a_file(type_: str, name: str = "", length: int | None = None) -> File:
    name = name or type_.partition(";")[0].replace("/", ".")
    return File(url=f"https://media.example.org/{name}", title=name, type=type_, length=length)


def an_entry(*files: File, image: Image | None = None) -> Entry:
    attachments = tuple(Attachment(url=f.url, title=f.title, type=f.type, length=f.length) for f in files)
    release = a_release(attachments=attachments, image=image, countries=("cn",))
    vocabulary = a_vocabulary()
    return Entries(vocabulary, Addresses.of(vocabulary, BASE)).entry(editions(release, [release])[0])


@pytest.mark.parametrize(("media_type", "kind"), KINDS.items())
def test_the_media_type_says_the_kind(media_type: str, kind: str) -> None:
    assert entry_media.medium(media_type) == kind


@pytest.mark.parametrize(("name", "kind"), [("a.ogv", "video"), ("a.OGX?x=1", "video"), ("a.oga", "audio")])
def test_the_suffix_says_whether_ogg_is_film_or_sound(name: str, kind: str) -> None:
    assert entry_media.medium("application/ogg", f"https://media.example.org/{name}") == kind


TYPES = [kind for kind in KINDS if kind.islower() and ";" not in kind]
"""As the model takes them."""
FILES = (
    a_file("image/png"), a_file("audio/mpeg", "a.mp3"), a_file("audio/ogg", "b.ogg"), a_file("video/mp4"),
    a_file("application/x-mpegurl"), a_file("application/pdf"),
)  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from(TYPES), st.integers(0, 9))))
def test_files_are_sorted_by_kind_and_stay_as_they_were_within_one(drawn: list[tuple[str, int]]) -> None:
    given_files = [a_file(kind, f"{number}.{place}") for place, (kind, number) in enumerate(drawn)]
    found = entry_media.in_order(given_files)
    kinds = [entry_media.medium(each.type) for each in found]
    assert kinds == sorted(kinds, key=entry_media.ORDER.index)
    for kind in entry_media.ORDER:
        assert [f for f in found if entry_media.medium(f.type) == kind] == [
            f for f in given_files if entry_media.medium(f.type) == kind
        ]


def test_every_format_names_files_in_this_order_and_the_picture_before_them() -> None:
    picture = Image(src="https://media.example.org/i.jpg", alt="A dam")
    entry = an_entry(*reversed(FILES), image=picture)
    atom, rss = (etree.fromstring(feed(form, [entry])) for form in (ATOM, RSS))
    (item,) = json.loads(feed(JSON_FEED, [entry]))["items"]
    names = ["image.png", "b.ogg", "a.mp3", "application.x-mpegurl", "video.mp4", "application.pdf"]
    addresses = [f"https://media.example.org/{name}" for name in names]
    assert [each.get("href") for each in atom.iter("{*}link") if each.get("rel") == "enclosure"] == addresses
    assert [each["url"] for each in item["attachments"]] == addresses
    assert [each.get("url") for each in rss.iter(MRSS)] == [picture.src, *addresses]


@pytest.mark.parametrize(
    ("types", "enclosed"),
    [
        (("application/pdf", "audio/mpeg"), "audio/mpeg"),
        (("application/pdf", "video/mp4"), "video/mp4"),
        (("video/mp4", "audio/mpeg"), "audio/mpeg"),
        (("image/png", "application/pdf", "application/x-mpegurl"), "application/x-mpegurl"),
        (("application/pdf", "text/csv"), "application/pdf"),
        (("application/pdf", "image/png"), "image/png"),
        (("application/ogg",), "application/ogg"),
        ((), None),
    ],
)
def test_the_one_enclosure_of_rss_is_the_first_sound_or_film_if_there_is_one(
    types: tuple[str, ...], enclosed: str | None
) -> None:
    root = etree.fromstring(feed(RSS, [an_entry(*map(a_file, types))]))
    assert [each.get("type") for each in root.iter("enclosure")] == ([enclosed] if enclosed else [])
    assert sorted(each.get("type") for each in root.iter(MRSS)) == sorted(types)
    assert {each.get("medium") for each in root.iter(MRSS)} == {entry_media.medium(each) for each in types}


@pytest.mark.parametrize("form", SYNDICATED, ids=lambda form: form.suffix)
@pytest.mark.parametrize("files", [FILES, FILES[5:], (a_file("audio/mpeg", length=0), a_file("text/csv", length=0))])
def test_all_of_it_is_clean_and_read_alike(form: Format, files: tuple[File, ...]) -> None:
    assert complaints(form, [an_entry(*files)]) == []


def test_a_length_of_nothing_is_left_out_and_rss_says_that_it_is_unknown() -> None:
    files = (a_file("application/pdf", length=0), a_file("audio/mpeg", length=0), a_file("text/csv", length=7))
    atom, rss, json_feed = (feed(form, [an_entry(*files)]) for form in (ATOM, RSS, JSON_FEED))
    links = [each for each in etree.fromstring(atom).iter("{*}link") if each.get("rel") == "enclosure"]
    assert [each.get("length") for each in links] == [None, None, "7"]
    assert [each.get("length") for each in etree.fromstring(rss).iter("enclosure")] == ["0"]
    assert [each.get("fileSize") for each in etree.fromstring(rss).iter(MRSS)] == [None, None, "7"]
    (item,) = json.loads(json_feed)["items"]
    assert [each.get("size_in_bytes") for each in item["attachments"]] == [None, None, 7]
