"""What is in conflict is found from what has changed alone, as if all releases were looked through."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

import pytest

from feeds.catalogue import conflicts
from feeds.database import transaction
from tests.makers import DAY, NOW, Bench, a_newsroom, write, yaml

NAMES = [f"2021/2021-06-0{number}-story-{number}.yaml" for number in range(1, 7)]
DATES = [NOW - 3 * DAY, NOW - 2 * DAY, NOW + DAY]
SLUGS = ["dam", "road", "mine", "port"]
STEPS = 40


def a_text(dice: Random) -> str:
    """A release that may well claim what another one has."""
    slug = dice.choice(SLUGS)
    fields: dict[str, Any] = {"id": f"tag:example.org,2021:{dice.choice('abc')}"} if dice.random() < 0.4 else {}
    if dice.random() < 0.3:
        fields["aliases"] = [f"2021/{dice.choice(SLUGS)}"]
    if dice.random() < 0.5:
        fields["related"] = [f"2021/{dice.choice(SLUGS)}"]
    headings = [f"## {dice.choice(['Wages', 'Hours'])}"] if dice.random() < 0.5 else []
    links = [f"[x](/releases/2021/{dice.choice(SLUGS)}{dice.choice(['', '#wages', '#hours'])})" for _ in range(2)]
    return yaml(
        slug=slug,
        body="\n\n".join([*headings, *links]),
        published=dice.choice(DATES).isoformat(),
        draft=dice.random() < 0.2,
        language=dice.choice(["en", "en", "mn"]),
        **fields,
    )


def state(bench: Bench) -> tuple[list[Any], list[Any]]:
    """The releases that are hidden, and the problems between releases."""
    with closing(bench.location.open_to_write()) as database:
        hidden = database.execute("SELECT story, language FROM releases WHERE shadowed ORDER BY 1, 2").fetchall()
        query = "SELECT file, line, message, advice FROM problems WHERE story = '?' ORDER BY 1, 2, 3, 4"
        return hidden, database.execute(query).fetchall()


def settle_all(bench: Bench) -> None:
    """Looks through all releases."""
    with closing(bench.location.open_to_write()) as database, transaction(database):
        conflicts.settle(database, bench.folder.name, None)


@pytest.mark.parametrize("seed", range(6))
def test_settling_what_has_changed_settles_all(tmp_path: Path, seed: int) -> None:
    dice = Random(seed)  # noqa: S311 - edits, not secrets
    bench = Bench(a_newsroom(tmp_path, {name: a_text(dice) for name in NAMES}))
    bench.compile(now=NOW)
    met = leading_nowhere = 0
    for _ in range(STEPS):
        name = dice.choice(NAMES)
        if dice.random() < 0.2:
            (bench.folder / "releases" / name).unlink(missing_ok=True)
        else:
            write(bench.folder, name, a_text(dice))
        bench.compile(now=NOW)
        found = state(bench)
        settle_all(bench)
        assert found == state(bench)
        met += len(found[0])
        leading_nowhere += sum(line > 0 for _, line, *_ in found[1])
    assert met > STEPS / 2
    assert leading_nowhere > STEPS


def test_moments_of_more_releases_than_are_looked_up_one_by_one_are_all_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conflicts, "_MANY", 2)
    bench = Bench(a_newsroom(tmp_path, {name: yaml(published="2021-06-01") for name in NAMES[:3]}))
    bench.compile(now=NOW)
    write(bench.folder, NAMES[4], yaml(published="2021-06-01"))
    write(bench.folder, NAMES[5], yaml(published="2021-06-05"))
    bench.compile(now=NOW)
    (problem,) = bench.problems()
    assert problem.startswith(f"data/releases/{NAMES[4]}: warning: published: published at the same moment")
