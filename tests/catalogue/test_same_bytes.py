"""The same content at the same moment gives the same bytes, however the catalogue came to hold it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feeds.catalogue import compile_folder
from tests.makers import DAY, NEWSROOM, NOW, TOMORROW, YESTERDAY, Bench, a_newsroom, write, yaml
from tests.tools import python

NAMES = [f"2021/2021-06-0{n}-story-{n}.yaml" for n in range(1, 5)]
LONG_AGO = NOW - 20 * DAY

_texts = st.builds(
    yaml,
    title=st.sampled_from(["The dam", "The road", "The «bridge» & <more>"]),
    published=st.sampled_from([LONG_AGO, YESTERDAY, NOW, TOMORROW]),
    countries=st.sampled_from([[], ["CN"], ["CN", "MN"]]),
    topics=st.sampled_from([[], ["wages"]]),
    slug=st.sampled_from(["story-a", "story-b", "story-c", "story-d"]),
    draft=st.sampled_from([False, False, False, True]),
    language=st.sampled_from(["en", "en", "mn"]),
)
_corrected = _texts.map(
    lambda text: text + f'corrections: [{{date: {YESTERDAY.isoformat()}, note: "Not so."}}]\n'
).filter(lambda text: TOMORROW.isoformat() not in text and NOW.isoformat() not in text)
_edits = st.one_of(
    st.tuples(st.just("write"), st.sampled_from(NAMES), _texts | _corrected),
    st.tuples(st.just("write"), st.sampled_from([n.replace(".yaml", ".mn.yaml") for n in NAMES]),
              st.sampled_from(["title: Далан\nsummary: Тухай.\n", "title: Зам\nsummary: Тухай.\n"])),
    st.tuples(st.just("delete"), st.sampled_from(NAMES), st.just("")),
    st.tuples(st.just("newsroom"), st.just(""), st.sampled_from([NEWSROOM, NEWSROOM.replace("office", "bureau")])),
)  # fmt: skip


def edit(folder: Path, what: str, name: str, text: str) -> None:
    match what:
        case "write":
            write(folder, name, text)
        case "delete":
            (folder / "releases" / name).unlink(missing_ok=True)
        case "newsroom":
            (folder / "newsroom.yaml").write_text(text)


@pytest.mark.slow
@given(rounds=st.lists(st.lists(_edits, min_size=1, max_size=3), min_size=1, max_size=5))
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
def test_a_catalogue_brought_up_to_date_answers_as_one_made_anew(rounds: list[list[tuple[str, str, str]]]) -> None:
    with TemporaryDirectory() as path:
        bench = Bench(a_newsroom(Path(path)), entries=2)
        bench.compile()
        for edits in rounds:
            for each in edits:
                edit(bench.folder, *each)
            bench.compile()
        fresh = Bench(bench.folder, entries=2, location=Path(path) / "data")
        fresh.compile()
        # A file that became bad is the one thing that only the older catalogue can know the last good of.
        if not any("waits" in each or "must" in each or "original" in each for each in fresh.problems()):
            assert bench.problems() == fresh.problems()
            assert bench.everything() == fresh.everything()


PRINT = """
import hashlib, locale, sys
from pathlib import Path
from tests.makers import Bench, NOW
try:
    locale.setlocale(locale.LC_ALL, "")
except locale.Error:
    pass
bench = Bench(Path(sys.argv[1]), entries=3, location=Path(sys.argv[2]))
bench.compile()
for path, found in sorted(bench.everything().items()):
    print(path, hashlib.sha256(repr(found).encode()).hexdigest())
"""


def the_bytes(folder: Path, place: Path, **changes: str) -> str:
    """A digest of every document, made by a process of its own."""
    place.mkdir()
    made = python("-c", PRINT, str(folder), str(place), **changes)
    assert made.returncode == 0, made.stderr
    return made.stdout


def _older(folder: Path) -> None:
    for path in folder.rglob("*.yaml"):
        os.utime(path, (1_000_000_000, 1_000_000_000))


def _as_it_is(folder: Path) -> None:
    assert folder.is_dir()


@pytest.fixture(scope="module")
def usual_bytes(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("usual")
    found = the_bytes(a_living_newsroom(path).folder, path / "one", TZ="UTC", LC_ALL="C.UTF-8", PYTHONHASHSEED="0")
    assert found.count("\n") > 100
    return found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("touch", "changes"),
    [
        (_as_it_is, {"TZ": "America/St_Johns", "PYTHONHASHSEED": "1"}),
        (_as_it_is, {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "PYTHONHASHSEED": "2"}),
        (_older, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONHASHSEED": "3"}),
    ],
    ids=["zone", "locale", "file times"],
)
def test_neither_zone_nor_locale_nor_hash_seed_nor_file_times_change_a_byte(
    tmp_path: Path, usual_bytes: str, touch: Callable[[Path], None], changes: dict[str, str]
) -> None:
    bench = a_living_newsroom(tmp_path)
    touch(bench.folder)
    assert the_bytes(bench.folder, tmp_path / "two", **changes) == usual_bytes


def a_living_newsroom(path: Path) -> Bench:
    """Releases of every kind: tagged, translated, corrected, withdrawn, scheduled."""
    files = {
        f"2021/2021-05-{n:02}-number-{n}.yaml": yaml(
            published=f"2021-05-{n:02}", countries=["CN", "MN"][n % 2 :], topics=["wages"], genre="news"
        )
        for n in range(1, 9)
    }
    files["2021/2021-05-02-number-2.mn.yaml"] = "title: Далан\nsummary: Тухай.\n"
    files["2021/2021-05-02-number-2.zh-Hans.yaml"] = "title: 大坝\nsummary: 关于大坝。\n"
    files["2021/2021-05-20-wrong.yaml"] = yaml(
        published="2021-05-20", corrections=[{"date": YESTERDAY, "note": "Not so."}], projects=["score"]
    )
    files["2021/2021-05-21-gone.yaml"] = yaml(
        published="2021-05-21", withdrawn={"date": YESTERDAY, "reason": "It was wrong."}
    )
    files["2021/2021-06-25-soon.yaml"] = yaml(published=TOMORROW)
    return Bench(a_newsroom(path, files), entries=3)


@pytest.mark.slow
def test_two_catalogues_of_one_folder_give_the_same_bytes(tmp_path: Path) -> None:
    one = a_living_newsroom(tmp_path)
    other = Bench(one.folder, entries=3, location=tmp_path / "data")
    one.compile()
    other.compile()
    assert one.everything() == other.everything()


@pytest.mark.slow
def test_helper_processes_make_the_same_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = a_living_newsroom(tmp_path)
    one.compile()
    monkeypatch.setattr("feeds.catalogue.compile_processes.WORTH_SHARING", 2)
    other = Bench(one.folder, entries=3, location=tmp_path / "data")
    compile_folder(other.folder, other.location, other.settings.base_url, processes=2)
    assert one.everything() == other.everything()
