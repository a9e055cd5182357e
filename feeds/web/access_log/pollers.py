"""Counts who polls the feeds, from the lines of an access log, in memory that does not grow with the log.

Clients are told apart by a keyed hash of address and user agent. Its key is forgotten after the log is read: no address
of anybody is kept or shown.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from heapq import heappush, heappushpop
from math import floor, log2
from typing import NamedTuple

from feeds.web.access_log.lines import LoggedRequest, parse
from feeds.web.access_log.user_agents import LONGEST, program, subscribers

PROGRAMS = 300
"""Programs that remain when there are twice as many: those with the fewest requests become `OTHERS`."""
FEEDS = 100
"""Feeds with numbers of their own for each program."""
LONGEST_FEED = 200
"""Characters of the address of a feed that are kept."""
PAIRS = 200_000
"""Pairs of a client and a feed of which the last request is known."""
OTHERS = "(others)"
RESENT_AT_LEAST = 3
"""How often a client must have got unchanged bytes again before its program is said to ignore validators."""

_FEED = re.compile(r"/(?:feeds/[^?]*|[^?]*/feeds/[^?]*)\.(?:atom|rss|json)(?=$|\?)", re.IGNORECASE)
_SKETCH = 256  # hashes that a count of distinct things keeps
_SIXTY_FOUR_BITS = 2**64
_STEPS = 32  # steps of a histogram in which a value doubles


class Distinct:
    """Counts distinct things by their hashes: exactly up to 255, and then within about a sixteenth.

    Keeps the smallest hashes (Bar-Yossef and others, 2002): the nearer they are to zero, the more there are.
    """

    def __init__(self) -> None:
        self._smallest: list[int] = []  # a heap, negated
        self._members: set[int] = set()

    def add(self, number: int) -> None:
        """Counts a thing by its hash, a number below 2 to the power of 64."""
        if number in self._members or (self.is_estimate and -number <= self._smallest[0]):
            return
        self._members.add(number)
        if len(self._members) <= _SKETCH:
            heappush(self._smallest, -number)
        else:
            self._members.discard(-heappushpop(self._smallest, -number))

    @property
    def is_estimate(self) -> bool:
        """Whether there are more than can be counted exactly."""
        return len(self._members) >= _SKETCH

    @property
    def count(self) -> int:
        """How many there are."""
        if not self.is_estimate:
            return len(self._members)
        return round((_SKETCH - 1) * _SIXTY_FOUR_BITS / max(1, -self._smallest[0]))


@dataclass
class Polled:
    """What one program has asked of one feed."""

    requests: int = 0
    not_modified: int = 0
    octets: int = 0
    subscribers: int | None = None
    """The number of subscribers that the program stated last; None if it stated none."""


@dataclass
class Poller:
    """What one program has asked."""

    name: str
    requests: int = 0
    not_modified: int = 0
    resent: int = 0
    """Answers in full that were as long as the client's last one for the same feed."""
    failed: int = 0
    octets: int = 0
    first: float = 0
    last: float = 0
    feeds: dict[str, Polled] = field(default_factory=dict)
    clients: Distinct = field(default_factory=Distinct)
    addresses: Distinct = field(default_factory=Distinct)
    _pauses: dict[int, int] = field(default_factory=dict)

    @property
    def not_modified_share(self) -> float:
        """The share of 304s among all answers."""
        return self.not_modified / self.requests if self.requests else 0.0

    @property
    def subscribers(self) -> int | None:
        """How many subscribers it states, of all its feeds; None if it states none."""
        stated = [each.subscribers for each in self.feeds.values() if each.subscribers is not None]
        return sum(stated) if stated else None

    @property
    def ignores_validators(self) -> bool:
        """Whether it mostly fetches again in full what has not changed."""
        return self.resent >= RESENT_AT_LEAST and self.resent > self.not_modified

    @property
    def interval(self) -> float | None:
        """The median of the seconds between two requests of one client for one feed; None if there were no two."""
        half, seen = sum(self._pauses.values()) / 2, 0
        for step, number in sorted(self._pauses.items()):
            seen += number
            if seen >= half:
                return float(2 ** (step / _STEPS))
        return None

    def paused(self, seconds: float) -> None:
        """Counts the time between two requests of one client for one feed."""
        step = floor(log2(max(seconds, 1)) * _STEPS + 0.5)
        self._pauses[step] = self._pauses.get(step, 0) + 1

    def polled(self, feed: str) -> Polled:
        """The numbers of one feed; a program's feeds after the first `FEEDS` have theirs together, as `OTHERS`."""
        if feed not in self.feeds and len(self.feeds) >= FEEDS:
            feed = OTHERS
        return self.feeds.setdefault(feed, Polled())


