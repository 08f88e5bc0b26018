"""Which values of a label that is free text are shown as they are, kept up to date number by number."""

from __future__ import annotations

from collections import Counter, defaultdict
from fractions import Fraction

from exporters.few_values import OTHER, few, weight_of
from kpi_state.buckets import Amounts
from kpi_state.measures.registry import FREE_TEXT
from kpi_state.read.slots import Pairs, Slot


class Folding:
    """Folds all but `most` values of each free label to "other"."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._numbers: defaultdict[str, Counter[str]] = defaultdict(Counter)
        """Label → value → how many numbers have it."""
        self._weights: defaultdict[str, dict[str, Fraction]] = defaultdict(dict)
        self._touched: set[str] = set()
        self._kept: dict[str, frozenset[str]] = {}
        """Of each label that has too many values those that stay."""

    def count(self, slot: Slot, amounts: Amounts, times: int) -> None:
        """Take a number into account, or no more when `times` is -1."""
        for name, value in slot.labels:
            if name in FREE_TEXT:
                numbers, weights = self._numbers[name], self._weights[name]
                numbers[value] += times
                weights[value] = weights.get(value, Fraction()) + times * weight_of(slot, amounts)
                if not numbers[value]:
                    del numbers[value], weights[value]
                self._touched.add(name)

    def weighs(self, slot: Slot) -> bool:
        """Whether what a number comes to matters: see `weight_of`."""
        return slot.grain == "org" and any(name in FREE_TEXT for name, _ in slot.labels)

    def weigh(self, slot: Slot, old: Amounts, new: Amounts) -> None:
        """A number that was taken into account, and `weighs`, is another now."""
        self.count(slot, old, -1)
        self.count(slot, new, 1)

    def moved(self) -> set[str]:
        """The labels that have other values kept than when this was asked last."""
        moved: set[str] = set()
        for name in self._touched:
            kept = few(self._weights[name], self._most)
            if kept != self._kept.get(name):
                moved.add(name)
            if kept is None:
                self._kept.pop(name, None)
            else:
                self._kept[name] = kept
        self._touched.clear()
        return moved

    def folded(self, labels: Pairs) -> Pairs:
        """Labels as they are shown."""
        if not self._kept or not labels:
            return labels
        return tuple(
            (name, value if name not in self._kept or value in self._kept[name] else OTHER) for name, value in labels
        )

    def others(self) -> dict[str, int]:
        """Label → how many of its values are folded."""
        return {name: len(self._weights[name]) - len(kept) for name, kept in sorted(self._kept.items())}
