"""Rolling windows: sums over the last days, or the last quarter hours, without adding them up anew.

What leaves a window is subtracted and what enters it is added, when the position moves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kpi_state.buckets import Amounts
from kpi_state.read.slots import Who
from kpi_state.read.totals import Sums, enter


class Rolling:
    """Contributions by position (a day, a quarter hour), and the windows that end at the position it is now.

    `widths`: window → positions it covers. `sums`: window → where its sums are kept, shared with other zones' windows.
    """

    def __init__(self, widths: Mapping[str, int], sums: Mapping[str, Sums], at: int) -> None:
        self._windows = tuple((width, sums[window]) for window, width in widths.items())
        self._widest = max(widths.values(), default=0)
        self._at = at
        self._held: dict[int, Sums] = {}

    def add(self, position: int, whos: Iterable[Who], amounts: Amounts) -> None:
        """Count at a position; one ahead of the present enters when its time has come."""
        if position <= self._at - self._widest:
            return  # time does not go back here: a reader whose clock does is filled anew
        enter(self._held.setdefault(position, {}), whos, amounts)
        for width, sums in self._windows:
            if self._at - width < position <= self._at:
                enter(sums, whos, amounts)

    def advance(self, at: int) -> None:
        """Move the end of the windows."""
        before, self._at = self._at, at
        if at == before:
            return
        for position, held in self._held.items():
            for width, sums in self._windows:
                was, now = before - width < position <= before, at - width < position <= at
                if was != now:
                    for who, amounts in held.items():
                        enter(sums, (who,), amounts if now else tuple(-amount for amount in amounts))
        for position in [position for position in self._held if position <= at - self._widest]:
            del self._held[position]
