"""A floor in miniature: a roster and contributions put straight into a reader, without the write side.

Every look is made twice, by a reader that follows what happens and by a fresh one that sees the final rows only, and
must be explained: what each contribution is said to add to each sample must come to that sample.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from kpi_state.buckets import Amounts, Bucket, Cell, add
from kpi_state.definitions import Calendar, Definitions, Limits, ReadSettings, Team
from kpi_state.evaluate import WIDTHS
from kpi_state.events import TYPE_OF, decode
from kpi_state.facts import merge
from kpi_state.measures.registry import BY_STEM
from kpi_state.published import decode_tally, encode_group, encode_sums, locate
from kpi_state.read.sample import Sample, sample_of
from kpi_state.read.samples import Reader
from kpi_state.read.slots import Slot
from kpi_state.rows import Row, encode_row, key_of

OLDEST = 2
"""Which amount of an age is a maximum, not a sum."""
_numbers = itertools.count(1)


def us(text: str) -> int:
    """An instant in microseconds; without an offset it is UTC, without a time it is midnight."""
    at = datetime.fromisoformat(text if "T" in text or " " in text else f"{text}T00:00")
    whole = at if at.tzinfo else datetime.fromisoformat(f"{at.isoformat()}+00:00")
    return round((whole - datetime.fromisoformat("1970-01-01T00:00+00:00")).total_seconds() * 1_000_000)


def on(text: str) -> int:
    """The ordinal of a date."""
    return date.fromisoformat(text).toordinal()


def at(text: str) -> Bucket:
    """The quarter hour of an instant."""
    return "Q", us(text) // 900_000_000, 0


def dated(text: str) -> Bucket:
    """The bucket of a plain date."""
    return "D", on(text), 0


def since(text: str) -> Bucket:
    """The bucket of an exact instant."""
    return "X", us(text), 0


def span(first: str, end: str = "") -> Bucket:
    """The bucket of an interval of dates, the end exclusive."""
    return "I", on(first), on(end) if end else 0


def settings_of(
    zone: str = "UTC", *, month: int = 1, teams: Mapping[str, str] | None = None, **kept: Any
) -> ReadSettings:
    """Settings with these zones and this first month of the fiscal year."""
    return ReadSettings(
        definitions=Definitions(organisation_timezone=zone),
        calendar=kept.pop("calendar", Calendar(fiscal_year_start_month=month)),
        limits=Limits(lead_age_days=kept.pop("lead_age_days", 30)),
        teams={name: Team(timezone=zone) for name, zone in (teams or {}).items()},
        **kept,
    )


class Board:
    """Samples by kpi, who ("rep:r1", "team:A" or "*"), window, bucket and labels."""

    def __init__(self, samples: Iterable[Sample]) -> None:
        self.samples = list(samples)
        self._found = {(s.kpi, _who(s), s.window, s.bucket, *sorted(s.labels.items())): s for s in self.samples}
        assert len(self._found) == len(self.samples)

    def parts(self, kpi: str, who: str, window: str, bucket: str = "", **labels: str) -> dict[str, int | float] | None:
        """The parts of a sample, None if there is none."""
        found = self._found.get((kpi, who, window, bucket, *sorted(labels.items())))
        return None if found is None else found.parts

    def value(self, kpi: str, who: str, window: str, bucket: str = "", **labels: str) -> int | float | None:
        """The value of a sample that must be there."""
        return self._found[kpi, who, window, bucket, *sorted(labels.items())].value

    def whos(self, kpi: str, window: str, bucket: str = "") -> set[str]:
        """Everybody with a sample."""
        return {_who(s) for s in self.samples if (s.kpi, s.window, s.bucket) == (kpi, window, bucket)}

    def buckets(self, kpi: str, who: str, window: str) -> list[str]:
        """Every bucket with an unlabelled sample."""
        return [s.bucket for s in self.samples if (s.kpi, _who(s), s.window, s.labels) == (kpi, who, window, {})]


def _who(sample: Sample) -> str:
    return "*" if sample.grain == "org" else f"{sample.grain}:{sample.key}"


class Floor:
    """Reps and contributions; `look` is what a reader makes of them."""

    def __init__(self, settings: ReadSettings | None = None) -> None:
        self.settings = settings or settings_of()
        self.reader = Reader(self.settings)
        self._picture: dict[Slot, Sample] = {}
        """The current samples, as changes say."""
        self._people: dict[tuple[str, str], Row] = {}
        self._sums: dict[tuple[int, bytes], dict[int, Amounts]] = {}
        self._counted: list[tuple[int, Cell, Amounts]] = []

    def say(self, kind: str, subject: str, time: str = "2020-01-01", **fields: Any) -> None:
        """A statement of the roster; `from_` is `from`."""
        event = {
            "specversion": "1.0",
            "source": "/hr",
            "id": f"e{next(_numbers):09d}",
            "type": TYPE_OF[kind],
            "subject": subject,
            "time": f"{time}T00:00:00Z" if len(time) == 10 else time,
            "data": {field.rstrip("_"): value for field, value in fields.items()},
        }
        row = self._people.setdefault((kind, subject), Row())
        merge(row, decode(json.dumps(event).encode()))
        self.reader.roster(key_of(kind, subject), self.row(kind, subject))

    def statements(self) -> list[tuple[str, str]]:
        """(kind, subject) of everything the roster was told about."""
        return list(self._people)

    def row(self, kind: str, subject: str) -> bytes:
        """What the roster was told about a subject, as a row."""
        return encode_row(kind, self._people[kind, subject])

    def rep(self, rep: str, time: str = "2020-01-01", **fields: Any) -> None:
        """A statement about a rep."""
        self.say("rep", rep, time, **fields)

    def count(
        self, measure: str, rep: str, bucket: Bucket, *amounts: int, labels: tuple[str, ...] = (), partition: int = 0
    ) -> None:
        """Contribute."""
        self._counted.append((partition, (measure, rep, bucket, labels), amounts))
        group, place = locate((measure, rep, bucket, labels))
        key = encode_group(group)
        sums = self._sums.setdefault((partition, key), {})
        add(sums, place, amounts)
        self.reader.tally(partition, key, encode_sums(WIDTHS[measure], sums))

    def take_back(self, which: int) -> None:
        """Take one contribution back, if there is any."""
        if self._counted:
            partition, (measure, rep, bucket, labels), amounts = self._counted.pop(which % len(self._counted))
            self.count(measure, rep, bucket, *(-amount for amount in amounts), labels=labels, partition=partition)
            self._counted.pop()

    def touch(self, rep: str, time: str, touchpoints: int = 1, channel: str = "call", **kept: int) -> None:
        """A touchpoint of half a minute."""
        self.count(
            "touchpoints", rep, at(time), touchpoints, touchpoints, touchpoints * 30_000_000, labels=(channel,), **kept
        )

    def fresh(self) -> Reader:
        """A reader that has seen nothing but the final rows."""
        reader = Reader(self.settings)
        for (partition, key), sums in self._sums.items():
            value = encode_sums(WIDTHS[json.loads(key)[0]], sums)
            if value is not None:
                reader.tally(partition, key, value)
        for kind, subject in self._people:
            reader.roster(key_of(kind, subject), self.row(kind, subject))
        return reader

    def look(self, now: str, *, current: bool = False) -> Board:
        """What there is to see at an instant."""
        return Board(self.samples(us(now), current=current))

    def samples(self, now: int, *, current: bool = False) -> list[Sample]:
        """The samples at an instant, by which way ever one looks."""
        fresh = self.fresh()
        if current and now % 2:
            self.follow(now)
        everything = fresh.samples(now, supporting=True)
        assert self.reader.samples(now, supporting=True) == everything
        assert self.explained(fresh, now) == everything
        if not current:
            return everything
        now_only = self.reader.samples(now, current=True, supporting=True)
        assert now_only == fresh.samples(now, current=True, supporting=True)
        self.follow(now)
        assert [self._picture[slot] for slot in sorted(self._picture)] == now_only
        assert [sample for sample in everything if sample in now_only] == now_only
        return now_only

    def follow(self, now: int) -> None:
        """Bring the picture up to date by what changed."""
        changes = self.reader.changes(now)
        if changes.anew:
            self._picture.clear()
        for slot, amounts in changes.slots().items():
            sample = None if amounts is None else sample_of(slot, amounts)
            if sample is None:
                self._picture.pop(slot, None)
            else:
                self._picture[slot] = sample

    def cells(self) -> list[tuple[Cell, Amounts]]:
        """Every contribution, shares of partitions apart."""
        return [
            pair
            for (_, key), sums in self._sums.items()
            if (value := encode_sums(WIDTHS[json.loads(key)[0]], sums)) is not None
            for pair in decode_tally(key, value)
        ]

    def explained(self, reader: Reader, now: int) -> list[Sample]:
        """The samples as the sums of what each contribution adds to each."""
        numbers: dict[Slot, Amounts] = {}
        for cell, amounts in self.cells():
            for slot, added in reader.counted(cell, amounts, now):
                numbers[slot] = _added(slot, numbers.get(slot), tuple(added))
        for _, slot, added in reader.of_people(now):
            numbers[slot] = _added(slot, numbers.get(slot), added)
        return [sample for slot in sorted(numbers) if (sample := sample_of(slot, numbers[slot])) is not None]


def _added(slot: Slot, old: Amounts | None, more: Amounts) -> Amounts:
    if old is None:
        return more
    sums = [a + b for a, b in zip(old, more, strict=True)]
    if slot.window == "now" and BY_STEM[slot.kpi].reading != "standing":
        sums[OLDEST] = max(old[OLDEST], more[OLDEST])
    return tuple(sums)
