"""Where to find a number among all that are shown: by whose it is, and by the board it stands on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, TypeVar

from exporters.privacy import NOBODY
from exporters.shown import Shown
from kpi_state.read.slots import Pairs, Slot

Number = int | float
Whose = tuple[str, str]
"""(grain, key)."""


class Board(NamedTuple):
    """Numbers that can be compared."""

    kpi: str
    grain: str
    window: str
    labels: Pairs


def value_at(shown: Shown, place: Slot) -> Number | None:
    """The value that stands at a place: also 0 of what adds up, where there is a target and nothing yet."""
    sample, attained = shown.samples.get(place), shown.attained.get(place)
    return sample.value if sample is not None else attained.value if attained is not None else None


class Index:
    """Places of `shown` that have a sample or a target; call `follow` after each look, it costs what changed."""

    def __init__(self, shown: Shown) -> None:
        self._shown = shown
        self._version = 0
        self._of: dict[Whose, dict[Slot, None]] = {}
        self._on: dict[Board, dict[str, Number | None]] = {}
        """Board → key → value; None of what cannot be compared."""

    def follow(self) -> None:
        """Go on to what is shown now."""
        shown, since = self._shown, self._shown.known_since(self._version)
        if since < self._version:
            self._of.clear()
            self._on.clear()
        for place in {*shown.samples.changed_since(since), *shown.attained.changed_since(since)}:
            whose, board = (place.grain, place.key), Board(place.kpi, place.grain, place.window, place.labels)
            if place in shown.samples or place in shown.attained:
                self._of.setdefault(whose, {})[place] = None
                value = None if place.key in NOBODY else value_at(shown, place)
                self._on.setdefault(board, {})[place.key] = value
            else:
                _drop(self._of, whose, place)
                _drop(self._on, board, place.key)
        self._version = shown.version

    def of(self, grain: str, key: str) -> Iterable[Slot]:
        """Places of a rep, a team or the organisation."""
        return self._of.get((grain, key), {})

    def on(self, board: Board) -> dict[str, Number]:
        """Key → value of those on a board who can be compared: nobody in particular cannot."""
        return {key: value for key, value in self._on.get(board, {}).items() if value is not None}

    def keys(self, grain: str) -> list[str]:
        """Who of a grain has numbers, sorted."""
        return sorted(key for of, key in self._of if of == grain)

    def labels(self, kpi: str, grain: str, window: str) -> list[Pairs]:
        """The labels of the boards of a KPI and window, sorted."""
        return sorted(
            board.labels for board in self._on if (board.kpi, board.grain, board.window) == (kpi, grain, window)
        )


Outer = TypeVar("Outer")
Inner = TypeVar("Inner")
Kept = TypeVar("Kept")


def _drop(index: dict[Outer, dict[Inner, Kept]], outer: Outer, inner: Inner) -> None:
    """Remove an entry, and with the last one what held it."""
    entries = index.get(outer, {})
    entries.pop(inner, None)
    if not entries:
        index.pop(outer, None)
