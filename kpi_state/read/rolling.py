"""Rolling windows: sums over the last days, or the last quarter hours, without adding them up anew.

What leaves a window is subtracted and what enters it is added, when the position moves.
"""

from __future__ import annotations

from collections.abc import Mapping
from operator import neg

from kpi_state.buckets import Amounts, add
from kpi_state.read.totals import Totals, Whos


class Rolling:
    """Contributions by position (a day, a quarter hour), and the windows that end at the position it is now.

    `widths`: window → positions it covers. `totals`: window → where its sums are kept, which several zones share.
    """

    def __init__(self, widths: Mapping[str, int], totals: Mapping[str, Totals], at: int) -> None:
        self._windows = tuple((width, totals[window]) for window, width in widths.items())
        # One more than the widest: clocks that fall back over midnight return to the day before.
        self._kept = max(widths.values()) + 1
        self._at = at
        self._held: dict[int, dict[Whos, Amounts]] = {}

    def keeps(self, position: int) -> bool:
        """Whether a position is, or may come, within a window."""
        return position > self._at - self._kept

    def add(self, position: int, whos: Whos, amounts: Amounts) -> None:
        """Count at a position; one ahead of the present enters when its time has come."""
        if not self.keeps(position):
            return
        add(self._held.setdefault(position, {}), whos, amounts)
        for width, totals in self._windows:
            if self._at - width < position <= self._at:
                totals.enter(whos, amounts)

    def advance(self, at: int) -> None:
        """Move the end of the windows; at most one position back."""
        before, self._at = self._at, at
        if at == before:
            return
        for position, held in self._held.items():
            for width, totals in self._windows:
                was, now = before - width < position <= before, at - width < position <= at
                if was != now:
                    for whos, amounts in held.items():
                        totals.enter(whos, amounts if now else tuple(map(neg, amounts)))
        for position in [position for position in self._held if not self.keeps(position)]:
            del self._held[position]
