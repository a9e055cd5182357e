"""Notifies a WebSub hub over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message
from enum import Enum
from http.client import HTTPException
from typing import IO
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener

import feeds
from feeds.websub.time_limit import TimeLimit

LONGEST = 10.0
"""Seconds that a notification may take in all: connection, TLS and reply."""


class Outcome(Enum):
    """The outcome of a notification."""

    ACCEPTED = "accepted"
    REFUSED = "refused this feed"
    UNAVAILABLE = "has no answer"
    """The hub takes no notification at present: no connection, a server error, or too many requests."""


@dataclass(frozen=True, slots=True)
class HubReply:
    """The reply of a hub. ``status`` is 0 if there was none; then ``reason`` says why."""

    status: int
    reason: str = ""
    retry_after: int = 0
    """Seconds to wait before the next notification."""

    @property
    def outcome(self) -> Outcome:
        """The outcome by the status. A redirection counts as refused: the newsroom says where its hub is."""
        if 200 <= self.status < 300:
            return Outcome.ACCEPTED
        if self.status == 0 or self.status >= 500 or self.status in (408, 429):
            return Outcome.UNAVAILABLE
        return Outcome.REFUSED


Notify = Callable[[str, str], HubReply]
"""Notifies the hub at an address of the feed at an address."""


def notify(hub: str, feed: str, *, seconds: float = LONGEST) -> HubReply:
    """Tells the hub that a feed has changed. Both are absolute addresses; the hub then fetches the feed.

    Returns after ``seconds`` at the latest, whatever the hub does. Only the head of its reply is read.

    W3C WebSub (section 6) leaves the form of the request open. Hubs have accepted ``hub.url`` since PubSubHubbub;
    some newer ones ask for ``hub.topic``.
    """
    form = urlencode({"hub.mode": "publish", "hub.url": feed, "hub.topic": feed}).encode("ascii")
    with TimeLimit(seconds) as limit:
        opener = build_opener(_NoRedirects, *limit.handlers())
        opener.addheaders = [("User-Agent", f"newsroom-feeds/{feeds.__version__}"), ("Accept", "*/*")]
        try:
            with opener.open(hub, form) as response:
                return HubReply(response.status)
        except HTTPError as error:
            with error:
                return HubReply(error.code, retry_after=_seconds(error.headers))
        # urllib raises ValueError for a host that is no valid IDNA name.
        except (OSError, HTTPException, ValueError) as error:
            return HubReply(0, "timed out" if limit.is_over else str(error) or type(error).__name__)


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> Request | None:
        return None


def _seconds(headers: Message) -> int:
    """The seconds of Retry-After (RFC 9110 section 10.2.3); 0 for a date or anything else."""
    value = headers.get("Retry-After", "").strip()
    return int(value) if value.isascii() and value.isdigit() and len(value) < 9 else 0
