"""Reading by spans: who is active when a window starts, and without a gap past its end.

A window's end is the first day of the next window, or today while it runs. Days are the organisation's; the owner is
who owns the account now, in the team of the window's start.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from kpi_state.buckets import Amounts
from kpi_state.read.calendar import period
from kpi_state.read.daily import Daily
from kpi_state.read.folded import Folded
from kpi_state.read.present import Present
from kpi_state.read.roster import Roster
from kpi_state.read.slots import Slot, grains
from kpi_state.read.windows import windows
from kpi_state.read.zones import day_at, midnight, within


class Span(NamedTuple):
    """Days somebody (as sent) is active: from `start` to the day before `end`, 0 = no end."""

    raw: str
    start: int
    end: int

    def lasts(self, day: int) -> bool:
        """Whether it holds a day."""
        return self.start <= day and (not self.end or day < self.end)


class Start(NamedTuple):
    """The start of a window, for whom (as sent)."""

    raw: str
    window: str
    bucket: str
    day: int


class Spans:
    """The spans of one KPI; none that is entered starts after today."""

    def __init__(self, stem: str, names: Iterable[str], start_month: int) -> None:
        self._stem, self._windows, self._start_month = stem, windows(names), start_month
        self._starts: Daily[Span, Start] = Daily(self._weigh)
        self._folded = Folded(self._starts)

    def enter(self, span: Span, count: int) -> None:
        """Count spans, or take them back when negative."""
        self._starts.enter(span, (count,))

    def numbers(self, roster: Roster, now: int, present: Present | None) -> Iterator[tuple[Slot, Amounts]]:
        """(active at start, retained) of every window, or of the current ones."""
        for slot, amounts in self._numbers(roster, now).items():
            if present is None or _current(slot, roster, present):
                yield slot, amounts

    def changes(self, roster: Roster, now: int, present: Present) -> Iterator[tuple[Slot, Amounts | None]]:
        """What changed in the current windows since this was asked last; None for what is in none of them any more."""
        numbers = self._numbers(roster, now)
        for slot in self._folded.touched():
            yield slot, numbers.get(slot) if _current(slot, roster, present) else None

    def settle(self, roster: Roster, now: int) -> None:
        """Bring the numbers up to date: the roster is about to be another."""
        self._numbers(roster, now)

    def _numbers(self, roster: Roster, now: int) -> Mapping[Slot, Amounts]:
        def slots(start: Start, amounts: Amounts) -> Iterator[tuple[Slot, Amounts]]:
            return ((slot, amounts) for slot in self._slots(start, roster, now))

        return self._folded.numbers(day_at(roster.organisation, now), slots)

    def counted(self, span: Span, count: int, roster: Roster, now: int) -> Iterator[tuple[Slot, Amounts]]:
        """The numbers that hold spans, and what they add to each."""
        for start, amounts in self._weigh(span, (count,), day_at(roster.organisation, now)):
            for slot in self._slots(start, roster, now):
                yield slot, amounts

    def _weigh(self, span: Span, amounts: Amounts, today: int) -> Iterator[tuple[Start, Amounts]]:
        (count,) = amounts
        last = min(today, span.end - 1) if span.end else today
        for window in self._windows.periods:
            day = within(span.start)
            while day <= last:
                at = period(window, day, self._start_month)
                if span.start <= at.first:
                    retained = span.lasts(min(at.next, today))
                    yield Start(span.raw, window, at.name, at.first), (count, count * retained)
                day = at.next
        for window, days in self._windows.days.items():
            if span.lasts(today - days + 1):
                yield Start(span.raw, window, "", today - days + 1), (count, count * span.lasts(today))

    def _slots(self, start: Start, roster: Roster, now: int) -> Iterator[Slot]:
        rep = roster.resolve(start.raw, now)
        team = roster.team(rep, midnight(roster.organisation, start.day))
        for grain, key in grains(rep, team):
            yield Slot(self._stem, grain, key, start.window, start.bucket, ())


def _current(slot: Slot, roster: Roster, present: Present) -> bool:
    return not slot.bucket or slot.bucket == present.named(slot.window, roster.organisation)
