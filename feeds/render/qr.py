"""Draws an address as a QR code. Only this module knows segno."""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby

LONGEST = 400
"""Characters of an address. With more, the squares become too small for a camera."""

QUIET_ZONE = 4
"""Squares that must stay empty around the code (ISO/IEC 18004 section 6.3.8)."""


@lru_cache(maxsize=256)  # a page with a code is made again whenever the newsroom has changed, its address stays
def code(address: str) -> tuple[int, str] | None:
    """The side of the code in squares, and an SVG path of the dark ones. None if the address is too long."""
    if len(address) > LONGEST:
        return None
    import segno  # it imports an HTTP client and TLS, and few documents have a code

    rows = segno.make_qr(address, error="m", boost_error=False).matrix
    steps = []
    for y, row in enumerate(rows, QUIET_ZONE):
        x = QUIET_ZONE
        for dark, run in groupby(row):
            width = len(list(run))
            if dark:
                steps.append(f"M{x} {y}h{width}v1h-{width}z")
            x += width
    return len(rows) + 2 * QUIET_ZONE, "".join(steps)
