"""Files beside releases over HTTP: conditions, ranges, what browsers may do with them, and large ones in pieces."""

from __future__ import annotations

import json
import socket
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import feedparser
import pytest
from werkzeug.test import Client
from werkzeug.wrappers import Response

from feeds.settings import Settings
from feeds.web import create_app
from feeds.web.file_streams import STREAMS
from feeds.web.media_files import ONE_PIECE
from tests.makers import BASE, a_newsroom
from tests.media.files import PDF, SVG, picture, sound
from tests.servers import HOST, Servers
from tests.tools import DEAD

LARGE = PDF + b"x" * (3 * ONE_PIECE)
NAMES = {
    "photo.jpg": picture(),
    "small.pdf": PDF,
    "large.pdf": LARGE,
    "drawing.svg": SVG,
    "page.html": b"<script>alert(1)</script>",
    "data.csv": b"a,b\n",
    "\u65b0\u95fb \u201ca\u201d, b.pdf": PDF,
}
TYPES = {
    "photo.jpg": "image/jpeg",
    "small.pdf": "application/pdf",
    "large.pdf": "application/pdf",
    "drawing.svg": "image/svg+xml",
    "page.html": "text/html",
    "data.csv": "text/csv",
    "\u65b0\u95fb \u201ca\u201d, b.pdf": "application/pdf",
}


def a_folder(path: Path) -> Path:
    files = "".join(f"  - {{file: '{name}', title: x}}\n" for name in NAMES)
    text = f"title: Dam\nsummary: S\npublished: 2021-06-01\nattachments:\n{files}"
    folder = a_newsroom(path, {"2021/2021-06-01-dam.yaml": text})
    for name, content in NAMES.items():
        (folder / "releases/2021" / name).write_bytes(content)
    return folder


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Client:
    path = tmp_path_factory.mktemp("media")
    app = create_app(Settings(data=a_folder(path), state=path / "state", base_url=BASE, watch="off"))
    return Client(app)


@pytest.fixture(scope="module")
def paths(client: Client) -> dict[str, str]:
    """The path of each file, as the feed names it."""
    (item,) = client.get("/feeds/all.json").get_json()["items"]
    found = [file["url"].removeprefix(BASE) for file in item["attachments"]]
    ordered = sorted(NAMES, key=lambda name: (TYPES[name].partition("/")[0] != "image", list(NAMES).index(name)))
    return dict(zip(ordered, found, strict=True))


@pytest.mark.parametrize("name", NAMES)
def test_a_file_comes_as_it_is_and_may_be_kept_for_good(client: Client, paths: dict[str, str], name: str) -> None:
    answer = client.get(paths[name])
    assert (answer.status_code, answer.data) == (200, NAMES[name])
    assert answer.headers["Content-Type"] == TYPES[name]
    assert answer.headers["Content-Length"] == str(len(NAMES[name]))
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    head = client.head(paths[name])
    assert head.data == b""
    assert {**head.headers} == {**answer.headers}
    digest = paths[name].split("/")[2]
    for tag in (f'"{digest}"', f'W/"{digest}"', f'"x", "{digest}"', "*"):
        unchanged = client.get(paths[name], headers={"If-None-Match": tag, "Range": "bytes=0-1"})
        assert (unchanged.status_code, unchanged.data) == (304, b"")
        assert unchanged.headers["ETag"] == f'"{digest}"'
        assert unchanged.headers["Cache-Control"] == answer.headers["Cache-Control"]
    conditions = (({"If-None-Match": '"x"'}, 200), ({"If-Match": '"x"'}, 412), ({"If-Match": f'"{digest}"'}, 200))
    for condition, status in conditions:
        assert client.get(paths[name], headers=condition, buffered=True).status_code == status


@pytest.mark.parametrize(("name", "shown"), [("photo.jpg", True), ("small.pdf", True), ("drawing.svg", False),
                                             ("page.html", False), ("data.csv", False)])  # fmt: skip
