"""Pictures and documents beside releases: found, published with them, followed when they change, and gone with them."""

from __future__ import annotations

import json
import re
import unicodedata
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Literal
from urllib.parse import unquote

import pytest

from feeds.content import release_files
from feeds.media import MediaStore
from feeds.media.media_store import NewFile
from feeds.publish.document import Missing, StoredFile
from tests.makers import BASE, NOW, TOMORROW, Bench, a_newsroom, write
from tests.media.files import PDF, SVG, picture

Form = Literal["NFC", "NFD"]
HEAD = "title: Dam\nsummary: S\npublished: 2021-06-01\n"
DAM = "2021/2021-06-01-dam.yaml"
ADDRESS = re.compile(rf'{re.escape(BASE)}(/media/[0-9a-f]{{32}}/[^"\s&<#?]+)')


def a_bench(tmp_path: Path, text: str, files: dict[str, bytes], others: dict[str, str] | None = None) -> Bench:
    """A compiled newsroom with one release, and files beside it."""
    folder = a_newsroom(tmp_path, {DAM: HEAD + text} | (others or {}))
    for name, content in files.items():
        put(folder, name, content)
    bench = Bench(folder)
    bench.compile(now=NOW)
    return bench


def put(folder: Path, name: str, content: bytes) -> None:
    path = folder / "releases/2021" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def addresses(bench: Bench, form: str = "atom") -> set[str]:
    """The paths of all files that a feed names."""
    return set(ADDRESS.findall(bench.body(f"/feeds/all.{form}").replace("\\/", "/")))


def stored(bench: Bench, path: str) -> bytes | None:
    """What readers get at the path of a file; None if it does not exist for them."""
    answer = bench.answer(unquote(path))
    if isinstance(answer, Missing):
        return None
    assert isinstance(answer, StoredFile)
    return bench.location.media.path(answer.digest).read_bytes()


FIELDS = """\
image: {src: photo.jpg, alt: A dam}
attachments: [{file: programme.pdf, title: The programme}]
body: |-
  ![Two workers](./photo.jpg) and [a map](<maps/north side.png>), [the end](programme.pdf#page=9),
  <video src="film.mp4" title="The film"></video>
"""
FILES = {
    "photo.jpg": picture(),
    "programme.pdf": PDF,
    "maps/north side.png": picture("PNG", 300, 200),
    "film.mp4": b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41",
}


@pytest.mark.parametrize("lead", ["", "2021-06-01-dam/"], ids=["beside", "in the folder of its name"])
@pytest.mark.parametrize("form", ["atom", "rss", "json", "html"])
def test_files_are_published_with_their_release(tmp_path: Path, form: str, lead: str) -> None:
    bench = a_bench(tmp_path, FIELDS, {lead + name: content for name, content in FILES.items()})
    assert bench.problems() == []
    page = "/releases/2021/dam" if form == "html" else f"/feeds/all.{form}"
    text = bench.body(page).replace('\\"', '"').replace('="/media/', f'="{BASE}/media/')
    named = set(ADDRESS.findall(text))
    contents = {path.rpartition("/")[2]: stored(bench, path) for path in named}
    expected = {"photo.jpg": FILES["photo.jpg"], "programme.pdf": PDF, "north%20side.png": FILES["maps/north side.png"],
                "film.mp4": FILES["film.mp4"]}  # fmt: skip
    assert expected.items() <= contents.items()


def test_a_feed_says_of_files_what_is_read_from_them(tmp_path: Path) -> None:
    bench = a_bench(tmp_path, FIELDS, FILES)
    (item,) = json.loads(bench.body("/feeds/all.json"))["items"]
    (file,) = item["attachments"]
    assert (file["mime_type"], file["size_in_bytes"], file["title"]) == ("application/pdf", len(PDF), "The programme")
    assert item["image"].endswith("/photo.jpg")
    assert 'width="1200" height="800"' in item["content_html"]
    rss = bench.body("/feeds/all.rss")
    assert f'length="{len(PDF)}"' in rss
    assert 'type="image/jpeg" width="1200" height="800"' in rss
    assert 'programme.pdf#page=9"' in item["content_html"]


