"""An export has the bytes of the server at every address that can be a file, and nothing else is touched."""

from __future__ import annotations

import fcntl
import gzip
import re
import threading
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote

import brotli
import pytest
import zstandard
from werkzeug.test import Client

from feeds.errors import FeedsError
from feeds.export import Folder
from feeds.web import create_app
from tests.export.exporter import broken_links, contents, elsewhere, exported, manifest
from tests.makers import BASE, DAY, NOW, TOMORROW, Bench, a_newsroom, write, yaml
from tests.media.files import PDF, picture
from tests.tools import DATA

SERVED_ONLY = re.compile(
    rb'<link rel="alternate" type="[a-z/]+\+oembed"[^\n]*\n|<form class="find.*?</form>\n+'
    rb'|<li><a href="[^"]*/verify">[^\n]*</li>\n',
    re.DOTALL,
)
"""What pages have of a server alone: oEmbed, the field for searches, and the link to the page that verifies quotes."""
READER = re.compile(rb'(?<=</strong></li>\n)<li><a href="[^"]*">')
"""The link for those who want a feed in a reader: to the picker with a choice, or in files to the feed itself."""
FILES = {
    "2021/2021-06-01-dam.yaml": yaml(
        published="2021-06-01", countries=["MN"], topics=["wages"], aliases=["2020/barrage", "/old/dam.php"],
        image={"src": "photo.jpg", "alt": "The dam"}, attachments=[{"file": "plan.pdf", "title": "The plan"}],
    ),
    "2021/2021-06-01-dam.mn.yaml": yaml(published="2021-06-01", title="Далан"),
    "2021/2021-06-02-road.yaml": yaml(published="2021-06-02", countries=["CN", "MN"], topics=["wages"], genre="news"),
    "2021/2021-06-03-wall.yaml": yaml(
        published="2021-06-03", withdrawn={"date": "2021-06-04", "reason": "It was wrong."}, projects=["score"]
    ),
    "2021/2021-06-05-well.yaml": yaml(published="2021-06-05", related=["2021/dam"], corrections=[
        {"date": "2021-06-06", "note": "It is deeper."}]),
    "2021/2021-06-08-zh.zh-Hans.yaml": yaml(published="2021-06-08", title="大坝"),
    **{
        f"2021/2021-05-{day:02}-day-{day}.yaml": yaml(published=f"2021-05-{day:02}", countries=["CN"])
        for day in range(1, 9)
    },
}  # fmt: skip


def a_bench(tmp_path: Path, files: dict[str, str] | None = None, **top: str) -> Bench:
    return a_bench_with(tmp_path, FILES | (files or {}), **top)


def a_bench_with(tmp_path: Path, files: dict[str, str], **top: str) -> Bench:
    """A newsroom of these releases, compiled, with what they show."""
    folder = a_newsroom(tmp_path, files, **top)
    (folder / "releases/2021/photo.jpg").write_bytes(picture())
    (folder / "releases/2021/plan.pdf").write_bytes(PDF)
    bench = Bench(folder)
    bench.compile(now=NOW)
    return bench


def a_client(bench: Bench) -> Client:
    """The server of the same newsroom at the same moment."""
    settings = bench.settings.__class__(
        data=bench.folder, state=bench.folder.parent / "served", base_url=BASE, entries=3, watch="off"
    )
    return Client(create_app(settings, clock=lambda: NOW))


