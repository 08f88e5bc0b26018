"""The instant the numbers are for, in microseconds."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final, Protocol

STEP_BACK_SECONDS: Final = 60
"""A clock set back by more was wrong before; by less it is being corrected, and real time soon comes up with it."""
_SECOND: Final = 1_000_000


class Seen(Protocol):
    """What was followed so far: `exporters.mirror.Mirror`."""

    def newest(self) -> int | None:
        """Time of the newest event; None before the first."""
        ...


Clock = Callable[[Seen], int]
"""Says the instant, given what was followed so far."""


def wall(*, now_ns: Callable[[], int] = time.time_ns) -> Clock:
    """Now, in whole seconds: within one nothing but ages would change, and who looks again pays for what arrived.

    It stands still rather than go back by a minute or less: to go back is to count everything anew.
    """
    latest = 0

    def clock(_seen: Seen) -> int:
        nonlocal latest
        now = now_ns() // 1_000_000_000 * _SECOND
        if not 0 < latest - now <= STEP_BACK_SECONDS * _SECOND:
            latest = now
        return latest

    return clock


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
