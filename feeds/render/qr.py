"""An address as a picture for a telephone's camera. The only room that knows segno."""

from __future__ import annotations

from itertools import groupby

import segno

LONGEST = 400
"""Letters of an address worth a picture: with more, its squares become too small for a camera."""

QUIET_ZONE = 4
"""Empty squares that must be left around it (ISO/IEC 18004 section 6.3.8)."""


def code(address: str) -> tuple[int, str] | None:
    """The picture's side in squares, and an SVG path that fills its dark ones; None for too long an address."""
    if len(address) > LONGEST:
        return None
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
