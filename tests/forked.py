"""A program that tells what it is, and ends as it is told: python -m tests.forked HOW."""

from __future__ import annotations

import atexit
import json
import os
import resource
import signal
import sys
import threading
import time
from multiprocessing import parent_process
from pathlib import Path


def main(how: str) -> None:
    """Prints it in JSON on stdout."""
    atexit.register(lambda: sys.stderr.write("at its end\n"))
    told = {
        "name": __name__,
        "file": sys.argv[0],
        "arguments": sys.argv[1:],
        "environment": sorted(each for each in os.environ.items() if each[0].startswith(("FEEDS", "TZ", "PYTHON"))),
        "folder": str(Path.cwd()),
        "zone": time.tzname,
        "limits": [resource.getrlimit(each)[0] for each in (resource.RLIMIT_NOFILE, resource.RLIMIT_FSIZE)],
        "is a leader": os.getsid(0) == os.getpid(),
        "files": sorted(map(str, Path("/proc/self/fd").iterdir()))[:-1],  # without that of the list
        "threads": threading.active_count(),
        "parent": parent_process(),
        "signals": {each.name: str(signal.getsignal(each)).partition(" at ")[0] for each in signal.Signals},
        "blocked": sorted(signal.pthread_sigmask(signal.SIG_BLOCK, ())),
        "streams": [(each.encoding, each.errors, each.isatty()) for each in (sys.stdin, sys.stdout, sys.stderr)],
    }  # fmt: skip
    sys.stdout.write(json.dumps(told))
    match how:
        case "fails":
            sys.exit("it has failed")
        case "ends with a thread":
            threading.Thread(target=lambda: sys.stderr.write("another thread\n")).start()
            sys.exit(3)
        case "is killed":
            os.kill(os.getpid(), signal.SIGKILL)
        case "fails at its end":
            atexit.register(lambda: os._exit(7))
        case "waits":
            signal.pause()


if __name__ == "__main__":
    main(*sys.argv[1:])
