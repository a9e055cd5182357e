"""Compiles in a process of its own and notes each step: `python -m tests.catalogue.compiler FOLDER LOG TIMES`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tests.makers import Bench


def main(folder: Path, log: Path, times: int) -> None:
    """Builds the catalogue so many times, writing its process id into the log at every story."""
    bench = Bench(folder)
    with log.open("a", buffering=1) as file:
        for _ in range(times):
            bench.compile(afresh=True, progress=lambda done, total: file.write(f"{os.getpid()}\n"))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
