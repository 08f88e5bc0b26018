"""What the roster would have to say of a rep for the rep to count in a number about reps."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple

from kpi_state.dates import day_of, midnight
from kpi_state.events import Stamp, Value
from kpi_state.explain.case import Case
from kpi_state.explain.edits import without
from kpi_state.facts import Line
from kpi_state.rows import Row

A_YEAR: Final = 366
"""Whoever had begun that many days earlier would have been there when the window began, whichever it is."""
LEFT: Final = {
    "retention": ("left", "left before the window began"),
    "ramp": ("left_untouched", "left without an effective touch"),
}


class Change(NamedTuple):
    """A reason, the row but for it, and the statements that are the reason; `now`: when it ends by itself."""

    reason: str
    why: str
    row: Row
    said: list[tuple[str, Stamp, Value]]
    now: int | None = None


def changed(row: Row, case: Case) -> Iterator[Change]:
    """The reasons that a rep may not count for, each by itself."""
    zone = case.replay.settings.definitions.organisation_timezone
    stamp = (row.earliest or 0, "", "", "")
    last = {field: line[-1] for field, line in row.lines.items()}
    if row.last("deleted"):
        yield Change("deleted", "the roster deleted the rep", without(row, lines=("deleted",)), _said(last, "deleted"))
    if not any(isinstance(day, int) for _, day in row.lines.get("first_day", ())):
        day = day_of(stamp[0], zone)
        yield Change("no_first_day", "has no first_day", _with(row, "first_day", [(stamp, day)]), [])
    first = row.last("first_day")
    if isinstance(first, int):
        begin = midnight(first + 1, zone)
        on = date.fromordinal(first).isoformat()
        yield Change("held_back", f"begins on {on}", row, _said(last, "first_day"), max(begin, case.now))
        if case.kpi.reading == "retention":
            earlier: Line = [(stamp, max(1, first - A_YEAR))]
            why = f"began on {on}, after the window did"
            yield Change("began_later", why, _with(row, "first_day", earlier), _said(last, "first_day"))
    if row.last("last_day") is not None:
        reason, why = LEFT[case.kpi.reading]
        yield Change(reason, why, without(row, lines=("last_day",)), _said(last, "last_day"))
    if case.slot.key in {team for _, team in row.lines.get("team", ())}:
        team: Line = [(stamp, case.slot.key)]
        yield Change("team", "was in another team then", _with(row, "team", team), [])


def _with(row: Row, field: str, line: Line) -> Row:
    out = without(row)
    out.lines = row.lines | {field: line}
    return out


def _said(last: dict[str, tuple[Stamp, Value]], field: str) -> list[tuple[str, Stamp, Value]]:
    return [(field, *last[field])]
