"""Serves the newsroom as it will be at a later time, on this machine only."""

from __future__ import annotations

import os
import tempfile
from datetime import datetime
from ipaddress import ip_address

from feeds.cli import console
from feeds.errors import FeedsError
from feeds.settings import Settings
from feeds.web import preview
from feeds.web.server import require_free
from feeds.web.server import serve as run


def serve_preview(settings: Settings, host: str, port: int, at: datetime) -> None:
    """Serves the newsroom as of ``at`` from a temporary catalogue. Raises FeedsError for a host others can reach."""
    if not is_this_machine(host):
        raise FeedsError(f"--at shows what is not public yet, and --host {host} would show it to others: leave it out")
    require_free(host, port)
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    with tempfile.TemporaryDirectory(prefix="feeds-") as folder:
        # The worker is another process and reads its settings from the environment.
        os.environ["FEEDS_DATA"] = str(settings.data)
        os.environ["FEEDS_STATE"] = folder
        os.environ["FEEDS_BASE_URL"] = address
        os.environ["FEEDS_LOG"] = "full"
        os.environ[preview.AT] = at.isoformat()
        console.err.print(f"[bold red]PREVIEW[/] of {at.isoformat()}, for editors only: {address}/ (Ctrl+C to stop)")
        run("feeds.web.preview:create_app", host=host, port=port, workers=1, on_terminal=console.err.is_terminal)


def is_this_machine(host: str) -> bool:
    """Whether only this machine can connect to a host.

    >>> [is_this_machine(host) for host in ("127.0.0.1", "::1", "localhost", "0.0.0.0", "example.org")]
    [True, True, True, False, False]
    """
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
