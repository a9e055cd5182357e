"""Remembers what readers have been shown and no file tells. Brought up to date by every version, never built again."""

from feeds.memory.announced import announced_until, remember_announced
from feeds.memory.beginning import begin
from feeds.memory.store import (
    MemoryDamagedError,
    fact,
    is_sound,
    open_memory,
    save_copy,
    set_aside,
    set_facts,
)

__all__ = [
    "MemoryDamagedError",
    "announced_until",
    "begin",
    "fact",
    "is_sound",
    "open_memory",
    "remember_announced",
    "save_copy",
    "set_aside",
    "set_facts",
]
