"""Rows of the tables, by partition, and how a commit writes the changed ones with aiokafka's batch builder."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from itertools import chain
from typing import Any, Final

from aiokafka import AIOKafkaProducer

from kpi_state.apply import State
from kpi_state.published import TABLES
from streams.batches import FollowedTable, Row, fill
from streams.errors import StreamError
from streams.outbox import Outgoing

BATCH_BYTES: Final = 1_000_000
"""A record batch is closed at this size, below the limit that brokers have by default."""
MAX_RECORD_BYTES: Final = 4 << 20
"""The largest row; the topics that `floorpulse topics` creates take it."""


class RowsTable(FollowedTable):
    """One of `ledger`, `tally` and `roster`.

    rows: partition → key → value, encoded.  followed: partition → changelog offset that the rows have not seen yet.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows: dict[int, dict[bytes, bytes]] = {}
        self.followed: dict[int, int] = {}

    def keep(self, partitions: Iterable[int]) -> None:
        """Have rows for exactly these partitions; what is known of kept ones stays."""
        kept = set(partitions)
        for gone in set(self.rows) - kept:
            del self.rows[gone], self.followed[gone]
        for partition in kept:
            self.rows.setdefault(partition, {})
            self.followed.setdefault(partition, 0)

    def follow(self, partition: int, records: Iterable[Any], position: int) -> None:
        """Take in records of the changelog up to this log position; a record without value deletes its row."""
        rows = self.rows[partition]
        for record in records:
            if record.value is None:
                rows.pop(record.key, None)
            else:
                rows[record.key] = record.value
        self.followed[partition] = position


def state_of(tables: Any, partition: int) -> State:
    """The rows of one partition, as the core knows them."""
    return State(*[tables[name].rows[partition] for name in TABLES])


def check_size(topic: str, record: Outgoing) -> None:
    """Raise StreamError for a record that no broker of ours takes. Names its kind and size, not its key."""
    size = record.size()
    if size > MAX_RECORD_BYTES:
        kind = (record.key or b"").partition(b"/")[0].decode(errors="replace")[:40]
        raise StreamError(
            f"a row of {topic} ({kind}) has {size} bytes, more than the {MAX_RECORD_BYTES} that can be written: "
            "one entity has gathered too much; find it with `floorpulse explain`, or report it with its kind"
        )


class Writer:
    """Writes records of one commit; `delivered` waits until the brokers have them all.

    Values of None are tombstones. Each record batch stays below BATCH_BYTES unless a single record is larger.
    """

    def __init__(self, producer: AIOKafkaProducer) -> None:
        self._producer, self._now_ms = producer, int(time.time() * 1000)
        self._sent: list[tuple[str, asyncio.Future[Any], int]] = []

    async def write(self, topic: str, partition: int, records: Iterable[Outgoing]) -> None:
        """Hand records of one partition to the producer, in order."""
        batch = self._producer.create_batch()
        for record in records:
            check_size(topic, record)
            if not self._append(batch, record):
                await self._send(batch, topic, partition)
                batch = self._producer.create_batch()
                if not self._append(batch, record):
                    raise StreamError(f"a record of {record.size()} bytes does not fit an empty batch for {topic}")
        if batch.record_count():
            await self._send(batch, topic, partition)

    async def write_rows(self, topic: str, partition: int, rows: Iterable[Row]) -> None:
        """The same for keys and values alone, which are nearly all that is written: without a Python call for each."""
        rest = iter(rows)
        first = next(rest, None)
        while first is not None:
            batch = self._producer.create_batch()
            left_over = fill(batch, chain((first,), rest), self._now_ms)
            if batch.size() > MAX_RECORD_BYTES:  # then it is a batch of one
                check_size(topic, Outgoing(*first))
            await self._send(batch, topic, partition)
            first = left_over

    def _append(self, batch: Any, record: Outgoing) -> bool:
        key, value, headers, timestamp_ms = record
        timestamp = self._now_ms if timestamp_ms is None else timestamp_ms
        return batch.append(key=key, value=value, timestamp=timestamp, headers=list(headers)) is not None

    async def _send(self, batch: Any, topic: str, partition: int) -> None:
        count = batch.record_count()
        self._sent.append((topic, await self._producer.send_batch(batch, topic, partition=partition), count))

    async def delivered(self) -> dict[str, int]:
        """Wait for the brokers; topic → log position after the last batch written there. Raises what a write raised."""
        results = await asyncio.gather(*[future for _, future, _ in self._sent])
        sent = zip(self._sent, results, strict=True)
        after = {topic: metadata.offset + count for (topic, _, count), metadata in sent if metadata.offset >= 0}
        self._sent.clear()
        return after
