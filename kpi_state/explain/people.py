"""Numbers about reps themselves: employments, and the touch that ended a ramp-up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from kpi_state.buckets import Amounts, Cell
from kpi_state.explain.case import LISTED, Case
from kpi_state.explain.contributions import contributions, own
from kpi_state.explain.deciding import decide, testimony
from kpi_state.explain.elsewhere import OUTSIDE
from kpi_state.explain.explanation import LeftOut, Line, Via
from kpi_state.explain.minimal import only
from kpi_state.explain.reasons_of_people import changed
from kpi_state.explain.roster_of_one import REP, least, reader_of
from kpi_state.explain.witnesses import Who
from kpi_state.kpis import touchpoints
from kpi_state.read.employments import Employment, employments
from kpi_state.rows import Row


class Touch(NamedTuple):
    """The first effective touch of a rep on a day."""

    cell: Cell
    slot: Who


class People:
    """The reps that a number is made of, and those it is not."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._amounts: dict[str, list[Amounts]] = {}
        self._elsewhere: dict[str, list[str]] = {}
        for rep, slot, amounts in case.reader.of_people(case.now):
            if slot == case.slot:
                self._amounts.setdefault(rep, []).append(amounts)
            elif case.ours(slot) and slot.window == case.slot.window:
                self._elsewhere.setdefault(rep, []).append(slot.bucket)
        self._days = self._touched() if case.kpi.reading == "ramp" else {}

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._amounts))

    def amounts(self, rep: str) -> Amounts:
        """What a rep adds to the parts of the number."""
        return self._case.together(self._amounts[rep])

    def line(self, rep: str, *, detailed: bool) -> Line:
        """A rep with what is said of the employment, and the touch that ended the ramp-up."""
        case, amounts = self._case, self.amounts(rep)
        parts = case.shown(amounts)
        if not detailed:
            return Line(REP, rep, rep, parts, [], [])
        touches = self._first_touches(rep, case.people[rep])
        employed = set(self._employments(case.people[rep]))

        def suffices(row: Row) -> bool:
            return employed.issuperset(self._employments(row)) and self._adds(rep, row, touches) == amounts

        kept = least(case.people[rep], suffices)
        row = only(case.people[rep], kept)
        needed = [touch for touch in touches if self._adds(rep, row, [t for t in touches if t != touch]) != amounts]
        return Line(
            REP,
            rep,
            rep,
            parts,
            testimony(case.witnesses, Who(REP, rep), case.people[rep], kept),
            [self._via(touch) for touch in needed],
        )

    def left_out(self) -> tuple[list[LeftOut], int]:
        """Reps that are not in the number, and why; and how many more count at another time only."""
        found: list[LeftOut] = []
        more = 0
        for rep, row in self._case.people.items():
            if rep in self._amounts:
                continue
            if rep in self._elsewhere:
                more += 1
                if more <= LISTED:
                    where = ", ".join(sorted(self._elsewhere[rep]))
                    found.append(LeftOut(REP, rep, OUTSIDE, f"counts in {where}", {}, []))
                continue
            found += self._reasons(rep, row)
        return found, max(0, more - LISTED)

    def _reasons(self, rep: str, row: Row) -> Iterator[LeftOut]:
        case = self._case
        for change in changed(row, case):
            added = self._adds(rep, change.row, self._first_touches(rep, change.row), change.now)
            if added is not None:
                said = [case.witnesses.said(Who(REP, rep), *each, decides=False) for each in change.said]
                yield LeftOut(REP, rep, change.reason, change.why, case.shown(added), said)

    def _adds(self, rep: str, row: Row, touches: list[Touch], now: int | None = None) -> Amounts | None:
        """What a rep would add with this row and these touches."""
        case = self._case
        reader = reader_of(case.replay.settings, rep, row, [(touch.cell, (1, 0, 0)) for touch in touches])
        found = [
            amounts for _, slot, amounts in reader.of_people(case.now if now is None else now) if slot == case.slot
        ]
        return case.together(found) if found else None

    # -- the touches that end a ramp-up ----------------------------------------------------------------------------

    def _touched(self) -> dict[str, dict[int, Touch]]:
        """Rep → local day → the first effective touch on it."""
        case = self._case
        days: dict[str, dict[int, Touch]] = {}
        for contribution in contributions(case.ledger, touchpoints.KPI, case.ledger.entities()):
            if contribution.who.kind == "slot":
                touch = Touch(contribution.cell, contribution.who)
                for slot, _ in case.reader.counted(*contribution[1:3], case.now):
                    if (slot.grain, slot.window, slot.labels) == (REP, "day", ()):
                        on = days.setdefault(slot.key, {})
                        day = date.fromisoformat(slot.bucket).toordinal()
                        on[day] = min(on.get(day, touch), touch, key=lambda each: (each.cell[2], each.slot))
        return days

    def _first_touches(self, rep: str, row: Row) -> list[Touch]:
        """The first touch of each employment."""
        days = self._days.get(rep, {})
        found: list[Touch] = []
        for employment in self._employments(row):
            first = min((day for day in days if employment.holds(day)), default=None)
            if first is not None and days[first] not in found:
                found.append(days[first])
        return found

    def _employments(self, row: Row) -> tuple[Employment, ...]:
        return employments(row.lines.get("first_day", ()), row.lines.get("last_day", ()), self._case.now)

    def _via(self, touch: Touch) -> Via:
        """The slot that a first touch filled, and who filled it."""
        case, who = self._case, touch.slot

        def suffices(row: Row) -> bool:
            return touch.cell in own(touchpoints.KPI, case.ledger.view(*who, row), who.kind)

        decision = decide(case.ledger, case.witnesses, who, suffices)
        return Via("first touched in", *who, decision.said, decision.via)
