"""A hub's door: an HTTP server that takes words and answers them with one status."""

from __future__ import annotations

from urllib.parse import parse_qs

from tests import endpoint
from tests.endpoint import running

__all__ = ["Endpoint", "running"]


class Endpoint(endpoint.Endpoint):
    """Keeps what was sent."""

    path = "/hub?of=ours"

    def __init__(self, status: int = 202, **headers: str) -> None:
        super().__init__(status, **headers)
        self.heard: list[tuple[str, dict[str, str], dict[str, list[str]]]] = []

    def receive(self, form: dict[str, list[str]]) -> None:
        """What comes of a word before it is answered."""

    def told(self, path: str, fields: dict[str, str], body: bytes) -> None:
        form = parse_qs(body.decode("ascii"), strict_parsing=True)
        self.heard.append((path, fields, form))
        self.receive(form)