def test_every_file_has_the_bytes_and_the_type_of_the_server(tmp_path: Path) -> None:
    bench, out = a_bench(tmp_path), tmp_path / "out"
    result = exported(bench, out, combinations=4)
    client, files = a_client(bench), manifest(out)["files"]
    fields = manifest(out)["fields"]
    differing = {}
    for name, file in files.items():
        if name.startswith("_gone/") or name.endswith("404.html"):
            continue
        path = "/" + name.removesuffix("index.html")
        if name.endswith(".html") and not name.startswith(("feeds/", "embed/", "mn/feeds", "mn/embed", "zh-Hans/feeds",
                                                           "zh-Hans/embed")):  # fmt: skip
            path = path.removesuffix(".html")
        said = client.get(path)
        assert said.status_code == file.get("status", 200), path
        assert said.content_type == file["type"], path
        for field, value in fields[file["fields"]]:
            if field not in ("Cache-Control", "Link"):
                assert said.headers[field] == value, (path, field)
        body = READER.sub(b"", SERVED_ONLY.sub(b"", said.get_data()))
        if body != READER.sub(b"", (out / name).read_bytes()):
            differing[name] = body
    assert len(files) == result.files > 300
    # What asks a server for something else is left out of pages: the picker and the choice in all languages.
    assert {name for name, body in differing.items() if b"language=%2A" not in body} == {
        f"{lead}{page}.html"
        for lead in ("", "mn/", "zh-Hans/")
        for page in ("feeds/index", "embed/index", "developers")
    }
    assert b'</strong></li>\n<li><a href="/feeds/topic/wages.atom">' in (out / "feeds/topic/wages.html").read_bytes()
    assert not any(b"<form" in content or b"oembed?" in content for content in contents(out).values())


def test_no_link_leads_nowhere(tmp_path: Path) -> None:
    for number, combinations in enumerate((1, 2, 3)):
        bench, out = a_bench(tmp_path / str(number)), tmp_path / f"out{number}"
        exported(bench, out, combinations=combinations)
        assert broken_links(out, contents(out), elsewhere(out)) == set()


def test_the_bundled_newsroom_has_no_link_that_leads_nowhere(tmp_path: Path) -> None:
    bench = Bench(DATA, location=tmp_path)
    bench.compile(now=NOW)
    exported(bench, tmp_path / "out", entries=30)
    assert broken_links(tmp_path / "out", contents(tmp_path / "out"), elsewhere(tmp_path / "out")) == set()


def test_former_addresses_lead_on_and_what_has_ended_is_gone(tmp_path: Path) -> None:
    topics = "wages: {labels: {en: Wages}, aliases: [pay]}\nold: {labels: {en: Old}, retired: {date: 2020-01-01}}\n"
    bench = a_bench(tmp_path, topics=topics)
    exported(bench, tmp_path / "out")
    found = manifest(tmp_path / "out")
    assert found["moved"]["/releases/2020/barrage"] == ["/releases/2021/dam", 308]
    assert found["moved"]["/old/dam.php"] == ["/releases/2021/dam", 308]
    assert found["moved"]["/feeds/topic/pay.atom"] == ["/feeds/topic/wages.atom", 308]
    assert found["moved"]["/feeds/country/cn/topic/pay.json"] == ["/feeds/country/cn/topic/wages.json", 308]
    assert found["moved"]["/feeds"] == ["/feeds/", 308]
    last = max(int(path.split("/")[4].partition(".")[0]) for path in found["moved"] if "/feeds/all/archive/" in path)
    assert found["moved"][f"/feeds/all/archive/{last}.atom"] == ["/feeds/all.atom", 307]
    assert found["gone"]["/releases/2021/wall"] == "releases/2021/wall.html"
    client = a_client(bench)
    for path, name in found["gone"].items():
        assert client.get(path).status_code == 410
        assert SERVED_ONLY.sub(b"", client.get(path).get_data()) == (tmp_path / "out" / name).read_bytes()
    assert "/feeds/topic/old.rss" in found["gone"]


def test_nothing_scheduled_is_in_the_folder_nor_in_its_manifest(tmp_path: Path) -> None:
    secret = {"2021/2021-06-25-secret.yaml": yaml(published=TOMORROW, aliases=["/soon"], countries=["CN"])}
    one, other = a_bench(tmp_path / "one", secret), a_bench(tmp_path / "other")
    results = [exported(each, tmp_path / name) for each, name in ((one, "a"), (other, "b"))]
    assert results[0].next_moment == TOMORROW
    assert results[1].next_moment is None
    assert contents(tmp_path / "a") == contents(tmp_path / "b")
    assert (tmp_path / "a/.feeds/manifest.json").read_bytes() == (tmp_path / "b/.feeds/manifest.json").read_bytes()


