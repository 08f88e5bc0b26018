"""Key → partition, as Java's default partitioner finds it, and the forwarding of what arrived elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

from streams.murmur2 import murmur2
from streams.outbox import Outgoing

CACHED: Final = 1 << 17
"""Subjects whose partition is remembered: the hash costs 2 µs in Python."""

Home = Callable[[str], int]
"""Subject → partition."""


def homes(partitions: int) -> Home:
    """The function that says where a subject lives among `partitions`."""

    @lru_cache(CACHED)
    def home(subject: str) -> int:
        return (murmur2(subject.encode()) & 0x7FFFFFFF) % partitions

    return home


def forwarded(record: Any, subject: str) -> Outgoing:
    """A consumed record as it is sent home: with the key it should have had, all else as it came, its timestamp too."""
    return Outgoing(subject.encode(), record.value, record.headers, timestamp_of(record))


def timestamp_of(record: Any) -> int | None:
    """Kafka timestamp in milliseconds, None when the record has none."""
    timestamp = record.timestamp
    return None if timestamp is None or timestamp < 0 else int(timestamp)
