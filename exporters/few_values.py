"""A label that is free text has at most so many values on a page: each one is a series, and somebody types them.

The values with most in the organisation are kept, of equal ones the smaller text; the rest are added up as "other".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Final

from exporters.current import added_up, amounts_of
from kpi_state.buckets import Amounts
from kpi_state.measures.registry import BY_STEM, FREE_TEXT
from kpi_state.read.sample import MILLIONTHS, Sample, in_millionths, names_of
from kpi_state.read.slots import Slot

OTHER: Final = "other"
_NOTHING: Final = Fraction()


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
    return [made for slot, group in groups.items() if (made := together(slot, group))]


def _kept(samples: Iterable[Sample], most: int) -> dict[str, frozenset[str]]:
    """Of each free label that has too many values those that stay."""
    weights: defaultdict[str, defaultdict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    for sample in samples:
        for name in FREE_TEXT & sample.labels.keys():
            weights[name][sample.labels[name]] += weight(sample)
    return {name: kept for name, of in weights.items() if (kept := few(of, most)) is not None}


def weight(sample: Sample) -> Fraction:
    """What a sample says for the value of its free label: see `weight_of`."""
    labels = tuple(sample.labels.items())
    slot = Slot(sample.kpi, sample.grain, sample.key, sample.window, sample.bucket, labels)
    return weight_of(slot, amounts_of(sample))


def weight_of(slot: Slot, amounts: Amounts) -> Fraction:
    """What a number says for the value of its free label: the first part that is its own, of the organisation."""
    if slot.grain != "org":
        return _NOTHING
    whole = BY_STEM[slot.kpi].whole
    part, amount = next((part, n) for part, n in zip(names_of(slot), amounts, strict=False) if part not in whole)
    return Fraction(amount, MILLIONTHS if in_millionths(part) else 1)


def few(weights: Mapping[str, Fraction], most: int) -> frozenset[str] | None:
    """The values that stay; None for all."""
    if len(weights) <= most:
        return None
    return frozenset(sorted(weights, key=lambda value: (-weights[value], value))[:most])


def together(slot: Slot, group: Sequence[Sample]) -> Sample | None:
    """One sample of several whose free labels became those of `slot`."""
    if len(group) == 1 and tuple(sorted(group[0].labels.items())) == slot.labels:
        return group[0]
    return added_up(slot, group, once=BY_STEM[slot.kpi].whole)