def test_a_page_lets_browsers_choose_the_width(tmp_path: Path) -> None:
    bench = a_bench(tmp_path, FIELDS, FILES)
    page = bench.body("/releases/2021/dam")
    sets = re.findall(r'<source type="image/webp" srcset="([^"]+)" sizes="[^"]+"><img src="(/media/[^"]+)"', page)
    assert len(sets) == 2  # the map is small enough
    for srcset, src in sets:
        assert stored(bench, src) == FILES["photo.jpg"]
        widths = re.findall(r"(/media/\S+) (\d+)w", srcset)
        assert [int(width) for _, width in widths] == [480, 960]
        for path, _ in widths:
            assert (stored(bench, path) or b"")[8:12] == b"WEBP"
    # The first story of the front page has its picture as wide as the text.
    for path, size in (("/", 'width="960" height="640"'), ("/feeds/all.html", 'width="480" height="320"')):
        (src,) = re.findall(rf'<img (?:class="thumb" )?src="(/media/[^"]+)" {size} alt=""', bench.body(path))
        assert (stored(bench, src) or b"")[8:12] == b"WEBP"


def test_a_translation_shares_the_files_of_its_original(tmp_path: Path) -> None:
    translation = {"2021/2021-06-01-dam.mn.yaml": "title: Dalan\nsummary: S\nbody: '![x](photo.jpg)'\n"}
    bench = a_bench(tmp_path, "image: {src: photo.jpg, alt: x}\n", {"2021-06-01-dam/photo.jpg": picture()}, translation)
    assert bench.problems() == []
    assert bench.body("/mn/feeds/all.atom").count("/photo.jpg") == 3


