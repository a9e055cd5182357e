"""Serves the newsroom for editors, with what is to come, on this machine only."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from datetime import datetime
from ipaddress import ip_address

from flask import Flask

from feeds.cli import console
from feeds.cli.files import require_readable
from feeds.errors import FeedsError
from feeds.settings import Settings
from feeds.web import preview_app
from feeds.web.server import require_free
from feeds.web.server import serve as run


def serve_preview(settings: Settings, host: str, port: int, at: datetime | None) -> None:
    """Serves the newsroom as of ``at``, or with all that is to come, from a temporary catalogue.

    Raises FeedsError for a host others can reach.
    """
    option = "--at" if at else "--preview"
    if not is_this_machine(host):
        raise FeedsError(
            f"{option} shows what is not public yet, and --host {host} would show it to others: leave it out"
        )
    require_readable(settings.data)
    require_free(host, port)
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    with tempfile.TemporaryDirectory(prefix="feeds-") as folder:
        # The worker is another process and reads its settings from the environment.
        os.environ["FEEDS_DATA"] = str(settings.data)
        os.environ["FEEDS_STATE"] = folder
        os.environ.pop("FEEDS_DATABASE", None)
        os.environ["FEEDS_BASE_URL"] = address
        os.environ["FEEDS_LOG"] = "full"
        if at:
            os.environ[preview_app.AT] = at.isoformat()
        what = f"of {at.isoformat()}" if at else "with all that is scheduled and all drafts"
        console.err().print(f"[bold red]PREVIEW[/] {what}, for editors only: {address}/ (Ctrl+C to stop)")
        target = "feeds.web.preview_app:create_app" if at else "feeds.cli.serve_preview:create_app"
        run(target, host=host, port=port, workers=1, on_terminal=console.err().is_terminal)


def create_app() -> Flask:
    """The newsroom with all that is to come, as a WSGI application; settings come from ``FEEDS_*``."""
    settings = Settings.from_environment(os.environ)
    return preview_app.create_app_with_all(lambda: _review(settings), settings)


def _review(settings: Settings) -> str:
    """The text that `feeds review` prints."""
    command = [sys.executable, "-m", "feeds", "review", "--data", str(settings.data)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - ourselves
    return done.stdout + done.stderr


def is_this_machine(host: str) -> bool:
    """Whether only this machine can connect to a host.

    >>> [is_this_machine(host) for host in ("127.0.0.1", "::1", "localhost", "0.0.0.0", "example.org")]
    [True, True, True, False, False]
    """
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
