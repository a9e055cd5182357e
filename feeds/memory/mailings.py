"""Remembers what a mailing list has been sent of a feed, so that its next message has what came since."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime

from feeds.database import micros, moment, transaction
from feeds.memory.memory_file import MemoryLocation, fact, open_memory, set_facts, translated

_MAILED = "mailed "


@dataclass(frozen=True, slots=True)
class LastMailing:
    """What a mailing list knew when its last message was made."""

    moment: datetime
    known: Mapping[int, datetime]
    """When readers were last told of each of the feed's newest releases, by the fingerprint of its id."""


def last_mailing(location: MemoryLocation, feed: str) -> LastMailing | None:
    """The last message of the feed at a path; None if there was none. Raises FeedsError."""
    with closing(open_memory(location)) as database, translated(location):
        found = fact(database, _MAILED + feed)
    if found is None:
        return None
    made, known = json.loads(found)
    return LastMailing(moment(made), {int(mark): moment(told) for mark, told in known.items()})


def remember_mailing(location: MemoryLocation, feed: str, mailing: LastMailing) -> None:
    """Writes down the last message of the feed at a path. Raises FeedsError."""
    known = {str(mark): micros(told) for mark, told in sorted(mailing.known.items())}
    text = json.dumps([micros(mailing.moment), known], separators=(",", ":"))
    with closing(open_memory(location)) as database, translated(location), transaction(database):
        set_facts(database, **{_MAILED + feed: text})
