"""Buckets: when a contribution counts, without any calendar.

Every time zone on earth is a whole number of quarter hours from UTC, so a quarter hour of UTC lies in one local hour
of every zone.
"""

from __future__ import annotations

from collections.abc import Hashable
from operator import add as plus
from typing import Final, TypeVar

Bucket = tuple[str, int, int]
"""(tag, a, b), made by the functions below."""
Labels = tuple[str, ...]
Cell = tuple[str, str, Bucket, Labels]
"""(measure, rep as sent, bucket, labels)."""
Amounts = tuple[int, ...]
Contributions = dict[Cell, Amounts]
Place = TypeVar("Place", bound=Hashable)

QUARTER: Final = 900_000_000
"""Microseconds of a quarter hour."""
HOUR: Final = 4 * QUARTER
DAY: Final = 24 * HOUR
NO_BUCKET: Final[Bucket] = ("-", 0, 0)


def quarter(time: int) -> Bucket:
    """The UTC quarter hour of an instant in microseconds."""
    return "Q", time // QUARTER, 0


def day(ordinal: int) -> Bucket:
    """A plain date, which never passes through a time zone."""
    return "D", ordinal, 0


def span(start: int, end: int | None) -> Bucket:
    """An interval of dates, `end` exclusive or None."""
    return "I", start, end or 0


def instant(time: int) -> Bucket:
    """An exact instant in microseconds, for ages."""
    return "X", time, 0


def add(sums: dict[Place, Amounts], place: Place, amounts: Amounts) -> None:
    """Add amounts to a sum, such as a cell that several things contribute to; it stays when it is zero."""
    old = sums.get(place)
    sums[place] = amounts if old is None else tuple(map(plus, old, amounts))
