"""An export into an object store has the bytes of one into a folder, mixes with no other, and writes only changes."""

from __future__ import annotations

import gzip
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from random import Random
from urllib.parse import quote

import obstore
import pytest
import requests

from feeds.errors import FeedsError
from tests.conftest import Seed
from tests.export import exporter
from tests.export.object_store import BUCKET, READER, Request, Store, exported, listed, manifest, opened
from tests.export.test_export import FILES, a_bench_with
from tests.export.test_killed import SECRET
from tests.makers import NEWSROOM, NOW, TOMORROW, Bench, write, yaml
from tests.servers import HOST
from tests.tools import DEAD, ROOT, environment, wait_until

RANKS = (("static/", "media/"), ("releases/",), ("archive/",), ("feeds/",))
"""Parts of names, in the order in which they take their places."""
STORED = ("Content-Type", "Content-Language", "Content-Disposition", "Content-Encoding", "Cache-Control")
KILLS = 12


def a_bench(tmp_path: Path, files: dict[str, str] | None = None) -> Bench:
    """A newsroom in one language: others would be more objects of the same kinds."""
    chosen = {name: text for name, text in FILES.items() if not name.endswith((".mn.yaml", ".zh-Hans.yaml"))}
    newsroom = NEWSROOM.replace("[en, zh-Hans, mn]", "[en]")
    return a_bench_with(tmp_path, chosen | (files or {}), newsroom=newsroom)


def as_folder(bench: Bench, folder: Path) -> dict[str, bytes]:
    """What an export into a folder has, without changing what is known of the last export."""
    kept = bench.location.path.with_suffix(".export")
    before = kept.read_bytes() if kept.exists() else None
    exporter.exported(bench, folder, host="s3", combinations=1)
    if before is None:
        kept.unlink()
    else:
        kept.write_bytes(before)
    return exporter.contents(folder)


def test_it_has_the_bytes_and_fields_of_a_folder(tmp_path: Path, store: Store, url: str) -> None:
    bench = a_bench_with(tmp_path, FILES)
    result = exported(bench, url)
    files = as_folder(bench, tmp_path / "out")
    assert store.contents(url) == files
    assert result.files == result.written == len(files) > 100
    known = exporter.manifest(tmp_path / "out")
    view = opened(url)
    for name, content in files.items():
        fields = {field: value for field, value in known["fields"][known["files"][name]["fields"]] if field in STORED}
        assert obstore.get(view, name).attributes == fields, name
        said = requests.get(f"http://{HOST}:{store.behind}/{url.removeprefix('s3://')}/{quote(name)}", timeout=DEAD)
        assert said.content == content
        assert {field: said.headers[field] for field in STORED if field in said.headers} == fields, name
    assert manifest(url)["moved"] == known["moved"]


def test_a_second_run_asks_for_one_listing_and_writes_nothing(tmp_path: Path, store: Store, url: str) -> None:
    bench = a_bench(tmp_path)
    exported(bench, url)
    store.forget()
    again = exported(bench, url, NOW + timedelta(minutes=5))
    assert (again.written, again.removed) == (0, 0)
    asked = store.recorded(url)
    assert [(each.method, each.name) for each in asked] == [("GET", ".feeds/manifest.json"), ("GET", "")]
    assert "list-type=2" in asked[1].question
    other = Bench(bench.folder, location=tmp_path / "elsewhere")
    (tmp_path / "elsewhere").mkdir()
    other.compile(now=NOW)
    store.forget()
    assert exported(other, url).made > 100
    assert not any(each.writes for each in store.requests)


def test_a_listing_may_have_entity_tags_without_quotation_marks(tmp_path: Path, store: Store, url: str) -> None:
    """As Azure's has them."""
    bench = a_bench(tmp_path)
    exported(bench, url)
    edited = 0

    def edit(body: bytes) -> bytes:
        nonlocal edited
        body, number = re.subn(rb'(?<=<ETag>)(&#34;|&quot;|")|(&#34;|&quot;|")(?=</ETag>)', b"", body)
        edited += number
        return body

    store.edit = edit
    assert exported(bench, url).written == 0
    assert edited > 200


