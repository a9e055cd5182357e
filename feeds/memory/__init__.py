"""Remembers what readers have been shown and no file tells. Brought up to date by every version, never built again."""

from feeds.memory.announced_moment import STEP, announced_until, is_of_a_leap, remember_announced
from feeds.memory.mailings import LastMailing, last_mailing, remember_mailing
from feeds.memory.memory_file import (
    MemoryDamagedError,
    check,
    exists,
    fact,
    identity,
    is_sound,
    open_memory,
    save_copy,
    set_aside,
    set_facts,
)
from feeds.memory.migration import memory_of, take_over
from feeds.memory.seen_releases import forget_a_leap

__all__ = [
    "STEP",
    "LastMailing",
    "MemoryDamagedError",
    "announced_until",
    "check",
    "exists",
    "fact",
    "forget_a_leap",
    "identity",
    "is_of_a_leap",
    "is_sound",
    "last_mailing",
    "memory_of",
    "open_memory",
    "remember_announced",
    "remember_mailing",
    "save_copy",
    "set_aside",
    "set_facts",
    "take_over",
]
