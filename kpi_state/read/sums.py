"""Reading by sums: what lies in a window is added up. Most KPIs are read this way.

Sums of calendar windows stay; those of rolling windows follow the clock. A bucket that nobody has looked at yet, such
as an hour of last year, is kept by who contributed; it is added up for teams and labels when somebody looks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from kpi_state.buckets import QUARTER, Amounts, Labels, add
from kpi_state.kpis.kpi import Kpi
from kpi_state.published import QUARTERS_A_DAY
from kpi_state.read.calendar import period
from kpi_state.read.placement import Part, Placement
from kpi_state.read.present import Present
from kpi_state.read.rolling import Rolling
from kpi_state.read.slots import Pairs, Slot, Who, grains, pairs_of
from kpi_state.read.totals import Totals, Whos, enter
from kpi_state.read.windows import windows
from kpi_state.read.zones import day_at

_NONE: Final = Totals()
"""Of a bucket that nothing counts in."""


class Sums:
    """The sums of one KPI. `names` are its windows, `start_month` the fiscal year's; the clock starts at `now`."""

    def __init__(self, kpi: Kpi, names: Iterable[str], start_month: int, now: int) -> None:
        self._kpi, self._start_month, self._now = kpi, start_month, now
        self._windows = windows(names)
        self._calendar: dict[tuple[str, str], Totals] = {}
        """(window, bucket) → its sums."""
        self._closed: dict[tuple[str, str], dict[Whos, Amounts]] = {}
        """Those that nobody has looked at."""
        self._rolling = {name: Totals() for name in (*self._windows.days, *self._windows.quarters)}
        self._named: dict[str, dict[ZoneInfo, str]] = {}
        """Calendar window → what was its current bucket in every zone when changes were asked for."""
        self._labelled: dict[tuple[str, str], set[Pairs]] = {}
        """(grain, key) → labels of its sums, where those take parts from the unlabelled one."""
        self._days: dict[ZoneInfo, Rolling] = {}
        self._quarters = (
            Rolling(self._windows.quarters, self._rolling, now // QUARTER) if self._windows.quarters else None
        )
        # The same few whos come again for every bucket: one object of each keeps a year of hours small.
        self._whos = lru_cache(None)(self._whos_of)

    def enter(self, labels: Labels, part: Part) -> None:
        """Count amounts, or take them back when negative, of what has begun."""
        on = part.on
        whos = self._whos(on.rep, on.team, labels)
        for bucket in self._periods(on.day):
            self._enter(bucket, whos, part.whole)
        if self._windows.days:
            self._rolling_days(on.clock).add(on.day, whos, part.whole)
        if self._windows.hour:
            for hour, amounts in part.hours().items():
                self._enter(("hour", hour), whos, amounts)
        if self._quarters and self._quarters.keeps(part.first + QUARTERS_A_DAY):
            for quarter, amounts in part.quarters.items():
                self._quarters.add(part.first + quarter, whos, amounts)

    def _enter(self, bucket: tuple[str, str], whos: Whos, amounts: Amounts) -> None:
        totals = self._calendar.get(bucket)
        if totals is not None:
            enter(totals, whos, amounts)
            return
        closed = self._closed.get(bucket)
        if closed is None:
            closed = self._closed[bucket] = {}
        add(closed, whos, amounts)

    def _open(self, bucket: tuple[str, str]) -> Totals:
        """The sums of a bucket."""
        closed = self._closed.pop(bucket, None)
        if closed is not None:
            totals = self._calendar[bucket] = Totals()
            for whos, amounts in closed.items():
                if any(amounts):
                    enter(totals, whos, amounts)
        return self._calendar.get(bucket, _NONE)

    def _rolling_days(self, clock: ZoneInfo) -> Rolling:
        days = self._days.get(clock)
        if days is None:
            days = self._days[clock] = Rolling(self._windows.days, self._rolling, day_at(clock, self._now))
        return days

    def advance(self, now: int) -> None:
        """Let the clock go on: days and quarter hours leave and enter the rolling windows."""
        self._now = now
        for clock, days in self._days.items():
            days.advance(day_at(clock, now))
        if self._quarters:
            self._quarters.advance(now // QUARTER)

    def numbers(self, present: Present | None) -> Iterator[tuple[Slot, Amounts]]:
        """Every sum, or those of the windows that are current at `present`."""
        for window, bucket in (*self._calendar, *self._closed):
            if present is None or bucket in present.names(window).values():
                for who, amounts in self._with_whole(self._open((window, bucket))):
                    if present is None or present.holds(window, *who[:2], bucket):
                        yield self._slot(who, window, bucket), amounts
        for window, totals in self._rolling.items():
            for who, amounts in self._with_whole(totals):
                yield self._slot(who, window, ""), amounts

    def sum(self, who: Who, window: str, bucket: str) -> Amounts | None:
        """One sum as it was counted; None where it is zero in every amount."""
        return self._totals(window, bucket).get(who)

    def _totals(self, window: str, bucket: str) -> Totals:
        return self._open((window, bucket)) if bucket else self._rolling[window]

    def changes(self, present: Present) -> Iterator[tuple[Slot, Amounts | None]]:
        """What changed among the current sums since this was asked last; None for what is none of them any more.

        A window whose bucket is another one anywhere changed as a whole.
        """
        for window in (*(["hour"] if self._windows.hour else []), *self._windows.periods):
            before, names = self._named.get(window, {}), present.names(window)
            self._named[window] = names
            buckets = {*names.values()}
            for bucket in {*before.values()} | buckets:
                totals = self._open((window, bucket))
                whos = totals.touched(everything=names != before, again=bucket in buckets)
                for who in self._with_labelled(whos):
                    held = bucket in buckets and present.holds(window, *who[:2], bucket)
                    yield self._slot(who, window, bucket), self._shown(totals, who) if held else None
        for window, totals in self._rolling.items():
            for who in self._with_labelled(totals.touched()):
                yield self._slot(who, window, ""), self._shown(totals, who)

    def _with_labelled(self, whos: set[Who]) -> Iterable[Who]:
        """These, and those that take parts from them."""
        if not self._kpi.whole:
            return whos
        return whos | {(*who[:2], pairs) for who in whos for pairs in self._labelled.get(who[:2], ())}

    def counted(self, at: Placement, labels: Labels, amounts: Amounts) -> Iterator[tuple[Slot, Amounts]]:
        """The sums that hold a contribution, and what it adds to each; needs the sums to be up to date."""
        whos = self._whos(at.on.rep, at.on.team, labels)
        for window, bucket in (*self._buckets(at), *self._rolling_now(at)):
            totals = self._totals(window, bucket)
            for who in whos:
                if not self._kpi.whole:
                    yield self._slot(who, window, bucket), amounts
                    continue
                own, whole = self._apart(amounts)
                if who[2]:
                    yield self._slot(who, window, bucket), own
                    continue
                yield self._slot(who, window, bucket), amounts
                for other in totals:
                    if other[:2] == who[:2] and other[2]:
                        yield self._slot(other, window, bucket), whole

    def _buckets(self, at: Placement) -> Iterator[tuple[str, str]]:
        if self._windows.hour and at.hour:
            yield "hour", at.hour
        yield from self._periods(at.on.day)

    def _periods(self, day: int) -> tuple[tuple[str, str], ...]:
        return tuple((window, period(window, day, self._start_month).name) for window in self._windows.periods)

    def _rolling_now(self, at: Placement) -> Iterator[tuple[str, str]]:
        today = day_at(at.on.clock, self._now)
        for window, width in self._windows.days.items():
            if today - width < at.on.day <= today:
                yield window, ""
        for window, width in self._windows.quarters.items():
            if at.hour and self._now // QUARTER - width < at.quarter:
                yield window, ""

    def _whos_of(self, rep: str, team: str, labels: Labels) -> Whos:
        kept = pairs_of(self._kpi, labels)
        whos = Whos((grain, key, pairs) for grain, key in grains(rep, team) for pairs in kept)
        if self._kpi.whole:
            for grain, key, pairs in whos:
                self._labelled.setdefault((grain, key), set()).add(pairs)
        return whos

    def _with_whole(self, totals: Totals) -> Iterator[tuple[Who, Amounts]]:
        """The sums, labelled ones with their `whole` parts from the unlabelled one."""
        if not self._kpi.whole:
            yield from totals.items()
            return
        for who, amounts in totals.items():
            yield who, self._whole(totals, who, amounts)

    def _shown(self, totals: Totals, who: Who) -> Amounts | None:
        amounts = totals.get(who)
        return self._whole(totals, who, amounts) if amounts and self._kpi.whole else amounts

    def _whole(self, totals: Totals, who: Who, amounts: Amounts) -> Amounts:
        if not who[2]:
            return amounts
        own, _ = self._apart(amounts)
        _, whole = self._apart(totals[who[0], who[1], ()])
        return tuple(a + b for a, b in zip(own, whole, strict=True))

    def _apart(self, amounts: Amounts) -> tuple[Amounts, Amounts]:
        """(amounts without the `whole` parts, the `whole` parts alone)."""
        whole = tuple(
            amount if n < len(self._kpi.parts) and self._kpi.parts[n] in self._kpi.whole else 0
            for n, amount in enumerate(amounts)
        )
        return tuple(a - b for a, b in zip(amounts, whole, strict=True)), whole

    def _slot(self, who: Who, window: str, bucket: str) -> Slot:
        return Slot(self._kpi.stem, who[0], who[1], window, bucket, who[2])
