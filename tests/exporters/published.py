"""Changelogs on a broker, and a worker that publishes to them what a test says."""

import uuid
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

Row = tuple[str, int, bytes, bytes | None]
"""(table, partition, key, value)."""


class Changelogs:
    """The changelogs of a new app."""

    def __init__(self, bootstrap: str, *, transactions: bool = True) -> None:
        self.bootstrap, self.transactions = bootstrap, transactions
        self.app_id = f"exporter-{uuid.uuid4().hex[:12]}"

    def topic(self, table: str) -> str:
        return f"{self.app_id}-{table}-changelog"

    async def create(self, **partitions: int) -> None:
        """Make the changelogs of tables, each with so many partitions."""
        async with self._admin() as admin:
            compacted = {"cleanup.policy": "compact"}
            topics = [NewTopic(self.topic(table), n, 1, topic_configs=compacted) for table, n in partitions.items()]
            answer = await admin.create_topics(topics)
            assert not any(error[1] for error in answer.topic_errors), answer

    async def delete(self, table: str) -> None:
        async with self._admin() as admin:
            await admin.delete_topics([self.topic(table)])

    @asynccontextmanager
    async def _admin(self) -> AsyncIterator[AIOKafkaAdminClient]:
        admin = AIOKafkaAdminClient(bootstrap_servers=self.bootstrap)
        await admin.start()
        try:
            yield admin
        finally:
            await admin.close()

    @asynccontextmanager
    async def worker(self) -> AsyncIterator["Worker"]:
        transactional = f"{self.app_id}-0" if self.transactions else None
        producer = AIOKafkaProducer(bootstrap_servers=self.bootstrap, transactional_id=transactional)
        await producer.start()
        try:
            yield Worker(self, producer)
        finally:
            await producer.stop()

    async def publish(self, rows: Iterable[Row]) -> None:
        """Publish rows in one transaction."""
        async with self.worker() as worker:
            await worker.publish(rows)


class Worker:
    """Writes rows, in transactions where the broker has them."""

    def __init__(self, changelogs: Changelogs, producer: AIOKafkaProducer) -> None:
        self._changelogs, self.producer = changelogs, producer

    async def write(self, rows: Iterable[Row]) -> None:
        """Write without committing."""
        for table, partition, key, value in rows:
            await self.producer.send(self._changelogs.topic(table), value, key, partition=partition)
        await self.producer.flush()

    async def publish(self, rows: Iterable[Row]) -> None:
        if not self._changelogs.transactions:
            await self.write(rows)
            return
        async with self.producer.transaction():
            await self.write(rows)
