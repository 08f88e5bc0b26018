"""Slots: the numbers a contribution counts in."""

from __future__ import annotations

from typing import Final, NamedTuple

from kpi_state.buckets import Labels
from kpi_state.kpis.kpi import Kpi

ORGANISATION: Final = "*"
"""Key of the grain `org`."""

Pairs = tuple[tuple[str, str], ...]
"""Labels of a sample as (name, value), sorted."""
Who = tuple[str, str, Pairs]
"""(grain, key, labels)."""


class Slot(NamedTuple):
    """Where a number stands: one sample of the document."""

    kpi: str
    grain: str
    key: str
    window: str
    bucket: str
    labels: Pairs


def pairs_of(kpi: Kpi, labels: Labels) -> tuple[Pairs, ...]:
    """The labels of the samples that a contribution with these labels counts in; what it does not say, gives none."""
    named = dict(zip(kpi.measure_labels, labels, strict=True))
    return tuple(
        tuple((name, named[name]) for name in sorted(names))
        for names in kpi.label_sets
        if all(named[name] for name in names)
    )


def grains(rep: str, team: str) -> tuple[tuple[str, str], ...]:
    """(grain, key) that something of a rep counts in; whoever has no team counts in no team."""
    if team:
        return ("rep", rep), ("team", team), ("org", ORGANISATION)
    return ("rep", rep), ("org", ORGANISATION)
