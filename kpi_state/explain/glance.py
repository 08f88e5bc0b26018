"""Rows that cannot contribute to the cells asked for, told at a glance: most of a partition, which is never decoded.

What calls and activities contribute is their rep's, in the quarter hour in which they were; of a slot and a dial the id
says whose it is, and the hour or the day. Of other kinds nothing is known beforehand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any, Final

from kpi_state.buckets import DAY, HOUR, QUARTER, Cell
from kpi_state.entities.registry import SHELVED
from kpi_state.explain.glimpse import Glimpse
from kpi_state.facts import UNASSIGNED
from kpi_state.links import dial_rep, parse_slot

Search = Callable[[bytes], Any]
"""Text → whether somebody is named in it, else None."""
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


class Look:
    """How rows of a kind are looked at: here all may contribute."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.prefix = f"{kind}/".encode()

    def may(self, key: bytes, data: bytes) -> bool:  # noqa: ARG002  # others look at them
        """Whether a row may contribute."""
        return True


class Named(Look):
    """Rows that name somebody who is asked about."""

    def __init__(self, kind: str, search: Search) -> None:
        super().__init__(kind)
        self._search = search

    def may(self, key: bytes, data: bytes) -> bool:
        """Whether a row may contribute."""
        return self._search(data) is not None or self._search(key) is not None


class Stated(Look):
    """Rows that say whose they are, and when they were.  pairs: (rep, quarter hour).  search: finds all reps of them,
    if that is faster.
    """

    def __init__(self, kind: str, pairs: set[tuple[str, int]], search: Search | None) -> None:
        super().__init__(kind)
        self._pairs, self._search = pairs, search
        self._glimpse = Glimpse(kind, "rep_id", WHEN[kind])
        quarters = {quarter for _, quarter in pairs}
        self._first, self._end = min(quarters) * QUARTER, (max(quarters) + 1) * QUARTER

    def may(self, key: bytes, data: bytes) -> bool:  # noqa: ARG002
        """Whether a row may contribute."""
        if self._search is not None and self._search(data) is None:
            return False
        rep, at = self._glimpse.read(data)
        if at is None or not self._first <= at < self._end:
            return False
        return (rep or UNASSIGNED, at // QUARTER) in self._pairs


class Slots(Look):
    """Slots, by their ids.  pairs: (rep, quarter hour).  search: as above."""

    def __init__(self, pairs: set[tuple[str, int]], search: Search | None) -> None:
        super().__init__("slot")
        self._search = search
        self._pairs = {(rep, quarter // QUARTERS_AN_HOUR) for rep, quarter in pairs}
        self._hours = {b"%d" % hour for _, hour in self._pairs}

    def may(self, key: bytes, data: bytes) -> bool:  # noqa: ARG002
        """Whether a row may contribute."""
        if self._search is not None and self._search(key) is None:
            return False
        if key.split(b"|", 2)[1] not in self._hours:
            return False
        slot = parse_slot(key.decode().partition("/")[2])
        return (slot.rep, slot.hour) in self._pairs


class Dials(Look):
    """Dials, by their ids.  pairs: (rep, quarter hour).  search: as above."""

    def __init__(self, pairs: set[tuple[str, int]], search: Search | None) -> None:
        super().__init__("dial")
        self._search = search
        self._pairs = {(rep, b"dial/%d" % (quarter // QUARTERS_A_DAY)) for rep, quarter in pairs}
        self._days = {day for _, day in self._pairs}

    def may(self, key: bytes, data: bytes) -> bool:  # noqa: ARG002
        """Whether a row may contribute."""
        if self._search is not None and self._search(key) is None:
            return False
        day = key.partition(b"|")[0]
        return day in self._days and (dial_rep(key.decode()), day) in self._pairs


def looks(kinds: Iterable[str], cells: Collection[Cell]) -> tuple[Look, ...]:
    """How to look at the rows of these kinds; those of others contribute nothing."""
    if not cells:
        return ()
    reps = {cell[1] for cell in cells}
    search = _search(reps)
    alike = search if len({rep[:ALIKE] for rep in reps}) == 1 else None
    pairs = {(cell[1], cell[2][1]) for cell in cells}
    by_quarter = all(cell[2][0] == "Q" for cell in cells)

    def look(kind: str) -> Look:
        if kind in HOSTS:
            return Look(kind)
        if by_quarter and kind in WHEN:
            return Stated(kind, pairs, alike)
        if by_quarter and kind == "slot":
            return Slots(pairs, alike)
        if by_quarter and kind == "dial":
            return Dials(pairs, alike)
        return Look(kind) if search is None else Named(kind, search)

    return tuple(look(kind) for kind in kinds)


def _search(reps: Iterable[str]) -> Search | None:
    """What finds anybody who is asked about, if that can be told of rows."""
    names = sorted(reps)
    if len(names) > NAMES or UNASSIGNED in names:  # which is what rows do not say
        return None
    return re.compile(b"|".join(re.escape(name.encode()) for name in names)).search


def sift(rows: Iterator[tuple[bytes, bytes]], by: tuple[Look, ...], many: int) -> list[tuple[str, str, bytes]]:
    """Of the next rows, so many, those that may contribute: (kind, subject, encoded row)."""
    found = []
    for key, data in rows:
        for look in by:
            if key.startswith(look.prefix):
                if look.may(key, data):
                    found.append((look.kind, key[len(look.prefix) :].decode(), data))
                break
        many -= 1
        if many == 0:
            break
    return found
