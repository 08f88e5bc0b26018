"""What others contribute that a key may have expected: ids and teams that were not its own then."""

from __future__ import annotations

from typing import Final

from kpi_state.buckets import Amounts
from kpi_state.explain.case import LISTED, Case
from kpi_state.explain.contributions import Contribution
from kpi_state.explain.explanation import LeftOut
from kpi_state.read.identities import NOBODY, UNMAPPED
from kpi_state.read.slots import ORGANISATION, Slot
from kpi_state.rows import Row

IDS: Final = ("external_ids", "emails", "extensions")
"""Fields by which the roster says who is meant by an id."""


class Others:
    """Contributions to the organisation's number of the same name that are not in that of the key."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._mine = case.slot._replace(grain="org", key=ORGANISATION)
        row = case.people.get(case.slot.key)
        self._ids = {case.slot.key} | (ids_ever(row) if row is not None else set())
        self._found: dict[tuple[str, str, str], list[Amounts]] = {}
        """(id as sent, key it counts for, reason) → contributions."""

    def note(self, contribution: Contribution, counted: list[tuple[Slot, Amounts]]) -> None:
        """Take over a contribution that counts in these numbers."""
        found = [amounts for slot, amounts in counted if slot == self._mine]
        if found:
            raw = contribution.cell[1]
            key = next(slot.key for slot, _ in counted if slot.grain == "rep")
            reason = self._of_rep(raw, key) if self._case.slot.grain == "rep" else self._of_team(key)
            if reason:
                self._found.setdefault((raw, key, reason), []).extend(found)

    def _of_rep(self, raw: str, key: str) -> str:
        if raw in self._ids:
            return "identity"
        return key if key == UNMAPPED else ""

    def _of_team(self, key: str) -> str:
        if key in NOBODY:
            return key
        teams = {team for _, team in self._case.people[key].lines.get("team", ()) if team}
        if self._case.slot.key in teams:
            return "team"
        return "" if teams else "no_team"

    def left_out(self) -> tuple[list[LeftOut], int]:
        """One for each id and reason, the largest first, and how many more there are."""
        order = sorted(self._found.items(), key=lambda item: (item[0][2] == UNMAPPED, -len(item[1]), item[0]))
        together, shown = self._case.together, self._case.shown
        listed = [
            LeftOut("rep", raw, reason, self._why(raw, key, reason), shown(together(several)), [])
            for (raw, key, reason), several in order[:LISTED]
        ]
        return listed, len(order) - len(listed)

    def _why(self, raw: str, key: str, reason: str) -> str:
        return {
            "identity": f"{raw!r} did not mean {self._case.slot.key} then, it counts for {key}",
            "unmapped": f"the roster did not know {raw!r} then, it counts for {key}",
            "unassigned": "nobody was named, and nobody is in no team",
            "team": f"{key} was in another team then",
            "no_team": f"{key} is in no team",
        }[reason]


def ids_ever(row: Row) -> set[str]:
    """Every id that a row of the roster ever claimed, as events name them."""
    found: set[str] = set()
    for field in IDS:
        for _, value in row.lines.get(field, ()):
            if isinstance(value, dict):
                found |= {f"{system}:{name}" for system, name in value.items()}
            elif isinstance(value, list):
                found |= {name.lower() if field == "emails" else name for name in value}
    return found
