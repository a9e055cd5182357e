"""The constraints of a production install: everything that runs, as it is tested, and nothing else."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, metadata, requires

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from tests.tools import ROOT

CONSTRAINTS = ROOT / "docs/deploy/constraints.txt"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = {name: needed for name, needed in PROJECT["optional-dependencies"].items() if name != "tests"}


def pins(text: str) -> dict[str, str]:
    """The version of each package."""
    return dict(re.findall(r"(?m)^([a-z0-9-]+)==(\S+) \\$", text))


PINS = pins(CONSTRAINTS.read_text(encoding="utf-8"))
WANTED = [Requirement(text) for texts in (PROJECT["dependencies"], *EXTRAS.values()) for text in texts]


def closure(wanted: Iterable[Requirement]) -> set[str]:
    """The names of these packages, and of all that they need on this machine."""
    found: set[str] = set()
    waiting = [(each.name, each.extras) for each in wanted]
    while waiting:
        name, extras = waiting.pop()
        if canonicalize_name(name) in found:
            continue
        found.add(canonicalize_name(name))
        try:
            needed = map(Requirement, requires(name) or ())
        except PackageNotFoundError:
            continue
        environments = [{"extra": extra} for extra in ("", *extras)]
        waiting += [
            (each.name, each.extras)
            for each in needed
            if each.marker is None or any(map(each.marker.evaluate, environments))
        ]
    return found


def test_it_has_every_dependency_in_a_version_that_the_project_takes() -> None:
    assert [str(each) for each in WANTED if each.name not in PINS or PINS[each.name] not in each.specifier] == []


def test_it_has_what_these_need_and_nothing_else() -> None:
    assert PINS.keys() == closure(WANTED)


def test_the_same_versions_are_tested() -> None:
    tested = pins((ROOT / "tests/constraints.txt").read_text(encoding="utf-8"))
    assert {name: tested.get(name) for name in PINS} == PINS


def test_the_first_python_that_the_project_takes_can_run_what_is_pinned() -> None:
    first = f"{PROJECT['requires-python'].removeprefix('>=')}.0"
    tested = pins((ROOT / "tests/constraints.txt").read_text(encoding="utf-8"))
    needed = {name: SpecifierSet(str(metadata(name).json.get("requires_python", ""))) for name in tested}
    assert len(needed) > 60
    assert {name: str(each) for name, each in needed.items() if first not in each} == {}


def test_every_package_has_hashes_and_no_host_is_named() -> None:
    text = CONSTRAINTS.read_text(encoding="utf-8")
    blocks = re.split(r"(?m)^(?=[a-z0-9-]+==)", text)[1:]
    assert len(blocks) == len(PINS)
    assert all("--hash=sha256:" in block for block in blocks)
    assert "://" not in text
