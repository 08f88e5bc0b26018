"""What an exporter knows: the published rows, handed on to the reader, and the counters beside them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from kpi_state.published import (
    INPUTS,
    SourceCounts,
    TopicCounts,
    decode_fingerprint,
    decode_source,
    decode_topic,
    decode_worker,
    is_tally,
    name_of,
)


class Rows(Protocol):
    """Where published rows go: `kpi_state.read.samples.Reader`."""

    def tally(self, partition: int, key: bytes, value: bytes | None) -> None:
        """One row of the tally table of one partition; None is a tombstone."""
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

    def tally(self, partition: int, key: bytes, value: bytes | None) -> None:
        """Apply one record of the changelog of the tally table; None is a tombstone.

        Raises OtherDefinitionsError. Position rows, and kinds of rows a newer worker may have added, say nothing here.
        """
        if is_tally(key):
            self.rows.tally(partition, key, value)
            return
        kind, name = name_of(key)
        if kind == "fingerprint" and value is not None:
            if (found := decode_fingerprint(value)) != self._fingerprint:
                raise OtherDefinitionsError(found, self._fingerprint)
        elif kind == "topic":
            _replace(self._topics, (partition, name), value, decode_topic)
        elif kind == "source":
            _replace(self._sources, (partition, name), value, decode_source)
        elif kind == "worker":
            self._workers.pop(partition, None)
            if value is not None:
                self._workers[partition] = decode_worker(value).url

    def roster(self, _partition: int, key: bytes, value: bytes | None) -> None:
        """Apply one record of the changelog of the roster table; its keys are unique over all partitions."""
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
        """Events of each source; `newest` is the newest event time any partition saw, in microseconds."""
        total: dict[str, SourceCounts] = {}
        for (_, name), counts in self._sources.items():
            so_far = total.get(name, SourceCounts())
            total[name] = _sum(so_far, counts)
            total[name].newest = max(so_far.newest, counts.newest)
        return dict(sorted(total.items()))

    def workers(self) -> dict[int, str]:
        """Partition → where its owner answers; without those whose owner does not. It may have crashed since."""
        return dict(sorted(self._workers.items()))

    def newest(self) -> int | None:
        """Time of the newest event of all sources in microseconds; None before the first."""
        return max((counts.newest for counts in self._sources.values()), default=None)


Counts = TypeVar("Counts", TopicCounts, SourceCounts)


def _replace(
    rows: dict[tuple[int, str], Counts], key: tuple[int, str], value: bytes | None, decode: Callable[[bytes], Counts]
) -> None:
    if value is None:
        rows.pop(key, None)
    else:
        rows[key] = decode(value)


def _sum(left: Counts, right: Counts) -> Counts:
    """All fields added up."""
    return type(left)(*(getattr(left, name) + getattr(right, name) for name in left.__struct_fields__))
