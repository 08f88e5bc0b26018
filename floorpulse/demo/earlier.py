"""What the inputs held first: whether somebody has played, or sent, something into them before."""

from __future__ import annotations

from typing import Final, NamedTuple

from aiokafka import AIOKafkaConsumer, TopicPartition

from kpi_state.published import INPUTS
from streams import topics
from streams.settings import StreamSettings

FETCH_MS: Final = 1_000


class Record(NamedTuple):
    """A record of an input, `topic` without prefix."""

    topic: str
    key: bytes | None
    value: bytes | None
    timestamp_ms: int


async def first_records(settings: StreamSettings) -> set[Record]:
    """The oldest record of each partition of the inputs; none when all of them are empty.

    Raises StreamError when brokers do not answer.
    """
    return await topics.patiently(settings, lambda: _first_records(settings))


async def _first_records(settings: StreamSettings) -> set[Record]:
    consumer = AIOKafkaConsumer(bootstrap_servers=settings.servers, enable_auto_commit=False)
    try:
        await consumer.start()
        named = {
            TopicPartition(settings.topic(name), partition): name
            for name in INPUTS
            for partition in range(settings.partitions)
        }
        begin, end = await consumer.beginning_offsets(named), await consumer.end_offsets(named)
        waiting = {where for where in named if end[where] > begin[where]}
        found = set()
        while waiting:  # one at a time, so that of each partition little more than its first record is fetched
            where = waiting.pop()
            consumer.assign([where])
            consumer.seek(where, begin[where])
            fetched = await consumer.getmany(where, timeout_ms=FETCH_MS, max_records=1)
            if not fetched:
                waiting.add(where)
                continue
            (record,) = fetched[where]
            found.add(Record(named[where], record.key, record.value, record.timestamp))
        return found
    finally:
        await consumer.stop()
