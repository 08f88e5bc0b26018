"""All KPIs as they are read: each contribution goes to the ways of reading that its KPI asks for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Final

from kpi_state.buckets import Amounts, Bucket, Cell, Labels
from kpi_state.definitions import ReadSettings
from kpi_state.kpis.kpi import Kpi
from kpi_state.measures.registry import ALL, BY_STEM
from kpi_state.published import QUARTERS_A_DAY
from kpi_state.read.ages import NOW, Ages
from kpi_state.read.baseline import Baseline, Baselines
from kpi_state.read.changed import Changed, grouped
from kpi_state.read.fewer import Fewer, is_fewer
from kpi_state.read.lifetime import Held, Lifetime
from kpi_state.read.of_people import OfPeople
from kpi_state.read.pace import Calendars
from kpi_state.read.placement import Part, Places
from kpi_state.read.present import Present
from kpi_state.read.ramp_up import TouchDays
from kpi_state.read.roster import Roster
from kpi_state.read.slots import Slot
from kpi_state.read.spans import Span, Spans
from kpi_state.read.staff import Away, Colleague
from kpi_state.read.standing import Standing
from kpi_state.read.sums import Sums
from kpi_state.read.zones import DAY

TOUCHPOINTS: Final = "touchpoints"
"""Measure that tells when a rep's ramp-up is over."""


def windows_of(kpi: Kpi, settings: ReadSettings) -> tuple[str, ...]:
    """The windows of a KPI: its own, and those the settings add."""
    return tuple(dict.fromkeys((*kpi.windows, *settings.windows.get(kpi.stem, ()))))


