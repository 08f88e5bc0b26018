"""One number under examination, and everything it is examined with."""

from __future__ import annotations

from functools import cached_property
from typing import Final
from zoneinfo import ZoneInfo

from kpi_state.buckets import Amounts, Cell
from kpi_state.explain.contributions import measured
from kpi_state.explain.explanation import Parts, Said, added
from kpi_state.explain.ledger import Ledger
from kpi_state.explain.question import slot_of
from kpi_state.explain.witnesses import Who, Witnesses
from kpi_state.measures.registry import BY_STEM
from kpi_state.read.sample import Sample, sample_of
from kpi_state.read.samples import Reader
from kpi_state.read.slots import Slot
from kpi_state.replay import Replay
from kpi_state.rows import Row, decode_row, entity_of

LISTED: Final = 20
"""Things left out for a reason that many may share are listed up to here, the nearest first; the others are counted."""


class Case:
    """A sample of a replay: where it stands among the numbers, and whether something counts in it."""

    def __init__(self, replayed: Replay, reader: Reader, sample: Sample) -> None:
        self.replay, self.reader, self.sample = replayed, reader, sample
        self.now = replayed.as_of
        self.slot = slot_of(sample)
        self.kpi = BY_STEM[sample.kpi]
        self.measure = measured(self.kpi)
        self.ledger = Ledger(replayed.state, replayed.settings.definitions)
        self.witnesses = Witnesses()
        self.parts = tuple(sample.parts)
        self.organisation = ZoneInfo(replayed.settings.definitions.organisation_timezone)

    def landed(self, cell: Cell, amounts: Amounts) -> Amounts | None:
        """What a contribution adds to the parts of the number; None when it does not count in it."""
        return self.here(self.reader.counted(cell, amounts, self.now))

    def here(self, counted: list[tuple[Slot, Amounts]]) -> Amounts | None:
        """What is added to the number, of all numbers that a contribution counts in."""
        found = [amounts for slot, amounts in counted if slot == self.slot]
        total = self.together(found) if found else ()
        return total if any(total) else None

    def together(self, several: list[Amounts]) -> Amounts:
        """What several contributions come to."""
        return added(several, self.parts)

    def shown(self, amounts: Amounts) -> Parts:
        """Parts as they are printed."""
        printed = sample_of(self.slot, amounts)
        return printed.parts if printed is not None else dict.fromkeys(self.parts, 0)

    def ours(self, slot: Slot) -> bool:
        """Whether a number is of the same KPI, key and labels, in whatever window."""
        return slot._replace(window=self.slot.window, bucket=self.slot.bucket) == self.slot

    def said(self, who: Who, field: str) -> list[Said]:
        """The statement of an entity's field, of whatever was left out; none when it never said."""
        fact = self.ledger.row(*who).facts.get(field)
        return [self.witnesses.said(who, field, *fact, decides=False)] if fact is not None else []

    def roster_reader(self) -> Reader:
        """A reader that knows the people and nothing else, to ask about other instants."""
        reader = Reader(self.replay.settings)
        for key, value in self.replay.state.roster.items():
            reader.roster(key, value)
        return reader

    @cached_property
    def people(self) -> dict[str, Row]:
        """Roster id → its row."""
        rows: dict[str, Row] = {}
        for key, value in self.replay.state.roster.items():
            kind, subject = entity_of(key)
            if kind == "rep":
                rows[subject] = decode_row(kind, value)
        return dict(sorted(rows.items()))
