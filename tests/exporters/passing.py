"""Reps who come and go until those who went before are forgotten."""

from __future__ import annotations

from exporters.kept import Kept, place_of
from exporters.versioned import GONE
from kpi_state.read.sample import sample_of
from kpi_state.read.slots import Slot


def come_and_go(kept: Kept, version: int) -> int:
    """As many reps with a sample as are remembered, one a version; the version of the last of them."""
    for number in range(GONE + 2):
        sample = sample_of(Slot("leads_created", "rep", f"passing-{number}", "day", "2024-06-06", ()), (1,))
        assert sample is not None
        kept.samples.put(place_of(sample), sample, version + 1)
        kept.samples.drop(place_of(sample), version + 2)
        version = kept.follow(version + 2)
    return version
