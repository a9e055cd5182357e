"""Why a file cannot be published."""

from __future__ import annotations

from typing import NamedTuple


class Unfit(NamedTuple):
    """Why a file cannot be published, and what to do."""

    message: str
    advice: str