class _Last(NamedTuple):
    """The last request of a client for a feed."""

    time: float
    octets: int | None
    """Of the last answer in full."""


class Pollers:
    """Counts the requests for feeds, by the programs that have made them."""

    def __init__(self, key: bytes | None = None) -> None:
        """``key`` is that of the hashes; by default a new one, which nobody knows."""
        self.lines = 0
        self.not_understood = 0
        self._key = key or secrets.token_bytes(32)
        self._pollers: dict[str, Poller] = {}
        self._last: dict[int, _Last] = {}

    def read(self, lines: Iterable[str]) -> None:
        """Counts all requests of an access log."""
        for line in lines:
            if not line.strip():
                continue
            self.lines += 1
            request = parse(line)
            if request is None:
                self.not_understood += 1
            elif request.method in ("GET", "HEAD") and (found := _FEED.match(request.target)):
                self.add(request, found[0][:LONGEST_FEED])

    def add(self, request: LoggedRequest, feed: str) -> None:
        """Counts a request for a feed."""
        request = request._replace(user_agent=request.user_agent[:LONGEST])
        poller = self._poller(program(request.user_agent))
        poller.requests += 1
        poller.octets += request.octets
        poller.first = min(poller.first or request.time, request.time)
        poller.last = max(poller.last, request.time)
        poller.clients.add(self._hash(request.address, request.user_agent))
        poller.addresses.add(self._hash(feed))
        polled = poller.polled(feed)
        polled.requests += 1
        polled.octets += request.octets
        stated = subscribers(request.user_agent)
        polled.subscribers = polled.subscribers if stated is None else stated
        if request.status == 304:
            poller.not_modified += 1
            polled.not_modified += 1
        elif request.status >= 400:
            poller.failed += 1
        self._compare(poller, request, feed)

    def _compare(self, poller: Poller, request: LoggedRequest, feed: str) -> None:
        """Compares a request with the last one of the same client for the same feed."""
        pair = self._hash(request.address, request.user_agent, feed)
        last = self._last.pop(pair, None)
        octets = last.octets if last else None
        if last:
            poller.paused(abs(request.time - last.time))  # files may be given in any order
        if request.status == 200 and request.method == "GET":
            poller.resent += octets == request.octets
            octets = request.octets
        self._last[pair] = _Last(request.time, octets)
        if len(self._last) > PAIRS:
            del self._last[next(iter(self._last))]  # the one that has not asked for longest

    def _poller(self, name: str) -> Poller:
        found = self._pollers.get(name)
        if found is None:
            if len(self._pollers) >= 2 * PROGRAMS:
                self._join_rarest()
            found = self._pollers[name] = Poller(name)
        return found

    def _join_rarest(self) -> None:
        """Joins the programs with the fewest requests into `OTHERS`."""
        others = self._pollers.pop(OTHERS, None) or Poller(OTHERS)
        ranked = sorted(self._pollers.values(), key=lambda each: -each.requests)
        for each in ranked[PROGRAMS:]:
            others.requests += each.requests
            others.not_modified += each.not_modified
            others.resent += each.resent
            others.failed += each.failed
            others.octets += each.octets
            others.first = min(others.first or each.first, each.first)
            others.last = max(others.last, each.last)
        self._pollers = {each.name: each for each in ranked[:PROGRAMS]} | {OTHERS: others}

    def _hash(self, *parts: str) -> int:
        text = "\0".join(parts).encode(errors="surrogateescape")
        return int.from_bytes(blake2b(text, key=self._key, digest_size=8).digest(), "big")

    def __iter__(self) -> Iterator[Poller]:
        """The programs, those with the most requests first."""
        return iter(sorted(self._pollers.values(), key=lambda each: (each.name == OTHERS, -each.requests, each.name)))
