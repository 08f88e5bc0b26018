"""Two facts of an encoded row without decoding the rest, by the layout that `kpi_state.rows` describes."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from kpi_state.events import Value
from kpi_state.short import FORMS


class _Stated(msgspec.Struct, array_like=True, gc=False):
    """A row up to its facts; lines, links and shelves are passed over."""

    rev: int
    earliest: int | None = None
    sources: msgspec.Raw = msgspec.Raw()
    stamps: list[Any] = []
    facts: list[Any] = []


_unpack: Final = msgspec.msgpack.Decoder(_Stated).decode


class Glimpse:
    """Reads two facts of the rows of a kind, in a third of the time that decoding takes: who, and when."""

    def __init__(self, kind: str, who: str, when: str) -> None:
        names = [name for name, _ in FORMS[kind]]
        self._who, self._when = names.index(who), names.index(when)

    def read(self, data: bytes) -> tuple[Value, int | None]:
        """(value of `who`, instant that `when` says, else that of the earliest event); None for what is not known."""
        row = _unpack(data)
        stamps, facts = row.stamps, row.facts
        who, ahead, place = None, None, 0
        for at in range(0, len(facts), 3):
            number = facts[at]
            if number == self._who:
                who = facts[at + 2]
            elif number == self._when:
                place, ahead = 4 * facts[at + 1], facts[at + 2]
        if ahead is not None:
            return who, ahead + stamps[place] + (stamps[0] if place else 0)
        if row.earliest is not None or not stamps:
            return who, row.earliest
        return who, stamps[0] + min(0, 0, *stamps[4::4])
