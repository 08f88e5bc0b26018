"""What was quarantined, read back: which records, why, and their original bytes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

from aiokafka import AIOKafkaConsumer, TopicPartition

from kpi_state.published import QUARANTINE
from streams import topics
from streams.outbox import Headers, Outgoing
from streams.quarantine import HEADER, Address, read_address
from streams.settings import StreamSettings
from streams.takeover import committed


class Place(NamedTuple):
    """One record of Kafka, written TOPIC/PARTITION/OFFSET."""

    topic: str
    partition: int
    offset: int

    def __str__(self) -> str:
        return f"{self.topic}/{self.partition}/{self.offset}"

    @classmethod
    def parse(cls, text: str) -> Place:
        """The inverse of `str`; raises ValueError."""
        topic, partition, offset = text.rsplit("/", 2)
        place = cls(topic, int(partition), int(offset))
        if str(place) != text or not topic or min(place[1:]) < 0:
            raise ValueError(text)
        return place


class Quarantined(NamedTuple):
    """A quarantined record: where it is, why, and what it was.  headers: without ours.  timestamp: milliseconds."""

    place: Place
    why: Address
    key: bytes | None
    value: bytes
    headers: Headers
    timestamp: int

    @property
    def original(self) -> Place:
        """Where it came from."""
        return Place(self.why.topic, self.why.partition, self.why.offset)

    def again(self) -> Outgoing:
        """The record as it is sent again: it arrives now."""
        return Outgoing(self.key, self.value, self.headers)


async def everything(settings: StreamSettings) -> AsyncIterator[Quarantined]:
    """Yield each quarantined record; one that was quarantined more than once comes once, as it was last.

    A state that is built anew quarantines again what the one before it did. Raises StreamError.
    """
    newest: dict[Place, Place] = {}
    async with _reader(settings) as consumer:
        async for found in _read(settings, consumer, range(settings.partitions)):
            newest[found.original] = found.place
        last = set(newest.values())
        async for found in _read(settings, consumer, range(settings.partitions)):
            if found.place in last:
                yield found


async def one(settings: StreamSettings, place: Place) -> Quarantined | None:
    """The quarantined record at a place, its own or that of the original; None if there is none there."""
    wanted = {place, place._replace(topic=settings.topic(place.topic))}
    result = None
    if place.partition < settings.partitions:
        async with _reader(settings) as consumer:
            async for found in _read(settings, consumer, [place.partition]):  # it went where it was found
                if found.place in wanted or found.original in wanted:
                    result = found
    return result


@asynccontextmanager
async def _reader(settings: StreamSettings) -> AsyncIterator[AIOKafkaConsumer]:
    """A consumer for the quarantine; raises StreamError when no broker answers or the topic is missing."""
    name = settings.topic(QUARANTINE)
    await topics.check(settings, [topic for topic in topics.plan(settings) if topic.name == name])
    consumer = AIOKafkaConsumer(
        bootstrap_servers=settings.servers,
        isolation_level="read_committed",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    async with consumer:
        yield consumer


async def _read(
    settings: StreamSettings, consumer: AIOKafkaConsumer, partitions: Iterable[int]
) -> AsyncIterator[Quarantined]:
    assigned = [TopicPartition(settings.topic(QUARANTINE), partition) for partition in partitions]
    async for _, records, _ in committed(consumer, await consumer.beginning_offsets(assigned)):
        for record in records:
            if any(name == HEADER for name, _ in record.headers):  # what else is there was not put there by a worker
                yield _quarantined(record)


def _quarantined(record: Any) -> Quarantined:
    return Quarantined(
        Place(record.topic, record.partition, record.offset),
        read_address(record.headers),
        record.key,
        record.value or b"",
        tuple((name, value) for name, value in record.headers if name != HEADER),
        record.timestamp,
    )
