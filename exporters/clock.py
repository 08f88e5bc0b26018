"""The instant the numbers are for, in microseconds."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol


class Seen(Protocol):
    """What was followed so far: `exporters.mirror.Mirror`."""

    def newest(self) -> int | None:
        """Time of the newest event; None before the first."""
        ...


Clock = Callable[[Seen], int]
"""Says the instant, given what was followed so far."""


def wall(_seen: Seen) -> int:
    """Now, in whole seconds: within one nothing but ages would change, and who looks again pays for what arrived."""
    return time.time_ns() // 1_000_000_000 * 1_000_000


def fixed(instant: int) -> Clock:
    """Always the same instant: for tests and for looking back."""
    return lambda _seen: instant


def newest() -> Clock:
    """The time of the newest event seen, never going back; 1970 before the first. For a floor with its own clock."""
    latest = 0

    def clock(seen: Seen) -> int:
        nonlocal latest
        latest = max(latest, seen.newest() or 0)
        return latest

    return clock
