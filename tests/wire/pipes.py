"""Parsers of other languages, each in a process that answers one JSON line with another for as long as it is asked."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


class PipeError(Exception):
    """The process has ended without an answer."""


class Pipe:
    """A process and the pipe to it; it starts when it is first asked."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
        self._command = command
        self._environment = environment or {}
        self._process: subprocess.Popen[str] | None = None

    def exists(self) -> bool:
        """Whether the program is there with what it needs: then it has an answer even to an empty document."""
        if shutil.which(self._command[0]) is None:
            return False
        try:
            return bool(self.ask(body="", kind="rss", url=""))
        except PipeError:
            return False

    def ask(self, **question: str) -> dict[str, Any]:
        """The answer to one question. Raises PipeError if there is none."""
        process = self._process = self._process or self._started()
        assert process.stdin
        assert process.stdout
        try:
            process.stdin.write(json.dumps(question) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            self._process = None
            raise PipeError(f"{' '.join(self._command)} ended without an answer")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _started(self) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            self._command, cwd=HERE, env=os.environ | self._environment,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8",
        )  # fmt: skip
        atexit.register(process.communicate)  # it ends by itself when its input does
        return process
