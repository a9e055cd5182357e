"""How many months the chart of a selection has."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from feeds.model.selection import Selection
from feeds.publish.context import Context
from feeds.publish.pages.chart import MONTHS, chart
from tests.makers import NOW, a_compiled, yaml

MONTH = 10
"""The width of a month in the picture."""


@pytest.mark.parametrize("withdrawn", [False, True])
@pytest.mark.parametrize(("oldest", "months"), [(40, 12), (18 * 31, 19), (900, MONTHS)])
def test_it_begins_with_the_first_release_that_stands(
    tmp_path: Path, oldest: int, months: int, withdrawn: bool
) -> None:
    days = {"new": 2, "other": 35, "old": oldest}
    files = {
        f"2021/{NOW - timedelta(days=ago):%Y-%m-%d}-{slug}.yaml": yaml(published=NOW - timedelta(days=ago))
        for slug, ago in days.items()
    }
    if withdrawn:
        gone = NOW - timedelta(days=30)
        files[f"2021/{gone:%Y-%m-%d}-gone.yaml"] = yaml(
            published=gone, withdrawn={"date": gone + timedelta(days=1), "reason": "Wrong."}
        )
    bench = a_compiled(tmp_path, files)
    with bench.catalogue.reading() as snapshot:
        found = chart(Context.of(snapshot, NOW, bench.settings), Selection("en"))
    assert found is not None
    assert found.width == months * MONTH
