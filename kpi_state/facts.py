"""Facts: how statements about one subject become its state, whatever their order, repetition and split.

Per field the latest stamp wins; a timeline keeps every statement. On a full tie of stamps the larger canonical JSON
value wins, so that two contents under one id and time converge too.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import Any, Final

from kpi_state.canonical import larger
from kpi_state.events import FIELDS, TIMELINES, Event, Stamp, Value
from kpi_state.rows import Row

UNASSIGNED: Final = "unassigned"
_TIMELINES: Final = {kind: frozenset(field for of, field in TIMELINES if of == kind) for kind in FIELDS}
Line = list[tuple[Stamp, Value]]


def merge(row: Row, event: Event) -> bool:
    """Merge an event into a row: commutative, associative and idempotent. True when anything changed."""
    kind, stamp = event.kind, event.stamp
    changed = False
    if row.earliest is None or stamp[0] < row.earliest:
        row.earliest = stamp[0]
        changed = True
    facts, timelines = row.facts, _TIMELINES[kind]
    if not facts and not timelines:  # the first that is heard, most often all
        row.facts = {field: (stamp, value) for field, value in event.fields.items()}
        return changed or bool(row.facts)
    for field, value in event.fields.items():
        if field in timelines:
            changed |= state(kind, field, row.lines.setdefault(field, []), stamp, value)
            continue
        old = facts.get(field)
        if old is None or stamp > old[0] or (stamp == old[0] and _wins(kind, field, value, old[1])):
            facts[field] = (stamp, value)
            changed = True
    return changed


def state(kind: str, field: str, line: Line, stamp: Stamp, value: Value) -> bool:
    """Enter one statement into a timeline. True when it was not known."""
    if not line or stamp > line[-1][0]:
        line.append((stamp, value))
        return True
    at = bisect_left(line, stamp, key=_stamp)
    if line[at][0] == stamp:
        if not _wins(kind, field, value, line[at][1]):
            return False
        line[at] = (stamp, value)
    else:
        line.insert(at, (stamp, value))
    return True


def _wins(kind: str, field: str, new: Value, old: Value) -> bool:
    """Whether of two values under one stamp the new one counts; a mere repetition does not."""
    return new != old and larger(kind, field, old, new) is not old


def _stamp(statement: tuple[Stamp, Value]) -> Stamp:
    return statement[0]


def decided(line: Line) -> int:
    """Time of the deciding fact: the first statement of the last unbroken run of the present value."""
    at = len(line) - 1
    value = line[at][1]
    while at and line[at - 1][1] == value:
        at -= 1
    return line[at][0][0]


def first_owner(row: Row) -> str:
    """The first non-null statement of who owns the subject."""
    for _, value in row.lines.get("owner_id", ()):
        if value:
            return str(value)
    return UNASSIGNED


def owner_at(row: Row, time: int) -> str:
    """The last statement at or before an instant; before the first one, the first that names somebody."""
    line = row.lines.get("owner_id", ())
    owner: Any = None
    for n, (stamp, value) in enumerate(line):
        if stamp[0] > time:
            if n == 0:
                return first_owner(row)
            break
        owner = value
    return owner or UNASSIGNED


def owner_now(row: Row) -> str:
    """The last statement of who owns the subject."""
    return row.last("owner_id") or UNASSIGNED