def test_a_change_writes_what_has_changed_and_deletes_last(tmp_path: Path, store: Store, url: str) -> None:
    bench = a_bench(tmp_path)
    exported(bench, url)
    before = store.contents(url)
    write(bench.folder, "2021/2021-05-03-day-3.yaml", yaml(published="2021-05-03", countries=["CN"], title="Another"))
    write(bench.folder, "2021/2021-06-09-new.yaml", yaml(published="2021-06-09", countries=["MN"]))
    write(bench.folder, "2021/2021-06-01-dam.yaml", yaml(published="2021-06-01", countries=["MN"]))  # without pictures
    bench.compile(now=NOW)
    store.forget()
    result = exported(bench, url)
    after = store.contents(url)
    assert after == as_folder(bench, tmp_path / "out")
    written = [name for name in store.written(url) if not name.startswith(".feeds/")]
    assert sorted(written) == sorted(name for name in after if after[name] != before.get(name))
    assert len(written) == result.written < len(after)
    assert result.removed == len(before.keys() - after.keys()) > 0
    new = [name in before for name in written]
    assert new == sorted(new)
    recorded = [(each.method, each.name) for each in store.recorded(url) if each.writes]
    lock, known = ("PUT", ".feeds/lock"), ("PUT", ".feeds/manifest.json")
    assert recorded[:2] == [lock, known]
    assert recorded[-3:] == [("POST", ""), known, lock]


def test_what_is_named_comes_before_what_names_it(tmp_path: Path, store: Store, url: str) -> None:
    exported(a_bench(tmp_path), url)
    written = [
        "media/" if name.endswith(".png") else name  # a picture beside a release comes as early as one of its own
        for name in store.written(url)
        if not name.startswith(".feeds/")
    ]
    ends = []
    for parts in RANKS[:3]:
        found = [number for number, name in enumerate(written) if name.startswith(parts) or parts[0] in name[5:]]
        ends.append((min(found), max(found)))
    live = written.index("feeds/all.atom")
    assert ends[0][1] < ends[1][0]
    assert ends[1][1] < ends[2][0]
    assert ends[2][1] < live < written.index("index.html")
    assert written[-1] in ("index.html", "mn/index.html", "zh-Hans/index.html", "feeds/index.html",
                           "mn/feeds/index.html", "zh-Hans/feeds/index.html")  # fmt: skip


def test_nothing_scheduled_is_in_the_bucket(tmp_path: Path, store: Store, url: str) -> None:
    secret = {"2021/2021-06-25-secret.yaml": yaml(published=TOMORROW, title=SECRET.decode(), aliases=["/soon"])}
    result = exported(a_bench(tmp_path / "one", secret), f"{url}/a")
    exported(a_bench(tmp_path / "other"), f"{url}/b")
    assert result.next_moment == TOMORROW
    assert listed(f"{url}/a") == listed(f"{url}/b")
    for name in listed(f"{url}/a"):
        one, other = (bytes(obstore.get(opened(f"{url}/{each}"), name).bytes()) for each in ("a", "b"))
        assert one == other, name


def test_objects_have_one_content_coding_if_it_is_asked_for(tmp_path: Path, store: Store, url: str) -> None:
    bench = a_bench(tmp_path)
    exported(bench, url, codings=("gzip",))
    files = as_folder(bench, tmp_path / "out")
    found = store.contents(url)
    assert found.keys() == files.keys()
    view = opened(url)
    coded = {name for name in found if "Content-Encoding" in obstore.get(view, name).attributes}
    assert {"index.html", "feeds/all.atom"} <= coded
    assert not any(name.endswith((".jpg", ".webp")) for name in coded)
    for name in files:
        assert (gzip.decompress(found[name]) if name in coded else found[name]) == files[name]
    address = f"http://{HOST}:{store.behind}/{url.removeprefix('s3://')}/feeds/all.atom"
    assert requests.get(address, timeout=DEAD).content == files["feeds/all.atom"]
    assert exported(bench, url, codings=("gzip",)).written == 0
    assert exported(bench, url).written == len(files)
    assert store.contents(url) == files


