"""The Dockerfile, as far as it can be tried without Docker: its files, its commands, its health check."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Program
from tests.makers import YESTERDAY, a_newsroom, yaml
from tests.servers import HOST, Servers
from tests.tools import ROOT, environment, free_port

DAM = {"2021/dam.yaml": yaml(published=YESTERDAY)}
TEXT = re.sub(r"\\\n", " ", (ROOT / "Dockerfile").read_text(encoding="utf-8"))
LINES = [line.partition(" ")[::2] for line in TEXT.splitlines() if line and not line.startswith("#")]


def values(instruction: str) -> list[str]:
    """What stands behind an instruction, wherever it is."""
    return [" ".join(value.split()) for name, value in LINES if name == instruction]


def words(instruction: str) -> list[str]:
    """The words of a command that is written as JSON."""
    (value,) = values(instruction)
    found: list[str] = json.loads(value[value.index("[") :])
    return found


SOURCES = [path for value in values("COPY") if "--from" not in value for path in value.split()[:-1]]


def test_every_instruction_is_one_of_docker_s() -> None:
    known = {
        "FROM",
        "ARG",
        "WORKDIR",
        "RUN",
        "COPY",
        "ENV",
        "VOLUME",
        "USER",
        "EXPOSE",
        "HEALTHCHECK",
        "ENTRYPOINT",
        "CMD",
    }
    assert {name for name, _ in LINES} == known


def test_what_it_copies_is_there_and_is_all_that_docker_is_given() -> None:
    assert [path for path in SOURCES if not (ROOT / path).exists()] == []
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    given = {line[1:] for line in ignored if line.startswith("!")}
    assert given == set(SOURCES)
    assert "*" in ignored


def test_it_has_the_python_for_which_the_constraints_were_made() -> None:
    constraints = (ROOT / "docs/deploy/constraints.txt").read_text(encoding="utf-8")
    (version,) = re.findall(r"pip-compile with Python ([\d.]+)", constraints)
    assert {value.split()[0] for value in values("FROM")} == {f"python:{version}-slim"}


def test_it_has_fonts_that_operators_and_checks_have_too() -> None:
    (argument,) = values("ARG")
    fonts = set(shlex.split(argument.removeprefix("FONTS="))[0].split())
    (line,) = re.findall("apt-get install (fonts.*)", (ROOT / "docs/operating.md").read_text(encoding="utf-8"))
    assert fonts < set(line.split())
    assert set(line.split()) <= set(re.findall(r"[\w-]+", (ROOT / ".ci/run").read_text(encoding="utf-8")))


def test_it_runs_as_nobody_in_particular() -> None:
    (user,) = values("USER")
    assert all(int(number) >= 10_000 for number in user.split(":"))


@pytest.mark.slow
def test_its_commands_install_it_and_its_health_check_tells_whether_it_answers(
    tmp_path: Path, installed: Path, servers: Servers
) -> None:
    settings = dict(part.split("=", 1) for value in values("ENV") for part in shlex.split(value))
    assert (settings["FEEDS_DATA"], settings["FEEDS_STATE"]) == ("/data", "/state")
    port = free_port()
    command = [word.replace("0.0.0.0", HOST).replace("8000", str(port)) for word in words("CMD")]  # noqa: S104 - the container's own
    check = [word.replace("8000", str(port)) for word in words("HEALTHCHECK")]
    assert check[0] == "python"

    def is_healthy() -> bool:
        done = subprocess.run([sys.executable, *check[1:]], env=environment(), capture_output=True, check=False)
        return done.returncode == 0

    folders = {"FEEDS_DATA": str(a_newsroom(tmp_path, DAM)), "FEEDS_STATE": str(tmp_path / "state")}
    program = str(installed.parent / words("ENTRYPOINT")[0])
    assert not is_healthy()
    with servers.program(["env", "-u", "PYTHONPATH", program, *command], port=port, **folders) as server:
        assert server.get("/releases/2021/dam")[0] == 200
        assert is_healthy()
    assert not is_healthy()


READ_ONLY = """
for place in / "$HERE"; do mount --bind "$place" "$place" && mount -o remount,ro,bind "$place" || exit 77; done
for place in "$FEEDS_STATE" "$TMPDIR"; do mount --bind "$place" "$place" && mount -o remount,rw,bind "$place"; done
for place in "$HERE" "$FEEDS_DATA" /tmp /root /var /home; do touch "$place/written" 2>/dev/null && exit 78; done
exec "$0" "$@"
"""


@pytest.mark.slow
def test_it_needs_to_write_into_its_state_and_a_temporary_folder_alone(
    tmp_path: Path, servers: Servers, program: Program
) -> None:
    unshare = [program("unshare"), "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"])]
    if subprocess.run([*unshare, "sh", "-c", "mount --bind / /"], capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody mount anything")
    for name in ("state", "temporary"):
        (tmp_path / name).mkdir()
    given = {
        "FEEDS_DATA": str(a_newsroom(tmp_path, DAM)), "FEEDS_STATE": str(tmp_path / "state"),
        "TMPDIR": str(tmp_path / "temporary"), "PYTHONDONTWRITEBYTECODE": "1", "HERE": str(tmp_path),
    }  # fmt: skip
    port = free_port()
    serve = [sys.executable, "-m", "feeds", "serve", "--port", str(port), "--workers", "2"]
    with servers.program([*unshare, "sh", "-c", READ_ONLY, *serve], port=port, **given) as server:
        assert server.get("/releases/2021/dam")[0] == 200
        assert server.get("/feeds/all.atom")[0] == 200
