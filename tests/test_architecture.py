"""The house: a room imports only from floors below its own, and every foreign library lives in one room."""

from __future__ import annotations

import ast
import importlib.util
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import feeds

ROOT = Path(feeds.__file__).parent

FLOORS = (
    {"errors"},
    {
        "concurrency",
        "database",
        "settings",
        "i18n",
    },
    {"model"},
    {"addresses", "content", "memory"},
    {"render", "media"},
    {"catalogue", "importers"},
    {"publish"},
    {"delivery", "export"},
    {"web"},
    {"cli"},
)
"""From the ground up. A room is a module of the package, or a package in it; it knows no other on its own floor."""

HOMES = {
    "ada_url": {"model"},
    "yaml": {"content"},
    "tinycss2": {"content"},
    "feedgen": {"render"},
    "lxml": {"render", "importers"},
    "jinja2": {"render"},
    "markupsafe": {"render"},
    "comrak": {"render"},
    "nh3": {"render"},
    "segno": {"render"},
    "babel": {"i18n"},
    "sqlite3": {"catalogue", "database", "memory"},
    "psycopg": {"database"},
    "platformdirs": {"catalogue"},
    "granian": {"web"},
    "flask": {"web", "cli"},
    "werkzeug": {"web"},
    "watchfiles": {"web", "cli"},
    "brotli": {"publish"},
    "zstandard": {"catalogue", "publish"},
    "prometheus_client": {"web"},
    "click": {"cli"},
    "PIL": {"media"},
    "puremagic": {"media"},
    "rich": {"cli"},
    "slugify": {"content"},
    "pydantic": {"model", "content", "render", "importers"},
    "feedparser": {"importers"},
    "mammoth": {"importers"},
    "charset_normalizer": {"importers"},
    "obstore": {"export"},
    "pydantic_core": {"model", "content"},
}
"""Where each library may be known."""

CLOCKS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
    ("time", "time_ns"),
    ("time", "gmtime"),
    ("time", "localtime"),
    ("time", "monotonic"),
    ("time", "perf_counter"),
}
WITH_A_CLOCK = {"web", "cli"}


LONGEST = 500
"""Lines of a module."""


@cache
def modules() -> tuple[tuple[str, str, ast.Module], ...]:
    """Every module: its room, its dotted name, what it says."""
    found = []
    for path in sorted(ROOT.rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found.append((parts[0], ".".join(parts), ast.parse(path.read_text(encoding="utf-8"))))
    return tuple(found)


def imports(module: ast.Module) -> Iterator[str]:
    """Every dotted name a module imports, of whatever package."""
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "a relative import hides which room it is from"
            assert node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def floor(room: str) -> int:
    return next(number for number, rooms in enumerate(FLOORS) if room in rooms)


def rooms() -> set[str]:
    return {room for room, _, _ in modules()} - {"__init__", "__main__"}


def test_every_room_has_its_floor() -> None:
    assert rooms() <= set().union(*FLOORS)


def test_a_room_imports_only_from_floors_below() -> None:
    wrong = []
    for room, name, module in modules():
        for imported in imports(module):
            package, _, rest = imported.partition(".")
            other = rest.partition(".")[0]
            if package != "feeds" or other not in rooms() or other == room or room in ("__init__", "__main__"):
                continue
            if floor(other) >= floor(room):
                wrong.append(f"feeds.{name} imports {imported}")
    assert not wrong, "\n".join(wrong)


def test_no_modules_import_each_other_in_a_circle() -> None:
    """Not even where the import stands in a function, or is for types alone."""
    names = {name.removesuffix(".__init__") for _, name, _ in modules()}
    used = {
        name: {
            part
            for imported in imports(module)
            for part in (imported.removeprefix("feeds."), imported.removeprefix("feeds.").rpartition(".")[0])
            if imported.startswith("feeds.") and part in names and f"{part}.__init__" != name
        }
        for _, name, module in modules()
        if not name.endswith("__init__")
    }
    while ends := [name for name, others in used.items() if not others & used.keys()]:
        used = {name: others for name, others in used.items() if name not in ends}
    assert not used, f"in a circle, or above one: {sorted(used)}"


def test_what_docstrings_and_comments_name_exists() -> None:
    """Modules and what is in them, as in `feeds.model.release.Release`; a rename must not leave an old name there."""
    wrong = []
    for path in sorted(ROOT.rglob("*.py")):
        for name in re.findall(r"`feeds((?:\.\w+)+)`", path.read_text(encoding="utf-8")):
            at, parts = ROOT, name.split(".")[1:]
            while parts and (at / parts[0]).is_dir():
                at /= parts.pop(0)
            if parts and (at / f"{parts[0]}.py").is_file():
                at /= f"{parts.pop(0)}.py"
            home = at if at.is_file() else at / "__init__.py"
            if any(not re.search(rf"\b{part}\b", home.read_text(encoding="utf-8")) for part in parts):
                wrong.append(f"{path.relative_to(ROOT)}: feeds{name}")
    assert not wrong, "\n".join(wrong)


def test_no_two_public_types_share_a_name() -> None:
    homes: dict[str, list[str]] = {}
    for _, name, module in modules():
        for node in module.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes.setdefault(node.name, []).append(name)
    assert not {name: found for name, found in homes.items() if len(found) > 1}


def test_every_foreign_library_lives_in_its_room() -> None:
    wrong = [
        f"feeds.{name} imports {imported}"
        for room, name, module in modules()
        for imported in imports(module)
        if room not in HOMES.get(imported.partition(".")[0], {room})
    ]
    assert not wrong, "\n".join(wrong)


def test_every_dependency_has_a_home() -> None:
    own = {"feeds", *sys.stdlib_module_names} - {"sqlite3"}
    foreign = {imported.partition(".")[0] for _, _, module in modules() for imported in imports(module)} - own
    assert foreign <= HOMES.keys()


def test_only_the_edges_look_at_a_clock() -> None:
    wrong = [
        f"feeds.{name}:{node.lineno}"
        for room, name, module in modules()
        for node in ast.walk(module)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and (node.value.id, node.attr) in CLOCKS
        and room not in WITH_A_CLOCK
    ]
    assert not wrong, "\n".join(wrong)


def test_one_border_catches_everything_and_nothing_else_does() -> None:
    everything = ("id='Exception'", "id='BaseException'")
    found = [
        name
        for _, name, module in modules()
        for node in ast.walk(module)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or any(each in ast.dump(node.type) for each in everything))
    ]
    assert found == ["errors"]


