"""Two facts of an encoded row without decoding the rest, by the layout that `kpi_state.rows` describes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import msgspec

from kpi_state.events import Value
from kpi_state.short import FORMS

_STAMPS: Final = 3
_FACTS: Final = 4

_unpack = msgspec.msgpack.Decoder().decode


def glimpse(kind: str, who: str, when: str) -> Callable[[bytes], tuple[Value, int | None]]:
    """What reads two facts of the rows of a kind, in a third of the time that decoding takes: (value of `who`, instant
    that `when` says, else that of the earliest event); None for what is not known.
    """
    names = [name for name, _ in FORMS[kind]]
    who_number, when_number = names.index(who), names.index(when)

    def read(data: bytes) -> tuple[Value, int | None]:
        parts = _unpack(data)
        if len(parts) <= _FACTS:
            return None, parts[1] if len(parts) > 1 else None
        stamps, facts = parts[_STAMPS], parts[_FACTS]
        numbers = facts[::3]
        said = facts[3 * numbers.index(who_number) + 2] if who_number in numbers else None
        if when_number in numbers:
            at = 3 * numbers.index(when_number)
            if (ahead := facts[at + 2]) is not None:
                place = 4 * facts[at + 1]
                return said, ahead + stamps[place] + (stamps[0] if place else 0)
        if parts[1] is not None or not stamps:
            return said, parts[1]
        return said, stamps[0] + min(0, 0, *stamps[4::4])

    return read
