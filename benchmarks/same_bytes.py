"""Compares every address of the bundled newsroom between a git revision and the working tree, byte by byte.

``python -m benchmarks.same_bytes HEAD~1`` prints what differs and exits with 1 if any feed does. Both are asked for the
same moment. The addresses are found by following every link from the front page, and by `feeds list --combinations`.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter
from io import BytesIO
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
BASE = "https://news.example.org"
FEEDS = (".atom", ".rss", ".json")

CRAWL = r"""
import html, json, re, sys
from datetime import UTC, datetime
from feeds.web import create_app

base, paths = sys.argv[1], json.load(sys.stdin)
client = create_app(clock=lambda: datetime(2026, 11, 20, 12, tzinfo=UTC)).test_client()
found, waiting = {}, [*paths, "/", "/robots.txt", "/sitemap.xml", "/sitemap-news.xml", "/feeds.opml", "/nothing"]
link = re.compile(r'(?:href|src|xmlUrl|htmlUrl|action)="([^"#]+)|<loc>([^<]+)|"(https?://[^"\\]+)"')
while waiting:
    path = waiting.pop()
    if path in found:
        continue
    answer = client.get(path)
    headers = [(name, value) for name, value in answer.headers.items() if name != "Date"]
    found[path] = [answer.status_code, sorted(headers), answer.get_data().decode("latin-1")]
    if answer.mimetype.startswith(("text/", "application/")):
        for groups in link.findall(answer.get_data(as_text=True)):
            target = html.unescape("".join(groups)).removeprefix(base)
            if target.startswith("/") and not target.startswith("//"):
                waiting.append(target)
json.dump(found, sys.stdout)
"""


def answers(tree: Path) -> dict[str, list[Any]]:
    """By path: status, header fields and body of every address of the newsroom in a tree."""
    with tempfile.TemporaryDirectory() as catalogue:
        settings = {
            "FEEDS_DATA": str(tree / "data"), "FEEDS_BASE_URL": BASE, "FEEDS_STATE": catalogue,
            "FEEDS_WATCH": "off", "PYTHONPATH": str(tree),
        }  # fmt: skip
        environment = os.environ | settings
        command = [sys.executable, "-m", "feeds", "list", "--combinations"]
        listed = subprocess.run(command, cwd=tree, env=environment, capture_output=True, check=True, text=True).stdout
        paths = [line.partition("\t")[2].removeprefix(BASE) for line in listed.splitlines()]
        command = [sys.executable, "-c", CRAWL, BASE]
        crawled = subprocess.run(
            command, cwd=tree, env=environment, input=json.dumps(paths), capture_output=True, check=True, text=True
        )
        found: dict[str, list[Any]] = json.loads(crawled.stdout)
        return found


def main(revision: str) -> int:
    """Prints the differences; 1 if there is any among feeds."""
    with tempfile.TemporaryDirectory() as folder:
        archive = subprocess.run(["git", "archive", revision], cwd=ROOT, capture_output=True, check=True).stdout
        with tarfile.open(fileobj=BytesIO(archive)) as files:
            files.extractall(folder, filter="data")
        before, after = answers(Path(folder)), answers(ROOT)
    feeds, others = Counter[str](), Counter[str]()
    for path in sorted({*before, *after}):
        kind = feeds if path.partition("?")[0].endswith(FEEDS) else others
        one, other = before.get(path), after.get(path)
        kind["same" if one == other else "different"] += 1
        if one != other:
            print(f"{path}: {difference(one, other)}")
    print(f"feeds: {feeds['same']} the same, {feeds['different']} different")
    print(f"other addresses: {others['same']} the same, {others['different']} different")
    return int(bool(feeds["different"]))


def difference(one: list[Any] | None, other: list[Any] | None) -> str:
    """Where two answers part, in a few words."""
    if one is None or other is None:
        return "only before" if other is None else "only now"
    if one[0] != other[0]:
        return f"status {one[0]}, now {other[0]}"
    if one[2] != other[2]:
        at = next((n for n, (a, b) in enumerate(zip(one[2], other[2], strict=False)) if a != b), 0)
        before, now = (re.sub(r"\s+", " ", each[2][max(0, at - 30) : at + 50]) for each in (one, other))
        return f"…{before}…, now …{now}…"
    return f"header fields {[field for field in other[1] if field not in one[1]]}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
