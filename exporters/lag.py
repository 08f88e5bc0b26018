"""How far the workers are behind: where the inputs end, asked of the brokers, against how far they are applied."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Final

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from exporters.brokers import answer, close

ASK_SECONDS: Final = 5.0


class Ends:
    """Where inputs end; `topics`: full name → name without prefix.

    What is known stays while brokers do not answer: that is the follower's to say.
    """

    def __init__(self, bootstrap_servers: str, topics: Mapping[str, str]) -> None:
        self._bootstrap_servers, self._topics = bootstrap_servers, topics
        self._ends: dict[tuple[str, int], int] = {}

    def behind(self, positions: Mapping[tuple[str, int], int]) -> dict[tuple[str, int], int]:
        """(input without prefix, partition) → offsets beyond its position, which counts as 0 where there is none.

        Offsets are not quite records: the mark behind each transaction has one too.
        """
        return {place: max(0, end - positions.get(place, 0)) for place, end in self._ends.items()}

    async def run(self) -> None:
        """Ask until cancelled."""
        while True:
            try:
                await self._asking()
            except (KafkaError, OSError, TimeoutError):
                await asyncio.sleep(ASK_SECONDS)

    async def _asking(self) -> None:
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self._bootstrap_servers, isolation_level="read_committed", enable_auto_commit=False
        )
        try:
            await answer(consumer.start())
            while True:
                await answer(self._ask(consumer))
                await asyncio.sleep(ASK_SECONDS)
        finally:
            await close(consumer)

    async def _ask(self, consumer: AIOKafkaConsumer) -> None:
        there = await consumer.topics()
        wanted = [topic for topic in self._topics if topic in there]
        assigned = [TopicPartition(topic, 0) for topic in wanted]
        consumer.assign(assigned)  # asks for their metadata
        consumer.pause(*assigned)  # and for no record
        found = [TopicPartition(topic, n) for topic in wanted for n in consumer.partitions_for_topic(topic) or ()]
        ends = await consumer.end_offsets(found) if found else {}
        self._ends = {(self._topics[tp.topic], tp.partition): end for tp, end in ends.items()}
