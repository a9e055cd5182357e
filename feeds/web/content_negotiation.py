"""What the reader accepts: Accept-Encoding as an order of preference. Nothing here compresses or answers."""

from __future__ import annotations

import re
from functools import lru_cache

IDENTITY = "identity"

CODINGS = ("br", "zstd", "gzip")
"""The content codings offered, the one liked best first; it decides where the reader has no preference."""

LONGEST = 500
"""Characters of a header worth reading; browsers send about thirty."""

_ALIASES = {"x-gzip": "gzip"}  # RFC 9110 section 8.4.1.3
_WEIGHT = re.compile(r"[ \t]*q[ \t]*=[ \t]*(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)[ \t]*")


def acceptable(header: str | None) -> tuple[str, ...]:
    """Order the codings the reader takes, best first, as RFC 9110 section 12.5.3 weighs them.

    Without the header the reader may take anything, yet only plain bytes are sure to be understood. The empty
    tuple means that the reader refuses all of them, plain bytes included: the case for a 406.

    >>> acceptable("gzip, deflate, br;q=0.9")
    ('gzip', 'br', 'identity')
    >>> acceptable("gzip;q=0, *;q=0")
    ()
    """
    if header is None or len(header) > LONGEST:
        return (IDENTITY,)
    return _ordered(header)


@lru_cache(maxsize=512)  # every client of one kind sends the same text
def _ordered(header: str) -> tuple[str, ...]:
    weights = _weights(header)
    rest = weights.get("*")
    # Plain bytes are taken unless refused by name or by *;q=0, and come last unless asked for.
    ranks = {coding: weights.get(coding, rest or 0.0) for coding in CODINGS}
    ranks[IDENTITY] = weights.get(IDENTITY, 0.0001 if rest is None else rest)
    taken = [coding for coding in (*CODINGS, IDENTITY) if ranks[coding] > 0]
    return tuple(sorted(taken, key=lambda coding: -ranks[coding]))


def _weights(header: str) -> dict[str, float]:
    """The weight of every coding named; an entry nobody can read says nothing, and the first of two counts."""
    weights: dict[str, float] = {}
    for item in header.lower().split(","):
        name, semicolon, parameter = item.partition(";")
        weight = _WEIGHT.fullmatch(parameter) if semicolon else None
        if semicolon and weight is None:
            continue
        name = name.strip(" \t")
        weights.setdefault(_ALIASES.get(name, name), float(weight[1]) if weight else 1.0)
    return weights
