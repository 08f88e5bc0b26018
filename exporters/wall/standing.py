"""What the wall shows: a row for each rep, each team and the whole floor, kept by what changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

import msgspec

from exporters.shown import Shown
from kpi_state.read.sample import Person, Sample, quotient
from kpi_state.read.slots import Slot
from kpi_state.read.targets import Goal

TOUCHPOINTS: Final = "touchpoints"
DAY: Final = "day"

Whose = tuple[str, str]
"""(grain, key)."""


class Row(msgspec.Struct, frozen=True):
    """Today of a rep, a team or the floor.

    `name` and `team` are empty where nothing may be said or is known. `target` and `expected` (of it by now) are None
    where nothing is asked; `points` and `attempts` are numbers of touchpoints and of what was tried.
    """

    grain: str
    key: str
    name: str
    team: str
    points: int
    attempts: int
    talk_seconds: float
    target: float | None
    expected: float | None


class Changed(NamedTuple):
    """Rows that are new or other than before, and those that are gone."""

    rows: list[Row]
    gone: list[Whose]


def place(grain: str, key: str) -> Slot:
    """Where the touchpoints of today stand."""
    return Slot(TOUCHPOINTS, grain, key, DAY, "", ())


def row_of(
    whose: Whose, samples: Mapping[Slot, Sample], goals: Mapping[Slot, Goal], people: Mapping[str, Person]
) -> Row | None:
    """The row; None where there is neither a number nor a target today."""
    grain, key = whose
    sample, goal = samples.get(place(grain, key)), goals.get(place(grain, key))
    if sample is None and goal is None:
        return None
    person = people.get(key) if grain == "rep" else None
    parts = {} if sample is None else sample.parts
    return Row(
        grain=grain,
        key=key,
        name=person.name if person else "",
        team=person.team if person else "",
        points=int(parts.get("touchpoints", 0)),
        attempts=int(parts.get("attempts", 0)),
        talk_seconds=float(parts.get("talk_seconds", 0)),
        target=None if goal is None else quotient(*goal.target.as_integer_ratio()),
        expected=None if goal is None or goal.expected is None else round(float(goal.expected), 2),
    )


class Standing:
    """The rows as of the last look at what may be shown."""

    def __init__(self) -> None:
        self._rows: dict[Whose, Row] = {}
        self._version = 0

    def rows(self) -> list[Row]:
        """All of them."""
        return list(self._rows.values())

    def look(self, shown: Shown) -> Changed:
        """Take over what changed since the last look."""
        since = shown.known_since(self._version)
        touched: set[Whose] = set(self._rows) if since < self._version else set()
        touched.update(("rep", rep) for rep in shown.people.changed_since(since))
        for slot in (*shown.samples.changed_since(since), *shown.goals.changed_since(since)):
            if slot == place(slot.grain, slot.key):
                touched.add((slot.grain, slot.key))
        self._version = shown.version
        rows, gone = [], []
        for whose in sorted(touched):
            row = row_of(whose, shown.samples, shown.goals, shown.people)
            if row is None:
                if self._rows.pop(whose, None) is not None:
                    gone.append(whose)
            elif row != self._rows.get(whose):
                self._rows[whose] = row
                rows.append(row)
        return Changed(rows, gone)