def test_every_module_begins_with_its_job_and_fits_a_few_screens() -> None:
    for path in sorted(ROOT.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        assert ast.get_docstring(ast.parse(text)), f"{path.name} does not say what it is for"
    lines = {path.name: path.read_text(encoding="utf-8").count("\n") for path in ROOT.rglob("*.py")}
    assert not {name: count for name, count in lines.items() if count > LONGEST}


DESIGN = ROOT.parent / "docs" / "design.md"


def picture() -> str:
    """The house from the top floor down: each room with the first line of what it says of itself, and what it uses."""
    found = {room: parsed for room, name, parsed in modules() if name in (room, f"{room}.__init__")}
    uses: dict[str, set[str]] = {}
    for room, _, module in modules():
        others = {name.split(".")[1] for name in imports(module) if name.startswith("feeds.")} & rooms()
        uses.setdefault(room, set()).update(others - {room})
    lines = []
    for number in range(len(FLOORS), 0, -1):
        for room in sorted(FLOORS[number - 1] & rooms()):
            job = (ast.get_docstring(found[room]) or "").partition("\n")[0]
            below = sorted(uses[room], key=lambda other: (-floor(other), other))
            lines += [
                f"{number:2}  {room:11} {job}",
                f"    {'':11} uses {', '.join(below) or 'no other room'}",
            ]
    return "\n".join(lines)


def test_the_picture_of_the_house_is_true() -> None:
    shown = DESIGN.read_text(encoding="utf-8").partition("```text\n")[2].partition("\n```")[0]
    assert shown == picture(), f"put this picture into {DESIGN.name}:\n{picture()}"


def named(text: str) -> set[str]:
    """The dotted names of this package in a text."""
    return set(re.findall(r"`(feeds(?:\.\w+)+)`", text))


def test_every_name_on_the_way_of_a_release_is_there() -> None:
    names = named(DESIGN.read_text(encoding="utf-8"))
    assert len(names) > 15
    for name in sorted(names):
        module, _, last = name.rpartition(".")
        found = importlib.import_module(module)
        assert hasattr(found, last) or importlib.util.find_spec(name), name


def test_the_table_of_changes_names_files_that_are_there() -> None:
    for document in (DESIGN, DESIGN.with_name("CONTRIBUTING.md")):
        files = re.findall(r"`((?:feeds|tests|docs|benchmarks)/[\w./-]+)`", document.read_text(encoding="utf-8"))
        assert len(files) > 15
        assert [file for file in files if not (ROOT.parent / file).exists()] == []
