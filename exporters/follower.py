"""Follow the published state in Kafka: the changelogs of `tally` and `roster`, from their beginning, what is committed.

No group and no offsets are kept, so any number of exporters can run and any can restart. A broker that goes away delays
what is shown and nothing else: the follower says so, goes on serving what it has, and resumes where it was.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Final, Generic, Protocol, TypeVar

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError, OffsetOutOfRangeError

from exporters.beside import beside
from exporters.brokers import ANSWER_SECONDS, answer, close

CHUNK_RECORDS: Final = 500
"""Records applied before others get the event loop: a millisecond or two."""
FETCH_WAIT_MS: Final = 50
POLL_MS: Final = 200
CHECK_SECONDS: Final = 1.0
RETRY_SECONDS: Final = 1.0
STALE_SECONDS: Final = 15.0
SUSPICIONS: Final = 3
"""A log that is missing or shorter so many times running was made anew; once may be a change of leaders."""

log = structlog.get_logger()


class Published(Protocol):
    """What the records are applied to: `exporters.mirror.Mirror`."""

    def tally(self, partition: int, key: bytes, value: bytes | None) -> None:
        """One record of the changelog of the tally table."""
        ...

    def roster(self, partition: int, key: bytes, value: bytes | None) -> None:
        """One record of the changelog of the roster table."""
        ...


State = TypeVar("State", bound=Published)


class Record(Protocol):
    """One record of a changelog: aiokafka's `ConsumerRecord`."""

    offset: int
    key: bytes
    value: bytes | None


class LogMadeAnewError(Exception):
    """The changelogs are not those followed so far: what is known of them must be forgotten."""


