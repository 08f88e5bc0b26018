"""Reading by sums: what lies in a window is added up. Most KPIs are read this way.

Sums of calendar windows stay; those of rolling windows follow the clock. What nobody has looked at yet, such as an
hour of last year, is kept by who contributed; it is added up for teams and labels when somebody looks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from kpi_state.buckets import QUARTER, Amounts, Labels
from kpi_state.kpis.kpi import Kpi
from kpi_state.published import QUARTERS_A_DAY
from kpi_state.read.calendar import period
from kpi_state.read.changed import Changed
from kpi_state.read.placement import Part, Placement
from kpi_state.read.present import Present
from kpi_state.read.rolling import Rolling
from kpi_state.read.slots import ORGANISATION, Pairs, Slot, Who, pairs_of
from kpi_state.read.totals import One, Totals, Whos
from kpi_state.read.windows import windows
from kpi_state.read.zones import day_at

_NONE: Final = Totals()
"""Of a bucket that nothing counts in."""


class Sums:
    """The sums of one KPI. `names` are its windows, `start_month` the fiscal year's; the clock starts at `now`."""

    def __init__(self, kpi: Kpi, names: Iterable[str], start_month: int, now: int) -> None:
        self._kpi, self._start_month, self._now = kpi, start_month, now
        self._windows = windows(names)
        self._has_hours, self._has_days = self._windows.hour, bool(self._windows.days)
        self._calendar: dict[tuple[str, str], Totals] = {}
        """(window, bucket) → its sums."""
        self._periods_on: dict[int, list[Totals]] = {}
        """Day → the sums of the periods it lies in."""
        self._rolling = {name: Totals() for name in (*self._windows.days, *self._windows.quarters)}
        self._named: dict[str, dict[ZoneInfo, str]] = {}
        """Calendar window → what was its current bucket in every zone when changes were asked for."""
        self._labelled: dict[tuple[str, str], set[Who]] = {}
        """(grain, key) → its sums of all labels, where those take parts from the unlabelled one."""
        self._days: dict[ZoneInfo, Rolling] = {}
        self._quarters = (
            Rolling(self._windows.quarters, self._rolling, now // QUARTER) if self._windows.quarters else None
        )
        # The same few come again for every bucket: one object of each keeps a year of hours small.
        self._whos = lru_cache(None)(self._whos_of)
        self._above = lru_cache(None)(self._above_of)
        self._ones: dict[Who, Who] = {}
        """(grain, key, labels) → the one object of them."""

    def enter(self, labels: Labels, part: Part) -> None:
        """Count amounts, or take them back when negative, of what has begun."""
        rep, team, day, clock = part.on
        whos = self._whos(rep, team, labels)
        for totals in self._on(day):
            totals.enter(whos, part.whole)
        if self._has_days:
            self._rolling_days(clock).add(day, whos, part.whole)
        if self._has_hours:
            for hour, amounts in part.hours.items():
                self._of("hour", hour).enter(whos, amounts)
        if self._quarters is not None and self._quarters.keeps(part.first + QUARTERS_A_DAY):
            for quarter, amounts in part.quarters.items():
                self._quarters.add(part.first + quarter, whos, amounts)

    def _on(self, day: int) -> list[Totals]:
        """The sums of the periods that a day lies in."""
        found = self._periods_on.get(day)
        if found is None:
            found = self._periods_on[day] = [self._of(window, bucket) for window, bucket in self._periods(day)]
        return found

    def _of(self, window: str, bucket: str) -> Totals:
        """The sums of a bucket that something counts in."""
        totals = self._calendar.get((window, bucket))
        if totals is None:
            totals = self._calendar[window, bucket] = Totals()
        return totals

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
        for (window, bucket), totals in self._calendar.items():
            if present is None or bucket in present.names(window).values():
                for who, amounts in self._with_whole(totals):
                    if present is None or present.holds(window, *who[:2], bucket):
                        yield self._slot(who, window, bucket), amounts
        for window, totals in self._rolling.items():
            for who, amounts in self._with_whole(totals):
                yield self._slot(who, window, ""), amounts

    def sum(self, who: Who, window: str, bucket: str) -> Amounts | None:
        """One sum as it was counted; None where it is zero in every amount."""
        one = self._ones.get(who)
        return None if one is None else self._totals(window, bucket).settled().get(one)

    def _totals(self, window: str, bucket: str) -> Totals:
        return self._calendar.get((window, bucket), _NONE) if bucket else self._rolling[window]

    def changes(self, present: Present) -> list[Changed]:
        """What changed among the current sums since this was asked last; None for what is none of them any more.

        A window whose bucket is another one anywhere changed as a whole.
        """
        found: list[Changed] = []
        for window in (*(["hour"] if self._windows.hour else []), *self._windows.periods):
            before, names = self._named.get(window, {}), present.names(window)
            self._named[window] = names
            buckets = {*names.values()}
            for bucket in {*before.values()} | buckets:
                totals, current = self._calendar.get((window, bucket), _NONE), bucket in buckets
                changed = self._touched(totals, everything=names != before, again=current)
                if not current:
                    changed = dict.fromkeys(changed)
                elif len(buckets) > 1:
                    changed = {
                        who: amounts if present.holds(window, who[0], who[1], bucket) else None
                        for who, amounts in changed.items()
                    }
                found.append(Changed(self._kpi.stem, window, bucket, changed))
        for window, totals in self._rolling.items():
            found.append(Changed(self._kpi.stem, window, "", self._touched(totals)))
        return found

    def _touched(self, totals: Totals, *, everything: bool = False, again: bool = True) -> dict[Who, Amounts | None]:
        """The sums that changed as they are shown, those included that take parts from them; None for what is zero."""
        changed = totals.touched(everything=everything, again=again)
        if not self._kpi.whole:
            return changed
        sums, whos = totals.settled(), dict.fromkeys(changed)
        for who in changed:
            whos.update(dict.fromkeys(self._labelled.get(who[:2], ())))
        return {who: self._whole(sums, who, sums[who]) if who in sums else None for who in whos}

    def counted(self, at: Placement, labels: Labels, amounts: Amounts) -> Iterator[tuple[Slot, Amounts]]:
        """The sums that hold a contribution, and what it adds to each; needs the sums to be up to date."""
        whos = [*self._whos(at.on.rep, at.on.team, labels).all()]
        for window, bucket in (*self._buckets(at), *self._rolling_now(at)):
            sums = self._totals(window, bucket).settled()
            for who in whos:
                if not self._kpi.whole:
                    yield self._slot(who, window, bucket), amounts
                    continue
                own, whole = self._apart(amounts)
                if who[2]:
                    yield self._slot(who, window, bucket), own
                    continue
                yield self._slot(who, window, bucket), amounts
                for other in sums:
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
        up = self._above("org", ORGANISATION, kept, None)
        if team:
            up = self._above("team", team, kept, up)
        return Whos(self._ones_of("rep", rep, kept), up)

    def _above_of(self, grain: str, key: str, kept: tuple[Pairs, ...], up: Whos | None) -> Whos:
        return Whos(self._ones_of(grain, key, kept), up)

    def _ones_of(self, grain: str, key: str, kept: tuple[Pairs, ...]) -> tuple[Who, ...]:
        made = tuple(self._one((grain, key, pairs)) for pairs in kept)
        if self._kpi.whole:
            self._labelled.setdefault((grain, key), set()).update(made)
        return made

    def _one(self, who: Who) -> Who:
        return self._ones.setdefault(who, One(who))

    def _with_whole(self, totals: Totals) -> Iterator[tuple[Who, Amounts]]:
        """The sums, labelled ones with their `whole` parts from the unlabelled one."""
        sums = totals.settled()
        if not self._kpi.whole:
            yield from sums.items()
            return
        for who, amounts in sums.items():
            yield who, self._whole(sums, who, amounts)

    def _whole(self, sums: Mapping[Who, Amounts], who: Who, amounts: Amounts) -> Amounts:
        if not who[2]:
            return amounts
        own, _ = self._apart(amounts)
        _, whole = self._apart(sums[self._ones[who[0], who[1], ()]])
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
