"""Sends records to inputs and waits until brokers have them: in order, once each where brokers are able to."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from streams import topics
from streams.errors import StreamError
from streams.outbox import Outgoing
from streams.settings import StreamSettings

UNACKNOWLEDGED: Final = 5_000
"""Records that may wait for their acknowledgement before the next is sent."""
LINGER_MS: Final = 5
STOP_SECONDS: Final = 5.0


class Sender:
    """Sends through a started producer."""

    def __init__(self, producer: AIOKafkaProducer, settings: StreamSettings) -> None:
        self._producer, self._settings = producer, settings
        self._waiting: deque[tuple[str, asyncio.Future[Any]]] = deque()
        self._acknowledged: Counter[str] = Counter()

    @property
    def acknowledged(self) -> Counter[str]:
        """Topic without prefix → records that brokers have, up to the first they do not have."""
        while self._waiting and _has_it(self._waiting[0][1]):
            self._acknowledged[self._waiting.popleft()[0]] += 1
        return self._acknowledged

    async def send(self, topic: str, record: Outgoing, partition: int | None = None) -> None:
        """Send to an input, `topic` without prefix; without a partition the one that Java's default partitioner finds.

        Raises StreamError when brokers do not take this record or one before it.
        """
        while len(self._waiting) >= UNACKNOWLEDGED:
            await self._oldest()
        try:
            sent = await self._producer.send(
                self._settings.topic(topic),
                record.value,
                record.key,
                partition=partition,
                timestamp_ms=record.timestamp_ms,
                headers=list(record.headers),
            )
        except KafkaError as error:
            raise self._refused(topic, error) from None
        self._waiting.append((topic, sent))

    async def finish(self) -> None:
        """Wait until everything sent is acknowledged; raises StreamError when brokers do not take a record."""
        while self._waiting:
            await self._oldest()

    async def _oldest(self) -> None:
        topic, sent = self._waiting[0]
        try:
            await sent
        except KafkaError as error:
            raise self._refused(topic, error) from None
        self._waiting.popleft()
        self._acknowledged[topic] += 1

    def _refused(self, topic: str, error: KafkaError) -> StreamError:
        return StreamError(
            f"Kafka at {self._settings.bootstrap_servers} did not take an event for {self._settings.topic(topic)} "
            f"({type(error).__name__}): mend that and send everything again, an event that comes twice counts once"
        )


def _has_it(sent: asyncio.Future[Any]) -> bool:
    return sent.done() and not sent.cancelled() and sent.exception() is None


@asynccontextmanager
async def sending(settings: StreamSettings) -> AsyncIterator[Sender]:
    """A sender; raises StreamError when no broker answers or an input is missing."""
    await topics.check(settings, topics.inputs(settings))
    producer = await topics.patiently(settings, lambda: _started(settings))
    try:
        yield Sender(producer, settings)
    finally:
        with contextlib.suppress(TimeoutError, KafkaError):  # whoever had to know was told by the record it was about
            await asyncio.wait_for(producer.stop(), STOP_SECONDS)


async def _started(settings: StreamSettings) -> AIOKafkaProducer:
    """A producer, idempotent where brokers know that."""
    try:
        return await _producer(settings, enable_idempotence=True)
    except topics.NO_SUCH_THING:
        return await _producer(settings)


async def _producer(settings: StreamSettings, **options: Any) -> AIOKafkaProducer:
    producer = AIOKafkaProducer(bootstrap_servers=settings.servers, acks="all", linger_ms=LINGER_MS, **options)
    try:
        await producer.start()
    except BaseException:
        await producer.stop()
        raise
    return producer
