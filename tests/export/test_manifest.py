"""A manifest says the same whether its lines are made anew or taken from the one before."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from feeds.export.files import ExportedFile, Files
from feeds.export.manifest import Manifest, WrittenManifest
from tests.export.exporter import exported, manifest
from tests.makers import NOW, Bench, a_newsroom, write, yaml

FIELDS = ((("Content-Type", "text/html"),), (("Content-Type", "text/css"), ("X", "“1”")), ())
FILES = st.dictionaries(
    st.sampled_from(["a", "a/b", "a.html", "é", "\u2028", 'q"', "z"]),
    st.builds(ExportedFile, st.sampled_from(["", "00", "ff"]), st.integers(0, 9), st.just(1), st.sampled_from(FIELDS)),
)


@given(FILES, FILES)
def test_lines_taken_from_the_manifest_before_say_what_new_ones_say(
    first: dict[str, ExportedFile], then: dict[str, ExportedFile]
) -> None:
    before = Manifest("https://a.example", "one", {"codings": []}, Files(first))
    changes = {name: then.get(name) for name in {*first, *then} if first.get(name) != then.get(name)}
    after = replace(before, moment="two", files=before.files.changed(changes))
    text = after.to_json(WrittenManifest(before, before.to_json()))
    assert Manifest.from_json(text, "here") == after
    assert Manifest.from_json(text, "here", Files(then)) == after
    assert replace(after, files=Files(then)).to_json(WrittenManifest(before, before.to_json())) == text
    assert len(text.splitlines()) == 2 + max(len(then), 1)  # a line for each


def test_a_manifest_on_one_line_can_be_gone_on_with() -> None:
    before = Manifest("https://a.example", "one", {}, Files({"a": ExportedFile("00", 1, 1, FIELDS[0])}))
    text = json.dumps(json.loads(before.to_json())).encode() + b"\n"
    assert Manifest.from_json(text, "here") == before
    assert before.to_json(WrittenManifest(before, text)) == before.to_json()


def test_a_manifest_that_others_have_changed_is_read_again(tmp_path: Path) -> None:
    bench, out = (
        Bench(a_newsroom(tmp_path, {"2021/2021-06-01-dam.yaml": yaml(published="2021-06-01")})),
        tmp_path / "out",
    )
    bench.compile(now=NOW)
    exported(bench, out)
    found = manifest(out)
    page = out / "releases/2021/dam.html"
    written = page.read_bytes()
    page.write_bytes(b"?" * len(written))
    found["files"]["releases/2021/dam.html"]["digest"] = "0" * 32
    (out / ".feeds/manifest.json").write_text(json.dumps(found), encoding="utf-8")
    assert exported(bench, out).written == 1
    assert page.read_bytes() == written


def test_after_one_change_the_manifest_is_what_a_new_export_says(tmp_path: Path) -> None:
    files = {f"2021/2021-06-0{day}-{day}.yaml": yaml(published=f"2021-06-0{day}") for day in range(1, 5)}
    bench = Bench(a_newsroom(tmp_path, files))
    bench.compile(now=NOW)
    exported(bench, tmp_path / "out")
    write(bench.folder, "2021/2021-06-02-2.yaml", yaml(published="2021-06-02", title="Changed"))
    bench.compile(now=NOW)
    assert exported(bench, tmp_path / "out").written
    bench.location.path.with_suffix(".export").unlink()
    exported(bench, tmp_path / "new")
    one, other = manifest(tmp_path / "out"), manifest(tmp_path / "new")
    assert one["files"].keys() == other["files"].keys()
    for name, file in one["files"].items():
        same = other["files"][name]
        assert (file["digest"], one["fields"][file["fields"]]) == (same["digest"], other["fields"][same["fields"]])