def test_a_second_run_writes_nothing_and_a_change_only_what_shows_it(tmp_path: Path) -> None:
    bench, out = a_bench(tmp_path), tmp_path / "out"
    first = exported(bench, out)
    marks = {path: path.stat().st_mtime_ns for path in out.rglob("*") if path.is_file() and path.name != "lock"}
    again = exported(bench, out, NOW + timedelta(minutes=5))
    assert (again.written, again.removed) == (0, 0)
    assert again.made < 5 < first.made
    assert marks == {path: path.stat().st_mtime_ns for path in out.rglob("*") if path.is_file() and path.name != "lock"}
    write(bench.folder, "2021/2021-05-03-day-3.yaml", yaml(published="2021-05-03", countries=["CN"], title="Another"))
    bench.compile(now=NOW)
    changed = exported(bench, out)
    assert 0 < changed.written < first.written / 3
    assert any(b"Another" in content for name, content in contents(out).items() if name.startswith("releases/"))


def test_a_change_makes_only_the_part_of_the_sitemap_that_it_is_in(tmp_path: Path) -> None:
    bench, out = a_bench(tmp_path, {"2020/old.yaml": yaml(published="2020-05-03")}), tmp_path / "out"
    exported(bench, out)
    before = {path: path.stat().st_mtime_ns for path in out.glob("sitemap*.xml")}
    assert {path.stem for path in before} == {f"sitemap{part}" for part in ("", "-pages", "-2020", "-2021", "-news")}
    (out / "sitemap-2021.xml").unlink()
    write(bench.folder, "2020/old.yaml", yaml(published="2020-05-03", updated="2021-06-20"))
    bench.compile(now=NOW)
    exported(bench, out)
    changed = {path.stem for path, mark in before.items() if path.stat().st_mtime_ns != mark}
    assert changed == {"sitemap", "sitemap-2020", "sitemap-2021"}
    assert b"2021-06-20" in (out / "sitemap-2020.xml").read_bytes()


def test_files_of_others_are_never_touched(tmp_path: Path) -> None:
    bench, out = a_bench(tmp_path), tmp_path / "out"
    exported(bench, out)
    (out / "CNAME").write_text("news.example.org")
    (out / "releases/2021/notes.txt").write_text("mine")
    for path in (bench.folder / "releases/2021").glob("2021-06-0*"):
        path.unlink()
    bench.compile(now=NOW)
    assert exported(bench, out).removed
    assert (out / "CNAME").read_text() == "news.example.org"
    assert (out / "releases/2021/notes.txt").read_text() == "mine"


def test_a_folder_with_other_files_is_refused(tmp_path: Path) -> None:
    bench, out = a_bench(tmp_path), tmp_path / "out"
    out.mkdir()
    (out / "thesis.txt").write_text("mine")
    with pytest.raises(FeedsError, match=r"has files that are not from an export, such as thesis\.txt"):
        exported(bench, out)
    assert [path.name for path in out.iterdir()] == ["thesis.txt"]


def test_a_file_of_others_in_the_way_is_refused(tmp_path: Path) -> None:
    bench, out = a_bench(tmp_path), tmp_path / "out"
    exported(bench, out)
    before = contents(out)
    (out / "releases/2021/new.html").write_text("mine")
    write(bench.folder, "2021/2021-06-09-new.yaml", yaml(published="2021-06-09"))
    bench.compile(now=NOW)
    with pytest.raises(FeedsError, match=r"releases/2021/new\.html: is there already and not from an export"):
        exported(bench, out)
    assert contents(out) == before | {"releases/2021/new.html": b"mine"}


