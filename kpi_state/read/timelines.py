"""Timelines as a reader sees them: statements up to now, repetitions dropped.

A source that repeats every fact each night would otherwise look like a roster that changes each night.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from typing import Any, NamedTuple

from kpi_state.events import Stamp, Value


class Timeline(NamedTuple):
    """Values and the instants (microseconds) from which they hold; the first one holds before its instant too."""

    times: tuple[int, ...] = ()
    values: tuple[Any, ...] = ()

    def at(self, time: int) -> Any:
        """The value at an instant; None when nothing was ever said or it was cleared."""
        return self.values[max(bisect_right(self.times, time) - 1, 0)] if self.values else None

    def steady(self, start: int, end: int) -> bool:
        """Whether the value is the same one at all instants from one to another."""
        return bisect_right(self.times, start) == bisect_right(self.times, end)

    def last(self) -> Any:
        """The value that holds now."""
        return self.values[-1] if self.values else None


def timeline(line: Iterable[tuple[Stamp, Value]], now: int) -> Timeline:
    """The statements of a line (sorted by stamp) that are not after now, each unbroken run of one value once."""
    times: list[int] = []
    values: list[Any] = []
    for (time, *_), value in line:
        if time > now:
            break
        if not values or values[-1] != value:
            times.append(time)
            values.append(value)
    return Timeline(tuple(times), tuple(values))
