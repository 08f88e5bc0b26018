"""What a worker counts of its own work since it started: plain numbers, a few additions a commit, read when asked."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from typing import Final

RECORDS: Final = (1, 10, 100, 500, 1_000, 2_000, 5_000, 10_000, 20_000)
"""Bounds of the records a commit."""
SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Bounds of times."""


class Histogram:
    """How often a quantity was at most each of some bounds.

    counts: of the range up to each bound, beyond the one before it; the last is beyond all.  total: of everything seen.
    """

    __slots__ = ("bounds", "counts", "total")

    def __init__(self, bounds: Sequence[float]) -> None:
        self.bounds, self.counts, self.total = bounds, [0] * (len(bounds) + 1), 0.0

    def see(self, value: float) -> None:
        """Take in one observation."""
        self.counts[bisect_left(self.bounds, value)] += 1
        self.total += value


class Meters:
    """The counters of one process; all begin at zero with it, unlike those that are published with the state.

    commit_records, apply_seconds, transaction_seconds: of each commit of events; applying is counted without waiting.
    records, lost: by input, without prefix.  rows_followed, following_seconds: of tables read after a takeover.
    """

    def __init__(self) -> None:
        self.commit_records = Histogram(RECORDS)
        self.apply_seconds = Histogram(SECONDS)
        self.transaction_seconds = Histogram(SECONDS)
        self.records: Counter[str] = Counter()
        self.lost: Counter[str] = Counter()
        self.takeovers = 0
        self.rows_followed = 0
        self.following_seconds = 0.0

    def committed(self, records: int, apply_seconds: float, transaction_seconds: float) -> None:
        """Count a commit."""
        self.commit_records.see(records)
        self.apply_seconds.see(apply_seconds)
        self.transaction_seconds.see(transaction_seconds)
