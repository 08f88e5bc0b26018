"""Where to find a number among all that are shown: by whose it is, and by the board it stands on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from exporters.shown import Shown
from kpi_state.read.slots import Pairs, Slot

Whose = tuple[str, str]
"""(grain, key)."""


class Board(NamedTuple):
    """Numbers that can be compared."""

    kpi: str
    grain: str
    window: str
    labels: Pairs


class Index:
    """Places of `shown` that have a sample or a target; call `follow` after each look, it costs what changed."""

    def __init__(self, shown: Shown) -> None:
        self._shown = shown
        self._version = 0
        self._of: dict[Whose, dict[Slot, None]] = {}
        self._on: dict[Board, dict[Slot, None]] = {}

    def follow(self) -> None:
        """Go on to what is shown now."""
        shown, since = self._shown, self._version
        for place in {*shown.samples.changed_since(since), *shown.attained.changed_since(since)}:
            board = Board(place.kpi, place.grain, place.window, place.labels)
            if place in shown.samples or place in shown.attained:
                self._of.setdefault((place.grain, place.key), {})[place] = None
                self._on.setdefault(board, {})[place] = None
            else:
                self._of.get((place.grain, place.key), {}).pop(place, None)
                self._on.get(board, {}).pop(place, None)
        self._version = shown.version

    def of(self, grain: str, key: str) -> Iterable[Slot]:
        """Places of a rep, a team or the organisation."""
        return self._of.get((grain, key), {})

    def on(self, board: Board) -> Iterable[Slot]:
        """Places on a board."""
        return self._on.get(board, {})

    def keys(self, grain: str) -> list[str]:
        """Who of a grain has numbers, sorted."""
        return sorted(key for (of, key), places in self._of.items() if of == grain and places)

    def labels(self, kpi: str, grain: str, window: str) -> list[Pairs]:
        """The labels of the boards of a KPI and window, sorted."""
        return sorted(
            board.labels
            for board, places in self._on.items()
            if (board.kpi, board.grain, board.window) == (kpi, grain, window) and places
        )
