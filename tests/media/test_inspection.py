"""What a file beside a release is, and what readers get of it."""

from __future__ import annotations

import io
import os
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from feeds.media import MediaStore, Unfit, inspect
from feeds.model.media import MediaFile
from tests.media.files import PDF, SVG, picture

MOST = 1_000_000


def inspected(folder: Path, name: str, content: bytes, store: MediaStore | None = None) -> MediaFile | Unfit:
    (folder / name).write_bytes(content)
    return inspect(folder, name, name, MOST, store)


@pytest.mark.parametrize(
    ("name", "kind", "media_type"),
    [
        ("a.jpg", "JPEG", "image/jpeg"),
        ("a.JPEG", "JPEG", "image/jpeg"),
        ("a.png", "PNG", "image/png"),
        ("a.gif", "GIF", "image/gif"),
        ("a.webp", "WEBP", "image/webp"),
        ("a.avif", "AVIF", "image/avif"),
    ],
)
def test_a_picture_has_its_type_and_size(tmp_path: Path, name: str, kind: str, media_type: str) -> None:
    content = picture(kind)
    found = inspected(tmp_path, name, content)
    assert isinstance(found, MediaFile)
    assert (found.type, found.width, found.height, found.length) == (media_type, 1200, 800, len(content))
    assert [(each.width, each.height) for each in found.smaller] == [(480, 320), (960, 640)]


