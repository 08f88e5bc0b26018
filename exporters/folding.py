"""Which values of a label that is free text are shown as they are, kept up to date sample by sample."""

from __future__ import annotations

from collections import Counter, defaultdict
from fractions import Fraction

from exporters.few_values import OTHER, few, weight
from kpi_state.measures.registry import FREE_TEXT
from kpi_state.read.sample import Sample
from kpi_state.read.slots import Pairs


class Folding:
    """Folds all but `most` values of each free label to "other"."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._samples: defaultdict[str, Counter[str]] = defaultdict(Counter)
        """Label → value → how many samples have it."""
        self._weights: defaultdict[str, dict[str, Fraction]] = defaultdict(dict)
        self._touched: set[str] = set()
        self._kept: dict[str, frozenset[str]] = {}
        """Of each label that has too many values those that stay."""

    def count(self, sample: Sample, times: int) -> None:
        """Take a sample into account, or no more when `times` is -1."""
        for name in FREE_TEXT & sample.labels.keys():
            value, weights = sample.labels[name], self._weights[name]
            self._samples[name][value] += times
            weights[value] = weights.get(value, Fraction()) + times * weight(sample)
            if not self._samples[name][value]:
                del self._samples[name][value], weights[value]
            self._touched.add(name)

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