@pytest.mark.parametrize(
    ("text", "files", "said"),
    [
        ("image: {src: photo.jpg, alt: x}", {}, "4:14: image.src: no such file “photo.jpg” (put it there as releases/"),
        ("attachments:\n  - title: x\n    file: a.pdf", {}, "6:11: attachments[0].file: no such file “a.pdf”"),
        ("image: {src: photo.jpg, alt: x}", {"photo.jpg": PDF}, "4:14: image.src: “photo.jpg” is not a picture that"),
        ("image: {src: a.svg, alt: x}", {"a.svg": SVG}, "4:14: image.src: “a.svg” is not a picture that browsers show"),
        ("image: {src: ../secret.jpg, alt: x}", {}, "4:14: image.src: a file that does not lie beside the release"),
        ("image: {src: /etc/passwd, alt: x}", {}, "4:14: image.src: neither a file beside the release nor"),
        ("image: {src: 2021-06-01-dam.yaml, alt: x}", {}, "4:14: image.src: a file that is never published"),
        ("image: {src: .git/config.jpg, alt: x}", {}, "4:14: image.src: a file that is never published"),
        ("image: {src: photo, alt: x}", {}, "4:14: image.src: a file whose name does not say what it is"),
        ("image: {src: photo.jpg}", {"photo.jpg": picture()}, "4:8: image.alt: is missing"),
        ("attachments: [{file: a.pdf, url: 'https://e.org/', title: x}]", {"a.pdf": PDF}, "[0].url: stands beside"),
        ("attachments: [{file: a.pdf, length: 3, title: x}]", {"a.pdf": PDF}, "[0].length: stands beside “file”"),
        ("attachments: [{title: x}]", {}, "attachments[0]: names no file (add a line"),
        ("attachments: [{url: 'https://e.org/a.pdf', title: x}]", {}, "attachments[0].type: is missing"),
        ("media_files: []", {}, "media_files: no such field"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_file_holds_the_release_back(
    tmp_path: Path, text: str, files: dict[str, bytes], said: str
) -> None:
    bench = a_bench(tmp_path, f"{text}\n", files)
    problem = next(each for each in bench.problems() if "no release names" not in each)
    assert said in problem
    assert "<entry" not in bench.body("/feeds/all.atom")
    assert list(bench.location.media.digests()) == []


@pytest.mark.parametrize(
    ("body", "files", "said"),
    [
        ("![x](photo.jpg)", {}, "“photo.jpg” is left out: no file of this name"),
        ("[x](programme.pdf)", {}, "“programme.pdf” is left out: no file of this name"),
        ("![x](a.svg)", {"a.svg": SVG}, "“a.svg” is left out: browsers show no such picture"),
        ("![x](a.jpg)", {"a.jpg": PDF}, "“a.jpg” is not a picture that browsers show"),
        ("![x](../../secret.jpg)", {}, "“../../secret.jpg” is left out: it is a file that does not lie beside"),
        ("[x](2021-06-01-dam.yaml)", {}, "“2021-06-01-dam.yaml” is left out: it is a file that is never published"),
        ("[x](%2e%2e/secret.pdf)", {}, "is left out: it is a file that does not lie beside"),
        ("[x](a%0A.pdf)", {}, "is left out: it is neither a file"),
    ],
)
def test_what_is_wrong_with_a_file_in_a_body_is_told(
    tmp_path: Path, body: str, files: dict[str, bytes], said: str
) -> None:
    bench = a_bench(tmp_path, f"body: '{body}'\n", files)
    assert any(said in each and "warning" in each for each in bench.problems()), bench.problems()
    assert "<entry" in bench.body("/feeds/all.atom")
    assert addresses(bench) == set()


@pytest.mark.parametrize("text", ["![](photo.jpg)", '<img src="photo.jpg">', '<img src="photo.jpg" alt=" ">'])
def test_a_picture_in_a_body_needs_a_text(tmp_path: Path, text: str) -> None:
    bench = a_bench(tmp_path, f"body: |-\n  {text}\n", {"photo.jpg": picture()})
    (problem,) = bench.problems()
    assert "5:3: warning: body: the picture “photo.jpg” has no text for those who cannot see it" in problem
    assert len(addresses(bench)) == 1


def test_a_file_that_no_release_names_is_told_and_not_published(tmp_path: Path) -> None:
    bench = a_bench(tmp_path, "", {"photo.jpg": picture(), "Thumbs.db": b"x", ".DS_Store": b"x"})
    (problem,) = bench.problems()
    assert problem.startswith(
        "data/releases/2021/photo.jpg: warning: no release names this file (name it in one, or move"
    )
    assert list(bench.location.media.digests()) == []


def test_a_file_that_changes_has_another_address_and_the_old_one_is_gone(tmp_path: Path) -> None:
    bench = a_bench(tmp_path, "image: {src: photo.jpg, alt: x}\n", {"photo.jpg": picture()})
    (before,) = addresses(bench)
    put(bench.folder, "photo.jpg", picture(width=1300))
    assert bench.compile(now=NOW).stories == 1
    (after,) = addresses(bench)
    assert after != before
    assert stored(bench, before) is None
    assert len(list(bench.location.media.digests())) == 3
    assert not bench.compile(now=NOW).changed


def test_a_file_that_comes_late_brings_its_release(tmp_path: Path) -> None:
    bench = a_bench(tmp_path, "image: {src: photo.jpg, alt: x}\nbody: '[x](a.pdf)'\n", {})
    assert "<entry" not in bench.body("/feeds/all.atom")
    put(bench.folder, "2021-06-01-dam/photo.jpg", picture())
    bench.compile(now=NOW)
    assert len(addresses(bench)) == 1
    put(bench.folder, "a.pdf", PDF)
    bench.compile(now=NOW)
    assert len(addresses(bench)) == 2
    assert bench.problems() == []


def test_a_file_that_goes_stays_published_as_it_last_was(tmp_path: Path) -> None:
    bench = a_bench(tmp_path, "image: {src: photo.jpg, alt: x}\n", {"photo.jpg": picture()})
    (address,) = addresses(bench)
    (bench.folder / "releases/2021/photo.jpg").unlink()
    bench.compile(now=NOW)
    assert "no such file “photo.jpg”" in bench.problems()[0]
    assert addresses(bench) == {address}
    assert stored(bench, address) == picture()
    bench.compile(now=NOW, afresh=True)
    assert addresses(bench) == {address}
    assert stored(bench, address) == picture()


def test_a_file_that_is_being_saved_is_waited_for(tmp_path: Path) -> None:
    bench = a_bench(tmp_path, "image: {src: photo.jpg, alt: x}\n", {"photo.jpg": picture()})
    (before,) = addresses(bench)
    listed = release_files(bench.folder)
    put(bench.folder, "photo.jpg", picture()[:5_000])
    bench.compile(now=NOW, settled=listed.files | {"releases/2021/photo.jpg": (1, 1, 1, 1)})
    assert addresses(bench) == {before}
    assert bench.problems() == []
    put(bench.folder, "new.jpg", picture()[:5_000])
    write(bench.folder, "2021/2021-06-02-new.yaml", HEAD.replace("06-01", "06-02") + "image: {src: new.jpg, alt: x}\n")
    settled = {path: mark for path, mark in everything_in(bench).items() if path.endswith(".yaml")}
    bench.compile(now=NOW, settled=settled)
    assert bench.problems() == []
    assert addresses(bench) == {before}


def everything_in(bench: Bench) -> dict[str, tuple[int, int, int, int]]:
    listed = release_files(bench.folder)
    return listed.files | listed.media


def test_a_store_that_is_lost_is_filled_again(tmp_path: Path) -> None:
    bench = a_bench(tmp_path, FIELDS, FILES)
    before = set(bench.location.media.digests())
    bench.location.media.keep_only(())
    assert bench.compile(now=NOW).stories == 1
    assert set(bench.location.media.digests()) == before


def test_an_unchanged_file_is_not_looked_at_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = a_bench(tmp_path, "image: {src: photo.jpg, alt: x}\n", {"photo.jpg": picture()})
    made: list[MediaStore] = []

    def new(self: MediaStore) -> AbstractContextManager[NewFile]:
        made.append(self)
        return kept(self)

    kept = MediaStore.new
    monkeypatch.setattr(MediaStore, "new", new)
    write(bench.folder, DAM, HEAD + "image: {src: photo.jpg, alt: y}\n")
    assert bench.compile(now=NOW).stories == 1
    assert made == []


HIDDEN = {
    "scheduled": "published: 2021-07-01",
    "a draft": "published: 2021-06-02\ndraft: true",
    "withdrawn": "published: 2021-06-02\nwithdrawn: {date: 2021-06-03, reason: R}",
}


@pytest.mark.parametrize("state", HIDDEN)
def test_files_of_what_readers_may_not_see_do_not_exist(tmp_path: Path, state: str) -> None:
    secret = f"title: Secret\nsummary: S\n{HIDDEN[state]}\n{FIELDS}"
    bench = a_bench(tmp_path, "", {f"2021-06-02-secret/{name}": c for name, c in FILES.items()},
                    {"2021/2021-06-02-secret.yaml": secret})  # fmt: skip
    assert bench.problems() == []
    with bench.catalogue.reading() as snapshot:
        assert snapshot.media.visible(NOW) == []
    digests = list(bench.location.media.digests())
    assert digests
    for digest in digests:
        for name in ("photo.jpg", "programme.pdf", "photo-480.webp", "film.mp4"):
            assert bench.answer(f"/media/{digest}/{name}") == Missing("")
            assert bench.answer(f"/media/{digest}/{name}", TOMORROW) == Missing("")


def test_a_file_that_two_releases_name_stays_while_one_is_seen(tmp_path: Path) -> None:
    image = "image: {src: photo.jpg, alt: x}\n"
    other = HEAD.replace("06-01", "06-02") + "withdrawn: {date: 2021-06-03, reason: R}\n" + image
    bench = a_bench(tmp_path, image, {"photo.jpg": picture()}, {"2021/2021-06-02-road.yaml": other})
    (address,) = addresses(bench)
    assert stored(bench, address) == picture()
    (bench.folder / "releases" / DAM).unlink()
    bench.compile(now=NOW)
    assert stored(bench, address) is None


@pytest.mark.parametrize(
    "path",
    [
        "/media/", "/media/x/photo.jpg", "/media/{digest}/", "/media/{digest}/other.jpg", "/media/{digest}/PHOTO.jpg",
        "/media/{digest}/../photo.jpg", "/media/{upper}/photo.jpg", "/mn/media/{digest}/photo.jpg",
        "//media/{digest}/photo.jpg",
    ],
)  # fmt: skip
def test_no_other_address_leads_to_a_file(tmp_path: Path, path: str) -> None:
    bench = a_bench(tmp_path, "image: {src: photo.jpg, alt: x}\n", {"photo.jpg": picture()})
    (address,) = addresses(bench)
    digest = address.split("/")[2]
    assert isinstance(bench.answer(path.format(digest=digest, upper=digest.upper())), Missing)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("written", ["NFC", "NFD"])
def test_a_name_with_accents_is_found_however_a_system_spells_it(tmp_path: Path, form: Form, written: Form) -> None:
    on_disk, in_text = (unicodedata.normalize(each, "élan é.jpg") for each in (form, written))
    text = f'image: {{src: "{in_text}", alt: A dam}}\nbody: "![A dam](<{in_text}>)"\n'
    bench = a_bench(tmp_path, text, {on_disk: picture()})
    assert not bench.problems()
    (path,) = addresses(bench)
    assert path.endswith("/%C3%A9lan%20%C3%A9.jpg")
    assert stored(bench, path) == picture()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("photo.jpg", "Photo.JPG"),
        ("a%20photo.jpg", "a photo.jpg"),
        ("foto.jpg", "photo.jpg"),
        ("2021-06-01-dam/photo.jpg", "2021-06-01-dam/phto.jpg"),
    ],
)
def test_the_file_that_was_most_likely_meant_is_named(tmp_path: Path, written: str, meant: str) -> None:
    bench = a_bench(tmp_path, f"image: {{src: {written}, alt: A dam}}\n", {meant: picture()})
    assert any(f"no such file “{written}” (did you mean {meant}?)" in problem for problem in bench.problems())


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
@pytest.mark.parametrize("size", [(1, 1), (7, 900), (900, 7)])
def test_a_picture_of_any_small_size_is_published(tmp_path: Path, kind: str, size: tuple[int, int]) -> None:
    name = f"p.{kind.lower()}"
    bench = a_bench(tmp_path, f"image: {{src: {name}, alt: A line}}\n", {name: picture(kind, *size)})
    assert not bench.problems()
    assert len(addresses(bench)) == 1