def test_objects_of_others_are_kept_and_damaged_ones_written_again(tmp_path: Path, store: Store, url: str) -> None:
    bench, view = a_bench(tmp_path), opened(url)
    exported(bench, url)
    before = store.contents(url)
    view.put("notes.txt", b"mine")
    view.put("feeds/all.atom", b"x" * len(before["feeds/all.atom"]))
    view.delete("index.html")
    assert exported(bench, url).written == 2
    assert store.contents(url) == before | {"notes.txt": b"mine"}
    view.put("releases/2021/new", b"mine")
    write(bench.folder, "2021/2021-06-09-new.yaml", yaml(published="2021-06-09"))
    bench.compile(now=NOW)
    with pytest.raises(FeedsError, match=f"^{url}/releases/2021/new: is there already and not from an export"):
        exported(bench, url)
    assert store.contents(url)["releases/2021/new"] == b"mine"
    view.delete(".feeds/manifest.json")
    with pytest.raises(FeedsError, match=r"has objects that are not from an export, such as 2021/index\.html"):
        exported(bench, url)


# -- two exports ------------------------------------------------------------------------------------------------------


def two_benches(tmp_path: Path) -> tuple[Bench, Bench]:
    """Two newsrooms that differ in many files."""
    other = {"2021/2021-06-12-other.yaml": yaml(published="2021-06-12", title="Other", countries=["CN", "MN"])}
    return a_bench(tmp_path / "one"), a_bench(tmp_path / "other", other)


def at_nth(number: int, act: Callable[[], object]) -> Callable[[Request], object]:
    """Calls once, at the request with this number that writes an object for readers."""
    seen = 0

    def before(request: Request) -> None:
        nonlocal seen
        seen += request.method == "PUT" and ".feeds/" not in request.name
        if seen == number and request.method == "PUT":
            seen += 1
            act()

    return before


def test_of_two_exports_one_stops(tmp_path: Path, store: Store, url: str) -> None:
    one, other = two_benches(tmp_path)
    told: list[str] = []
    errors: list[str] = []

    def second() -> None:
        store.before = lambda _: None
        try:
            exported(other, url, watched=12, tell=told.append)
        except FeedsError as error:
            errors.append(str(error))

    store.before = at_nth(40, second)
    exported(one, url, watched=12)
    assert errors == [f"{url}: another export is writing there (run it again when that has ended)"]
    assert told == [f"{url}: another export writes there, or was killed: watching for 12 seconds whether it lives"]
    assert store.contents(url) == as_folder(one, tmp_path / "out")
    exported(other, url)
    assert store.contents(url) == as_folder(other, tmp_path / "out2")


def test_one_that_has_read_what_another_replaces_begins_again(tmp_path: Path, store: Store, url: str) -> None:
    one, other = two_benches(tmp_path)
    exported(one, url)
    write(one.folder, "2021/2021-06-13-third.yaml", yaml(published="2021-06-13", title="Third"))
    one.compile(now=NOW)
    done: list[bool] = []

    def before(request: Request) -> None:
        if request.name.endswith(".feeds/lock") and not done:
            done.append(True)
            exported(one, url)

    store.before = before
    exported(other, url)
    assert done
    assert store.contents(url) == as_folder(other, tmp_path / "out")


