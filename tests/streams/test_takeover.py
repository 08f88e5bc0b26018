from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer, TopicPartition

from kpi_state.published import TopicCounts, decode_topic, decode_worker, topic_key, worker_key
from streams import shard as shards
from streams.app import StreamApp, create_app
from streams.errors import StreamError
from streams.snapshot import states
from streams.takeover import committed
from tests.streams.fakes import message, settle
from tests.streams.floor import Floor, floor
from tests.streams.records import Record, event

A, B = TopicPartition("t", 0), TopicPartition("t", 1)


class Consumer:
    """Polls in a given order; a poll moves positions, which may lie beyond its records."""

    def __init__(self, ends: dict[TopicPartition, int], *polls: dict[TopicPartition, tuple[int, list[Record]]]) -> None:
        self.ends, self.polls, self.positions = ends, list(polls), dict[TopicPartition, int]()
        self.paused: set[TopicPartition] = set()

    def assign(self, tps: list[TopicPartition]) -> None:
        self.positions = dict.fromkeys(tps, 0)

    async def end_offsets(self, tps: list[TopicPartition]) -> dict[TopicPartition, int]:
        return {tp: self.ends[tp] for tp in tps}

    def seek(self, tp: TopicPartition, offset: int) -> None:
        self.positions[tp] = offset

    def pause(self, *tps: TopicPartition) -> None:
        self.paused |= set(tps)

    async def position(self, tp: TopicPartition) -> int:
        return self.positions[tp]

    async def getmany(self, timeout_ms: int) -> dict[TopicPartition, list[Record]]:
        found = self.polls.pop(0)
        for tp, (position, _) in found.items():
            assert tp not in self.paused
            self.positions[tp] = position
        return {tp: records for tp, (_, records) in found.items() if records}


async def read(consumer: Consumer, starts: dict[TopicPartition, int]) -> list[tuple[TopicPartition, int, int]]:
    some: Any = consumer
    return [
        (tp, len(records), position) async for tp, records, position in committed(some, starts) if records or position
    ]


async def test_a_changelog_is_followed_to_its_end_past_markers_that_no_record_has() -> None:
    consumer = Consumer({A: 7}, {A: (3, [Record(), Record()])}, {A: (7, [])})

    assert await read(consumer, {A: 1}) == [(A, 2, 3), (A, 0, 7)]
    assert A in consumer.paused


async def test_what_is_known_to_its_end_is_not_read_again() -> None:
    consumer = Consumer({A: 5, B: 0})

    assert await read(consumer, {A: 5, B: 0}) == []
    assert consumer.paused == {A, B}


async def test_each_changelog_ends_for_itself() -> None:
    consumer = Consumer({A: 1, B: 2}, {A: (1, [Record()]), B: (1, [Record()])}, {B: (2, [Record()])})

    found = await read(consumer, {A: 0, B: 0})

    assert {tp: sum(count for other, count, _ in found if other == tp) for tp in (A, B)} == {A: 1, B: 2}
    assert consumer.polls == []


async def test_nothing_owned_is_nothing_read() -> None:
    assert await read(Consumer({}), {}) == []


@pytest.mark.parametrize("start", [0, 4])
async def test_following_begins_where_it_is_told(start: int) -> None:
    consumer = Consumer({A: 5}, {A: (5, [Record()])})

    await read(consumer, {A: start})

    assert consumer.positions[A] == 5


# On Apache Kafka: two apps take partitions over from each other, without a group.


@pytest.fixture
async def stream(kafka: str, tmp_path: Path) -> AsyncIterator[Floor]:
    async with floor(kafka, tmp_path, partitions=2) as made:
        yield made


class Owner:
    """An app that takes partitions over when it is told to."""

    def __init__(self, stream: Floor, folder: Path) -> None:
        self.app: StreamApp = create_app(replace(stream.settings, url=f"http://{folder.name}:1"), folder)
        self._topic = stream.settings.topic("crm.events")

    async def take_over(self, *partitions: int) -> None:
        await self.app.fenced._take_over(set(partitions))

    async def apply(self, partition: int, start: int, *values: bytes) -> bool:
        """Apply records from this position on; whether they were acknowledged."""
        records = [(start + n, value) for n, value in enumerate(values)]
        sent = message(start, start + len(values), *records, topic=self._topic)
        shard = self.app.fenced.shards[partition]
        await shard.put(sent)
        while not shard.idle:
            await settle()
        return sent.acked

    def counts(self, partition: int) -> TopicCounts:
        row = self.app.fenced.rows("tally").rows[partition].get(topic_key("crm.events"))
        return TopicCounts() if row is None else decode_topic(row)

    async def stop(self) -> None:
        if (watchdog := self.app.fenced._watchdog) is not None:
            watchdog.cancel()
        await self.app.fenced._stop_shards()


