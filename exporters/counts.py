"""What happened to events on the way into the numbers, as lines of the Prometheus page: counted by the workers in the
transactions of what they count, so exact over any restart; and how far the workers are behind, as of the last look.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from typing import Final

from exporters.exposition import Family, braces, line
from exporters.mirror import Heartbeat, Mirror
from kpi_state.buckets import quarter
from kpi_state.published import SourceCounts
from kpi_state.read.identities import UNMAPPED
from kpi_state.read.samples import Reader

READ: Final = Family(
    "sales_source_read_total", "Records of a source that were read, repeats included, heartbeats too.", "counter"
)
HEARTBEATS: Final = Family("sales_source_heartbeats_total", "Heartbeats of a source.", "counter")
FORWARDED: Final = Family(
    "sales_source_forwarded_total", "Events of a source sent on to the partition of their subject.", "counter"
)
QUARANTINED: Final = Family(
    "sales_source_quarantined_total",
    "Records that break the event contract, by source (none: unreadable) and the field that does.",
    "counter",
)
KNOWN: Final = Family("sales_source_known_events", "Events a source says there are, those it could not send included.")
GAP: Final = Family("sales_source_gap_events", "Events a source says it could not send.")
COVERAGE: Final = Family(
    "sales_source_coverage_ratio", "Events taken in over those a source says there are; repeats count again."
)
LAG: Final = Family("sales_consumer_lag_records", "Offsets between what is applied of an input and its end.")
UNMAPPED_IDS: Final = Family(
    "sales_unmapped_ids", "Ids that events name and nobody in the roster held when they did last."
)
UNMAPPED_OF_SOURCE: Final = Family("sales_source_unmapped_ids", "Those of them that events of a source name.")

HOLDS_MICROSECONDS: Final = 30_000_000
"""So long the number of unmapped ids may be old, unless another id was named."""

Lag = Mapping[tuple[str, int], int]
"""(input without prefix, partition) → offsets not applied yet."""


def count_lines(mirror: Mirror[Reader], lag: Lag, unmapped_ids: Collection[str]) -> dict[Family, bytes]:
    """The families and their samples; `unmapped_ids`: as `Unmapped` finds them."""
    lines: defaultdict[Family, list[bytes]] = defaultdict(list)

    def add(each: Family, number: float, **labels: str) -> None:
        lines[each].append(line(each.name, braces(labels), number))

    sources, quarantined, heartbeats = mirror.sources(), mirror.quarantined(), mirror.heartbeats()
    unmapped = named_by(mirror, unmapped_ids)
    set_aside: defaultdict[str, int] = defaultdict(int)
    for (source, reason), count in quarantined.items():
        set_aside[source] += count
        add(QUARANTINED, count, source=source, reason=reason)
    for source in sorted(sources.keys() | (set_aside.keys() - {""})):
        counts = sources.get(source, SourceCounts())
        add(READ, counts.applied + counts.unchanged + counts.heartbeats + set_aside[source], source=source)
        add(HEARTBEATS, counts.heartbeats, source=source)
        add(FORWARDED, counts.forwarded, source=source)
        add(UNMAPPED_OF_SOURCE, unmapped[source], source=source)
    for source, said in heartbeats.items():
        if said.known is not None:
            add(KNOWN, said.known + (said.gap or 0), source=source)
            add(GAP, said.gap or 0, source=source)
            if (ratio := coverage(said, sources.get(source, SourceCounts()))) is not None:
                add(COVERAGE, ratio, source=source)
    for (topic, partition), behind in sorted(lag.items()):
        add(LAG, behind, topic=topic, partition=str(partition))
    add(UNMAPPED_IDS, len(unmapped_ids))
    return {each: b"".join(all_of_it) for each, all_of_it in lines.items()}


def coverage(said: Heartbeat, counts: SourceCounts) -> float | None:
    """Events taken in ÷ events known to exist; None where that cannot be said.

    A source that counts since later than its oldest event counts other events than were taken in.
    """
    known = (said.known or 0) + (said.gap or 0)
    if not known or (said.since is not None and counts.oldest and counts.oldest < said.since):
        return None
    return (counts.applied + counts.unchanged) / known


def named_by(mirror: Mirror[Reader], ids: Collection[str]) -> Counter[str]:
    """Source → how many of the ids its events have named."""
    return Counter(source for raw in ids for source in mirror.namers(raw))


class Unmapped:
    """Finds ids that nobody held; looking each of them up takes long, so what was found holds for a while."""

    def __init__(self) -> None:
        self._counted_at, self._of = 0, -1
        self._ids: frozenset[str] = frozenset()

    def ids(self, mirror: Mirror[Reader], now: int) -> frozenset[str]:
        """The ids that meant nobody at the end of the day for which they were named last, or now if that is earlier."""
        named = mirror.named()
        if len(named) != self._of or not 0 <= now - self._counted_at < HOLDS_MICROSECONDS:
            self._counted_at, self._of = now, len(named)
            self._ids = frozenset(
                raw
                for raw, until in named.items()
                if any(slot.key == UNMAPPED for slot in mirror.rows.places(_touch(raw, min(until, now)), now))
            )
        return self._ids


def _touch(raw: str, at: int) -> tuple[str, str, tuple[str, int, int], tuple[str, ...]]:
    """A touch of this moment: whom it counts for is whom the id means."""
    return "touchpoints", raw, quarter(at), ("call",)