def test_what_a_browser_could_run_is_for_saving_and_in_a_sandbox(
    client: Client, paths: dict[str, str], name: str, shown: bool
) -> None:
    headers = client.get(paths[name]).headers
    assert headers.get("Content-Disposition") == (None if shown else "attachment")
    assert ("sandbox" in headers["Content-Security-Policy"]) != shown
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-99", 0, 100),
        ("bytes=100-", 100, None),
        ("bytes=-7", -7, None),
        ("bytes=5-99999999999", 5, None),
        ("BYTES=5-9", 5, 10),
        ("bytes=-99999999999", 0, None),
    ],
)
@pytest.mark.parametrize("name", ["small.pdf", "large.pdf"])
def test_a_range_is_a_part_of_the_file(
    client: Client, paths: dict[str, str], name: str, asked: str, start: int, end: int | None
) -> None:
    answer = client.get(paths[name], headers={"Range": asked})
    expected = NAMES[name][start:end]
    assert (answer.status_code, answer.data) == (206, expected)
    first = start if start >= 0 else len(NAMES[name]) + start
    assert answer.headers["Content-Range"] == f"bytes {first}-{first + len(expected) - 1}/{len(NAMES[name])}"
    assert answer.headers["Content-Length"] == str(len(expected))


@pytest.mark.parametrize("seconds", [3, 200])
def test_a_podcast_player_finds_the_sound_in_the_feed_and_listens_to_any_part_of_it(
    tmp_path: Path, seconds: int
) -> None:
    files = "".join(f"  - {{file: {name}, title: x}}\n" for name in ("small.pdf", "interview.wav"))
    text = f"title: Dam\nsummary: S\npublished: 2021-06-01\nattachments:\n{files}"
    folder = a_newsroom(tmp_path, {"2021/2021-06-01-dam.yaml": text})
    spoken = sound(seconds)
    for name, content in (("small.pdf", PDF), ("interview.wav", spoken)):
        (folder / "releases/2021" / name).write_bytes(content)
    client = Client(create_app(Settings(data=folder, state=tmp_path / "state", base_url=BASE, watch="off")))
    (enclosure,) = feedparser.parse(client.get("/feeds/all.rss").data).entries[0].enclosures
    assert (enclosure.type, enclosure.length) == ("audio/wav", str(len(spoken)))
    path = enclosure.href.removeprefix(BASE)

    def part(asked: str, **more: str) -> Response:
        return client.get(path, headers={"Range": asked, "Accept-Encoding": "gzip, br", **more})

    probe = part("bytes=0-1")  # the first question of Apple's players: no sound for him who answers 200
    assert (probe.status_code, probe.data) == (206, b"RI")
    assert probe.headers["Content-Range"] == f"bytes 0-1/{len(spoken)}"
    assert (probe.headers["Accept-Ranges"], probe.headers["Content-Type"]) == ("bytes", "audio/wav")
    assert "Content-Encoding" not in probe.headers
    piece = len(spoken) // 7
    tag = {"If-Range": probe.headers["ETag"]}
    heard = [part(f"bytes={start}-{start + piece - 1}", **tag).data for start in range(0, len(spoken), piece)]
    assert b"".join(heard) == spoken
    onward = part(f"bytes={len(spoken) // 2}-", **tag)
    assert (onward.status_code, onward.data) == (206, spoken[len(spoken) // 2 :])
    assert part("bytes=-100").data == spoken[-100:]


@pytest.mark.parametrize("asked", ["bytes=99999999999-", "bytes=-0"])
def test_a_range_that_is_not_there_is_refused(client: Client, paths: dict[str, str], asked: str) -> None:
    answer = client.get(paths["small.pdf"], headers={"Range": asked})
    assert (answer.status_code, answer.headers["Content-Range"]) == (416, f"bytes */{len(PDF)}")


@pytest.mark.parametrize(
    "asked", ["bytes=0-1,5-6", "bytes=5-2", "bytes=x-y", "lines=1-2", "bytes=", "bytes=-", "0-5", "bytes=1-2-3"]
)
def test_what_is_no_single_range_is_ignored(client: Client, paths: dict[str, str], asked: str) -> None:
    answer = client.get(paths["small.pdf"], headers={"Range": asked})
    assert (answer.status_code, answer.data) == (200, PDF)


def test_a_range_is_only_for_the_version_that_is_meant(client: Client, paths: dict[str, str]) -> None:
    digest = paths["small.pdf"].split("/")[2]
    date = "Sun, 06 Nov 1994 08:49:37 GMT"
    for given, status in ((f'"{digest}"', 206), ('"other"', 200), (f'W/"{digest}"', 200), (date, 200)):
        answer = client.get(paths["small.pdf"], headers={"Range": "bytes=0-1", "If-Range": given})
        assert answer.status_code == status, given


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_nothing_can_be_changed(client: Client, paths: dict[str, str], method: str) -> None:
    assert client.open(paths["small.pdf"], method=method).status_code == 405
    assert client.options(paths["small.pdf"]).status_code == 204


def test_a_missing_file_is_a_page_that_says_so(client: Client, paths: dict[str, str]) -> None:
    answer = client.get(paths["small.pdf"].replace("small", "none"))
    assert answer.status_code == 404
    assert "text/html" in answer.headers["Content-Type"]


def test_a_file_that_was_deleted_from_the_store_is_stored_again(tmp_path: Path) -> None:
    app = create_app(Settings(data=a_folder(tmp_path), state=tmp_path / "state", base_url=BASE, watch="off"))
    client = Client(app)
    (item,) = client.get("/feeds/all.json").get_json()["items"]
    path = next(each["url"] for each in item["attachments"] if "small" in each["url"]).removeprefix(BASE)
    app.extensions["feeds"].location.media.keep_only(())
    assert client.get(path).data == PDF


def test_large_files_are_few_at_a_time_and_leave_their_place_to_the_next(client: Client, paths: dict[str, str]) -> None:
    under_way = [client.get(paths["large.pdf"], buffered=False) for _ in range(STREAMS)]
    assert all(next(iter(each.response)) for each in under_way)
    busy = client.get(paths["large.pdf"])
    assert (busy.status_code, busy.headers["Retry-After"]) == (503, "5")
    assert client.get(paths["small.pdf"]).status_code == 200
    assert client.get(paths["large.pdf"], headers={"Range": "bytes=0-99"}).status_code == 206
    for each in under_way:
        each.close()
    assert client.get(paths["large.pdf"]).data == LARGE


def resident(pid: int) -> int:
    """Bytes of memory of a process and of all that it has started."""
    status = Path(f"/proc/{pid}/status").read_text()
    own = int(status.partition("VmRSS:")[2].split()[0]) * 1024
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return own + sum(resident(int(child)) for child in children)


@pytest.mark.slow
def test_slow_readers_of_large_files_take_neither_feeds_nor_memory_away(tmp_path: Path, servers: Servers) -> None:
    folder = a_folder(tmp_path)
    size = 45_000_000
    (folder / "releases/2021/large.pdf").write_bytes(PDF + bytes(size))
    with servers.newsroom(folder, workers=1) as server:
        (item,) = json.loads(fetched(server.port, "/feeds/all.json"))["items"]
        path = next(each["url"] for each in item["attachments"] if "large" in each["url"]).removeprefix(server.base_url)
        assert len(fetched(server.port, path)) == size + len(PDF)
        before = resident(server.pid)
        slow = [socket.create_connection((HOST, server.port), DEAD) for _ in range(STREAMS)]
        for each in slow:
            each.sendall(f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
            assert each.recv(12) == b"HTTP/1.1 200"
        assert b"<feed" in fetched(server.port, "/feeds/all.atom")
        assert fetched(server.port, path) == b"Too many large files at once. Try again.\n"
        assert resident(server.pid) - before < size
        for each in slow:
            each.close()
        for _ in range(1_000):  # the server notices it when it next writes
            if len(fetched(server.port, path)) > size:
                break
        else:
            pytest.fail("the places of those who have gone stay taken")


def fetched(port: int, path: str) -> bytes:
    with closing(HTTPConnection(HOST, port, timeout=DEAD)) as connection:
        connection.request("GET", path)
        return connection.getresponse().read()