def test_a_damaged_or_missing_file_is_written_again(tmp_path: Path) -> None:
    bench, out = a_bench(tmp_path), tmp_path / "out"
    exported(bench, out)
    before = contents(out)
    (out / "index.html").unlink()
    (out / "feeds/all.atom").write_bytes(b"torn")
    assert exported(bench, out).written == 2
    assert contents(out) == before


def test_another_machine_goes_on_with_the_folder(tmp_path: Path) -> None:
    bench, out = a_bench(tmp_path), tmp_path / "out"
    exported(bench, out)
    other = Bench(bench.folder, location=tmp_path / "elsewhere")
    (tmp_path / "elsewhere").mkdir()
    other.compile(now=NOW)
    assert exported(other, out).written == 0


def test_twins_are_what_the_file_is(tmp_path: Path) -> None:
    bench, out = a_bench(tmp_path), tmp_path / "out"
    exported(bench, out, codings=("gzip", "br", "zstd"))
    files = contents(out)
    assert gzip.decompress(files["feeds/all.atom.gz"]) == files["feeds/all.atom"]
    assert brotli.decompress(files["feeds/all.atom.br"]) == files["feeds/all.atom"]
    assert zstandard.ZstdDecompressor().decompress(files["feeds/all.atom.zst"]) == files["feeds/all.atom"]
    assert not any(name.endswith((".jpg.gz", ".webp.gz")) for name in files)
    exported(bench, out)
    assert not any(name.endswith((".gz", ".br", ".zst")) for name in contents(out))


def test_two_exports_into_one_folder_take_turns(tmp_path: Path) -> None:
    bench, out = a_bench(tmp_path), tmp_path / "out"
    exported(bench, out)
    told, waits = [], threading.Event()

    def tell(line: str) -> None:
        told.append(line)
        waits.set()

    with (out / ".feeds/lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)

        def wait() -> None:
            with Folder(out).locked(tell):
                told.append("its turn")

        thread = threading.Thread(target=wait)
        thread.start()
        assert waits.wait(60)
        assert len(told) == 1
    thread.join(60)
    assert told == [f"{out}: another export is running, waiting for it", "its turn"]


def test_the_dates_of_files_are_those_of_the_server_and_never_stand_still(tmp_path: Path) -> None:
    bench, out = a_bench(tmp_path), tmp_path / "out"
    exported(bench, out)
    said = a_client(bench).get("/feeds/all.atom")
    assert said.last_modified is not None
    assert (out / "feeds/all.atom").stat().st_mtime == said.last_modified.timestamp()
    # A silent change, at a moment when nothing else has changed the date.
    before = (out / "about.html").stat().st_mtime
    (bench.folder / "newsroom.yaml").write_text(
        (bench.folder / "newsroom.yaml").read_text(encoding="utf-8").replace("About}", "Abaut}"), encoding="utf-8"
    )
    bench.compile(now=NOW)
    exported(bench, out, NOW + DAY)
    assert (out / "about.html").stat().st_mtime > before


def test_photo_is_there(tmp_path: Path) -> None:
    bench, out = a_bench(tmp_path), tmp_path / "out"
    exported(bench, out)
    media = {name for name in contents(out) if name.startswith("media/")}
    assert {Path(name).name for name in media} >= {"photo.jpg", "plan.pdf"}
    client = a_client(bench)
    for name in media:
        assert client.get("/" + unquote(name)).get_data() == (out / name).read_bytes()


def test_several_processes_write_what_one_does(tmp_path: Path) -> None:
    bench = a_bench(tmp_path)
    exported(bench, tmp_path / "one")
    bench.location.path.with_suffix(".export").unlink()
    assert exported(bench, tmp_path / "two", processes=2).made > 300
    assert contents(tmp_path / "two") == contents(tmp_path / "one")
    kept = bench.location.path.with_suffix(".export")
    assert exported(bench, tmp_path / "two", processes=2).made < 5
    kept.write_bytes(b"damaged")
    assert exported(bench, tmp_path / "two").written == 0
