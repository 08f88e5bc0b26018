"""Rows that cannot contribute to the cells asked for, told at a glance: most of a partition, which is never decoded.

What calls and activities contribute is their rep's, in the quarter hour in which they were; of a slot and a dial the id
says whose it is, and the hour or the day. Of other kinds nothing is known beforehand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from typing import Final

from kpi_state.buckets import DAY, HOUR, QUARTER, Cell
from kpi_state.entities.registry import SHELVED
from kpi_state.explain.glimpse import glimpse
from kpi_state.facts import UNASSIGNED
from kpi_state.links import dial_rep, parse_slot

Look = Callable[[bytes, bytes], bool]
"""(key, encoded row) → whether it may contribute."""
NAMES: Final = 48
"""Up to so many ids are looked for in undecoded rows: if they begin alike it hardly matters how many, else it takes as
long as decoding.
"""
ALIKE: Final = 3
"""Ids that begin with the same characters, so many, are found faster than a row is looked at."""
HOSTS: Final = frozenset(kind for kind, relation in SHELVED if SHELVED[kind, relation].contribute is not None)
"""Kinds through whose shelves others contribute, who may be named in rows of their own."""
WHEN: Final = {"call": "started_at", "activity": "at"}
QUARTERS_AN_HOUR: Final = HOUR // QUARTER
QUARTERS_A_DAY: Final = DAY // QUARTER


def looks(kinds: Iterable[str], cells: Collection[Cell]) -> dict[str, Look | None]:
    """By kind how to look at its rows, None where every row may contribute."""
    reps = {cell[1] for cell in cells}
    named, glances = _named(reps), _glances(cells)
    alike = len({rep[:ALIKE] for rep in reps}) == 1
    found: dict[str, Look | None] = {}
    for kind in kinds:
        glance = glances.get(kind)
        if kind in HOSTS or glance is None:
            found[kind] = None if kind in HOSTS else named
        else:
            found[kind] = _both(named, glance) if named is not None and alike else glance
    return found


def _named(reps: set[str]) -> Look | None:
    """Whether anybody is named who is asked about, if that can be told."""
    if len(reps) > NAMES or UNASSIGNED in reps:  # which is what rows do not say
        return None
    if not reps:
        return lambda _key, _data: False
    if len(reps) == 1:
        name = next(iter(reps)).encode()
        return lambda key, data: name in data or name in key
    search = re.compile(b"|".join(re.escape(rep.encode()) for rep in sorted(reps))).search
    return lambda key, data: search(data) is not None or search(key) is not None


def _both(first: Look, second: Look) -> Look:
    return lambda key, data: first(key, data) and second(key, data)


def _glances(cells: Collection[Cell]) -> dict[str, Look]:
    """Looks for whose the rows of a kind are, and when they were, if all cells are quarter hours."""
    if any(cell[2][0] != "Q" for cell in cells):
        return {}
    pairs = {(cell[1], cell[2][1]) for cell in cells}
    stated = {kind: _stated(kind, when, pairs) for kind, when in WHEN.items()}
    return {**stated, "slot": _slot(pairs), "dial": _dial(pairs)}


def _stated(kind: str, when: str, pairs: set[tuple[str, int]]) -> Look:
    read = glimpse(kind, "rep_id", when)

    def look(_key: bytes, data: bytes) -> bool:
        rep, at = read(data)
        return at is not None and (rep or UNASSIGNED, at // QUARTER) in pairs

    return look


def _slot(pairs: set[tuple[str, int]]) -> Look:
    hours = {(rep, number // QUARTERS_AN_HOUR) for rep, number in pairs}
    texts = {b"%d" % hour for _, hour in hours}

    def look(key: bytes, _data: bytes) -> bool:
        if key.split(b"|", 2)[1] not in texts:
            return False
        slot = parse_slot(key.decode().partition("/")[2])
        return (slot.rep, slot.hour) in hours

    return look


def _dial(pairs: set[tuple[str, int]]) -> Look:
    days = {(rep, b"dial/%d" % (number // QUARTERS_A_DAY)) for rep, number in pairs}
    texts = {day for _, day in days}

    def look(key: bytes, _data: bytes) -> bool:
        day = key.partition(b"|")[0]
        return day in texts and (dial_rep(key.decode()), day) in days

    return look
