"""How the command line starts: which libraries it loads, and how shells complete it."""

from __future__ import annotations

import subprocess

import pytest

from feeds.cli.commands import LOG_FORMATS, SHELLS, group
from feeds.web.access_log.middleware import KINDS
from tests.conftest import Program
from tests.tools import python

HEAVY = ("flask", "pydantic", "lxml", "feedgen", "granian", "PIL", "mammoth", "feedparser", "babel", "comrak", "yaml",
         "sqlite3", "rich", "watchfiles")  # fmt: skip

HELP = [["--help"], ["--version"], *([name, "--help"] for name in sorted(group.commands))]

LOADED = """
import sys
from feeds.cli import main
try:
    main(sys.argv[1:])
finally:
    print("loaded", *sys.modules)
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], *([name, "--help"] for name in sorted(group.commands))]
)
def test_help_loads_no_library_of_the_newsroom(arguments: list[str]) -> None:
    done = python("-c", LOADED, *arguments)
    assert done.returncode == 0, done.stderr
    text, _, loaded = done.stdout.rpartition("loaded ")
    assert "feeds" in text
    assert set(HEAVY).isdisjoint(loaded.split())


def test_the_formats_of_the_access_log_are_those_of_the_server() -> None:
    assert LOG_FORMATS == KINDS


@pytest.mark.slow
@pytest.mark.parametrize("shell", sorted(SHELLS))
def test_a_shell_reads_the_script_for_its_completion(shell: str) -> None:
    done = python("-m", "feeds", "completion", shell)
    assert done.returncode == 0
    assert f"_FEEDS_COMPLETE={shell}_complete" in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("feeds che", "plain,check"),
        ("feeds check --tr", "plain,--translations"),
        ("feeds check data/re", "file,data/re"),
        ("feeds list --format at", "plain,atom"),
        ("feeds import --media d", "dir,d"),
    ],
)
def test_bash_completes_commands_options_values_and_files(typed: str, offered: str) -> None:
    position = str(len(typed.split()) - 1)
    done = python("-m", "feeds", _FEEDS_COMPLETE="bash_complete", COMP_WORDS=typed, COMP_CWORD=position)
    assert done.stdout.splitlines() == [offered]


def test_bash_accepts_the_script(program: Program) -> None:
    script = python("-m", "feeds", "completion", "bash").stdout
    done = subprocess.run([program("bash"), "-n"], input=script, text=True, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.slow
def test_the_command_line_s_own_faults_have_exit_code_two() -> None:
    for arguments in (["chek"], ["check", "--strickt"], ["list", "--format", "xml"]):
        done = python("-m", "feeds", *arguments)
        assert done.returncode == 2, arguments
        assert "Traceback" not in done.stderr
