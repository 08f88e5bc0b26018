"""Whom the ids that events name stand for, and what the roster says about it."""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache

from kpi_state.buckets import Amounts, Cell
from kpi_state.explain.case import Case
from kpi_state.explain.deciding import testimony
from kpi_state.explain.explanation import Credit
from kpi_state.explain.minimal import Piece, only
from kpi_state.explain.roster_of_one import REP, least, moments, reader_of
from kpi_state.explain.witnesses import Who
from kpi_state.read.placement import begins
from kpi_state.read.samples import Reader
from kpi_state.rows import Row


class Credits:
    """Resolves the ids of contributions one by one; where the same statements are enough, it is the same credit."""

    def __init__(self, case: Case) -> None:
        self._case = case
        # A labelled number that shows parts of the whole depends on what else counts: the whole itself does not.
        self._number = case.slot._replace(labels=()) if case.kpi.whole else case.slot
        self._enough: dict[tuple[str, str, str, int], list[Reader]] = {}
        self._found: dict[tuple[str, str, str], list[list[Piece]]] = {}
        self._moments = lru_cache(None)(lambda rep: moments(case.people.get(rep, Row())))

    def note(self, cell: Cell, amounts: Amounts) -> None:
        """Take over a contribution that counts in the number."""
        case, number, settings = self._case, self._number, self._case.replay.settings
        counted = case.reader.counted(cell, amounts, case.now)
        keys = {
            slot.grain: slot.key for slot, _ in counted if slot._replace(grain=number.grain, key=number.key) == number
        }
        raw, rep, team = cell[1], keys["rep"], keys.get("team", "")
        epoch = bisect_right(self._moments(rep), begins(cell[2], case.organisation))
        enough = self._enough.setdefault((raw, rep, team, epoch), [])
        if not any(self._lands(reader, cell, amounts) for reader in enough):
            row = case.people.get(rep, Row())
            kept = least(row, lambda some: self._lands(reader_of(settings, rep, some), cell, amounts))
            enough.append(reader_of(settings, rep, only(row, kept)))
            known = self._found.setdefault((raw, rep, team), [])
            if kept not in known:
                known.append(kept)

    def _lands(self, reader: Reader, cell: Cell, amounts: Amounts) -> bool:
        return any(slot == self._number for slot, _ in reader.counted(cell, amounts, self._case.now))

    def all(self) -> list[Credit]:
        """Sorted by the id as sent."""
        case = self._case
        return [
            Credit(raw, rep, team, testimony(case.witnesses, Who(REP, rep), case.people.get(rep, Row()), kept))
            for (raw, rep, team), several in sorted(self._found.items())
            for kept in several
        ]
