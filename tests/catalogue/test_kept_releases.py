"""What is kept for the making of many documents gives the same answers as asking for each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from feeds.catalogue.kept_releases import RUN
from tests.makers import DAY, NOW, a_compiled, yaml


def newsroom(count: int) -> dict[str, str]:
    """So many releases a day apart, each about one of two topics; every fifth and the first two are withdrawn."""
    files = {}
    for number in range(count):
        day = NOW - (count - number) * DAY
        more: dict[str, Any] = {"topics": [("wages", "corrections")[number % 2]]}
        if number % 5 == 0 or number == 1:
            more["withdrawn"] = {"date": NOW - DAY / 2, "reason": "Wrong."}
        files[f"{day:%Y}/{day:%Y-%m-%d}-number-{number}.yaml"] = yaml(title=f"Number {number}", published=day, **more)
    return files


def test_neighbours_and_alike_releases_are_those_of_a_single_question(tmp_path: Path) -> None:
    bench = a_compiled(tmp_path, newsroom(2 * RUN + 3))
    with bench.catalogue.reading() as snapshot:
        paths = snapshot.releases.paths("en", NOW)
        found = [each for path in paths if (each := snapshot.releases.at("en", path, NOW))]
        assert len(found) == 2 * RUN + 3
        for order in (found, found[::-1], found[::7]):
            kept = snapshot.keeping()
            for each in order:
                release = each.release
                terms = [("topic", slug) for slug in release.slugs("topic")]
                assert kept.releases.at("en", release.path, NOW) == each == kept.releases.at("en", release.path, NOW)
                assert kept.releases.at("mn", release.path, NOW) is None is kept.releases.at("en", "2000/no", NOW)
                assert kept.releases.neighbours(release, NOW) == snapshot.releases.neighbours(release, NOW)
                assert kept.alike.before(release, terms, NOW) == snapshot.alike.before(release, terms, NOW)
