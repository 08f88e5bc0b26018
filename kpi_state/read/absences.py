"""Absences: the days on which a rep does not work, as far as it is known now."""

from __future__ import annotations

from kpi_state.events import Stamp, Value
from kpi_state.read.roster import Roster
from kpi_state.read.timelines import timeline
from kpi_state.read.zones import midnight
from kpi_state.rows import decode_row


class Absences:
    """Rows of the kind `absence`."""

    def __init__(self) -> None:
        self._rows: dict[str, dict[str, list[tuple[Stamp, Value]]]] = {}

    def put(self, subject: str, value: bytes | None) -> None:
        """Take over a row; None removes it."""
        if value is None:
            self._rows.pop(subject, None)
        else:
            self._rows[subject] = decode_row("absence", value).lines

    def known(self, roster: Roster, now: int) -> dict[str, list[range]]:
        """Rep → days absent: until further notice without a last day, not at all without a first one."""
        away: dict[str, list[range]] = {}
        for lines in self._rows.values():
            said = {field: timeline(line, now).last() for field, line in lines.items()}
            first, until, rep = said.get("from"), said.get("until"), said.get("rep_id")
            if first is not None and rep and not said.get("deleted"):
                last = until if until is not None else roster.today(rep, now)
                who = roster.resolve(rep, midnight(roster.organisation, first))
                away.setdefault(who, []).append(range(first, last + 1))
        return away
