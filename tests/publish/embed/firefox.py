"""Firefox, spoken to in its own remote protocol: Marionette, JSON over a socket (no driver in between)."""

from __future__ import annotations

import json
import re
import socket
import subprocess
from base64 import b64decode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.tools import DEAD

_PREFERENCES = """\
user_pref("marionette.port", 0);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
user_pref("app.update.enabled", false);
user_pref("browser.safebrowsing.malware.enabled", false);
user_pref("browser.safebrowsing.phishing.enabled", false);
user_pref("services.settings.server", "data:,none");
"""


class Firefox:
    """One window."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._answers = connection.makefile("rb")
        self._read()
        self._asked = 0
        self.ask("WebDriver:NewSession", {})

    def go(self, address: str) -> None:
        """Open a page and wait until it has loaded."""
        self.ask("WebDriver:Navigate", {"url": address})

    def run(self, script: str) -> object:
        """What a function with this body returns; if that is a promise, what it comes to."""
        return self.ask("WebDriver:ExecuteScript", {"script": script, "args": []})

    def picture(self) -> bytes:
        """What the window shows, as PNG."""
        return b64decode(str(self.ask("WebDriver:TakeScreenshot", {"full": False})))

    def ask(self, command: str, values: Mapping[str, object]) -> object:
        self._asked += 1
        message = json.dumps([0, self._asked, command, values]).encode()
        self._connection.sendall(b"%d:%s" % (len(message), message))
        _, _, error, result = self._read()
        assert error is None, error
        return result.get("value") if isinstance(result, dict) else result

    def _read(self) -> tuple[object, ...]:
        length = b""
        while not length.endswith(b":"):
            letter = self._answers.read(1)
            assert letter, "Firefox has hung up"
            length += letter
        message = json.loads(self._answers.read(int(length[:-1])))
        return tuple(message) if isinstance(message, list) else (message,)


@contextmanager
def a_firefox(program: str, profile: Path) -> Iterator[Firefox]:
    (profile / "user.js").write_text(_PREFERENCES, encoding="ascii")
    command = [program, "--headless", "--marionette", "--no-remote", "--profile", str(profile)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            assert process.stdout is not None
            listening = (re.search(r"Listening on port (\d+)", line) for line in process.stdout)
            port = next(int(found[1]) for found in listening if found)
            with socket.create_connection(("127.0.0.1", port), timeout=DEAD) as connection:
                yield Firefox(connection)
        finally:
            process.terminate()
