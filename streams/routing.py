"""Key → partition, as Java's default partitioner finds it, and the forwarding of what arrived elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from struct import unpack_from
from typing import Any, Final

from streams.outbox import Outgoing

CACHED: Final = 1 << 17
"""Subjects whose partition is remembered: the hash costs 2 µs in Python."""

_SEED: Final = 0x9747B28C
_FACTOR: Final = 0x5BD1E995
_32_BITS: Final = 0xFFFFFFFF

Home = Callable[[str], int]
"""Subject → partition."""


def homes(partitions: int) -> Home:
    """The function that says where a subject lives among `partitions`."""

    @lru_cache(CACHED)
    def home(subject: str) -> int:
        return (murmur2(subject.encode()) & 0x7FFFFFFF) % partitions

    return home


def murmur2(data: bytes) -> int:
    """The 32-bit MurmurHash2 of Kafka's clients, four bytes at a time; aiokafka's reads them one by one."""
    words = len(data) // 4
    mixed = _SEED ^ len(data)
    for word in unpack_from(f"<{words}I", data):
        word = word * _FACTOR & _32_BITS  # noqa: PLW2901  # as the algorithm is written
        word = (word ^ word >> 24) * _FACTOR & _32_BITS  # noqa: PLW2901
        mixed = mixed * _FACTOR & _32_BITS ^ word
    rest = data[4 * words :]
    if rest:
        mixed = (mixed ^ int.from_bytes(rest, "little")) * _FACTOR & _32_BITS
    mixed = (mixed ^ mixed >> 13) * _FACTOR & _32_BITS
    return mixed ^ mixed >> 15


def forwarded(record: Any, subject: str) -> Outgoing:
    """A consumed record as it is sent home: with the key it should have had, all else as it came, its timestamp too."""
    return Outgoing(subject.encode(), record.value, record.headers, timestamp_of(record))


def timestamp_of(record: Any) -> int | None:
    """Kafka timestamp in milliseconds, None when the record has none."""
    timestamp = record.timestamp
    return None if timestamp is None or timestamp < 0 else int(timestamp)
