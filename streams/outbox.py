"""What a commit sends to topics other than the changelogs of its own partition."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

Headers = Sequence[tuple[str, bytes]]


class Outgoing(NamedTuple):
    """One record to write; `timestamp_ms` None means now."""

    key: bytes | None
    value: bytes | None
    headers: Headers = ()
    timestamp_ms: int | None = None

    def size(self) -> int:
        """Bytes of key, value and headers."""
        return bytes_of(self)


def bytes_of(record: Any) -> int:
    """Bytes of key, value and headers of a record that is written or was read."""
    size = len(record.key or b"") + len(record.value or b"")
    for name, value in record.headers:
        size += len(name.encode()) + len(value or b"")
    return size


class Outbox:
    """Records by (topic, partition), in the order in which they were put."""

    def __init__(self) -> None:
        self._waiting: dict[tuple[str, int], list[Outgoing]] = {}

    def __len__(self) -> int:
        return sum(len(records) for records in self._waiting.values())

    def put(self, topic: str, partition: int, record: Outgoing) -> None:
        """Add one record."""
        self._waiting.setdefault((topic, partition), []).append(record)

    def steps(self) -> Iterator[tuple[str, int, list[Outgoing]]]:
        """Yield (topic, partition, records)."""
        for (topic, partition), records in self._waiting.items():
            yield topic, partition, records