class Follower(Generic[State]):
    """Keeps `state` equal to what the workers published.

    `tally` and `roster` are the names of the changelog topics; `fresh` makes an empty state. Hold `lock` while reading
    `state` off the event loop, so that no record is applied meanwhile.
    """

    def __init__(
        self,
        bootstrap_servers: str,
        tally: str,
        roster: str,
        fresh: Callable[[], State],
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._bootstrap_servers = bootstrap_servers
        self._tally, self._roster, self._fresh, self._monotonic = tally, roster, fresh, monotonic
        self.state: State = fresh()
        self.lock = asyncio.Lock()
        self.moved = asyncio.Event()
        """Set when there is something new in `state`; whoever waits for it clears it."""
        self.prepare: Callable[[State], bool] = lambda _state: False
        """Does a part of what has to be done before all that was published can be looked at quickly, in a thread of its
        own; whether there is more.
        """
        self.caught_up = False
        self.records_followed = 0
        self.records_behind = 0
        self.doing = f"waiting for Kafka at {bootstrap_servers}"
        self._complete_at = monotonic()
        self._positions: dict[TopicPartition, int] = {}
        self._ends: dict[TopicPartition, int] = {}
        self._suspicions = 0

    def positions(self) -> dict[str, int]:
        """Topic and partition, `TOPIC-N` → the offset after its last record in `state`."""
        return {f"{tp.topic}-{tp.partition}": position for tp, position in self._positions.items()}

    def tally_positions(self) -> dict[int, int]:
        """Partition → the offset after its last record of the tally's changelog in `state`."""
        return {tp.partition: position for tp, position in self._positions.items() if tp.topic == self._tally}

    def age_seconds(self) -> float:
        """How long ago `state` is known to have been complete."""
        return self._monotonic() - self._complete_at

    def not_ready(self) -> str:
        """Why `state` is no picture of now, in one line; empty when it is."""
        if not self.caught_up:
            return self.doing
        if (age := self.age_seconds()) > STALE_SECONDS:
            return f"stale for {age:.0f} s: {self.doing}"
        return ""

    async def run(self) -> None:
        """Follow until cancelled. Raises what applying a record raises: such a state can be no source of numbers."""
        while True:
            try:
                await self._follow()
            except (LogMadeAnewError, OffsetOutOfRangeError) as error:
                log.warning("changelogs_made_anew", seen=repr(error), action="following them from their beginning")
                self._forget()
            except (TimeoutError, KafkaError, OSError):
                self._do(f"waiting for Kafka at {self._bootstrap_servers}, which does not answer")
            await asyncio.sleep(RETRY_SECONDS)

    def _forget(self) -> None:
        self.state, self.caught_up, self.records_followed, self._suspicions = self._fresh(), False, 0, 0
        self._positions.clear()
        self._ends.clear()

    def _do(self, doing: str) -> None:
        """Remember what is being done, and log it when it is news."""
        if doing != self.doing:
            self.doing = doing
            log.info("exporter_follows", doing=doing)

    async def _follow(self) -> None:
        """One connection, until it fails or the topics have other partitions."""
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self._bootstrap_servers,
            isolation_level="read_committed",
            enable_auto_commit=False,
            auto_offset_reset="none",  # an offset out of range means another log, not another place in this one
            fetch_max_wait_ms=FETCH_WAIT_MS,
        )
        try:
            await answer(consumer.start())
            assigned = await self._assign(consumer)
            measured, ends = await self._measure(consumer, assigned)
            self._do("reading the published state from its beginning" if not self.caught_up else "following")
            while True:
                if polled := await consumer.getmany(timeout_ms=POLL_MS):
                    await self._apply(polled)
                self.records_behind = sum([max(0, end - await consumer.position(tp)) for tp, end in ends.items()])
                if not self.records_behind:
                    await self._complete(measured, len(assigned))
                if self._monotonic() - measured >= CHECK_SECONDS:
                    measured, ends = await self._measure(consumer, assigned)
                    if set(assigned) != self._partitions(consumer):
                        return
        finally:
            await close(consumer)

    async def _assign(self, consumer: AIOKafkaConsumer) -> list[TopicPartition]:
        """All partitions of both changelogs, each at the place this process knows, else at its beginning."""
        while missing := {self._tally, self._roster} - await answer(consumer.topics()):
            names = " and ".join(sorted(missing))
            self._suspect(f"{names} is gone" if self._positions else "")
            self._do(f"waiting for {names}: run `floorpulse topics`, or start a worker of the same app_id")
            await asyncio.sleep(CHECK_SECONDS)
        consumer.assign([TopicPartition(topic, 0) for topic in (self._tally, self._roster)])  # asks for their metadata
        until = self._monotonic() + ANSWER_SECONDS
        while {tp.topic for tp in self._partitions(consumer)} != {self._tally, self._roster}:
            if self._monotonic() > until:
                raise TimeoutError
            await asyncio.sleep(POLL_MS / 1000)
        assigned = sorted(self._partitions(consumer))
        consumer.assign(assigned)
        for tp, begin in (await answer(consumer.beginning_offsets(assigned))).items():
            consumer.seek(tp, self._positions.get(tp, begin))
        return assigned

    def _partitions(self, consumer: AIOKafkaConsumer) -> set[TopicPartition]:
        """What the metadata says now; empty while it says nothing."""
        topics = (self._tally, self._roster)
        return {TopicPartition(topic, n) for topic in topics for n in consumer.partitions_for_topic(topic) or ()}

    async def _measure(
        self, consumer: AIOKafkaConsumer, assigned: list[TopicPartition]
    ) -> tuple[float, dict[TopicPartition, int]]:
        """Where the committed records end, and when that was asked."""
        asked = self._monotonic()
        ends = await answer(consumer.end_offsets(assigned))
        # Compared with what it was, not with our position: the embedded broker says where the last batch begins.
        shorter = [f"{tp.topic}-{tp.partition}" for tp, end in ends.items() if end < self._ends.get(tp, 0)]
        self._suspect(f"{', '.join(shorter)} became shorter" if shorter else "")
        self._ends |= {tp: max(end, self._ends.get(tp, 0)) for tp, end in ends.items()}
        return asked, ends

    def _suspect(self, sign: str) -> None:
        """Count the signs, or their absence, of a log that was made anew; raises LogMadeAnewError."""
        self._suspicions = self._suspicions + 1 if sign else 0
        if self._suspicions >= SUSPICIONS:
            raise LogMadeAnewError(sign)

    async def _apply(self, polled: Mapping[TopicPartition, Sequence[Record]]) -> None:
        """Apply a poll in chunks, between which the event loop does other things.

        The lock is kept for the whole poll: nobody reads half of a transaction, unless it is larger than a fetch.
        """
        async with self.lock:
            for tp, records in polled.items():
                apply = self.state.tally if tp.topic == self._tally else self.state.roster
                for begin in range(0, len(records), CHUNK_RECORDS):
                    for record in records[begin : begin + CHUNK_RECORDS]:
                        apply(tp.partition, record.key, record.value)
                    await asyncio.sleep(0)
                self._positions[tp] = records[-1].offset + 1
                self.records_followed += len(records)
        self.moved.set()

    async def _complete(self, at: float, partitions: int) -> None:
        """Everything committed at `at` is in the state."""
        self._complete_at = at
        if not self.caught_up:
            self._do("counting what was published")
            more = True
            while more:
                async with self.lock:
                    more = await beside(self.prepare, self.state)
            self.caught_up = True
            log.info("exporter_caught_up", rows=self.records_followed, partitions=partitions)
        self._do("following")