@pytest.fixture
async def owners(stream: Floor, tmp_path: Path) -> AsyncIterator[tuple[Owner, Owner]]:
    one, two = Owner(stream, tmp_path / "one"), Owner(stream, tmp_path / "two")
    yield one, two
    await one.stop()
    await two.stop()


JUNK = b"junk"
"""Counts on any partition, where an event would be forwarded home."""


@pytest.mark.kafka
async def test_memory_of_a_kept_partition_is_brought_to_what_another_owner_committed_meanwhile(
    owners: tuple[Owner, Owner],
) -> None:
    one, two = owners
    await one.take_over(0, 1)
    assert await one.apply(0, 0, JUNK)
    await two.take_over(0)
    assert await two.apply(0, 1, JUNK, JUNK)

    await one.take_over(0, 1)

    assert one.counts(0) == TopicCounts(read=3, quarantined=3)
    assert one.app.fenced.shards[0].positions["crm.events"] == 3
    assert await one.apply(0, 0, JUNK, JUNK, JUNK, JUNK)
    assert one.counts(0).read == 4


@pytest.mark.kafka
async def test_a_former_owner_can_no_longer_commit_and_the_next_takeover_fences_the_latter(
    owners: tuple[Owner, Owner], monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[str] = []
    monkeypatch.setattr(shards, "halt", lambda happening, _error, **_facts: ended.append(happening))
    one, two = owners
    await one.take_over(0)
    await two.take_over(0)

    assert await one.apply(0, 0, JUNK) is False
    assert ended == ["commit_failed"]
    assert await two.apply(0, 0, JUNK)

    await one.take_over(0)
    assert await two.apply(0, 1, JUNK) is False
    assert ended == ["commit_failed"] * 2
    assert await one.apply(0, 1, JUNK)
    assert one.counts(0).read == 2


@pytest.mark.kafka
async def test_an_open_transaction_of_a_former_owner_is_undone(owners: tuple[Owner, Owner], stream: Floor) -> None:
    changelog = stream.settings.changelog("tally")
    async with AIOKafkaProducer(
        bootstrap_servers=stream.settings.servers, transactional_id=stream.settings.transactional_id(0)
    ) as former:
        await former.begin_transaction()
        await former.send_and_wait(changelog, b"half", b"row", partition=0)

        await owners[0].take_over(0)

        assert b"half" not in owners[0].app.fenced.rows("tally").rows[0]


@pytest.mark.kafka
async def test_links_to_others_are_seen_with_the_commit_that_caused_them(
    owners: tuple[Owner, Owner], stream: Floor
) -> None:
    one, _ = owners
    lead = next(f"lead-{n}" for n in range(99) if stream.home(f"lead-{n}") == 0)
    contact = next(f"contact-{n}" for n in range(99) if stream.home(f"contact-{n}") == 1)
    await one.take_over(0, 1)

    assert await one.apply(0, 0, event(lead, contact_id=contact, status="qualified"))

    state = await stream.state()
    assert state.links == 1


@pytest.mark.kafka
async def test_a_topic_that_got_more_partitions_is_refused_at_the_next_takeover(
    owners: tuple[Owner, Owner], stream: Floor
) -> None:
    one, _ = owners
    await one.take_over(0)
    await stream.add_partitions("hr.events", 3)

    with pytest.raises(StreamError, match=r"has 3 partitions, the settings say 2: .* run `floorpulse rebuild`$"):
        await one.take_over(0)


@pytest.mark.kafka
async def test_everybody_who_follows_the_state_learns_who_owns_a_partition(
    owners: tuple[Owner, Owner], stream: Floor
) -> None:
    async def published() -> list[str]:
        return [decode_worker(state.tally[worker_key()]).url for state in await states(stream.settings, ["tally"])]

    one, two = owners
    await one.take_over(0, 1)
    assert await published() == ["http://one:1", "http://one:1"]

    await two.take_over(1)
    assert await published() == ["http://one:1", "http://two:1"]
    assert await two.apply(1, 0, JUNK)

    await one.take_over(0, 1)
    assert await published() == ["http://one:1", "http://one:1"]
    assert one.counts(1) == TopicCounts(read=1, quarantined=1)
