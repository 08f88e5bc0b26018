"""The reader: published rows in, samples out, at any instant."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from heapq import heappop, heappush
from itertools import islice
from operator import itemgetter
from typing import NamedTuple

from kpi_state.buckets import QUARTER, Amounts, Bucket, Cell, Labels, add
from kpi_state.definitions import ReadSettings
from kpi_state.kpis import registry as book
from kpi_state.measures.registry import BY_STEM
from kpi_state.published import QUARTERS_A_DAY, Group, bucket_of, decode_group, decode_sums, decode_tally, encode_group
from kpi_state.quality import WIDTHS as QUALITY
from kpi_state.read.absences import Absences
from kpi_state.read.baseline import Baseline
from kpi_state.read.by_day import ByDay, Place
from kpi_state.read.changed import Changed
from kpi_state.read.inside import Inside
from kpi_state.read.near import Near, near
from kpi_state.read.pace import Calendars
from kpi_state.read.placement import begins
from kpi_state.read.presence import Presence, presence
from kpi_state.read.readings import Readings
from kpi_state.read.roster import Roster
from kpi_state.read.rows_of import id_in, rows_of
from kpi_state.read.sample import Person, Sample, sample_of
from kpi_state.read.slots import Slot
from kpi_state.read.staff import Away, Colleague, staff
from kpi_state.read.targets import Goal, Targets
from kpi_state.read.totals import difference
from kpi_state.read.unknown import Unknown, unknown
from kpi_state.read.zones import zone_named
from kpi_state.rows import entity_of

_MANY = 0.4
"""Of the rows: when so many have to be taken back and entered again, entering all of them anew costs less."""

__all__ = ["Changes", "Goal", "Person", "Reader", "Sample"]


class Changes(NamedTuple):
    """What changed among the samples.

    anew: there is no other sample than these, and whose they are is said by other keys.  roster: grows when people,
    targets or absences may be others.
    """

    anew: bool
    roster: int
    numbers: list[Changed]

    def slots(self) -> dict[Slot, Amounts | None]:
        """All of them, each named in full."""
        return {slot: amounts for changed in self.numbers for slot, amounts in changed.slots()}


class Reader:
    """Keeps what the workers publish and evaluates it when asked.

    Rows of the tally table are shares of partitions and add up. Nothing is counted before somebody asks for samples, so
    a row that changes often is decoded once a look. Asking for an earlier instant than last time works but counts
    everything anew; a roster that moved somebody has what is theirs counted anew.
    """

    def __init__(self, settings: ReadSettings) -> None:
        self._settings = settings
        organisation = zone_named(settings.definitions.organisation_timezone)
        if organisation is None:
            raise ValueError(f"no such time zone: {settings.definitions.organisation_timezone!r}")
        teams = {name: zone_named(team.timezone) for name, team in settings.teams.items() if team.timezone}
        self._roster = Roster(organisation, {name: zone for name, zone in teams.items() if zone is not None})
        self._absences = Absences()
        self._calendars = Calendars(settings.calendar)
        self._targets = Targets(settings, self._calendars)
        self._people: dict[str, Roster | Absences | Targets] = {
            "rep": self._roster,
            "absence": self._absences,
            "target": self._targets,
        }
        self._roster_rows = 0
        """How often one was taken over."""
        self._rows: dict[tuple[int, bytes], bytes] = {}
        self._uncounted: dict[tuple[int, bytes], bytes | None] = {}
        """Rows that changed → what of them is counted."""
        self._readings: Readings | None = None
        self._followed: Readings | None = None
        """Of what changes were asked for last."""
        self._now = 0
        self._held: dict[Cell, Amounts] = {}
        """Contributions that have not begun."""
        self._beginnings: list[tuple[int, Cell]] = []
        self._quality: dict[tuple[str, Labels], Amounts] = {}
        self._by_day = ByDay()
        """Where the rows are."""

    def tally(self, partition: int, key: bytes, value: bytes | None) -> int:
        """Take over one row of sums of one partition, None removes it; how many rows there are more: 1, 0 or -1."""
        row, rows = (partition, key), len(self._rows)
        if row not in self._uncounted:
            self._uncounted[row] = self._rows.get(row)
        if value is not None:
            self._rows[row] = value
        elif self._rows.pop(row, None) is not None:
            self._by_day.leave(row)
        more = len(self._rows) - rows
        if more > 0:
            self._by_day.enter(row)
        return more

    def roster(self, key: bytes, value: bytes | None) -> None:
        """Take over one row of the roster table; None removes it."""
        kind, subject = entity_of(key)
        if kind in self._people:
            self._people[kind].put(subject, value)
            self._roster_rows += 1

    def count(self, now: int, rows: int) -> int:
        """Count what changed as of an instant, at most so many rows; how many are left for whoever looks next.

        For who would rather count many rows in several goes than in one look.
        """
        readings = self._begun(now)
        for row in list(islice(self._uncounted, rows)):
            self._count(readings, row, self._uncounted.pop(row))
        return len(self._uncounted)

    def samples(self, now: int, *, current: bool = False, supporting: bool = False) -> list[Sample]:
        """What there is at an instant, sorted: all buckets that hold something, or only the windows current then; the
        KPIs of the book, or the supporting measures too.
        """
        wanted = BY_STEM if supporting else book.BY_STEM
        numbers = sorted(
            (each for each in self._at(now).numbers(current=current) if each[0].kpi in wanted), key=itemgetter(0)
        )
        return [sample for slot, amounts in numbers if (sample := sample_of(slot, amounts)) is not None]

    def changes(self, now: int) -> Changes:
        """What changed among the samples of the windows current at an instant since this was asked last, those of the
        supporting measures too.

        It costs what changed; at another instant ages did, and where a calendar window ended all of its samples.
        """
        readings = self._at(now)
        anew, self._followed = readings is not self._followed, readings
        return Changes(anew, self._roster.version + self._roster_rows, readings.changes())

    def people(self, now: int) -> list[Person]:
        """The roster at an instant, sorted by id."""
        self._at(now)
        return [
            Person(rep, member.name, self._roster.team(rep, now)) for rep, member in sorted(self._roster.people.items())
        ]

    def goals(self, now: int) -> list[Goal]:
        """The targets that hold at an instant, and what of them is due by then."""
        away, staff = self._staff(now)
        return self._targets.goals(self._roster, away, staff, now)

    def presence(self, now: int) -> list[Presence]:
        """Who of those who are employed at an instant is at work then, and who is away that day."""
        return presence(self._staff(now)[1], now)

    def quality(self, now: int) -> dict[tuple[str, Labels], int]:
        """(measure, labels) → count of what says how far to trust the samples, such as `incomplete` facts."""
        self._at(now)
        return {key: amounts[0] for key, amounts in sorted(self._quality.items()) if any(amounts)}

    def counted(self, cell: Cell, amounts: Amounts, now: int) -> list[tuple[Slot, Amounts]]:
        """The samples that hold a contribution, and what it adds to their parts (as exact integers).

        Of `oldest_seconds` it is the age itself, of which the sample shows the largest.
        """
        readings = self._at(now)
        if cell[0] not in BY_STEM or begins(cell[2], self._roster.organisation) > now:
            return []
        return list(readings.counted(cell, amounts))

    def cells(self, measure: str, keep: Callable[[Group], bool] = lambda _: True) -> dict[Cell, Amounts]:
        """What a measure sums to cell by cell, as published: shares of all partitions together, zeros left out.

        `keep` passes over rows of no interest.
        """
        found: dict[Cell, Amounts] = {}
        begin = encode_group((measure, "", "", 0, ()))[: len(measure) + 3]
        for (_, key), value in self._rows.items():
            if key.startswith(begin) and keep(decode_group(key)):
                for cell, amounts in decode_tally(key, value):
                    add(found, cell, amounts)
        return {cell: amounts for cell, amounts in found.items() if any(amounts)}

    def near(self, slot: Slot, now: int) -> Near:
        """What may count in a number at an instant: see `kpi_state.read.near`."""
        self._at(now)
        return near(slot, BY_STEM[slot.kpi], self._roster, self._settings.calendar.fiscal_year_start_month, now)

    def rows_near(self, measure: str, slot: Slot, now: int) -> dict[str, list[tuple[bytes, bytes]]]:
        """Id as sent → (key, value) of the rows of a measure that may hold cells of a number, of all partitions."""
        close = self.near(slot, now)
        found: dict[str, list[tuple[bytes, bytes]]] = {}
        for row in self._by_day.near(measure, close.on):
            raw = id_in(row[1])
            if close.whose(raw):
                found.setdefault(raw, []).append((row[1], self._rows[row]))
        return found

    def number(self, slot: Slot, now: int) -> Amounts | None:
        """The amounts of one sample, but of those about reps themselves; None for zeros."""
        return self._at(now).number(slot)

    def inside(self, slot: Slot, now: int) -> Inside:
        """Which cells count in a number that is a sum, at an instant: see `kpi_state.read.inside`."""
        self._at(now)
        return Inside(slot, BY_STEM[slot.kpi], self._roster, self._settings.calendar.fiscal_year_start_month, now)

    def places(self, cell: Cell, now: int) -> list[Slot]:
        """The samples that a contribution of this cell counts in."""
        return list(dict.fromkeys(slot for slot, _ in self.counted(cell, (1,) * 4, now)))

    def of_people(self, now: int) -> list[tuple[str, Slot, Amounts]]:
        """(rep, sample, what the rep adds to its parts) of the KPIs that are about reps themselves."""
        return list(self._at(now).of_people())

    def baselines(self, now: int) -> list[Baseline]:
        """How many touchpoints are normal by now, for those who work that day, beside how many there are."""
        away, staff = self._staff(now)
        return self._at(now).baselines(staff, away)

    def unknown(self, now: int) -> Unknown:
        """The names of time zones and calendars in the roster that nobody knows."""
        self._at(now)
        return unknown(self._roster, self._calendars)

    def _staff(self, now: int) -> tuple[Away, list[Colleague]]:
        """Who is away when, and who is employed at an instant."""
        self._at(now)
        away = self._absences.known(self._roster, now)
        return away, staff(self._calendars, self._roster, away, now)

    def _at(self, now: int) -> Readings:
        """Everything counted as of an instant."""
        readings = self._begun(now)
        for row, counted in self._uncounted.items():
            self._count(readings, row, counted)
        self._uncounted.clear()
        return readings

    def _begun(self, now: int) -> Readings:
        """What was counted, as of an instant; not what is uncounted."""
        moving = self._roster.moving(now)
        readings = self._readings
        if readings is not None and (now < self._now or not self._left(readings, moving)):
            readings = self._followed = None  # nothing keeps the old sums while new ones are made
        self._roster.advance(now)
        if readings is None:
            readings = self._readings = Readings(self._settings, self._calendars, self._roster, now)
            self._uncounted = dict.fromkeys(self._rows)
            self._held.clear()
            self._beginnings.clear()
            self._quality.clear()
        elif now != self._now:
            readings.advance(now)
        if moving:
            readings.moved(now)
        self._now = now
        while self._beginnings and self._beginnings[0][0] <= now:
            cell = heappop(self._beginnings)[1]
            measure, raw, bucket, labels = cell
            if any(amounts := self._held.pop(cell)):
                readings.enter(measure, raw, labels, {bucket: amounts})
        return readings

    def _left(self, readings: Readings, moving: set[str]) -> bool:
        """Take back what is counted for ids that are about to mean others or to count elsewhere; whether it was done:
        where they have most of all rows, nothing is.
        """
        if not moving:
            return True
        rows = list(rows_of(self._rows, moving))
        if len(rows) > len(self._rows) * _MANY:
            return False
        for row in rows:
            self._count_as(readings, row[1], self._uncounted.get(row, self._rows[row]), None)
            self._uncounted[row] = None
        for row in rows_of([row for row in self._uncounted if row not in self._rows], moving):
            self._count_as(readings, row[1], self._uncounted.pop(row), None)
        readings.settle()
        return True

    def _count(self, readings: Readings, row: Place, old: bytes | None) -> None:
        """Count the difference of a row to what is counted of it."""
        self._count_as(readings, row[1], old, self._rows.get(row))

    def _count_as(self, readings: Readings, key: bytes, old: bytes | None, new: bytes | None) -> None:
        """Count the difference between two values of a row."""
        measure, raw, tag, group, labels = decode_group(key)
        changed = difference(_sums(new), _sums(old))
        if tag == "Q" and readings.by_day(measure):
            running = self._now // QUARTER - group * QUARTERS_A_DAY
            ahead = {place: amounts for place, amounts in changed.items() if place > running}
            for place in ahead:
                del changed[place]
            if changed:
                readings.enter_day(measure, raw, labels, group, changed)
            changed = ahead
        if changed:
            buckets = {bucket_of(tag, group, place): amounts for place, amounts in changed.items()}
            self._count_buckets(readings, (measure, raw, labels), buckets)

    def _count_buckets(
        self, readings: Readings, of: tuple[str, str, Labels], changed: Mapping[Bucket, Amounts]
    ) -> None:
        """Count what is added to buckets of a measure, id and labels: now what has begun, later what begins later."""
        measure, raw, labels = of
        begun: dict[Bucket, Amounts] = {}
        for bucket, amounts in changed.items():
            if measure in QUALITY:
                add(self._quality, (measure, labels), amounts)
            elif measure in BY_STEM:
                begin = begins(bucket, self._roster.organisation)
                if begin <= self._now:
                    begun[bucket] = amounts
                else:
                    cell = measure, raw, bucket, labels
                    if cell not in self._held:
                        heappush(self._beginnings, (begin, cell))
                    add(self._held, cell, amounts)
        if begun:
            readings.enter(measure, raw, labels, begun)


def _sums(value: bytes | None) -> dict[int, Amounts]:
    return {} if value is None else decode_sums(value)
