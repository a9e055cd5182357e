"""After any history of changes the folder is, byte for byte, what an export into a new folder makes."""

from __future__ import annotations

import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feeds.catalogue import Catalogue
from feeds.export.release_comparison import Census
from tests.export.exporter import broken_links, contents, elsewhere, exported, manifest
from tests.export.exporter import kept as what_is_kept
from tests.makers import DAY, NOW, TERMS, Bench, a_newsroom, write, yaml
from tests.media.files import picture
from tests.tools import examples

SLUGS = ("dam", "road", "wall", "well", "mine", "school", "port")
LANGUAGES = ("", "mn", "zh-Hans")
LINKED = ("/releases/2021/dam", "/releases/2021/road")
"""What texts link to."""
DATES = [NOW - timedelta(days=20) + timedelta(days=each, minutes=each) for each in range(30)]
TOPICS = tuple(
    f"wages: {{{wages}}}\ncorrections: {{labels: {{en: Our errors}}}}\n"
    for wages in (
        "labels: {en: Wages}, aliases: [pay]",
        "labels: {en: Pay and wages}, aliases: [pay]",
        "labels: {en: Wages}, retired: {date: 2021-06-26}",
        "labels: {en: Wages}, retired: {date: 2021-06-25, successor: corrections}",
    )
)

fields = st.fixed_dictionaries(
    {"published": st.sampled_from(DATES), "title": st.sampled_from(["One", "Two", "About it"])},
    optional={
        "countries": st.lists(st.sampled_from(["CN", "MN"]), unique=True, min_size=1),
        "topics": st.lists(st.sampled_from(TERMS["topic"]), unique=True, min_size=1),
        "projects": st.just(["score"]),
        "genre": st.sampled_from(TERMS["genre"]),
        "body": st.sampled_from(["Text.", "See [it](dam) and [that](/releases/2021/road)."]),
        "related": st.sampled_from([["2021/dam"], ["2021/well", "2021/port"]]),
        "aliases": st.sampled_from([["2020/former"], ["/old.php"]]),
        "corrections": st.just([{"date": NOW + DAY, "note": "It is longer."}]),
        "withdrawn": st.just({"date": NOW + 2 * DAY, "reason": "Wrong."}),
        "draft": st.just(True),
        "pinned": st.sampled_from([NOW + timedelta(minutes=2), NOW + 3 * DAY]),
        "image": st.just({"src": "photo.jpg", "alt": "It"}),
    },
)
edit = st.one_of(
    st.tuples(st.just("write"), st.sampled_from(SLUGS), st.sampled_from(LANGUAGES), fields),
    st.tuples(st.just("write"), st.sampled_from(SLUGS), st.just(""), fields),
    st.tuples(st.just("delete"), st.sampled_from(SLUGS), st.sampled_from(LANGUAGES)),
    st.tuples(st.just("wait"), st.sampled_from([timedelta(minutes=3), timedelta(hours=14), DAY, 9 * DAY, 400 * DAY])),
    st.tuples(st.just("topics"), st.sampled_from(TOPICS)),
    st.tuples(st.just("newsroom"), st.sampled_from(["About", "About us", "All of it"])),
    st.tuples(st.just("combinations"), st.sampled_from([1, 2, 3])),
)


def applied(bench: Bench, change: tuple[Any, ...], state: dict[str, Any]) -> None:
    """Does what a step of a history says."""
    match change:
        case "write", slug, language, values:
            original = state["dates"].setdefault(slug, values["published"])
            named = f"2021/{original:%Y-%m-%d}-{slug}{f'.{language}' if language else ''}.yaml"
            write(bench.folder, named, yaml(**values))
        case "delete", slug, language:
            ending = f"-{slug}{f'.{language}' if language else ''}.yaml"
            for path in (bench.folder / "releases/2021").glob(f"*{ending}"):
                path.unlink()
        case "wait", time:
            state["now"] += time
        case "topics", text:
            (bench.folder / "topics.yaml").write_text(text, encoding="utf-8")
        case "newsroom", text:
            path = bench.folder / "newsroom.yaml"
            lines = path.read_text(encoding="utf-8").splitlines()
            path.write_text(
                "\n".join(f"about: {{en: {text}}}" if each.startswith("about:") else each for each in lines) + "\n",
                encoding="utf-8",
            )
        case "combinations", number:
            state["combinations"] = number


def differences(one: dict[str, bytes], other: dict[str, bytes]) -> set[str]:
    return {name for name in {*one, *other} if one.get(name) != other.get(name)}


def follow(history: list[list[tuple[Any, ...]]]) -> None:
    """Does all that a history says; after each part the folder must be what a new export makes."""
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(a_newsroom(Path(folder)), entries=2)
        photo = bench.folder / "releases/2021/photo.jpg"
        photo.parent.mkdir()
        photo.write_bytes(picture(width=90, height=60))
        census: Census | None = None
        state: dict[str, Any] = {"now": NOW, "dates": {}, "combinations": 2}
        for number, changes in enumerate(history):
            for change in changes:
                applied(bench, change, state)
            now: datetime = state["now"]
            bench.compile(now=now)
            options: dict[str, Any] = {"entries": 2, "combinations": state["combinations"]}
            exported(bench, Path(folder) / "kept", now, **options)
            with Catalogue(bench.location.path).reading() as snapshot:
                census = Census.of(snapshot, now, census)
                assert census == Census.of(snapshot, now), (number, changes)
            kept = contents(Path(folder) / "kept")
            basis, aside = bench.location.path.with_suffix(".export"), Path(folder) / "basis"
            basis.rename(aside)
            exported(bench, Path(folder) / f"new-{number}", now, **options)
            for part, found in what_is_kept(aside).items():
                assert found == what_is_kept(basis)[part], (number, changes, part)
            aside.rename(basis)
            new = contents(Path(folder) / f"new-{number}")
            assert not differences(kept, new), (number, changes, sorted(differences(kept, new)))
            for part in ("moved", "gone", "base_url"):
                one, other = (manifest(Path(folder) / name)[part] for name in ("kept", f"new-{number}"))
                assert one == other, (number, changes, part)
            broken = broken_links(Path(folder) / "kept", kept, elsewhere(Path(folder) / "kept"))
            # Editors may link to what is still to come.
            assert not [each for each in broken if not each.endswith(LINKED)], (number, changes, broken)


@pytest.mark.slow
@given(history=st.lists(st.lists(edit, min_size=1, max_size=4), min_size=2, max_size=6))
@settings(examples(15), suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_any_history_leads_to_what_a_new_export_makes(history: list[list[tuple[Any, ...]]]) -> None:
    follow(history)