def test_one_that_slept_and_was_taken_over_stops(
    tmp_path: Path, store: Store, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = two_benches(tmp_path)
    now, asleep = [0.0], threading.RLock()

    def sleep() -> None:
        """The first one's machine sleeps while the second one sees that its sign stands still."""
        with monkeypatch.context() as patch:
            patch.setenv("AWS_ENDPOINT_URL", f"http://{HOST}:{store.behind}")
            exported(other, url, clock=lambda: 0.0, watched=0.6)
        now[0] += 120

    falls_asleep = at_nth(40, sleep)

    def before(request: Request) -> None:
        with asleep:
            falls_asleep(request)

    store.before = before
    with pytest.raises(FeedsError, match=r"was changed meanwhile|another export may have taken over"):
        exported(one, url, clock=lambda: now[0])
    wanted, found = as_folder(other, tmp_path / "out"), store.contents(url)
    # What was on its way when the machine fell asleep is seen in the next listing.
    assert sum(found.get(name) != content for name, content in wanted.items()) <= 16
    exported(other, url)
    assert store.contents(url) == wanted


_EXPORT = """
import os, sys
from datetime import datetime
from pathlib import Path
from tests.export.object_store import exported
from tests.makers import Bench

bench, url = Bench(Path(sys.argv[1])), sys.argv[2]
for line in sys.stdin:
    child = os.fork()
    if not child:
        sys.stdin.readline()
        exported(bench, url, datetime.fromisoformat(line.strip()), clock=lambda: 0.0, watched=0.6)
        os._exit(0)
    print(child, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
"""Exports in a child for each line of its input. The child waits for another line, so that its number is known."""


@pytest.mark.slow
def test_killed_at_any_request_it_leaves_each_object_old_or_new(
    tmp_path: Path, store: Store, url: str, seed: Seed
) -> None:
    dice = Random(seed(11))  # noqa: S311 - when to kill, no secret
    secret = {"2021/2021-06-25-secret.yaml": yaml(published=TOMORROW, title=SECRET.decode(), countries=["MN"])}
    bench = a_bench(tmp_path, secret)
    exported(bench, url)
    command = [sys.executable, "-c", _EXPORT, str(bench.folder), url]
    given = environment(**store.settings)
    killed = 0
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=given
    ) as process:
        assert process.stdin
        assert process.stdout
        old = store.contents(url)
        for number in range(KILLS):
            if number % 4 == 0:
                date = f"2021-06-{number // 4 + 9:02}"
                text = yaml(published=date, countries=["CN", "MN"], title=f"Number {number}")
                write(bench.folder, f"2021/{date}-number-{number}.yaml", text)
                bench.compile(now=NOW)
                new = as_folder(bench, tmp_path / f"wanted-{number}")
            process.stdin.write(f"{NOW.isoformat()}\n")
            process.stdin.flush()
            child = int(process.stdout.readline())
            left = dice.randrange(1, 40)

            def before(request: Request, child: int = child) -> None:
                nonlocal left
                left -= request.writes
                if left <= 0:
                    with suppress(ProcessLookupError):  # it has been killed already
                        os.kill(child, signal.SIGKILL)

            store.before = before
            process.stdin.write("\n")
            process.stdin.flush()
            killed += int(process.stdout.readline()) == -signal.SIGKILL
            store.forget()
            found = store.contents(url)
            for name, content in found.items():
                assert content in (old.get(name), new.get(name)), name
                assert SECRET not in content
            assert old.keys() & new.keys() <= found.keys()
            if number % 4 == 3:
                exported(bench, url, clock=lambda: 0.0, watched=0.6)
                old = store.contents(url)
                assert old == new
        process.stdin.close()
    assert killed > KILLS // 2


# -- what goes wrong --------------------------------------------------------------------------------------------------


def test_a_lost_answer_is_no_conflict(tmp_path: Path, store: Store, url: str) -> None:
    lost: list[str] = []

    def after(request: Request) -> bool:
        is_lost = request.method == "PUT" and request.name not in lost and len(lost) < 8
        if is_lost:
            lost.append(request.name)
        return not is_lost

    store.after = after
    bench = a_bench(tmp_path)
    exported(bench, url)
    assert len(lost) == 8
    assert store.contents(url) == as_folder(bench, tmp_path / "out")
    assert exported(bench, url).written == 0


def test_it_says_what_is_wrong_with_the_store(
    tmp_path: Path, store: Store, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = a_bench(tmp_path)
    with pytest.raises(FeedsError, match=r"^s3://nothing/site: there is no such bucket \(make it, or see to its name"):
        exported(bench, "s3://nothing/site")
    for keys, told in (
        (READER, "AccessDenied"),
        ({"AWS_ACCESS_KEY_ID": "nobody"}, "InvalidAccessKeyId"),
        ({"AWS_SECRET_ACCESS_KEY": "another"}, "SignatureDoesNotMatch"),
    ):
        with monkeypatch.context() as patch:
            for name, value in keys.items():
                patch.setenv(name, value)
            with pytest.raises(FeedsError, match=f"^{url}: access is denied: {told}.* must be allowed to list") as said:
                exported(bench, url)
            assert os.environ["AWS_SECRET_ACCESS_KEY"] not in str(said.value)
    assert store.contents(url) == {}
    with monkeypatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", f"http://{HOST}:1")
        with pytest.raises(FeedsError, match=r"the store cannot be reached, also not at \d+ more tries"):
            exported(bench, url, patience=1)
        patch.delenv("AWS_ALLOW_HTTP")
        with pytest.raises(FeedsError, match="its endpoint is not https"):
            exported(bench, url, patience=1)
    for address in ("s3://", "s3:///site", "s3://bad name/x"):
        with pytest.raises(FeedsError, match=r"no address of a bucket \(such as s3://bucket/prefix\)"):
            exported(bench, address)


def test_a_store_that_is_away_for_a_while_is_asked_again(tmp_path: Path, store: Store, url: str) -> None:
    away: list[str] = []

    def before(request: Request) -> None:
        if len(away) < 5 and "feeds/" in request.name:
            away.append(request.name)
            raise ConnectionResetError

    store.before = before
    bench = a_bench(tmp_path)
    exported(bench, url)
    assert len(away) == 5
    assert store.contents(url) == as_folder(bench, tmp_path / "out")


def test_the_command_writes_into_a_bucket(tmp_path: Path, store: Store, url: str) -> None:
    bench = a_bench(tmp_path)
    given = store.settings | {"FEEDS_STATE": str(tmp_path / "state"), "FEEDS_BASE_URL": "https://news.example.org"}

    def run(*options: str, **changes: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "feeds", "export", "--data", str(bench.folder), *options],
            cwd=ROOT, env=environment(**given | changes), capture_output=True, text=True, check=False,
        )  # fmt: skip

    done = run(url)
    lines = done.stdout.splitlines()
    assert lines[0].startswith(f"{url}: ")
    assert "object stores have no 410 and no redirects" in lines[2]
    assert lines[-1] == "nothing is scheduled: run it again when something has changed"
    assert f"{url}: 0 written" in run(url).stdout.replace(lines[0].split(": ")[1].split(",")[0] + ", ", "")
    for options, told in (
        (("ftp://host/x",), "“ftp://” is no object store of s3://, gs://, az://"),
        ((url, "--host", "nginx"), "an object store is --host s3"),
        ((url, "--precompress", "gzip,br"), "an object has one content coding at most"),
    ):
        assert told in run(*options).stderr
    (tmp_path / "without").mkdir()
    (tmp_path / "without/obstore.py").write_text("raise ImportError")
    missing = run(url, PYTHONPATH=str(tmp_path / "without"))
    assert "object stores need a library: pip install 'newsroom-feeds[export]'" in missing.stderr


@pytest.mark.slow
def test_the_command_follows_changes(tmp_path: Path, store: Store, url: str) -> None:
    bench = a_bench(tmp_path)
    given = store.settings | {"FEEDS_STATE": str(tmp_path / "state"), "FEEDS_BASE_URL": "https://news.example.org"}
    command = [sys.executable, "-m", "feeds", "export", url, "--data", str(bench.folder), "--watch"]
    view = opened(url)

    def has(name: str) -> bool:
        try:
            return bool(view.head(name))
        except FileNotFoundError:
            return False

    with subprocess.Popen(command, cwd=ROOT, env=environment(**given), stdout=subprocess.DEVNULL) as process:
        try:
            wait_until(lambda: has("index.html"), "the newsroom is in the bucket")
            write(bench.folder, "2021/2021-06-09-new.yaml", yaml(published="2021-06-09"))
            wait_until(lambda: has("releases/2021/new"), "the new release is in the bucket")
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(DEAD)


def test_readers_see_whole_objects_while_it_is_written(tmp_path: Path, store: Store, url: str) -> None:
    one, other = two_benches(tmp_path)
    exported(one, url)
    old = store.contents(url)
    seen: set[bytes] = set()
    ended = threading.Event()
    address = f"http://{HOST}:{store.behind}/{url.removeprefix('s3://')}/feeds/all.atom"

    def read() -> None:
        while not ended.is_set():
            seen.add(requests.get(address, timeout=DEAD).content)

    reader = threading.Thread(target=read)
    reader.start()
    exported(other, url)
    ended.set()
    reader.join(DEAD)
    assert seen <= {old["feeds/all.atom"], store.contents(url)["feeds/all.atom"]}
    assert BUCKET in address
