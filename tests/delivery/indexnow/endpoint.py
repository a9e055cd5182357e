"""A search engine's door: an HTTP server that takes addresses as IndexNow has them, and looks at what is there."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests import endpoint
from tests.endpoint import running

__all__ = ["Endpoint", "running"]


class Endpoint(endpoint.Endpoint):
    """Keeps what was sent, and what was there."""

    path = "/indexnow"

    def __init__(self, status: int = 200, look: Callable[[str], Any] = str, **headers: str) -> None:
        super().__init__(status, **headers)
        self.look = look
        self.heard: list[dict[str, Any]] = []
        self.seen: dict[str, Any] = {}
        """By address, what ``look`` has found there when it was told of."""
        self.types: set[str] = set()

    def told(self, path: str, fields: dict[str, str], body: bytes) -> None:
        told = json.loads(body)
        self.types.add(fields["content-type"])
        for address in (told["keyLocation"], *told["urlList"]):
            self.seen[address] = self.look(address)
        self.heard.append(told)
