"""Whom the ids that events name stand for, and what the roster says about it."""

from __future__ import annotations

from kpi_state.buckets import Amounts, Cell
from kpi_state.explain.case import Case
from kpi_state.explain.deciding import testimony
from kpi_state.explain.explanation import Credit
from kpi_state.explain.minimal import only
from kpi_state.explain.roster_of_one import REP, least, reader_of
from kpi_state.explain.witnesses import Who
from kpi_state.read.identities import NOBODY
from kpi_state.read.samples import Reader
from kpi_state.rows import Row


class Credits:
    """Resolves the ids of contributions one by one; where the same statements are enough, it is the same credit."""

    def __init__(self, case: Case) -> None:
        self._case = case
        # A labelled number that shows parts of the whole depends on what else counts: the whole itself does not.
        self._number = case.slot._replace(labels=()) if case.kpi.whole else case.slot
        self._enough: dict[tuple[str, str, str], list[Reader]] = {}
        self._credits: list[Credit] = []

    def note(self, cell: Cell, amounts: Amounts) -> None:
        """Take over a contribution that counts in the number."""
        case, number = self._case, self._number
        counted = case.reader.counted(cell, amounts, case.now)
        key_of = {
            slot.grain: slot.key for slot, _ in counted if slot._replace(grain=number.grain, key=number.key) == number
        }
        rep, team = key_of["rep"], key_of.get("team", "")
        enough = self._enough.setdefault((cell[1], rep, team), [])
        if any(self._lands(reader, cell, amounts) for reader in enough):
            return
        row = case.people.get(rep, Row())
        settings = case.replay.settings
        kept = least(row, lambda some: self._lands(reader_of(settings, rep, some), cell, amounts))
        enough.append(reader_of(settings, rep, only(row, kept)))
        said = [] if rep in NOBODY else testimony(case.witnesses, Who(REP, rep), row, kept)
        self._credits.append(Credit(cell[1], rep, team, said))

    def _lands(self, reader: Reader, cell: Cell, amounts: Amounts) -> bool:
        return any(slot == self._number for slot, _ in reader.counted(cell, amounts, self._case.now))

    def all(self) -> list[Credit]:
        """Sorted by the id as sent."""
        return sorted(self._credits, key=lambda each: (each.rep, each.key, each.team))
