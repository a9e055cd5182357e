"""The real application, to be put behind a real HTTP server, at the time that a test says it is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from feeds.settings import Settings
from feeds.web import create_app
from tests.web.desk import DECODERS

WORD = re.compile(rb"word-\d{5}")


class Served:
    """The newsroom on a port, with how it has answered and every word that it has let out."""

    def __init__(self, folder: Path, base: str, now: datetime, *, entries: int) -> None:
        self.now = now
        self.base = base
        self.answers: Counter[str] = Counter()
        self.said: set[str] = set()
        self._settings = Settings(
            data=folder, state=folder.parent / "catalogue", base_url=base, watch="off", entries=entries
        )
        self.start()

    def start(self) -> None:
        """The server starts, or starts again: it knows nothing but what lies on the disk."""
        self._app = create_app(self._settings, clock=lambda: self.now, hot=True)
        self._wsgi: WSGIApplication = self._app

    def compile(self) -> None:
        """What the watcher does when a file has changed."""
        newsroom = self._app.extensions["feeds"]
        newsroom.compile()

    def problems(self) -> tuple[str, ...]:
        """What is wrong with the folder."""
        newsroom = self._app.extensions["feeds"]
        return tuple(newsroom.ask(lambda snapshot: tuple(str(each) for each in snapshot.problems.all())))

    def forget(self) -> None:
        """The catalogue is lost while the server is down."""
        newsroom = self._app.extensions["feeds"]
        for path in newsroom.location.path.parent.glob(f"{newsroom.location.path.name}*"):
            path.unlink()
        self.start()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        coding = "identity"

        def noting(status: str, headers: list[tuple[str, str]], *rest: object) -> object:
            nonlocal coding
            coding = dict(headers).get("Content-Encoding", "identity")
            self.answers[status[:3]] += 1
            return start_response(status, headers, *rest)  # type: ignore[arg-type]  # passed on as it came

        body = b"".join(self._wsgi(environ, noting))  # type: ignore[arg-type]  # likewise
        if body:
            self.said |= {word.decode() for word in WORD.findall(DECODERS[coding](body))}
        return [body]
