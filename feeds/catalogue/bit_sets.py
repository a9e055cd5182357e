"""Sets of small numbers as integers: bit n stands for n. Python combines them in microseconds."""

from __future__ import annotations

from collections.abc import Callable, Iterable

_TAIL = 256
"""Bits at the end that are looked at first."""
_LEAST = 2
"""Zeros are skipped in steps of more than 2 ** _LEAST bytes: to read fewer is as fast as to skip them."""


def any_of(bitmaps: Iterable[int]) -> int:
    """The union of these bitmaps."""
    found = 0
    for each in bitmaps:
        found |= each
    return found


def stored(bitmap: int) -> bytes:
    """A set as it is stored: little-endian, without zeros at its end."""
    return bitmap.to_bytes(-(-bitmap.bit_length() // 8), "little")


def from_stored(blob: bytes | bytearray) -> int:
    """A set that was stored.

    >>> bin(from_stored(stored(0b101101)))
    '0b101101'
    """
    low, bits = begun(blob)
    return bits << low


def begun(blob: bytes | bytearray) -> tuple[int, int]:
    """A stored set without most zeros at its beginning: a number, and the set as if it began there. Zeros cost little.

    >>> begun(bytes(1_000) + b"\\x05")
    (8000, 5)
    """
    low = 0
    for step in (1 << power for power in range(len(blob).bit_length() - 1, _LEAST, -1)):
        if blob.startswith(bytes(step), low):
            low += step
    return 8 * low, int.from_bytes(blob[low:] if low else blob, "little")


def counter(bitmap: int) -> Callable[[bytes], int]:
    """Counts what stored sets have in common with this one. Of each, only the part that may have it is read.

    >>> counter(0b101 << 16)(b"\\xff\\xff\\x04")
    1
    """
    low, high = (_lowest(bitmap) // 8, -(-bitmap.bit_length() // 8)) if bitmap else (0, 0)
    bits = bitmap >> 8 * low
    return lambda blob: (int.from_bytes(blob[low:high], "little") & bits).bit_count()


def set_of(numbers: Iterable[int]) -> int:
    """The set of these numbers.

    >>> bin(set_of([0, 3, 5, 3]))
    '0b101001'
    """
    bits = bytearray()
    for number in numbers:
        at = number >> 3
        if at >= len(bits):
            bits.extend(bytes(at + 1 - len(bits)))
        bits[at] |= 1 << (number & 7)
    return int.from_bytes(bits, "little")


def nth(bitmap: int, start: int, count: int, left_out: int = 0) -> list[int]:
    """The numbers of ``count`` places in a bitmap, after the first ``start``; in order, those ``left_out`` removed.

    >>> nth(0b101101, 1, 2), nth(0b101101, 1, 2, 0b000100)
    ([2, 3], [3])
    """
    low = _position(bitmap, start)
    window = (bitmap >> low) & ((1 << (_position(bitmap, start + count) - low)) - 1)
    window &= ~(left_out >> low)
    return numbers(window, low)


def numbers(bitmap: int, begin: int = 0) -> list[int]:
    """The numbers in a bitmap whose first bit stands for ``begin``, in order.

    >>> numbers(0b101101, 100)
    [100, 102, 103, 105]
    """
    found = []
    digits = f"{bitmap:b}"[::-1]
    at = digits.find("1")
    while at >= 0:
        found.append(begin + at)
        at = digits.find("1", at + 1)
    return found


def last(bitmap: int, count: int) -> list[int]:
    """The numbers of the last ``count`` places in a bitmap, in order. Little more of it is read than has them.

    >>> last(0b101101, 2)
    [3, 5]
    """
    length = width = bitmap.bit_length()
    for width in (_TAIL << step for step in range(0, length.bit_length(), 2)):
        if width >= length or (bitmap >> (length - width)).bit_count() >= count:
            break
    low = max(length - width, 0)
    tail = bitmap >> low
    return [low + number for number in nth(tail, max(tail.bit_count() - count, 0), count)]


def rank(bitmap: int, left_out: int, before: int, wanted: int) -> int:
    """Of the first ``before`` places in a bitmap: how many come before the last ``wanted`` that are not left out.

    >>> rank(0b111111, 0b010110, 5, 2)  # of the places 0 to 4 those of 0 and 3 are not left out
    0
    >>> rank(0b111111, 0b010110, 5, 1)
    3
    """
    below = bitmap & ((1 << _position(bitmap, before)) - 1)
    shown = below & ~left_out
    more = max(shown.bit_count() - wanted, 0)
    first = nth(shown, more, 1)
    return (below & ((1 << first[0]) - 1)).bit_count() if first and shown.bit_count() >= wanted else 0


def _lowest(bitmap: int) -> int:
    """The lowest number in a set that is not empty."""
    return (bitmap & -bitmap).bit_length() - 1


def _position(bitmap: int, rank: int) -> int:
    """The first position with at least ``rank`` set bits below it; the end of the bitmap if it has fewer."""
    position, width = 0, bitmap.bit_length()
    if rank <= 0 or not width:
        return 0
    while width > 1:  # each half is half as long as the last one: all of them together cost two looks at the whole
        half = width // 2
        lower = bitmap & ((1 << half) - 1)
        below = lower.bit_count()
        if below >= rank:
            bitmap, width = lower, half
        else:
            bitmap, width = bitmap >> half, width - half
            rank, position = rank - below, position + half
    return position + 1
