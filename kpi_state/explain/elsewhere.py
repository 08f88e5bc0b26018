"""What the key contributes to the same KPI at another time: outside the window, or not yet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple

from kpi_state.buckets import QUARTER, Amounts, Bucket
from kpi_state.explain.case import LISTED, Case
from kpi_state.explain.contributions import Contribution
from kpi_state.explain.explanation import LeftOut
from kpi_state.explain.question import moment
from kpi_state.explain.witnesses import Who
from kpi_state.read.document import instant_text
from kpi_state.read.placement import begins
from kpi_state.read.slots import Slot

OUTSIDE: Final = "outside_window"
HELD_BACK: Final = "held_back"
_A_YEAR: Final = 366


class _Elsewhere(NamedTuple):
    when: Bucket
    who: Who


class Elsewhere:
    """Contributions of the key in other buckets of the window; where there are no buckets, before the window."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._others: dict[str, list[_Elsewhere]] = {}
        self._held: list[Contribution] = []

    def note(self, contribution: Contribution, counted: list[tuple[Slot, Amounts]]) -> bool:
        """Take over a contribution that counts in these numbers. False when it has nothing to do with the key."""
        asked, (measure, rep, bucket, labels) = self._case.slot, contribution.cell
        between = bucket[0] == "I" and not counted
        if between:  # two starts of windows: whose it is shows in a span that is a year longer
            longer = measure, rep, ("I", bucket[1] - _A_YEAR, 0), labels
            counted = self._case.reader.counted(longer, contribution.amounts, self._case.now)
        if begins(bucket, self._case.organisation) > self._case.now:
            self._held.append(contribution)
            return True
        ours = [slot for slot, _ in counted if self._case.ours(slot)]
        if not ours or (asked in ours and not between):  # in the number itself it adds nothing
            return bool(ours)
        # Of a span that counts in many buckets the first one after the one asked for, else the first of all.
        buckets = [slot.bucket for slot in ours if slot.window == asked.window and not between]
        name = min(buckets, key=lambda name: (moment(name) < moment(asked.bucket), moment(name)), default="")
        self._others.setdefault(name, []).append(_Elsewhere(contribution.cell[2], contribution.who))
        return True

    def outside(self) -> tuple[list[LeftOut], int]:
        """What counts in the nearest buckets, or just before the window; and how many more there are."""
        asked = moment(self._case.slot.bucket)
        names = sorted(self._others, key=moment)
        before = [name for name in names if moment(name) <= asked][-1:]
        after = [name for name in names if moment(name) > asked][:1]
        near = [(name, each) for name in before for each in sorted(self._others[name])[-LISTED:]]
        near += [(name, each) for name in after for each in sorted(self._others[name])[:LISTED]]
        listed = [LeftOut(*each.who, OUTSIDE, self._where(name, each.when), {}, []) for name, each in near]
        return listed, sum(map(len, self._others.values())) - len(listed)

    def _where(self, bucket: str, when: Bucket) -> str:
        return f"{shown(when)}: counts in {bucket}" if bucket else f"{shown(when)}: not in {self._case.slot.window}"

    def held_back(self) -> Iterator[LeftOut]:
        """What will count here when it begins."""
        probe = self._case.roster_reader()
        held = [(begins(each.cell[2], self._case.organisation), each) for each in self._held]
        for begin, contribution in sorted(held, key=lambda each: each[:1] + each[1][:2]):
            added = self._case.here(probe.counted(contribution.cell, contribution.amounts, begin))
            if added is not None:
                why = f"begins at {instant_text(begin)}"
                yield LeftOut(*contribution.who, HELD_BACK, why, self._case.shown(added), [])


def shown(bucket: Bucket) -> str:
    """A bucket for people: its instant, date or dates."""
    tag, start, end = bucket
    if tag == "Q":
        return instant_text(start * QUARTER)
    if tag == "X":
        return instant_text(start)
    first = date.fromordinal(start).isoformat()
    if tag == "D":
        return first
    return f"{first} to {date.fromordinal(end - 1).isoformat()}" if end else f"{first} on"
