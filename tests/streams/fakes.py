"""An app, a producer and messages without Kafka, for the tests of shards and their watchdog."""

import asyncio
from types import SimpleNamespace
from typing import Any

from aiokafka.producer.message_accumulator import BatchBuilder
from aiokafka.record.default_records import DefaultRecordBatch
from faust.types import TP

from kpi_state.published import TABLES, TopicCounts, decode_topic, topic_key
from streams.batches import Batch
from streams.meters import Meters
from streams.routing import homes
from streams.shard import Shard
from streams.tables import BATCH_BYTES
from streams.turns import Turns
from tests.streams.records import Record, settings

TOPIC = "crm.events"


class Producer:
    """Keeps what it is given, transaction by transaction, and says it was written, one after the other."""

    def __init__(self) -> None:
        self.batches: list[tuple[str, int, bytes, int]] = []
        self.ends: dict[tuple[str, int], int] = {}
        self.calls: list[str] = []

    def create_batch(self) -> Any:
        return BatchBuilder(BATCH_BYTES, 0)

    async def send_batch(self, batch: Any, topic: str, *, partition: int) -> asyncio.Future[Any]:
        self.calls.append(topic)
        count = batch.record_count()
        offset = self.ends.get((topic, partition), 100)
        self.ends[topic, partition] = offset + count
        self.batches.append((topic, partition, bytes(batch._build()), count))
        written: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        written.set_result(SimpleNamespace(offset=offset))
        return written

    async def begin_transaction(self) -> None:
        self.calls.append("begin")

    async def commit_transaction(self) -> None:
        self.calls.append("commit")

    async def stop(self) -> None:
        self.calls.append("stop")

    def records(self, topic: str) -> list[Any]:
        return [record for name, _, data, _ in self.batches if name == topic for record in DefaultRecordBatch(data)]


class Table(SimpleNamespace):
    """Rows and how far their changelog was followed."""

    rows: dict[int, dict[bytes, bytes]]
    followed: dict[int, int]


class Tables(dict[str, Table]):
    """What shards and the watchdog see of the tables."""

    def __init__(self) -> None:
        super().__init__({name: Table(rows={0: {}}, followed={0: 0}) for name in TABLES})
        self.shards: dict[int, Shard] = {}
        self.behinds: dict[str, int] = {}
        self.log_ends: dict[TP, int] = {}

    def rows(self, name: str) -> Table:
        return self[name]

    def behind(self, topic: str, _partition: int) -> int | None:
        return self.behinds.get(topic)

    def position(self, tp: TP) -> int | None:
        return self.shards[tp.partition].positions.get(tp.topic)


class App:
    """What shards and the watchdog see of the app."""

    def __init__(self, **changes: Any) -> None:
        self.settings = settings(partitions=1, **changes)
        self.home = homes(1)
        self.fenced = Tables()
        self.rebalancing = False
        self.ready = True
        self.meters = Meters()
        self.turns = Turns()
        self.rereads: list[tuple[str, int]] = []
        self.first = 0
        self.ends: dict[str, int] | Exception = {}
        self.reader = SimpleNamespace(reread=self._reread, log_ends=self._log_ends)
        self.consumer = SimpleNamespace(earliest_offsets=self._earliest_offsets)

    def logical(self, topic: str) -> str:
        return topic

    async def _reread(self, tp: TP, position: int) -> None:
        self.rereads.append((tp.topic, position))

    async def _earliest_offsets(self, tp: TP) -> dict[TP, int]:
        return {tp: self.first}

    async def _log_ends(self, tps: list[TP]) -> dict[TP, int]:
        if isinstance(self.ends, Exception):
            raise self.ends
        return {tp: self.ends.get(tp.topic, 0) for tp in tps}

    def shard(self, **firsts: int) -> tuple[Shard, Producer]:
        """An open shard of partition 0; `firsts` is where logs begin, 0 unless named."""
        app: Any = self
        shard, producer = Shard(app, 0), Producer()
        shard._producer = producer
        self.fenced.shards[0] = shard
        shard.open({TOPIC: 0, "hr.events": 0, **{name.replace("_", "."): first for name, first in firsts.items()}})
        return shard, producer

    def counts(self, topic: str = TOPIC) -> TopicCounts:
        """The counts of an input as the tally row says."""
        row = self.fenced["tally"].rows[0].get(topic_key(topic))
        return TopicCounts() if row is None else decode_topic(row)


class Message:
    """A batch in Faust's clothes."""

    def __init__(self, batch: Batch) -> None:
        self.value = batch
        self.acked = False

    def ack(self) -> None:
        self.acked = True


def message(start: int, end: int, *records: tuple[int, bytes], topic: str = TOPIC) -> Message:
    """A batch from `start` to `end` with records of these offsets and values."""
    found = [Record(value, topic=topic, offset=offset) for offset, value in records]
    return Message(Batch(topic, 0, found, start, end))


async def settle() -> None:
    """Let tasks that can go on do so."""
    for _ in range(50):
        await asyncio.sleep(0)
