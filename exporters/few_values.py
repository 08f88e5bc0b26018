"""A label that is free text has at most so many values on a page: each one is a series, and somebody types them.

The values with most in the organisation are kept, of equal ones the smaller text; the rest are added up as "other".
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Final

from exporters.current import added_up
from kpi_state.kpis.registry import BY_STEM
from kpi_state.read.sample import Sample
from kpi_state.read.slots import Slot

FREE_TEXT: Final = frozenset({"origin", "reason", "product", "region"})
OTHER: Final = "other"


def few_values(samples: Iterable[Sample], most: int) -> list[Sample]:
    """The samples with at most `most` values of each free label, and "other", in the order of the first ones."""
    samples = list(samples)
    kept = _kept(samples, most)
    groups: defaultdict[Slot, list[Sample]] = defaultdict(list)
    for sample in samples:
        labels = (
            (name, value if value in kept.get(name, (value,)) else OTHER) for name, value in sample.labels.items()
        )
        slot = Slot(sample.kpi, sample.grain, sample.key, sample.window, sample.bucket, tuple(sorted(labels)))
        groups[slot].append(sample)
    return [made for slot, group in groups.items() if (made := _together(slot, group))]


def _kept(samples: Iterable[Sample], most: int) -> dict[str, set[str]]:
    """Of each free label that has too many values those that stay."""
    weights: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for sample in samples:
        for name in FREE_TEXT & sample.labels.keys():
            whole = BY_STEM[sample.kpi].whole
            counted = next(number for part, number in sample.parts.items() if part not in whole)
            weights[name][sample.labels[name]] += counted if sample.grain == "org" else 0  # type: ignore[assignment]
    return {
        name: set(sorted(of, key=lambda value: (-of[value], value))[:most])
        for name, of in weights.items()
        if len(of) > most
    }


def _together(slot: Slot, group: list[Sample]) -> Sample | None:
    if len(group) == 1 and tuple(sorted(group[0].labels.items())) == slot.labels:
        return group[0]
    return added_up(slot, group, once=BY_STEM[slot.kpi].whole)
