"""One sample a window: what a metric without a bucket label can say.

An hour is named with its offset from UTC, so a team or the organisation has several current ones where its reps live in
different zones. A rep is in one of them, so their parts are added up. Every other window has one current bucket.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from fractions import Fraction
from typing import Final

from kpi_state.buckets import Amounts
from kpi_state.read.sample import MILLIONTHS, Sample, in_millionths, sample_of
from kpi_state.read.slots import Pairs, Slot

OLDEST: Final = "oldest_seconds"
"""The part that is the largest of several, not their sum."""


def one_a_window(samples: Iterable[Sample]) -> list[Sample]:
    """The samples, those that differ in their bucket alone made one with bucket ""; in the order of the first ones."""
    groups: defaultdict[tuple[str, str, str, str, Pairs], list[Sample]] = defaultdict(list)
    for sample in samples:
        groups[sample.kpi, sample.grain, sample.key, sample.window, tuple(sorted(sample.labels.items()))].append(sample)
    return [
        made
        for (kpi, grain, who, window, labels), group in groups.items()
        if (made := group[0] if len(group) == 1 else added_up(Slot(kpi, grain, who, window, "", labels), group))
    ]


def added_up(slot: Slot, group: Sequence[Sample], once: Container[str] = ()) -> Sample | None:
    """One sample of several, to the last digit; parts in `once` are the same in all of them."""
    return sample_of(slot, added(tuple(group[0].parts), [amounts_of(sample) for sample in group], once))


def added(names: Sequence[str], several: Sequence[Amounts], once: Container[str] = ()) -> Amounts:
    """Amounts of parts with these names that several come to; parts in `once` are the same in all of them."""
    return tuple(
        (max if part in once or part == OLDEST else sum)(amounts)
        for part, amounts in zip(names, zip(*several, strict=True), strict=False)
    )


def amounts_of(sample: Sample) -> Amounts:
    """The integers that a sample is kept as."""
    return tuple(_exact(part, number) for part, number in sample.parts.items())


def _exact(part: str, number: float) -> int:
    """The integer a part is kept as, the inverse of `shown`: seconds in microseconds, contracts in millionths."""
    scale = MILLIONTHS if in_millionths(part) else 1
    return number * scale if isinstance(number, int) else int(Fraction(repr(number)) * scale)
