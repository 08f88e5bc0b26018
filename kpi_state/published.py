"""What workers publish and exporters follow: topic names, and the codec of the tally table.

The changelogs of `tally` and `roster` are the published state. Every partition writes only its own share; a reader
adds the shares up. Keys of the tally table are JSON arrays, so that any Kafka tool shows them:

    ["touchpoints", "rep-7", "Q", 19888, ["call"]]      sums of one UTC day, one entry a quarter hour
    ["=position", "crm.events"]                         next log position of an input of this partition
    ["=topic", "crm.events"]                            records of an input (TopicCounts)
    ["=source", "/crm"]                                 events of a source (SourceCounts)
    ["=named", "/crm", "rep-7"]                         that an event of a source names an id: of the first so many
    ["=quarantined"]                                    records set aside, by source and reason
    ["=fingerprint"]                                    definitions and core version the rows were counted with
    ["=worker"]                                         who owns this partition and answers for it (WorkerRow)
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

import msgspec

from kpi_state.buckets import Amounts, Bucket, Cell

INPUTS: Final = ("crm.events", "telephony.events", "hr.events")
LINKS: Final = "kpi.links"
QUARANTINE: Final = "kpi.quarantine"
TABLES: Final = ("ledger", "tally", "roster")

Group = tuple[str, str, str, int, tuple[str, ...]]
"""(measure, rep, tag, group number, labels): one row of the tally table holds the cells of one group."""

QUARTERS_A_DAY: Final = 96
DAYS_A_GROUP: Final = 32
MICROSECONDS_A_QUARTER: Final = 900_000_000

_json = msgspec.json.Encoder().encode
_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder(list[int]).decode
_large = msgspec.json.Decoder(list[int]).decode
_group = msgspec.json.Decoder(Group)
_names = msgspec.json.Decoder(list[str]).decode


def locate(cell: Cell) -> tuple[Group, int]:
    """The row of a cell and its place in it."""
    measure, rep, (tag, a, b), labels = cell
    if tag == "Q":
        return (measure, rep, tag, a // QUARTERS_A_DAY, labels), a % QUARTERS_A_DAY
    if tag == "X":
        return (measure, rep, tag, a // MICROSECONDS_A_QUARTER, labels), a % MICROSECONDS_A_QUARTER
    if tag == "D":
        return (measure, rep, tag, a // DAYS_A_GROUP, labels), a % DAYS_A_GROUP
    if tag == "I":
        length = b - a if b else 0
        return (measure, rep, tag, a // DAYS_A_GROUP, labels), a % DAYS_A_GROUP + DAYS_A_GROUP * length
    return (measure, rep, tag, 0, labels), 0


def bucket_of(tag: str, group: int, place: int) -> Bucket:
    """The inverse of `locate` for the bucket."""
    if tag == "Q":
        return "Q", group * QUARTERS_A_DAY + place, 0
    if tag == "X":
        return "X", group * MICROSECONDS_A_QUARTER + place, 0
    if tag == "D":
        return "D", group * DAYS_A_GROUP + place, 0
    if tag == "I":
        length, day = divmod(place, DAYS_A_GROUP)
        start = group * DAYS_A_GROUP + day
        return "I", start, start + length if length else 0
    return "-", 0, 0


def encode_group(group: Group) -> bytes:
    """The key of a tally row."""
    return _json(group)


@lru_cache(1 << 16)
def decode_group(key: bytes) -> Group:
    """The inverse of `encode_group`."""
    group: Group = _group.decode(key)
    return group


def encode_sums(width: int, sums: dict[int, Amounts]) -> bytes | None:
    """The value of a tally row; None (a tombstone) when it sums to nothing. `width` is the number of amounts of the
    measure. Sums beyond 64 bits, which msgpack cannot say, make it a JSON text of the same list.
    """
    flat = [width]
    for place in sorted(sums):
        amounts = sums[place]
        if any(amounts):
            flat.append(place)
            flat.extend(amounts)
    if len(flat) == 1:
        return None
    try:
        return _pack(flat)
    except OverflowError:
        return f"[{','.join(map(str, flat))}]".encode()


def decode_sums(value: bytes) -> dict[int, Amounts]:
    """The inverse of `encode_sums`."""
    flat = _large(value) if value.startswith(b"[") else _unpack(value)
    step = flat[0] + 1
    return {flat[i]: tuple(flat[i + 1 : i + step]) for i in range(1, len(flat), step)}


def is_tally(key: bytes) -> bool:
    """Whether a row of the tally table holds sums, and not a position, a counter or the fingerprint."""
    return not key.startswith(b'["=')


def decode_tally(key: bytes, value: bytes) -> Iterator[tuple[Cell, Amounts]]:
    """The cells of one row of the tally table, `is_tally(key)` given."""
    measure, rep, tag, group, labels = decode_group(key)
    for place, amounts in decode_sums(value).items():
        yield (measure, rep, bucket_of(tag, group, place), labels), amounts


class TopicCounts(msgspec.Struct, array_like=True):
    """What one partition did with the records of an input; deliberately not idempotent, so that a double shows."""

    read: int = 0
    quarantined: int = 0
    forwarded: int = 0
    lost: int = 0


class SourceCounts(msgspec.Struct, array_like=True):
    """What one partition saw of one source: events, but `newest` and `oldest` are event times in microseconds, 0: none.

    unchanged: repeats and what was superseded.  forwarded: sent on to the partition of their subject, where they count.
    named_ids: rows that say which ids it names.  unlisted: how often it named ids beyond the most that are kept.
    """

    newest: int = 0
    applied: int = 0
    unchanged: int = 0
    late: int = 0
    unknown_fields: int = 0
    scaled_splits: int = 0
    heartbeats: int = 0
    forwarded: int = 0
    oldest: int = 0
    named_ids: int = 0
    unlisted: int = 0

    def with_others(self, others: SourceCounts) -> SourceCounts:
        """What two partitions saw."""
        added = [getattr(self, name) + getattr(others, name) for name in SourceCounts.__struct_fields__]
        both = SourceCounts(*added)
        both.newest = max(self.newest, others.newest)
        both.oldest = min(self.oldest or others.oldest, others.oldest or self.oldest)
        return both


QuarantineCounts = dict[str, dict[str, int]]
"""Source ("" where it cannot be read) → reason (a field of the contract, or `event`) → records set aside."""


class WorkerRow(msgspec.Struct, array_like=True):
    """Who owns a partition.  url: where it answers, without a slash at the end."""

    url: str


def position_key(topic: str) -> bytes:
    """Key of the row that holds the next log position of an input, as msgpack integer."""
    return _json(("=position", topic))


def topic_key(topic: str) -> bytes:
    """Key of the TopicCounts row of an input."""
    return _json(("=topic", topic))


def source_key(source: str) -> bytes:
    """Key of the SourceCounts row of a source."""
    return _json(("=source", source))


def named_key(source: str, raw: str) -> bytes:
    """Key of the row that is there because an event of a source names an id; its value is 1."""
    return _json(("=named", source, raw))


def named_of(key: bytes) -> tuple[str, str] | None:
    """The inverse of `named_key`; None for any other row."""
    if not key.startswith(b'["=named"'):
        return None
    _, source, raw = _names(key)
    return source, raw


def fingerprint_key() -> bytes:
    """Key of the row that names the definitions and core version of this state, as msgpack string."""
    return _json(("=fingerprint",))


def quarantined_key() -> bytes:
    """Key of the row of QuarantineCounts."""
    return _json(("=quarantined",))


def worker_key() -> bytes:
    """Key of the row that says who owns the partition, as WorkerRow; an owner who does not listen removes it."""
    return _json(("=worker",))


def name_of(key: bytes) -> tuple[str, str]:
    """(row kind without "=", topic or source) of a row that is not a tally."""
    parts = _names(key)
    return parts[0][1:], parts[1] if len(parts) > 1 else ""


def encode_row(value: int | str | TopicCounts | SourceCounts | WorkerRow | QuarantineCounts) -> bytes:
    """The value of a row that is not a tally."""
    return _pack(value)


def decode_position(value: bytes) -> int:
    """The value of a position row."""
    return msgspec.msgpack.decode(value, type=int)


def decode_fingerprint(value: bytes) -> str:
    """The value of the fingerprint row."""
    return msgspec.msgpack.decode(value, type=str)


def decode_topic(value: bytes) -> TopicCounts:
    """The value of a topic row."""
    return msgspec.msgpack.decode(value, type=TopicCounts)


def decode_source(value: bytes) -> SourceCounts:
    """The value of a source row."""
    return msgspec.msgpack.decode(value, type=SourceCounts)


def decode_quarantined(value: bytes) -> QuarantineCounts:
    """The value of the row of what was set aside."""
    return msgspec.msgpack.decode(value, type=QuarantineCounts)


def decode_worker(value: bytes) -> WorkerRow:
    """The value of a worker row."""
    return msgspec.msgpack.decode(value, type=WorkerRow)