class Readings:
    """Everything that is kept of the contributions begun by `now`, for the roster as it stands.

    It goes on with the clock (`advance`); when the clock goes back, it is filled anew. When the roster moves people,
    what is theirs is taken back before (then `settle`) and entered again after that (`moved`).
    """

    def __init__(self, settings: ReadSettings, calendars: Calendars, roster: Roster, now: int) -> None:
        self._settings, self._roster, self._now = settings, roster, now
        self._places = Places(roster, now)
        self._start_month = settings.calendar.fiscal_year_start_month
        self._touched = TouchDays()
        self._baselines = Baselines(settings.baseline, calendars, roster, now)
        self._sums: dict[str, Sums] = {}
        self._read_by: dict[str, list[Sums]] = {}
        """Measure → the sums that its contributions go to: its own, and those of what reads it too."""
        self._standing: dict[str, Standing] = {}
        self._ages: dict[str, Ages] = {}
        self._spans: dict[str, Spans] = {}
        self._lifetimes: dict[str, Lifetime] = {}
        lifetimes: list[str] = []
        for kpi in ALL:
            names = windows_of(kpi, settings)
            if kpi.reading == "sums":
                kind = Fewer if is_fewer(kpi.stem, settings.definitions) else Sums
                sums = self._sums[kpi.stem] = kind(kpi, names, self._start_month, now)
                self._read_by.setdefault(kpi.of or kpi.stem, []).append(sums)
            if kpi.reading == "standing":
                self._standing[kpi.stem] = Standing(kpi)
            elif NOW in names:
                self._ages[kpi.stem] = Ages(kpi, getattr(settings.limits, kpi.limit) * DAY)
            if kpi.reading == "spans":
                self._spans[kpi.stem] = Spans(kpi.stem, names, self._start_month)
            if kpi.reading == "lifetime":
                lifetimes.append(kpi.stem)
        self._of_people = OfPeople(
            [(kpi, windows_of(kpi, settings)) for kpi in ALL], self._start_month, roster, self._touched
        )
        stem, observed = lifetimes
        self._lifetimes[stem] = Lifetime(stem, observed)

    def enter(self, measure: str, raw: str, labels: Labels, begun: Mapping[Bucket, Amounts]) -> None:
        """Count contributions that have begun, or take them back when negative."""
        days: dict[int, dict[int, Amounts]] = {}
        for bucket, amounts in begun.items():
            tag, start, end = bucket
            if tag == "X":
                self._ages[measure].enter(raw, labels, start, amounts[-1])
            elif measure in self._standing:
                self._standing[measure].enter(raw, labels, amounts, self._roster, self._now)
            elif measure in self._lifetimes:
                self._lifetimes[measure].enter(Held(raw, bucket, labels[0]), amounts)
            elif tag == "I":
                self._spans[measure].enter(Span(raw, start, end), amounts[0])
            elif tag == "Q":
                days.setdefault(start // QUARTERS_A_DAY, {})[start % QUARTERS_A_DAY] = amounts
            else:
                self._enter(measure, labels, Part(self._places.of(raw, bucket).on, amounts, {}))
        for day, quarters in days.items():
            self.enter_day(measure, raw, labels, day, quarters)

    def by_day(self, measure: str) -> bool:
        """Whether quarter hours of a measure can be entered a UTC day at once."""
        return measure in self._read_by

    def enter_day(self, measure: str, raw: str, labels: Labels, day: int, quarters: dict[int, Amounts]) -> None:
        """Count what has begun of a UTC day (days since 1970), given by its quarter hours, or take it back: in one go,
        which costs little more than one of them.
        """
        for part in self._places.parts(raw, day, quarters):
            self._enter(measure, labels, part)

    def _enter(self, measure: str, labels: Labels, part: Part) -> None:
        for sums in self._read_by[measure]:
            sums.enter(labels, part)
        if measure == TOUCHPOINTS:
            rep, day = part.on.rep, part.on.day
            touchpoints, attempts, *_ = part.whole
            self._touched.enter(rep, day, touchpoints)
            self._baselines.enter(
                rep, day, [(part.clocks[n].of_day, amounts[0]) for n, amounts in part.quarters.items()], attempts
            )

    def advance(self, now: int) -> None:
        """Let the clock go on."""
        self._now = now
        for sums in self._sums.values():
            sums.advance(now)
        self._baselines.advance(now)

    def settle(self) -> None:
        """Place whatever is not placed yet: the roster is about to move people."""
        roster, now = self._roster, self._now
        late: list[Ages | Spans | Lifetime] = [*self._ages.values(), *self._spans.values(), *self._lifetimes.values()]
        for each in late:
            each.settle(roster, now)

    def moved(self, now: int) -> None:
        """The roster moved people, as of an instant; what is theirs was taken back and is to be entered again."""
        self._places.moved(now)

    def numbers(self, *, current: bool) -> Iterator[tuple[Slot, Amounts]]:
        """Every number once, zeros possible; or those of the windows that are current."""
        roster, now = self._roster, self._now
        present = Present(roster, self._start_month, now) if current else None
        for sums in self._sums.values():
            yield from sums.numbers(present)
        for ages in self._ages.values():
            yield from ages.numbers(roster, now)
        for standing in self._standing.values():
            yield from standing.numbers()
        for spans in self._spans.values():
            yield from spans.numbers(roster, now, present)
        for lifetime in self._lifetimes.values():
            yield from lifetime.numbers(roster, now)
        for slot, amounts in self._of_people.numbers(now).items():
            if present is None or _holds(present, slot):
                yield slot, amounts

    def changes(self) -> list[Changed]:
        """What changed among the numbers of the current windows since this was asked last, all the first time; None for
        what is none of them any more. A number may come without being another.
        """
        roster, now = self._roster, self._now
        present = Present(roster, self._start_month, now)
        found: list[Changed] = []
        for sums in self._sums.values():
            found += sums.changes(present)
        found += [ages.changes(roster, now) for ages in self._ages.values()]
        found += [standing.changes() for standing in self._standing.values()]
        for spans in self._spans.values():
            found += grouped(spans.changes(roster, now, present))
        for lifetime in self._lifetimes.values():
            found += grouped(lifetime.changes(roster, now))
        numbers = self._of_people.numbers(now)
        return found + grouped(
            [(slot, numbers.get(slot) if _holds(present, slot) else None) for slot in self._of_people.touched()]
        )

    def number(self, slot: Slot) -> Amounts | None:
        """One number, but of those about reps themselves; None for zeros."""
        stem, roster, now = slot.kpi, self._roster, self._now
        sums, kept = self._sums.get(stem), list[Iterable[tuple[Slot, Amounts]]]()
        if sums is not None:
            if not BY_STEM[stem].whole:
                return sums.sum((slot.grain, slot.key, slot.labels), slot.window, slot.bucket)
            kept.append(sums.numbers(None))
        if stem in self._ages:
            kept.append(self._ages[stem].numbers(roster, now))
        if stem in self._standing:
            kept.append(self._standing[stem].numbers())
        if stem in self._spans:
            kept.append(self._spans[stem].numbers(roster, now, None))
        kept += [lifetime.numbers(roster, now) for lifetime in self._lifetimes.values()]
        return next((amounts for place, amounts in chain(*kept) if place == slot and any(amounts)), None)

    def of_people(self) -> Iterator[tuple[str, Slot, Amounts]]:
        """(rep, number, what the rep adds to it) of the KPIs that are about reps themselves."""
        return self._of_people.each(self._now)

    def baselines(self, staff: Iterable[Colleague], away: Away) -> list[Baseline]:
        """What is normal for the staff by now, beside what is."""
        present, sums = Present(self._roster, self._start_month, self._now), self._sums[TOUCHPOINTS]

        def count(grain: str, key: str, window: str) -> int:
            bucket = "" if window.startswith("rolling") else present.bucket(window, grain, key)
            return (sums.sum((grain, key, ()), window, bucket) or (0,))[0]

        return self._baselines.of(staff, away, self._now, count)

    def counted(self, cell: Cell, amounts: Amounts) -> Iterator[tuple[Slot, Amounts]]:
        """The numbers that hold a contribution, and what it adds to each."""
        measure, raw, bucket, labels = cell
        tag, start, end = bucket
        roster, now = self._roster, self._now
        if tag == "X":
            yield from self._ages[measure].counted(raw, labels, start, amounts[-1], roster, now)
        elif measure in self._standing:
            yield from self._standing[measure].counted(raw, labels, amounts, roster, now)
        elif measure in self._lifetimes:
            yield from self._lifetimes[measure].counted(Held(raw, bucket, labels[0]), amounts, roster, now)
        elif tag == "I":
            yield from self._spans[measure].counted(Span(raw, start, end), amounts[0], roster, now)
        else:
            for sums in self._read_by[measure]:
                yield from sums.counted(self._places.of(raw, bucket), labels, amounts)


def _holds(present: Present, slot: Slot) -> bool:
    return not slot.bucket or present.holds(slot.window, slot.grain, slot.key, slot.bucket)
