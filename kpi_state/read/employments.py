"""Employments of a rep: what the statements of first and last days make of each other.

A first day after the known last day opens another employment (a re-hire), otherwise it corrects the running one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from kpi_state.events import Stamp, Value


class Employment(NamedTuple):
    """Days (ordinals) of one employment, both inclusive; `last` None while no last day is known."""

    first: int
    last: int | None

    def holds(self, day: int) -> bool:
        """Whether the rep is employed on a day."""
        return self.first <= day and not self.ended(day)

    def ended(self, day: int) -> bool:
        """Whether the employment is over on a day."""
        return self.last is not None and self.last < day


def employments(
    first_days: Iterable[tuple[Stamp, Value]], last_days: Iterable[tuple[Stamp, Value]], now: int
) -> tuple[Employment, ...]:
    """The employments known now, in the order they were opened; those without a first day are none.

    Statements of one event count together, its first day before its last.
    """
    spoken = [(stamp, 0, value) for stamp, value in first_days] + [(stamp, 1, value) for stamp, value in last_days]
    known: list[list[Value]] = [[None, None]]
    for (time, *_), field, value in sorted(spoken, key=lambda statement: statement[:2]):
        if time > now:
            break
        last = known[-1][1]
        if field == 0 and isinstance(value, int) and isinstance(last, int) and value > last:
            known.append([value, None])
        else:
            known[-1][field] = value
    return tuple(
        Employment(first, last if isinstance(last, int) else None) for first, last in known if isinstance(first, int)
    )


def employed(spans: Iterable[Employment], day: int) -> Employment | None:
    """The employment that holds a day: of two that a correction lets overlap, the one that lasts longest."""
    return max((each for each in spans if each.holds(day)), key=_lasting, default=None)


def _lasting(employment: Employment) -> tuple[bool, int]:
    return employment.last is None, employment.last or 0
