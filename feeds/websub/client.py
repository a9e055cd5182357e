"""One word to a WebSub hub over HTTP. The only module that knows how to reach one."""

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

PATIENCE = 10.0
"""Seconds a hub may take over each step of its answer."""


class Verdict(Enum):
    """What came of telling a hub."""

    HEARD = "heard"
    REFUSED = "refused this feed"
    SILENT = "has no answer"
    """Nobody can be told anything at present: no connection, an error of its own, or too many at once."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A hub's answer; ``status`` 0 if there was none, and then ``reason`` says why."""

    status: int
    reason: str = ""
    retry_after: int = 0
    """Seconds it asks to be left alone."""

    @property
    def verdict(self) -> Verdict:
        """2xx is an acknowledgement; a redirection is not followed: the newsroom says where its hub is."""
        if 200 <= self.status < 300:
            return Verdict.HEARD
        if self.status == 0 or self.status >= 500 or self.status in (408, 429):
            return Verdict.SILENT
        return Verdict.REFUSED


Tell = Callable[[str, str], Reply]
"""Tells a hub, by its address, of the feed at an address."""


def tell(hub: str, feed: str) -> Reply:
    """Tells the hub that a feed has changed; it will fetch the feed itself.

    The specification leaves the form of this word to hub and publisher; ``hub.url`` is what hubs have taken since
    PubSubHubbub, ``hub.topic`` what some of the newer ones ask for.
    """
    form = urlencode({"hub.mode": "publish", "hub.url": feed, "hub.topic": feed}).encode("ascii")
    opener = build_opener(_NoRedirects)
    opener.addheaders = [("User-Agent", f"newsroom-feeds/{feeds.__version__}"), ("Accept", "*/*")]
    try:
        with opener.open(hub, form, PATIENCE) as response:
            return Reply(response.status)
    except HTTPError as error:
        with error:
            return Reply(error.code, retry_after=_seconds(error.headers))
    # A host that cannot be spelled in IDNA raises ValueError.
    except (OSError, HTTPException, ValueError) as error:
        return Reply(0, str(error) or type(error).__name__)


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> Request | None:
        return None


def _seconds(headers: Message) -> int:
    """RFC 9110 section 10.2.3, in its simple form."""
    value = headers.get("Retry-After", "").strip()
    return int(value) if value.isascii() and value.isdigit() and len(value) < 9 else 0
