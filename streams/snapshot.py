"""What an app has committed: its rows, read back once, and where logs begin and end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from kpi_state.apply import State
from kpi_state.buckets import Amounts, Cell
from kpi_state.naming import Naming
from kpi_state.published import (
    TABLES,
    SourceCounts,
    TopicCounts,
    decode_source,
    decode_tally,
    decode_topic,
    is_tally,
    name_of,
    named_of,
    topic_key,
)
from streams import topics
from streams.settings import StreamSettings
from streams.takeover import FOLLOW_BYTES, FOLLOW_RECORDS, committed


def reader(settings: StreamSettings) -> AIOKafkaConsumer:
    """A consumer of committed records without a group, to be started."""
    return AIOKafkaConsumer(
        bootstrap_servers=settings.servers,
        isolation_level="read_committed",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_poll_records=FOLLOW_RECORDS,
        max_partition_fetch_bytes=FOLLOW_BYTES,
    )


async def states(settings: StreamSettings, tables: Sequence[str] = TABLES) -> list[State]:
    """The committed rows of each partition; those of tables that were not asked for are empty.

    Raises StreamError when no broker answers or a changelog is missing.
    """
    table_of = {settings.changelog(name): name for name in tables}
    await topics.check(settings, [topic for topic in topics.plan(settings) if topic.name in table_of])
    found = [State() for _ in range(settings.partitions)]
    async with reader(settings) as consumer:
        wanted = [TopicPartition(topic, partition) for topic in table_of for partition in range(settings.partitions)]
        async for tp, records, _ in committed(consumer, await consumer.beginning_offsets(wanted)):
            rows: dict[bytes, bytes] = getattr(found[tp.partition], table_of[tp.topic])
            for record in records:
                if record.value is None:
                    rows.pop(record.key, None)
                else:
                    rows[record.key] = record.value
    return found


def added_up(tallies: Iterable[Mapping[bytes, bytes]]) -> dict[Cell, Amounts]:
    """The shares of all partitions together; what comes to zero is left out."""
    total: dict[Cell, Amounts] = {}
    for rows in tallies:
        for key, value in rows.items():
            if is_tally(key):
                for cell, amounts in decode_tally(key, value):
                    old = total.get(cell)
                    total[cell] = amounts if old is None else tuple(map(sum, zip(old, amounts, strict=True)))
    return {cell: amounts for cell, amounts in total.items() if any(amounts)}


def named(tallies: Iterable[Mapping[bytes, bytes]]) -> set[Naming]:
    """Which ids each source has named, all partitions together."""
    return {naming for rows in tallies for key in rows if (naming := named_of(key)) is not None}


def sources(tallies: Iterable[Mapping[bytes, bytes]]) -> dict[str, SourceCounts]:
    """What all partitions saw of each source."""
    total: dict[str, SourceCounts] = {}
    for rows in tallies:
        for key, row in rows.items():
            if key.startswith(b'["=source"'):
                name = name_of(key)[1]
                total[name] = total.get(name, SourceCounts()).with_others(decode_source(row))
    return dict(sorted(total.items()))


def counted(tallies: Iterable[Mapping[bytes, bytes]], topic: str) -> TopicCounts:
    """What all partitions did with the records of an input, `topic` without prefix."""
    total = TopicCounts()
    for rows in tallies:
        if (row := rows.get(topic_key(topic))) is not None:
            one: Any = decode_topic(row)
            total = TopicCounts(*(getattr(total, name) + getattr(one, name) for name in one.__struct_fields__))
    return total


async def log_ends(settings: StreamSettings, names: Iterable[str]) -> dict[TopicPartition, tuple[int, int]]:
    """Where the committed records of topics (without prefix) begin and end."""
    wanted = [TopicPartition(settings.topic(name), n) for name in names for n in range(settings.partitions)]
    async with reader(settings) as consumer:
        begins, ends = await consumer.beginning_offsets(wanted), await consumer.end_offsets(wanted)
    return {tp: (begins[tp], ends[tp]) for tp in wanted}
