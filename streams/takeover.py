"""Taking partitions over: fence their former owners, then read what those committed, at every rebalance.

Fencing kept partitions too stops a former owner that slept and wakes up later, and makes a sleeper's own return
harmless. Following then brings the tables to the end of their changelogs, so stale memory cannot survive. Only then
does Faust go on.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING, Any, Final, cast

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from faust.tables.manager import TableManager
from faust.types import TP

from kpi_state.published import INPUTS, LINKS, TABLES
from streams.batches import FETCH_WAIT_MS
from streams.errors import StreamError, halt
from streams.garbage import set_aside
from streams.shard import Shard
from streams.tables import RowsTable, state_of
from streams.watchdog import Watchdog
from streams.work import check_fingerprint

if TYPE_CHECKING:
    from streams.app import StreamApp

FOLLOW_RECORDS: Final = 20_000
FOLLOW_BYTES: Final = 4 << 20

log = structlog.get_logger()


class FencedTables(TableManager):
    """The `TableManager` setting: the tables, and one shard for each partition this worker owns."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shards: dict[int, Shard] = {}
        self.opened = False
        """Whether every shard is at work; not while partitions change hands."""
        self.log_ends: Mapping[TP, int] = {}
        """Where inputs ended when the watchdog looked last."""
        self._watchdog: asyncio.Task[None] | None = None

    @property
    def owner(self) -> StreamApp:
        """The app these tables belong to."""
        return cast("StreamApp", self.app)

    def rows(self, name: str) -> RowsTable:
        """A table by its name."""
        return cast("RowsTable", self[name])

    def position(self, tp: Any) -> int | None:
        """The log position of an input before which everything is committed; None for what is not owned or no input."""
        shard = self.shards.get(tp.partition)
        return None if shard is None else shard.positions.get(self.owner.logical(tp.topic))

    def followed(self, tp: Any) -> int:
        """The changelog offset that the rows have not seen yet."""
        for table in self.values():
            if table.changelog_topic.get_topic_name() == tp.topic:
                return cast("RowsTable", table).followed.get(tp.partition, 0)
        return 0

    def behind(self, topic: str, partition: int) -> int | None:
        """Offsets of an input between what is applied and its end; None while that is not known."""
        tp = TP(self.owner.settings.topic(topic), partition)
        position, end = self.position(tp), self.log_ends.get(tp)
        return None if position is None or end is None else max(0, end - position)

    # -- called by Faust
    # -----------------------------------------------------------------------------------------------------

    def on_partitions_revoked(self, revoked: set[TP]) -> None:
        """Close every shard: what it has not begun belongs to whoever owns the partition next."""
        super().on_partitions_revoked(revoked)
        self.opened = False
        for shard in self.shards.values():
            shard.close()

    async def on_stop(self) -> None:
        """Stop the shards, each after the commit it is in."""
        await super().on_stop()
        if self._watchdog is not None:
            self._watchdog.cancel()
        self.opened = False
        await self._stop_shards()
        log.info("released", partitions=sorted(self.shards))

    async def on_rebalance(
        self, assigned: set[TP], revoked: set[TP], newly_assigned: set[TP], generation_id: int = 0
    ) -> None:
        """Take over what is owned now."""
        mine = {tp.partition for tp in self.app.assignor.assigned_actives() if tp.topic in self.changelog_topics}
        try:
            await self._take_over(mine)
        except Exception as error:  # noqa: BLE001  # whatever it is, the process ends here
            halt("takeover_failed", error, partitions=sorted(mine))
        await super().on_rebalance(assigned, revoked, newly_assigned, generation_id)

    # -- taking over -------------------------------------------------------------------------------------------------

    async def _stop_shards(self) -> None:
        await asyncio.gather(*[shard.stop() for shard in self.shards.values()])

    async def _take_over(self, mine: set[int]) -> None:
        began, reach = time.monotonic(), self.owner.settings.failpoints.reach
        await self._stop_shards()
        self.shards = {partition: Shard(self.owner, partition) for partition in sorted(mine)}
        await asyncio.gather(*[shard.fence() for shard in self.shards.values()])
        fenced = time.monotonic()
        reach("after_fence")
        count, firsts = await self._follow(mine)
        reach("after_follow")
        for partition, shard in self.shards.items():
            check_fingerprint(state_of(self, partition), self.owner.settings)
            shard.open({topic: firsts.get((topic, partition), 0) for topic in (*INPUTS, LINKS)})
        if not self.should_stop:
            await asyncio.gather(*[shard.announce() for shard in self.shards.values()])
        reach("after_announce")
        set_aside()
        if self._watchdog is None:
            self._watchdog = asyncio.create_task(Watchdog(self.owner).run())
        self.opened = not self.should_stop
        done = time.monotonic()
        meters = self.owner.meters
        meters.takeovers += 1
        meters.rows_followed += count
        meters.following_seconds += done - fenced
        seconds = {"fenced_in_seconds": round(fenced - began, 2), "followed_in_seconds": round(done - fenced, 2)}
        log.info("owns", partitions=sorted(mine), **seconds, rows_followed=count)

    async def _follow(self, mine: set[int]) -> tuple[int, dict[tuple[str, int], int]]:
        """Bring the tables to the end of their changelogs: (records, (topic, partition) → where that input begins)."""
        settings, starts, count = self.owner.settings, {}, 0
        tables = {settings.changelog(name): self.rows(name) for name in TABLES}
        for topic, table in tables.items():
            table.keep(mine)
            starts.update({TopicPartition(topic, partition): table.followed[partition] for partition in mine})
        consumer = AIOKafkaConsumer(
            bootstrap_servers=settings.servers,
            isolation_level="read_committed",
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            max_poll_records=FOLLOW_RECORDS,
            max_partition_fetch_bytes=FOLLOW_BYTES,
            fetch_max_wait_ms=FETCH_WAIT_MS,
        )
        async with consumer:
            async for tp, records, position in committed(consumer, starts):
                tables[tp.topic].follow(tp.partition, records, position)
                count += len(records)
                if self.should_stop:
                    break
            inputs = [
                TopicPartition(settings.topic(topic), partition) for topic in (*INPUTS, LINKS) for partition in mine
            ]
            firsts = await consumer.beginning_offsets(inputs) if inputs else {}
            self._check_partitions(consumer)
        return count, {(self.owner.logical(tp.topic), tp.partition): first for tp, first in firsts.items()}

    def _check_partitions(self, consumer: AIOKafkaConsumer) -> None:
        """A topic that has other partitions than at the start would send keys to other owners than their rows."""
        settings = self.owner.settings
        for topic in (*INPUTS, LINKS):
            found = consumer.partitions_for_topic(settings.topic(topic))
            if found and len(found) != settings.partitions:
                raise StreamError(
                    f"topic {settings.topic(topic)} has {len(found)} partitions, the settings say "
                    f"{settings.partitions}: changing them is a migration, run `floorpulse rebuild`"
                )


async def committed(
    consumer: AIOKafkaConsumer, starts: Mapping[TopicPartition, int]
) -> AsyncIterator[tuple[TopicPartition, list[Any], int]]:
    """Yield (partition, committed records, log position) from `starts` until what is committed now."""
    if not starts:
        return
    consumer.assign(list(starts))
    ends = await consumer.end_offsets(list(starts))
    for tp, offset in starts.items():
        consumer.seek(tp, offset)
    pending = {tp for tp, start in starts.items() if ends[tp] > start}
    consumer.pause(*(set(starts) - pending))
    while pending:
        batches = await consumer.getmany(timeout_ms=FETCH_WAIT_MS)
        for tp in list(pending):
            position = await consumer.position(tp)  # moves past commit markers, which no record has
            yield tp, batches.get(tp, []), position
            if position >= ends[tp]:
                pending.discard(tp)
                consumer.pause(tp)