@pytest.mark.parametrize(
    ("orientation", "size"), [(1, (1200, 800)), (3, (1200, 800)), (6, (800, 1200)), (8, (800, 1200))]
)
def test_a_picture_that_lies_on_its_side_is_as_wide_as_it_is_shown(
    tmp_path: Path, orientation: int, size: tuple[int, int]
) -> None:
    exif = Image.Exif()
    exif[274] = orientation
    store = MediaStore(tmp_path / "store")
    found = inspected(tmp_path, "a.jpg", picture(exif=exif), store)
    assert isinstance(found, MediaFile)
    assert (found.width, found.height) == size
    with Image.open(store.path(found.smaller[0].digest)) as smaller:
        assert smaller.size == (found.smaller[0].width, found.smaller[0].height)
        assert (smaller.width > smaller.height) == (size[0] > size[1])
        assert 274 not in smaller.getexif()


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "LA", "CMYK", "1", "I;16"])
def test_pictures_of_every_mode_become_smaller(tmp_path: Path, mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    image = Image.new("L", (1000, 500), 128).convert(mode)
    if "A" in mode:
        image.putalpha(100)
    made = io.BytesIO()
    image.save(made, kind)
    store = MediaStore(tmp_path / "store")
    found = inspected(tmp_path, f"a.{kind.lower()}", made.getvalue(), store)
    assert isinstance(found, MediaFile)
    for each in found.smaller:
        with Image.open(store.path(each.digest)) as smaller:
            assert (smaller.format, smaller.size) == ("WEBP", (each.width, each.height))
            assert ("A" in smaller.mode) == ("A" in mode)


def test_a_picture_that_moves_stays_as_it_is(tmp_path: Path) -> None:
    frames = [Image.new("L", (1000, 500), shade) for shade in (0, 255)]
    made = io.BytesIO()
    frames[0].save(made, "GIF", save_all=True, append_images=frames[1:])
    found = inspected(tmp_path, "a.gif", made.getvalue())
    assert isinstance(found, MediaFile)
    assert found.smaller == ()


def test_the_same_bytes_have_the_same_digest_and_others_another(tmp_path: Path) -> None:
    digests = {inspected(tmp_path, name, content).digest for name, content in  # type: ignore[union-attr]
               (("a.pdf", PDF), ("b.pdf", PDF), ("c.pdf", PDF + b"\n"))}  # fmt: skip
    assert len(digests) == 2


def bomb() -> bytes:
    """A PNG of a few bytes that says it has 2.5 gigapixels."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.jpg", PDF, "is not a picture that browsers show"),
        ("a.jpg", SVG, "is not a picture that browsers show"),
        ("a.jpg", b"<html><script>", "is not a picture that browsers show"),
        ("a.png", picture("JPEG"), "is a picture of the type image/jpeg, not image/png"),
        ("a.jpg", picture()[:2000], "is a damaged picture"),
        ("a.png", picture("PNG")[:300], "is a damaged picture"),
        ("a.gif", b"GIF89a", "is "),
        ("a.png", bomb(), "has 50,000 × 50,000 pixels, too many"),
        ("a.pdf", picture(), "its name says that it is PDF"),
        ("a.pdf", b"<html>", "its name says that it is PDF"),
        ("a.mp4", PDF, "its name says that it is sound or film"),
        ("a.mp3", b"MZ\x90\0" * 99, "its name says that it is sound or film"),
        ("a.pdf", b"", "is empty"),
        ("a.docx", b"x" * (MOST + 1), "is larger than 1 MB"),
    ],
)  # fmt: skip
def test_what_readers_could_not_use_is_unfit(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    store = MediaStore(tmp_path / "store")
    found = inspected(tmp_path, name, content, store)
    assert isinstance(found, Unfit), found
    assert said in found.message
    assert found.advice
    assert list(store.digests()) == []
    assert not [path for path in (tmp_path / "store").rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("a.pdf", PDF, "application/pdf"),
        ("a.mp3", b"ID3\x03" + b"\0" * 99, "audio/mpeg"),
        ("a.mp3", b"\xff\xfb\x90\x64" + b"\0" * 400, "audio/mpeg"),
        ("a.mp4", b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41", "video/mp4"),
        ("a.m4a", b"\0\0\0\x20ftypM4A \0\0\x02\0isomiso2", "audio/mp4"),
        ("a.webm", b"\x1aE\xdf\xa3\x42\x82\x84webm", "video/webm"),
        ("a.ogg", b"OggS\0\x02" + b"\0" * 22 + b"\x01\x1eOpusHead", "audio/ogg"),
        ("a.svg", SVG, "image/svg+xml"),
        ("a.csv", b"a,b\n", "text/csv"),
        ("a.html", b"<script>", "text/html"),
        ("a.docx", b"PK\x03\x04", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("plan.indd", b"x", "application/octet-stream"),
    ],
)
def test_other_files_have_the_type_that_their_name_says(
    tmp_path: Path, name: str, content: bytes, media_type: str
) -> None:
    store = MediaStore(tmp_path / "store")
    found = inspected(tmp_path, name, content, store)
    assert isinstance(found, MediaFile), found
    assert (found.type, found.width) == (media_type, None)
    assert store.path(found.digest).read_bytes() == content


def test_links_pipes_and_huge_holes_are_never_read(tmp_path: Path) -> None:
    (tmp_path / "secret.pdf").write_bytes(PDF)
    (tmp_path / "link.pdf").symlink_to(tmp_path / "secret.pdf")
    (tmp_path / "folder").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "pipe.pdf")
    with (tmp_path / "hole.pdf").open("wb") as hole:
        hole.truncate(2_000_000_000)
    for name in ("link.pdf", "folder/secret.pdf", "pipe.pdf", "hole.pdf", "gone.pdf", "folder/../secret.pdf"):
        assert isinstance(inspect(tmp_path, name, name, MOST, MediaStore(tmp_path / "store")), Unfit), name
    assert not (tmp_path / "store").exists()


def test_a_store_keeps_what_is_named_and_drops_the_rest(tmp_path: Path) -> None:
    store = MediaStore(tmp_path / "store")
    one = inspected(tmp_path, "one.pdf", PDF, store)
    two = inspected(tmp_path, "two.pdf", PDF + b"2", store)
    assert isinstance(one, MediaFile)
    assert isinstance(two, MediaFile)
    with store.path(one.digest).open("rb") as reading:
        store.keep_only({two.digest})
        assert reading.read() == PDF
    assert list(store.digests()) == [two.digest]
    store.keep_only(())
    assert list(store.digests()) == []
    assert list(MediaStore(tmp_path / "nowhere").digests()) == []
