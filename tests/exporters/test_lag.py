import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaConnectionError

from exporters import lag
from exporters.lag import Ends


@asynccontextmanager
async def running(ends: Ends) -> AsyncIterator[Ends]:
    task = asyncio.create_task(ends.run())
    try:
        yield ends
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not true():
            await asyncio.sleep(0.05)


def test_what_is_behind_is_the_end_less_the_position_and_never_less_than_nothing() -> None:
    ends = Ends("nowhere:1", {})
    ends._ends = {("crm.events", 0): 10, ("crm.events", 1): 4, ("hr.events", 0): 3}

    assert ends.behind({("crm.events", 0): 7, ("crm.events", 1): 5, ("gone", 3): 5}) == {
        ("crm.events", 0): 3,
        ("crm.events", 1): 0,
        ("hr.events", 0): 3,
    }


async def test_without_a_broker_it_goes_on_asking_and_keeps_what_it_knew(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = 0

    async def asking(_self: Ends) -> None:
        nonlocal asked
        asked += 1
        raise TimeoutError

    monkeypatch.setattr(lag, "ASK_SECONDS", 0.0)
    monkeypatch.setattr(Ends, "_asking", asking)
    async with running(Ends("nowhere:1", {"crm.events": "crm.events"})) as ends:
        ends._ends = {("crm.events", 0): 5}
        await until(lambda: asked >= 3)

        assert ends.behind({}) == {("crm.events", 0): 5}


async def test_a_connection_that_ends_badly_does_not_end_the_asking(monkeypatch: pytest.MonkeyPatch) -> None:
    made = 0

    class Away:
        """aiokafka's consumer while its broker is away: its end is told as if somebody had cancelled us."""

        def __init__(self, **_settings: object) -> None:
            nonlocal made
            made += 1
            self._client = self

        async def start(self) -> None:
            raise KafkaConnectionError

        async def stop(self) -> None:
            raise asyncio.CancelledError

        async def close(self) -> None: ...

    monkeypatch.setattr(lag, "ASK_SECONDS", 0.0)
    monkeypatch.setattr(lag, "AIOKafkaConsumer", Away)
    async with running(Ends("nowhere:1", {"crm.events": "crm.events"})):
        await until(lambda: made >= 3)


async def test_it_asks_for_ends_and_for_no_records() -> None:
    class Consumer:
        """A cluster of one topic of two partitions, and what is fetched of it."""

        def __init__(self) -> None:
            self.fetched: set[TopicPartition] = set()

        async def topics(self) -> set[str]:
            return {"x.crm", "others"}

        def assign(self, partitions: list[TopicPartition]) -> None:
            self.fetched = {*partitions}

        def pause(self, *partitions: TopicPartition) -> None:
            self.fetched -= {*partitions}

        def partitions_for_topic(self, _topic: str) -> set[int]:
            return {0, 1}

        async def end_offsets(self, partitions: list[TopicPartition]) -> dict[TopicPartition, int]:
            return {tp: 10 + tp.partition for tp in partitions}

    consumer: Any = Consumer()
    ends = Ends("nowhere:1", {"x.crm": "crm.events", "x.hr": "hr.events"})

    await ends._ask(consumer)

    assert ends.behind({("crm.events", 1): 4}) == {("crm.events", 0): 10, ("crm.events", 1): 7}
    assert consumer.fetched == set()


@pytest.mark.kafka
async def test_the_brokers_say_where_inputs_end(kafka: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lag, "ASK_SECONDS", 0.2)
    name = f"t{uuid.uuid4().hex[:12]}"
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    try:
        async with running(Ends(kafka, {f"{name}.crm": "crm.events", f"{name}.hr": "hr.events"})) as ends:
            await admin.create_topics([NewTopic(f"{name}.crm", 2, 1)])
            await until(lambda: ends.behind({}) == {("crm.events", 0): 0, ("crm.events", 1): 0})

            async with AIOKafkaProducer(bootstrap_servers=kafka) as producer:
                for _ in range(3):
                    await producer.send_and_wait(f"{name}.crm", b"x", partition=1)
            await until(lambda: ends.behind({("crm.events", 1): 1})["crm.events", 1] == 2)
    finally:
        await admin.close()
