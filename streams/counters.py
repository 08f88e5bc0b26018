"""What one commit adds to the counters of topics and sources, as rows of the tally table.

They are written in the transaction of what they count, so they are exact across restarts. The counts of a topic are
deliberately not idempotent: a record that were applied twice would show there, where facts would hide it. A forwarded
record counts as read only where it is applied. Which ids a source names is a set, so that it is the same for any order
of arrival, repeats or not; each of them is written once. A source that names more than MOST_NAMED keeps the first that
came: what names others is counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from kpi_state.events import FIELDS, Event
from kpi_state.naming import Naming, namings
from kpi_state.published import (
    QuarantineCounts,
    SourceCounts,
    TopicCounts,
    decode_quarantined,
    decode_source,
    decode_topic,
    encode_row,
    named_key,
    quarantined_key,
    source_key,
    topic_key,
)

HEARTBEAT: Final = "heartbeat"
"""Says how many events a source has sent; it is none of them."""
MOST_SOURCES: Final = 100
"""Sources that are told apart among what one partition set aside: junk may name any."""
MOST_NAMED: Final = 10_000
"""Ids that one source may name in one partition before the others are only counted: it may make them up."""
OTHER: Final = "other"
ATTRIBUTES: Final = ("specversion", "id", "source", "type", "subject", "time", "sequence", "recordedtime")
DATA: Final = frozenset(f"data.{name}" for names in FIELDS.values() for name in names)
NAMED: Final = encode_row(1)
"""That the row is there says it."""
REASONS: Final = frozenset({"event", "data", *ATTRIBUTES, *DATA})


class Counters:
    """Counts on top of the rows of one partition."""

    def __init__(self, rows: Mapping[bytes, bytes], *, most_named: int = MOST_NAMED) -> None:
        self._rows, self._most_named = rows, most_named
        self._topics: dict[str, TopicCounts] = {}
        self._sources: dict[str, SourceCounts] = {}
        self._quarantined: QuarantineCounts | None = None
        self._namings: list[Naming] = []
        self._named: dict[bytes, bytes] = {}

    def topic(self, name: str) -> TopicCounts:
        """The counts of an input, to add to; `name` without prefix."""
        counts = self._topics.get(name)
        if counts is None:
            row = self._rows.get(topic_key(name))
            counts = self._topics[name] = TopicCounts() if row is None else decode_topic(row)
        return counts

    def applied(self, event: Event, *, changed: bool, delay_us: int | None, late_us: int) -> None:
        """Count an event of its source.

        changed: it was no repetition.  delay_us: Kafka timestamp less time, None if unknown.
        """
        time, _, source, _ = event.stamp
        counts = self._source(source)
        if time > counts.newest:  # noqa: PLR1730  # a call of max for each event
            counts.newest = time
        if event.kind == HEARTBEAT:
            counts.heartbeats += 1
            return
        if time < counts.oldest or not counts.oldest:
            counts.oldest = time
        self._namings.extend(namings(event))
        if not changed:
            counts.unchanged += 1
            return
        counts.applied += 1
        counts.unknown_fields += event.unknown
        if delay_us is not None and delay_us > late_us:
            counts.late += 1
        if "splits" in event.fields and _needs_scaling(event):
            counts.scaled_splits += 1

    def forwarded(self, event: Event) -> None:
        """Count an event of its source that another partition will apply."""
        self._source(event.stamp[2]).forwarded += 1

    def quarantined(self, source: str, field: str) -> None:
        """Count a record of a source ("": nobody knows) that is set aside because of a field (see ContractError)."""
        counts = self._quarantined
        if counts is None:
            row = self._rows.get(quarantined_key())
            counts = self._quarantined = {} if row is None else decode_quarantined(row)
        if source not in counts and len(counts) >= MOST_SOURCES:
            source = ""
        reasons, reason = counts.setdefault(source, {}), reason_of(field)
        reasons[reason] = reasons.get(reason, 0) + 1

    def _source(self, source: str) -> SourceCounts:
        counts = self._sources.get(source)
        if counts is None:
            row = self._rows.get(source_key(source))
            counts = self._sources[source] = SourceCounts() if row is None else decode_source(row)
        return counts

    def rows(self) -> dict[bytes, bytes]:
        """The rows as they are now."""
        self._name()
        rows = {topic_key(name): encode_row(counts) for name, counts in self._topics.items()}
        rows.update({source_key(name): encode_row(counts) for name, counts in self._sources.items()})
        if self._quarantined is not None:
            rows[quarantined_key()] = encode_row(self._quarantined)
        return rows | self._named

    def _name(self) -> None:
        """Make rows of who was named, in the order of arrival, which no cut into commits changes."""
        for (source, raw), times in Counter(self._namings).items():
            key = named_key(source, raw)
            if key in self._rows or key in self._named:
                continue
            counts = self._sources[source]
            if counts.named_ids < self._most_named:
                counts.named_ids += 1
                self._named[key] = NAMED
            else:
                counts.unlisted += times
        self._namings.clear()


def reason_of(field: str) -> str:
    """The field that a record breaks the contract with, as one of a few words; `other` for what junk may be full of."""
    name = field.partition("[")[0]
    name = "data.splits" if name.startswith("data.splits.") else name
    return name if name in REASONS else OTHER


def _needs_scaling(event: Event) -> bool:
    """Whether the shares of a split were not 1 together."""
    splits = event.fields["splits"]
    return isinstance(splits, dict) and sum(map(Fraction, splits.values())) != 1
