"""What an exporter knows: the published rows, handed on to the reader, and the counters beside them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Final, Generic, NamedTuple, Protocol, TypeVar

from kpi_state.published import (
    INPUTS,
    QuarantineCounts,
    SourceCounts,
    TopicCounts,
    decode_fingerprint,
    decode_group,
    decode_position,
    decode_quarantined,
    decode_source,
    decode_topic,
    decode_worker,
    is_tally,
    name_of,
    named_of,
)
from kpi_state.rows import decode_row, entity_of

MICROSECONDS_A_DAY: Final = 86_400_000_000


class Rows(Protocol):
    """Where published rows go: `kpi_state.read.samples.Reader`."""

    def tally(self, partition: int, key: bytes, value: bytes | None) -> int:
        """One row of the tally table of one partition, None is a tombstone; how many rows there are more: 1, 0, -1."""
        ...

    def roster(self, key: bytes, value: bytes | None) -> None:
        """One row of the roster table; None is a tombstone."""
        ...


Reads = TypeVar("Reads", bound=Rows)


class OtherDefinitionsError(Exception):
    """The published state was counted with other definitions or another core than this exporter reads with."""

    def __init__(self, found: str, own: str) -> None:
        super().__init__(
            f"the published state has fingerprint {found}, this exporter's [definitions] and core version give {own}: "
            "start it with the floor.toml and the version of the workers, or run `floorpulse rebuild`"
        )


class Heartbeat(NamedTuple):
    """What a source says of itself: `known` events sent since an instant in microseconds, and how many it could not
    send; None for what it does not say.
    """

    since: int | None
    known: int | None
    gap: int | None


class Mirror(Generic[Reads]):
    """The published state as far as it was followed.

    Counters are published by each partition for itself and added up here; a row replaces the one with the same key, so
    that repeats change nothing. `rows` takes the rows of tally and roster.
    """

    def __init__(self, rows: Reads, fingerprint: str) -> None:
        self.rows = rows
        self._fingerprint = fingerprint
        self._topics: dict[tuple[int, str], TopicCounts] = {}
        self._sources: dict[tuple[int, str], SourceCounts] = {}
        self._workers: dict[int, str] = {}
        self._quarantined: dict[int, QuarantineCounts] = {}
        self._named: dict[str, int] = {}
        self._rows_named: dict[str, dict[int, int]] = {}
        """Id as sent → end of a UTC day → rows it has of that day; whoever has none is not named."""
        self._namers: dict[str, set[str]] = {}
        self._positions: dict[tuple[int, str], int] = {}
        self._heartbeats: dict[str, Heartbeat] = {}

    def tally(self, partition: int, key: bytes, value: bytes | None) -> None:
        """Apply one record of the changelog of the tally table; None is a tombstone.

        Raises OtherDefinitionsError. Kinds of rows that a newer worker may have added say nothing here.
        """
        if is_tally(key):
            if more := self.rows.tally(partition, key, value):
                self._name(key, more)
            return
        if (naming := named_of(key)) is not None:
            source, raw = naming
            self._namers.setdefault(raw, set()).add(source)
            return
        kind, name = name_of(key)
        if kind == "fingerprint" and value is not None:
            if (found := decode_fingerprint(value)) != self._fingerprint:
                raise OtherDefinitionsError(found, self._fingerprint)
        elif kind == "topic":
            _replace(self._topics, (partition, name), value, decode_topic)
        elif kind == "source":
            _replace(self._sources, (partition, name), value, decode_source)
        elif kind == "position":
            _replace(self._positions, (partition, name), value, decode_position)
        elif kind == "quarantined":
            _replace(self._quarantined, partition, value, decode_quarantined)
        elif kind == "worker":
            _replace(self._workers, partition, value, lambda row: decode_worker(row).url)

    def roster(self, _partition: int, key: bytes, value: bytes | None) -> None:
        """Apply one record of the changelog of the roster table; its keys are unique over all partitions."""
        kind, subject = entity_of(key)
        if kind == "heartbeat":
            _replace(self._heartbeats, subject, value, _heartbeat)
        self.rows.roster(key, value)

    def topics(self) -> dict[str, TopicCounts]:
        """What the workers did with the records of each input topic, repeats included."""
        total: dict[str, TopicCounts] = {}
        for (_, name), counts in self._topics.items():
            total[name] = _sum(total.get(name, TopicCounts()), counts)
        return dict(sorted(total.items()))

    def inputs(self) -> tuple[int, int]:
        """(records read, quarantined) over the input topics: what `replay` calls them, for the same events."""
        counts = [counts for (_, name), counts in self._topics.items() if name in INPUTS]
        return sum(each.read for each in counts), sum(each.quarantined for each in counts)

    def sources(self) -> dict[str, SourceCounts]:
        """Events of each source; `newest` and `oldest` are those of all partitions, in microseconds."""
        total: dict[str, SourceCounts] = {}
        for (_, name), counts in self._sources.items():
            total[name] = total.get(name, SourceCounts()).with_others(counts)
        return dict(sorted(total.items()))

    def _name(self, key: bytes, more: int) -> None:
        """Remember for when an id was named, as long as it has rows."""
        _, raw, tag, group, _ = decode_group(key)
        if not raw:
            return
        until = (group + 1) * MICROSECONDS_A_DAY - 1 if tag == "Q" else 0
        rows = self._rows_named.setdefault(raw, {})
        rows[until] = rows.get(until, 0) + more
        if rows[until]:
            self._named[raw] = max(until, self._named.get(raw, until))
            return
        del rows[until]
        if not rows:
            del self._rows_named[raw], self._named[raw]
        elif until == self._named[raw]:
            self._named[raw] = max(rows)

    def named(self) -> dict[str, int]:
        """Id as sent → the end of the newest UTC day for which something counted for it; microseconds, 0 for none.

        Without ids for which nothing counts any more.
        """
        return self._named

    def namers(self, raw: str) -> Collection[str]:
        """The sources whose events have named an id, ever."""
        return self._namers.get(raw, ())

    def quarantined(self) -> dict[tuple[str, str], int]:
        """(source, reason) → records set aside; the source is "" where it cannot be read."""
        total: dict[tuple[str, str], int] = {}
        for sources in self._quarantined.values():
            for source, reasons in sources.items():
                for reason, count in reasons.items():
                    total[source, reason] = total.get((source, reason), 0) + count
        return dict(sorted(total.items()))

    def positions(self) -> dict[tuple[str, int], int]:
        """(input without prefix, or the links; partition) → offset up to which it is applied."""
        return {(name, partition): position for (partition, name), position in sorted(self._positions.items())}

    def heartbeats(self) -> dict[str, Heartbeat]:
        """What each source says of itself, as of its last heartbeat."""
        return dict(sorted(self._heartbeats.items()))

    def workers(self) -> dict[int, str]:
        """Partition → where its owner answers; without those whose owner does not. It may have crashed since."""
        return dict(sorted(self._workers.items()))

    def newest(self) -> int | None:
        """Time of the newest event of all sources in microseconds; None before the first."""
        return max((counts.newest for counts in self._sources.values()), default=None)


Key = TypeVar("Key")
Row = TypeVar("Row")


def _heartbeat(value: bytes) -> Heartbeat:
    row = decode_row("heartbeat", value)
    return Heartbeat(row.get("since"), row.get("known"), row.get("gap"))


def _replace(rows: dict[Key, Row], key: Key, value: bytes | None, decode: Callable[[bytes], Row]) -> None:
    if value is None:
        rows.pop(key, None)
    else:
        rows[key] = decode(value)


def _sum(left: TopicCounts, right: TopicCounts) -> TopicCounts:
    """All fields added up."""
    return type(left)(*(getattr(left, name) + getattr(right, name) for name in left.__struct_fields__))
